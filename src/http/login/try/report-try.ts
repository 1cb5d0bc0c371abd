import { profileFields } from '../../../users/kept-profile'
import type { App } from '../../../apps/app'
import { claimMappingOf } from '../../../apps/claims-setting'
import { findClientCredentials } from '../../../apps/client-credentials'
import { AmazonAuthError, toAmazonAuthError } from '../../../errors'
import type { Listed, TriedToken, TriedUser, TryReport } from '../../../pages/try-report'
import { idTokenClaims } from '../../../tokens/issue-id-token'
import { sessionTokenClaims } from '../../../tokens/issue-session-token'
import type { ForeseenUser } from '../../../users/foresee-user'
import type { User } from '../../../users/user'
import { userClaims } from '../../../users/user-claims'
import { toUserJson } from '../../../users/user-json'
import type { SignInServices } from '../../auth-services'
import { ownOrigin } from '../../public-address'
import { requireSound } from '../../read-parameters'
import { askedScopes } from '../../sign-in/asked-scopes'
import { PageAttempt } from '../../sign-in/attempt'
import { chooseSuccessTarget, type SuccessTarget } from '../../sign-in/choose-target'
import { sessionTokenTtlSeconds } from '../../sign-in/new-session-token'
import {
  grantedProfile,
  keptDetails,
  mapByHook,
  readProfile,
  type ReadProfile,
} from '../../sign-in/person-of'
import { upsertOptions } from '../../sign-in/sign-in-user'
import { askAmazon } from '../ask-amazon'
import { checkLoginApp } from '../check-login-app'
import type { Leg } from '../login'
import type { BegunLogin } from '../login-cookies'
import { openHit } from '../once'
import { verifyState } from '../verify-state'
import { explainFailure } from './explain-failure'

/** What has been found out so far. */
type Found = {
  -readonly [
    Name in 'received' | 'profile' | 'read' | 'mapped' | 'user' | 'tokens' | 'target'
  ]?: TryReport[Name]
}

export const NOTHING_FOUND = {
  received: null,
  profile: null,
  read: null,
  mapped: null,
  user: null,
  tokens: [],
  target: null,
} as const

/** What of it is told to the log. */
export interface Tried {
  readonly report: TryReport
  readonly error: AmazonAuthError | undefined
}

/**
 * Takes the steps of a login's return, and stores nothing: no user, no session, no token, no receipt. The hook `mapProfile`
 * is run, `onLogin` and `onFailure` are not.
 *
 * @param again Where it can be tried once more.
 */
export async function reportTry(
  leg: Leg,
  begun: BegunLogin,
  again: string | undefined,
): Promise<Tried> {
  const { app, attempt } = leg
  const own = new PageAttempt(attempt.way, attempt)
  own.trace = attempt.trace
  const found: Found = {}
  const error = await attempt.services.loginSlots
    .run(app.id, () => takeSteps({ ...leg, attempt: own }, found))
    .then(() => undefined, toAmazonAuthError)
  own.leave()
  const steps = [...attempt.steps, ...own.steps]
  const failed = error && steps.at(-1)?.step
  const report: TryReport = {
    app: app.id,
    ok: error === undefined,
    steps: steps.map(({ step, durationMs }, at) => ({
      step,
      ms: Math.round(durationMs * 10) / 10,
      ok: error === undefined || at < steps.length - 1,
    })),
    asked: askedOf(app, begun, attempt.services),
    ...NOTHING_FOUND,
    ...found,
    failure: error === undefined ? null : await explainFailure(error, failed, app, attempt),
    again: again ?? null,
  }
  return { report, error }
}

const SHOWN = 'What it came to was shown already: begin once more.'

