import { resealAll } from '../crypto/reseal-all'
import type { Sealer } from '../crypto/sealer'
import type { WebhookStore } from './webhook'
import { sealedFor } from './webhook-secrets'

/**
 * Seals the secrets of all endpoints with the first key: see {@link resealAll}.
 *
 * @returns How many it has sealed anew, and what no key opens, a line each.
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function resealWebhooks(
  store: Pick<WebhookStore, 'listSealed' | 'reseal'>,
  sealer: Sealer,
): Promise<{ readonly resealed: number; readonly unreadable: readonly string[] }> {
  const unreadable: string[] = []
  const resealed = await resealAll(store, {
    sealer,
    sealedFor,
    onUnreadable: ({ appId, id }) => unreadable.push(`${appId}: the secrets of the webhook ${id}`),
  })
  return { resealed, unreadable }
}
