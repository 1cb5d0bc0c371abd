import type { Request, RequestHandler, Response } from 'express'
import expressSession, { type Store } from 'express-session'

import { toStoreError } from '../../errors'
import { countCookies, sentName } from './cookie-names'
import { DetachedStore } from './detached-store'

/** Our own express-session, for browsers that reach us by https and by http. */
export interface SessionMiddlewares {
  readonly secure: RequestHandler
  readonly plain: RequestHandler
}

export interface OwnSessionOptions {
  readonly store: Store
  /** Longest time one call of the store may take, in milliseconds; undefined: it keeps limits of its own. */
  readonly storeLimitMs: number | undefined
  /** Name of its cookie. */
  readonly cookieName: string
  /** The first signs, all are accepted. */
  readonly secrets: readonly string[]
  /** Life of the cookie, in milliseconds. */
  readonly absoluteMs: number
}

export function createSessionMiddlewares(options: OwnSessionOptions): SessionMiddlewares {
  const create = (secure: boolean): RequestHandler =>
    expressSession({
      name: sentName(options.cookieName, secure),
      secret: [...options.secrets],
      store: new DetachedStore(options.store, options.storeLimitMs),
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, secure, sameSite: 'lax', path: '/', maxAge: options.absoluteMs },
    })
  return { secure: create(true), plain: create(false) }
}

export interface OwnCookie {
  readonly sessions: SessionMiddlewares
  /** Whether the browser speaks https with us. */
  readonly isSecure: boolean
  /** As it is sent. */
  readonly name: string
  /** The Cookie header that it is looked for in. */
  readonly header: string
}

/** What express-session sets on a request, and may delete from it: what lies below must not show through then. */
const HIDDEN = { session: undefined, sessionID: undefined, sessionStore: undefined }

/**
 * Loads our own session for a request, kept apart from `req.session`, which belongs to the host.
 *
 * Of two cookies of its name neither counts: another host of the domain, or another path, has planted one, and which is
 * ours cannot be told. (Only over http: browsers guard names in `__Host-`.)
 *
 * @returns A stand-in for the request, whose `session` is ours.
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function loadOwnSession(
  req: Request,
  res: Response,
  { sessions, isSecure, name, header }: OwnCookie,
): Promise<Request> {
  const below = Object.create(req, shadows(HIDDEN)) as Request
  const own = Object.create(
    below,
    shadows({
      ...HIDDEN,
      headers: countCookies(header, name) > 1 ? {} : { cookie: header },
      // Where it would look, too, had the header no cookie.
      cookies: undefined,
      signedCookies: undefined,
      // express-session asks the socket; behind a proxy that speaks TLS the socket does not know.
      connection: { encrypted: isSecure },
    }),
  ) as Request
  const middleware = isSecure ? sessions.secure : sessions.plain
  await new Promise<void>((resolve, reject) => {
    void middleware(own, res, (error?: unknown) =>
      error === undefined ? resolve() : reject(toStoreError(error)),
    )
  })
  return own
}

/** Own properties of the stand-in, in front of the request's. */
function shadows(values: Readonly<Record<string, unknown>>): PropertyDescriptorMap {
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    { value, writable: true, configurable: true },
  ])
  return Object.fromEntries(entries) as PropertyDescriptorMap
}
