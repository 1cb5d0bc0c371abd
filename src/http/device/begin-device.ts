import type { App } from '../../apps/app'
import { getDeviceClient } from '../../apps/client-credentials'
import { scopeNames } from '../../amazon/scopes'
import { sha256 } from '../../crypto/random'
import type { BegunDeviceLogin } from '../../devices/device-logins'
import type { SignInServices } from '../auth-services'
import { visitorOf } from '../limits/network-of'
import { amazonCall } from '../sign-in/amazon-call'
import { askedScopes } from '../sign-in/asked-scopes'
import type { Attempt } from '../sign-in/attempt'

/** How often a device may ask us, at most: that costs a look into the store, and Amazon is asked when it wants to be. */
const ASK_EVERY_SECONDS = 5

/**
 * Begins the login of a device: Amazon gives it a pair of codes.
 *
 * @throws {AmazonAuthError} `app_not_configured`, `client_rejected`, `device_refused`, `too_many_requests`, `server_busy`,
 *   `amazon_…`, `store_unavailable`
 */
export async function beginDevice(app: App, attempt: Attempt): Promise<BegunDeviceLogin> {
  const { req, services } = attempt
  const client = getDeviceClient(app)
  const request = {
    clientId: client.clientId,
    scope: deviceScope(app, services),
    languages: soundLanguages(req.headers['accept-language']),
  }
  const address = sha256(`${app.id} ${visitorOf(req)}`)
  attempt.enter('create_code_pair')
  const begun = await services.devices.begin({ appId: app.id, address, client }, () =>
    services.loginSlots.run(app.id, () =>
      services.amazon.createCodePair(request, amazonCall(app, services)),
    ),
  )
  attempt.leave()
  return begun
}

/** How long a device waits before it asks us again, in whole seconds. */
export function askEverySeconds(intervalMs: number): number {
  return Math.max(1, Math.min(ASK_EVERY_SECONDS, Math.round(intervalMs / 1000)))
}

/** What people may leave out is left out: where they type a code, nobody asks them. */
function deviceScope(app: App, services: SignInServices): string {
  const { scope, voluntary } = askedScopes(app, services)
  const essential = scopeNames(scope).filter((name) => !voluntary.includes(name))
  return essential.length === 0 ? scope : essential.join(' ')
}

const LANGUAGES = /^[\w*;=.,\s-]{1,256}$/

/** What a browser sends; nothing else goes on to Amazon. */
function soundLanguages(header: string | undefined): string | undefined {
  return header !== undefined && LANGUAGES.test(header) ? header : undefined
}
