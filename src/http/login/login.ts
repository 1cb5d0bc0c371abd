import type { App } from '../../apps/app'
import { requireSound } from '../read-parameters'
import type { PageAttempt } from '../sign-in/attempt'
import { resolveApp } from '../sign-in/resolve-app'
import { beginLogin } from './begin-login'
import { checkLoginApp } from './check-login-app'
import { finishLogin } from './finish-login'
import { LoginCookies } from './login-cookies'
import type { Once } from './once'
import { parseLoginRequest, type LoginRequest } from './parse-login-request'
import { findTrial, tryLogin } from './try/try-login'

/** One leg of a login, as far as both are alike. */
export interface Leg {
  readonly app: App
  readonly request: LoginRequest
  readonly attempt: PageAttempt
  readonly cookies: LoginCookies
}

/**
 * `/amazon_auth`: what both legs of a login start with. The app is resolved once, for all that comes after.
 *
 * @throws {AmazonAuthError} the codes that the steps name.
 */
export async function login(attempt: PageAttempt, once: Once): Promise<void> {
  const request = parseLoginRequest(attempt)
  attempt.leg = request.isReturn ? 'return' : 'begin'
  await attempt.services.ready()
  const app = await resolveApp(attempt, request.isReturn)
  const cookies = new LoginCookies(attempt, app)
  const leg = { app, request, attempt, cookies }
  const trial = findTrial(leg)
  if (trial !== undefined) return tryLogin(leg, trial, once.tries)
  keepInMind(request, cookies, app, attempt)
  requireSound(request)
  checkLoginApp(app, request, attempt)
  if (request.isReturn) await finishLogin(leg, once)
  else beginLogin(leg)
}

/** What a failure has to know: the front end that the login was begun for, and how to end it. And who counts: what has come back. */
function keepInMind(
  { nonce, isReturn }: LoginRequest,
  cookies: LoginCookies,
  app: App,
  attempt: PageAttempt,
): void {
  if (nonce === undefined) return
  const begun = cookies.findBegun(nonce)
  attempt.asked = begun ?? attempt.asked
  if (isReturn && begun?.appId === app.id) attempt.countedBegin = begun
  attempt.end = () => cookies.drop(nonce)
}
