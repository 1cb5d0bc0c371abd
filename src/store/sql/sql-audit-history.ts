import { setImmediate } from 'node:timers/promises'

import type {
  AuditHistory,
  AuditPosition,
  HistoryFilter,
  HistoryPage,
  PageWanted,
} from '../../audit/audit-history'
import { MAX_USERS } from '../../audit/audit-history'
import { findLastSignIns } from './last-sign-ins'
import { AUDIT_PATHS, type AuditPath, type EventParams } from './audit-paths'
import { toAuditRecord } from './read-audit'
import type { SqlExecutor } from './sql-executor'

/** How long a page searches for what no index has. */
const PATIENCE_MS = 150
/** Events that one question passes over at first, and at most: SQLite does so on the event loop, in a few milliseconds. */
const FIRST_BITE = 200
const BITE = 2_500

/** What the audit trail has, in SQL. */
export function sqlAuditHistory(executor: SqlExecutor): AuditHistory {
  async function page(filter: HistoryFilter, wanted: PageWanted): Promise<HistoryPage> {
    const { userIds } = filter
    if (userIds === undefined) return search(executor, filter, undefined, wanted)
    if (userIds.length > MAX_USERS) throw new TypeError(`at most ${MAX_USERS} users`)
    const pages = await Promise.all(
      userIds.map((userId) => search(executor, filter, userId, wanted)),
    )
    return joinPages(pages, wanted.limit)
  }
  return { page, findLastSignIns: (appId, ids) => findLastSignIns(executor, appId, ids) }
}

/** Goes back along an index in bites, until the page is full, there is no more, or it takes too long. */
async function search(
  executor: SqlExecutor,
  filter: HistoryFilter,
  userId: string | undefined,
  { before, limit, patienceMs = PATIENCE_MS }: PageWanted,
): Promise<HistoryPage> {
  const path = choosePath(filter, userId)
  const untilMs = performance.now() + patienceMs
  const params = { ...paramsOf(filter, userId), limit: 0 }
  const events: HistoryPage['events'][number][] = []
  let from = startOf(filter, before)
  for (let bite = FIRST_BITE; ; bite = BITE) {
    const [passed] = await executor.read(path.pass({ ...params, ...from, bite }))
    const sinceMs = passed?.at ?? params.sinceMs
    const room = { ...params, ...from, sinceMs, limit: limit + 1 - events.length }
    events.push(...(await executor.read(path.between(room))).map(toAuditRecord))
    if (events.length > limit) return fullPage(events.slice(0, limit))
    if (passed === undefined) return { events, next: undefined, isCutOff: false }
    from = { atMs: passed.at, id: '' }
    if (performance.now() > untilMs) return { events, next: from, isCutOff: true }
    await setImmediate()
  }
}

function fullPage(events: HistoryPage['events']): HistoryPage {
  const { atMs = 0, id = '' } = events.at(-1) ?? {}
  return { events, next: { atMs, id }, isCutOff: false }
}

function startOf({ untilMs }: HistoryFilter, before: AuditPosition | undefined): AuditPosition {
  const end = { atMs: untilMs ?? Number.MAX_SAFE_INTEGER, id: '' }
  return before === undefined || isBefore(end, before) ? end : before
}

function paramsOf(
  { about, app, outcome, reason, notReason, way, actor, sinceMs = 0 }: HistoryFilter,
  userId: string | undefined,
): Omit<EventParams, keyof AuditPosition | 'limit'> {
  const isOfSignIns = about === 'sign_ins'
  const ways = isOfSignIns ? { way, notWay: 'operator' } : { way: 'operator', notWay: undefined }
  return { appId: app, userId, outcome, reason, notReason, actor, ...ways, sinceMs }
}

/** The narrowest index. */
function choosePath(filter: HistoryFilter, userId: string | undefined): AuditPath {
  const { about, app, outcome, reason } = filter
  const isOfApp = app !== undefined
  if (userId !== undefined) return AUDIT_PATHS.user
  if (about === 'changes') return isOfApp ? AUDIT_PATHS.changesOfApp : AUDIT_PATHS.changes
  // Whatever is not ok is the code of an error.
  const isFailure = outcome === 'failure' || (reason !== undefined && reason !== 'ok')
  if (!isFailure) return isOfApp ? AUDIT_PATHS.app : AUDIT_PATHS.all
  if (reason === undefined) return isOfApp ? AUDIT_PATHS.failuresOfApp : AUDIT_PATHS.failures
  return isOfApp ? AUDIT_PATHS.failuresOfAppFor : AUDIT_PATHS.failuresFor
}

/** One page of several searches. What lies behind the place to which one of them has come is left to the next page. */
function joinPages(pages: readonly HistoryPage[], limit: number): HistoryPage {
  const all = pages.flatMap(({ events }) => events).sort((a, b) => (isBefore(a, b) ? 1 : -1))
  const ends = pages.flatMap(({ next }) => next ?? []).sort((a, b) => (isBefore(a, b) ? 1 : -1))
  const [end] = ends
  const events = end === undefined ? all : all.filter((event) => !isBefore(event, end))
  if (events.length > limit) return fullPage(events.slice(0, limit))
  const isCutOff = pages.some((page) => page.isCutOff && page.next === end)
  return { events, next: end, isCutOff }
}

function isBefore(one: AuditPosition, other: AuditPosition): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.id < other.id)
}
