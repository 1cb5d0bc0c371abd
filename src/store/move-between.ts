import { checkSealingKeys } from '../apps/sealing-keys'
import { createSealer } from '../crypto/sealer'
import { sha256 } from '../crypto/random'
import type { Logger } from '../logger'
import { loadOrCreateMasterKey, describeKeyFile } from './master-key'
import { moveStore, type Move, type TableReport } from './sql/move-store'
import { openMigrated } from './sql/open-sql-store'
import type { SqlExecutor } from './sql/sql-executor'
import { sqlSealingKeyStore } from './sql/sql-sealing-key-store'
import { parseStoreUrl } from './store-url'

export interface MoveBetween extends Pick<Move, 'onProgress'> {
  /** URL of the store to move, as `store.url` has it. */
  readonly from: string
  readonly to: string
  /** Those configured; none: the target has a key file beside it. */
  readonly secretKeys: readonly string[]
  readonly logger: Logger
}

/** A batch is many statements, and nobody waits for an answer. */
const TIMEOUT_MS = 60_000

/**
 * Moves all that one store holds into another. Sealed secrets are moved as they are, so the keys of the target must open
 * them: that is made sure of before anything is written.
 *
 * @throws {AmazonAuthError} `secret_unreadable`, `store_unavailable`. And what {@link moveStore} throws.
 */
export async function moveBetween(options: MoveBetween): Promise<readonly TableReport[]> {
  const { from: url, onProgress } = options
  const from = await open(url, options)
  try {
    await requireKeys(from, options)
    const to = await open(options.to, options)
    try {
      return await moveStore({ from, to, source: sha256(url), onProgress })
    } finally {
      await to.close()
    }
  } finally {
    await from.close()
  }
}

function open(url: string, { logger }: MoveBetween): Promise<SqlExecutor> {
  return openMigrated(parseStoreUrl(url), { url, logger, poolSize: 1, timeoutMs: TIMEOUT_MS })
}

async function requireKeys(from: SqlExecutor, { to, secretKeys }: MoveBetween): Promise<void> {
  const keys = sqlSealingKeyStore(from)
  const noted = await keys.list()
  if (noted.length === 0) return
  const isGiven = secretKeys.length > 0
  const beside = isGiven ? undefined : loadOrCreateMasterKey({ storeUrl: to, mayCreate: false })
  const given = beside === undefined ? secretKeys : [beside]
  const sealer = createSealer(() => given, 'secrets at rest')
  const list = { ...keys, list: () => Promise.resolve(noted), add: () => Promise.resolve() }
  await checkSealingKeys(sealer, list, isGiven ? 'para.secret_key' : describeKeyFile(to))
}
