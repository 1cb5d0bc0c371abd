import type { App } from '../../apps/app'
import { AmazonAuthError } from '../../errors'
import type { User } from '../../users/user'
import { answerError, answerText } from '../answer'
import { readParameters } from '../read-parameters'
import { wantsJson } from '../wants-json'
import { chooseSuccessTarget } from './choose-target'
import { ownOrigin, type LoginExchange } from './login-context'
import { namedApp } from './named-app'
import { newSessionToken } from './new-session-token'
import { respond } from './respond'
import type { RunStep } from './run-step'
import { signInByAppToken } from './sign-in-by-app-token'

/** A request to `/passwordless_auth`. */
export interface AppTokenRequest {
  readonly appId: string | undefined
  readonly token: string
  /** False: the session token itself is the answer, not a redirect. */
  readonly redirects: boolean
}

const MAX_CHARACTERS = { appid: 1024, token: 8192, redirect: 16 }

/** @throws {AmazonAuthError} `callback_invalid` */
export function parseAppTokenRequest({ req }: LoginExchange): AppTokenRequest {
  const parameters = readParameters(req, MAX_CHARACTERS)
  return {
    appId: namedApp(parameters.get('appid')),
    token: parameters.get('token') ?? '',
    redirects: parameters.get('redirect') !== 'false',
  }
}

/**
 * `/passwordless_auth`: signs in a user whom the app's own back end vouches for, and answers as a login does, or (with
 * `redirect=false`) with a session token as plain text.
 *
 * @returns Who has signed in.
 * @throws {AmazonAuthError} `app_not_found`, `app_inactive`, `token_invalid`, `account_locked`, `return_url_refused`,
 *   `store_unavailable`
 */
export async function handleAppToken(
  request: AppTokenRequest,
  exchange: LoginExchange,
  run: RunStep,
): Promise<{ readonly app: App; readonly user: User }> {
  const { services, res, req } = exchange
  const app = await run('resolve_app', () =>
    services.apps.resolve(request.appId ?? services.apps.rootId),
  )
  const frontEnd = {
    hostUrl: undefined,
    aliasIndex: undefined,
    ownOrigin: ownOrigin(app, exchange),
  }
  const target = chooseSuccessTarget(app, frontEnd, undefined)
  const issuesSessionToken = !request.redirects || target.means === 'session_token'
  const user = await run('upsert_user', () =>
    signInByAppToken(app, request.token, exchange, { issuesSessionToken }),
  )
  if (!request.redirects) {
    answerText(res, newSessionToken(app, user, services).token)
    return { app, user }
  }
  const login = { app, user, target, isBound: false, isRepeat: false }
  await respond(login, exchange, run, wantsJson(req))
  return { app, user }
}

/** With `redirect=false` a refusal is 403, whatever the reason; an outage is still told from it. */
export function refuseAppToken({ res }: LoginExchange, error: AmazonAuthError): void {
  const problem =
    'The token is refused: check its signature, its expiry and that the user is active.'
  answerError(
    res,
    error.status >= 500 ? error : new AmazonAuthError('caller_forbidden', { problem }),
  )
}
