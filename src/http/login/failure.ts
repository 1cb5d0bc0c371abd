import type { App } from '../../apps/app'
import { findClientCredentials } from '../../apps/client-credentials'
import { isStrict } from '../../apps/is-strict'
import { AmazonAuthError, ERRORS, toAmazonAuthError } from '../../errors'
import { answerError, answerRefusal, redirect } from '../answer'
import { isRefusal } from '../limits/limit-logins'
import { wantsJson } from '../wants-json'
import type { Attempt } from './attempt'
import { chooseFailureTarget, placeCause, type FrontEnd } from './choose-target'
import { ownOrigin, type LoginExchange } from './login-context'
import { logFailure, reportFailure } from './report-login'

/**
 * Where every failed attempt to sign in ends: it is told to those who keep count, to the log and to the host, and
 * answered. What was refused before it began is only counted, and can be sent again.
 */
export async function failLogin(thrown: unknown, attempt: Attempt): Promise<void> {
  const error = toAmazonAuthError(thrown)
  const { req, res } = attempt.exchange
  await reportFailure(error, attempt, attempt.exchange)
  if (isRefusal(error)) {
    answerRefusal(req, res, error)
    return
  }
  attempt.end?.()
  answerFailure(error, attempt)
}

/** The same of a sign-out, which has no app and no target. */
export function failLogout(thrown: unknown, exchange: LoginExchange): void {
  const error = toAmazonAuthError(thrown)
  logFailure(error, undefined, exchange.services, 'sign-out failed')
  answerError(exchange.res, error)
}

/**
 * A redirect to the app's `signin_failure` or the configured one, with the message in `cause=?`; JSON for a script, unless
 * its app has named a target.
 */
function answerFailure(error: AmazonAuthError, attempt: Attempt): void {
  const { req, res, services } = attempt.exchange
  if (attempt.isForProgram) {
    answerError(res, error.status >= 500 ? error : new AmazonAuthError('caller_forbidden', REFUSED))
    return
  }
  const app = attempt.app && isHidden(attempt.app, attempt.exchange) ? undefined : attempt.app
  const target = chooseFailureTarget(app, frontEndOf(app, attempt), services.policy.signinFailure)
  if (wantsJson(req) && !target.isOfApp) answerError(res, error, loginStatus(error))
  else redirect(req, res, placeCause(target.url, wordsFor(error)))
}

/** A person has no token in hand, and reads of a refused one what any refused sign-in says. */
function wordsFor({ code, message }: AmazonAuthError): string {
  return code === 'token_invalid' ? ERRORS.callback_invalid.message : message
}

/** A refusal is 403 to a program, whatever the reason; an outage is still told from it. */
const REFUSED = {
  problem: 'The token is refused: check its signature, its expiry and that the user is active.',
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
  app: App | undefined,
  { hostUrl, aliasIndex, exchange }: Attempt,
): FrontEnd | undefined {
  try {
    return { hostUrl, aliasIndex, ownOrigin: ownOrigin(app, exchange) }
  } catch {
    return undefined
  }
}
