import type { App } from '../../apps/app'
import { findClientCredentials } from '../../apps/client-credentials'
import { isStrict } from '../../apps/is-strict'
import type { AmazonAuthError } from '../../errors'
import { answerError, redirect } from '../answer'
import { wantsJson } from '../wants-json'
import { chooseFailureTarget, placeCause, type FrontEnd } from './choose-target'
import { findFailedApp } from './find-failed-app'
import { appIdOf, ownOrigin, type LoginExchange } from './login-context'

/** What is known of a login that failed; nothing when not even its parameters could be read. */
export interface FailedLogin {
  readonly appId?: string | undefined
  /** The front end it came from. */
  readonly hostUrl?: string | undefined
  readonly aliasIndex?: number | undefined
}

/**
 * The one place that answers a failed login: a redirect to the app's `signin_failure` or the configured one, with the
 * message in `cause=?`; JSON for a script, unless its app has named a target.
 */
export async function answerFailure(
  error: AmazonAuthError,
  failed: FailedLogin,
  exchange: LoginExchange,
): Promise<void> {
  const { req, res, services } = exchange
  const found = await findApp(error, failed, exchange)
  const app = found && isHidden(found, exchange) ? undefined : found
  const frontEnd = frontEndOf(failed, app, exchange)
  const target = chooseFailureTarget(app, frontEnd, services.policy.signinFailure)
  if (wantsJson(req) && !target.isOfApp) answerError(res, error, loginStatus(error))
  else redirect(req, res, placeCause(target.url, error.message))
}

/** Where it must not be told which apps there are, one that signs nobody in fails as if it were not there. */
function isHidden(app: App, { services }: LoginExchange): boolean {
  const signsIn = app.active && findClientCredentials(app) !== undefined
  return !signsIn && isStrict(app, services)
}

/** To a script a login that failed is 401, whatever the reason: an outage alone is told from it. */
function loginStatus({ status }: AmazonAuthError): number {
  return status >= 500 ? status : 401
}

/** The app whose target is used. A hook that fails to choose it must not hide why the login failed. */
async function findApp(
  error: AmazonAuthError,
  { appId }: FailedLogin,
  exchange: LoginExchange,
): Promise<App | undefined> {
  try {
    return await findFailedApp(error, await appIdOf(appId, exchange), exchange.services.apps)
  } catch {
    return undefined
  }
}

function frontEndOf(
  { hostUrl, aliasIndex }: FailedLogin,
  app: App | undefined,
  exchange: LoginExchange,
): FrontEnd | undefined {
  try {
    return { hostUrl, aliasIndex, ownOrigin: ownOrigin(app, exchange) }
  } catch {
    return undefined
  }
}
