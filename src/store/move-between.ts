import { sha256 } from '../crypto/random'
import type { Logger } from '../logger'
import { openSealer } from './open-sealer'
import { moveStore, type Move, type TableReport } from './sql/move-store'
import { openMigrated, openWhole } from './sql/open-sql-store'
import type { SqlExecutor } from './sql/sql-executor'
import { sqlSealingKeyStore } from './sql/sql-sealing-key-store'
import { transferOptions } from './transfer-options'

export interface MoveBetween extends Pick<Move, 'onProgress'> {
  /** URL of the store to move, as `store.url` has it. */
  readonly from: string
  readonly to: string
  /** Those configured; none: the target has a key file beside it. */
  readonly secretKeys: readonly string[]
  readonly logger: Logger
}

/**
 * Moves all that one store holds into another. Sealed secrets are moved as they are, so the keys of the target must open
 * them: that is made sure of before anything is written.
 *
 * @throws {AmazonAuthError} `secret_unreadable`, `store_unavailable`. And what {@link moveStore} throws.
 */
export async function moveBetween(options: MoveBetween): Promise<readonly TableReport[]> {
  const { from: url, onProgress } = options
  const from = await openWhole(transferOptions(url, options.logger))
  try {
    await requireKeys(from, options)
    const to = await openMigrated(transferOptions(options.to, options.logger))
    try {
      return await moveStore({ from, to, source: sha256(url), onProgress })
    } finally {
      await to.close()
    }
  } finally {
    await from.close()
  }
}

async function requireKeys(from: SqlExecutor, { to, secretKeys }: MoveBetween): Promise<void> {
  const noted = await sqlSealingKeyStore(from).list()
  if (noted.length > 0) await openSealer(from, { secretKeys, storeUrl: to, mayCreate: false })
}
