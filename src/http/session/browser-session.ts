import type { Request, Response } from 'express'

import type { App } from '../../apps/app'
import { findSignedIn, type SignedIn } from '../../sessions/find-signed-in'
import {
  addSignIn,
  addSignInBeside,
  removeSignIn,
  type SignIn,
  type SignIns,
} from '../../sessions/sign-ins'
import type { SessionServices } from '../auth-services'
import { isSecure } from '../public-address'
import { findCookie } from '../read-cookies'
import { isExact, mayCarry, sentName } from './cookie-names'
import { findHostSession, keepInHostSession } from './host-session'
import { cookieHeader } from './one-cookie'
import { keepInOwnSession } from './own-session'
import type { SessionKeeper } from './session-keeper'

declare module 'express-session' {
  interface SessionData {
    /** Sign-ins with Amazon, by express-amazon-auth. */
    amazonAuth?: SignIns
  }
}

/** What a browser is signed in to, whoever keeps the session. */
export interface BrowserSession {
  /** Who is signed in: in one app, or (without `appId`) in the app signed in to last. */
  findSignedIn(appId?: string): Promise<SignedIn | undefined>
  /**
   * Signs in, under a new session id. Sign-ins to other apps stay; of the rest of an older session only what the host
   * has asked to keep.
   *
   * @param isBeside Whether it stands back behind sign-ins to other apps, rather than being the latest.
   * @returns Whose session keeps it.
   */
  signIn(app: App, signIn: SignIn, isBeside: boolean): Promise<'host' | 'us'>
  /** All whom it is signed in as: in one app, or in each. */
  findAll(appId?: string): Promise<readonly SignedIn[]>
  /** Signs out of one app, or of all. */
  signOut(appId?: string): Promise<void>
}

/** The part of the day that `seenAtMs` may lag behind, to spare a write on most requests. */
const SEEN_STEPS = 20

/**
 * Whether the request may belong to a signed-in browser: decided without any I/O.
 *
 * @param cookieName Undefined: the configuration is not read yet.
 */
export function maySignIn(req: Request, cookieName: string | undefined): boolean {
  const carries =
    cookieName === undefined ? req.headers.cookie !== undefined : mayCarry(req, cookieName)
  return carries || findHostSession(req)?.amazonAuth !== undefined
}

/**
 * Opens the sessions of a browser: the host's, when the host has mounted express-session before us, and ours, as far as
 * it has cookies of them. A sign-in goes to the host's if there is one, else to ours.
 *
 * @throws {AmazonAuthError} `store_unavailable`; so do the methods of the session.
 */
export async function openBrowserSession(
  req: Request,
  res: Response,
  services: SessionServices,
): Promise<BrowserSession> {
  const { policy, now } = services
  const openOwn = (secure: boolean) => keepInOwnSession(req, res, services, secure)
  const host = findHostSession(req) && keepInHostSession(req, policy)
  const own = await Promise.all(carriedKinds(req, services).map(openOwn))
  const keepers = host === undefined ? own : [host, ...own]

  async function findIn(keeper: SessionKeeper, appId?: string): Promise<SignedIn | undefined> {
    const signIns = keeper.read()
    if (signIns === undefined) return undefined
    const found = await findSignedIn(signIns, appId, { ...services, limits: policy.sessionLimits })
    if (found === undefined || !counts(found.app, keeper)) return undefined
    const isStale = now() - signIns.seenAtMs > policy.sessionLimits.idleMs / SEEN_STEPS
    if (isStale) keeper.note({ ...signIns, seenAtMs: now() })
    return found
  }
  /** Anybody on the network, or another host of the domain, may plant a cookie of the plain kind. */
  function counts(app: App, keeper: SessionKeeper): boolean {
    return keeper.isSecure || isExact(policy.cookies.session) || !isSecure(req, services, app)
  }
  async function chooseKeeper(app: App): Promise<SessionKeeper> {
    const secure = isSecure(req, services, app)
    return host ?? own.find((keeper) => keeper.isSecure === secure) ?? openOwn(secure)
  }

  return {
    async findSignedIn(appId) {
      for (const keeper of keepers) {
        const found = await findIn(keeper, appId)
        if (found !== undefined) return found
      }
      return undefined
    },
    async findAll(appId) {
      const named = keepers.flatMap((keeper) => keeper.read()?.list ?? [])
      const ids = new Set(named.map((signIn) => signIn.appId))
      const found = await Promise.all(
        Array.from(ids)
          .filter((id) => appId === undefined || id === appId)
          .flatMap((id) => keepers.map((keeper) => findIn(keeper, id))),
      )
      return found.filter((signedIn) => signedIn !== undefined)
    },
    async signIn(app, signIn, isBeside) {
      const keeper = await chooseKeeper(app)
      const earlier = keeper.read() ?? (host === undefined ? undefined : own[0]?.read())
      await keeper.begin((isBeside ? addSignInBeside : addSignIn)(earlier, signIn))
      // Those that were taken along must not outlive a sign-out of the host's session.
      if (keeper === host) await Promise.all(own.map((each) => each.end()))
      return keeper.owner
    },
    async signOut(appId) {
      await Promise.all(keepers.map((keeper) => signOutOf(keeper, appId)))
    },
  }
}

async function signOutOf(keeper: SessionKeeper, appId: string | undefined): Promise<void> {
  const signIns = keeper.read()
  if (signIns === undefined) return
  const rest = appId === undefined ? undefined : removeSignIn(signIns, appId)
  if (rest !== undefined && rest.list.length > 0) await keeper.write(rest)
  else await keeper.end()
}

/** The kinds of our session, secure first, that the browser has a cookie of. */
function carriedKinds(req: Request, services: SessionServices): readonly boolean[] {
  const { cookies } = services.policy
  const { session } = cookies
  const header = cookieHeader(req, cookies)
  // One name for both kinds: the cookie does not tell which it is.
  if (isExact(session)) {
    return header.includes(`${session}=`) ? [isSecure(req, services, undefined)] : []
  }
  return [true, false].filter(
    (secure) => findCookie(header, sentName(session, secure)) !== undefined,
  )
}
