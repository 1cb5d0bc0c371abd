/** What is counted of the sign-ins of a period. */
export interface Sums {
  /** Sent to Amazon by a browser's first leg. */
  begun: number
  /** Of those that were begun in this period: came back, whenever that was, and whatever came of it. */
  returned: number
  /** Signed in, by how they came. */
  browser: number
  amazonToken: number
  appToken: number
  device: number
  /** The person has said no. */
  declined: number
  /** For any other reason. */
  failed: number
  /** Users who were made. */
  newUsers: number
  /** Consents that turned out to be withdrawn. */
  revoked: number
  /** Attempts for which Amazon was asked: the two sums and both lists are of these. */
  timed: number
  /** Milliseconds that they have waited for Amazon. */
  amazonMs: number
  /** Milliseconds besides. */
  ownMs: number
  /** How many of them lie within each of {@link AMAZON_BOUNDS_MS}, and the rest. */
  readonly amazonTimes: number[]
  /** The same of {@link OWN_BOUNDS_MS}. */
  readonly ownTimes: number[]
}

/** Up to and including; what is longer is counted behind the last. */
export const AMAZON_BOUNDS_MS: readonly number[] = [50, 100, 200, 400, 800, 1_600, 5_000]
export const OWN_BOUNDS_MS: readonly number[] = [2, 5, 10, 20, 50, 100, 500]

/** The sums that are one number each. */
export type CountName = Exclude<keyof Sums, 'amazonTimes' | 'ownTimes'>

const COUNT_NAMES: readonly CountName[] = [
  'begun',
  'returned',
  'browser',
  'amazonToken',
  'appToken',
  'device',
  'declined',
  'failed',
  'newUsers',
  'revoked',
  'timed',
  'amazonMs',
  'ownMs',
]

export function noSums(): Sums {
  return {
    begun: 0,
    returned: 0,
    browser: 0,
    amazonToken: 0,
    appToken: 0,
    device: 0,
    declined: 0,
    failed: 0,
    newUsers: 0,
    revoked: 0,
    timed: 0,
    amazonMs: 0,
    ownMs: 0,
    amazonTimes: [0, 0, 0, 0, 0, 0, 0, 0],
    ownTimes: [0, 0, 0, 0, 0, 0, 0, 0],
  }
}

/** Adds to the first what the second has. */
export function addSums(to: Sums, from: Sums): void {
  for (const name of COUNT_NAMES) to[name] += from[name]
  if (from.timed === 0) return
  addAll(to.amazonTimes, from.amazonTimes)
  addAll(to.ownTimes, from.ownTimes)
}

function addAll(to: number[], from: readonly number[]): void {
  for (const [index, count] of from.entries()) to[index] = (to[index] ?? 0) + count
}

/** Counts a time among those of its size. */
export function addTime(times: number[], boundsMs: readonly number[], ms: number): void {
  const found = boundsMs.findIndex((boundMs) => ms <= boundMs)
  const index = found < 0 ? boundsMs.length : found
  times[index] = (times[index] ?? 0) + 1
}
