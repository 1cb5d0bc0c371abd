import type { Request, Response } from 'express'

import { normalizeAppId } from '../apps/app-id'
import { toAppJson, type AppJson } from '../apps/app-json'
import { AmazonAuthError } from '../errors'
import type { AccessTokenOptions } from '../kept-tokens/kept-tokens'
import type { SignedIn } from '../sessions/find-signed-in'
import { toUserJson, type UserJson } from '../users/user-json'
import { accessTokenOf } from './access-token-of'
import { redirect } from './answer'
import type { SignInServices } from './auth-services'
import type { Installation } from './installation'
import { requestApp } from './request-app'
import { signInAddress } from './sign-in-address'
import { maySignIn, openBrowserSession, type BrowserSession } from './session/browser-session'

/** What `amazonAuth()` knows of a request: `req.amazonAuth`. */
export interface RequestAuth {
  /** The app the browser is signed in to; undefined when it is not. */
  readonly app: AppJson | undefined
  /** The signed-in user; undefined when there is none. */
  readonly user: UserJson | undefined
  isAuthenticated(): boolean
  /**
   * An access token of Amazon for the signed-in user, where `amazon.keep_tokens` of the app is on: refreshed when it is
   * about to end, so ask for it each time.
   *
   * @param options.renew Have it refreshed though it seems good, as after Amazon has refused it; at most once a minute.
   * @throws {AmazonAuthError} `unauthorized` (nobody is signed in), `amazon_token_missing` and `consent_revoked` (they have
   *   to sign in again), `refresh_refused`, `amazon_…` and `store_unavailable` (nothing is lost), `secret_unreadable`
   */
  accessToken(options?: AccessTokenOptions): Promise<string>
  /**
   * Answers this request by sending the browser to sign in.
   *
   * @throws {AmazonAuthError} `hook_failed`, `store_unavailable`
   */
  signIn(options?: SignInOptions): Promise<void>
  /**
   * Signs the browser out; the answer is the caller's. See to it that no other site can make people call it.
   *
   * @throws {AmazonAuthError} `store_unavailable`
   */
  signOut(options?: SignOutOptions): Promise<void>
}

export interface SignInOptions {
  /** Id of the app. Default: the app that this request is about. */
  readonly app?: string | undefined
  /** A path on this host or an address of the app. Default: the page of this request. */
  readonly returnTo?: string | undefined
}

export interface SignOutOptions {
  /** Id of the app to sign out of. Default: all. */
  readonly app?: string | undefined
  /**
   * Ends all sessions and all tokens of the user, on whatever device, and not only those of this browser: in the app, or
   * in each that the browser is signed in to. Default false.
   */
  readonly everywhere?: boolean | undefined
}

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- how @types/express is extended
  namespace Express {
    // Not `user`: hosts and other packages have types of their own for it, and may ask for ours (express-user.ts).
    interface Request {
      amazonAuth: RequestAuth
    }
  }
}

/** A request that has passed an `amazonAuth()`. */
export interface Passage {
  readonly res: Response
  readonly installation: Installation
  /** The passage through another one before it. */
  readonly outer: Passage | undefined
  /** Path of the mount, as this request has it; undefined: it is outside. */
  mountPath?: string
  /** The session, as it was found beside that of the host. */
  opened?: { readonly hosts: unknown; readonly session: Promise<BrowserSession> }
}

const passages = new WeakMap<Request, Passage>()

/** Marks a request as passed by an installation, unless it is already; costs nothing else. */
export function markPassage(req: Request, res: Response, installation: Installation): Passage {
  const outer = passages.get(req)
  if (outer?.installation === installation) return outer
  const passage = { res, installation, outer }
  passages.set(req, passage)
  // Whoever another installation has found there is none of this one's users.
  setRequestAuth(req, new KnownAuth(req, passage, undefined, undefined))
  return passage
}

/** Path of the mount that a request has come through, as the request has it; the root where there is none. */
export function mountPathOf(req: Request): string {
  return passages.get(req)?.mountPath ?? ''
}

/**
 * The passage of a request, for guards that are not told whose they are.
 *
 * @throws {Error} There is none, or they may be any of several.
 */
export function solePassage(req: Request): Passage {
  const passage = passages.get(req)
  if (passage === undefined) throw new Error(NOT_MOUNTED)
  if (passage.outer !== undefined) throw new Error(SEVERAL_MOUNTED)
  return passage
}

const NOT_MOUNTED =
  'requireUser: mount amazonAuth() before the routes it guards. Where it is mounted under a path of its own, guard with auth.requireUser(), auth being what amazonAuth() returns, or mount auth.session before these routes.'
const SEVERAL_MOUNTED =
  'requireUser: this request has passed more than one amazonAuth(). Guard with the requireUser() of the one you mean: auth.requireUser(), auth being what amazonAuth() returns.'

/** Decided without any I/O. */
export function mayBeSignedIn(req: Request, { installation }: Passage): boolean {
  return maySignIn(req, installation.sessionCookie())
}

