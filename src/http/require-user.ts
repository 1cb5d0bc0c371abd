import type { Request, RequestHandler, Response } from 'express'

import { isStrict } from '../apps/is-strict'
import { normalizeAppId } from '../apps/app-id'
import { AmazonAuthError, toAmazonAuthError } from '../errors'
import type { SignedIn } from '../sessions/find-signed-in'
import { admitToken } from '../tokens/admit-token'
import type { TokenKind } from '../tokens/token-kind'
import { answerError } from './answer'
import type { AuthServices } from './auth-services'
import {
  ANY_APP,
  parseGuardOptions,
  type Demand,
  type NameApp,
  type RequireUserOptions,
} from './guard-options'
import type { Installation } from './installation'
import { requestApp } from './request-app'
import {
  findSessionUser,
  mayBeSignedIn,
  markPassage,
  sendToSignIn,
  setSignedIn,
  solePassage,
  type Passage,
} from './request-auth'
import { wantsJson } from './wants-json'

/**
 * Guards a route: lets a request through whose browser is signed in, or that carries an ID or session token as
 * `Authorization: Bearer …`, and sets `req.amazonAuth` and `req.user`. Every other request is answered here:
 * 401 `{"code", "message"}` with `WWW-Authenticate: Bearer`, or 503 when the store does not answer.
 *
 * Mount `amazonAuth()`, or its `session`, before it.
 *
 * @example app.get('/orders', requireUser({ app: 'acme' }), (req, res) => res.json(req.user))
 * @throws {TypeError} An option is not known or cannot be used.
 */
export function requireUser(options: RequireUserOptions = {}): RequestHandler {
  return createGuard(options, solePassage)
}

/** A {@link requireUser} of one `amazonAuth()`: it need not be mounted before it. */
export function requireUserOf(
  installation: Installation,
  options: RequireUserOptions,
): RequestHandler {
  return createGuard(options, (req, res) => markPassage(req, res, installation))
}

function createGuard(
  options: RequireUserOptions,
  findPassage: (req: Request, res: Response) => Passage,
): RequestHandler {
  const demand = parseGuardOptions(options)
  return (req, res, next) => {
    const guarded = { req, res, passage: findPassage(req, res) }
    authenticate(guarded, demand).then(
      (isLetIn) => {
        if (isLetIn) next()
      },
      (thrown: unknown) => answerError(res, toAmazonAuthError(thrown)),
    )
  }
}

/** A request at a guard. */
interface Guarded {
  readonly req: Request
  readonly res: Response
  readonly passage: Passage
}

/** @returns False: the browser has been sent to sign in. */
async function authenticate(guarded: Guarded, demand: Demand): Promise<boolean> {
  const services = await guarded.passage.installation.connect()
  try {
    await admit(guarded, demand, services)
    return true
  } catch (thrown) {
    const error = toAmazonAuthError(thrown)
    logOutage(error, services)
    if (!demand.signIn || error.code !== 'unauthorized' || !isPageView(guarded.req)) throw error
    await sendAway(guarded, demand, services)
    return false
  }
}

function isPageView(req: Request): boolean {
  return req.method === 'GET' && req.headers.authorization === undefined && !wantsJson(req)
}

/** @throws {AmazonAuthError} `unauthorized`: signing in would not help. */
async function sendAway(
  { req, res, passage }: Guarded,
  demand: Demand,
  services: AuthServices,
): Promise<void> {
  await services.ready()
  const { appId, isNamed } = await ruleFor({ req, res, passage }, demand.app, services)
  if (appId === '' || (!isNamed && services.policy.strict))
    throw new AmazonAuthError('unauthorized')
  const app = appId === undefined ? undefined : await services.apps.find(appId)
  if (passage.installation.hasJustSignedIn({ req, res, services }, app)) {
    passage.installation.warnOnce(services, LOST, { app: appId })
    throw new AmazonAuthError('unauthorized')
  }
  await sendToSignIn(req, passage, { appId, services })
}

const LOST =
  "a browser has just signed in and comes to a page that it may not see: to send it to sign in again would go round for ever, so it gets 401. The session did not reach it: look for warnings about the host's session, and whether public_url is the host that people see."

async function admit(guarded: Guarded, demand: Demand, services: AuthServices): Promise<void> {
  const { req } = guarded
  const token = bearerToken(req)
  if (token === undefined && !mayBeSignedIn(req, guarded.passage))
    throw new AmazonAuthError('unauthorized')
  const rule = await ruleFor(guarded, demand.app, services)
  const signedIn =
    token === undefined
      ? await findSessionUser(guarded.passage, { ...guarded, appId: rule.appId })
      : await findBearer(token, demand.token, services)
  if (signedIn === undefined || !isLetIn(signedIn, rule, services)) {
    throw new AmazonAuthError('unauthorized')
  }
  setSignedIn(req, signedIn, services.apps.rootId)
}

/** Whom a guard lets in. */
interface Rule {
  /** Undefined: users of any app. */
  readonly appId: string | undefined
  /** Whether somebody has said so. */
  readonly isNamed: boolean
}

async function ruleFor(
  { req, passage }: Guarded,
  named: Demand['app'],
  services: AuthServices,
): Promise<Rule> {
  if (named === ANY_APP) return { appId: undefined, isNamed: true }
  if (typeof named === 'string') return { appId: named, isNamed: true }
  if (named !== undefined) {
    const appId = await askForApp(named, req)
    if (appId === '') passage.installation.warnOnce(services, NAMELESS)
    return { appId, isNamed: true }
  }
  const appId = await requestApp(req, services)
  if (appId !== undefined) return { appId, isNamed: true }
  passage.installation.warnOnce(services, UNNAMED)
  return { appId, isNamed: false }
}

const UNNAMED =
  "requireUser() stands before a route and nothing names the app whose users may pass; there is more than one, so a user of any app is let in (with security.strict: nobody). Name it, requireUser({ app: 'shop' }), also by a function of the request, or set the hook resolveApp, which holds for all guards. requireUser({ app: '*' }) says any app on purpose."

const NAMELESS =
  'the function that is the option "app" of a requireUser() named no app for a request, so nobody passes. It must return the id of an app.'

async function askForApp(nameApp: NameApp, req: Request): Promise<string> {
  try {
    const named = await nameApp(req)
    return typeof named === 'string' ? normalizeAppId(named) : ''
  } catch (cause) {
    throw new AmazonAuthError('hook_failed', { hook: 'requireUser app' }, cause)
  }
}

function isLetIn({ app }: SignedIn, { appId, isNamed }: Rule, services: AuthServices): boolean {
  if (!isNamed) return !isStrict(app, services)
  return appId === undefined || app.id === appId
}

function bearerToken({ headers }: Request): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
}

/** A Bearer token decides alone: a bad one is refused, whatever cookie comes with it. */
async function findBearer(
  token: string,
  kind: TokenKind,
  services: AuthServices,
): Promise<SignedIn> {
  await services.ready()
  const { app, user } = await admitToken(token, { takes: [kind] }, services)
  if (user === undefined) throw new AmazonAuthError('token_invalid', { reason: 'names no user' })
  return { app, user }
}

/** That somebody has to sign in is no news; that nobody can be told apart is. */
function logOutage(error: AmazonAuthError, { logger }: AuthServices): void {
  const { code, status, facts, advice, cause } = error
  if (status < 500) return
  const level = status === 503 ? 'warn' : 'error'
  logger[level](
    { code, ...facts, advice, ...(cause !== undefined && { cause }) },
    'requireUser could not tell who asks',
  )
}
