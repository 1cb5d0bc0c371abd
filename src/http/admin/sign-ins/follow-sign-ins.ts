import type { Response } from 'express'

import type { AppJson } from '../../../apps/app-json'
import { LATE_MS, type FeedListener } from '../../../audit/audit-feed'
import type { AuditPosition, AuditRecord, HistoryFilter } from '../../../audit/audit-history'
import { AmazonAuthError } from '../../../errors'
import { signInRow } from '../../../pages/admin/sign-ins-page'
import { protectAnswer } from '../../answer'
import type { AdminVisit } from '../admin-route'
import { findAdminSession } from '../admin-session'
import { namePeople, unnamed } from './name-people'
import { readFilter, readPosition, writePosition, type AskedEvents } from './read-filter'

/** Followers of one process: each is a connection that stays. */
const MAX_STREAMS = 200
/** Followers of one app: its operator alone cannot take the places of all others. */
const MAX_OF_APP = 40
/** Rows told at once; a person reads no more of them. */
const MAX_ROWS = 100
/** What a browser that reads too slowly may leave waiting, in bytes. */
const MAX_WAITING = 512 * 1024
/** Proxies cut off what says nothing for a minute; whether the session has ended is asked as often. */
const HEARTBEAT_MS = 15_000
const RETRY_MS = 3_000

/**
 * Sign-ins as they come, as server-sent events. Each event is some rows, as they stand on the page, under the place of the last
 * of them; from that place a connection that was lost goes on (`Last-Event-ID`), and a page from where it was made (`after`).
 *
 * @throws {AmazonAuthError} `server_busy`: too many follow already. `request_invalid`, `store_unavailable`
 */
export async function followSignIns(visit: AdminVisit, app?: AppJson): Promise<void> {
  const { req, res, services, query } = visit
  requireRoom(visit, app)
  const asked = await readFilter(visit, 'sign_ins', app?.appIdentifier)
  // The store was asked: others have come meanwhile, and this browser may have gone.
  requireRoom(visit, app)
  if (res.destroyed) return
  const lastId = req.headers['last-event-id']
  const after = readPosition(typeof lastId === 'string' ? lastId : (query.get('after') ?? ''))
  const stream = new Stream(visit, app, asked)
  const waiting: AuditRecord[] = []
  let isReplayed = false
  const listener: FeedListener = {
    onEvents(events, isPartial) {
      if (isReplayed) stream.tell(events, isPartial)
      else waiting.push(...events)
    },
    onTrouble: (isTroubled) => stream.send(isTroubled ? 'trouble' : 'recovered', '{}'),
    onEnd: () => stream.end(),
  }
  const { outcome, reason = 'ok' } = asked.filter
  const onlyFailures = outcome === 'failure' || reason !== 'ok'
  const stop = services.auditFeed.follow({ app: asked.filter.app, onlyFailures }, listener)
  const heartbeat = setInterval(() => void stream.beat(), HEARTBEAT_MS)
  res.once('close', () => {
    clearInterval(heartbeat)
    stop()
  })
  stream.begin()
  stream.tell(await missed(after, asked, visit), false)
  isReplayed = true
  stream.tell(waiting, false)
}

function requireRoom({ services }: AdminVisit, app: AppJson | undefined): void {
  const { auditFeed } = services
  const isAppFull = app !== undefined && auditFeed.count(app.appIdentifier) >= MAX_OF_APP
  if (isAppFull || auditFeed.count() >= MAX_STREAMS || services.isDraining()) {
    throw new AmazonAuthError('server_busy')
  }
}

/** What has come since a place, and a little more, as events are written late: a page knows which rows it has. */
async function missed(
  after: AuditPosition | undefined,
  { filter }: AskedEvents,
  { services }: AdminVisit,
): Promise<readonly AuditRecord[]> {
  if (after === undefined) return []
  const sinceMs = Math.max(filter.sinceMs ?? 0, after.atMs - LATE_MS)
  try {
    const page = await services.auditHistory.page({ ...filter, sinceMs }, { limit: MAX_ROWS })
    return page.events.toReversed()
  } catch {
    // It comes with what the feed finds when the store answers again.
    return []
  }
}

/** One connection. */
class Stream {
  private readonly res: Response
  private telling = Promise.resolve()

  constructor(
    private readonly visit: AdminVisit,
    private readonly app: AppJson | undefined,
    private readonly asked: AskedEvents,
  ) {
    this.res = visit.res
  }

  begin(): void {
    const { res } = this
    protectAnswer(res)
    res.setHeader('Content-Type', 'text/event-stream; charset=utf-8')
    // Neither compressed nor kept back on the way.
    res.setHeader('Cache-Control', 'no-store, no-transform')
    res.setHeader('X-Accel-Buffering', 'no')
    res.flushHeaders()
    this.write(`retry: ${RETRY_MS}\n\n`)
  }

  /** In the order in which it is called, though names are looked up before. */
  tell(events: readonly AuditRecord[], isPartial: boolean): void {
    const meant = events.filter((event) => isMeant(event, this.asked.filter))
    const last = meant.at(-1)
    if (last === undefined) return
    const shown = meant.slice(-MAX_ROWS)
    const told = { isPartial: isPartial || meant.length > shown.length, at: writePosition(last) }
    this.telling = this.telling.then(() => this.tellRows(shown, told))
  }

  private async tellRows(
    events: readonly AuditRecord[],
    { isPartial, at }: { readonly isPartial: boolean; readonly at: string },
  ): Promise<void> {
    const { services, base, texts } = this.visit
    const named = await namePeople(events, services).catch(() => events.map(unnamed))
    const rows = named.map((event) => ({
      id: event.id,
      at: event.atMs,
      html: signInRow(event, { base, app: this.app }, texts).markup,
    }))
    this.send('sign_ins', JSON.stringify({ rows, isPartial }), at)
  }

  send(event: string, data: string, id?: string): void {
    this.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`)
  }

  /** A follower does not keep its session from ending, and ends with it. */
  async beat(): Promise<void> {
    const { req, services, operator } = this.visit
    try {
      const session = await findAdminSession(req, services, false)
      if (session?.operator.actor === operator.actor) {
        this.write(':\n\n')
        return
      }
      this.send('ended', '{}')
      this.end()
    } catch {
      // The store does not answer, and the feed tells so.
      this.write(':\n\n')
    }
  }

  end(): void {
    this.res.end()
  }

  private write(text: string): void {
    if (this.res.writableEnded || this.res.destroyed) return
    this.res.write(text)
    if (this.res.writableLength > MAX_WAITING) this.res.destroy()
  }
}

function isMeant(event: AuditRecord, filter: HistoryFilter): boolean {
  const { outcome, reason, notReason, way, userIds, sinceMs = 0, untilMs = Infinity } = filter
  return (
    (outcome ?? event.outcome) === event.outcome &&
    (reason ?? event.reason) === event.reason &&
    event.reason !== notReason &&
    (way ?? event.way) === event.way &&
    (userIds === undefined || userIds.includes(event.userId ?? '')) &&
    event.atMs >= sinceMs &&
    event.atMs < untilMs
  )
}
