import type { Kysely } from 'kysely'

import type { AuditEvent, AuditWay } from '../../audit/audit-event'
import type { AuditRecord } from '../../audit/audit-history'
import { defineQuery } from './define-query'
import type { Schema } from './schema'
import type { SqlExecutor } from './sql-executor'

/** Which events are asked for. */
export interface AuditFilter {
  /** Undefined: of all apps, and of names that no app has. */
  readonly app: string | undefined
  /** Undefined: both. */
  readonly outcome: AuditEvent['outcome'] | undefined
  /** From here on, in milliseconds since 1970. */
  readonly sinceMs: number
  /** And before this. */
  readonly untilMs: number
}

interface Range {
  readonly fromMs: number
  readonly untilMs: number
  readonly one: string
  readonly other: string
  readonly limit: number
}

interface Behind extends Range {
  /** Id of the last event seen at `fromMs`; empty before the first. */
  readonly afterId: string
}

interface OfApp {
  readonly appId: string
}

const latest = defineQuery((db, params: Range) => latestFirst(db, params))
const latestOfApp = defineQuery((db, params: Range & OfApp) =>
  latestFirst(db, params).where('app_id', '=', params.appId),
)
const behind = defineQuery((db, params: Behind) => earliestFirst(db, params))
const behindOfApp = defineQuery((db, params: Behind & OfApp) =>
  earliestFirst(db, params).where('app_id', '=', params.appId),
)

function latestFirst(db: Kysely<Schema>, params: Range) {
  return within(db, params).orderBy('at', 'desc').orderBy('id', 'desc')
}

function earliestFirst(db: Kysely<Schema>, params: Behind) {
  return within(db, params)
    .where((where) => where.or([where('at', '>', params.fromMs), where('id', '>', params.afterId)]))
    .orderBy('at')
    .orderBy('id')
}

function within(db: Kysely<Schema>, params: Range) {
  return db
    .selectFrom('audit')
    .selectAll()
    .where('at', '>=', params.fromMs)
    .where('at', '<', params.untilMs)
    .where('outcome', 'in', [params.one, params.other])
    .limit(params.limit)
}

/** The latest events of a filter, the latest of them last. */
export async function readLatestAudit(
  from: SqlExecutor,
  filter: AuditFilter,
  limit: number,
): Promise<readonly AuditRecord[]> {
  const range = rangeOf(filter, limit)
  const { app } = filter
  const rows = await from.read(
    app === undefined ? latest(range) : latestOfApp({ ...range, appId: app }),
  )
  return rows.map(toAuditRecord).reverse()
}

/** All events of a filter, a page at a time, the latest last. */
export async function* readAudit(
  from: SqlExecutor,
  filter: AuditFilter,
  pageSize: number,
): AsyncGenerator<readonly AuditRecord[]> {
  let position = { fromMs: filter.sinceMs, afterId: '' }
  for (;;) {
    const range = { ...rangeOf(filter, pageSize), ...position }
    const { app } = filter
    const rows = await from.read(
      app === undefined ? behind(range) : behindOfApp({ ...range, appId: app }),
    )
    const last = rows.at(-1)
    if (last !== undefined) yield rows.map(toAuditRecord)
    if (last === undefined || rows.length < pageSize) return
    position = { fromMs: last.at, afterId: last.id }
  }
}

/** A list has as many placeholders as places: one outcome stands in it twice. */
function rangeOf({ sinceMs, untilMs, outcome }: AuditFilter, limit: number): Range {
  const [one, other] = [outcome ?? 'success', outcome ?? 'failure']
  return { fromMs: sinceMs, untilMs, one, other, limit }
}

export function toAuditRecord(row: Schema['audit']): AuditRecord {
  return {
    id: row.id,
    atMs: row.at,
    app: row.app_id,
    outcome: row.outcome as AuditEvent['outcome'],
    reason: row.reason,
    way: row.way as AuditWay,
    userId: row.user_id ?? undefined,
    requestId: row.request_id ?? undefined,
    network: row.network,
    step: row.step ?? undefined,
    tookMs: row.took_ms ?? undefined,
    amazonMs: row.amazon_ms ?? undefined,
    isNew: row.is_new === 1 ? true : undefined,
    actor: row.actor ?? undefined,
    detail: row.detail ?? undefined,
  }
}
