import type { AuditRecord } from '../audit/audit-history'
import type { Logger } from '../logger'
import { followAudit, type Following } from './follow-audit'
import { openWhole } from './sql/open-sql-store'
import { readAudit, readLatestAudit, type AuditFilter } from './sql/read-audit'
import { transferOptions } from './transfer-options'

export interface AuditOf {
  /** As `store.url` has it. */
  readonly url: string
  readonly logger: Logger
  readonly filter: AuditFilter
  /** The latest so many; undefined: all. */
  readonly limit: number | undefined
  /** Undefined: ends with what is there now. */
  readonly follow: Omit<Following, 'told'> | undefined
}

const PAGE = 500

/**
 * The audit trail of a store, the latest event last, a page in memory at a time.
 *
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function* auditOf(options: AuditOf): AsyncGenerator<readonly AuditRecord[]> {
  const { url, logger, filter, limit, follow } = options
  const from = await openWhole(transferOptions(url, logger))
  try {
    if (limit === undefined) {
      yield* follow === undefined
        ? readAudit(from, filter, PAGE)
        : followAudit(from, filter, { ...follow, told: [] })
      return
    }
    const told = await readLatestAudit(from, filter, limit)
    yield told
    if (follow === undefined) return
    // Older ones were not asked for.
    const sinceMs = told.length === limit ? (told[0]?.atMs ?? filter.sinceMs) : filter.sinceMs
    yield* followAudit(from, { ...filter, sinceMs }, { ...follow, told })
  } finally {
    await from.close()
  }
}
