import type { Span } from './span'
import type { Sums } from './sums'

/** Which sums are asked for: of an app (or of `ALL_APPS`), of the periods that begin from one time to before another. */
export interface StatsRange {
  readonly app: string
  readonly span: Span
  /** Milliseconds since 1970. */
  readonly fromMs: number
  readonly untilMs: number
}

export interface FailureCount {
  /** Code of the error. */
  readonly reason: string
  readonly way: string
  readonly count: number
}

export interface BusyApp {
  readonly app: string
  readonly sums: Sums
}

/** Sums of sign-ins by period; they are written with the audit trail. Every method rejects with `store_unavailable` when the store does not answer. */
export interface StatsStore {
  /** Periods in which anything was counted, the earliest first. */
  read(range: StatsRange): Promise<readonly { readonly atMs: number; readonly sums: Sums }[]>
  /** What failed in all of the range together, the most frequent first. */
  readFailures(range: StatsRange): Promise<readonly FailureCount[]>
  /** The apps with most sign-ins, or most failures, of one day, among them names that no app has as one. */
  listBusiest(by: 'succeeded' | 'failed', dayMs: number, limit: number): Promise<readonly BusyApp[]>
  /** Removes periods of a span that began before a time, at most `limit`; returns how many. */
  deleteBefore(span: Span, atMs: number, limit: number): Promise<number>
}
