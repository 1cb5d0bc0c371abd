import { sql, type Kysely } from 'kysely'

import type { Json } from '../../apps/settings'
import type { User } from '../../users/user'
import type {
  Delivery,
  DeliveryState,
  DeliveryStore,
  DueWebhook,
  Head,
  StreamClaim,
  StreamKey,
  Try,
} from '../../webhooks/delivery'
import type { WebhookKey } from '../../webhooks/webhook'
import { defineQuery } from './define-query'
import { deleteUntil } from './moved-tables'
import type { Schema } from './schema'
import type { SqlExecutor } from './sql-executor'
import { tell, tellPlain } from './sql-outbox'
import { countWaiting, deleteStream, giveUpBefore, LAST_ID } from './waiting-deliveries'

/** Attempts that are kept of a delivery. */
const MAX_TRIES = 20

const COLUMNS = [
  'd.app_id as appId',
  'd.webhook_id as webhookId',
  'd.id',
  'd.seq',
  'd.type',
  'd.at as atMs',
  'd.user_id as userId',
  'd.snapshot',
  'd.detail',
  'd.state',
  'd.attempts',
  'd.tries',
] as const

interface Row {
  readonly appId: string
  readonly webhookId: string
  readonly id: string
  readonly seq: number
  readonly type: string
  readonly atMs: number
  readonly userId: string | null
  readonly snapshot: string | null
  readonly detail: string
  readonly state: string
  readonly attempts: number
  readonly tries: string
  readonly nextTryAtMs?: number | null
}

function waiting(db: Kysely<Schema>) {
  return db
    .selectFrom('webhook_streams')
    .select(['app_id as appId', 'webhook_id as id', 'next_at as dueAtMs'])
    .orderBy('app_id')
    .orderBy('webhook_id')
    .orderBy('next_at')
    .limit(1)
}

const findWaiting = defineQuery((db, params: WebhookKey) =>
  waiting(db).where(sql<boolean>`(app_id, webhook_id) > (${params.appId}, ${params.id})`),
)

const findWaitingOf = defineQuery((db, params: { appId: string; afterId: string }) =>
  waiting(db).where('app_id', '=', params.appId).where('webhook_id', '>', params.afterId),
)

const anyWebhook = defineQuery((db, _params: object) =>
  db.selectFrom('webhooks').select('id').where('deleted_at', 'is', null).limit(1),
)

const anyStream = defineQuery((db, _params: object) =>
  db.selectFrom('webhook_streams').select('webhook_id as id').limit(1),
)

function streamsOf(db: Kysely<Schema>, { appId, id }: WebhookKey) {
  return db
    .selectFrom('webhook_streams')
    .where('app_id', '=', appId)
    .where('webhook_id', '=', id)
    .orderBy('next_at')
}

const listDue = defineQuery((db, params: WebhookKey & { nowMs: number; limit: number }) =>
  streamsOf(db, params).select('stream').where('next_at', '<=', params.nowMs).limit(params.limit),
)

const findDueAt = defineQuery((db, params: WebhookKey) =>
  streamsOf(db, params).select('next_at as dueAtMs').limit(1),
)

function updateStream(db: Kysely<Schema>, { appId, webhookId, stream }: StreamKey) {
  return db
    .updateTable('webhook_streams')
    .where('app_id', '=', appId)
    .where('webhook_id', '=', webhookId)
    .where('stream', '=', stream)
}

const claim = defineQuery((db, params: StreamKey & { nowMs: number; untilMs: number }) =>
  updateStream(db, params)
    .set({ next_at: params.untilMs })
    .where('next_at', '<=', params.nowMs)
    .returning('last_seq as lastSeq'),
)

const giveBack = defineQuery((db, params: StreamKey & { untilMs: number; nextAtMs: number }) =>
  updateStream(db, params).set({ next_at: params.nextAtMs }).where('next_at', '=', params.untilMs),
)

/** Unless it has grown since. */
const endStream = defineQuery((db, params: StreamKey & { untilMs: number; seq: number }) =>
  db
    .deleteFrom('webhook_streams')
    .where('app_id', '=', params.appId)
    .where('webhook_id', '=', params.webhookId)
    .where('stream', '=', params.stream)
    .where('next_at', '=', params.untilMs)
    .where('last_seq', '=', params.seq),
)

const findHead = defineQuery((db, params: StreamKey) =>
  db
    .selectFrom('webhook_deliveries as d')
    .select(COLUMNS)
    .where('d.app_id', '=', params.appId)
    .where('d.webhook_id', '=', params.webhookId)
    .where('d.stream', '=', params.stream)
    // As the index has it.
    .where(sql<boolean>`d.state = 'pending'`)
    .orderBy('d.seq')
    .limit(1),
)

function updateDelivery(db: Kysely<Schema>, key: WebhookKey & { readonly deliveryId: string }) {
  return db
    .updateTable('webhook_deliveries')
    .where('app_id', '=', key.appId)
    .where('webhook_id', '=', key.id)
    .where('id', '=', key.deliveryId)
}

