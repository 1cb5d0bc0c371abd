const DAY_MS = 24 * 60 * 60 * 1000

/** Milliseconds since 1970 at which something can have happened, by a clock that may be a day ahead; else undefined. */
export function believableTime(timeMs: number): number | undefined {
  return timeMs > 0 && timeMs <= Date.now() + DAY_MS ? timeMs : undefined
}
