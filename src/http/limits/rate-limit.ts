import { LRUCache } from 'lru-cache'

/** How often something may happen in a minute, counted by name. */
export interface RateLimit {
  /** Counts one more. @returns Whether it is the one that reaches the limit. */
  count(name: string): boolean
  /** Seconds until the minute of a name that has reached the limit is over; 0 for all others. */
  waitSeconds(name: string): number
}

const MINUTE_MS = 60_000
/** Bounds the memory, also under a flood of addresses: those that were quiet for longest are forgotten. */
const MAX_NAMES = 20_000

/** @param perMinute 0: no limit. */
export function createRateLimit(perMinute: number, now: () => number): RateLimit {
  const minutes = new LRUCache<string, { count: number; readonly endsAtMs: number }>({
    max: MAX_NAMES,
  })
  return {
    count(name) {
      if (perMinute === 0) return false
      let minute = minutes.get(name)
      if (minute === undefined || minute.endsAtMs <= now()) {
        minute = { count: 0, endsAtMs: now() + MINUTE_MS }
        minutes.set(name, minute)
      }
      minute.count += 1
      return minute.count === perMinute
    },
    waitSeconds(name) {
      const minute = minutes.peek(name)
      if (minute === undefined || minute.count < perMinute) return 0
      return Math.max(0, Math.ceil((minute.endsAtMs - now()) / 1000))
    },
  }
}
