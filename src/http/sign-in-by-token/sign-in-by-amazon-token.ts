import { ACCESS_TOKEN } from '../../amazon/access-token'
import type { App } from '../../apps/app'
import { getAudiences } from '../../apps/client-credentials'
import { AmazonAuthError } from '../../errors'
import type { User } from '../../users/user'
import { amazonCall } from '../sign-in/amazon-call'
import type { Attempt } from '../sign-in/attempt'
import { signInUser } from '../sign-in/sign-in-user'

/** Client ids are at most 100 bytes long. */
const MAX_TOLD_CHARACTERS = 100

/**
 * Signs in by an access token that a mobile app, a page or a device has of Amazon. Before its profile is believed, the
 * token is proven, at the region of this app, to have been issued to it: one of any other app of Amazon's would show the
 * same profile.
 *
 * @throws {AmazonAuthError} `app_inactive`, `app_not_configured`, `audience_mismatch`, `profile_rejected`,
 *   `profile_malformed`, `account_locked`, `amazon_…`, `hook_failed`, `store_unavailable`
 */
export async function signInByAmazonToken(
  app: App,
  accessToken: string,
  attempt: Attempt,
): Promise<User> {
  const { services } = attempt
  if (!app.active) throw new AmazonAuthError('app_inactive', { app: app.id })
  const audiences = getAudiences(app)
  if (!ACCESS_TOKEN.test(accessToken)) {
    throw new AmazonAuthError('profile_rejected', { reason: 'not a token' })
  }
  const { amazon } = services
  const call = amazonCall(app, services)
  attempt.enter('fetch_profile')
  const info = await amazon.fetchTokenInfo(accessToken, call)
  if (!audiences.has(info.audience) || !call.endpoints.issuers.has(info.issuer)) {
    const audience = info.audience.slice(0, MAX_TOLD_CHARACTERS)
    throw new AmazonAuthError('audience_mismatch', { app: app.id, audience })
  }
  const profile = await amazon.fetchProfile(accessToken, call)
  if (profile.userId !== info.userId)
    throw new AmazonAuthError('audience_mismatch', { app: app.id })
  attempt.enter('upsert_user')
  return signInUser(app, profile, { issuesSessionToken: true }, attempt)
}
