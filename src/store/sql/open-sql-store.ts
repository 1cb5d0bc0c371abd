import type { AppStore } from '../../apps/app'
import type { AuditStore } from '../../audit/audit-event'
import { AmazonAuthError } from '../../errors'
import type { Logger } from '../../logger'
import type { SealingKeyStore } from '../../apps/sealing-keys'
import type { SessionStore } from '../../sessions/session-store'
import type { SingleUseStore } from '../../tokens/single-use'
import type { UserStore } from '../../users/user'
import { parseStoreUrl } from '../store-url'
import { migrate, readSchemaVersion } from './migrate'
import { openLazily } from './open-lazily'
import { openSqliteExecutor } from './open-sqlite-executor'
import { sqlAppStore } from './sql-app-store'
import { sqlAuditStore } from './sql-audit-store'
import type { SqlExecutor } from './sql-executor'
import { sqlSealingKeyStore } from './sql-sealing-key-store'
import { sqlSessionStore } from './sql-session-store'
import { sqlSingleUseStore } from './sql-single-use-store'
import { sqlUserStore } from './sql-user-store'

const LOCK_TIMEOUT_MS = 5000

/** What the operator can do, by the code of SQLite or of the file system. */
const ADVICE: ReadonlyMap<unknown, string> = new Map([
  ['SQLITE_NOTADB', 'move the file away, or correct store.url'],
  ['SQLITE_CORRUPT', 'restore the file from a backup'],
  ['SQLITE_READONLY', 'let this process write the file and its directory'],
  ['EACCES', 'let this process write the file and its directory'],
  ['SQLITE_BUSY', 'end the process that keeps the file locked'],
])

export interface SqlStoreOptions {
  /** `sqlite:<file>` or `sqlite::memory:`. */
  readonly url: string
  readonly logger: Logger
  /** How long one call waits for locks of other processes, in milliseconds. Default 5000. */
  readonly lockTimeoutMs?: number
}

/** Everything this package keeps, in one database. */
export interface SqlStore {
  readonly apps: AppStore
  readonly users: UserStore
  readonly sessions: SessionStore
  readonly audit: AuditStore
  readonly sealingKeys: SealingKeyStore
  readonly singleUse: SingleUseStore
  /** Opens the database and brings its schema up to date, if no call has done so yet. */
  ready(): Promise<void>
  /** Whether the database answers. */
  isHealthy(): Promise<boolean>
  /** Ends it: calls are rejected from now on. */
  close(): Promise<void>
}

/**
 * The SQL store. It returns at once: the database is opened at first use, and tried again at each use while it cannot
 * be. Every call rejects with `store_unavailable` (the cause says what to do) as long as that is so.
 *
 * @throws {TypeError} `url` is not one of a store.
 */
export function openSqlStore(options: SqlStoreOptions): SqlStore {
  const location = parseStoreUrl(options.url)
  if (location.kind === 'postgres') throw new TypeError('PostgreSQL is not supported yet.')
  const file = location.kind === 'memory' ? ':memory:' : location.file
  const executor = openLazily(() => openMigrated(file, options))
  return {
    apps: sqlAppStore(executor),
    users: sqlUserStore(executor),
    sessions: sqlSessionStore(executor),
    audit: sqlAuditStore(executor),
    sealingKeys: sqlSealingKeyStore(executor),
    singleUse: sqlSingleUseStore(executor),
    ready: () => executor.ready(),
    isHealthy: () =>
      readSchemaVersion(executor).then(
        () => true,
        () => false,
      ),
    close: () => executor.close(),
  }
}

async function openMigrated(file: string, options: SqlStoreOptions): Promise<SqlExecutor> {
  const { logger, lockTimeoutMs = LOCK_TIMEOUT_MS } = options
  let executor: SqlExecutor | undefined
  try {
    executor = await openSqliteExecutor({ file, lockTimeoutMs })
    const schemaVersion = await migrate(executor)
    logger.info({ file, schemaVersion }, 'Store opened')
    return executor
  } catch (error) {
    await executor?.close()
    const failure = new AmazonAuthError('store_unavailable', { file }, explain(file, error))
    logger.error({ err: failure }, 'The store cannot be opened')
    throw failure
  }
}

function explain(file: string, error: unknown): Error {
  const reason: unknown = error instanceof AmazonAuthError ? error.cause : error
  // Not `instanceof`: under Jest errors of Node are of another realm.
  const { message, code } = reason as Partial<NodeJS.ErrnoException>
  const why = [message, ADVICE.get(code)].filter(Boolean).join('; ')
  return new Error(`${file} cannot be opened: ${why}.`, { cause: reason })
}
