import { counted } from '../counted'
import { resealAll } from '../crypto/reseal-all'
import type { Sealer } from '../crypto/sealer'
import { sealedFor } from './seal-grant'
import type { TokenStore } from './token-store'

/**
 * Seals all kept tokens with the first key: see {@link resealAll}.
 *
 * @returns How many it has sealed anew, and what no key opens, a line for each app.
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function resealTokens(
  store: Pick<TokenStore, 'listSealed' | 'reseal'>,
  sealer: Sealer,
): Promise<{ readonly resealed: number; readonly unreadable: readonly string[] }> {
  const lost = new Map<string, number>()
  const resealed = await resealAll(store, {
    sealer,
    sealedFor,
    onUnreadable: ({ appId }) => lost.set(appId, (lost.get(appId) ?? 0) + 1),
  })
  const unreadable = Array.from(
    lost,
    ([app, users]) => `${app}: Amazon's tokens of ${counted(users, 'user')}`,
  )
  return { resealed, unreadable }
}
