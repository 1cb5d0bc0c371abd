import type { App } from '../../apps/app'
import { isStrict } from '../../apps/typed-setting'
import { AmazonAuthError } from '../../errors'
import { claimsToBeIdToken, idTokenExpiryMs } from '../../tokens/verify-token'
import { answerText, redirect } from '../answer'
import type { SignInServices } from '../auth-services'
import type { LoginVisit } from '../installation'
import { ownOrigin } from '../public-address'
import { readParameters, requireSound } from '../read-parameters'
import { namedApp } from '../request-app'
import { requestSource, type RequestSource } from '../request-source'
import { maySignIn } from '../session/browser-session'
import type { PageAttempt } from '../sign-in/attempt'
import { chooseSuccessTarget } from '../sign-in/choose-target'
import { newSessionToken } from '../sign-in/new-session-token'
import { resolveApp } from '../sign-in/resolve-app'
import { respond } from '../sign-in/respond'
import { handoffAddress, takeHandoff } from './handoff'
import { signInByAppToken } from './sign-in-by-app-token'

/** A request to `/passwordless_auth`. */
interface AppTokenRequest {
  readonly token: string
  /** The token as we have handed it on ourselves, in its place. */
  readonly handoff: string | undefined
  /** False: the session token itself is the answer, not a redirect. */
  readonly redirects: boolean
  /** A parameter that cannot be used. */
  readonly spoilt: string | undefined
}

const MAX_CHARACTERS = { appid: 1024, token: 8192, handoff: 4096, redirect: 16 }

/**
 * `/passwordless_auth`: signs in a user whom the app's own back end vouches for, and answers as a login does, or (with
 * `redirect=false`) with a session token as plain text.
 *
 * @throws {AmazonAuthError} `token_invalid`, `account_locked`, `return_url_refused`, `store_unavailable`, and what
 *   {@link resolveApp} throws.
 */
export async function appTokenPage(attempt: PageAttempt): Promise<void> {
  const request = parseAppTokenRequest(attempt)
  await attempt.services.ready()
  const app = await resolveApp(attempt, false)
  requireSound(request)
  const { req, res, services } = attempt
  const frontEnd = { ownOrigin: ownOrigin(app, attempt) }
  const source = requestSource(req, frontEnd.ownOrigin)
  if (request.redirects) requireSafeWay(request, source, app, attempt)
  const target = chooseSuccessTarget(app, frontEnd)
  if (request.redirects && target.means === 'session' && lacksCookies(source, attempt)) {
    redirect(req, res, handoffAddress(app, request.token, services))
    return
  }
  const token = await tokenOf(request, app, services)
  const issuesSessionToken = !request.redirects || target.means === 'session_token'
  const user = await signInByAppToken(app, token, attempt, { issuesSessionToken })
  attempt.leave()
  attempt.user = user
  if (!request.redirects) {
    answerText(res, newSessionToken(app, user, services).token)
    return
  }
  // Only this host and the person vouch for it, not another host of this site, nor who says nothing.
  const standsBack = request.handoff !== undefined || (source !== 'own' && source !== 'direct')
  // Traded for another ID token, it lives no longer for that.
  const idTokenUntilMs = idTokenExpiryMs(token)
  await respond({ app, user, target, standsBack, idTokenUntilMs }, attempt)
}

function parseAppTokenRequest(attempt: PageAttempt): AppTokenRequest {
  attempt.enter('parse_request')
  const parameters = readParameters(attempt.req, MAX_CHARACTERS)
  const redirects = parameters.get('redirect') !== 'false'
  attempt.appId = namedApp(parameters.get('appid'))
  attempt.isForProgram = !redirects
  attempt.leave()
  return {
    token: parameters.get('token') ?? '',
    handoff: parameters.get('handoff'),
    redirects,
    spoilt: parameters.spoilt,
  }
}

/** A form of another site comes without the cookies of the sign-ins that it must not replace. */
function lacksCookies(source: RequestSource, { req, services }: LoginVisit): boolean {
  const isForeign = source === 'foreign' || source === 'hidden'
  return isForeign && req.method === 'POST' && !maySignIn(req, services.policy.cookies.session)
}

async function tokenOf(
  { token, handoff }: AppTokenRequest,
  app: App,
  services: SignInServices,
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
  { req, services }: LoginVisit,
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
