import type { App } from '../../apps/app'
import { AmazonAuthError } from '../../errors'
import { claimMappingOf } from '../../apps/claims-setting'
import { issueIdToken } from '../../tokens/issue-id-token'
import type { User } from '../../users/user'
import { userClaims } from '../../users/user-claims'
import { answerNoContent, redirect } from '../answer'
import type { SignInServices } from '../auth-services'
import { openBrowserSession } from '../session/browser-session'
import { placeTokens, type TokenMeans } from '../target-places'
import { wantsJson } from '../wants-json'
import type { PageAttempt } from './attempt'
import type { SuccessTarget } from './choose-target'
import { newSessionToken } from './new-session-token'
import { watchHostSession } from './watch-host-session'

/** A login that has succeeded and waits to be answered. */
export interface Login {
  readonly app: App
  readonly user: User
  readonly target: SuccessTarget
  /** A second hit of a return URL that has signed this browser in just before. */
  readonly isRepeat?: boolean
  /** Whether it came from another site, which may not put itself in the place of other apps' sign-ins. */
  readonly standsBack?: boolean
  /** An ID token that this one hands out ends by then. */
  readonly idTokenUntilMs?: number | undefined
  /** What an ID token is to hold of the site that began the login. */
  readonly tokenNonce?: string | undefined
}

/**
 * Answers a login that has succeeded: a token in the target's address, or a session cookie.
 *
 * @throws {AmazonAuthError} `store_unavailable`: the session could not be stored; the browser gets no cookie.
 *   `state_mismatch`: a repeated return URL, whose session has ended.
 */
export async function respond(login: Login, attempt: PageAttempt): Promise<void> {
  const { url, means, isConfigured } = login.target
  const { req, res } = attempt
  if (means === 'session') await startSession(login, attempt)
  const carriesToken = means === 'id_token' || means === 'session_token'
  const location = carriesToken ? issueTokens(login, attempt) : url
  if (attempt.beside !== undefined) await attempt.beside
  attempt.leave()
  attempt.means = means
  if (!isConfigured && wantsJson(req)) answerNoContent(res)
  else redirect(req, res, location)
}

function issueTokens(login: Login, attempt: PageAttempt): string {
  attempt.enter('issue_token')
  return placeTokens(login.target.url, (means) => issueToken(means, login, attempt.services))
}

function issueToken(
  means: TokenMeans,
  { app, user, idTokenUntilMs, tokenNonce }: Login,
  services: SignInServices,
): string {
  if (means === 'session_token') return newSessionToken(app, user, services).token
  const ttlSeconds = services.policy.idTokenTtlSeconds
  const nowMs = services.now()
  const claims = userClaims(user, claimMappingOf(app, services.policy))
  const [untilMs, nonce] = [idTokenUntilMs, tokenNonce]
  return issueIdToken(app, user, { ttlSeconds, nowMs, untilMs, nonce, claims })
}

async function startSession(
  { app, user, target, isRepeat = false, standsBack = false }: Login,
  attempt: PageAttempt,
): Promise<void> {
  attempt.enter('start_session')
  const { req, res, services } = attempt
  const session = await openBrowserSession(req, res, services)
  const current = await session.findSignedIn(app.id)
  if (isRepeat) {
    if (current?.user.id === user.id) return
    throw new AmazonAuthError('state_mismatch', { app: app.id, reason: 'signed out since' })
  }
  const sinceMs = services.now()
  const signIn = { appId: app.id, userId: user.id, epoch: user.sessionEpoch, sinceMs }
  const keptBy = await session.signIn(app, signIn, standsBack)
  watchHostSession(keptBy, app, target.url, attempt)
}
