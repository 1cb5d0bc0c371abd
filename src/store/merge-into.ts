import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createSealer, type Sealer } from '../crypto/sealer'
import type { Logger } from '../logger'
import { createUserIds } from '../users/user-id'
import { loadSqlite } from './drivers'
import type { Incoming } from './incoming'
import type { KeySource } from './master-key'
import { openSealer } from './open-sealer'
import { IncomingStage } from './sql/incoming-stage'
import { mergeApp, type MergeApp, type MergedApp } from './sql/merge-app'
import { MERGED_AT_ONCE, mergeUsers, type MergedUser, type MergeUsers } from './sql/merge-users'
import { openWhole } from './sql/open-sql-store'
import type { SqlExecutor } from './sql/sql-executor'
import { sqlSealingKeyStore } from './sql/sql-sealing-key-store'
import { parseStoreUrl } from './store-url'
import { transferOptions } from './transfer-options'

export interface MergeInto
  extends
    KeySource,
    Pick<MergeUsers, 'winner' | 'takesOthers' | 'applies'>,
    Pick<MergeApp, 'secret' | 'configuredSecret'> {
  readonly incoming: AsyncIterable<Incoming>
  /** Ids of the apps to bring in; undefined: all. */
  readonly apps?: readonly string[] | undefined
  readonly logger: Logger
  /** Called with each app that is looked at, before its users are. */
  readonly onApp: (merged: MergedApp, users: number) => void
  /** Called with each user of an app that is not left out. */
  readonly onUser: (merged: MergedUser) => void
  /** Called now and then: users looked at, and users in all. */
  readonly onProgress: (done: number, total: number) => void
}

/**
 * Brings apps and users of another system into a store, beside those that are there: each app and each user by itself,
 * and again as often as anybody likes. Cut off, the next run goes on where this one was. What comes in lies in a
 * database of its own meanwhile, of which a process that is killed leaves nothing.
 *
 * @throws {AmazonAuthError} `secret_unreadable`, `store_unavailable`. And what `incoming` throws: nothing has been written
 *   then.
 * @throws {PackageError} libsql is missing.
 */
export async function mergeInto(options: MergeInto): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'express-amazon-auth-'))
  try {
    const file = join(folder, `${randomUUID()}.db`)
    const scratch = { file, lockTimeoutMs: 5_000, isScratch: true }
    const database = await loadSqlite().openSqliteExecutor(scratch)
    try {
      const stage = await IncomingStage.create(database)
      // It stays open without its name, and is gone with the process; Windows keeps the name until the end.
      await rm(folder, { recursive: true, force: true }).catch(() => undefined)
      for await (const each of options.incoming) await stage.add(each)
      await stage.finish()
      await mergeStage(stage, options)
    } finally {
      await database.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function mergeStage(stage: IncomingStage, options: MergeInto): Promise<void> {
  const { to, sealer } = await openTarget(options)
  try {
    await mergeAll(stage, { to, sealer }, options)
  } finally {
    await to.close()
  }
}

interface Target {
  readonly to: SqlExecutor
  readonly sealer: Sealer
}

/** A plan makes no store: one that is not there is as empty as one in memory. */
async function openTarget({ storeUrl, secretKeys, applies, logger }: MergeInto): Promise<Target> {
  const location = parseStoreUrl(storeUrl)
  if (!applies && location.kind === 'file' && !existsSync(location.file)) {
    const to = await openWhole(transferOptions('sqlite::memory:', logger))
    return { to, sealer: createSealer(() => [randomUUID()], 'a plan') }
  }
  const to = await openWhole(transferOptions(storeUrl, logger))
  const mayCreate = applies && (await sqlSealingKeyStore(to).list()).length === 0
  try {
    return { to, sealer: await openSealerOf(to, { storeUrl, secretKeys, mayCreate }) }
  } catch (thrown) {
    await to.close()
    throw thrown
  }
}

/** A store without any secret has no key yet, and a plan makes none. */
async function openSealerOf(
  to: SqlExecutor,
  source: KeySource & { readonly mayCreate: boolean },
): Promise<Sealer> {
  const isUnused = (await sqlSealingKeyStore(to).list()).length === 0
  if (isUnused && !source.mayCreate) return createSealer(() => [randomUUID()], 'a plan')
  return openSealer(to, source)
}

async function mergeAll(
  stage: IncomingStage,
  { to, sealer }: Target,
  options: MergeInto,
): Promise<void> {
  const wanted = (await stage.apps()).filter(({ id }) => options.apps?.includes(id) !== false)
  const total = wanted.reduce((sum, { users }) => sum + users, 0)
  const nextUserId = createUserIds()
  let seen = 0
  for (const { id, app, users } of wanted) {
    const merge = await mergeApp(id, app, { ...options, to, sealer })
    const { merged } = merge
    options.onApp(merged, users)
    if (merged.outcome === 'left') continue
    const ofApp = { ...options, to, appId: id, nextUserId }
    for await (const staged of stage.usersOf(id, MERGED_AT_ONCE)) {
      for (const user of await mergeUsers(staged, ofApp)) options.onUser(user)
      seen += staged.length
      options.onProgress(seen, total)
    }
    await merge.finish()
  }
}
