import type { App } from '../../apps/app'
import type { AmazonAuthError } from '../../errors'
import { answerError, redirect } from '../answer'
import { wantsJson } from '../wants-json'
import { chooseFailureTarget, placeCause, type FrontEnd } from './choose-target'
import { frontEndOf } from './handle-callback'
import { appIdOf, type LoginExchange } from './login-context'
import type { LoginRequest } from './parse-login-request'
import type { TransactionCookies } from './transaction'

/**
 * The one place that answers a failed login: a redirect to the app's `signin_failure` or the configured one, with the
 * message in `cause=?`; JSON for a script, unless its app has named a target.
 *
 * @param request Undefined when not even the parameters could be read.
 */
export async function answerFailure(
  error: AmazonAuthError,
  request: LoginRequest | undefined,
  exchange: LoginExchange,
  cookies: TransactionCookies,
): Promise<void> {
  const { req, res, services } = exchange
  const app = await findApp(request, exchange)
  const frontEnd = app && request && frontEndOfFailure(app, request, exchange, cookies)
  const target = chooseFailureTarget(app, frontEnd, services.policy.signinFailure)
  if (request?.nonce !== undefined) cookies.drop(request.nonce)
  if (wantsJson(req) && !target.isOfApp) {
    answerError(res, error)
    return
  }
  redirect(req, res, placeCause(target.url, error.message))
}

/** The app whose target is used. That it cannot be read must not hide why the login failed. */
async function findApp(
  request: LoginRequest | undefined,
  exchange: LoginExchange,
): Promise<App | undefined> {
  try {
    return await exchange.services.apps.find(await appIdOf(request?.appId, exchange))
  } catch {
    return undefined
  }
}

function frontEndOfFailure(
  app: App,
  request: LoginRequest,
  exchange: LoginExchange,
  cookies: TransactionCookies,
): FrontEnd | undefined {
  try {
    const transaction =
      request.nonce === undefined ? undefined : cookies.findTransaction(request.nonce)
    return frontEndOf(app, request, transaction, exchange)
  } catch {
    return undefined
  }
}
