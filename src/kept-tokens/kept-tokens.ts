import type { Region } from '../amazon/endpoints'
import type { AmazonTokens } from '../amazon/parse-tokens'
import type { App } from '../apps/app'
import type { TokenCounts, TokenRecord } from './token-store'

/** What a code or a device was traded for. */
export interface GivenTokens {
  readonly tokens: AmazonTokens
  /** Client at Amazon, and its region, that they were given to: no other can refresh them. */
  readonly clientId: string
  readonly region: Region
  /** When, in milliseconds since 1970. Default: now. */
  readonly givenAtMs?: number
  /** What the person has granted, where that is known. */
  readonly scopes?: readonly string[] | undefined
}

/** An access token of Amazon's that can be used. */
export interface AccessToken {
  readonly accessToken: string
  /** In milliseconds since 1970. */
  readonly expiresAtMs: number
  /** What the person has granted; undefined: not known. */
  readonly scopes: readonly string[] | undefined
}

export interface AccessTokenOptions {
  /** Has it refreshed though it is still good, as after Amazon has refused it. At most once a minute. Default false. */
  readonly renew?: boolean | undefined
}

/** The user that tokens were given for, as that sign-in has it. */
export interface GivenFor {
  readonly id: string
  readonly identifier: string
}

/** Amazon's tokens of an app's users, good while a user has the identifier that they were given for. Refresh tokens never leave it. */
export interface KeptTokens {
  /**
   * Keeps what Amazon has given for a user, if the app wants it: one write. Undefined: it does not.
   *
   * Never rejects: who could sign in is signed in. What could not be written is logged.
   */
  keep(app: App, user: GivenFor, given: GivenTokens): Promise<void> | undefined
  /**
   * An access token of a user: refreshed, when it is about to end, once however many ask, on all nodes.
   *
   * @throws {AmazonAuthError} `amazon_token_missing`, `consent_revoked`, `refresh_refused`, `amazon_…` (and nothing is
   *   lost), `secret_unreadable`, `store_unavailable`
   */
  accessToken(app: App, userId: string, options?: AccessTokenOptions): Promise<AccessToken>
  /** Refreshes all of an app's that end soon. See refresh-due.ts. */
  refreshDue(app: App, options: RefreshDueOptions): Promise<RefreshReport>
  count(app: App, dueWithinMs: number): Promise<TokenCounts>
  /** How those of a user stand, without them; undefined: there are none. */
  stateOf(app: App, userId: string): Promise<Pick<TokenRecord, 'state' | 'updatedAtMs'> | undefined>
  /** Whether an app's tokens are kept. */
  isOnFor(app: App): boolean
}

export interface RefreshDueOptions {
  readonly dueWithinMs: number
  /** Refreshes at the same time, at most. */
  readonly concurrency: number
  readonly perSecond: number
  readonly signal?: AbortSignal | undefined
  /** Called after each: done, and due in all. */
  readonly onProgress: (done: number, total: number) => void
}

export interface RefreshReport {
  readonly due: number
  readonly refreshed: number
  /** Refreshed, or found to have ended, by somebody else in the meantime. */
  readonly elsewhere: number
  /** Of people who have withdrawn their consent. */
  readonly revoked: number
  /** Without a refresh token that Amazon takes: these people have to sign in again. */
  readonly lost: number
  readonly failed: number
  /** Code of the last failure. */
  readonly failure: string | undefined
  /** Why it has stopped before the end: Amazon or the app's keys fail for all alike, or it was told to. */
  readonly stopped: 'failing' | 'aborted' | undefined
}
