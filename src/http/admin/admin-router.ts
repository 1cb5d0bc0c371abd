import type { Request, Response } from 'express'

import { AmazonAuthError, toAmazonAuthError } from '../../errors'
import { ASSETS } from '../../pages/admin/assets'
import { onceMorePage } from '../../pages/admin/once-more-page'
import { ADMIN_CATALOGUES } from '../../pages/admin/texts/catalogues'
import { EN, type AdminTexts } from '../../pages/admin/texts/en'
import { answerError, redirect, refuseMethod } from '../answer'
import type { AuthServices } from '../auth-services'
import { chooseFrom } from '../choose-texts'
import { queryEntries } from '../read-parameters'
import { findRequestOrigin } from '../request-origin'
import { requestSource } from '../request-source'
import { endBodyAfterAnswer } from '../rest-of-body'
import { logFailure } from '../sign-in/failure'
import { wantsJson } from '../wants-json'
import { showAdminPage, showProblem } from './admin-answers'
import type { AdminRoute, AdminVisit } from './admin-route'
import { ADMIN_ROUTES } from './admin-routes'
import { findAdminSession, isFormToken, type AdminSession } from './admin-session'
import { sessionTokenOf } from './form-token'
import { createMatchRoute, type Match } from './match-route'
import { readAdminForm } from './read-admin-form'
import { showSignIn, signIn, signOut } from './sign-in'
import { takeOnce } from './take-once'
import { appPath } from '../../pages/admin/app-path'

/** A request to the pages for operators, before it is known by whom. */
export interface AdminDoor {
  readonly req: Request
  readonly res: Response
  readonly services: AuthServices
  /** Path that the middleware is mounted under. */
  readonly mountPath: string
  /** Path that all pages lie below. */
  readonly base: string
  /** The rest of the path, with a slash before it. */
  readonly path: string
  readonly query: URLSearchParams
  readonly texts: AdminTexts
}

const matchRoute = createMatchRoute(ADMIN_ROUTES)

/** Answers a request to the pages for operators. Whatever fails is shown as a page, or told to scripts as JSON. */
export async function answerAdmin(
  at: Pick<AdminDoor, 'req' | 'res' | 'services' | 'mountPath' | 'base' | 'path'>,
): Promise<void> {
  const texts = chooseFrom(ADMIN_CATALOGUES, at.req)?.() ?? EN
  const door = { ...at, texts, query: new URLSearchParams([...queryEntries(at.req)]) }
  try {
    if (!answerAsset(door)) await enter(door)
  } catch (thrown) {
    fail(thrown, door)
  }
}

async function enter(door: AdminDoor): Promise<void> {
  const { req, services, path } = door
  await services.ready()
  const isPost = req.method === 'POST'
  if (!isPost && req.method !== 'GET') throw new AmazonAuthError('method_not_allowed')
  if (isPost) requireOwnPage(door)
  if (path === '/sign-in') {
    await (isPost ? signIn(door, await readAdminForm(req, door.res)) : showSignIn(door))
    return
  }
  // A page that goes on by itself says so, and is no use of the session.
  const isUse = req.headers['x-background'] === undefined && req.headers.accept !== EVENTS
  const session = await findAdminSession(req, services, isUse)
  if (session === undefined) await askToSignIn(door)
  else await visit(door, session)
}

const EVENTS = 'text/event-stream'

async function askToSignIn(door: AdminDoor): Promise<void> {
  const { req, res, base, path, texts } = door
  if (req.method === 'POST') {
    await showSignIn(door, { problem: texts.common.expired, to: pageOfForm(path) }, 401)
    return
  }
  if (wantsJson(req) || req.headers.accept === EVENTS) throw new AmazonAuthError('unauthorized')
  if (isFollowedFromElsewhere(req)) {
    showAdminPage(door, onceMorePage(texts))
    return
  }
  redirect(
    req,
    res,
    `${base}/sign-in${backTo(path, new URL(req.originalUrl, 'http://here').search)}`,
  )
}

/** Longer ones are forgotten: what no proxy holds would look like a fault of this host. */
const MAX_BACK_CHARACTERS = 1_500

function backTo(path: string, search: string): string {
  const query = path === '/' ? '' : `?${new URLSearchParams({ to: path + search }).toString()}`
  return query.length > MAX_BACK_CHARACTERS ? '' : query
}

function isFollowedFromElsewhere({ headers }: Request): boolean {
  return headers['sec-fetch-site'] === 'cross-site' || headers['sec-fetch-site'] === 'same-site'
}

