import type { Sealer } from '../crypto/sealer'
import { AmazonAuthError } from '../errors'
import { randomText } from '../crypto/random'
import { checkWebhookUrl } from './check-webhook-url'
import type { Delivery, DeliveryPage, DeliveryStore } from './delivery'
import { newEventId } from './event-id'
import { TEST_EVENT, type WebhookEventType } from './webhook-event'
import { MAX_WEBHOOKS, type WebhookChanges, type WebhookRecord, type WebhookStore } from './webhook'
import { webhookFlaw } from './webhook-flaw'
import { newSecret, openSecrets, sealSecrets } from './webhook-secrets'

/** An endpoint as its app sees it. */
export type Webhook = Omit<WebhookRecord, 'sealed'>

/** An endpoint with its secret, which is shown once. */
export interface NewWebhook extends Webhook {
  readonly secret: string
}

/** What apps and operators do with endpoints. Another app's are as good as not there. */
export interface WebhookAdmin {
  /** @throws {AmazonAuthError} `store_unavailable` */
  list(appId: string): Promise<readonly Webhook[]>
  /** @throws {AmazonAuthError} `not_found`, `store_unavailable` */
  get(appId: string, id: string): Promise<Webhook>
  /** @throws {AmazonAuthError} `request_invalid` (the address, or there are ten), `not_found`, `store_unavailable` */
  create(
    appId: string,
    webhook: { readonly url: string; readonly events: readonly WebhookEventType[] },
  ): Promise<NewWebhook>
  /** @throws {AmazonAuthError} `request_invalid` (the address), `not_found`, `store_unavailable` */
  update(appId: string, id: string, changes: WebhookChanges): Promise<Webhook>
  /**
   * What waits for it is not sent any more.
   *
   * @throws {AmazonAuthError} `not_found`, `store_unavailable`
   */
  delete(appId: string, id: string): Promise<void>
  /**
   * Makes a new secret. The one it had signs beside it for a while, and one from before that no more.
   *
   * @param overlapMs For how long; 0: not at all.
   * @throws {AmazonAuthError} `not_found`, `store_unavailable`
   */
  rotate(appId: string, id: string, overlapMs: number): Promise<NewWebhook>
  /**
   * Sends an event that means nothing.
   *
   * @returns Its id.
   * @throws {AmazonAuthError} `request_invalid` (it is off), `not_found`, `store_unavailable`
   */
  test(appId: string, id: string): Promise<string>
  /**
   * How many events wait for it, up to as many as may.
   *
   * @throws {AmazonAuthError} `store_unavailable`
   */
  countWaiting(
    appId: string,
    id: string,
  ): Promise<{ readonly count: number; readonly isMost: boolean }>
  /** @throws {AmazonAuthError} `not_found`, `store_unavailable` */
  listDeliveries(appId: string, id: string, page: DeliveryPage): Promise<readonly Delivery[]>
  /**
   * Sends an event again, under the same id.
   *
   * @throws {AmazonAuthError} `request_invalid` (it waits already, or the endpoint is off), `not_found`, `store_unavailable`
   */
  resend(appId: string, id: string, deliveryId: string): Promise<void>
}

export interface WebhookAdminDeps {
  readonly webhooks: WebhookStore
  readonly deliveries: Pick<DeliveryStore, 'append' | 'list' | 'find' | 'resend' | 'countWaiting'>
  /** Events that may wait for one endpoint. */
  readonly maxWaiting: number
  readonly sealer: Sealer
  /** Which IP addresses may be asked. */
  readonly isAllowed: (address: string) => boolean
  readonly now: () => number
  /** What an app wants to be told of may have changed. */
  readonly onChanged: (appId: string) => void
  /** Something is to be sent. */
  readonly onWritten: (appId: string) => void
}

/** How long the former secret signs beside a new one, unless it is said: a day. */
export const OVERLAP_MS = 24 * 3_600_000
const ID_BYTES = 12

