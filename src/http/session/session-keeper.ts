import type { Request, Response } from 'express'
import type { Session } from 'express-session'

import { AmazonAuthError, toStoreError } from '../../errors'
import { parseSignIns, type SignIns } from '../../sessions/sign-ins'
import type { AuthServices } from '../auth-services'
import { callInTime, FOREIGN_STORE_MS, type Done } from './call-in-time'
import { sentName } from './cookie-names'
import type { HostSession } from './host-session'
import { cookieHeader, sendAsOne } from './one-cookie'
import { loadOwnSession } from './own-session'

/** A session that keeps sign-ins: the host's, or one of ours. Every method rejects with `store_unavailable`. */
export interface SessionKeeper {
  readonly owner: 'host' | 'us'
  /** Whether its cookie is one that only browsers that speak https with us can have. */
  readonly isSecure: boolean
  read(): SignIns | undefined
  /** Stored at the end of the request, with all else that has changed. */
  note(signIns: SignIns): void
  /** Keeps sign-ins under a new session id. Stored before the browser is answered. */
  begin(signIns: SignIns): Promise<void>
  write(signIns: SignIns): Promise<void>
  /** Ends all sign-ins. */
  end(): Promise<void>
}

interface Holder {
  session?: HostSession
}

export function keepInHostSession(req: Request, { policy }: AuthServices): SessionKeeper {
  return {
    ...keep(req, FOREIGN_STORE_MS),
    owner: 'host',
    isSecure: true,
    async begin(signIns) {
      const kept = policy.keepsSession ? dataOf(req.session) : {}
      await settle(req, FOREIGN_STORE_MS, 'regenerate')
      Object.assign(sessionOf(req), kept)
      await store(req, FOREIGN_STORE_MS, signIns)
    },
    end: () => store(req, FOREIGN_STORE_MS, undefined),
  }
}

/** @throws {AmazonAuthError} `store_unavailable` */
export async function keepInOwnSession(
  req: Request,
  res: Response,
  { sessions, policy }: AuthServices,
  { isSecure, isNew }: { readonly isSecure: boolean; readonly isNew: boolean },
): Promise<SessionKeeper> {
  const name = sentName(policy.cookies.session, isSecure)
  const header = cookieHeader(req, policy.cookies)
  sendAsOne(req, res, policy)
  const holder: Holder = await loadOwnSession(req, res, { sessions, isSecure, name, header })
  const kept = keep(holder, undefined)
  return {
    ...kept,
    owner: 'us',
    isSecure,
    // One that was made for the other kind of cookie has come under a false name.
    read: () => (holder.session?.cookie.secure === isSecure ? kept.read() : undefined),
    async begin(signIns) {
      // One that came with no cookie was made for this very request: its id is new already.
      if (!isNew) await settle(holder, undefined, 'regenerate')
      await store(holder, undefined, signIns)
    },
    async end() {
      await settle(holder, undefined, 'destroy')
      res.clearCookie(name, { httpOnly: true, secure: isSecure, path: '/' })
    },
  }
}

function keep(
  holder: Holder,
  limitMs: number | undefined,
): Pick<SessionKeeper, 'read' | 'note' | 'write'> {
  return {
    read: () => parseSignIns(holder.session?.amazonAuth),
    note(signIns) {
      if (holder.session !== undefined) holder.session.amazonAuth = signIns
    },
    write: (signIns) => store(holder, limitMs, signIns),
  }
}

async function store(
  holder: Holder,
  limitMs: number | undefined,
  signIns: SignIns | undefined,
): Promise<void> {
  const session = sessionOf(holder)
  if (signIns === undefined) delete session.amazonAuth
  else session.amazonAuth = signIns
  await settle(holder, limitMs, 'save')
}

function sessionOf({ session }: Holder): HostSession {
  if (session !== undefined) return session
  throw new AmazonAuthError('store_unavailable', { reason: 'the session is gone' })
}

/** What the host keeps in its session. */
function dataOf(session: object): object {
  const ours = ['cookie', 'amazonAuth']
  return Object.fromEntries(Object.entries(session).filter(([name]) => !ours.includes(name)))
}

/** When the store fails, the session is forgotten, so that no cookie is sent for it. */
async function settle(
  holder: Holder,
  limitMs: number | undefined,
  method: 'regenerate' | 'save' | 'destroy',
): Promise<void> {
  const session = sessionOf(holder)
  await new Promise<void>((resolve, reject) => {
    const finish: Done<undefined> = (error) => {
      if (error === undefined || error === null) {
        resolve()
        return
      }
      delete holder.session
      reject(toStoreError(error))
    }
    callInTime<undefined>((done) => call(session, method, done), limitMs, finish)
  })
}

/** As express-session has its methods; one that takes no callback is done when its promise is. */
function call(
  session: Session,
  method: 'regenerate' | 'save' | 'destroy',
  done: Done<undefined>,
): unknown {
  const takesCallback = session[method].length > 0
  const working: unknown = session[method](done)
  if (takesCallback || !(working instanceof Promise)) return working
  return working.then(() => done(undefined))
}
