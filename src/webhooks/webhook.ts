import type { WebhookEventType } from './webhook-event'

/** Why an endpoint was switched off: by its app, by its own answer 410, or after days of failures. */
export type WhyOff = 'paused' | 'gone' | 'failing'

/** Endpoints of one app. */
export const MAX_WEBHOOKS = 10

/** Which endpoint. */
export interface WebhookKey {
  readonly appId: string
  readonly id: string
}

/** An endpoint of an app, to which its events are sent. As it lies in the store: secrets sealed. */
export interface WebhookRecord extends WebhookKey {
  readonly url: string
  readonly events: readonly WebhookEventType[]
  /** Undefined: it is on. */
  readonly off: WhyOff | undefined
  /** Its secrets, as JSON text, the current one first; see webhook-secrets.ts. */
  readonly sealed: string
  /** Until when the former secret signs, too; 0: there is none. Milliseconds since 1970. */
  readonly formerUntilMs: number
  /** Since when nothing has arrived; undefined: the last attempt has. Milliseconds since 1970. */
  readonly failingSinceMs: number | undefined
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What may be changed of an endpoint. */
export interface WebhookChanges {
  readonly url?: string | undefined
  readonly events?: readonly WebhookEventType[] | undefined
  readonly active?: boolean | undefined
}

/** One sealed text, and what takes its place. */
export interface WebhookResealing extends WebhookKey {
  readonly sealed: string
  readonly to: string
}

/** Where endpoints are kept. Every method rejects with `store_unavailable` when the store does not answer. */
export interface WebhookStore {
  /** Those of an app, the oldest first. */
  list(appId: string): Promise<readonly WebhookRecord[]>
  find(key: WebhookKey): Promise<WebhookRecord | undefined>
  /** Adds one, as long as the app has fewer than `limit`, however many are added at once. */
  insert(record: WebhookRecord, limit: number): Promise<'done' | 'no_app' | 'no_room'>
  /** Undefined: it is not there. */
  update(
    key: WebhookKey,
    changes: WebhookChanges,
    nowMs: number,
  ): Promise<WebhookRecord | undefined>
  /** Puts other secrets in the place of those it had; false: others are there by now. */
  replaceSecrets(
    record: WebhookRecord,
    by: { readonly sealed: string; readonly formerUntilMs: number },
    nowMs: number,
  ): Promise<boolean>
  /** Switches it off for another reason than its app's wish; false: it is off already, or gone. */
  switchOff(key: WebhookKey, why: WhyOff, nowMs: number): Promise<boolean>
  /** Notes since when nothing arrives, or that something has (undefined). */
  noteFailing(key: WebhookKey, sinceMs: number | undefined): Promise<void>
  /** Hides it at once; what is kept of it goes with the purge: see {@link WebhookStore.removeDeleted}. */
  delete(key: WebhookKey, nowMs: number): Promise<boolean>
  /** Removes what deleted endpoints have left: at most `limit` rows. Returns how many; fewer: nothing is left. */
  removeDeleted(limit: number): Promise<number>
  /** Sealed texts in the order of app and id. */
  listSealed(
    after: WebhookKey | undefined,
    limit: number,
  ): Promise<readonly (WebhookKey & { readonly sealed: string })[]>
  /** Replaces sealed texts that are still what they were, in one transaction; returns how many it has replaced. */
  reseal(changes: readonly WebhookResealing[]): Promise<number>
}
