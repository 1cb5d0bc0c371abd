/**
 * How somebody signed in: with a browser, with an access token of Amazon, with a token of the app's own back end, or on a
 * device, by a code.
 */
export type LoginWay = 'browser' | 'amazon_token' | 'app_token' | 'device'

/** A way in, or the refresh of a token of Amazon's, at which a withdrawn consent is noticed. */
export type AuditWay = LoginWay | 'token_refresh'

/** One attempt to sign in, or a consent that was withdrawn. Holds no name, address or token: the user is our own number, and no other. */
export interface AuditEvent {
  /** Milliseconds since 1970. */
  readonly atMs: number
  /** As the attempt named it, so it need not exist; empty when it could not be read. */
  readonly app: string
  readonly outcome: 'success' | 'failure'
  /** `ok`, or the code of the error. */
  readonly reason: string
  readonly way: AuditWay
  /** Only of who has signed in, and of whose consent is withdrawn. */
  readonly userId: string | undefined
  readonly requestId: string | undefined
  /** The network it came from, e.g. `192.0.2.0/24`; empty where nobody has come. */
  readonly network: string
}

/** Where events are kept. Every method rejects with `store_unavailable` when the store does not answer. */
export interface AuditStore {
  /** Writes all of them or none. */
  append(events: readonly AuditEvent[]): Promise<void>
  /** Removes the oldest of those before this time, at most `limit`; returns how many. */
  deleteBefore(atMs: number, limit: number): Promise<number>
}
