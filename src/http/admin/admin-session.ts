import { timingSafeEqual } from 'node:crypto'

import type { Request, Response } from 'express'

import type { App } from '../../apps/app'
import { actorOfApp, actorOfUser } from '../../audit/actor'
import { randomText, sha256 } from '../../crypto/random'
import type { User } from '../../users/user'
import type { AuthServices } from '../auth-services'
import { isSecure } from '../public-address'
import { findCookie } from '../read-cookies'
import { sentName } from '../session/cookie-names'
import type { Operator } from './admin-route'
import { newPageToken } from './form-token'

/** A session of an operator: an id in a cookie, the rest in the store, where it lies under a hash of the id. */
export interface AdminSession {
  readonly operator: Operator
  /** What forms of this session carry, as no other site can. */
  readonly token: string
  /** The same for the forms of one page, so that they can be told from those of another. */
  readonly formToken: string
}

interface Stored {
  readonly app: string
  /**
   * Of the app's secret: keys that another makes end it. Of those that it makes itself, both are among them: other nodes go on
   * with the former for a moment. Absent: it was begun by Amazon.
   */
  readonly secretHashes?: readonly string[]
  readonly userId?: string
  readonly epoch?: number
  readonly formToken: string
  readonly sinceMs: number
  readonly seenAtMs: number
}

/** Who signs in: an app by its keys, or a user of the root app who is named as an operator. */
export type OperatorProof =
  { readonly app: App; readonly user?: undefined } | { readonly app: App; readonly user: User }

const COOKIE = 'amazon-auth-admin'
/** Of the page to sign in at, kept as the one above is. */
const PROBE = 'amazon-auth-cookies'
const ID_BYTES = 24
const TOKEN_BYTES = 18
const ABSOLUTE_MS = 12 * 3_600_000
/** How far `seenAtMs` may lag behind, to spare a write on most requests. */
const SEEN_STEP_MS = 60_000

/**
 * Begins a session in the place of any older one of this browser.
 *
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function beginAdminSession(
  req: Request,
  res: Response,
  { app, user }: OperatorProof,
  services: AuthServices,
): Promise<void> {
  await endAdminSession(req, res, services)
  const nowMs = services.now()
  const stored: Stored = {
    app: app.id,
    ...(user === undefined
      ? { secretHashes: [sha256(app.secret)] }
      : { userId: user.id, epoch: user.sessionEpoch }),
    formToken: randomText(TOKEN_BYTES),
    sinceMs: nowMs,
    seenAtMs: nowMs,
  }
  const id = randomText(ID_BYTES)
  await services.adminSessions.put(hashOf(id), recordOf(stored, services))
  res.cookie(nameHere(COOKIE, req, services), id, cookieOptions(req, services))
}

/**
 * The session of a request; undefined: there is none, or it has ended by time, by new keys of the app, by an app that was
 * switched off, or by a user who is no operator any more.
 *
 * @param isUse Whether it counts as a use, as a page that goes on by itself does not.
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function findAdminSession(
  req: Request,
  services: AuthServices,
  isUse: boolean,
): Promise<AdminSession | undefined> {
  const id = readId(req, services)
  if (id === undefined) return undefined
  const { adminSessions, now } = services
  const found = await adminSessions.find(hashOf(id), now())
  const stored = found && parseStored(found.data)
  if (stored === undefined) return undefined
  const operator = await findOperator(stored, services)
  if (operator === undefined) return undefined
  if (isUse && now() - stored.seenAtMs >= SEEN_STEP_MS) {
    const seen = { ...stored, seenAtMs: now() }
    await adminSessions.replace(hashOf(id), recordOf(seen, services))
  }
  const { formToken: token } = stored
  return { operator, token, formToken: newPageToken(token) }
}

/**
 * Lets the session of a request go on whose operator gives the app of it new keys, which ends all others. Does nothing to a
 * session of another app, or one by an account at Amazon.
 *
 * @param secret The new one. Whether it comes into force is yet to be seen.
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function keepAdminSession(
  req: Request,
  { appId, secret }: { readonly appId: string; readonly secret: string },
  services: AuthServices,
): Promise<void> {
  const id = readId(req, services)
  const found = id && (await services.adminSessions.find(hashOf(id), services.now()))
  const stored = found ? parseStored(found.data) : undefined
  if (!id || stored?.app !== appId || stored.secretHashes === undefined) return
  const kept = { ...stored, secretHashes: [...stored.secretHashes, sha256(secret)] }
  await services.adminSessions.replace(hashOf(id), recordOf(kept, services))
}

/** @throws {AmazonAuthError} `store_unavailable` */
export async function endAdminSession(
  req: Request,
  res: Response,
  services: AuthServices,
): Promise<void> {
  const id = readId(req, services)
  if (id === undefined) return
  await services.adminSessions.delete(hashOf(id))
  res.clearCookie(nameHere(COOKIE, req, services), cookieOptions(req, services))
}

