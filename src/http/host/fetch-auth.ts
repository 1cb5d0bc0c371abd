import type { IncomingMessage } from 'node:http'

import type { Request, Response as Answer } from 'express'

import {
  answeringBy,
  type RequestAuth,
  type SignInOptions,
  type SignOutOptions,
} from '../req-amazon-auth'
import { openFetchAnswer } from './fetch-exchange'

/** What is known of a `Request`, where the host's own answers are `Response`s. */
export interface FetchAuth extends Pick<
  RequestAuth,
  'app' | 'user' | 'isAuthenticated' | 'accessToken'
> {
  /**
   * The answer that sends the browser to sign in.
   *
   * @throws {AmazonAuthError} `app_not_found`, `hook_failed`, `store_unavailable`
   * @example if (!visitor.isAuthenticated()) return visitor.signIn({ app: 'shop' })
   */
  signIn(options?: SignInOptions): Promise<Response>
  /**
   * Signs the browser out. See to it that no other site can make people call it.
   *
   * @returns What the answer of the host must carry: `Set-Cookie`, several times.
   * @throws {AmazonAuthError} `store_unavailable`
   * @example return new Response(null, { status: 204, headers: await visitor.signOut() })
   */
  signOut(options?: SignOutOptions): Promise<Headers>
}

/** What a middleware has found out of a request. */
export function requestAuthOf(req: IncomingMessage): RequestAuth {
  return (req as Request).amazonAuth
}

export function fetchAuthOf(req: IncomingMessage): FetchAuth {
  const known = requestAuthOf(req)
  return {
    app: known.app,
    user: known.user,
    isAuthenticated: () => known.isAuthenticated(),
    accessToken: (options) => known.accessToken(options),
    async signIn(options) {
      const { auth, response } = openAuth(req as Request)
      await auth.signIn(options)
      return response
    },
    async signOut(options) {
      const { auth, res, response } = openAuth(req as Request)
      await auth.signOut(options)
      res.statusCode = 204
      res.end()
      const { headers } = await response
      return new Headers(headers.getSetCookie().map((line) => ['set-cookie', line]))
    },
  }
}

/** With an answer of its own: there may be several, and the request's own is never sent. */
function openAuth(req: Request): {
  readonly auth: RequestAuth
  readonly res: Answer
  readonly response: Promise<Response>
} {
  const { res: plain, response } = openFetchAnswer(req)
  const res = Object.assign(
    Object.setPrototypeOf(plain, Object.getPrototypeOf(req.res) as object) as Answer,
    { req },
  )
  return { auth: answeringBy(req, res), res, response }
}
