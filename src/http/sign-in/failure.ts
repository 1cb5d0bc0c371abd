import type { App } from '../../apps/app'
import { findClientCredentials } from '../../apps/client-credentials'
import { isStrict } from '../../apps/typed-setting'
import {
  AmazonAuthError,
  ERRORS,
  loggedFacts,
  toAmazonAuthError,
  type ErrorCode,
} from '../../errors'
import { failurePage, type ToldFailure } from '../../pages/failure-page'
import {
  answerError,
  answerOutage,
  answerPage,
  answerRefusal,
  redirect,
  setRetryAfter,
} from '../answer'
import type { SignInServices } from '../auth-services'
import { chooseTexts } from '../choose-texts'
import type { Visit } from '../installation'
import { isRefusal } from '../limits/limit-logins'
import { ownOrigin, publicAddress } from '../public-address'
import { deviceAddress, signInAddress } from '../sign-in-address'
import { placeCause } from '../target-places'
import { wantsJson } from '../wants-json'
import type { PageAttempt } from './attempt'
import { chooseFailureTarget, type FrontEnd } from './choose-target'
import { leaveNote } from './failure-note'
import { tellFailure } from './tell-outcome'

/**
 * Where every failed attempt to sign in ends: it is told to those who keep count, to the log and to the host, and
 * answered. What was refused before it began is only counted, and can be sent again.
 */
export async function failLogin(thrown: unknown, attempt: PageAttempt): Promise<void> {
  const error = toAmazonAuthError(thrown)
  tellFailure(error, attempt)
  if (isRefusal(error)) {
    answerRefusal(attempt.req, attempt.res, error)
    return
  }
  logFailure(error, attempt.appId, attempt.services, 'sign-in failed')
  await callOnFailure(error, attempt)
  attempt.end?.()
  answerFailure(error, attempt)
}

/** The same of a sign-out, which has no app and no target. */
export function failLogout(thrown: unknown, { req, res, services }: Visit): void {
  const error = toAmazonAuthError(thrown)
  logFailure(error, undefined, services, 'sign-out failed')
  answerOutage(req, res, error, 'signOutFailed')
}

/** Failures that only the operator can mend are errors; what a person or the host has decided is no fault at all. */
const LEVELS: Partial<Record<ErrorCode, 'error' | 'info'>> = {
  client_rejected: 'error',
  secret_unreadable: 'error',
  hook_failed: 'error',
  internal: 'error',
  access_denied: 'info',
  refused_by_host: 'info',
}

/** Tells the log of it, as loud as it is worth. */
export function logFailure(
  error: AmazonAuthError,
  app: string | undefined,
  { logger }: SignInServices,
  message: string,
): void {
  logger[LEVELS[error.code] ?? 'warn']({ app, ...loggedFacts(error) }, message)
}

async function callOnFailure(
  error: AmazonAuthError,
  { appId, req, services }: PageAttempt,
): Promise<void> {
  try {
    await services.hooks.onFailure?.({ error, appId, req })
  } catch (cause) {
    services.logger.error({ app: appId, code: 'hook_failed', cause }, 'onFailure threw')
  }
}

/**
 * A redirect to the app's `signin_failure` or the configured one, with the message in `cause=?`; the built-in page, where
 * there is neither; JSON for a script, unless its app has named a target.
 */
function answerFailure(error: AmazonAuthError, attempt: PageAttempt): void {
  const { req, res, services } = attempt
  if (attempt.isForProgram) {
    answerError(res, error.status >= 500 ? error : new AmazonAuthError('caller_forbidden', REFUSED))
    return
  }
  const app = attempt.app && isHidden(attempt.app, services) ? undefined : attempt.app
  const fallback = fallbackOf(app, services)
  const target = chooseFailureTarget(app, frontEndOf(app, attempt), fallback ?? '')
  if (wantsJson(req) && !target.isOfApp) {
    answerError(res, error, loginStatus(error))
  } else if (target.url === '') {
    if (error.status === 503) setRetryAfter(res, error)
    const page = failurePage(toldFailure(error, app, attempt), chooseTexts(req))
    answerPage(res, loginStatus(error), page, true)
  } else {
    if (!target.isOfApp && leadsToOwnPage(target.url, services)) {
      leaveNote(toldFailure(error, app, attempt), req, res, services)
    }
    redirect(req, res, placeCause(target.url, wordsFor(error)))
  }
}

/** Where failed logins go whose app has no target: as configured, else to this server's own page; undefined: nowhere. */
function fallbackOf(app: App | undefined, services: SignInServices): string | undefined {
  const { signinFailure, failurePage: path } = services.policy
  if (signinFailure !== undefined) return signinFailure
  return path && `${publicAddress(app, services)?.path ?? ''}${path}?error`
}

function leadsToOwnPage(url: string, { policy }: SignInServices): boolean {
  const [path] = url.split('?', 1)
  return policy.failurePage !== undefined && path?.endsWith(policy.failurePage) === true
}

function toldFailure(
  error: AmazonAuthError,
  app: App | undefined,
  attempt: PageAttempt,
): ToldFailure {
  return {
    code: error.code,
    reason: error.code === 'refused_by_host' ? error.message : undefined,
    appName: app?.name,
    again: app && againAddress(app, attempt),
  }
}

/** Where the same can be tried again; undefined: not here. */
function againAddress(app: App, attempt: PageAttempt): string | undefined {
  if (attempt.way === 'browser') return signInAddress(app, attempt.asked, attempt)
  return attempt.way === 'device' ? deviceAddress(app, attempt) : undefined
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
function isHidden(app: App, services: SignInServices): boolean {
  const signsIn = app.active && findClientCredentials(app) !== undefined
  return !signsIn && isStrict(app, services)
}

/** To a script a login that failed is 401, whatever the reason: an outage alone is told from it. */
function loginStatus({ status }: AmazonAuthError): number {
  return status >= 500 ? status : 401
}

function frontEndOf(app: App | undefined, attempt: PageAttempt): FrontEnd | undefined {
  const { hostUrl, aliasIndex } = attempt.asked
  try {
    return { hostUrl, aliasIndex, ownOrigin: ownOrigin(app, attempt) }
  } catch {
    return undefined
  }
}
