import { NO_NEWS } from '../../apps/app-changes'
import { AmazonAuthError } from '../../errors'
import type { Logger } from '../../logger'
import type { Tracing } from '../../telemetry/tracing'
import { loadPostgres, loadSqlite } from '../drivers'
import type { WholeStore } from '../store'
import { parseStoreUrl, type StoreLocation } from '../store-url'
import { adviceFor } from './advice-for'
import { inspectStore } from './inspect-store'
import { findLatestVersion, hasTable, migrate, type Dialect } from './migrate'
import { isBeingMoved } from './move-progress'
import { openLazily } from './open-lazily'
import type { PostgresLimits } from './open-postgres-executor'
import { sqlAppStore } from './sql-app-store'
import { sqlAuditHistory } from './sql-audit-history'
import { sqlAuditStore } from './sql-audit-store'
import { sqlBulkStore } from './sql-bulk-store'
import { ConstraintError, type SqlExecutor } from './sql-executor'
import { sqlRelinkStore } from './sql-relink-store'
import { sqlDeliveryStore } from './sql-delivery-store'
import { sqlDeviceLoginStore } from './sql-device-login-store'
import { sqlSealingKeyStore } from './sql-sealing-key-store'
import { sqlServingNodeStore } from './sql-serving-node-store'
import { sqlSessionStore } from './sql-session-store'
import { sqlSingleUseStore } from './sql-single-use-store'
import { sqlStatsStore } from './sql-stats-store'
import { sqlTokenStore } from './sql-token-store'
import { sqlUserStore } from './sql-user-store'
import { sqlUserTraces } from './sql-user-traces'
import { sqlWebhookStore } from './sql-webhook-store'
import { traceExecutor } from './trace-executor'

const LIMITS = { lockTimeoutMs: 5000, poolSize: 10, connectTimeoutMs: 1500, timeoutMs: 2000 }

/** SQLite works on the event loop. */
const LONG_BITE_MS = { memory: 10, file: 10, postgres: 100 }

export interface SqlStoreOptions extends Partial<PostgresLimits> {
  /** `sqlite:<file>`, `sqlite::memory:` or `postgres://…`. */
  readonly url: string
  readonly logger: Logger
  /** Told of each call. Default: nobody is. */
  readonly tracing?: Tracing
  /** SQLite: how long one call waits for locks of other processes, in milliseconds. Default 5000. */
  readonly lockTimeoutMs?: number
}

/** Everything this package keeps, in one database. */
export type SqlStore = WholeStore

/**
 * The SQL store. It returns at once: the database is opened at first use, and tried again at each use while it cannot
 * be. Every call rejects with `store_unavailable` (the cause says what to do) as long as that is so.
 *
 * @throws {TypeError} `url` is not one of a store. {@link PackageError}: the package that its kind needs is missing.
 */
export function openSqlStore(options: SqlStoreOptions): SqlStore {
  const location = parseStoreUrl(options.url)
  loadDriverOf(location)
  let isOpened = false
  const opened = openLazily(async () => {
    const whole = await openWhole(options)
    isOpened = true
    news?.start()
    return whole
  })
  const dialect = location.kind === 'postgres' ? 'postgres' : 'sqlite'
  const { tracing } = options
  const executor = tracing ? traceExecutor(opened, dialect, tracing) : opened
  const news =
    location.kind === 'postgres'
      ? loadPostgres().postgresAppChanges({
          server: location.server,
          executor,
          logger: options.logger,
        })
      : undefined
  return {
    apps: sqlAppStore(executor),
    users: sqlUserStore(executor),
    userTraces: sqlUserTraces(executor),
    relinking: sqlRelinkStore(executor),
    bulk: sqlBulkStore(executor, { longBiteMs: LONG_BITE_MS[location.kind] }),
    keptTokens: sqlTokenStore(executor),
    sessions: sqlSessionStore(executor),
    audit: sqlAuditStore(executor),
    stats: sqlStatsStore(executor),
    auditHistory: sqlAuditHistory(executor),
    sealingKeys: sqlSealingKeyStore(executor),
    servingNodes: sqlServingNodeStore(executor),
    singleUse: sqlSingleUseStore(executor),
    devices: sqlDeviceLoginStore(executor),
    webhooks: sqlWebhookStore(executor),
    deliveries: sqlDeliveryStore(executor),
    lacks: new Set(),
    ready: () => executor.ready(),
    isHealthy: () =>
      executor
        .read(findLatestVersion({}))
        .then(() => true)
        .catch(() => false),
    inspect: (look) =>
      inspectStore({ ...LIMITS, ...options, ...look, executor, isOpened: () => isOpened }),
    changes: news ?? NO_NEWS,
    async close() {
      await news?.close()
      await executor.close()
    },
  }
}

