import type { NextFunction, Request, RequestHandler, Response } from 'express'

import { createApiRouter } from './api/api-router'
import { createLoginRouter } from './login/login-router'
import { parentPath } from './parent-path'
import { findSessionUser, markPassage, setRequestAuth, type Connect } from './request-auth'
import { maySignIn } from './session/browser-session'

export interface RouterOptions {
  /** Path of the JSON API. Default `/v1`. */
  readonly path?: string | undefined
  /** Whether the API answers for `users` and `apps`, names that a host may use itself. Default false. */
  readonly manage?: boolean | undefined
}

const OWN_PATHS = ['/amazon_auth', '/jwt_auth', '/passwordless_auth']
const BESIDE_API = ['/jwt_auth', '/passwordless_auth']

/**
 * Wires the middleware: the login and the API, and on every other request `req.amazonAuth`. What is none of ours costs
 * a look at the path and the Cookie header, and falls through.
 *
 * @param connect Rejects when the configuration cannot be read; that error goes to the host's error handler.
 */
export function createAmazonAuthRouter(
  connect: Connect,
  { path = '/v1', manage = false }: RouterOptions = {},
): RequestHandler {
  const beside = parentPath(path).toLowerCase()
  const login = createLoginRouter(connect, beside)
  const api = createApiRouter(connect, { path, manage })
  const prefixes = [...OWN_PATHS, ...BESIDE_API.map((name) => beside + name), path.toLowerCase()]

  return (req, res, next) => {
    markPassage(req, connect)
    const requested = req.path.toLowerCase()
    const pass: NextFunction = (error?: unknown) => {
      if (error === undefined && maySignIn(req)) attachUser(req, res, connect).then(next, next)
      else next(error)
    }
    const passToApi: NextFunction = (error?: unknown) => {
      if (error === undefined) void api(req, res, pass)
      else pass(error)
    }
    if (prefixes.some((prefix) => requested.startsWith(prefix))) void login(req, res, passToApi)
    else pass()
  }
}

/** A store that does not answer leaves the visitor anonymous; guarded routes answer 503. */
async function attachUser(req: Request, res: Response, connect: Connect): Promise<void> {
  const services = await connect()
  try {
    const signedIn = await findSessionUser(req, res, undefined)
    if (signedIn !== undefined) setRequestAuth(req, signedIn, services.apps.rootId)
  } catch (cause) {
    services.logger.warn({ code: 'store_unavailable', cause }, 'session not read')
  }
}
