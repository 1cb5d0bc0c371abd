import type { Logger } from '../logger'
import type { SqlStoreOptions } from './sql/open-sql-store'

/** A batch is many statements, and nobody waits for an answer. */
const TIMEOUT_MS = 60_000

/** How a store is opened for a command that reads or writes all of it: one connection, and patience. */
export function transferOptions(url: string, logger: Logger): SqlStoreOptions {
  return { url, logger, poolSize: 1, timeoutMs: TIMEOUT_MS }
}
