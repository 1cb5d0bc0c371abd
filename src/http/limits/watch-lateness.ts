const TICK_MS = 20
/** Weight of the latest tick in the average: a few long ones in a row count, a single pause does not. */
const WEIGHT = 0.1

/** How late this process comes to its work, by its own doing. */
export interface Lateness {
  /** How long the event loop has been held by now beyond its next tick, in milliseconds. */
  nowMs(): number
  /** The same at the last ticks, averaged over about ten. */
  averageMs(): number
  /** Number of ticks so far: what happens between two of them has held the loop together. */
  ticks(): number
  /** Ends the watch. */
  stop(): void
}

/**
 * Watches how late a timer comes. What is due tells more than what has passed: it grows while the loop is held, so
 * the last of a hundred requests that are read in one go sees what the first did not.
 *
 * Only time in which the process has computed counts: one that the system has given no processor is late, too, but
 * has no more to do than it can.
 */
export function watchLateness(): Lateness {
  let dueMs = performance.now() + TICK_MS
  let cpuAtTick = process.cpuUsage()
  let averageMs = 0
  let ticks = 0
  function nowMs(): number {
    const lateMs = performance.now() - dueMs
    if (lateMs <= 0) return 0
    const { user, system } = process.cpuUsage(cpuAtTick)
    return Math.min(lateMs, (user + system) / 1000)
  }
  const timer = setInterval(() => {
    averageMs += WEIGHT * (nowMs() - averageMs)
    dueMs = performance.now() + TICK_MS
    cpuAtTick = process.cpuUsage()
    ticks += 1
  }, TICK_MS).unref()
  return { nowMs, averageMs: () => averageMs, ticks: () => ticks, stop: () => clearInterval(timer) }
}
