import type { Request, Response } from 'express'

import { toAppJson, type AppJson } from '../apps/app-json'
import type { SignedIn } from '../sessions/find-signed-in'
import { toUserJson, type UserJson } from '../users/user-json'
import type { AuthServices } from './auth-services'
import { maySignIn, openBrowserSession, type BrowserSession } from './session/browser-session'

/** What `amazonAuth()` knows of a request: `req.amazonAuth`. */
export interface RequestAuth {
  /** The app the browser is signed in to; undefined when it is not. */
  readonly app: AppJson | undefined
  /** The signed-in user; undefined when there is none. */
  readonly user: UserJson | undefined
  isAuthenticated(): boolean
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how @types/express is extended
  namespace Express {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- merged with what other packages declare
    interface User extends UserJson {}
    interface Request {
      amazonAuth: RequestAuth
      user?: User | undefined
    }
  }
}

export const ANONYMOUS: RequestAuth = Object.freeze({
  app: undefined,
  user: undefined,
  isAuthenticated: () => false,
})

/** Way to the services, and session, of requests that have passed `amazonAuth()`, for `requireUser()` behind it. */
const seen = new WeakMap<Request, Passage>()

/** Gives the services as soon as the configuration is read. */
export type Connect = () => Promise<AuthServices>

interface Passage {
  readonly connect: Connect
  session?: Promise<BrowserSession>
}

/** Marks a request as passed by; costs nothing else. */
export function markPassage(req: Request, connect: Connect): void {
  seen.set(req, { connect })
  req.amazonAuth = ANONYMOUS
}

export function findConnect(req: Request): Connect | undefined {
  return seen.get(req)?.connect
}

/**
 * Who the browser of this request is signed in as.
 *
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function findSessionUser(
  req: Request,
  res: Response,
  appId: string | undefined,
): Promise<SignedIn | undefined> {
  const passage = seen.get(req)
  if (passage === undefined || !maySignIn(req)) return undefined
  const services = await passage.connect()
  await services.ready()
  passage.session ??= openBrowserSession(req, res, services)
  return (await passage.session).findSignedIn(appId)
}

/** Fills `req.amazonAuth`, and `req.user` unless the host has set it. */
export function setRequestAuth(req: Request, signedIn: SignedIn, rootId: string): void {
  const user = toUserJson(signedIn.user)
  req.amazonAuth = { app: toAppJson(signedIn.app, rootId), user, isAuthenticated: () => true }
  req.user ??= user
}
