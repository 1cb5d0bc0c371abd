import { getDeviceClient } from '../../apps/client-credentials'
import type { App } from '../../apps/app'
import type { LinkedDevice } from '../../devices/device-boxes'
import type { DeviceKey } from '../../devices/device-login'
import { AmazonAuthError } from '../../errors'
import type { User } from '../../users/user'
import { amazonCall } from '../sign-in/amazon-call'
import type { Attempt } from '../sign-in/attempt'
import { signInUser, type SignInPurpose } from '../sign-in/sign-in-user'

/** Client ids are at most 100 bytes long. */
const MAX_TOLD_CHARACTERS = 100

/**
 * Signs in whom a device was allowed to: the last steps of any login.
 *
 * @returns The user, once; undefined: not now, ask again.
 * @throws {AmazonAuthError} `audience_mismatch`, `profile_rejected`, `profile_malformed`, `account_locked`, `hook_failed`,
 *   `refused_by_host`, `device_expired` (the app has another client now), `app_not_configured`, `store_unavailable`: the
 *   login is over.
 */
export async function finishDevice(
  app: App,
  key: DeviceKey,
  purpose: SignInPurpose,
  attempt: Attempt,
): Promise<User | undefined> {
  const { devices, loginSlots } = attempt.services
  const user = await devices.finish(key, getDeviceClient(app), (linked) =>
    loginSlots.run(app.id, () => signInLinked(app, linked, purpose, attempt)),
  )
  attempt.leave()
  attempt.user = user
  return user
}

/**
 * The codes were given to our client, and never left us; but Amazon's poll names no client, so unless a secret was sent
 * with it, Amazon itself is asked whose token it has issued, as of one that is handed in from outside.
 */
async function signInLinked(
  app: App,
  { tokens, givenAtMs, clientId, isProven }: LinkedDevice,
  purpose: SignInPurpose,
  attempt: Attempt,
): Promise<User> {
  const { amazon, keptTokens } = attempt.services
  const { accessToken } = tokens
  const call = amazonCall(app, attempt.services)
  attempt.enter('fetch_profile')
  const info = isProven ? undefined : await amazon.fetchTokenInfo(accessToken, call)
  if (info && (info.audience !== clientId || !call.endpoints.issuers.has(info.issuer))) {
    const audience = info.audience.slice(0, MAX_TOLD_CHARACTERS)
    throw new AmazonAuthError('audience_mismatch', { app: app.id, audience, advice: OTHER_CLIENT })
  }
  const profile = await amazon.fetchProfile(accessToken, call)
  if (info && profile.userId !== info.userId) {
    throw new AmazonAuthError('audience_mismatch', { app: app.id })
  }
  attempt.enter('upsert_user')
  const user = await signInUser(app, profile, purpose, attempt)
  const { region } = call.endpoints
  const scopes = user.scopes?.split(' ')
  await keptTokens.keep(app, user, { tokens, givenAtMs, clientId, region, scopes })
  return user
}

const OTHER_CLIENT =
  'Amazon has issued the access token of a device to another client than it gave the codes to. Nobody is signed in by it.'
