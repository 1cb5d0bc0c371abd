const TICK_MS = 20
/** Weight of the latest tick in the average: a few long ones in a row count, a single pause does not. */
const WEIGHT = 0.1

/** Ticks without a question after which the watch rests until the next one: ten seconds. */
const IDLE_TICKS = 500

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
  let dueMs = 0
  let cpuAtTick = process.cpuUsage()
  let averageMs = 0
  let ticks = 0
  let unasked = 0
  let timer: NodeJS.Timeout | undefined
  let isStopped = false

  function lateMs(): number {
    const late = performance.now() - dueMs
    if (late <= 0) return 0
    const { user, system } = process.cpuUsage(cpuAtTick)
    return Math.min(late, (user + system) / 1000)
  }
  function expectTick(): void {
    dueMs = performance.now() + TICK_MS
    cpuAtTick = process.cpuUsage()
    ticks += 1
  }
  function tick(): void {
    averageMs += WEIGHT * (lateMs() - averageMs)
    expectTick()
    if (++unasked > IDLE_TICKS) rest()
  }
  function rest(): void {
    clearInterval(timer)
    timer = undefined
  }
  /** Watches from the first question on, since an idle process has nothing to be late with. */
  function asked<T>(answer: () => T): T {
    unasked = 0
    if (timer === undefined && !isStopped) {
      averageMs = 0
      expectTick()
      timer = setInterval(tick, TICK_MS).unref()
    }
    return answer()
  }

  return {
    nowMs: () => asked(lateMs),
    averageMs: () => asked(() => averageMs),
    ticks: () => asked(() => ticks),
    stop() {
      isStopped = true
      rest()
    },
  }
}
