import type { Request } from 'express'
import type { Session } from 'express-session'

import type { SignIns } from '../../sessions/sign-ins'

/** What is needed of a session to keep a sign-in: it gets a new id, is stored before the browser is answered, and ends. */
const NEEDED = ['regenerate', 'save', 'destroy'] as const

/** A session as express-session makes it. */
export type HostSession = Session & { amazonAuth?: SignIns }

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
