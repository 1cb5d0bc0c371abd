import type { Sealer } from '../crypto/sealer'
import { insist } from '../insist'
import type { Logger } from '../logger'
import { buildPayload } from './build-payload'
import type { DeliveryStore, Head, StreamClaim, Try } from './delivery'
import { retryInMs } from './retry-plan'
import type { Answered, WebhookSender } from './send-webhook'
import { signWebhook } from './sign-webhook'
import type { WebhookKey, WebhookRecord, WebhookStore } from './webhook'
import { openSecrets } from './webhook-secrets'

export interface DeliverDeps {
  readonly webhooks: Pick<WebhookStore, 'find' | 'switchOff' | 'noteFailing'>
  readonly deliveries: DeliveryStore
  readonly sealer: Sealer
  readonly sender: WebhookSender
  readonly logger: Logger
  readonly now: () => number
  /** An endpoint was switched off: its app has to be read again. */
  readonly onSwitchedOff: (appId: string) => void
  /** Told of events that are not sent any more. */
  readonly onGivenUp: (why: 'tried' | 'off', count: number) => void
  /** Told of each attempt: `ok`, or why it has not arrived. */
  readonly onAttempt: (result: string) => void
  /** How long a stream is its holder's alone, in milliseconds. Default: the limit of an attempt, and a minute. */
  readonly leaseMs?: number
}

/** Limit for one attempt, in milliseconds. */
export const ATTEMPT_MS = 15_000
/** Clocks of nodes may differ by as much: by then a claim has ended for none of them whose holder is at work. */
const CLOCK_MARGIN_MS = 60_000
export const LEASE_MS = ATTEMPT_MS + CLOCK_MARGIN_MS
/** Streams that are looked at for one to be claimed: not all nodes are to try the same. */
const CANDIDATES = 8
/** Rows that are given up in one bite. */
const BITE = 100
const GONE = 410
/** An endpoint that nothing has reached for so long is switched off. */
const MAX_FAILING_MS = 5 * 24 * 3_600_000

/**
 * What became of a look at an endpoint: `idle`: nothing is due; `again`: look again at once; `arrived`, `failed`: something
 * was sent.
 */
export type Look =
  | { readonly kind: 'idle' | 'again' | 'arrived' }
  | { readonly kind: 'failed'; readonly answered: Answered }

/** A stream is this process's: something is sent. */
export interface Claimed {
  /** Whether other streams of the endpoint are due as well. */
  readonly hasMore: boolean
  /** Host and port of the endpoint. */
  readonly address: string
}

const IDLE: Look = { kind: 'idle' }
const AGAIN: Look = { kind: 'again' }

