import type { Json } from '../apps/settings'
import type { User } from '../users/user'
import type { UserEvent } from '../users/user-event'
import type { TEST_EVENT, WebhookEventType } from './webhook-event'
import type { WebhookKey } from './webhook'

/** `pending`: it waits, or is under way. `given_up`: it was tried for a day, or the endpoint was switched off. */
export type DeliveryState = 'pending' | 'delivered' | 'given_up'

/** One try to send an event to an endpoint. */
export interface Try {
  /** Milliseconds since 1970. */
  readonly atMs: number
  readonly tookMs: number
  /** Of the answer; undefined: there was none. */
  readonly status: number | undefined
  /** Why it does not count as arrived, in a few words; undefined: it does. */
  readonly error: string | undefined
}

/** An event on its way to an endpoint, and what has become of it. */
export interface Delivery {
  readonly appId: string
  readonly webhookId: string
  /** Names the event: every attempt, and every endpoint, is told the same. The header `webhook-id`. */
  readonly id: string
  readonly type: WebhookEventType | typeof TEST_EVENT
  /** When it happened, in milliseconds since 1970. */
  readonly atMs: number
  readonly userId: string | undefined
  /** The user as it was then; undefined: the event is of none, or of one who is gone. */
  readonly user: Omit<User, 'tokenSecret' | 'sessionEpoch'> | undefined
  /** What is told beside the user. */
  readonly detail: Readonly<Record<string, Json>>
  readonly state: DeliveryState
  /** Since it was written, or was last to be sent again. */
  readonly attempts: number
  /** The latest ones, the first of them first. */
  readonly tries: readonly Try[]
  /** Of one that waits: when it is tried next, unless another of the same user is before it. Milliseconds since 1970. */
  readonly nextTryAtMs: number | undefined
}

/** Events of one user on their way to one endpoint: the first has to be done before the next is sent. */
export interface StreamKey {
  readonly appId: string
  readonly webhookId: string
  /** Id of the user; of an event without one, its own. */
  readonly stream: string
}

/** A stream that its holder alone may send from until then, in milliseconds since 1970. */
export interface StreamClaim extends StreamKey {
  readonly untilMs: number
  /** Of its last event as it was claimed: a later one has a higher number. */
  readonly lastSeq: number
}

/** The delivery that a stream is at. */
export interface Head extends Delivery {
  readonly seq: number
}

/** An event that befalls no user, or one whom the store does not look up for it. */
export interface PlainEvent {
  readonly appId: string
  /** Undefined: all endpoints that want its type. */
  readonly webhookId?: string
  readonly id: string
  readonly type: 'login.failed' | typeof TEST_EVENT
  readonly atMs: number
  readonly userId: string | undefined
  readonly detail: Readonly<Record<string, Json>>
}

/** What of an endpoint's deliveries is shown, the latest first. */
export interface DeliveryPage {
  /** Undefined: of any. */
  readonly state?: DeliveryState | undefined
  /** Begin behind this one. */
  readonly beforeId?: string | undefined
  readonly limit: number
}

/** An endpoint for which something waits, and when the first of it is due, in milliseconds since 1970. */
export interface DueWebhook extends WebhookKey {
  readonly dueAtMs: number
}

/** What waits for an endpoint. */
export interface Waiting {
  readonly count: number
  /** The oldest of what was counted, where it is as many as were to be counted: older ones may wait. */
  readonly edge: string | undefined
}

/** Why an event was given up that was not tried to its end: too many waited. */
export const BACKLOG_FULL = 'BACKLOG_FULL'

/** Where deliveries are kept. Every method rejects with `store_unavailable` when the store does not answer. */
export interface DeliveryStore {
  /** Adds events for each endpoint that wants them, all or none. */
  append(events: readonly PlainEvent[]): Promise<void>
  /** Writes events of a user who is not changed by them, unless that user is locked. */
  tell(user: User, events: readonly UserEvent[], nowMs: number): Promise<void>
  /** Whether there is an endpoint, or anything that waits for one. */
  isInUse(): Promise<boolean>
  /** The next endpoint behind this one, by app and id, for which something waits. */
  findWaiting(after: WebhookKey): Promise<DueWebhook | undefined>
  /** The same of the endpoints of one app. */
  findWaitingOf(appId: string, afterId: string): Promise<DueWebhook | undefined>
  /** Streams of an endpoint that are due, those that have waited longest first. */
  listDue(key: WebhookKey, nowMs: number, limit: number): Promise<readonly string[]>
  /** When the next stream of an endpoint is due; undefined: nothing waits. */
  findDueAt(key: WebhookKey): Promise<number | undefined>
  /** Takes a stream; undefined: another has it. */
  claim(stream: StreamKey, nowMs: number, untilMs: number): Promise<StreamClaim | undefined>
  /** The first event of a stream that is still to be sent. */
  findHead(stream: StreamKey): Promise<Head | undefined>
  /**
   * Notes an attempt, and gives the stream back: to go on at once, to be tried again at a time, or to end, where nothing is
   * left in it.
   *
   * @param outcome.againAtMs When the same event is tried again; undefined: it has arrived, or is given up.
   */
  settle(
    claim: StreamClaim,
    head: Head,
    outcome: {
      readonly tried: Try
      readonly state: DeliveryState
      readonly againAtMs: number | undefined
      readonly nowMs: number
    },
  ): Promise<void>
  /** Gives a stream back from which nothing was sent. */
  release(claim: StreamClaim, nowMs: number): Promise<void>
  /** Ends a stream in which nothing was found, unless it has grown since. */
  end(claim: StreamClaim, nowMs: number): Promise<void>
  /** Gives up some of what waits for an endpoint that is off, or gone. Returns how many; fewer than `limit`: nothing is left. */
  giveUp(key: WebhookKey, nowMs: number, limit: number): Promise<number>
  /** Counts what waits for an endpoint, beginning at the newest, up to `most`. */
  countWaiting(key: WebhookKey, most: number): Promise<Waiting>
  /** Gives up some of what waits and is older than this event, and notes `BACKLOG_FULL` as why; returns how many. */
  giveUpBefore(key: WebhookKey, id: string, nowMs: number, limit: number): Promise<number>
  list(key: WebhookKey, page: DeliveryPage): Promise<readonly Delivery[]>
  find(key: WebhookKey, id: string): Promise<Delivery | undefined>
  /** Lets it be sent again, apart from those of its user; false: it waits already, or is not there. */
  resend(key: WebhookKey, id: string, nowMs: number): Promise<boolean>
  /** Removes some of what was done before this time; returns how many. */
  deleteDoneBefore(atMs: number, limit: number): Promise<number>
}
