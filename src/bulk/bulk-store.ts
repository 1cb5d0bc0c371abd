import type { User } from '../users/user'
import type { BulkChange, BulkState } from './bulk-change'

/** Which bulk change is meant. */
export type BulkRef = Pick<BulkChange, 'appId' | 'id'>

/** An index that users of a search are found by; `id`: all users. */
export type BulkWalk = 'name' | 'email' | 'identifier' | 'id'

/** A place in such an index. */
export interface WalkPosition {
  readonly key: string
  readonly id: string
}

export interface WalkPage {
  readonly walk: BulkWalk
  /** What the key begins with; empty for all. */
  readonly text: string
  readonly after: WalkPosition | undefined
}

/** A change of its state, done only from the states that are named. */
export interface BulkStep {
  readonly from: readonly [BulkState, ...BulkState[]]
  readonly to: BulkState
  readonly nowMs: number
  readonly drivenUntilMs: number
  readonly expiresAtMs: number
  /** Default: as it is. */
  readonly actor?: string
  readonly total?: number
  readonly missing?: readonly string[]
  readonly missingCount?: number
}

/** One bite of a running bulk change. */
export interface BulkBite {
  /** At most {@link MAX_IDS}; users of the set. */
  readonly ids: readonly string[]
  readonly nowMs: number
  readonly drivenUntilMs: number
  /** A fresh secret, which the token secrets of the users are made of. */
  readonly secret: string
  /** Whether each change is noted in the audit trail. */
  readonly isAudited: boolean
}

/** Ids that one call may carry. */
export const MAX_IDS = 100

/** Every method rejects with `store_unavailable` when the store does not answer. */
export interface BulkStore {
  /** A bite that takes longer was too large. */
  readonly longBiteMs: number
  insert(bulk: BulkChange): Promise<void>
  /** Undefined also when the app was made anew since. */
  find(ref: BulkRef): Promise<BulkChange | undefined>
  /** Those of an app, the latest first. */
  list(appId: string, limit: number): Promise<readonly BulkChange[]>
  /** How many of an app have not ended. */
  countOpen(appId: string): Promise<number>
  /** Those that are to go on, of all apps. */
  listRunning(limit: number): Promise<readonly BulkChange[]>
  /** Adds users to its set, at most {@link MAX_IDS}; tells which of them are users of the app. */
  add(bulk: BulkRef, ids: readonly string[]): Promise<{ known: readonly string[]; added: number }>
  /** Adds a page of users who were there before it began. */
  addPage(
    bulk: BulkChange,
    page: WalkPage,
  ): Promise<{ readonly added: number; readonly next: WalkPosition | undefined }>
  /** Undefined: it is in another state, or gone. */
  step(ref: BulkRef, step: BulkStep): Promise<BulkChange | undefined>
  /** Users of the set, as they are now, in the order of their ids. */
  sample(ref: BulkRef, limit: number): Promise<readonly User[]>
  /** Ids of the set that are still to be looked at, in an order of the store. */
  next(ref: BulkRef, afterId: string, limit: number): Promise<readonly string[]>
  /**
   * Changes users, counts them, notes each change in the audit trail and takes the users off the set: all of it in one
   * transaction, or none. Of users who are off the set already, as another process was faster, nothing is changed.
   *
   * @returns Ids of those whom this call has changed; undefined: it does not run (any more).
   */
  apply(bulk: BulkChange, bite: BulkBite): Promise<readonly string[] | undefined>
  /** Ends a running one when nobody is left in its set; whether it is so now. */
  finish(ref: BulkRef, nowMs: number, expiresAtMs: number): Promise<boolean>
  /** Removes what has had its time, at most `limit` rows; returns how many. */
  removeOld(nowMs: number, limit: number): Promise<number>
}
