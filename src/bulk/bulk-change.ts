import type { OperatorAction } from '../audit/operator-action'

/** What is done to each user of a set. */
export type BulkAction = 'lock' | 'unlock' | 'sign_out' | 'delete'

export const BULK_ACTIONS: readonly BulkAction[] = ['lock', 'unlock', 'sign_out', 'delete']

/**
 * - `collecting`: the set is being written down; nothing is changed yet.
 * - `ready`: it is whole, and waits for somebody to start it.
 * - `running`: users are being changed.
 * - `done`: each user of the set was looked at.
 * - `cancelled`: before that. What was changed stays changed.
 */
export type BulkState = 'collecting' | 'ready' | 'running' | 'done' | 'cancelled'

/** What the set of users was asked for by. */
export type BulkCover =
  | { readonly kind: 'ids' }
  /** All whose name, email or identifier begins with a text, as a list of users finds them, but without its bound. */
  | { readonly kind: 'search'; readonly text: string }
  | { readonly kind: 'all' }

/** One change of many users of one app. Its set is written down before it starts, and is not asked for again. */
export interface BulkChange {
  readonly appId: string
  readonly id: string
  readonly action: BulkAction
  readonly state: BulkState
  readonly covers: BulkCover
  /** Who began it and, once it runs, who started it: as `audit/actor.ts` writes it. */
  readonly actor: string
  /** Users of the set; 0 while it is collected. */
  readonly total: number
  /** Users whom it has changed. */
  readonly changed: number
  /** Users who were as it makes them already. */
  readonly unchanged: number
  /** Users who were deleted since they were collected. */
  readonly gone: number
  /** Of a list of ids: some of those that no user has, or none that was there when it began. */
  readonly missing: readonly string[]
  /** Of a list of ids: how many those are. */
  readonly missingCount: number
  readonly createdAtMs: number
  readonly updatedAtMs: number
  /** Until when the process that is at it need not show that it lives. */
  readonly drivenUntilMs: number
  /** From when on it is forgotten. */
  readonly expiresAtMs: number
}

/** Users of the set who are still to be looked at. */
export function leftOf({ total, changed, unchanged, gone }: BulkChange): number {
  return total - changed - unchanged - gone
}

/** Whether the process that was at it has not been heard of for a while. */
export function isStalled({ state, drivenUntilMs }: BulkChange, nowMs: number): boolean {
  return (state === 'running' || state === 'collecting') && drivenUntilMs < nowMs
}

/** As a change of one user alone is named. */
const NAMES: Readonly<Record<BulkAction, OperatorAction>> = {
  lock: 'user_locked',
  unlock: 'user_unlocked',
  sign_out: 'user_signed_out',
  delete: 'user_deleted',
}

/** How the change of one user stands in the audit trail. */
export function eventOf({ id, action, actor }: BulkChange) {
  return { reason: NAMES[action], actor, detail: `bulk ${id}` }
}
