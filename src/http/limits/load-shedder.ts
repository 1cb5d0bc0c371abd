import { AmazonAuthError } from '../../errors'
import type { Logger } from '../../logger'
import { createFairShare } from './fair-share'
import { watchLateness, type Lateness } from './watch-lateness'

/** Behind: ticks come later than this on average ... */
const BEHIND_MS = 40
/** ... until they come earlier than this. */
const CAUGHT_UP_MS = 10
/** How long the event loop may be held before sign-ins are refused, while the process is behind. */
const PATIENCE_MS = 30
/** So much longer for apps that ask for little: refusing the others takes time, too, which must not be their loss. */
const QUIET_TIMES = 10
/** Fewer sign-ins between two ticks have not held the loop: something else has, and refusing them would not help. */
const FEW = 16

/** Keeps what is left of a busy process for the sign-ins that can still be finished. */
export interface LoadShedder {
  /**
   * Lets a sign-in go on, unless the process is behind with its work. Then those of apps that ask for much are
   * refused first, and those who come back from Amazon last: much has been spent on them already.
   *
   * @param appId Undefined: an app that is not there.
   * @throws {AmazonAuthError} `server_busy`
   */
  admit(appId: string | undefined, isReturn: boolean): void
  stop(): void
}

/** @param lateness Default: that of this process, watched from now on. */
export function createLoadShedder(
  logger: Logger,
  lateness: Lateness = watchLateness(),
): LoadShedder {
  const share = createFairShare()
  let isBehind = false
  let tick = 0
  let inTick = 0

  function countInTick(): number {
    if (tick !== lateness.ticks()) inTick = 0
    tick = lateness.ticks()
    inTick += 1
    return inTick
  }
  function note(): void {
    if (isBehind === lateness.averageMs() > (isBehind ? CAUGHT_UP_MS : BEHIND_MS)) return
    isBehind = !isBehind
    if (isBehind) logger.warn({}, 'this process is behind with its work: it refuses sign-ins')
    else logger.info({}, 'this process has caught up: it takes all sign-ins')
  }

  return {
    admit(appId = '', isReturn) {
      const hasMore = share.count(appId)
      const isOneOfFew = countInTick() <= FEW
      note()
      const patienceMs = PATIENCE_MS * (isReturn ? 2 : 1) * (hasMore ? 1 : QUIET_TIMES)
      if (!isBehind || isOneOfFew || lateness.nowMs() <= patienceMs) return
      throw new AmazonAuthError('server_busy')
    },
    stop: () => lateness.stop(),
  }
}
