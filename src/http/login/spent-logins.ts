import { LRUCache } from 'lru-cache'

import { TRANSACTION_TTL_MS } from './transaction'

/** Names of logins that are over for good, in the memory of this process, for as long as a copy of their cookies could be shown. */
export interface SpentLogins {
  /** @returns False: it was spent before. */
  spend(name: string): boolean
  isSpent(name: string): boolean
}

/** Bounds the memory; those that were spent first are forgotten first. */
const MAX_NAMES = 50_000

export function createSpentLogins(): SpentLogins {
  const names = new LRUCache<string, true>({ max: MAX_NAMES, ttl: TRANSACTION_TTL_MS })
  const isSpent = (name: string): boolean => names.has(name)
  return {
    isSpent,
    spend(name) {
      if (isSpent(name)) return false
      names.set(name, true)
      return true
    },
  }
}
