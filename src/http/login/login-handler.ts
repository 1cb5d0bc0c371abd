import type { App } from '../../apps/app'
import type { AmazonAuthError } from '../../errors'
import { toAmazonAuthError } from '../../errors'
import type { User } from '../../users/user'
import { answerError, answerRefusal } from '../answer'
import type { AuthServices } from '../auth-services'
import { admitLogin, isRefusal } from '../limits/limit-logins'
import { beginLogin } from './begin-login'
import { answerFailure, type FailedLogin } from './failure'
import { findFailedApp } from './find-failed-app'
import {
  handleAppToken,
  parseAppTokenRequest,
  refuseAppToken,
  type AppTokenRequest,
} from './handle-app-token'
import { handleCallback } from './handle-callback'
import { handleLogout } from './handle-logout'
import { appIdOf, isSecure, type LoginExchange } from './login-context'
import { parseLoginRequest, type LoginRequest } from './parse-login-request'
import { reportFailure, reportSuccess, type FailedAttempt } from './report-login'
import { respond } from './respond'
import { createStepRunner, type RunStep } from './run-step'
import { createSingleFlight } from './single-flight'
import { createSpentLogins } from './spent-logins'
import { transactionCookies, type TransactionCookies } from './transaction'

export interface LoginHandler {
  /** Both legs of a login: `/amazon_auth`. */
  readonly login: (exchange: LoginExchange) => Promise<void>
  /** `/passwordless_auth` */
  readonly appToken: (exchange: LoginExchange) => Promise<void>
  /** `/amazon_auth/logout` */
  readonly logout: (exchange: LoginExchange) => Promise<void>
}

export function createLoginHandler(): LoginHandler {
  const flights = createSingleFlight<User>()
  const spent = createSpentLogins()

  async function finishLogin(
    request: LoginRequest,
    exchange: LoginExchange,
    cookies: TransactionCookies,
    run: RunStep,
  ): Promise<void> {
    const { logger } = exchange.services
    const login = await handleCallback(request, { exchange, cookies, run, flights, spent })
    await respond(login, exchange, run, request.wantsJson)
    const { app, user, target, isBound, isRepeat } = login
    const state = isBound ? 'bound' : 'unbound'
    logger.debug({ app: app.id, means: target.means, state, isRepeat }, 'signed in')
    if (isRepeat) return
    reportSuccess(app, user, 'browser', exchange)
    if (!isBound) exchange.warnOnce(app.id, UNBOUND, { state })
  }

  return {
    async login(exchange) {
      const { req, services } = exchange
      const cookies = cookiesOf(exchange)
      const run = observedSteps(services)
      let request: LoginRequest | undefined
      try {
        await services.ready()
        const parsed = await run('parse_request', () => parseLoginRequest(req))
        request = parsed
        const isBegin =
          req.method === 'GET' && parsed.code === undefined && parsed.error === undefined
        await admitLogin(parsed.appId, !isBegin, exchange)
        if (isBegin) await beginLogin(parsed, exchange, cookies)
        else await finishLogin(parsed, exchange, cookies, run)
      } catch (thrown) {
        await fail(toAmazonAuthError(thrown), request, exchange, cookies)
      }
    },
    async appToken(exchange) {
      const { services } = exchange
      const run = observedSteps(services)
      let request: AppTokenRequest | undefined
      try {
        await services.ready()
        request = await run('parse_request', () => parseAppTokenRequest(exchange))
        await admitLogin(request.appId, false, exchange)
        const { app, user } = await handleAppToken(request, exchange, run)
        reportSuccess(app, user, 'app_token', exchange)
      } catch (thrown) {
        await failAppToken(toAmazonAuthError(thrown), request, exchange)
      }
    },
    async logout(exchange) {
      try {
        await exchange.services.ready()
        await handleLogout(exchange, cookiesOf(exchange), spent)
      } catch (thrown) {
        const error = toAmazonAuthError(thrown)
        logFailure(error, undefined, exchange, 'sign-out failed')
        answerError(exchange.res, error)
      }
    },
  }
}

