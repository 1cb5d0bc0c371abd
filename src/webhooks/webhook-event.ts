import { USER_EVENTS } from '../users/user-event'

/** All that an app can be told of, by the names that travel. */
export const WEBHOOK_EVENTS = [...USER_EVENTS, 'login.failed', 'consent.revoked'] as const

export type WebhookEventType = (typeof WEBHOOK_EVENTS)[number]

/** Sent to one endpoint, when its owner asks. */
export const TEST_EVENT = 'webhook.test'

export function isWebhookEvent(name: string): name is WebhookEventType {
  return WEBHOOK_EVENTS.some((event) => event === name)
}
