import { sql, type Kysely } from 'kysely'

import { isWebhookEvent, WEBHOOK_EVENTS } from '../../webhooks/webhook-event'
import type { WebhookKey, WebhookRecord, WebhookStore, WhyOff } from '../../webhooks/webhook'
import { defineQuery } from './define-query'
import type { Schema } from './schema'
import type { SqlExecutor } from './sql-executor'
import { joinEvents, splitEvents } from './sql-outbox'

const COLUMNS = [
  'app_id as appId',
  'id',
  'url',
  'events',
  'off',
  'sealed',
  'former_until as formerUntilMs',
  'failing_since as failingSinceMs',
  'created_at as createdAtMs',
  'updated_at as updatedAtMs',
] as const

type Row = Omit<WebhookRecord, 'events' | 'off' | 'failingSinceMs'> & {
  readonly events: string
  readonly off: string
  readonly failingSinceMs: number | null
}

function live(db: Kysely<Schema>, { appId }: { readonly appId: string }) {
  return db
    .selectFrom('webhooks')
    .select(COLUMNS)
    .where('app_id', '=', appId)
    .where('deleted_at', 'is', null)
}

function updateLive(db: Kysely<Schema>, { appId, id }: WebhookKey) {
  return db
    .updateTable('webhooks')
    .where('app_id', '=', appId)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .returning(COLUMNS)
}

const listOfApp = defineQuery((db, params: { appId: string }) =>
  live(db, params).orderBy('created_at').orderBy('id'),
)

const findOne = defineQuery((db, params: WebhookKey) =>
  live(db, params).where('id', '=', params.id),
)

/** Holds the app's row: of endpoints that are added or changed at a time, the last finds all. */
const holdApp = defineQuery((db, params: { appId: string }) =>
  db
    .updateTable('apps')
    .set((eb) => ({ updated_at: eb.ref('updated_at') }))
    .where('app_id', '=', params.appId)
    .where('deleted_at', 'is', null)
    .returning('app_id'),
)

const insertWithin = defineQuery(
  (db, params: Omit<Row, 'failingSinceMs'> & { readonly limit: number }) =>
    db
      .insertInto('webhooks')
      .columns([
        'app_id',
        'id',
        'url',
        'events',
        'off',
        'sealed',
        'former_until',
        'created_at',
        'updated_at',
      ])
      .expression((select) =>
        select
          .selectFrom('apps')
          .select([
            'apps.app_id',
            value(params.id, 'id'),
            value(params.url, 'url'),
            value(params.events, 'events'),
            value(params.off, 'off'),
            value(params.sealed, 'sealed'),
            value(params.formerUntilMs, 'former_until'),
            value(params.createdAtMs, 'created_at'),
            value(params.updatedAtMs, 'updated_at'),
          ])
          .where('apps.app_id', '=', params.appId)
          .where('apps.deleted_at', 'is', null)
          .where(
            sql<boolean>`(select count(*) from webhooks as w where w.app_id = ${params.appId} and w.deleted_at is null)
              < cast(${params.limit} as bigint)`,
          ),
      )
      .returning('id'),
)

/** What the endpoints of an app want, noted with it: so a login knows without a look at them. In the transaction of a change. */
export const noteEvents = defineQuery((db, params: { appId: string }) => {
  const wanted = (event: string) => sql`case when exists (
    select 1 from webhooks as w where w.app_id = apps.app_id and w.off = '' and w.deleted_at is null
    and w.events like ${sql.lit(`% ${event} %`)}) then ${sql.lit(` ${event} `)} else '' end`
  return db
    .updateTable('apps')
    .set({
      webhook_events: sql<string>`nullif(${sql.join(WEBHOOK_EVENTS.map(wanted), sql` || `)}, '')`,
    })
    .where('app_id', '=', params.appId)
})

const updateOne = defineQuery(
  (
    db,
    params: WebhookKey & {
      url: string | undefined
      events: string | undefined
      off: string | undefined
      nowMs: number
    },
  ) =>
    updateLive(db, params).set({
      url: orKept(params.url, 'url'),
      events: orKept(params.events, 'events'),
      off: orKept(params.off, 'off'),
      // Whoever changes it tries anew.
      failing_since: null,
      updated_at: params.nowMs,
    }),
)

const replaceSecrets = defineQuery(
  (
    db,
    params: WebhookKey & { from: string; sealed: string; formerUntilMs: number; nowMs: number },
  ) =>
    updateLive(db, params)
      .set({
        sealed: params.sealed,
        former_until: params.formerUntilMs,
        updated_at: params.nowMs,
      })
      .where('sealed', '=', params.from),
)

const switchOff = defineQuery((db, params: WebhookKey & { why: string; nowMs: number }) =>
  updateLive(db, params).set({ off: params.why, updated_at: params.nowMs }).where('off', '=', ''),
)

const noteFailing = defineQuery((db, params: WebhookKey & { sinceMs: number | undefined }) =>
  updateLive(db, params).set({ failing_since: params.sinceMs ?? null }),
)

const markDeleted = defineQuery((db, params: WebhookKey & { nowMs: number }) =>
  updateLive(db, params).set({ deleted_at: params.nowMs }),
)

/** All of an app that is deleted. */
export const markWebhooksDeleted = defineQuery((db, params: { id: string; nowMs: number }) =>
  db
    .updateTable('webhooks')
    .set({ deleted_at: params.nowMs })
    .where('app_id', '=', params.id)
    .where('deleted_at', 'is', null),
)

const findDeleted = defineQuery((db, _params: object) =>
  db
    .selectFrom('webhooks')
    .select(['app_id as appId', 'id'])
    .where('deleted_at', 'is not', null)
    .orderBy('deleted_at')
    .limit(1),
)