async function takeSteps(leg: Leg, found: Found): Promise<void> {
  const { app, request, attempt } = leg
  const { services } = attempt
  attempt.enter('check_app')
  requireSound(request)
  checkLoginApp(app, request, attempt)
  const begun = verifyState(leg)
  if (begun?.isTried === true) throw new AmazonAuthError('try_link_invalid', { advice: SHOWN })
  attempt.enter('read_consent')
  const hit = openHit(leg)
  const came = { code: `${hit.code.slice(0, 4)}…`, ...(request.scope && { scope: request.scope }) }
  found.received = came
  attempt.enter('choose_target')
  const target = chooseTarget(leg, begun)
  found.target = { url: target.url, means: target.means }
  const { profile: sent } = await askAmazon(hit, begun, ({ expiresInSeconds, refreshToken }) => {
    const isRefreshable = refreshToken !== undefined
    found.received = { ...came, expires_in: expiresInSeconds, refresh_token: isRefreshable }
  })
  found.profile = profileFields(sent)
  attempt.enter('map_profile')
  const profile = grantedProfile(app, sent, request.scope, services)
  const read = readProfile(app, profile, services)
  found.read = { ...listed(read), scopes: profile.scopes }
  const mapped = await mapByHook(app, profile, read, services)
  if (services.hooks.mapProfile !== undefined) found.mapped = listed(mapped)
  attempt.enter('upsert_user')
  const purpose = { issuesSessionToken: target.means === 'session_token' }
  const options = upsertOptions(app, purpose, services)
  const foreseen = await services.foreseeUser(app, keptDetails(mapped, profile), options)
  found.user = triedUser(foreseen)
  attempt.enter('issue_token')
  found.tokens = triedTokens(app, foreseen.user, target, begun, services)
}

function chooseTarget({ app, attempt }: Leg, begun: BegunLogin | undefined): SuccessTarget {
  const { hostUrl, aliasIndex, returnTo } = begun ?? {}
  const frontEnd = { hostUrl, aliasIndex, ownOrigin: ownOrigin(app, attempt) }
  return chooseSuccessTarget(app, frontEnd, returnTo)
}

function askedOf(app: App, { redirectUri }: BegunLogin, services: SignInServices): Listed {
  const { scope, voluntary } = askedScopes(app, services)
  return {
    client_id: findClientCredentials(app)?.clientId,
    redirect_uri: redirectUri,
    scope,
    ...(voluntary.length > 0 && { voluntary_scope: voluntary.join(' ') }),
  }
}

function listed({ details, fields }: ReadProfile): Listed {
  return { ...details, ...(Object.keys(fields).length > 0 && { profile: fields }) }
}

/** Fields that show what a sign-in changes. */
const CHANGEABLE = ['identifier', 'email', 'name', 'profile', 'scopes'] as const

/** What of a user is the form of an answer, and tells nothing of him. */
const FORM = ['type', 'plural', 'objectURI']
/** What a user has who is there already. */
const TIMES = ['timestamp', 'updated']

function triedUser({ user, known }: ForeseenUser): TriedUser {
  const isNew = known === undefined
  const leftOut = isNew ? [...FORM, ...TIMES] : FORM
  const record = Object.entries(toUserJson(user)).filter(([name]) => !leftOut.includes(name))
  return {
    isNew,
    changes: isNew ? [] : CHANGEABLE.filter((name) => user[name] !== known[name]),
    record: Object.fromEntries(record),
  }
}

/** What an ID token would say, which any page may ask for; and a session token, where the app does. Neither is made. */
function triedTokens(
  app: App,
  user: User,
  { means }: SuccessTarget,
  begun: BegunLogin | undefined,
  services: SignInServices,
): readonly TriedToken[] {
  const { policy } = services
  const nowMs = services.now()
  const claims = userClaims(user, claimMappingOf(app, policy))
  const idToken = { ttlSeconds: policy.idTokenTtlSeconds, nowMs, nonce: begun?.tokenNonce, claims }
  const tokens: TriedToken[] = [{ kind: 'id_token', claims: idTokenClaims(app, user, idToken) }]
  if (means !== 'session_token') return tokens
  const ttlSeconds = sessionTokenTtlSeconds(app, services)
  return [
    { kind: 'session_token', claims: sessionTokenClaims(app, user, { ttlSeconds, nowMs }) },
    ...tokens,
  ]
}
