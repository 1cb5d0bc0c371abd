import { LRUCache } from 'lru-cache'

import type { Findings } from './check'
import { findingsOf } from './findings-of'

/** How long the answers of others are good to those who ask over the network. */
const REMEMBERED_MS = 10_000
const MAX_REMEMBERED = 5_000

/** Gives the answer of this name that was given some seconds ago, or asks. */
export type Memory = (name: string, ask: () => Promise<Findings>) => Promise<Findings>

/** Whoever asks again too soon is given the last answer, and its age. */
export function createMemory(now: () => number): Memory {
  const known = new LRUCache<string, { readonly atMs: number; readonly answer: Promise<Findings> }>(
    {
      max: MAX_REMEMBERED,
      ttl: REMEMBERED_MS,
    },
  )
  return async (name, ask) => {
    const last = known.get(name)
    if (last === undefined) {
      const answer = ask()
      known.set(name, { atMs: now(), answer })
      // What could not be asked can be asked again.
      answer.catch(() => known.delete(name))
      return answer
    }
    const seconds = Math.max(0, Math.round((now() - last.atMs) / 1000))
    return findingsOf(await last.answer).map((finding) => ({
      ...finding,
      seen: `${finding.seen} (asked ${seconds} s ago)`,
    }))
  }
}

/** @returns Takes one out of what there is for a minute; false: it is used up. */
export function createBudget(perMinute: number): () => boolean {
  let left = perMinute
  let endsAtMs = 0
  return () => {
    if (performance.now() >= endsAtMs) {
      endsAtMs = performance.now() + 60_000
      left = perMinute
    }
    left -= 1
    return left >= 0
  }
}