/** Of one that another has settled meanwhile, that stands. */
const noteTry = defineQuery(
  (
    db,
    params: WebhookKey & {
      deliveryId: string
      state: string
      tries: string
      doneAtMs: number | undefined
    },
  ) =>
    updateDelivery(db, params)
      .set({
        state: params.state,
        attempts: sql<number>`attempts + 1`,
        tries: params.tries,
        done_at: params.doneAtMs ?? null,
      })
      .where('state', '=', 'pending'),
)

const giveUpSome = defineQuery(
  (db, params: WebhookKey & { stream: string; nowMs: number; limit: number }) =>
    db
      .updateTable('webhook_deliveries')
      .set({ state: 'given_up', done_at: params.nowMs })
      .where('app_id', '=', params.appId)
      .where('webhook_id', '=', params.id)
      .where('id', 'in', (some) =>
        some
          .selectFrom('webhook_deliveries')
          .select('id')
          .where('app_id', '=', params.appId)
          .where('webhook_id', '=', params.id)
          .where('stream', '=', params.stream)
          .where(sql<boolean>`state = 'pending'`)
          .limit(params.limit),
      )
      .returning('id'),
)

const firstStream = defineQuery((db, params: WebhookKey) =>
  streamsOf(db, params).select(['stream', 'last_seq as lastSeq']).limit(1),
)

function shown(db: Kysely<Schema>, { appId, id }: WebhookKey) {
  return db
    .selectFrom('webhook_deliveries as d')
    .leftJoin('webhook_streams as s', (join) =>
      join
        .onRef('s.app_id', '=', 'd.app_id')
        .onRef('s.webhook_id', '=', 'd.webhook_id')
        .onRef('s.stream', '=', 'd.stream'),
    )
    .select([...COLUMNS, 's.next_at as nextTryAtMs'])
    .where('d.app_id', '=', appId)
    .where('d.webhook_id', '=', id)
}

interface Page extends WebhookKey {
  readonly beforeId: string
  readonly limit: number
}

function pageOf(db: Kysely<Schema>, params: Page) {
  return shown(db, params)
    .where('d.id', '<', params.beforeId)
    .orderBy('d.id', 'desc')
    .limit(params.limit)
}

const listAll = defineQuery((db, params: Page) => pageOf(db, params))
/** Few are not delivered, and an index has these alone. */
const listOpen = defineQuery((db, params: Page & { state: string }) =>
  pageOf(db, params)
    .where(sql<boolean>`d.state <> 'delivered'`)
    .where('d.state', '=', params.state),
)
const listDelivered = defineQuery((db, params: Page) =>
  pageOf(db, params).where('d.state', '=', 'delivered'),
)
const findOne = defineQuery((db, params: WebhookKey & { deliveryId: string }) =>
  shown(db, params).where('d.id', '=', params.deliveryId),
)

/** In a stream of its own: it is late anyway, and those of its user go on. */
const setAgain = defineQuery((db, params: WebhookKey & { deliveryId: string }) =>
  updateDelivery(db, params)
    .set((eb) => ({ state: 'pending', attempts: 0, done_at: null, stream: eb.ref('id') }))
    .where('state', '<>', 'pending')
    .returning('seq'),
)

const addStream = defineQuery((db, params: WebhookKey & { deliveryId: string; nowMs: number }) =>
  db
    .insertInto('webhook_streams')
    .columns(['app_id', 'webhook_id', 'stream', 'last_seq', 'next_at'])
    .expression((select) =>
      select
        .selectFrom('webhook_deliveries as d')
        .select([
          'd.app_id',
          'd.webhook_id',
          'd.stream',
          'd.seq as last_seq',
          sql<number>`${params.nowMs}`.as('next_at'),
        ])
        .where('d.app_id', '=', params.appId)
        .where('d.webhook_id', '=', params.id)
        .where('d.id', '=', params.deliveryId)
        .where('d.stream', '=', params.deliveryId)
        .where('d.state', '=', 'pending'),
    )
    .onConflict((conflict) => conflict.doNothing()),
)

const deleteDone = deleteUntil('webhook_deliveries', ['app_id', 'webhook_id', 'id'], 'done_at')

