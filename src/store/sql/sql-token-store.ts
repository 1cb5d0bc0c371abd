import { sql, type Kysely } from 'kysely'

import type { TokenOwner, TokenRecord, TokenState, TokenStore } from '../../kept-tokens/token-store'
import type { KeptOfUser } from '../../users/kept-of-user'
import { defineQuery } from './define-query'
import type { Schema } from './schema'
import { whenViolated, type SqlExecutor } from './sql-executor'
import { tell } from './sql-outbox'

interface Owner {
  readonly appId: string
  readonly userId: string
}

interface Ref extends Owner {
  readonly version: string
}

interface Claimed extends Ref {
  readonly untilMs: number
}

interface Written extends Owner {
  readonly identifier: string
  readonly sealed: string
  readonly expiresAtMs: number
  readonly newVersion: string
  readonly nowMs: number
}

function ofOwner(db: Kysely<Schema>, { appId, userId }: Owner) {
  return db.updateTable('amazon_tokens').where('app_id', '=', appId).where('user_id', '=', userId)
}

const find = defineQuery((db, params: Owner) =>
  db
    .selectFrom('amazon_tokens')
    .innerJoin('users', (join) =>
      join
        .onRef('users.app_id', '=', 'amazon_tokens.app_id')
        .onRef('users.id', '=', 'amazon_tokens.user_id'),
    )
    .select([
      'amazon_tokens.app_id as appId',
      'amazon_tokens.user_id as userId',
      'users.identifier',
      'amazon_tokens.sealed',
      'amazon_tokens.state',
      'amazon_tokens.expires_at as expiresAtMs',
      'amazon_tokens.version',
      'amazon_tokens.updated_at as updatedAtMs',
    ])
    .where('amazon_tokens.app_id', '=', params.appId)
    .where('amazon_tokens.user_id', '=', params.userId),
)

/** The columns of tokens that have just come from Amazon. */
function fresh(params: Written) {
  return {
    sealed: params.sealed,
    state: 'kept',
    expires_at: params.expiresAtMs,
    version: params.newVersion,
    refreshing_until: 0,
    unsure: 0,
    updated_at: params.nowMs,
  }
}

const FRESH_COLUMNS = [
  'app_id',
  'user_id',
  'sealed',
  'state',
  'expires_at',
  'version',
  'refreshing_until',
  'unsure',
  'updated_at',
] as const

const upsert = defineQuery((db, params: Written) =>
  db
    .insertInto('amazon_tokens')
    .columns(FRESH_COLUMNS)
    // As a SELECT, so that they are written only for who still has the identifier that they were given for.
    .expression((select) =>
      select
        .selectFrom('users')
        .select([
          'users.app_id',
          'users.id',
          sql<string>`${params.sealed}`.as('sealed'),
          sql<string>`'kept'`.as('state'),
          sql<number>`${params.expiresAtMs}`.as('expires_at'),
          sql<string>`${params.newVersion}`.as('version'),
          sql<number>`0`.as('refreshing_until'),
          sql<number>`0`.as('unsure'),
          sql<number>`${params.nowMs}`.as('updated_at'),
        ])
        .where('users.app_id', '=', params.appId)
        .where('users.id', '=', params.userId)
        .where('users.identifier', '=', params.identifier),
    )
    .onConflict((conflict) => conflict.columns(['app_id', 'user_id']).doUpdateSet(fresh(params))),
)

/** Whose holder has not given it back, has sent a refresh whose answer it may not have seen. */
const claim = defineQuery((db, params: Claimed & { nowMs: number }) =>
  ofOwner(db, params)
    .set({
      refreshing_until: params.untilMs,
      unsure: sql<number>`case when refreshing_until > 0 then 1 else unsure end`,
    })
    .where('version', '=', params.version)
    .where('state', '=', 'kept')
    .where('refreshing_until', '<=', params.nowMs)
    .returning('unsure'),
)

const release = defineQuery((db, params: Claimed & { unsure: number }) =>
  ofOwner(db, params)
    .set({
      refreshing_until: 0,
      unsure: sql<number>`case when ${params.unsure} = 1 then 1 else unsure end`,
    })
    .where('version', '=', params.version)
    .where('refreshing_until', '=', params.untilMs),
)