/**
 * Who the browser of this request is signed in as, in one app or (without `appId`) in the one it signed in to last.
 *
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function findSessionUser(
  passage: Passage,
  {
    req,
    res,
    appId,
  }: { readonly req: Request; readonly res: Response; readonly appId?: string | undefined },
): Promise<SignedIn | undefined> {
  if (!mayBeSignedIn(req, passage)) return undefined
  const services = await passage.installation.connect()
  await services.ready()
  const hosts: unknown = req.session
  // The host may have mounted its own between us and the guard.
  if (passage.opened === undefined || passage.opened.hosts !== hosts) {
    passage.opened = { hosts, session: openBrowserSession(req, res, services) }
  }
  return (await passage.opened.session).findSignedIn(appId)
}

/**
 * Who the browser is signed in as in the app that this request is about. Where nothing names one, it is the app it
 * signed in to last, or (strict) nobody.
 *
 * @param named The app that the request itself names.
 * @throws {AmazonAuthError} `store_unavailable`, `hook_failed`
 */
export async function findRequestUser(
  req: Request,
  res: Response,
  services: SignInServices,
  named?: string,
): Promise<SignedIn | undefined> {
  const passage = passages.get(req)
  if (passage === undefined || !mayBeSignedIn(req, passage)) return undefined
  const appId = named ?? (await requestApp(req, services))
  if (appId === undefined && services.policy.strict) return undefined
  return findSessionUser(passage, { req, res, appId })
}

/** Fills `req.amazonAuth` and `req.user` with who is signed in. */
export function setSignedIn(req: Request, { app, user }: SignedIn, rootId: string): void {
  const passage = passages.get(req)
  if (passage === undefined) return
  setRequestAuth(req, new KnownAuth(req, passage, toAppJson(app, rootId), toUserJson(user)))
}

/** What is known is public; the rest is not in the way of whoever writes it out as JSON. */
class KnownAuth implements RequestAuth {
  readonly #req: Request
  readonly #passage: Passage

  constructor(
    req: Request,
    passage: Passage,
    readonly app: AppJson | undefined,
    readonly user: UserJson | undefined,
  ) {
    this.#req = req
    this.#passage = passage
  }

  isAuthenticated(): boolean {
    return this.user !== undefined
  }

  async accessToken(options: AccessTokenOptions = {}): Promise<string> {
    const { app, user } = this
    if (app === undefined || user === undefined) throw new AmazonAuthError('unauthorized')
    const services = await this.#passage.installation.connect()
    return accessTokenOf({ app: app.appIdentifier, userId: user.id }, options, services)
  }

  async signIn({ app, returnTo }: SignInOptions = {}): Promise<void> {
    const services = await this.#passage.installation.connect()
    await services.ready()
    const named = app === undefined ? undefined : normalizeAppId(app)
    const appId = named ?? (await requestApp(this.#req, services))
    await sendToSignIn(this.#req, this.#passage, { appId, returnTo, services })
  }

  async signOut({ app, everywhere = false }: SignOutOptions = {}): Promise<void> {
    const { res, installation } = this.#passage
    const services = await installation.connect()
    const appId = app === undefined ? undefined : normalizeAppId(app)
    const isOver = appId === undefined || this.app?.id === `app:${appId}`
    // Whoever has come with a token has no session that would tell.
    if (everywhere && isOver && this.user !== undefined) await endAllOf(this.user, services)
    await installation.signOut({ req: this.#req, res, services }, { appId, everywhere })
    delete this.#passage.opened
    if (isOver)
      setRequestAuth(this.#req, new KnownAuth(this.#req, this.#passage, undefined, undefined))
  }
}

/** What is known of a request, where something else than its own answer carries what is done with it. */
export function answeringBy(req: Request, res: Response): RequestAuth {
  const passage = passages.get(req)
  if (passage === undefined) throw new Error(NOT_MOUNTED)
  const { app, user } = req.amazonAuth
  return new KnownAuth(req, { ...passage, res }, app, user)
}

async function endAllOf(
  { appid, id }: UserJson,
  { userAdmin }: Pick<SignInServices, 'userAdmin'>,
): Promise<void> {
  await userAdmin.revokeAll(await userAdmin.get(appid, id))
}

/** Answers with a redirect to where the browser begins to sign in; the page it wanted is where it ends. */
export async function sendToSignIn(
  req: Request,
  { res, installation, mountPath = installation.mountPath() }: Passage,
  wanted: {
    readonly appId: string | undefined
    readonly returnTo?: string | undefined
    readonly services: SignInServices
  },
): Promise<void> {
  const { appId, services } = wanted
  const app = appId === undefined ? undefined : await services.apps.find(appId)
  if (appId !== undefined && app === undefined) {
    throw new AmazonAuthError('app_not_found', { app: appId.slice(0, 64) })
  }
  const returnTo = wanted.returnTo ?? (req.method === 'GET' ? req.originalUrl : undefined)
  redirect(req, res, signInAddress(app, { returnTo }, { services, mountPath }))
}

/** `req.user` is always the same as `req.amazonAuth.user`, unless the host has set one of its own. */
function setRequestAuth(req: Request, auth: RequestAuth): void {
  const holder: { user?: unknown } = req
  const earlier = (req.amazonAuth as RequestAuth | undefined)?.user
  const isOurs = (holder.user ?? earlier) === earlier
  req.amazonAuth = auth
  if (!isOurs) return
  if (auth.user !== undefined) holder.user = auth.user
  else if (holder.user !== undefined) delete holder.user
}
