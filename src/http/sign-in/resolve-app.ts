import type { App } from '../../apps/app'
import { AmazonAuthError } from '../../errors'
import { admitLogin } from '../limits/limit-logins'
import { hostsAppId } from '../request-app'
import type { Attempt } from './attempt'

/**
 * Finds the app of an attempt to sign in, for all who ask for it from then on, and lets the attempt begin.
 *
 * @param isReturn Whether the browser comes back from Amazon.
 * @throws {AmazonAuthError} `app_not_found`, `app_inactive`, `too_many_requests`, `server_busy`, `hook_failed`,
 *   `store_unavailable`, `secret_unreadable`
 */
export async function resolveApp(attempt: Attempt, isReturn: boolean): Promise<App> {
  const { req, services } = attempt
  attempt.enter('resolve_app')
  attempt.appId ??= await hostsAppId(req, services)
  const app = await services.apps.find(attempt.appId)
  attempt.app = app
  admitLogin(app, isReturn, attempt)
  if (app === undefined) {
    throw new AmazonAuthError('app_not_found', { app: attempt.appId.slice(0, 64) })
  }
  if (!app.active) throw new AmazonAuthError('app_inactive', { app: app.id })
  attempt.leave()
  return app
}