async function visit(door: AdminDoor, session: AdminSession): Promise<void> {
  const { req, res } = door
  const form = req.method === 'POST' ? await readAdminForm(req, res) : new URLSearchParams()
  if (req.method === 'POST' && !isFormToken(session, sessionTokenOf(form))) {
    throw foreignForm(door)
  }
  if (door.path === '/sign-out') {
    if (req.method === 'POST') await signOut(door)
    else redirect(req, res, `${door.base}/`)
    return
  }
  const { operator } = session
  const matches = matchRoute(door.path)
  const match = matches.find(({ route }) => route.method === req.method)
  const seen = { ...door, session, operator, params: (match ?? matches[0])?.params ?? {}, form }
  // Shown within the frame of whoever has signed in.
  await run(seen, door.path, { matches, match }).catch((thrown: unknown) => fail(thrown, seen))
}

async function run(
  visit: AdminVisit,
  path: string,
  { matches, match }: { readonly matches: readonly Match[]; readonly match: Match | undefined },
): Promise<void> {
  const { req, res, base, operator } = visit
  if (path === '/' && operator.appId !== undefined) {
    redirect(req, res, base + appPath(operator.appId))
    return
  }
  if (match !== undefined && req.method === 'POST') {
    await takeOnce(visit, () => handle(match.route, visit))
  } else if (match !== undefined) await handle(match.route, visit)
  else if (matches.length === 0) throw new AmazonAuthError('not_found')
  else if (req.method === 'GET') redirect(req, res, base + pageOfForm(path))
  else void refuseMethod(matches.map(({ route }) => route.method))(req, res, () => undefined)
}

/** To operators of one app, the others are not there. */
async function handle(route: AdminRoute, visit: AdminVisit): Promise<void> {
  const { operator, services, params } = visit
  if (route.access === 'all') {
    if (operator.appId !== undefined) throw new AmazonAuthError('not_found')
    requireShown(route, services)
    await route.handle(visit)
    return
  }
  const { app: appId = '' } = params
  const isForeign = operator.appId !== undefined && operator.appId !== appId
  const app = isForeign ? undefined : await services.admin.find(appId)
  if (app?.appIdentifier !== appId) throw new AmazonAuthError('not_found')
  requireShown(route, services)
  await route.handle({ ...visit, app })
}

/** @throws {AmazonAuthError} `store_part_missing` */
function requireShown({ shows: part }: AdminRoute, services: AuthServices): void {
  if (part === undefined || !services.lacks(part)) return
  throw new AmazonAuthError('store_part_missing', { part })
}

/** Beside the token of the form, which a page to sign in at has none of. Programs say nothing of where they are. */
function requireOwnPage(door: AdminDoor): void {
  const { origin = findRequestOrigin(door.req) ?? '' } = door.services.policy.admin
  const source = requestSource(door.req, origin)
  if (source !== 'own' && source !== 'unknown') throw foreignForm(door)
}

function foreignForm({ texts }: AdminDoor): AmazonAuthError {
  return new AmazonAuthError('request_forbidden', {
    problem: texts.common.foreignForm,
    lang: texts.lang,
  })
}

/** Style sheet and scripts, which nobody has to sign in for. */
function answerAsset({ req, res, path }: AdminDoor): boolean {
  if (!path.startsWith('/assets/') || req.method !== 'GET') return false
  const name = path.slice('/assets/'.length)
  const asset = [...ASSETS.values()].find(({ fileName }) => fileName === name)
  if (asset === undefined) return false
  endBodyAfterAnswer(res)
  res.setHeader('Content-Type', asset.contentType)
  res.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
  res.setHeader('X-Content-Type-Options', 'nosniff')
  res.end(asset.text)
  return true
}

function fail(thrown: unknown, door: AdminDoor & Partial<AdminVisit>): void {
  const { req, res, services, params } = door
  const error = toAmazonAuthError(thrown)
  if (res.headersSent) {
    res.destroy()
    return
  }
  if (error.status >= 500 && error.code !== 'store_part_missing') {
    logFailure(error, params?.app, services, 'page for operators failed')
  }
  if (wantsJson(req)) answerError(res, error)
  else
    showProblem(door, error, req.method === 'POST' ? door.base + pageOfForm(door.path) : undefined)
}

/** The page that a form of this path stands on: the nearest above it. */
function pageOfForm(path: string): string {
  if (path === '/' || matchRoute(path).some(({ route }) => route.method === 'GET')) return path
  return pageOfForm(path.slice(0, path.lastIndexOf('/')) || '/')
}
