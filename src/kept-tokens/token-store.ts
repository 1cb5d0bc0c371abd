/**
 * What has become of a user's tokens:
 * - `kept`: they can be used.
 * - `revoked`: the person has withdrawn their consent.
 * - `lost`: Amazon takes the refresh token no more, and the answer to an earlier refresh, which may have held its
 *   successor, never came.
 */
export type TokenState = 'kept' | 'revoked' | 'lost'

/** Whose tokens. */
export interface TokenOwner {
  readonly appId: string
  readonly userId: string
}

/** Tokens as they are written. */
export interface NewTokens {
  /** Bound to app and user; see seal-grant.ts. */
  readonly sealed: string
  /** Identifier of the user that they were given for: they are written for no other. */
  readonly identifier: string
  /** When the access token ends, in milliseconds since 1970. */
  readonly expiresAtMs: number
  /** Names these tokens: others of the same user have another. */
  readonly version: string
  readonly nowMs: number
}

/** Tokens as they lie in the store. */
export interface TokenRecord extends TokenOwner {
  /** The user's, as it is now. */
  readonly identifier: string
  /** Empty unless they are kept. */
  readonly sealed: string
  readonly state: TokenState
  readonly expiresAtMs: number
  readonly version: string
  /** When they came, or ended. */
  readonly updatedAtMs: number
}

/** Certain tokens of a user. */
export type TokenRef = Pick<TokenRecord, 'appId' | 'userId' | 'version'>

/** A refresh that its holder alone may do until then, in milliseconds since 1970. */
export interface Claim extends TokenRef {
  readonly untilMs: number
  /** Whether a refresh of these tokens was sent whose answer never came. */
  readonly isUnsure: boolean
}

/** How tokens end. */
export interface TokenEnd {
  readonly state: Exclude<TokenState, 'kept'>
  readonly nowMs: number
  /** Ends the user's sessions and session tokens along with it. */
  readonly newTokenSecret: string | undefined
}

export interface TokenCounts {
  readonly kept: number
  /** Of those that are kept: their access token has ended, or is about to. */
  readonly due: number
  readonly revoked: number
  readonly lost: number
}

export interface SealedTokens extends TokenOwner {
  readonly sealed: string
}

/** Tokens of an app, those that end first first. */
export interface DuePage {
  readonly beforeMs: number
  readonly after: { readonly expiresAtMs: number; readonly userId: string } | undefined
  readonly limit: number
}

/** What `kept-tokens/` needs of a store. Every method rejects with `store_unavailable` when the store does not answer. */
export interface TokenStore {
  find(owner: TokenOwner): Promise<TokenRecord | undefined>
  /** Writes them in place of any that are there. Does nothing when the user is gone, or has another identifier. */
  put(owner: TokenOwner, tokens: NewTokens): Promise<void>
  /** Takes the refresh of tokens. Undefined: another has it, or these tokens are no more. */
  claim(tokens: TokenRef, untilMs: number, nowMs: number): Promise<Claim | undefined>
  /**
   * Gives a claim back.
   *
   * @param isUnsure Whether nobody knows what Amazon has done.
   */
  release(claim: Claim, isUnsure: boolean): Promise<void>
  /**
   * Puts what a refresh has brought in the place of what it was made with; false: others are there by now, or none, or the
   * user has another identifier.
   */
  replace(tokens: TokenRef, by: NewTokens): Promise<boolean>
  /** Ends tokens, if they and the claim are still there; false: they are not. */
  end(claim: Claim, how: TokenEnd): Promise<boolean>
  delete(owner: TokenOwner): Promise<void>
  /** Removes these tokens, if they are still there. */
  remove(tokens: TokenRef): Promise<void>
  /** Users of an app whose kept tokens end before a time. */
  listDue(
    appId: string,
    page: DuePage,
  ): Promise<readonly { readonly userId: string; readonly expiresAtMs: number }[]>
  count(appId: string, dueBeforeMs: number): Promise<TokenCounts>
  /** The next app, by id, that has any tokens. */
  findApp(afterId: string): Promise<string | undefined>
  /** Removes at most `limit` of an app's; returns how many. */
  deleteSome(appId: string, limit: number): Promise<number>
  /** Sealed texts in the order of app and user. */
  listSealed(after: TokenOwner | undefined, limit: number): Promise<readonly SealedTokens[]>
  /** Replaces sealed texts that are still what they were, in one transaction; returns how many it has replaced. */
  reseal(changes: readonly (SealedTokens & { readonly to: string })[]): Promise<number>
}
