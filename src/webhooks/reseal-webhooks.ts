import type { Sealer } from '../crypto/sealer'
import type { WebhookKey, WebhookStore } from './webhook'
import { sealedFor } from './webhook-secrets'

const BATCH = 50

/**
 * Seals the secrets of all endpoints with the first key, as far as they are not. May be stopped, and servers may run beside it:
 * secrets that change meanwhile stay as changed.
 *
 * @returns How many it has sealed anew, and what no key opens, a line each.
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function resealWebhooks(
  store: Pick<WebhookStore, 'listSealed' | 'reseal'>,
  sealer: Sealer,
): Promise<{ readonly resealed: number; readonly unreadable: readonly string[] }> {
  const unreadable: string[] = []
  let resealed = 0
  for (let after: WebhookKey | undefined; ;) {
    const batch = await store.listSealed(after, BATCH)
    const changes = batch.flatMap((webhook) => {
      if (sealer.isCurrent(webhook.sealed)) return []
      const text = sealer.open(webhook.sealed, sealedFor(webhook))
      if (text !== undefined) return [{ ...webhook, to: sealer.seal(text, sealedFor(webhook)) }]
      unreadable.push(`${webhook.appId}: the secrets of the webhook ${webhook.id}`)
      return []
    })
    if (changes.length > 0) resealed += await store.reseal(changes)
    after = batch.at(-1)
    if (after === undefined) return { resealed, unreadable }
  }
}