/** Whatever another node has made of the older ones meanwhile: these are what Amazon has given for them. */
const replace = defineQuery((db, params: Written & Ref) =>
  ofOwner(db, params)
    .set(fresh(params))
    .where('version', '=', params.version)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('users')
          .select('id')
          .where('app_id', '=', params.appId)
          .where('id', '=', params.userId)
          .where('identifier', '=', params.identifier),
      ),
    )
    .returning('user_id'),
)

const end = defineQuery((db, params: Claimed & { state: string; nowMs: number }) =>
  ofOwner(db, params)
    .set({ sealed: '', state: params.state, refreshing_until: 0, updated_at: params.nowMs })
    .where('version', '=', params.version)
    .where('refreshing_until', '=', params.untilMs)
    .where('state', '=', 'kept')
    .returning('user_id'),
)

/** In one transaction with {@link end}, and only if that has ended them. */
const endSessions = defineQuery((db, params: Ref & { nowMs: number; tokenSecret: string }) =>
  db
    .updateTable('users')
    .set({
      token_secret: params.tokenSecret,
      session_epoch: sql<number>`session_epoch + 1`,
      updated_at: params.nowMs,
    })
    .where('app_id', '=', params.appId)
    .where('id', '=', params.userId)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('amazon_tokens')
          .select('version')
          .where('app_id', '=', params.appId)
          .where('user_id', '=', params.userId)
          .where('version', '=', params.version)
          .where('state', '!=', 'kept')
          .where('updated_at', '=', params.nowMs),
      ),
    ),
)

const remove = defineQuery((db, params: Owner) =>
  db
    .deleteFrom('amazon_tokens')
    .where('app_id', '=', params.appId)
    .where('user_id', '=', params.userId)
    .returning('user_id'),
)

const removeCertain = defineQuery((db, params: Ref) =>
  db
    .deleteFrom('amazon_tokens')
    .where('app_id', '=', params.appId)
    .where('user_id', '=', params.userId)
    .where('version', '=', params.version),
)

const listDue = defineQuery(
  (
    db,
    params: {
      appId: string
      beforeMs: number
      afterMs: number
      afterUserId: string
      limit: number
    },
  ) =>
    db
      .selectFrom('amazon_tokens')
      .select(['user_id as userId', 'expires_at as expiresAtMs'])
      .where('app_id', '=', params.appId)
      .where('state', '=', 'kept')
      .where('expires_at', '<=', params.beforeMs)
      .where(sql<boolean>`(expires_at, user_id) > (${params.afterMs}, ${params.afterUserId})`)
      .orderBy('expires_at')
      .orderBy('user_id')
      .limit(params.limit),
)

const count = defineQuery((db, params: { appId: string; beforeMs: number }) =>
  db
    .selectFrom('amazon_tokens')
    .select([
      'state',
      sql<number>`count(*)`.as('total'),
      sql<number>`coalesce(sum(case when expires_at <= ${params.beforeMs} then 1 else 0 end), 0)`.as(
        'due',
      ),
    ])
    .where('app_id', '=', params.appId)
    .groupBy('state'),
)

const findApp = defineQuery((db, params: { afterId: string }) =>
  db
    .selectFrom('amazon_tokens')
    .select('app_id as id')
    .where('app_id', '>', params.afterId)
    .orderBy('app_id')
    .limit(1),
)

const deleteSome = defineQuery((db, params: { appId: string; limit: number }) =>
  db
    .deleteFrom('amazon_tokens')
    .where('app_id', '=', params.appId)
    .where('user_id', 'in', (some) =>
      some
        .selectFrom('amazon_tokens')
        .select('user_id')
        .where('app_id', '=', params.appId)
        .limit(params.limit),
    )
    .returning('user_id'),
)

const listSealed = defineQuery((db, params: Owner & { limit: number }) =>
  db
    .selectFrom('amazon_tokens')
    .select(['app_id as appId', 'user_id as userId', 'sealed'])
    .where(sql<boolean>`(app_id, user_id) > (${params.appId}, ${params.userId})`)
    .where('state', '=', 'kept')
    .orderBy('app_id')
    .orderBy('user_id')
    .limit(params.limit),
)

const reseal = defineQuery((db, params: Owner & { from: string; to: string }) =>
  ofOwner(db, params)
    .set({ sealed: params.to })
    .where('sealed', '=', params.from)
    .returning('user_id'),
)