const UNBOUND =
  'a sign-in came back with a bare `state`, which no browser is bound to. Send people to /amazon_auth, or set security.strict to refuse such sign-ins. Said once per app.'

function observedSteps({ logger, metrics }: AuthServices): RunStep {
  return createStepRunner((report) => {
    logger.debug(report, 'login step')
    metrics.observeStep(report.step, report.durationMs)
  })
}

function cookiesOf({ req, res, services }: LoginExchange): TransactionCookies {
  const { transactionSealer: sealer, now } = services
  return transactionCookies(req, res, { sealer, isSecure: isSecure(req, services), now })
}

async function fail(
  error: AmazonAuthError,
  request: LoginRequest | undefined,
  exchange: LoginExchange,
  cookies: TransactionCookies,
): Promise<void> {
  const app = await findApp(error, request?.appId, exchange)
  await noteFailure(error, { appId: request?.appId, app, way: 'browser' }, exchange)
  if (isRefusal(error)) answerRefusal(exchange.req, exchange.res, error)
  else answerFailure(error, { app, ...endLogin(request, cookies) }, exchange)
}

/** The app whose target is used. A hook that fails to choose it must not hide why the login failed. */
async function findApp(
  error: AmazonAuthError,
  named: string | undefined,
  exchange: LoginExchange,
): Promise<App | undefined> {
  try {
    return await findFailedApp(error, await appIdOf(named, exchange), exchange.services.apps)
  } catch {
    return undefined
  }
}

/** What is known of the login, whose cookie ends here, so that its return cannot be used again. */
function endLogin(
  request: LoginRequest | undefined,
  cookies: TransactionCookies,
): Omit<FailedLogin, 'app'> {
  if (request === undefined) return {}
  const { nonce } = request
  const begun = nonce === undefined ? undefined : cookies.findTransaction(nonce)
  const { hostUrl, aliasIndex } = begun ?? request
  if (nonce !== undefined) cookies.drop(nonce)
  return { hostUrl, aliasIndex }
}

async function failAppToken(
  error: AmazonAuthError,
  request: AppTokenRequest | undefined,
  exchange: LoginExchange,
): Promise<void> {
  const app = await findApp(error, request?.appId, exchange)
  await noteFailure(error, { appId: request?.appId, app, way: 'app_token' }, exchange)
  if (isRefusal(error)) answerRefusal(exchange.req, exchange.res, error)
  else if (request?.redirects === false) refuseAppToken(exchange, error)
  else answerFailure(error, { app }, exchange)
}

/** Tells everybody who keeps count. That logins are refused was told when it began. */
async function noteFailure(
  error: AmazonAuthError,
  attempt: FailedAttempt,
  exchange: LoginExchange,
): Promise<void> {
  reportFailure(error, attempt, exchange)
  if (isRefusal(error)) return
  logFailure(error, attempt.app?.id ?? attempt.appId, exchange, 'sign-in failed')
  await callOnFailure(error, attempt.appId, exchange)
}

/** Failures that only the operator can mend are errors; the rest happens every day. */
const ALARMS = new Set(['client_rejected', 'secret_unreadable', 'hook_failed', 'internal'])

function logFailure(
  error: AmazonAuthError,
  app: string | undefined,
  { services }: LoginExchange,
  message: string,
): void {
  const { code, advice, facts, cause } = error
  const level = ALARMS.has(code) ? 'error' : 'warn'
  services.logger[level](
    { app, code, ...facts, advice, ...(cause !== undefined && { cause }) },
    message,
  )
}

async function callOnFailure(
  error: AmazonAuthError,
  appId: string | undefined,
  { req, services }: LoginExchange,
): Promise<void> {
  try {
    await services.hooks.onFailure?.({ error, appId, req })
  } catch (cause) {
    services.logger.error({ app: appId, code: 'hook_failed', cause }, 'onFailure threw')
  }
}
