import { textSetting } from '../../apps/typed-setting'
import { ownOrigin } from '../public-address'
import { chooseSuccessTarget, type SuccessTarget } from '../sign-in/choose-target'
import { respond } from '../sign-in/respond'
import type { Leg } from './login'
import type { BegunLogin } from './login-cookies'
import { openHit, type Hit, type Once } from './once'
import { takeReturnTo } from './return-to-cookie'
import { tradeCode } from './trade-code'
import { verifyState } from './verify-state'

/**
 * Second leg: the browser is back from Amazon with an authorization code. The steps of a login, in their order; what
 * keeps it from being done twice stands in `once.ts`.
 *
 * @throws {AmazonAuthError} the codes that the steps name; nothing has been stored then.
 */
export async function finishLogin(leg: Leg, once: Once): Promise<void> {
  const { app, attempt } = leg
  const hit = openHit(leg)
  const done = await once.findDone(hit)
  const begun = done === undefined ? verifyState(hit) : undefined
  const target = chooseTarget(hit, begun)
  const user = done?.user ?? (await once.run(hit, begun, () => tradeCode(hit, begun, target)))
  const tokenNonce = (begun ?? done)?.tokenNonce
  await respond({ app, user, target, isRepeat: done !== undefined, tokenNonce }, attempt)
  if (attempt.user !== undefined && !attempt.isBound) attempt.warnOnce(app.id, UNBOUND, STATE)
}

const STATE = { state: 'unbound' }
const UNBOUND =
  'a sign-in came back with a bare `state`, which no browser is bound to. Send people to /amazon_auth, or set security.strict to refuse such sign-ins. Said once per app.'

/** On the front end that was asked for: at the begin, or by the return itself when it was not begun here. */
function chooseTarget(
  { app, request, attempt }: Hit,
  begun: BegunLogin | undefined,
): SuccessTarget {
  const { hostUrl, aliasIndex } = begun ?? request
  const returnTo =
    begun?.returnTo ??
    (textSetting(app, 'signin_success') === undefined ? takeReturnTo(attempt) : undefined)
  return chooseSuccessTarget(
    app,
    { hostUrl, aliasIndex, ownOrigin: ownOrigin(app, attempt) },
    returnTo,
  )
}