/** Gives the browser a cookie on the page to sign in at, so that the form tells whether one that follows would be kept. */
export function probeCookies(req: Request, res: Response, services: AuthServices): void {
  if (keepsCookies(req, services)) return
  res.cookie(nameHere(PROBE, req, services), '1', cookieOptions(req, services))
}

/** Whether the cookie of the page to sign in at came back. */
export function keepsCookies(req: Request, services: AuthServices): boolean {
  return findCookie(req.headers.cookie ?? '', nameHere(PROBE, req, services)) !== undefined
}

/** Whether a text is the token of a session's forms, compared in constant time. */
export function isFormToken({ token }: AdminSession, text: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(token)), Buffer.from(sha256(text)))
}

async function findOperator(
  { app: appId, secretHashes, userId, epoch }: Stored,
  { apps, users, policy }: AuthServices,
): Promise<Operator | undefined> {
  const app = await apps.find(appId)
  if (app?.active !== true) return undefined
  const scope = app.isRoot ? undefined : app.id
  if (userId === undefined) {
    if (secretHashes?.includes(sha256(app.secret)) !== true) return undefined
    return { actor: actorOfApp(app.id), name: app.name, appId: scope }
  }
  const user = await users.findById(app.id, userId)
  const isNamed = user?.active === true && isOperator(user, app, policy.admin.identifiers)
  if (!isNamed || user.sessionEpoch !== epoch) return undefined
  return { actor: actorOfUser(app.id, user.id), name: user.name || user.identifier, appId: scope }
}

/** Whether a user is named as an operator: one of the root app, by the identifier. */
export function isOperator(user: User, app: App, identifiers: readonly string[]): boolean {
  return app.isRoot && identifiers.includes(user.identifier)
}

function recordOf(stored: Stored, { policy }: AuthServices) {
  const { sinceMs, seenAtMs } = stored
  const expiresAtMs = Math.min(seenAtMs + policy.admin.idleMs, sinceMs + ABSOLUTE_MS)
  return { data: JSON.stringify(stored), expiresAtMs }
}

/** @returns Undefined: it is none of an operator. */
function parseStored(data: string): Stored | undefined {
  const stored = JSON.parse(data) as Partial<Stored>
  return typeof stored.app === 'string' && typeof stored.formToken === 'string'
    ? (stored as Stored)
    : undefined
}

/** Sessions of operators lie beside those of visitors: neither can be taken for the other. */
function hashOf(id: string): string {
  return sha256(`operator ${id}`)
}

function readId(req: Request, services: AuthServices): string | undefined {
  return findCookie(req.headers.cookie ?? '', nameHere(COOKIE, req, services))
}

function nameHere(name: string, req: Request, services: AuthServices): string {
  return sentName(name, isSecureHere(req, services))
}

function cookieOptions(req: Request, services: AuthServices) {
  const secure = isSecureHere(req, services)
  return { httpOnly: true, secure, sameSite: 'strict', path: '/' } as const
}

function isSecureHere(req: Request, services: AuthServices): boolean {
  const { origin } = services.policy.admin
  return origin === undefined ? isSecure(req, services, undefined) : origin.startsWith('https:')
}
