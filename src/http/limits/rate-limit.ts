import { growingCache } from '../../growing-cache'

/** How often something may happen in a minute, counted by name. */
export interface RateLimit {
  /** Counts one more. @param onReached Called when it is the one that reaches the limit. */
  count(name: string, onReached?: () => void): void
  /** Seconds until the minute of a name that has reached the limit is over; 0 for all others. */
  waitSeconds(name: string): number
}

/**
 * Counts what all nodes have seen in a minute.
 *
 * @returns How many that are, and how long the minute still lasts; undefined: it cannot be told. Never rejects.
 */
export type CountTogether = (
  name: string,
) => Promise<{ readonly count: number; readonly leftMs: number } | undefined>

interface Minute {
  count: number
  endsAtMs: number
}

const MINUTE_MS = 60_000
/** Bounds the memory, also under a flood of addresses: those that were quiet for longest are forgotten. */
const MAX_NAMES = 20_000

/**
 * A limit that this process keeps by itself, so that nobody waits for it. What other nodes have counted is learnt after
 * each count, and only adds to what is known here.
 *
 * @param perMinute 0: no limit.
 * @param together Absent: this node counts alone.
 */
export function createRateLimit(
  perMinute: number,
  now: () => number,
  together?: CountTogether,
): RateLimit {
  const minutes = growingCache<Minute>({ max: MAX_NAMES })

  function minuteOf(name: string): Minute {
    const known = minutes.get(name)
    if (known !== undefined && known.endsAtMs > now()) return known
    const minute = { count: 0, endsAtMs: now() + MINUTE_MS }
    minutes.set(name, minute)
    return minute
  }

  function raise(minute: Minute, count: number, onReached?: () => void): void {
    if (minute.count < perMinute && count >= perMinute) onReached?.()
    minute.count = count
  }

  return {
    count(name, onReached) {
      if (perMinute === 0) return
      const minute = minuteOf(name)
      raise(minute, minute.count + 1, onReached)
      void together?.(name).then((all) => {
        if (all === undefined || all.count < minute.count) return
        minute.endsAtMs = now() + all.leftMs
        raise(minute, all.count, onReached)
      })
    },
    waitSeconds(name) {
      const minute = minutes.peek(name)
      if (minute === undefined || minute.count < perMinute) return 0
      return Math.max(0, Math.ceil((minute.endsAtMs - now()) / 1000))
    },
  }
}
