import { sql, type Kysely, type SelectQueryBuilder } from 'kysely'

import { defineQuery } from './define-query'
import type { Schema } from './schema'

/** What every question about events carries; what is undefined does not matter. */
export interface EventParams {
  readonly appId: string | undefined
  readonly userId: string | undefined
  readonly reason: string | undefined
  readonly notReason: string | undefined
  readonly outcome: string | undefined
  readonly way: string | undefined
  readonly actor: string | undefined
  readonly notWay: string | undefined
  /** Events at this time or later. */
  readonly sinceMs: number
  /** And before this one. */
  readonly atMs: number
  readonly id: string
  readonly limit: number
}

interface Passing extends EventParams {
  readonly bite: number
}

type Events = SelectQueryBuilder<Schema, 'audit', object>

/**
 * A way into the events by an index of its own, and the questions along it, from the latest back. What is written out in a
 * condition, rather than given as a parameter, is what its index is made for (`where outcome = 'failure'`).
 */
function path(enter: (events: Events, params: EventParams) => Events, lastOf = sql.ref('id')) {
  const from = (db: Kysely<Schema>, params: EventParams) => enter(db.selectFrom('audit'), params)
  return {
    /** The time of the event so many behind a time: reads the index alone. */
    pass: defineQuery((db, params: Passing) =>
      from(db, params)
        .select('at')
        .where('at', '<=', params.atMs)
        .where('at', '>=', params.sinceMs)
        .orderBy('at', 'desc')
        .limit(sql.lit(1))
        .offset(params.bite),
    ),
    /** The events between two times, the latest first, that the rest of the filter lets through. */
    between: defineQuery((db, params: EventParams) =>
      from(db, params)
        .selectAll()
        .where('at', '<=', params.atMs)
        .where('at', '>=', params.sinceMs)
        .where((where) => where.or([where('at', '<', params.atMs), where('id', '<', params.id)]))
        .where(sql<boolean>`outcome = coalesce(${params.outcome}, outcome)`)
        .where(sql<boolean>`reason = coalesce(${params.reason}, reason)`)
        .where(sql<boolean>`reason <> coalesce(${params.notReason}, '')`)
        .where(sql<boolean>`way = coalesce(${params.way}, way)`)
        .where(sql<boolean>`way <> coalesce(${params.notWay}, '')`)
        .where(sql<boolean>`coalesce(actor, '') = coalesce(${params.actor}, actor, '')`)
        .orderBy('at', 'desc')
        .orderBy(lastOf, 'desc')
        .limit(params.limit),
    ),
  }
}

/**
 * The id in the order of a path whose index lacks it: SQLite would rather read all events of the app by their key, which has
 * it, than sort those of one millisecond.
 */
const SORTED_ID = sql<string>`id || ''`
const FAILURE = sql.lit('failure')
const OPERATOR = sql.lit('operator')

/** Each has its index: see the migrations. */
export const AUDIT_PATHS = {
  all: path((events) => events),
  app: path((events, { appId }) => events.where('app_id', '=', appId ?? '')),
  user: path((events, { appId, userId }) =>
    events.where('app_id', '=', appId ?? '').where('user_id', '=', userId ?? ''),
  ),
  failures: path((events) => events.where('outcome', '=', FAILURE)),
  failuresOfApp: path(
    (events, { appId }) => events.where('outcome', '=', FAILURE).where('app_id', '=', appId ?? ''),
    SORTED_ID,
  ),
  failuresFor: path((events, { reason }) =>
    events.where('outcome', '=', FAILURE).where('reason', '=', reason ?? ''),
  ),
  failuresOfAppFor: path(
    (events, { appId, reason }) =>
      events
        .where('outcome', '=', FAILURE)
        .where('app_id', '=', appId ?? '')
        .where('reason', '=', reason ?? ''),
    SORTED_ID,
  ),
  changes: path((events) => events.where('way', '=', OPERATOR)),
  changesOfApp: path(
    (events, { appId }) => events.where('way', '=', OPERATOR).where('app_id', '=', appId ?? ''),
    SORTED_ID,
  ),
}

export type AuditPath = (typeof AUDIT_PATHS)[keyof typeof AUDIT_PATHS]
