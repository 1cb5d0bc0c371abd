import type { User } from './user'

/** Two users of one app who may be one person: one from before all ids of Amazon changed, and one from after. */
export interface RelinkPair {
  readonly oldId: string
  readonly newId: string
  /** What the old user has before, and after it was undone. */
  readonly oldIdentifier: string
  /** What the new user has before; afterwards it is the old one's. */
  readonly newIdentifier: string
}

/** What has become of a pair: `done` just now, `already` earlier, or nothing was changed, and why. */
export type RelinkOutcome = 'done' | 'already' | WhyLeft

/**
 * Why a pair is left as it is, as far as the store knows afterwards.
 *
 * - `old_gone`, `new_gone`, `both_gone`: deleted.
 * - `old_changed`, `new_changed`: it has another identifier than it must have for this.
 * - `new_relinked`: the new one's identifier went to another old user.
 * - `new_locked`, `new_unlocked`: by somebody else, and that would be lost.
 * - `old_identifier_taken`: what the old one would get back belongs to a third user by now.
 * - `changed`: while it was tried; by now both are as they must be.
 */
export type WhyLeft =
  | 'old_gone'
  | 'new_gone'
  | 'both_gone'
  | 'old_changed'
  | 'new_changed'
  | 'new_relinked'
  | 'new_locked'
  | 'new_unlocked'
  | 'old_identifier_taken'
  | 'changed'

/**
 * Gives users of before the identifiers that they have now. Each method does a pair wholly or not at all, and only if both
 * users are as the pair says: so the same pairs may be given again, by several processes at once, or after one was killed.
 * Every method rejects with `store_unavailable`.
 */
export interface RelinkStore {
  /** Users of Amazon and others in the order of their emails, A to Z in either case. */
  pageByEmail(appId: string, after: User | undefined, limit: number): Promise<readonly User[]>
  /** As far as the audit trail goes back. */
  findLastSignIn(appId: string, userId: string): Promise<number | undefined>
  /**
   * The old user gets the new identifier. The new one keeps its record, with an identifier of our own that names the old
   * one, is locked, and loses sessions and tokens; those of the old one live on.
   */
  relink(appId: string, pairs: readonly RelinkPair[], nowMs: number): Promise<RelinkOutcome[]>
  /**
   * Both get back what they had. Sessions and tokens of the old user end, and its `profile` and `scopes` go: they may be
   * those of the new one's account.
   */
  undo(appId: string, pairs: readonly RelinkPair[], nowMs: number): Promise<RelinkOutcome[]>
}
