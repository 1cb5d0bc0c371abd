import { AMAZON_BOUNDS_MS, OWN_BOUNDS_MS, type Sums } from './sums'

/** Times of attempts, in milliseconds; null where there were none. */
export interface Times {
  readonly count: number
  readonly mean: number | null
  /** Half of them took no longer: an estimate from classes of size. */
  readonly p50: number | null
  /** The same of 95 in a hundred. */
  readonly p95: number | null
}

/** Sign-ins of a period, as they are told. */
export interface Figures {
  /** Sent to Amazon by a browser's first leg. */
  readonly begun: number
  /** Of those that were begun in this period: have not come back, and have ten minutes to do so, which are not over. */
  readonly open: number
  /** Of those that were begun in this period: have not come back in time. */
  readonly abandoned: number
  readonly succeeded: number
  /** Those who succeeded, by how they came. */
  readonly ways: {
    readonly browser: number
    readonly amazon_token: number
    readonly app_token: number
    readonly device: number
  }
  /** The person has said no at Amazon. */
  readonly declined: number
  /** For any other reason. */
  readonly failed: number
  readonly newUsers: number
  readonly consentsWithdrawn: number
  /** What attempts waited for Amazon, where it was asked. */
  readonly amazonMs: Times
  /** What the same attempts took besides. */
  readonly ownMs: Times
}

/** @param stillOpen How many of those begun in the period may yet come back. */
export function toFigures(sums: Sums, stillOpen: number): Figures {
  // Never below zero: a process that was killed may have told of returns alone.
  const away = Math.max(0, sums.begun - sums.returned)
  const open = Math.min(away, stillOpen)
  const { browser, amazonToken, appToken, device } = sums
  return {
    begun: sums.begun,
    open,
    abandoned: away - open,
    succeeded: browser + amazonToken + appToken + device,
    ways: { browser, amazon_token: amazonToken, app_token: appToken, device },
    declined: sums.declined,
    failed: sums.failed,
    newUsers: sums.newUsers,
    consentsWithdrawn: sums.revoked,
    amazonMs: toTimes(sums.timed, sums.amazonMs, sums.amazonTimes, AMAZON_BOUNDS_MS),
    ownMs: toTimes(sums.timed, sums.ownMs, sums.ownTimes, OWN_BOUNDS_MS),
  }
}

function toTimes(
  count: number,
  sumMs: number,
  counts: readonly number[],
  boundsMs: readonly number[],
): Times {
  if (count === 0) return { count, mean: null, p50: null, p95: null }
  return {
    count,
    mean: Math.round(sumMs / count),
    p50: estimate(0.5, counts, boundsMs),
    p95: estimate(0.95, counts, boundsMs),
  }
}

/** As if those of a class were spread evenly over it; of the last class, which has no end, its beginning. */
function estimate(
  share: number,
  counts: readonly number[],
  boundsMs: readonly number[],
): number | null {
  let rest = share * counts.reduce((sum, count) => sum + count, 0)
  for (const [index, count] of counts.entries()) {
    const fromMs = boundsMs[index - 1] ?? 0
    const toMs = boundsMs[index] ?? fromMs
    if (rest <= count && count > 0) return Math.round(fromMs + (toMs - fromMs) * (rest / count))
    rest -= count
  }
  return null
}