/**
 * As {@link openMigrated}, for all that takes the store for a whole one.
 *
 * @throws {AmazonAuthError} `store_unavailable`, also when a move into it has not been finished.
 */
export function openWhole(options: SqlStoreOptions): Promise<SqlExecutor> {
  return openMigrated(options, refuseHalfMoved)
}

type Check = (executor: SqlExecutor, dialect: Dialect) => Promise<void>

async function refuseHalfMoved(executor: SqlExecutor, dialect: Dialect): Promise<void> {
  if (!(await hasTable(executor, dialect, 'moves')) || !(await isBeingMoved(executor))) return
  throw new Error(
    'another store is being moved into it by migrate-store, which has not finished. Run migrate-store again, from the ' +
      'same store, to finish; or point store.url to another store',
  )
}

/** Opens the database of a URL, and brings its schema up to date. */
export async function openMigrated(
  options: SqlStoreOptions,
  check: Check = () => Promise.resolve(),
): Promise<SqlExecutor> {
  const location = parseStoreUrl(options.url)
  const place = placeOf(location)
  const { logger } = options
  loadDriverOf(location)
  try {
    const { executor, schemaVersion } = await open(location, options, check)
    logger.info({ ...place, schemaVersion }, 'Store opened')
    return executor
  } catch (error) {
    const cause = explain(String(Object.values(place)[0]), error)
    const failure = new AmazonAuthError('store_unavailable', place, cause)
    logger.error({ err: failure }, 'The store cannot be opened')
    throw failure
  }
}

function loadDriverOf({ kind }: StoreLocation): void {
  if (kind === 'postgres') loadPostgres()
  else loadSqlite()
}

/** What may be told of a location: no user, no password. */
function placeOf(location: StoreLocation): Readonly<Record<string, string>> {
  if (location.kind === 'memory') return { file: ':memory:' }
  if (location.kind === 'file') return { file: location.file }
  const { host, port, database } = location.server
  return { database: `${database} at ${host}:${port}` }
}

interface Migrated {
  readonly executor: SqlExecutor
  readonly schemaVersion: number
}

async function open(
  location: StoreLocation,
  options: SqlStoreOptions,
  check: Check,
): Promise<Migrated> {
  if (location.kind !== 'postgres') {
    const file = location.kind === 'memory' ? ':memory:' : location.file
    const { lockTimeoutMs } = { ...LIMITS, ...options }
    const executor = await loadSqlite().openSqliteExecutor({ file, lockTimeoutMs })
    return { executor, schemaVersion: await migrateOrClose(executor, 'sqlite', check) }
  }
  const { logger, poolSize, connectTimeoutMs, timeoutMs } = { ...LIMITS, ...options }
  const { openPostgresExecutor } = loadPostgres()
  const server = { server: location.server, logger, connectTimeoutMs }
  // A migration may take longer than any other call, and waits for nodes that are at it already.
  const migrator = await openPostgresExecutor({ ...server, poolSize: 1, timeoutMs: Infinity })
  const schemaVersion = await migrateOrClose(migrator, 'postgres', check)
  await migrator.close()
  return { executor: await openPostgresExecutor({ ...server, poolSize, timeoutMs }), schemaVersion }
}

async function migrateOrClose(
  executor: SqlExecutor,
  dialect: Dialect,
  check: Check,
): Promise<number> {
  try {
    const schemaVersion = await migrate(executor, dialect)
    await check(executor, dialect)
    return schemaVersion
  } catch (error) {
    await executor.close()
    throw error
  }
}

function explain(place: string, error: unknown): Error {
  const isOurs = error instanceof AmazonAuthError || error instanceof ConstraintError
  const reason: unknown = isOurs ? (error.cause ?? {}) : error
  // Not `instanceof`: under Jest errors of Node are of another realm.
  const { message = 'it does not answer', code } = reason as Partial<NodeJS.ErrnoException>
  const why = [message, adviceFor(code)].filter(Boolean).join('; ')
  return new Error(`${place} cannot be opened: ${why}.`, { cause: reason })
}
