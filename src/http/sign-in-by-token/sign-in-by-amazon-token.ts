import { fetchVerifiedProfile } from '../../amazon/verify-audience'
import type { App } from '../../apps/app'
import { getAudiences } from '../../apps/client-credentials'
import { AmazonAuthError } from '../../errors'
import type { User } from '../../users/user'
import { amazonCall } from '../sign-in/amazon-call'
import type { Attempt } from '../sign-in/attempt'
import { signInUser } from '../sign-in/sign-in-user'

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
  const audience = { clientIds: getAudiences(app), facts: { app: app.id } }
  attempt.enter('fetch_profile')
  const { amazon } = services
  const profile = await fetchVerifiedProfile(
    accessToken,
    audience,
    amazon,
    amazonCall(app, services),
  )
  attempt.enter('upsert_user')
  return signInUser(app, profile, { issuesSessionToken: true }, attempt)
}
