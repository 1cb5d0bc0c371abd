import type { App } from '../../apps/app'
import { isStillIn } from '../../sessions/find-signed-in'
import type { SignInServices } from '../auth-services'
import type { Visit } from '../installation'
import { LoginCookies, type Receipt } from './login-cookies'

/** Logins within half a minute, each of which was ended from elsewhere: that is no person. */
const MAX_ENDED = 3

/**
 * Whether a login (to one app, if it is named) has ended well in this browser within the last half minute, so that another
 * one would bring it no further. A login that has been ended since does not count: signed out everywhere, locked, gone.
 *
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function hasJustSignedIn(visit: Visit, app: App | undefined): Promise<boolean> {
  const receipts = new LoginCookies(visit, app).freshReceipts(app?.id)
  if (receipts.length >= MAX_ENDED) return true
  const isGood = await Promise.all(receipts.map((receipt) => isStillGood(receipt, visit.services)))
  return isGood.includes(true)
}

async function isStillGood(
  { appId, userId, epoch }: Receipt,
  { users }: Pick<SignInServices, 'users'>,
): Promise<boolean> {
  if (appId === undefined) return true
  return isStillIn(await users.findById(appId, userId), epoch)
}
