import type { Request, RequestHandler, Response } from 'express'

import type { App } from '../apps/app'
import { isStrict } from '../apps/typed-setting'
import { AmazonAuthError, loggedFacts, toAmazonAuthError } from '../errors'
import type { SignedIn } from '../sessions/find-signed-in'
import { admitToken } from '../tokens/admit-token'
import type { TokenKind } from '../tokens/token-kind'
import { failurePage } from '../pages/failure-page'
import { answerError, answerPage } from './answer'
import type { SignInServices } from './auth-services'
import { chooseTexts } from './choose-texts'
import { parseGuardOptions, type Demand, type RequireUserOptions } from './guard-options'
import { ruleFor, type Guarded, type Rule } from './guard-rule'
import type { Installation } from './installation'
import { hasJustSignedIn } from './login/has-just-signed-in'
import {
  findSessionUser,
  mayBeSignedIn,
  markPassage,
  sendToSignIn,
  setSignedIn,
  solePassage,
  type Passage,
} from './req-amazon-auth'
import { handsTokenOn } from './target-places'
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
    const guarded: Guarded = { req, res, passage: findPassage(req, res) }
    authenticate(guarded, demand).then(
      (isLetIn) => {
        if (isLetIn) next()
      },
      (thrown: unknown) => answerError(res, toAmazonAuthError(thrown)),
    )
  }
}

/** @returns False: the browser has been answered. */
async function authenticate(guarded: Guarded, demand: Demand): Promise<boolean> {
  const services = await guarded.passage.installation.connect()
  try {
    await admit(guarded, demand, services)
    return true
  } catch (thrown) {
    const error = toAmazonAuthError(thrown)
    logOutage(error, services)
    if (error.code !== 'unauthorized') throw error
    if (!demand.signIn || !isPageView(guarded.req)) {
      void lookForApp(guarded, demand, services)
      throw error
    }
    await sendAway(guarded, demand, services)
    return false
  }
}

function isPageView(req: Request): boolean {
  return req.method === 'GET' && req.headers.authorization === undefined && !wantsJson(req)
}

/** Nobody waits for it: who is not let in is told so with or without the store. */
async function lookForApp(
  guarded: Guarded,
  demand: Demand,
  services: SignInServices,
): Promise<void> {
  try {
    // A function or a hook is not asked for this alone.
    const rule = typeof demand.app === 'string' ? ruleFor(guarded, demand, services) : guarded.rule
    const appId = (await rule)?.appId
    if (appId === undefined || appId === '') return
    await services.ready()
    if ((await services.apps.find(appId)) === undefined)
      warnOfAbsence(appId, guarded, demand, services)
  } catch {
    // Of an outage others tell.
  }
}

function warnOfAbsence(
  appId: string,
  { passage }: Guarded,
  { app }: Demand,
  services: SignInServices,
): void {
  const isOfRequest = typeof app !== 'string'
  passage.installation.warnOfAbsentApp(services, { appId, isOfRequest })
}

/** @throws {AmazonAuthError} `unauthorized`: signing in would not help. */
async function sendAway(guarded: Guarded, demand: Demand, services: SignInServices): Promise<void> {
  const { req, res, passage } = guarded
  await services.ready()
  const { appId, isNamed } = await ruleFor(guarded, demand, services)
  if (appId === '' || (!isNamed && services.policy.strict))
    throw new AmazonAuthError('unauthorized')
  const app = appId === undefined ? undefined : await services.apps.find(appId)
  if (appId !== undefined && app === undefined) {
    warnOfAbsence(appId, guarded, demand, services)
    answerPage(res, 401, failurePage({ code: 'app_not_found' }, chooseTexts(req)))
    return
  }
  if (await hasJustSignedIn({ req, res, services }, app)) {
    passage.installation.warnOnce(services, LOST, { app: appId })
    throw new AmazonAuthError('unauthorized')
  }
  if (app !== undefined && handsTokenOn(app))
    passage.installation.warnOnce(services, sessionless(app), { app: app.id })
  await sendToSignIn(req, passage, { appId, services })
}

function sessionless({ id }: App): string {
  return `requireUser: the signin_success of the app "${id}" carries a token (jwt=…), so signing in makes no session, and a guard with signIn: true sends the same person to sign in each time. Take jwt=… out of it, or guard without signIn and let the page show its token as a Bearer token.`
}

const LOST =
  "a browser has just signed in and comes to a page that it may not see: to send it to sign in again would go round for ever, so it gets 401. The session did not reach it: look for warnings about the host's session, and whether public_url is the host that people see. Or several sign-ins were ended at once, as by a hook."

async function admit(guarded: Guarded, demand: Demand, services: SignInServices): Promise<void> {
  const { req } = guarded
  const token = bearerToken(req)
  if (token === undefined && !mayBeSignedIn(req, guarded.passage))
    throw new AmazonAuthError('unauthorized')
  const rule = await ruleFor(guarded, demand, services)
  const signedIn =
    token === undefined
      ? await findSessionUser(guarded.passage, { ...guarded, appId: rule.appId })
      : await findBearer(token, demand.token, services)
  if (signedIn === undefined || !isLetIn(signedIn, rule, services)) {
    throw new AmazonAuthError('unauthorized')
  }
  setSignedIn(req, signedIn, services.apps.rootId)
}

function isLetIn({ app }: SignedIn, { appId, isNamed }: Rule, services: SignInServices): boolean {
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
  services: SignInServices,
): Promise<SignedIn> {
  await services.ready()
  const { app, user } = await admitToken(token, { takes: [kind] }, services)
  if (user === undefined) throw new AmazonAuthError('token_invalid', { reason: 'names no user' })
  return { app, user }
}

/** That somebody has to sign in is no news; that nobody can be told apart is. */
function logOutage(error: AmazonAuthError, { logger }: SignInServices): void {
  if (error.status < 500) return
  const level = error.status === 503 ? 'warn' : 'error'
  logger[level](loggedFacts(error), 'requireUser could not tell who asks')
}
