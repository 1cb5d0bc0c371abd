import { constants, existsSync } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

import { randomText } from '../../crypto/random'
import type { StoreFacts } from '../../doctor/site'
import { toAmazonAuthError } from '../../errors'
import type { Logger } from '../../logger'
import { loadPostgres, loadSqlite } from '../drivers'
import { describeStore, parseStoreUrl, type StoreLocation } from '../store-url'
import { adviceFor } from './advice-for'
import { defineQuery } from './define-query'
import { readSchemaVersion, type Dialect } from './migrate'
import { MIGRATIONS } from './migrations'
import type { SqlExecutor } from './sql-executor'

export interface InspectedStore {
  readonly url: string
  readonly logger: Logger
  readonly lockTimeoutMs: number
  readonly connectTimeoutMs: number
  readonly timeoutMs: number
  /** The store itself, which is opened for work, and so brought up to date, at its first use. */
  readonly executor: SqlExecutor
  /** Whether it has been opened. */
  isOpened(): boolean
  /** Whether a write is tried, which may have to wait for those of others. */
  readonly triesWrite: boolean
}

/**
 * Looks at a store without changing it: one that is not there is not made, and one of an older release stays as it is. The
 * write that is tried leaves nothing. Never rejects.
 */
export async function inspectStore(store: InspectedStore): Promise<StoreFacts> {
  const location = parseStoreUrl(store.url)
  const place = describeStore(store.url)
  const knownVersion = MIGRATIONS.length
  const facts = { place, knownVersion, ...(await measureRoom(location)) }
  if (location.kind === 'file' && !store.isOpened() && !existsSync(location.file)) {
    const problem = await whyNotMade(location.file)
    return problem === undefined
      ? { ...facts, state: 'missing' }
      : { ...facts, state: 'broken', problem }
  }
  try {
    const schemaVersion = await peekVersion(location, store)
    if (schemaVersion === 0) return { ...facts, state: 'empty' }
    if (schemaVersion < knownVersion) return { ...facts, state: 'older', schemaVersion }
    if (schemaVersion > knownVersion) return { ...facts, state: 'newer', schemaVersion }
    // What else stands against its use shows here: a move into it that has not been finished.
    await readSchemaVersion(store.executor, dialectOf(location))
    const written = store.triesWrite ? await tryWrite(store.executor) : {}
    return { ...facts, state: 'open', schemaVersion, ...written }
  } catch (thrown) {
    return { ...facts, state: 'broken', problem: describe(thrown) }
  }
}

/** What keeps the first start from making a file; undefined: nothing that shows without trying it. */
async function whyNotMade(file: string): Promise<string | undefined> {
  let folder = dirname(resolve(file))
  while (!existsSync(folder)) folder = dirname(folder)
  try {
    // With a slash behind it, what is no folder is not there.
    await access(`${folder}/`, constants.W_OK | constants.X_OK)
    return undefined
  } catch (thrown) {
    const { code = '' } = thrown as NodeJS.ErrnoException
    return `it is not there, and cannot be made in ${folder} (${code}); let this user write there, or correct store.url`
  }
}

/** By a connection of its own, unless the store is in use already. */
async function peekVersion(location: StoreLocation, store: InspectedStore): Promise<number> {
  const dialect = dialectOf(location)
  if (store.isOpened() || location.kind === 'memory') {
    return readSchemaVersion(store.executor, dialect)
  }
  const { logger, connectTimeoutMs, timeoutMs, lockTimeoutMs } = store
  const executor =
    location.kind === 'postgres'
      ? await loadPostgres().openPostgresExecutor({
          server: location.server,
          logger,
          connectTimeoutMs,
          timeoutMs,
          poolSize: 1,
        })
      : await loadSqlite().openSqliteExecutor({ file: location.file, lockTimeoutMs })
  try {
    return await readSchemaVersion(executor, dialect)
  } finally {
    await executor.close()
  }
}

function dialectOf({ kind }: StoreLocation): Dialect {
  return kind === 'postgres' ? 'postgres' : 'sqlite'
}

const insertMark = defineQuery((db, params: { name: string }) =>
  db.insertInto('used_once').values({ app_id: '', name_hash: params.name, expires_at: 0 }),
)
const deleteMark = defineQuery((db, params: { name: string }) =>
  db.deleteFrom('used_once').where('app_id', '=', '').where('name_hash', '=', params.name),
)

async function tryWrite(
  executor: SqlExecutor,
): Promise<Pick<StoreFacts, 'writeMs' | 'writeProblem'>> {
  const name = `doctor ${randomText(12)}`
  const startedMs = performance.now()
  try {
    await executor.write([insertMark({ name }), deleteMark({ name })])
    return { writeMs: performance.now() - startedMs }
  } catch (thrown) {
    return { writeProblem: describe(thrown) }
  }
}

async function measureRoom(location: StoreLocation): Promise<Pick<StoreFacts, 'freeBytes'>> {
  if (location.kind !== 'file') return {}
  try {
    const { bavail, bsize } = await statfs(dirname(location.file))
    return { freeBytes: bavail * bsize }
  } catch {
    return {}
  }
}

/** In words of the database that name no value of a row. */
function describe(thrown: unknown): string {
  const { cause, facts } = toAmazonAuthError(thrown)
  const reason: unknown = cause ?? thrown
  const { message = 'it does not answer', code } = reason as Partial<NodeJS.ErrnoException>
  const told = typeof facts.reason === 'string' ? facts.reason : message
  return [told.replace(/\.$/, ''), adviceFor(code)].filter(Boolean).join('; ')
}
