import type { NextFunction, Request, RequestHandler, Response } from 'express'

import type { AppJson } from '../apps/app-json'
import type { UserJson } from '../users/user-json'
import type { RequestAuth } from './req-amazon-auth'

/** What is known of a request behind a guard: somebody is signed in. */
export interface GuardedAuth extends RequestAuth {
  readonly app: AppJson
  readonly user: UserJson
}

/** A request behind `requireUser()`; its parameters are those of Express's `Request`. */
export type GuardedRequest<
  Params = Record<string, string>,
  ResBody = unknown,
  ReqBody = unknown,
> = Request<Params, ResBody, ReqBody> & { readonly amazonAuth: GuardedAuth }

/**
 * Gives a handler behind `requireUser()` the user by type: `req.amazonAuth.user` is there.
 *
 * @throws {Error} At a request that no guard has let through.
 * @example app.get('/orders', requireUser({ app: 'shop' }), withUser((req, res) => res.json(req.amazonAuth.user)))
 */
export function withUser<Params = Record<string, string>, ResBody = unknown, ReqBody = unknown>(
  handler: (
    req: GuardedRequest<Params, ResBody, ReqBody>,
    res: Response<ResBody>,
    next: NextFunction,
  ) => unknown,
): RequestHandler<Params, ResBody, ReqBody> {
  return (req, res, next) => {
    if (!isGuarded(req)) throw new Error('withUser: put requireUser() before this handler')
    return handler(req, res, next)
  }
}

function isGuarded<Params, ResBody, ReqBody>(
  req: Request<Params, ResBody, ReqBody>,
): req is GuardedRequest<Params, ResBody, ReqBody> {
  const auth = req.amazonAuth as RequestAuth | undefined
  return auth?.isAuthenticated() === true
}
