import { LRUCache } from 'lru-cache'

import type { Tried } from './report-try'

/** Those that are oldest are forgotten first. */
const MAX_TRIES = 1_000
/** A second hit of the same return may come in so much later. */
const REMEMBER_MS = 10_000

/** What was tried a moment ago, in this process: by a double tap, the second hit gets the same page, and the code is sent once. */
export class Tries {
  private readonly recent = new LRUCache<string, Promise<Tried>>({
    max: MAX_TRIES,
    ttl: REMEMBER_MS,
  })

  /** @param nonce Of the login, by its sealed cookie: nobody else shares what it came to. */
  run(nonce: string, tryIt: () => Promise<Tried>): Promise<Tried> {
    const known = this.recent.get(nonce)
    if (known !== undefined) return known
    const trying = tryIt()
    this.recent.set(nonce, trying)
    return trying
  }
}
