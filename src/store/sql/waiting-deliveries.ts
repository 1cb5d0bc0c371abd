import { setImmediate } from 'node:timers/promises'

import { sql, type Kysely } from 'kysely'

import { BACKLOG_FULL, type StreamKey, type Waiting } from '../../webhooks/delivery'
import type { WebhookKey } from '../../webhooks/webhook'
import { defineQuery } from './define-query'
import type { Schema } from './schema'
import type { SqlExecutor } from './sql-executor'

/** Behind every id of a delivery. */
export const LAST_ID = 'z'
/** Events that are counted at a time. */
const BITE = 2_000

/** As the index of what is not delivered has it. */
function waitingFor(db: Kysely<Schema>, { appId, id }: WebhookKey) {
  return db
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('app_id', '=', appId)
    .where('webhook_id', '=', id)
    .where(sql<boolean>`state <> 'delivered'`)
    .where('state', '=', 'pending')
}

function newestBefore(db: Kysely<Schema>, params: WebhookKey & { readonly beforeId: string }) {
  return waitingFor(db, params).where('id', '<', params.beforeId).orderBy('id', 'desc')
}

/** The last of so many: the others are counted where they lie. */
const findLastOf = defineQuery((db, params: WebhookKey & { beforeId: string; before: number }) =>
  newestBefore(db, params).offset(params.before).limit(1),
)

const listRest = defineQuery((db, params: WebhookKey & { beforeId: string; limit: number }) =>
  newestBefore(db, params).limit(params.limit),
)

/** Its attempts stand before why it is given up. */
const giveUpOldest = defineQuery(
  (db, params: WebhookKey & { beforeId: string; reason: string; nowMs: number; limit: number }) =>
    db
      .updateTable('webhook_deliveries')
      .set({
        state: 'given_up',
        done_at: params.nowMs,
        tries: sql<string>`case when tries = '[]' then '[' || ${params.reason} || ']'
          else substr(tries, 1, length(tries) - 1) || ',' || ${params.reason} || ']' end`,
      })
      .where('app_id', '=', params.appId)
      .where('webhook_id', '=', params.id)
      .where('state', '=', 'pending')
      .where('id', 'in', () =>
        waitingFor(db, params).where('id', '<', params.beforeId).orderBy('id').limit(params.limit),
      )
      .returning(['stream', 'seq as lastSeq']),
)

export const deleteStream = defineQuery((db, params: StreamKey & { lastSeq: number }) =>
  db
    .deleteFrom('webhook_streams')
    .where('app_id', '=', params.appId)
    .where('webhook_id', '=', params.webhookId)
    .where('stream', '=', params.stream)
    .where('last_seq', '=', params.lastSeq),
)

/** See `DeliveryStore.countWaiting`. */
export async function countWaiting(
  { appId, id }: WebhookKey,
  most: number,
  executor: SqlExecutor,
): Promise<Waiting> {
  let edge = LAST_ID
  for (let count = 0; count < most;) {
    const limit = Math.min(BITE, most - count)
    const [last] = await executor.read(findLastOf({ appId, id, beforeId: edge, before: limit - 1 }))
    if (last === undefined) {
      const rest = await executor.read(listRest({ appId, id, beforeId: edge, limit }))
      return { count: count + rest.length, edge: undefined }
    }
    count += limit
    edge = last.id
    // SQLite reads on the event loop.
    await setImmediate()
  }
  return { count: most, edge }
}

/** See `DeliveryStore.giveUpBefore`. */
export async function giveUpBefore(
  { appId, id }: WebhookKey,
  before: { readonly id: string; readonly nowMs: number; readonly limit: number },
  executor: SqlExecutor,
): Promise<number> {
  const { nowMs, limit } = before
  const reason = JSON.stringify({ atMs: nowMs, tookMs: 0, error: BACKLOG_FULL })
  const [given] = await executor.write([
    giveUpOldest({ appId, id, beforeId: before.id, reason, nowMs, limit }),
  ])
  // A stream in which something is left has a higher number. One at a time: sign-ins hold several.
  for (const { stream, lastSeq } of given) {
    await executor.write([deleteStream({ appId, webhookId: id, stream, lastSeq })])
  }
  return given.length
}