const deleteSomeDeliveries = defineQuery((db, params: WebhookKey & { limit: number }) =>
  db
    .deleteFrom('webhook_deliveries')
    .where('app_id', '=', params.appId)
    .where('webhook_id', '=', params.id)
    .where('id', 'in', (some) =>
      some
        .selectFrom('webhook_deliveries')
        .select('id')
        .where('app_id', '=', params.appId)
        .where('webhook_id', '=', params.id)
        .limit(params.limit),
    )
    .returning('id'),
)

const deleteSomeStreams = defineQuery((db, params: WebhookKey & { limit: number }) =>
  db
    .deleteFrom('webhook_streams')
    .where('app_id', '=', params.appId)
    .where('webhook_id', '=', params.id)
    .where('stream', 'in', (some) =>
      some
        .selectFrom('webhook_streams')
        .select('stream')
        .where('app_id', '=', params.appId)
        .where('webhook_id', '=', params.id)
        .limit(params.limit),
    )
    .returning('stream'),
)

const removeOne = defineQuery((db, params: WebhookKey) =>
  db
    .deleteFrom('webhooks')
    .where('app_id', '=', params.appId)
    .where('id', '=', params.id)
    .where('deleted_at', 'is not', null),
)

const listSealed = defineQuery((db, params: WebhookKey & { limit: number }) =>
  db
    .selectFrom('webhooks')
    .select(['app_id as appId', 'id', 'sealed'])
    .where(sql<boolean>`(app_id, id) > (${params.appId}, ${params.id})`)
    .where('deleted_at', 'is', null)
    .orderBy('app_id')
    .orderBy('id')
    .limit(params.limit),
)

const reseal = defineQuery((db, params: WebhookKey & { from: string; to: string }) =>
  updateLive(db, params).set({ sealed: params.to }).where('sealed', '=', params.from),
)

/** Endpoints in SQL. One that is deleted is marked at first, as its deliveries may be many. */
export function sqlWebhookStore(executor: SqlExecutor): WebhookStore {
  return {
    async list(appId) {
      const rows = await executor.read(listOfApp({ appId }))
      return rows.map(toRecord)
    },
    async find({ appId, id }) {
      const [row] = await executor.read(findOne({ appId, id }))
      return row && toRecord(row)
    },
    async insert({ failingSinceMs: _none, events, off = '', ...record }, limit) {
      const { appId } = record
      const row = { ...record, events: joinEvents(events), off, limit }
      const [apps, added] = await executor.write([
        holdApp({ appId }),
        insertWithin(row),
        noteEvents({ appId }),
      ])
      if (apps.length === 0) return 'no_app'
      return added.length === 0 ? 'no_room' : 'done'
    },
    async update({ appId, id }, { url, events, active }, nowMs) {
      const change = {
        url,
        events: events && joinEvents(events),
        off: active === undefined ? undefined : active ? '' : PAUSED,
      }
      const [, rows] = await executor.write([
        holdApp({ appId }),
        updateOne({ appId, id, ...change, nowMs }),
        noteEvents({ appId }),
      ])
      return rows[0] && toRecord(rows[0])
    },
    async replaceSecrets({ appId, id, sealed: from }, by, nowMs) {
      const [rows] = await executor.write([replaceSecrets({ appId, id, from, ...by, nowMs })])
      return rows.length > 0
    },
    async switchOff({ appId, id }, why, nowMs) {
      const [, rows] = await executor.write([
        holdApp({ appId }),
        switchOff({ appId, id, why, nowMs }),
        noteEvents({ appId }),
      ])
      return rows.length > 0
    },
    async noteFailing({ appId, id }, sinceMs) {
      await executor.write([noteFailing({ appId, id, sinceMs })])
    },
    async delete({ appId, id }, nowMs) {
      const [, rows] = await executor.write([
        holdApp({ appId }),
        markDeleted({ appId, id, nowMs }),
        noteEvents({ appId }),
      ])
      return rows.length > 0
    },
    async removeDeleted(limit) {
      for (let removed = 0; ; removed += 1) {
        const [gone] = removed < limit ? await executor.read(findDeleted({})) : []
        if (gone === undefined) return removed
        for (const deleteSome of [deleteSomeDeliveries, deleteSomeStreams]) {
          const rest = limit - removed
          if (rest <= 0) return limit
          const [rows] = await executor.write([deleteSome({ ...gone, limit: rest })])
          removed += rows.length
        }
        if (removed >= limit) return limit
        await executor.write([removeOne(gone)])
      }
    },
    listSealed: (after, limit) => {
      const { appId = '', id = '' } = after ?? {}
      return executor.read(listSealed({ appId, id, limit }))
    },
    async reseal(changes) {
      const done = await executor.write(
        changes.map(({ appId, id, sealed: from, to }) => reseal({ appId, id, from, to })),
      )
      return done.flat().length
    },
  }
}

const PAUSED: WhyOff = 'paused'

/** The value or, when it is absent, what the row holds. */
function orKept(value: string | undefined, column: 'url' | 'events' | 'off') {
  return sql<string>`coalesce(${value}, ${sql.ref(column)})`
}

/** A parameter as a column of a SELECT. */
function value<T>(parameter: T, column: string) {
  return sql<T>`${parameter}`.as(column)
}

function toRecord({ events, off, failingSinceMs, ...row }: Row): WebhookRecord {
  return {
    ...row,
    events: splitEvents(events).filter(isWebhookEvent),
    off: off === '' ? undefined : (off as WhyOff),
    failingSinceMs: failingSinceMs ?? undefined,
  }
}
