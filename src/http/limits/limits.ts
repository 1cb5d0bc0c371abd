import { LRUCache } from 'lru-cache'

import { createRateLimit, type RateLimit } from './rate-limit'

/** How often things may happen in a minute. 0: as often as they like. */
export interface LimitNumbers {
  /** Failed sign-ins of one address to one app; refused tokens of one address. */
  readonly failuresPerMinute: number
  /** Sign-ins to one app, good or failed, from anywhere. */
  readonly loginsPerMinute: number
  /** Refused signatures of one address for one access key. */
  readonly badSignaturesPerMinute: number
}

/** What has happened lately, in the memory of this process. */
export interface Limits {
  readonly failures: RateLimit
  readonly logins: RateLimit
  readonly badSignatures: RateLimit
  /** Remembers a signature for as long as it is good. @returns Whether it was there before. */
  wasSeen(signature: string): boolean
}

/** A signature is good from 5 minutes before the time in it to 15 after. */
const SIGNATURE_LIFE_MS = 1_200_000
const MAX_SIGNATURES = 100_000

export function createLimits(numbers: LimitNumbers, now: () => number): Limits {
  const signatures = new LRUCache<string, true>({ max: MAX_SIGNATURES, ttl: SIGNATURE_LIFE_MS })
  return {
    failures: createRateLimit(numbers.failuresPerMinute, now),
    logins: createRateLimit(numbers.loginsPerMinute, now),
    badSignatures: createRateLimit(numbers.badSignaturesPerMinute, now),
    wasSeen(signature) {
      const isKnown = signatures.has(signature)
      signatures.set(signature, true)
      return isKnown
    },
  }
}
