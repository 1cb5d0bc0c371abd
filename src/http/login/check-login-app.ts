import type { App } from '../../apps/app'
import { getClientCredentials } from '../../apps/client-credentials'
import { isStrict } from '../../apps/typed-setting'
import { AmazonAuthError } from '../../errors'
import type { SignInServices } from '../auth-services'
import type { LoginRequest } from './parse-login-request'

/**
 * Makes sure that an app has its keys, and that a request means this app and no other: `appid` wins over `state`; that
 * they name two is logged, or (strict) refused.
 *
 * @throws {AmazonAuthError} `app_not_configured`, `state_mismatch`
 */
export function checkLoginApp(
  app: App,
  { stateAppId }: LoginRequest,
  { services }: { readonly services: SignInServices },
): void {
  getClientCredentials(app)
  if (stateAppId === undefined || stateAppId === app.id) return
  const facts = { app: app.id, stateApp: stateAppId.slice(0, 64) }
  if (isStrict(app, services)) throw new AmazonAuthError('state_mismatch', facts)
  services.logger.warn(facts, 'appid and state name different apps: appid wins')
}
