import Database from 'libsql'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { AmazonAuthError } from '../../errors'
import type { Query, Statement } from './define-query'
import type { RowsOf, SqlExecutor } from './sql-executor'
import { ConstraintError } from './sql-executor'
import { sqliteCheckpoints, type Checkpoints } from './sqlite-checkpoints'

/**
 * In WAL mode reads and writes do not wait for each other; NORMAL syncs at checkpoints alone, which are made beside the
 * event loop: a killed process loses nothing.
 */
const SETUP =
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA foreign_keys = ON'

/** Of what nobody needs once its process has ended: nothing of it has to be safe on the disk. */
const SCRATCH_SETUP =
  'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -32768'

const LONGEST_PAUSE_MS = 50

/**
 * Opens an SQLite file, and makes it (mode 0600) with its directory when it is missing.
 *
 * libsql is synchronous, so a lock of another process must never be waited for inside it: its own busy timeout is 0,
 * and a locked database is tried again from a timer.
 *
 * @param options.file Absolute path, or `:memory:`.
 * @param options.lockTimeoutMs How long a call may wait for locks of other processes, in milliseconds.
 * @param options.isScratch Whether it serves this process alone, and only as long as that lives. Default: false.
 */
export async function openSqliteExecutor(options: {
  readonly file: string
  readonly lockTimeoutMs: number
  readonly isScratch?: boolean
}): Promise<SqlExecutor> {
  const { file, lockTimeoutMs, isScratch = false } = options
  const database = openDatabase(file)
  const attempt = <T>(run: () => T) => whenUnlocked(run, database, lockTimeoutMs)
  const checkpoints = sqliteCheckpoints(isScratch ? ':memory:' : file)
  const executor = buildExecutor(database, attempt, checkpoints)
  try {
    await attempt(() => database.exec(isScratch ? SCRATCH_SETUP : SETUP))
    return executor
  } catch (error) {
    database.close()
    throw error
  }
}

function openDatabase(file: string): Database.Database {
  if (file !== ':memory:') {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    closeSync(openSync(file, 'a', 0o600))
  }
  return new Database(file, { timeout: 0 })
}

function buildExecutor(
  database: Database.Database,
  attempt: <T>(run: () => T) => Promise<T>,
  checkpoints: Checkpoints,
): SqlExecutor {
  const prepared = new Map<Query, PreparedQuery>()

  function run({ query, values }: Statement): unknown[] {
    let statement = prepared.get(query)
    if (statement === undefined) {
      statement = prepare(database, query.sqlite)
      prepared.set(query, statement)
    }
    return statement(values)
  }

  /** A write that fails takes no other along: then each is tried alone. */
  async function writeAll(writes: readonly Write[]): Promise<void> {
    const write = () => writes.map(({ statements }) => statements.map(run))
    try {
      const rows = await attempt(() => inTransaction(database, write))
      for (const [index, { resolve }] of writes.entries()) resolve(rows[index] ?? [])
    } catch (error) {
      if (writes.length === 1 || isOutOfReach(error)) for (const { reject } of writes) reject(error)
      else for (const alone of writes) await writeAll([alone])
    }
    checkpoints.afterWrite()
  }
  const write = writeTogether(writeAll)

  return {
    read: <Row>(statement: Statement<Row>) => attempt(() => run(statement) as Row[]),
    write: async <const Statements extends readonly Statement[]>(statements: Statements) =>
      (await write(statements)) as RowsOf<Statements>,
    async close() {
      // What was written in this turn is still done.
      await new Promise((resolve) => setImmediate(resolve))
      await checkpoints.close()
      prepared.clear()
      close(database)
    },
  }
}

interface Write {
  readonly statements: readonly Statement[]
  readonly resolve: (rows: unknown[][]) => void
  readonly reject: (error: unknown) => void
}

/** Of the statements of one transaction: it holds the event loop. */
const MAX_TOGETHER = 16

/** Lets what is written in one turn of the event loop share a transaction, which costs more than what is in it. */
function writeTogether(
  writeAll: (writes: readonly Write[]) => Promise<void>,
): (statements: readonly Statement[]) => Promise<unknown[][]> {
  let waiting: Write[] = []
  let count = 0

  function flush(): void {
    const writes = waiting
    waiting = []
    count = 0
    if (writes.length > 0) void writeAll(writes)
  }
  return (statements) =>
    new Promise((resolve, reject) => {
      if (count + statements.length > MAX_TOGETHER) flush()
      if (waiting.length === 0) setImmediate(flush)
      waiting.push({ statements, resolve, reject })
      count += statements.length
    })
}

type PreparedQuery = (values: readonly unknown[]) => unknown[]

/** Rows come as arrays, and get their names here: libsql makes the text of each name anew for each row. */
function prepare(database: Database.Database, sql: string): PreparedQuery {
  const statement = database.prepare(sql)
  const names = statement.columns().map(({ name }) => name)
  if (names.length === 0) {
    // Half as dear as `all`, which comes to the same where there are no rows.
    return (values) => {
      statement.run(values)
      return []
    }
  }
  statement.raw()
  return (values) => {
    const rows = statement.all(values) as (readonly unknown[])[]
    return rows.map((row) => {
      const named: Record<string, unknown> = {}
      for (let index = 0; index < names.length; index += 1) named[names[index] ?? ''] = row[index]
      return named
    })
  }
}

/**
 * Even one statement gets its own BEGIN IMMEDIATE. Only that may find the database locked: a data statement that did
 * would stay open in libsql, and keep whatever is written next from being committed.
 */
function inTransaction<T>(database: Database.Database, run: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = run()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite has rolled back by itself when the disk is full or broken.
    if (database.inTransaction) database.exec('ROLLBACK')
    throw error
  }
}

async function whenUnlocked<T>(
  run: () => T,
  database: Database.Database,
  lockTimeoutMs: number,
): Promise<T> {
  const deadline = performance.now() + lockTimeoutMs
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      if (!database.open) throw new AmazonAuthError('store_unavailable', { reason: 'closed' })
      return run()
    } catch (error) {
      if (!isLocked(error) || performance.now() > deadline) throw toStoreError(error)
    }
    await setTimeout(pauseMs * (0.5 + Math.random() / 2))
  }
}

/** libsql frees statements only with the garbage, so closing alone would leave data in the `-wal` file for long. */
function close(database: Database.Database): void {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch {
    // Then it stays there until the file is opened again.
  }
  database.close()
}

function isLocked(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')
}

/** Locked for too long, or closed: no write of the same moment would fare better alone. */
function isOutOfReach(error: unknown): boolean {
  if (!(error instanceof AmazonAuthError)) return false
  const { sqlite = 'SQLITE_BUSY' } = error.facts
  return String(sqlite).startsWith('SQLITE_BUSY')
}

/** Messages of SQLite name tables and columns, never values, so the error may stand as the cause. */
function toStoreError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  switch (error.code) {
    case 'SQLITE_CONSTRAINT_UNIQUE':
    case 'SQLITE_CONSTRAINT_PRIMARYKEY':
      return new ConstraintError('unique', error)
    case 'SQLITE_CONSTRAINT_FOREIGNKEY':
      return new ConstraintError('foreign_key', error)
    default:
      return new AmazonAuthError('store_unavailable', { sqlite: error.code }, error)
  }
}
