import type { RollUp } from '../stats/roll-up'

/**
 * How somebody signed in: with a browser, with an access token of Amazon, with a token of the app's own back end, or on a
 * device, by a code.
 */
export type LoginWay = 'browser' | 'amazon_token' | 'app_token' | 'device'

/**
 * A way in; the refresh of a token of Amazon's, at which a withdrawn consent is noticed; or what an operator has done, which
 * is no sign-in.
 */
export type AuditWay = LoginWay | 'token_refresh' | 'operator'

/**
 * One attempt to sign in, a consent that was withdrawn, or a change by an operator. Holds no name, address or token: users
 * are our own numbers, and nothing else. What an event does not have is undefined; of events that older versions have
 * written, all from `step` on.
 */
export interface AuditEvent {
  /** Milliseconds since 1970. */
  readonly atMs: number
  /** As the attempt named it, so it need not exist; empty when it could not be read. */
  readonly app: string
  readonly outcome: 'success' | 'failure'
  /** `ok`, or the code of the error; of a change its name, an `OperatorAction`. */
  readonly reason: string
  readonly way: AuditWay
  /** Only of who has signed in or is locked, of whose consent is withdrawn, and whom a change is about. */
  readonly userId: string | undefined
  readonly requestId: string | undefined
  /** The network it came from, e.g. `192.0.2.0/24`; empty where nobody has come. */
  readonly network: string
  /** The last step that was reached, by the names of `login_step_seconds`; of a failure the one it failed in. */
  readonly step?: string | undefined
  /** How long the attempt took here, from its request to its answer, in whole milliseconds. */
  readonly tookMs?: number | undefined
  /** How much of that was waiting for Amazon, in whole milliseconds; undefined: Amazon was not asked. */
  readonly amazonMs?: number | undefined
  /** Whether a success has made the user; undefined otherwise. */
  readonly isNew?: true | undefined
  /** Who has changed something, as `audit/actor.ts` writes it. */
  readonly actor?: string | undefined
  /** What was changed, in a few words, without secrets, names and addresses. */
  readonly detail?: string | undefined
}

/** Where events are kept. Every method rejects with `store_unavailable` when the store does not answer. */
export interface AuditStore {
  /**
   * Writes all of them or none.
   *
   * @param counts What is added to the sums of sign-ins, in the same transaction.
   */
  append(events: readonly AuditEvent[], counts?: RollUp): Promise<void>
  /** Removes the oldest of those before this time, at most `limit`; returns how many. */
  deleteBefore(atMs: number, limit: number): Promise<number>
}
