import { setTimeout as delay } from 'node:timers/promises'
import { Pool, type PoolClient } from 'pg'
import { AmazonAuthError } from '../../errors'
import type { Logger } from '../../logger'
import { postgresClientConfig } from './postgres-client-config'
import type { PostgresServer } from '../../postgres-url'
import { statementOf, type Statement } from './define-query'
import { ROW_TYPES, runBatch } from './postgres-batch'
import { isAnswer, isTransient, tellable, toStoreError } from './postgres-error'
import type { RowsOf, SqlExecutor } from './sql-executor'

export interface PostgresLimits {
  /** Connections at most. Default 10. */
  readonly poolSize: number
  /** How long a call may wait for a connection, new or of the pool, in milliseconds. Default 1500. */
  readonly connectTimeoutMs: number
  /** Limit for a call, waiting included, in milliseconds; the server ends a statement by itself after that. Default 2000. */
  readonly timeoutMs: number
}

const IDLE_TIMEOUT_MS = 300_000
/** Connections do not live for ever, so that the load spreads anew after a node of the database came back. */
const MAX_LIFETIME_SECONDS = 1800

const MAX_ATTEMPTS = 3
const LONGEST_PAUSE_MS = 50
/** How much longer a call waits for the server to say that it has ended a statement. */
const GRACE_MS = 250
/** More calls than this waiting for each connection are refused at once. */
const MAX_WAITING_PER_CONNECTION = 50
/** How long calls fail at once after the server could not be reached. */
const DOWN_MS = 250

/**
 * Opens a pool of connections to PostgreSQL, or to a database that speaks its protocol.
 *
 * A transaction that the server has rolled back for the sake of others (40001, 40P01) is tried three times in all. A read
 * whose connection breaks is tried on another one; a write is not, since nobody knows whether it was done.
 *
 * @param options.logger Told of idle connections that break.
 */
export async function openPostgresExecutor(
  options: PostgresLimits & { readonly server: PostgresServer; readonly logger: Logger },
): Promise<SqlExecutor> {
  const pool = createPool(options)
  const call = createCaller(pool, options)
  let closing: Promise<void> | undefined
  const executor: SqlExecutor = {
    read: async <Row>(statement: Statement<Row>) =>
      (await call([statement], { isRead: true }))[0] as Row[],
    write: <const Statements extends readonly Statement[]>(statements: Statements) =>
      call(statements, { isRead: false }) as Promise<RowsOf<Statements>>,
    close: () => (closing ??= pool.end()),
  }
  try {
    await requireUnicode(executor)
    return executor
  } catch (error) {
    await executor.close()
    throw error
  }
}

function createPool({
  server,
  logger,
  ...limits
}: Parameters<typeof openPostgresExecutor>[0]): Pool {
  const hasLimit = Number.isFinite(limits.timeoutMs)
  const pool = new Pool({
    ...postgresClientConfig(server),
    max: limits.poolSize,
    connectionTimeoutMillis: limits.connectTimeoutMs,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    maxLifetimeSeconds: MAX_LIFETIME_SECONDS,
    allowExitOnIdle: true,
    pipeline: true,
    types: ROW_TYPES,
    ...(hasLimit && {
      statement_timeout: limits.timeoutMs,
      idle_in_transaction_session_timeout: limits.timeoutMs,
    }),
  })
  pool.on('error', (error) => {
    logger.warn({ err: toStoreError(error) }, 'An idle connection to PostgreSQL broke')
  })
  // A connection that breaks at work tells its query as well; without a listener it would end the process.
  return pool.on('connect', (client) => void client.on('error', () => undefined))
}

type Call = (
  statements: readonly Statement[],
  kind: { readonly isRead: boolean },
) => Promise<unknown[][]>

function createCaller(pool: Pool, limits: PostgresLimits): Call {
  const acquire = createDoor(pool, limits)

  async function attempt(statements: readonly Statement[], deadline: number): Promise<unknown[][]> {
    const client = await acquire(deadline)
    let isOver = false
    try {
      return await before(deadline, runBatch(client, statements))
    } catch (error) {
      isOver = !isAnswer(error)
      throw error
    } finally {
      client.release(isOver)
    }
  }

  return async (statements, { isRead }) => {
    const deadline = performance.now() + limits.timeoutMs
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await attempt(statements, deadline)
      } catch (error) {
        const isWorthIt = isTransient(error) || (isRead && attempts === 1 && isBroken(error))
        if (!isWorthIt || attempts === MAX_ATTEMPTS || performance.now() > deadline) {
          throw toStoreError(error)
        }
      }
      await delay(Math.random() * LONGEST_PAUSE_MS)
    }
  }
}

/** Gives out connections, in time, and turns calls away while that is of no use. */
function createDoor(pool: Pool, { poolSize }: PostgresLimits) {
  let downUntil = 0
  return async (deadline: number): Promise<PoolClient> => {
    if (pool.waitingCount >= poolSize * MAX_WAITING_PER_CONNECTION) throw unavailable('busy')
    if (pool.idleCount === 0 && performance.now() < downUntil) throw unavailable('down')
    try {
      return await connect(pool, deadline)
    } catch (error) {
      if (pool.totalCount < poolSize) downUntil = performance.now() + DOWN_MS
      throw unavailable('no_connection', tellable(error))
    }
  }
}

async function connect(pool: Pool, deadline: number): Promise<PoolClient> {
  const connecting = pool.connect()
  return before(deadline, connecting).catch((error: unknown) => {
    // It may still come, when nobody waits for it any more.
    connecting.then(
      (client) => client.release(),
      () => undefined,
    )
    throw error
  })
}

async function before<T>(deadline: number, work: Promise<T>): Promise<T> {
  if (deadline === Infinity) return work
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    const ms = Math.max(deadline - performance.now(), 0) + GRACE_MS
    timer = setTimeout(() => reject(unavailable('no_answer')), ms)
  })
  return Promise.race([work, tooLate]).finally(() => clearTimeout(timer))
}

/** Neither an answer of the server nor a verdict of ours. */
function isBroken(error: unknown): boolean {
  return !isAnswer(error) && !(error instanceof AmazonAuthError)
}

function unavailable(postgres: string, cause?: unknown): AmazonAuthError {
  return new AmazonAuthError('store_unavailable', { postgres }, cause)
}

const ENCODING = statementOf<{ encoding: string }>(
  "SELECT current_setting('server_encoding') AS encoding",
)

async function requireUnicode(executor: SqlExecutor): Promise<void> {
  const [row] = await executor.read(ENCODING)
  if (row?.encoding === 'UTF8') return
  throw new Error(`its encoding is ${String(row?.encoding)}: create it with the encoding UTF8`)
}
