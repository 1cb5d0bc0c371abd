import { AmazonAuthError } from '../../errors'
import { issueIdToken } from '../../tokens/issue-id-token'
import { answerNoContent, redirect } from '../answer'
import { openBrowserSession } from '../session/browser-session'
import { placeTokens, type TokenMeans } from './choose-target'
import type { Login } from './handle-callback'
import type { LoginExchange } from './login-context'
import { newSessionToken } from './new-session-token'
import type { RunStep } from './run-step'
import { watchHostSession } from './watch-host-session'

/**
 * Answers a login that has succeeded: a token in the target's address, or a session cookie.
 *
 * @throws {AmazonAuthError} `store_unavailable`: the session could not be stored; the browser gets no cookie.
 *   `state_mismatch`: a repeated return URL, whose session has ended.
 */
export async function respond(
  login: Login,
  exchange: LoginExchange,
  run: RunStep,
  wantsJson: boolean,
): Promise<void> {
  const { url, means, isConfigured } = login.target
  if (means === 'session') await run('start_session', () => startSession(login, exchange))
  const isToken = means === 'id_token' || means === 'session_token'
  const issue = (kind: TokenMeans): string => issueToken(kind, login, exchange)
  const location = isToken ? await run('issue_token', () => placeTokens(url, issue)) : url
  if (wantsJson && !isConfigured) {
    answerNoContent(exchange.res)
    return
  }
  redirect(exchange.req, exchange.res, location)
}

function issueToken(
  means: TokenMeans,
  { app, user, idTokenUntilMs }: Login,
  { services }: LoginExchange,
): string {
  if (means === 'session_token') return newSessionToken(app, user, services).token
  const ttlSeconds = services.policy.idTokenTtlSeconds
  return issueIdToken(app, user, { ttlSeconds, nowMs: services.now(), untilMs: idTokenUntilMs })
}

async function startSession(
  { app, user, target, isRepeat, standsBack }: Login,
  exchange: LoginExchange,
): Promise<void> {
  const { req, res, services } = exchange
  const session = await openBrowserSession(req, res, services)
  const current = await session.findSignedIn(app.id)
  if (isRepeat) {
    if (current?.user.id === user.id) return
    throw new AmazonAuthError('state_mismatch', { app: app.id, reason: 'signed out since' })
  }
  const sinceMs = services.now()
  const signIn = { appId: app.id, userId: user.id, epoch: user.sessionEpoch, sinceMs }
  const keptBy = await session.signIn(app, signIn, standsBack)
  watchHostSession(keptBy, app, target.url, exchange)
}
