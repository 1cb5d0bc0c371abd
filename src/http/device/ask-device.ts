import { getDeviceClient } from '../../apps/client-credentials'
import type { DevicePoll } from '../../amazon/poll-device'
import type { App } from '../../apps/app'
import type { DeviceKey } from '../../devices/device-login'
import type { DeviceProgress } from '../../devices/device-logins'
import { amazonCall } from '../sign-in/amazon-call'
import type { Attempt } from '../sign-in/attempt'

/**
 * How the login of a device stands; Amazon is asked if that is due.
 *
 * @throws {AmazonAuthError} `client_rejected`, `device_refused`: Amazon takes the app's client no more, and the login has
 *   ended. `app_not_configured`, `store_unavailable`
 */
export async function askDevice(
  app: App,
  key: DeviceKey,
  attempt: Attempt,
): Promise<DeviceProgress> {
  const { devices, amazon, keptTokens, loginSlots } = attempt.services
  const { clientId, clientSecret } = getDeviceClient(app)
  const client = clientSecret === undefined ? undefined : { clientId, clientSecret }
  return devices.advance(key, { clientId, clientSecret }, async ({ deviceCode, userCode }) => {
    attempt.enter('poll_device')
    const grant = { deviceCode, userCode, client }
    const poll = await loginSlots.run(app.id, () =>
      amazon.pollDevice(grant, amazonCall(app, attempt.services)),
    )
    attempt.leave()
    return keptTokens.isOnFor(app) ? poll : withoutRefreshToken(poll)
  })
}

/** Until the device is signed in its tokens lie in the store: what nobody wants does not. */
function withoutRefreshToken(poll: DevicePoll): DevicePoll {
  if (poll.state !== 'granted') return poll
  const { accessToken, expiresInSeconds } = poll.tokens
  return { state: 'granted', tokens: { accessToken, expiresInSeconds } }
}