/** Amazon's tokens in SQL. They refer to their user by foreign key, and go with it. */
export function sqlTokenStore(executor: SqlExecutor): TokenStore {
  return {
    async find({ appId, userId }) {
      const [row] = await executor.read(find({ appId, userId }))
      return row && toRecord(row)
    },
    put: async ({ appId, userId }, { version: newVersion, ...tokens }) =>
      executor
        .write([upsert({ appId, userId, newVersion, ...tokens })])
        .then(() => undefined)
        .catch(whenViolated('foreign_key', undefined)),
    async claim({ appId, userId, version }, untilMs, nowMs) {
      const tokens = { appId, userId, version }
      const [claims] = await executor.write([claim({ ...tokens, untilMs, nowMs })])
      const [claimed] = claims
      return claimed && { ...tokens, untilMs, isUnsure: claimed.unsure === 1 }
    },
    async release(held, isUnsure) {
      await executor.write([release({ ...refOf(held), unsure: Number(isUnsure) })])
    },
    async replace({ appId, userId, version }, { version: newVersion, ...tokens }) {
      const [replaced] = await executor.write([
        replace({ appId, userId, version, newVersion, ...tokens }),
      ])
      return replaced.length > 0
    },
    async end(held, { state, nowMs, newTokenSecret: tokenSecret }) {
      const { appId, userId, version } = held
      const withdrawn = { kind: 'withdrawn', userId, version, endedAtMs: nowMs } as const
      const [ended] = await executor.write([
        end({ ...refOf(held), state, nowMs }),
        ...(tokenSecret === undefined ? [] : [endSessions({ ...refOf(held), nowMs, tokenSecret })]),
        ...tell(appId, withdrawn, { type: 'consent.revoked' }, nowMs),
      ])
      return ended.length > 0
    },
    async delete({ appId, userId }) {
      await executor.write([remove({ appId, userId })])
    },
    async remove({ appId, userId, version }) {
      await executor.write([removeCertain({ appId, userId, version })])
    },
    listDue: (appId, { beforeMs, after, limit }) => {
      const { expiresAtMs: afterMs = -1, userId: afterUserId = '' } = after ?? {}
      return executor.read(listDue({ appId, beforeMs, afterMs, afterUserId, limit }))
    },
    async count(appId, beforeMs) {
      const rows = await executor.read(count({ appId, beforeMs }))
      const of = (state: TokenState) => rows.find((row) => row.state === state)
      const [kept, revoked, lost] = [of('kept'), of('revoked'), of('lost')]
      return {
        kept: kept?.total ?? 0,
        due: kept?.due ?? 0,
        revoked: revoked?.total ?? 0,
        lost: lost?.total ?? 0,
      }
    },
    async findApp(afterId) {
      const [row] = await executor.read(findApp({ afterId }))
      return row?.id
    },
    async deleteSome(appId, limit) {
      const [removed] = await executor.write([deleteSome({ appId, limit })])
      return removed.length
    },
    listSealed: (after, limit) => {
      const { appId = '', userId = '' } = after ?? {}
      return executor.read(listSealed({ appId, userId, limit }))
    },
    async reseal(changes) {
      const done = await executor.write(
        changes.map(({ appId, userId, sealed: from, to }) => reseal({ appId, userId, from, to })),
      )
      return done.flat().length
    },
  }
}

/** That there are tokens, for the person they are of: what they are is secret. */
export function keptTokensOfUser(executor: SqlExecutor): KeptOfUser {
  return {
    name: 'amazon_tokens',
    async page(appId, userId) {
      const rows = await executor.read(find({ appId, userId }))
      const items = rows.map(({ state, updatedAtMs, expiresAtMs }) => ({
        state,
        at: updatedAtMs,
        expires: expiresAtMs,
      }))
      return { items, next: undefined }
    },
    // Where the foreign key has not done it.
    async erase(appId, userId) {
      const [removed] = await executor.write([remove({ appId, userId })])
      return removed.length
    },
  }
}

function refOf({
  appId,
  userId,
  version,
  untilMs,
}: TokenOwner & { readonly version: string; readonly untilMs: number }): Claimed {
  return { appId, userId, version, untilMs }
}

function toRecord(row: Omit<TokenRecord, 'state'> & { readonly state: string }): TokenRecord {
  return { ...row, state: row.state as TokenState }
}
