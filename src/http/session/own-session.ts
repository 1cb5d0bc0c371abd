import type { Request, RequestHandler, Response } from 'express'
import expressSession, { type Store } from 'express-session'

import { toStoreError } from '../../errors'
import { DetachedStore } from './detached-store'

/** Our own express-session, for browsers that reach us by https and by http. */
export interface SessionMiddlewares {
  readonly secure: RequestHandler
  readonly plain: RequestHandler
}

const COOKIE = 'amazon-auth'
/** Browsers accept this name only with Secure, Path=/ and no Domain (RFC 6265bis, section 4.1.3.2). */
const SECURE_COOKIE = `__Host-${COOKIE}`

export interface OwnSessionOptions {
  readonly store: Store
  /** Longest time one call of the store may take, in milliseconds; undefined: it keeps limits of its own. */
  readonly storeLimitMs: number | undefined
  /** The first signs, all are accepted. */
  readonly secrets: readonly string[]
  /** Life of the cookie, in milliseconds. */
  readonly absoluteMs: number
}

export function createSessionMiddlewares(options: OwnSessionOptions): SessionMiddlewares {
  const create = (secure: boolean): RequestHandler =>
    expressSession({
      name: secure ? SECURE_COOKIE : COOKIE,
      secret: [...options.secrets],
      store: new DetachedStore(options.store, options.storeLimitMs),
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, secure, sameSite: 'lax', path: '/', maxAge: options.absoluteMs },
    })
  return { secure: create(true), plain: create(false) }
}

/** Whether a request carries our session cookie: the only look that requests which are none of ours cost. */
export function hasSessionCookie(req: Request): boolean {
  return req.headers.cookie?.includes(`${COOKIE}=`) === true
}

/**
 * Whether the cookie is there more than once: another host of the domain, or another path, has planted one, and which is
 * ours cannot be told. (Only over http: browsers guard names in `__Host-`.)
 */
function isTossed({ headers }: Request, name: string): boolean {
  const names = (headers.cookie ?? '').split(';').map((pair) => pair.split('=', 1)[0]?.trim())
  return names.filter((each) => each === name).length > 1
}

/**
 * Loads our own session for a request, kept apart from `req.session`, which belongs to the host. Of two cookies of its
 * name neither counts.
 *
 * @param secure Whether the browser speaks https with us.
 * @returns A stand-in for the request, whose `session` is ours.
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function loadOwnSession(
  req: Request,
  res: Response,
  middlewares: SessionMiddlewares,
  secure: boolean,
): Promise<Request> {
  const own = Object.create(req, {
    session: { value: undefined, writable: true, configurable: true },
    sessionID: { value: undefined, writable: true, configurable: true },
    sessionStore: { value: undefined, writable: true, configurable: true },
    ...(isTossed(req, secure ? SECURE_COOKIE : COOKIE) && { headers: { value: {} } }),
    // Where it would look, too, had the header no cookie.
    cookies: { value: undefined },
    signedCookies: { value: undefined },
    // express-session asks the socket; behind a proxy that speaks TLS the socket does not know.
    connection: { value: { encrypted: secure } },
  }) as Request
  const middleware = secure ? middlewares.secure : middlewares.plain
  await new Promise<void>((resolve, reject) => {
    void middleware(own, res, (error?: unknown) =>
      error === undefined ? resolve() : reject(toStoreError(error)),
    )
  })
  return own
}