/** Deliveries in SQL. */
export function sqlDeliveryStore(executor: SqlExecutor): DeliveryStore {
  return {
    async append(events) {
      await executor.write(events.flatMap(tellPlain))
    },
    async tell({ appId, identifier }, events, nowMs) {
      const whose = { kind: 'signed_in', identifier } as const
      await executor.write(events.flatMap((event) => tell(appId, whose, event, nowMs)))
    },
    async isInUse() {
      const [webhook] = await executor.read(anyWebhook({}))
      if (webhook !== undefined) return true
      return (await executor.read(anyStream({}))).length > 0
    },
    async findWaiting({ appId, id }) {
      const [first] = await executor.read(findWaiting({ appId, id }))
      return first
    },
    async findWaitingOf(appId, afterId): Promise<DueWebhook | undefined> {
      const [first] = await executor.read(findWaitingOf({ appId, afterId }))
      return first
    },
    async listDue({ appId, id }, nowMs, limit) {
      const rows = await executor.read(listDue({ appId, id, nowMs, limit }))
      return rows.map(({ stream }) => stream)
    },
    async findDueAt({ appId, id }) {
      const [first] = await executor.read(findDueAt({ appId, id }))
      return first?.dueAtMs
    },
    async claim({ appId, webhookId, stream }, nowMs, untilMs) {
      const key = { appId, webhookId, stream }
      const [[row]] = await executor.write([claim({ ...key, nowMs, untilMs })])
      return row && { ...key, untilMs, lastSeq: row.lastSeq }
    },
    async findHead({ appId, webhookId, stream }) {
      const [row] = await executor.read(findHead({ appId, webhookId, stream }))
      return row && toHead(row)
    },
    async settle(held, head, { tried, state, againAtMs, nowMs }) {
      const stream = keyOf(held)
      const tries = JSON.stringify([...head.tries, tried].slice(-MAX_TRIES))
      const doneAtMs = state === 'pending' ? undefined : nowMs
      const note = noteTry({
        appId: head.appId,
        id: head.webhookId,
        deliveryId: head.id,
        state,
        tries,
        doneAtMs,
      })
      const back = giveBack({ ...stream, nextAtMs: againAtMs ?? nowMs })
      await executor.write(
        againAtMs === undefined
          ? [note, endStream({ ...stream, seq: head.seq }), back]
          : [note, back],
      )
    },
    async release(held, nowMs) {
      await executor.write([giveBack({ ...keyOf(held), nextAtMs: nowMs })])
    },
    async end(held, nowMs) {
      const stream = keyOf(held)
      await executor.write([
        endStream({ ...stream, seq: held.lastSeq }),
        giveBack({ ...stream, nextAtMs: nowMs }),
      ])
    },
    async giveUp({ appId, id }, nowMs, limit) {
      for (let done = 0; ; done += 1) {
        const [first] = done < limit ? await executor.read(firstStream({ appId, id })) : []
        if (first === undefined) return done
        const { stream, lastSeq } = first
        const rest = limit - done
        const [given] = await executor.write([
          giveUpSome({ appId, id, stream, nowMs, limit: rest }),
        ])
        done += given.length
        if (given.length === rest) return limit
        await executor.write([deleteStream({ appId, webhookId: id, stream, lastSeq })])
      }
    },
    countWaiting: (key, most) => countWaiting(key, most, executor),
    giveUpBefore: (key, id, nowMs, limit) => giveUpBefore(key, { id, nowMs, limit }, executor),
    async list({ appId, id }, { state, beforeId = LAST_ID, limit }) {
      const page = { appId, id, beforeId, limit }
      const rows = await executor.read(
        state === undefined
          ? listAll(page)
          : state === 'delivered'
            ? listDelivered(page)
            : listOpen({ ...page, state }),
      )
      return rows.map(toDelivery)
    },
    async find({ appId, id }, deliveryId) {
      const [row] = await executor.read(findOne({ appId, id, deliveryId }))
      return row && toDelivery(row)
    },
    async resend({ appId, id }, deliveryId, nowMs) {
      const key = { appId, id, deliveryId }
      const [set] = await executor.write([setAgain(key), addStream({ ...key, nowMs })])
      return set.length > 0
    },
    async deleteDoneBefore(atMs, limit) {
      const [old] = await executor.write([deleteDone({ timeMs: atMs - 1, limit })])
      return old.length
    },
  }
}

function keyOf({ appId, webhookId, stream, untilMs }: StreamClaim) {
  return { appId, webhookId, stream, untilMs }
}

function toDelivery({ snapshot, detail, tries, type, state, userId, nextTryAtMs, ...row }: Row) {
  const delivery: Delivery = {
    ...row,
    type: type as Delivery['type'],
    state: state as DeliveryState,
    userId: userId ?? undefined,
    user: snapshot === null ? undefined : toUser(snapshot),
    detail: JSON.parse(detail) as Readonly<Record<string, Json>>,
    tries: JSON.parse(tries) as readonly Try[],
    nextTryAtMs: state === 'pending' ? (nextTryAtMs ?? undefined) : undefined,
  }
  return delivery
}

function toHead(row: Row): Head {
  return { ...toDelivery(row), seq: row.seq }
}

/** As {@link tell} has written it. */
function toUser(snapshot: string): Delivery['user'] {
  const { active, ...user } = JSON.parse(snapshot) as Omit<User, 'active'> & {
    readonly active: number
  }
  return { ...user, active: active === 1 }
}
