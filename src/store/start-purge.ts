import { setTimeout as wait } from 'node:timers/promises'

import type { Logger } from '../logger'

/** Removes what has had its time, in small bites. Keeps no process alive. */
export interface Purge {
  /** Begins soon, unless it is at work. Call it when the store is open, and whenever much is to be removed. */
  wake(): void
  /** Ends it; waits for the bite under way. */
  close(): Promise<void>
}

/** Removes up to `limit` rows of one kind, and tells how many. */
export type Bite = (limit: number) => Promise<number>

/** Some milliseconds of work, usually: SQLite does it on the event loop, and logins wait for it. */
export const BITE_ROWS = 250
const LEAST_ROWS = 25
/** A bite that takes longer was too large for this disk, and what it does besides. */
const LONG_BITE_MS = 10
/** Least pause between two bites; as long as the bite took, if that is more, so that logins get as much of the store. */
const PAUSE_MS = 10
const WAKE_AFTER_MS = 500
export const PURGE_EVERY_MS = 600_000

export function startPurge(bites: readonly Bite[], logger: Logger): Purge {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let isClosed = false

  async function purge(): Promise<void> {
    for (const bite of bites) await eat(bite)
  }
  async function eat(bite: Bite): Promise<void> {
    for (let rows = BITE_ROWS; !isClosed;) {
      const startedAtMs = performance.now()
      const removed = await bite(rows)
      if (removed < rows) return
      const tookMs = performance.now() - startedAtMs
      const isLong = tookMs > LONG_BITE_MS
      rows = isLong ? Math.max(LEAST_ROWS, rows >> 1) : Math.min(BITE_ROWS, rows + LEAST_ROWS)
      await wait(Math.max(PAUSE_MS, tookMs))
    }
  }
  function schedule(afterMs: number): void {
    clearTimeout(timer)
    if (!isClosed) timer = setTimeout(run, afterMs).unref()
  }
  function run(): void {
    running = purge()
      .catch((cause: unknown) => logger.warn({ cause }, 'old rows were not removed'))
      .finally(() => {
        running = undefined
        schedule(PURGE_EVERY_MS)
      })
  }

  return {
    wake() {
      if (running === undefined) schedule(WAKE_AFTER_MS)
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      await running
    },
  }
}
