const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** After the n-th attempt that has failed: ten attempts in a day. The early ones bridge a deployment of the receiver. */
const DELAYS_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  8 * HOUR_MS,
  8 * HOUR_MS,
]
/** Each delay is longer or shorter by up to that part, so that what failed together does not come together. */
const JITTER = 0.1
/** Longest that a receiver may ask to be left alone. */
const MAX_RETRY_AFTER_MS = 24 * HOUR_MS

/** Attempts of an event, all in all. */
export const MAX_ATTEMPTS = DELAYS_MS.length + 1

/**
 * How long to wait before an event is sent again.
 *
 * @param attempts How often it was sent in vain.
 * @param retryAfterMs What the receiver has asked for, if it did.
 * @returns Milliseconds; undefined: it is given up.
 */
export function retryInMs(attempts: number, retryAfterMs = 0): number | undefined {
  const delayMs = DELAYS_MS[attempts - 1]
  if (delayMs === undefined) return undefined
  const jitteredMs = delayMs * (1 - JITTER + 2 * JITTER * Math.random())
  return Math.round(Math.max(jitteredMs, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS)))
}

/**
 * What a `Retry-After` asks for: seconds, or a date.
 *
 * @returns Milliseconds from now; undefined: nothing that can be read.
 */
export function parseRetryAfterMs(header: unknown, nowMs: number): number | undefined {
  if (typeof header !== 'string') return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND_MS
  const untilMs = Date.parse(header)
  return Number.isNaN(untilMs) ? undefined : Math.max(0, untilMs - nowMs)
}
