import type { Request } from 'express'
import type { Session } from 'express-session'

import { AmazonAuthError } from '../../errors'
import { parseSignIns, type SignIns } from '../../sessions/sign-ins'
import type { Policy } from '../auth-services'
import { callStore, FOREIGN_STORE_MS, type Done } from './call-store'
import type { SessionKeeper } from './session-keeper'

/** What is needed of a session to keep a sign-in: it gets a new id, is stored before the browser is answered, and ends. */
const NEEDED = ['regenerate', 'save', 'destroy'] as const

/** A session as express-session makes it. */
type HostSession = Session & { amazonAuth?: SignIns }

/** The host's session, if it can keep sign-ins. */
export function findHostSession(req: Pick<Request, 'session'>): HostSession | undefined {
  return whyUnfit(req.session) === undefined ? req.session : undefined
}

/**
 * Why the host's session cannot keep a sign-in.
 *
 * @returns Undefined: it can, or there is none.
 */
export function whyHostSessionIsUnfit(req: Pick<Request, 'session'>): string | undefined {
  return isObject(req.session) ? whyUnfit(req.session) : undefined
}

/** The host may have put anything there. */
function whyUnfit(session: unknown): string | undefined {
  if (!isObject(session)) return 'it is none'
  const missing = NEEDED.filter((method) => typeof session[method] !== 'function')
  if (missing.length > 0) return `it has no ${missing.map((method) => `${method}()`).join(', ')}`
  return Object.isExtensible(session) ? undefined : 'it is frozen'
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

export function keepInHostSession(
  req: { session?: HostSession },
  { keepsSession }: Pick<Policy, 'keepsSession'>,
): SessionKeeper {
  async function store(signIns: SignIns | undefined): Promise<void> {
    const session = sessionOf(req)
    if (signIns === undefined) delete session.amazonAuth
    else session.amazonAuth = signIns
    await settle(req, 'save')
  }
  return {
    owner: 'host',
    isSecure: true,
    read: () => parseSignIns(req.session?.amazonAuth),
    note(signIns) {
      if (req.session !== undefined) req.session.amazonAuth = signIns
    },
    async begin(signIns) {
      const kept = keepsSession ? dataOf(sessionOf(req)) : {}
      await settle(req, 'regenerate')
      Object.assign(sessionOf(req), kept)
      await store(signIns)
    },
    write: store,
    end: () => store(undefined),
  }
}

function sessionOf({ session }: { session?: HostSession }): HostSession {
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
  req: { session?: HostSession },
  method: 'regenerate' | 'save',
): Promise<void> {
  const session = sessionOf(req)
  try {
    await callStore<undefined>((done) => call(session, method, done), FOREIGN_STORE_MS)
  } catch (error) {
    delete req.session
    throw error
  }
}

/** As express-session has its methods; one that takes no callback is done when its promise is. */
function call(session: Session, method: 'regenerate' | 'save', done: Done<undefined>): unknown {
  const takesCallback = session[method].length > 0
  const working: unknown = session[method](done)
  if (takesCallback || !(working instanceof Promise)) return working
  return working.then(() => done(undefined))
}
