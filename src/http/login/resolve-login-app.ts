import type { App } from '../../apps/app'
import { getClientCredentials } from '../../apps/client-credentials'
import { isStrict } from '../../apps/is-strict'
import { AmazonAuthError } from '../../errors'
import { appIdOf, type LoginExchange } from './login-context'
import type { LoginRequest } from './parse-login-request'

/**
 * The app that a login is for; it has its keys. `appid` wins over `state`; that they name two apps is logged, or (strict) refused.
 *
 * @throws {AmazonAuthError} `app_not_found`, `app_inactive`, `app_not_configured`, `state_mismatch`, `hook_failed`,
 *   `store_unavailable`
 */
export async function resolveLoginApp(
  { appId, stateAppId }: LoginRequest,
  exchange: LoginExchange,
): Promise<App> {
  const { services } = exchange
  const app = await services.apps.resolve(await appIdOf(appId, exchange))
  getClientCredentials(app)
  if (stateAppId === undefined || stateAppId === app.id) return app
  const facts = { app: app.id, stateApp: stateAppId.slice(0, 64) }
  if (isStrict(app, services)) throw new AmazonAuthError('state_mismatch', facts)
  services.logger.warn(facts, 'appid and state name different apps: appid wins')
  return app
}
