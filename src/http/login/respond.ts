import { countSetting } from '../../apps/read-setting'
import { issueIdToken } from '../../tokens/issue-id-token'
import { issueSessionToken } from '../../tokens/issue-session-token'
import { answerNoContent, redirect } from '../answer'
import { openBrowserSession } from '../session/browser-session'
import { placeToken } from './choose-target'
import type { Login } from './handle-callback'
import type { LoginExchange } from './login-context'
import type { RunStep } from './run-step'

/**
 * Answers a login that has succeeded: a token in the target's address, or a session cookie.
 *
 * @throws {AmazonAuthError} `store_unavailable`: the session could not be stored; the browser gets no cookie.
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
  const location = isToken ? placeToken(url, await issueToken(login, exchange, run)) : url
  if (wantsJson && !isConfigured) {
    answerNoContent(exchange.res)
    return
  }
  redirect(exchange.req, exchange.res, location)
}

function issueToken(login: Login, { services }: LoginExchange, run: RunStep): Promise<string> {
  const { app, user, target } = login
  const { idTokenTtlSeconds, sessionTokenTtlSeconds } = services.policy
  const nowMs = services.now()
  return run('issue_token', () => {
    if (target.means === 'id_token') {
      return issueIdToken(app, user, { ttlSeconds: idTokenTtlSeconds, nowMs })
    }
    const ttlSeconds = countSetting(app, 'session_timeout', sessionTokenTtlSeconds)
    return issueSessionToken(app, user, { ttlSeconds, nowMs }).token
  })
}

async function startSession(
  { app, user, isRepeat }: Login,
  { req, res, services }: LoginExchange,
): Promise<void> {
  const session = await openBrowserSession(req, res, services)
  const current = await session.findSignedIn(app.id)
  if (isRepeat && current?.user.id === user.id) return
  await session.signIn({
    appId: app.id,
    userId: user.id,
    epoch: user.sessionEpoch,
    sinceMs: services.now(),
  })
}
