import type { App } from '../../apps/app'
import { findClientCredentials } from '../../apps/client-credentials'
import { isStrict } from '../../apps/is-strict'
import type { AmazonAuthError } from '../../errors'
import { answerError, redirect } from '../answer'
import { wantsJson } from '../wants-json'
import { chooseFailureTarget, placeCause, type FrontEnd } from './choose-target'
import { ownOrigin, type LoginExchange } from './login-context'

/** What is known of a login that failed; nothing when not even its parameters could be read. */
export interface FailedLogin {
  readonly app?: App | undefined
  /** The front end it came from. */
  readonly hostUrl?: string | undefined
  readonly aliasIndex?: number | undefined
}

/**
 * The one place that answers a failed login: a redirect to the app's `signin_failure` or the configured one, with the
 * message in `cause=?`; JSON for a script, unless its app has named a target.
 */
export function answerFailure(
  error: AmazonAuthError,
  failed: FailedLogin,
  exchange: LoginExchange,
): void {
  const { req, res, services } = exchange
  const app = failed.app && isHidden(failed.app, exchange) ? undefined : failed.app
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
