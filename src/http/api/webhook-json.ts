import type { Delivery } from '../../webhooks/delivery'
import type { Webhook } from '../../webhooks/webhook-admin'

/** An endpoint as clients see it. */
export function toWebhookJson(webhook: Webhook & { readonly secret?: string }, nowMs: number) {
  const { id, url, events, off, failingSinceMs, formerUntilMs, secret } = webhook
  return {
    id,
    url,
    events,
    active: off === undefined,
    ...(off !== undefined && { off }),
    ...(failingSinceMs !== undefined && { failing_since: failingSinceMs }),
    ...(formerUntilMs > nowMs && { former_secret_until: formerUntilMs }),
    ...(secret !== undefined && { secret }),
    timestamp: webhook.createdAtMs,
    updated: webhook.updatedAtMs,
  }
}

/** A delivery as clients see it: what was sent is not in it. */
export function toDeliveryJson({ id, type, atMs, userId, state, nextTryAtMs, tries }: Delivery) {
  return {
    id,
    type,
    timestamp: atMs,
    ...(userId !== undefined && { user: userId }),
    state,
    ...(nextTryAtMs !== undefined && { next_attempt: nextTryAtMs }),
    attempts: tries.map(({ atMs: at, tookMs: ms, status, error }) => ({
      at,
      ms,
      ...(status !== undefined && { status }),
      ...(error !== undefined && { error }),
    })),
  }
}
