import { setTimeout as wait } from 'node:timers/promises'

import { randomText } from '../crypto/random'
import type { BulkChange } from './bulk-change'
import type { BulkStore } from './bulk-store'

/** What was done to one user of a set. */
export interface UserChanged {
  readonly atMs: number
  readonly bulk: BulkChange
  readonly userId: string
}

export interface RunDeps {
  readonly store: Pick<BulkStore, 'longBiteMs' | 'next' | 'apply' | 'finish'>
  /** The time now, and until when this process need not show that it lives. */
  readonly lease: () => { readonly nowMs: number; readonly drivenUntilMs: number }
  readonly isAudited: boolean
  readonly onChanged: (change: UserChanged) => void
  /** Whether this process stops. */
  readonly isOver: () => boolean
  /** How long what has come of it can be seen. */
  readonly shownForMs: number
}

/** Users of a bite: some milliseconds of work, usually. */
const BITE_USERS = 25
const MOST_USERS = 50
const LEAST_USERS = 5
/** Least pause between two bites; as long as the bite took, if that is more, so that logins get as much of the store. */
const PAUSE_MS = 5
const SECRET_BYTES = 16

/**
 * Changes the users of a set, some at a time, until nobody is left, it is cancelled, or this process stops.
 *
 * @throws {AmazonAuthError} `store_unavailable`: the bite under way was not done.
 */
export async function runBulk(bulk: BulkChange, deps: RunDeps): Promise<void> {
  const { store, lease, isAudited, isOver } = deps
  let size = BITE_USERS
  let afterId = ''
  while (!isOver()) {
    const startedAtMs = performance.now()
    const ids = await store.next(bulk, afterId, size)
    if (ids.length === 0) {
      const { nowMs } = lease()
      if (await store.finish(bulk, nowMs, nowMs + deps.shownForMs)) return
      // Nothing behind this place, but somebody is left: unless it has ended, it begins at the front again.
      if (afterId === '') return
      afterId = ''
      continue
    }
    const bite = { ids, ...lease(), secret: randomText(SECRET_BYTES), isAudited }
    const changed = await store.apply(bulk, bite)
    if (changed === undefined) return
    for (const userId of changed) {
      deps.onChanged({ atMs: bite.nowMs, bulk, userId })
    }
    afterId = ids.at(-1) ?? afterId
    const tookMs = performance.now() - startedAtMs
    size = nextSize(size, tookMs > store.longBiteMs)
    await wait(Math.max(PAUSE_MS, tookMs))
  }
}

function nextSize(size: number, wasLong: boolean): number {
  return wasLong ? Math.max(LEAST_USERS, size >> 1) : Math.min(MOST_USERS, size + LEAST_USERS)
}
