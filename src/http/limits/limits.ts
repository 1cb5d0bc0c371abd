import { createRateLimit, type CountTogether, type RateLimit } from './rate-limit'

/** How often things may happen in a minute. 0: as often as they like. */
export interface LimitNumbers {
  /** Failed sign-ins of one address to one app; refused tokens of one address. */
  readonly failuresPerMinute: number
  /** Sign-ins to one app, good or failed, from anywhere. */
  readonly loginsPerMinute: number
  /** Refused signatures of one address for one access key. */
  readonly badSignaturesPerMinute: number
}

/** What has happened lately: in the memory of this process, and of all nodes if they share one. */
export interface Limits {
  readonly failures: RateLimit
  readonly logins: RateLimit
  readonly badSignatures: RateLimit
}

/** @param together Absent: this node counts alone. */
export function createLimits(
  numbers: LimitNumbers,
  now: () => number,
  together?: CountTogether,
): Limits {
  const limit = (kind: string, perMinute: number): RateLimit =>
    createRateLimit(perMinute, now, together && ((name) => together(`${kind} ${name}`)))
  return {
    failures: limit('failures', numbers.failuresPerMinute),
    logins: limit('logins', numbers.loginsPerMinute),
    badSignatures: limit('signatures', numbers.badSignaturesPerMinute),
  }
}
