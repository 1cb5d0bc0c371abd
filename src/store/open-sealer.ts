import { checkSealingKeys } from '../apps/sealing-keys'
import { createSealer, type Sealer } from '../crypto/sealer'
import { describeKeySource, getMasterKeys, type KeySource } from './master-key'
import type { SqlExecutor } from './sql/sql-executor'
import { sqlSealingKeyStore } from './sql/sql-sealing-key-store'

/**
 * The sealer of secrets at rest, once it is sure that it opens all that a store holds. Notes no key in the store.
 *
 * @throws {AmazonAuthError} `secret_unreadable`, `store_unavailable`
 */
export async function openSealer(
  store: SqlExecutor,
  source: KeySource & { readonly mayCreate: boolean },
): Promise<Sealer> {
  const sealer = createSealer(() => getMasterKeys(source), 'secrets at rest')
  const keys = { ...sqlSealingKeyStore(store), add: () => Promise.resolve() }
  await checkSealingKeys(sealer, keys, describeKeySource(source))
  return sealer
}
