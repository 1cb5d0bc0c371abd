import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import type { Response } from 'express'

import type { AppJson } from '../../../apps/app-json'
import type { AuditHistory, AuditRecord, HistoryFilter } from '../../../audit/audit-history'
import { toldOutcome } from '../../../audit/told-outcome'
import { beginDownload } from '../admin-answers'
import type { AdminVisit } from '../admin-route'
import { readFilter, type AskedEvents } from './read-filter'

type Format = 'csv' | 'jsonl'

/** Rows in memory at a time. */
const PAGE = 500
/** How long a browser may take nothing. */
const STALLED_MS = 60_000
const TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl; charset=utf-8' } as const

/**
 * All that a filter shows, the latest first, however much it is: as it is read, and no faster than it is taken. It ends with
 * the browser; a store that fails on the way cuts the file off, which browsers tell.
 */
export async function exportSignIns(
  visit: AdminVisit,
  format: Format,
  app?: AppJson,
): Promise<void> {
  const { req, res, services } = visit
  const asked = await readFilter(visit, 'sign_ins', app?.appIdentifier)
  const pages = readPages(services.auditHistory, asked, () => res.destroyed)
  // What fails at once is told by a page.
  const first = await pages.next()
  const fileName = `sign-ins${app === undefined ? '' : `-${app.appIdentifier}`}.${format}`
  beginDownload(res, { fileName, contentType: TYPES[format] })
  // A search may find nothing for a minute: proxies and browsers hear that it runs.
  res.flushHeaders()
  const texts = format === 'csv' ? toCsv(first, pages) : toJsonLines(first, pages)
  await pipeline(Readable.from(whileTaken(texts, res), { objectMode: false }), res).catch(
    (error: unknown) => {
      if (!req.destroyed && !res.destroyed) throw error
    },
  )
}

/** A download that nobody reads is cut off: it holds a place. */
async function* whileTaken(texts: AsyncIterable<string>, res: Response): AsyncGenerator<string> {
  for await (const text of texts) {
    const timer = setTimeout(() => res.destroy(), STALLED_MS)
    try {
      yield text
    } finally {
      // Left here, too, by who has closed the connection.
      clearTimeout(timer)
    }
  }
  res.setTimeout(STALLED_MS, () => res.destroy())
}

type Pages = AsyncGenerator<readonly AuditRecord[], undefined>
type First = IteratorResult<readonly AuditRecord[], undefined>

async function* readPages(history: AuditHistory, asked: AskedEvents, isOver: () => boolean): Pages {
  const filter: HistoryFilter = asked.filter
  let { before } = asked
  let isFirst = true
  do {
    const page = await history.page(filter, { limit: PAGE, before })
    // Of a search that goes on nothing may be found for long.
    if (isFirst || page.events.length > 0) yield page.events
    isFirst = false
    before = page.next
    // Who has left would be noticed with the next event only.
  } while (before !== undefined && !isOver())
}

async function* all(first: First, pages: Pages): AsyncGenerator<readonly AuditRecord[]> {
  if (first.value !== undefined && first.value.length > 0) yield first.value
  yield* pages
}

async function* toCsv(first: First, pages: Pages): AsyncGenerator<string> {
  yield COLUMNS.map(([name]) => name).join(',') + '\r\n'
  for await (const page of all(first, pages)) {
    yield page
      .map((event) => COLUMNS.map(([, value]) => toCell(value(event))).join(',') + '\r\n')
      .join('')
  }
}

async function* toJsonLines(first: First, pages: Pages): AsyncGenerator<string> {
  for await (const page of all(first, pages)) {
    yield page.map((event) => JSON.stringify({ time: timeOf(event), ...event }) + '\n').join('')
  }
}

type Cell = string | number | boolean | undefined

const COLUMNS: readonly (readonly [string, (event: AuditRecord) => Cell])[] = [
  ['time', timeOf],
  ['app', ({ app }) => app],
  ['outcome', toldOutcome],
  ['reason', ({ reason }) => reason],
  ['way', ({ way }) => way],
  ['user', ({ userId }) => userId],
  ['new_user', ({ isNew }) => isNew],
  ['step', ({ step }) => step],
  ['took_ms', ({ tookMs }) => tookMs],
  ['amazon_ms', ({ amazonMs }) => amazonMs],
  ['network', ({ network }) => network],
  ['request', ({ requestId }) => requestId],
  ['id', ({ id }) => id],
]

function timeOf({ atMs }: AuditRecord): string {
  return new Date(atMs).toISOString()
}

/**
 * A cell by RFC 4180. What a spreadsheet would run as a formula begins with an apostrophe, as an attempt can name an app as it
 * likes.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function toCell(value: Cell): string {
  const text = String(value ?? '')
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
