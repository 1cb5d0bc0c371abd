import type { Request, Response } from 'express'
import type { Session } from 'express-session'

import { toStoreError } from '../../errors'
import { findSignedIn, type SignedIn } from '../../sessions/find-signed-in'
import {
  addSignIn,
  addSignInBeside,
  parseSignIns,
  removeSignIn,
  type SignIn,
  type SignIns,
} from '../../sessions/sign-ins'
import type { AuthServices } from '../auth-services'
import { isSecure } from '../login/login-context'
import { callInTime, FOREIGN_STORE_MS } from './call-in-time'
import { hasSessionCookie, loadOwnSession } from './own-session'

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
   * Signs in, under a new session id. Sign-ins to other apps stay; nothing else of an older session does.
   *
   * @param isBeside Whether it stands back behind sign-ins to other apps, rather than being the latest.
   */
  signIn(signIn: SignIn, isBeside: boolean): Promise<void>
  /** Signs out of one app, or of all. */
  signOut(appId?: string): Promise<void>
}

/** The part of the day that `seenAtMs` may lag behind, to spare a write on most requests. */
const SEEN_STEPS = 20

/** Whether the request may belong to a signed-in browser: decided without any I/O. */
export function maySignIn(req: Request): boolean {
  return hasSessionCookie(req) || hostSession(req)?.amazonAuth !== undefined
}

/**
 * Opens the session of a browser: the host's, when the host has mounted express-session before us; else our own.
 *
 * @throws {AmazonAuthError} `store_unavailable`; so do the methods of the session.
 */
export async function openBrowserSession(
  req: Request,
  res: Response,
  services: AuthServices,
): Promise<BrowserSession> {
  const isHosts = hostSession(req) !== undefined
  const holder: SessionHolder = isHosts
    ? req
    : await loadOwnSession(req, res, services.sessions, isSecure(req, services, undefined))

  const place: SessionPlace = { holder, limitMs: isHosts ? FOREIGN_STORE_MS : undefined }
  const read = (): SignIns | undefined => parseSignIns(holder.session?.amazonAuth)

  return {
    async findSignedIn(appId) {
      const signIns = read()
      if (signIns === undefined) return undefined
      const { policy, now } = services
      const found = await findSignedIn(signIns, appId, {
        ...services,
        limits: policy.sessionLimits,
      })
      const isStale = now() - signIns.seenAtMs > policy.sessionLimits.idleMs / SEEN_STEPS
      if (found !== undefined && isStale && holder.session) {
        holder.session.amazonAuth = { ...signIns, seenAtMs: now() }
      }
      return found
    },
    async signIn(signIn, isBeside) {
      const signIns = (isBeside ? addSignInBeside : addSignIn)(read(), signIn)
      // A session of ours that came with no cookie was made for this very request: its id is new already.
      if (isHosts || hasSessionCookie(req)) await renew(place)
      await store(place, signIns)
    },
    async signOut(appId) {
      const signIns = read()
      if (signIns === undefined) return
      const rest = appId === undefined ? undefined : removeSignIn(signIns, appId)
      if (rest !== undefined && rest.list.length > 0) {
        await store(place, rest)
        return
      }
      if (isHosts) await store(place, undefined)
      else await destroy(place, res)
    },
  }
}

interface SessionHolder {
  session?: Session & { amazonAuth?: SignIns }
}

interface SessionPlace {
  readonly holder: SessionHolder
  /** Longest time its store may take, in milliseconds. Our own express-session sees to that itself. */
  readonly limitMs: number | undefined
}

/** A session that express-session made; others cannot be renewed. */
function hostSession(req: SessionHolder): SessionHolder['session'] {
  return typeof req.session?.regenerate === 'function' ? req.session : undefined
}

async function renew(place: SessionPlace): Promise<void> {
  await finish(place, (session, done) => session.regenerate(done))
}

/** Stored before the browser is answered, so that it never holds a cookie without a session. */
async function store(place: SessionPlace, signIns: SignIns | undefined): Promise<void> {
  const { holder } = place
  if (holder.session === undefined) return
  if (signIns === undefined) delete holder.session.amazonAuth
  else holder.session.amazonAuth = signIns
  await finish(place, (session, done) => session.save(done))
}

async function destroy(place: SessionPlace, res: Response): Promise<void> {
  const cookie = place.holder.session?.cookie
  await finish(place, (session, done) => session.destroy(done))
  const secure = cookie?.secure === true
  res.clearCookie(`${secure ? '__Host-' : ''}amazon-auth`, { httpOnly: true, secure, path: '/' })
}

/** When the store fails, the session is forgotten, so that no cookie is sent for it. */
async function finish(
  { holder, limitMs }: SessionPlace,
  work: (session: Session, done: (error?: unknown) => void) => void,
): Promise<void> {
  const session = holder.session
  if (session === undefined) return
  await new Promise<void>((resolve, reject) => {
    const settle = (error: unknown): void => {
      if (error === undefined || error === null) {
        resolve()
        return
      }
      delete holder.session
      reject(toStoreError(error))
    }
    callInTime((done) => work(session, done), limitMs, settle)
  })
}
