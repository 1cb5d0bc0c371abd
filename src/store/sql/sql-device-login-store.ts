import { sql, type Kysely } from 'kysely'

import type {
  DeviceBounds,
  DeviceKey,
  DeviceLogin,
  DeviceLoginStore,
  DeviceState,
} from '../../devices/device-login'
import { defineQuery } from './define-query'
import { deleteUntil } from './moved-tables'
import type { Schema } from './schema'
import type { SqlExecutor } from './sql-executor'

/** Those that wait for a person, or for who was allowed: they count for what may be open. */
const OPEN = ['new', 'open', 'linked'] as const satisfies readonly DeviceState[]

const COLUMNS = [
  'state',
  'sealed',
  'interval_ms as intervalMs',
  'next_poll_at as nextPollAtMs',
  'expires_at as expiresAtMs',
] as const

type Insert = DeviceKey & DeviceLogin & { readonly address: string; readonly nowMs: number }

/** In one statement, so that few slip through at the same time; no number of it is a promise to the last one. */
const insertWithin = defineQuery((db, params: Insert & DeviceBounds) => {
  const open = db
    .selectFrom('device_logins as others')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('others.app_id', '=', params.appId)
    .where('others.expires_at', '>', params.nowMs)
    .where('others.state', 'in', OPEN)
  const number = (value: number) => sql<number>`cast(${value} as bigint)`
  return db
    .insertInto('device_logins')
    .columns([
      'app_id',
      'handle_hash',
      'state',
      'sealed',
      'address',
      'interval_ms',
      'next_poll_at',
      'expires_at',
    ])
    .expression(
      db
        .selectNoFrom([
          sql<string>`${params.appId}`.as('app_id'),
          sql<string>`${params.handleHash}`.as('handle_hash'),
          sql<string>`${params.state}`.as('state'),
          sql<string>`${params.sealed}`.as('sealed'),
          sql<string>`${params.address}`.as('address'),
          number(params.intervalMs).as('interval_ms'),
          number(params.nextPollAtMs).as('next_poll_at'),
          number(params.expiresAtMs).as('expires_at'),
        ])
        .where(open, '<', number(params.perApp))
        .where(open.where('others.address', '=', params.address), '<', number(params.perAddress)),
    )
    .returning('handle_hash')
})

function ofKey(db: Kysely<Schema>, { appId, handleHash }: DeviceKey) {
  return db
    .updateTable('device_logins')
    .where('app_id', '=', appId)
    .where('handle_hash', '=', handleHash)
}

const findLogin = defineQuery((db, params: DeviceKey) =>
  db
    .selectFrom('device_logins')
    .select(COLUMNS)
    .where('app_id', '=', params.appId)
    .where('handle_hash', '=', params.handleHash),
)

const claimLogin = defineQuery(
  (db, params: DeviceKey & { state: string; nowMs: number; untilMs: number }) =>
    ofKey(db, params)
      .set({ next_poll_at: params.untilMs })
      .where('state', '=', params.state)
      .where('next_poll_at', '<=', params.nowMs)
      .where('expires_at', '>', params.nowMs)
      .returning(COLUMNS),
)

const settleLogin = defineQuery(
  (db, params: DeviceKey & DeviceLogin & { claimedUntilMs: number }) =>
    ofKey(db, params)
      .set({
        state: params.state,
        sealed: params.sealed,
        interval_ms: params.intervalMs,
        next_poll_at: params.nextPollAtMs,
        expires_at: params.expiresAtMs,
      })
      .where('next_poll_at', '=', params.claimedUntilMs)
      .where('state', 'in', OPEN)
      .returning('handle_hash'),
)

const deleteEnded = deleteUntil('device_logins', ['app_id', 'handle_hash'], 'expires_at')

/** All of an app that is deleted. */
export const deleteDeviceLogins = defineQuery((db, params: { id: string }) =>
  db.deleteFrom('device_logins').where('app_id', '=', params.id),
)

/** Logins of devices, in SQL. Handles are kept as hashes, and what Amazon gives is sealed before it comes here. */
export function sqlDeviceLoginStore(executor: SqlExecutor): DeviceLoginStore {
  return {
    async insert(key, login, { perApp, perAddress }, nowMs) {
      const bounds = { perApp: perApp || UNBOUNDED, perAddress: perAddress || UNBOUNDED }
      const [added] = await executor.write([insertWithin({ ...key, ...login, ...bounds, nowMs })])
      return added.length > 0
    },
    async find(key) {
      const [row] = await executor.read(findLogin(key))
      return row && toLogin(row)
    },
    async claim(key, state, nowMs, untilMs) {
      const [[row]] = await executor.write([claimLogin({ ...key, state, nowMs, untilMs })])
      return row && toLogin(row)
    },
    async settle(key, claimedUntilMs, login) {
      const [settled] = await executor.write([settleLogin({ ...key, ...login, claimedUntilMs })])
      return settled.length > 0
    },
    async deleteExpired(beforeMs, limit) {
      const [ended] = await executor.write([deleteEnded({ timeMs: beforeMs, limit })])
      return ended.length
    },
  }
}

const UNBOUNDED = Number.MAX_SAFE_INTEGER

function toLogin(row: Omit<DeviceLogin, 'state'> & { readonly state: string }): DeviceLogin {
  return { ...row, state: row.state as DeviceState }
}
