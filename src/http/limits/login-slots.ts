import { AmazonAuthError } from '../../errors'
import type { Logger } from '../../logger'

/** Each has a socket to Amazon. At 100 ms an answer it is enough for 2,500 logins a second. */
const MAX_LOGINS = 512
/** One app alone gets two thirds of the slots, two get two fifths each, and so on: some are always left for others. */
const TIMES_FREE = 2
/** Of what is logged: a flood must not fill the log. */
const QUIET_MS = 10_000

/** Bounds the logins that wait for Amazon. */
export interface LoginSlots {
  /**
   * Runs what a login has to ask, unless too many are under way, or too many of this app.
   *
   * @throws {AmazonAuthError} `server_busy`, at once and without running it.
   */
  run<T>(appId: string, login: () => Promise<T>): Promise<T>
}

/** An app may hold twice as many slots as are free, as switches share their buffers among ports (Choudhury, Hahne 1998). */
export function createLoginSlots(logger: Logger): LoginSlots {
  const held = new Map<string, number>()
  let free = MAX_LOGINS
  let quietUntilMs = 0
  function take(appId: string, slots: 1 | -1): void {
    const left = (held.get(appId) ?? 0) + slots
    if (left === 0) held.delete(appId)
    else held.set(appId, left)
    free -= slots
  }
  function warn(app: string, advice: string): void {
    const nowMs = performance.now()
    if (nowMs < quietUntilMs) return
    quietUntilMs = nowMs + QUIET_MS
    const facts = { app, waiting: held.get(app), ofAllApps: MAX_LOGINS - free, advice }
    logger.warn(facts, 'too many logins of this app wait for Amazon: more of them are refused')
  }
  return {
    async run(appId, login) {
      if ((held.get(appId) ?? 0) >= TIMES_FREE * free) {
        const error = new AmazonAuthError('server_busy', { reason: 'too_many_in_flight' })
        warn(appId, error.advice)
        throw error
      }
      take(appId, 1)
      try {
        return await login()
      } finally {
        take(appId, -1)
      }
    },
  }
}