export function createWebhookAdmin(deps: WebhookAdminDeps): WebhookAdmin {
  const { webhooks, deliveries, maxWaiting, sealer, isAllowed, now, onChanged, onWritten } = deps

  async function get(appId: string, id: string): Promise<WebhookRecord> {
    const record = await webhooks.find({ appId, id })
    if (record === undefined) throw notFound()
    return record
  }
  async function getActive(appId: string, id: string): Promise<void> {
    if ((await get(appId, id)).off !== undefined) throw webhookFlaw('isOff')
  }
  function sealed(secrets: readonly string[], appId: string, id: string): string {
    return sealSecrets(secrets, { appId, id }, sealer)
  }

  return {
    list: async (appId) => (await webhooks.list(appId)).map(withoutSecrets),
    get: async (appId, id) => withoutSecrets(await get(appId, id)),
    async create(appId, { url, events }) {
      requireSome(events)
      const secret = newSecret()
      const id = `wh_${randomText(ID_BYTES)}`
      const nowMs = now()
      const record: WebhookRecord = {
        appId,
        id,
        url: checkWebhookUrl(url, isAllowed),
        events: Array.from(new Set(events)),
        off: undefined,
        sealed: sealed([secret], appId, id),
        formerUntilMs: 0,
        failingSinceMs: undefined,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      }
      const outcome = await webhooks.insert(record, MAX_WEBHOOKS).finally(() => onChanged(appId))
      if (outcome === 'no_app') throw notFound()
      if (outcome === 'no_room') throw webhookFlaw('isFull')
      return { ...withoutSecrets(record), secret }
    },
    async update(appId, id, { url, events, active }) {
      requireSome(events)
      const changes = {
        url: url === undefined ? undefined : checkWebhookUrl(url, isAllowed),
        events: events && Array.from(new Set(events)),
        active,
      }
      const record = await webhooks
        .update({ appId, id }, changes, now())
        .finally(() => onChanged(appId))
      if (record === undefined) throw notFound()
      return withoutSecrets(record)
    },
    async delete(appId, id) {
      const isDone = await webhooks.delete({ appId, id }, now()).finally(() => onChanged(appId))
      if (!isDone) throw notFound()
    },
    async rotate(appId, id, overlapMs) {
      const record = await get(appId, id)
      const [former] = openSecrets(record, sealer, now())
      const secret = newSecret()
      const isKept = overlapMs > 0 && former !== undefined
      const nowMs = now()
      const by = {
        sealed: sealed(isKept ? [secret, former] : [secret], appId, id),
        formerUntilMs: isKept ? nowMs + overlapMs : 0,
      }
      if (!(await webhooks.replaceSecrets(record, by, nowMs))) throw webhookFlaw('rotated')
      const { formerUntilMs } = by
      return { ...withoutSecrets(record), formerUntilMs, updatedAtMs: nowMs, secret }
    },
    async test(appId, webhookId) {
      await getActive(appId, webhookId)
      const atMs = now()
      const id = newEventId(atMs)
      const detail = { message: 'This event means nothing: it was asked for, to see it arrive.' }
      const event = { appId, webhookId, id, atMs, userId: undefined, detail }
      await deliveries.append([{ ...event, type: TEST_EVENT }])
      onWritten(appId)
      return id
    },
    async countWaiting(appId, id) {
      const { count, edge } = await deliveries.countWaiting({ appId, id }, maxWaiting)
      return { count, isMost: edge !== undefined }
    },
    async listDeliveries(appId, id, page) {
      await get(appId, id)
      return deliveries.list({ appId, id }, page)
    },
    async resend(appId, id, deliveryId) {
      await getActive(appId, id)
      if (await deliveries.resend({ appId, id }, deliveryId, now())) {
        onWritten(appId)
        return
      }
      const delivery = await deliveries.find({ appId, id }, deliveryId)
      throw delivery === undefined ? notFound(NO_DELIVERY) : webhookFlaw('waits')
    },
  }
}

function requireSome(events: readonly WebhookEventType[] | undefined): void {
  if (events?.length === 0) throw webhookFlaw('noEvents')
}

const NO_DELIVERY = 'This webhook has no such delivery; those that are done are kept for some days.'

function withoutSecrets({ sealed: _sealed, ...webhook }: WebhookRecord): Webhook {
  return webhook
}

function notFound(problem = 'This app has no such webhook.'): AmazonAuthError {
  return new AmazonAuthError('not_found', { problem })
}
