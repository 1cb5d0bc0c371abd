import { AmazonAuthError } from '../../errors'
import type { Logger } from '../../logger'
import { createPlaces } from '../../places'

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

/** An app may hold twice as many slots as are free. */
export function createLoginSlots(logger: Logger): LoginSlots {
  const slots = createPlaces(MAX_LOGINS, TIMES_FREE)
  let quietUntilMs = 0
  function warn(app: string, advice: string): void {
    const nowMs = performance.now()
    if (nowMs < quietUntilMs) return
    quietUntilMs = nowMs + QUIET_MS
    const facts = {
      app,
      waiting: slots.held(app),
      ofAllApps: MAX_LOGINS - slots.free(),
      advice,
    }
    logger.warn(facts, 'too many logins of this app wait for Amazon: more of them are refused')
  }
  return {
    async run(appId, login) {
      const giveBack = slots.take([appId])
      if (giveBack === undefined) {
        const error = new AmazonAuthError('server_busy', { reason: 'too_many_in_flight' })
        warn(appId, error.advice)
        throw error
      }
      try {
        return await login()
      } finally {
        giveBack()
      }
    },
  }
}
