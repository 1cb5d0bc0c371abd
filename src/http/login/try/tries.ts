import { LRUCache } from 'lru-cache'

import type { Tried } from './report-try'

/** Those that are oldest are forgotten first. */
const MAX_TRIES = 1_000
const REMEMBER_MS = 10_000

/** What was tried a moment ago, in this process: by a double tap, the second hit gets the same page, and the code is sent once. */
export class Tries {
  private readonly recent: LRUCache<string, Promise<Tried>>

  /** @param rememberMs How much later a second hit of the same return may come in. */
  constructor(rememberMs = REMEMBER_MS) {
    // A report tells of a person: it goes when its time is over, not when others take its place.
    this.recent = new LRUCache({ max: MAX_TRIES, ttl: rememberMs, ttlAutopurge: true })
  }

  /** How many are remembered. */
  get size(): number {
    return this.recent.size
  }

  /** @param nonce Of the login, by its sealed cookie: nobody else shares what it came to. */
  run(nonce: string, tryIt: () => Promise<Tried>): Promise<Tried> {
    const known = this.recent.get(nonce)
    if (known !== undefined) return known
    const trying = tryIt()
    this.recent.set(nonce, trying)
    return trying
  }
}
