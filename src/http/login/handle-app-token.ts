import type { App } from '../../apps/app'
import { isStrict } from '../../apps/is-strict'
import { AmazonAuthError } from '../../errors'
import { claimsToBeIdToken, idTokenExpiryMs } from '../../tokens/verify-token'
import type { User } from '../../users/user'
import { answerText, redirect } from '../answer'
import type { AuthServices } from '../auth-services'
import { readParameters } from '../read-parameters'
import { requestSource, type RequestSource } from '../request-source'
import { maySignIn } from '../session/browser-session'
import { wantsJson } from '../wants-json'
import { chooseSuccessTarget } from './choose-target'
import { handoffAddress, takeHandoff } from './handoff'
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
  /** The token as we have handed it on ourselves, in its place. */
  readonly handoff: string | undefined
  /** False: the session token itself is the answer, not a redirect. */
  readonly redirects: boolean
  /** A parameter that cannot be used. */
  readonly spoilt: string | undefined
}

const MAX_CHARACTERS = { appid: 1024, token: 8192, handoff: 4096, redirect: 16 }

export function parseAppTokenRequest({ req }: LoginExchange): AppTokenRequest {
  const parameters = readParameters(req, MAX_CHARACTERS)
  return {
    appId: namedApp(parameters.get('appid')),
    token: parameters.get('token') ?? '',
    handoff: parameters.get('handoff'),
    redirects: parameters.get('redirect') !== 'false',
    spoilt: parameters.spoilt,
  }
}

/**
 * `/passwordless_auth`: signs in a user whom the app's own back end vouches for, and answers as a login does, or (with
 * `redirect=false`) with a session token as plain text.
 *
 * @returns Who has signed in; undefined: nobody yet, the browser comes again with its cookies.
 * @throws {AmazonAuthError} `token_invalid`, `account_locked`, `return_url_refused`, `store_unavailable`
 */
export async function handleAppToken(
  request: AppTokenRequest,
  app: App,
  exchange: LoginExchange,
  run: RunStep,
): Promise<User | undefined> {
  const { services, res, req } = exchange
  const origin = ownOrigin(app, exchange)
  const source = requestSource(req, origin)
  if (request.redirects) requireSafeWay(request, source, app, exchange)
  const frontEnd = { hostUrl: undefined, aliasIndex: undefined, ownOrigin: origin }
  const target = chooseSuccessTarget(app, frontEnd, undefined)
  const issuesSessionToken = !request.redirects || target.means === 'session_token'
  const isForeign = source === 'foreign' || source === 'hidden'
  const startsSession = request.redirects && target.means === 'session'
  if (startsSession && isForeign && lacksCookies(exchange)) {
    redirect(req, res, handoffAddress(app, request.token, services))
    return undefined
  }
  const { user, idTokenUntilMs } = await run('upsert_user', async () => {
    const token = await tokenOf(request, app, services)
    const user = await signInByAppToken(app, token, exchange, { issuesSessionToken })
    // Traded for another ID token, it lives no longer for that.
    return { user, idTokenUntilMs: idTokenExpiryMs(token) }
  })
  if (!request.redirects) {
    answerText(res, newSessionToken(app, user, services).token)
    return user
  }
  // Only this host and the person vouch for it, not another host of this site, nor who says nothing.
  const standsBack = request.handoff !== undefined || (source !== 'own' && source !== 'direct')
  const found = { isBound: false, isRepeat: false, isFirst: true, standsBack }
  await respond({ app, user, target, ...found, idTokenUntilMs }, exchange, run, wantsJson(req))
  return user
}

/** A form of another site comes without the cookies of the sign-ins that it must not replace. */
function lacksCookies({ req, services }: LoginExchange): boolean {
  return req.method === 'POST' && !maySignIn(req, services.policy.cookies.session)
}

async function tokenOf(
  { token, handoff }: AppTokenRequest,
  app: App,
  services: AuthServices,
): Promise<string> {
  if (handoff === undefined) return token
  const isUsedOnce = (handed: string): boolean =>
    isStrict(app, services) || claimsToBeIdToken(handed)
  return takeHandoff(app, handoff, services, isUsedOnce)
}

/**
 * A strict app's back end signs nobody in by a link: its token comes in a form, or from a page of this host. An ID token,
 * which is good once and for a minute, may come by a link, as Para hands it on.
 */
function requireSafeWay(
  { token, handoff }: AppTokenRequest,
  source: RequestSource,
  app: App,
  { req, services }: LoginExchange,
): void {
  // What is handed on has come by POST.
  if (
    handoff !== undefined ||
    req.method === 'POST' ||
    source === 'own' ||
    !isStrict(app, services)
  )
    return
  if (!claimsToBeIdToken(token)) throw new AmazonAuthError('token_invalid', { reason: 'by a link' })
}
