/** A browser session as it lies in the store. */
export interface SessionRecord {
  /** JSON text, in the form of express-session. */
  readonly data: string
  readonly expiresAtMs: number
}

/**
 * What sessions need of a store. Ids arrive hashed (SHA-256), so a copy of the store opens no session.
 * Every method rejects with `store_unavailable` when the store does not answer.
 */
export interface SessionStore {
  find(idHash: string, nowMs: number): Promise<SessionRecord | undefined>
  put(idHash: string, session: SessionRecord): Promise<void>
  /** Puts another in its place; nothing, where it has been deleted meanwhile. */
  replace(idHash: string, session: SessionRecord): Promise<void>
  delete(idHash: string): Promise<void>
  /** Removes at most `limit` sessions that have ended; returns how many. */
  deleteExpired(nowMs: number, limit: number): Promise<number>
}
