import type { App } from '../../apps/app'
import type { User } from '../../users/user'
import type { Visit } from '../installation'
import { requireSound } from '../read-parameters'
import { createAttempt, type Attempt } from './attempt'
import { beginLogin } from './begin-login'
import { checkLoginApp } from './check-login-app'
import { failLogin, failLogout } from './failure'
import { handleAppToken, parseAppTokenRequest } from './handle-app-token'
import { handleCallback } from './handle-callback'
import { endSignIns, handleLogout } from './handle-logout'
import { cookieHeader, sendAsOne } from '../session/one-cookie'
import { isSecure, type LoginExchange } from './login-context'
import { parseLoginRequest, type LoginRequest } from './parse-login-request'
import { reportSuccess } from './report-login'
import { resolveApp } from './resolve-app'
import { respond } from './respond'
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
  /** Signs a browser out, for whoever answers it himself. */
  readonly signOut: (visit: Visit, appId: string | undefined) => Promise<void>
  /** Whether a login to an app has just ended well in this browser. */
  readonly hasJustSignedIn: (visit: Visit, app: App | undefined) => boolean
}

/** What browsers open, from the parameters to the answer. The app is resolved once; whatever fails ends in `failure.ts`. */
export function createLoginHandler(): LoginHandler {
  const flights = createSingleFlight<User>()
  const spent = createSpentLogins()

  async function login(attempt: Attempt): Promise<void> {
    const { exchange, run } = attempt
    const request = await run('parse_request', () => parseLoginRequest(exchange.req))
    attempt.appId = request.appId
    await exchange.services.ready()
    const isReturn = !isBegin(request, exchange)
    const app = await run('resolve_app', () => resolveApp(attempt, isReturn))
    const cookies = cookiesOf(exchange, app)
    keepInMind(request, cookies, attempt)
    requireSound(request)
    checkLoginApp(app, request, exchange)
    if (isReturn) await finishLogin(request, app, cookies, attempt)
    else beginLogin(request, app, exchange, cookies)
  }

  async function finishLogin(
    request: LoginRequest,
    app: App,
    cookies: TransactionCookies,
    { exchange, run, way }: Attempt,
  ): Promise<void> {
    const login = await handleCallback(request, app, { exchange, cookies, run, flights, spent })
    await respond(login, exchange, run, request.wantsJson)
    const { user, target, isBound, isRepeat, isFirst } = login
    const state = isBound ? 'bound' : 'unbound'
    exchange.services.logger.debug(
      { app: app.id, means: target.means, state, isRepeat },
      'signed in',
    )
    if (!isFirst) return
    reportSuccess(app, user, way, exchange)
    if (!isBound) exchange.warnOnce(app.id, UNBOUND, { state })
  }

  async function appToken(attempt: Attempt): Promise<void> {
    const { exchange, run, way } = attempt
    const request = await run('parse_request', () => parseAppTokenRequest(exchange))
    attempt.appId = request.appId
    attempt.isForProgram = !request.redirects
    await exchange.services.ready()
    const app = await run('resolve_app', () => resolveApp(attempt, false))
    requireSound(request)
    const user = await handleAppToken(request, app, exchange, run)
    if (user !== undefined) reportSuccess(app, user, way, exchange)
  }

  async function logout(exchange: LoginExchange): Promise<void> {
    await exchange.services.ready()
    await handleLogout(exchange, cookiesOf(exchange, undefined), spent)
  }

  return {
    async login(exchange) {
      const attempt = createAttempt('browser', exchange)
      await login(attempt).catch((thrown: unknown) => failLogin(thrown, attempt))
    },
    async appToken(exchange) {
      const attempt = createAttempt('app_token', exchange)
      await appToken(attempt).catch((thrown: unknown) => failLogin(thrown, attempt))
    },
    async signOut(visit, appId) {
      await visit.services.ready()
      await endSignIns(visit, appId, { cookies: cookiesOf(visit, undefined), spent })
    },
    hasJustSignedIn: (visit, app) => cookiesOf(visit, app).hasFreshReceipt(app?.id),
    logout: (exchange) => logout(exchange).catch((thrown: unknown) => failLogout(thrown, exchange)),
  }
}

const UNBOUND =
  'a sign-in came back with a bare `state`, which no browser is bound to. Send people to /amazon_auth, or set security.strict to refuse such sign-ins. Said once per app.'

function isBegin({ code, error }: LoginRequest, { req }: LoginExchange): boolean {
  return req.method === 'GET' && code === undefined && error === undefined
}

function cookiesOf({ req, res, services }: Visit, app: App | undefined): TransactionCookies {
  const { transactionSealer: sealer, policy, now } = services
  const { login: name } = policy.cookies
  const context = { sealer, name, isSecure: isSecure(req, services, app), now }
  sendAsOne(req, res, policy)
  return transactionCookies(cookieHeader(req, policy.cookies), res, context)
}

/** What a failure has to know of the login: the front end that it was begun for, and how to end it. */
function keepInMind(
  { nonce, ...request }: LoginRequest,
  cookies: TransactionCookies,
  attempt: Attempt,
): void {
  const begun = nonce === undefined ? undefined : cookies.findTransaction(nonce)
  const { hostUrl, aliasIndex, returnTo } = begun ?? request
  Object.assign(attempt, { hostUrl, aliasIndex, returnTo })
  if (nonce !== undefined) attempt.end = () => cookies.drop(nonce)
}
