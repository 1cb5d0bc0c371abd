import { setTimeout as wait } from 'node:timers/promises'

import type { AuditRecord } from '../audit/audit-history'
import { AmazonAuthError } from '../errors'
import { readAudit, type AuditFilter } from './sql/read-audit'
import type { SqlExecutor } from './sql/sql-executor'

export interface Following {
  /** What has been told already. */
  readonly told: readonly AuditRecord[]
  readonly signal: AbortSignal
  readonly now: () => number
  /** Told once when the store stops to answer; it is asked again until it does. */
  readonly onTrouble: () => void
}

const LOOK_EVERY_MS = 1_000
const PAGE = 500
/**
 * Events are written up to seconds after they have happened, by nodes whose clocks differ a little: each look goes back as
 * far, and passes over what it has told.
 */
const LATE_MS = 15_000

/** The events of a filter as they come, each once, until the signal. */
export async function* followAudit(
  from: SqlExecutor,
  filter: AuditFilter,
  { told, signal, now, onTrouble }: Following,
): AsyncGenerator<readonly AuditRecord[]> {
  const seen = new Map(told.map(({ id, atMs }) => [id, atMs]))
  let newestMs = told.at(-1)?.atMs ?? filter.sinceMs
  let isTroubled = false
  function lookFrom(): number {
    // An event of a clock that is ahead must not hide those of the others.
    const sinceMs = Math.max(filter.sinceMs, Math.min(newestMs, now()) - LATE_MS)
    for (const [id, atMs] of seen) if (atMs < sinceMs) seen.delete(id)
    return sinceMs
  }
  const isStopped = (): boolean => signal.aborted
  while (!isStopped()) {
    try {
      const sinceMs = lookFrom()
      for await (const page of readAudit(from, { ...filter, sinceMs }, PAGE)) {
        const fresh = page.filter(({ id }) => !seen.has(id))
        for (const { id, atMs } of page) seen.set(id, atMs)
        newestMs = Math.max(newestMs, page.at(-1)?.atMs ?? 0)
        lookFrom()
        if (isStopped()) return
        if (fresh.length > 0) yield fresh
      }
      isTroubled = false
    } catch (thrown) {
      if (!(thrown instanceof AmazonAuthError)) throw thrown
      if (!isTroubled) onTrouble()
      // oxlint-disable-next-line no-useless-assignment -- the next round reads it
      isTroubled = true
    }
    await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
  }
}
