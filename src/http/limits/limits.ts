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
}

export function createLimits(numbers: LimitNumbers, now: () => number): Limits {
  return {
    failures: createRateLimit(numbers.failuresPerMinute, now),
    logins: createRateLimit(numbers.loginsPerMinute, now),
    badSignatures: createRateLimit(numbers.badSignaturesPerMinute, now),
  }
}
