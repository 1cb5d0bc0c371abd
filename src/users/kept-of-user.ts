import type { Json } from '../apps/settings'

/** What is kept of users beside their records. Every method rejects with `store_unavailable` when the store does not answer. */
export interface UserTraceStore {
  readonly kinds: readonly KeptOfUser[]
  /**
   * Erases what is left of users who were deleted before `untilMs`: at most `limit` rows. Returns how many; fewer than
   * `limit`: nothing is left.
   */
  eraseDeleted(untilMs: number, limit: number): Promise<number>
}

/**
 * One kind of what is kept of users beside their records. The store lists all kinds in one place, and from there they are
 * exported and, once the user is gone, erased: a new table that names a user is one more of them.
 */
export interface KeptOfUser {
  /** By which an export has it, e.g. `sign_ins`. */
  readonly name: string
  /**
   * A page of it, the latest first, as the person may see it: nothing secret.
   *
   * @param position What the page before ended with; undefined: the first page.
   */
  page(
    appId: string,
    userId: string,
    position: KeptPosition | undefined,
  ): Promise<{ readonly items: readonly Json[]; readonly next: KeptPosition | undefined }>
  /** Removes at most `limit` of it, or makes it nameless; returns how many. */
  erase(appId: string, userId: string, limit: number): Promise<number>
}

/** A place among what is kept: a time, in milliseconds since 1970, and what tells those of one time apart. */
export interface KeptPosition {
  readonly atMs: number
  readonly id: string
}
