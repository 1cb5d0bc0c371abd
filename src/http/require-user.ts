import type { Request, RequestHandler, Response } from 'express'

import { normalizeAppId } from '../apps/app-id'
import { AmazonAuthError, toAmazonAuthError } from '../errors'
import type { SignedIn } from '../sessions/find-signed-in'
import { admitToken } from '../tokens/admit-token'
import type { TokenKind } from '../tokens/token-kind'
import { answerError } from './answer'
import type { AuthServices } from './auth-services'
import { findConnect, findSessionUser, setRequestAuth, type Connect } from './request-auth'

export interface RequireUserOptions {
  /** Id of the app the user must belong to, with or without `app:`. Default: any app. */
  readonly app?: string
  /**
   * Kind of Bearer token that the route takes where the app is strict. Default `session`. `id`: the route where a page
   * trades the ID token it was opened with, which is good for that once. Where the app is not strict, either is taken.
   */
  readonly token?: 'id' | 'session'
}

/**
 * Guards a route: lets a request through whose browser is signed in, or that carries an ID or session token as
 * `Authorization: Bearer …`, and sets `req.amazonAuth` and `req.user`. Every other request is answered here:
 * 401 `{"code", "message"}` with `WWW-Authenticate: Bearer`, or 503 when the store does not answer.
 *
 * Mount `amazonAuth()` before it.
 *
 * @example app.get('/orders', requireUser({ app: 'acme' }), (req, res) => res.json(req.user))
 * @throws {TypeError} When `app` is no app id.
 */
export function requireUser(options: RequireUserOptions = {}): RequestHandler {
  const { token = 'session' } = options
  const appId = options.app === undefined ? undefined : normalizeAppId(options.app)
  if (appId === '') throw new TypeError('requireUser: option "app" is not an app id')
  return (req, res, next) => {
    const connect = findConnect(req)
    if (connect === undefined) {
      next(new Error('requireUser: mount amazonAuth() before the routes it guards'))
      return
    }
    authenticate(req, res, connect, { appId, token }).then(
      () => next(),
      (thrown: unknown) => answerError(res, toAmazonAuthError(thrown)),
    )
  }
}

async function authenticate(
  req: Request,
  res: Response,
  connect: Connect,
  { appId, token }: { readonly appId: string | undefined; readonly token: TokenKind },
): Promise<void> {
  const services = await connect()
  const signedIn =
    (await findBearer(req, token, services)) ?? (await findSessionUser(req, res, appId))
  if (signedIn === undefined) throw new AmazonAuthError('unauthorized')
  if (appId !== undefined && signedIn.app.id !== appId) throw new AmazonAuthError('unauthorized')
  setRequestAuth(req, signedIn, services.apps.rootId)
}

/** A Bearer token decides alone: a bad one is refused, whatever cookie comes with it. */
async function findBearer(
  req: Request,
  kind: TokenKind,
  services: AuthServices,
): Promise<SignedIn | undefined> {
  const [, token] = /^Bearer +(\S+) *$/i.exec(req.headers.authorization ?? '') ?? []
  if (token === undefined) return undefined
  await services.ready()
  const { app, user } = await admitToken(token, { takes: [kind] }, services)
  if (user === undefined) throw new AmazonAuthError('token_invalid', { reason: 'names no user' })
  return { app, user }
}
