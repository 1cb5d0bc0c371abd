import { counted } from '../counted'
import type { Sealer } from '../crypto/sealer'
import { sealedFor } from './seal-grant'
import type { SealedTokens, TokenStore } from './token-store'

const BATCH = 100

/**
 * Seals all kept tokens with the first key, as far as they are not. May be stopped, and servers may run beside it: tokens
 * that change meanwhile stay as changed.
 *
 * @returns How many it has sealed anew, and what no key opens, a line for each app.
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function resealTokens(
  store: Pick<TokenStore, 'listSealed' | 'reseal'>,
  sealer: Sealer,
): Promise<{ readonly resealed: number; readonly unreadable: readonly string[] }> {
  const lost = new Map<string, number>()
  let resealed = 0
  for (let after: SealedTokens | undefined; ;) {
    const batch = await store.listSealed(after, BATCH)
    const changes = batch.flatMap((tokens) => {
      if (sealer.isCurrent(tokens.sealed)) return []
      const text = sealer.open(tokens.sealed, sealedFor(tokens))
      if (text !== undefined) return [{ ...tokens, to: sealer.seal(text, sealedFor(tokens)) }]
      lost.set(tokens.appId, (lost.get(tokens.appId) ?? 0) + 1)
      return []
    })
    if (changes.length > 0) resealed += await store.reseal(changes)
    after = batch.at(-1)
    if (after === undefined) break
  }
  const unreadable = Array.from(
    lost,
    ([app, users]) => `${app}: Amazon's tokens of ${counted(users, 'user')}`,
  )
  return { resealed, unreadable }
}
