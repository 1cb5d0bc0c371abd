import type { IncomingHttpHeaders } from 'node:http'
import { LRUCache } from 'lru-cache'

import type { Optional } from '../optional'

const MAX_COUNTED_PATHS = 1000

/**
 * One request that reached the emulator. Requests to `/` and `/emulator/…` are not written down.
 */
export interface JournalEntry {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** A repeated parameter is a list. */
  readonly query: Readonly<Record<string, string | string[]>>
  readonly headers: Readonly<IncomingHttpHeaders>
  /** The form, decoded; empty for any other body. */
  readonly body: Readonly<Record<string, string | string[]>>
  /** Status sent; undefined while none is, as when the connection was reset or hangs. */
  readonly status: number | undefined
  /** When it came, in milliseconds since 1970. */
  readonly atMs: number
}

/** A row that can still change: `status` is read when somebody looks. */
type Row = Omit<JournalEntry, 'status'> & { readStatus: () => number | undefined }

/** Which entries to return; a field left out matches all. */
export type JournalFilter = Optional<Pick<JournalEntry, 'method' | 'path' | 'status'>>

/** The last requests, oldest first: at most `maxEntries`. */
export class Journal {
  private rows: Row[] = []
  private total = 0
  private readonly counts = new LRUCache<string, number>({ max: MAX_COUNTED_PATHS })

  constructor(private readonly maxEntries = 10_000) {}

  /** @internal The emulator's own pen. */
  write(row: Row): void {
    this.total += 1
    this.counts.set(row.path, this.count(row.path) + 1)
    this.rows.push(row)
    // Cut in blocks: moving the whole list at every request would cost more than the request.
    if (this.rows.length >= this.maxEntries * 1.1) this.rows = this.latest()
  }

  entries(filter: JournalFilter = {}): readonly JournalEntry[] {
    return this.latest()
      .map(({ readStatus, ...row }) => ({ ...row, status: readStatus() }))
      .filter(
        (entry) =>
          (filter.method ?? entry.method) === entry.method &&
          (filter.path ?? entry.path) === entry.path &&
          (filter.status ?? entry.status) === entry.status,
      )
  }

  /**
   * Number of requests since the last `clear()`, also of those no longer kept.
   *
   * @param path Such as `/auth/o2/token`. Default: any.
   */
  count(path?: string): number {
    return path === undefined ? this.total : (this.counts.get(path) ?? 0)
  }

  clear(): void {
    this.rows = []
    this.total = 0
    this.counts.clear()
  }

  private latest(): Row[] {
    return this.rows.slice(-this.maxEntries)
  }
}
