import type { Sealer } from '../crypto/sealer'
import { AmazonAuthError } from '../errors'

/** Remembers which keys may have sealed what is stored. Every method rejects with `store_unavailable`. */
export interface SealingKeyStore {
  /** Their ids; none for a store that is new. */
  list(): Promise<readonly string[]>
  add(keyId: string): Promise<void>
  /** Forgets all but one: nothing is sealed with them any more. */
  keepOnly(keyId: string): Promise<void>
}

/**
 * Makes sure, at a start, that everything sealed can be opened, and notes the key that seals from now on. Without this
 * a wrong key would show at the first login only.
 *
 * @param source Where the keys come from, for people.
 * @throws {AmazonAuthError} `secret_unreadable`: a key is missing. The cause says which, and what to do; nothing was
 *   written.
 */
export async function checkSealingKeys(
  sealer: Sealer,
  store: SealingKeyStore,
  source: string,
): Promise<void> {
  const given = sealer.keyIds()
  const noted = await store.list()
  const missing = noted.filter((id) => !given.includes(id))
  if (missing.length > 0) {
    const facts = { missingKeys: missing.join(', '), givenKeys: given.join(', ') }
    throw new AmazonAuthError('secret_unreadable', facts, new Error(describeMissing(source)))
  }
  const [current] = given
  if (!noted.includes(current)) await store.add(current)
}

function describeMissing(source: string): string {
  return (
    `this store holds secrets that none of the keys of ${source} opens. Start with the key they were sealed with: ` +
    'alone, or in para.secret_key behind a new one. It can be left out after `express-amazon-auth keys reseal`'
  )
}