/**
 * Claims a stream of an endpoint that is due, and sends the first event in it.
 *
 * @param onClaimed Told before anything is sent.
 * @param signal Gives up what is under way: then nothing counts as tried.
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function deliverHead(
  key: WebhookKey,
  deps: DeliverDeps,
  onClaimed: (claimed: Claimed) => void,
  signal: AbortSignal,
): Promise<Look> {
  const { deliveries, webhooks, now, leaseMs = LEASE_MS } = deps
  const due = await deliveries.listDue(key, now(), CANDIDATES)
  const stream = due[Math.floor(Math.random() * due.length)]
  if (stream === undefined) return IDLE
  const webhook = await webhooks.find(key)
  if (webhook === undefined || webhook.off !== undefined) {
    return (await giveUp(key, deps)) < BITE ? IDLE : AGAIN
  }
  const owner = { appId: key.appId, webhookId: key.id, stream }
  const claim = await deliveries.claim(owner, now(), now() + leaseMs)
  if (claim === undefined) return AGAIN
  onClaimed({ hasMore: due.length > 1, address: new URL(webhook.url).host })
  const head = await deliveries.findHead(claim)
  if (head === undefined) {
    await deliveries.end(claim, now())
    return AGAIN
  }
  return send(webhook, claim, head, { ...deps, signal })
}

async function send(
  webhook: WebhookRecord,
  claim: StreamClaim,
  head: Head,
  deps: DeliverDeps & { readonly signal: AbortSignal },
): Promise<Look> {
  const { sender, sealer, now, deliveries, signal, onAttempt } = deps
  const atMs = now()
  const startedAtMs = performance.now()
  const answered = await attempt()
  if (signal.aborted && answered.status === undefined) {
    await deliveries.release(claim, now())
    return IDLE
  }
  const { status, error } = answered
  const tookMs = Math.round(performance.now() - startedAtMs)
  if (error !== undefined) noteReason(webhook, answered, deps)
  await settle(claim, head, { tried: { atMs, tookMs, status, error }, answered }, deps)
  onAttempt(
    error === undefined ? 'ok' : (error === 'status' ? `status_${status}` : error).toLowerCase(),
  )
  if (await noteHealth(webhook, answered, deps)) {
    while ((await giveUp(webhook, deps)) === BITE);
    return IDLE
  }
  return error === undefined ? { kind: 'arrived' } : { kind: 'failed', answered }

  async function attempt(): Promise<Answered> {
    let secrets: readonly string[]
    try {
      secrets = openSecrets(webhook, sealer, atMs)
    } catch (thrown) {
      deps.logger.error({ err: thrown }, 'a webhook cannot be signed')
      return { status: undefined, error: 'SECRET_UNREADABLE', retryAfterMs: undefined }
    }
    const body = buildPayload(head)
    const headers = signWebhook(head.id, body, secrets, atMs)
    return sender.send({ url: webhook.url, headers, body, signal })
  }
}

async function giveUp(
  { appId, id }: WebhookKey,
  { deliveries, now, onGivenUp }: DeliverDeps,
): Promise<number> {
  const given = await deliveries.giveUp({ appId, id }, now(), BITE)
  onGivenUp('off', given)
  return given
}

/** What the app is not told of. */
function noteReason(
  { appId, id }: WebhookRecord,
  { error, reason }: Answered,
  { logger }: DeliverDeps,
): void {
  logger.debug({ app: appId, webhook: id, error, reason }, 'a webhook was not reached')
}

async function settle(
  claim: StreamClaim,
  head: Head,
  { tried, answered }: { readonly tried: Try; readonly answered: Answered },
  { deliveries, now, onGivenUp }: DeliverDeps,
): Promise<void> {
  const hasFailed = answered.error !== undefined
  const againInMs = hasFailed ? retryInMs(head.attempts + 1, answered.retryAfterMs) : undefined
  const nowMs = now()
  const outcome = {
    tried,
    state: againInMs !== undefined ? 'pending' : hasFailed ? 'given_up' : 'delivered',
    againAtMs: againInMs === undefined ? undefined : nowMs + againInMs,
    nowMs,
  } as const
  if (outcome.state === 'given_up') onGivenUp('tried', 1)
  // Or it would be sent anew.
  await insist(() => deliveries.settle(claim, head, outcome))
}

/**
 * Since when nothing arrives is noted once, and taken back once; after days of it, or for its own word, an endpoint is off.
 *
 * @returns Whether it has been switched off.
 */
async function noteHealth(
  webhook: WebhookRecord,
  { status, error }: Answered,
  { webhooks, now, logger, onSwitchedOff }: DeliverDeps,
): Promise<boolean> {
  const { failingSinceMs } = webhook
  if (error === undefined) {
    if (failingSinceMs !== undefined) await webhooks.noteFailing(webhook, undefined)
    return false
  }
  const hasFailedForLong = now() - (failingSinceMs ?? Infinity) > MAX_FAILING_MS
  const why = status === GONE ? 'gone' : hasFailedForLong ? 'failing' : undefined
  if (why === undefined) {
    if (failingSinceMs === undefined) await webhooks.noteFailing(webhook, now())
    return false
  }
  if (!(await webhooks.switchOff(webhook, why, now()))) return false
  onSwitchedOff(webhook.appId)
  logger.warn(
    { app: webhook.appId, webhook: webhook.id, why },
    'a webhook is switched off, and what waits for it is given up',
  )
  return true
}
