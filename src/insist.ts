import { setTimeout as sleep } from 'node:timers/promises'

/** A connection that was lost, or another node that takes over, is back by then. */
const PAUSES_MS = [100, 500, 2_000]

/** Does what must not be left undone because the store is away for a moment. What it throws at last is thrown. */
export async function insist(work: () => Promise<void>): Promise<void> {
  for (const pauseMs of PAUSES_MS) {
    try {
      await work()
      return
    } catch {
      await sleep(pauseMs)
    }
  }
  await work()
}
