import cookieParser from 'cookie-parser'
import express, { type Request, type RequestHandler, type Response } from 'express'

import { AmazonAuthError } from '../errors'
import { answerError } from './answer'
import { LOGIN_PATH, type LoginExchange } from './login/login-context'
import { createLoginHandler } from './login/login-handler'
import { findSessionUser, markPassage, setRequestAuth, type Connect } from './request-auth'
import { maySignIn } from './session/browser-session'

const LOGOUT_PATH = `${LOGIN_PATH}/logout`
/** A callback by POST holds a code and a state. */
const MAX_FORM = '16kb'

/**
 * Wires the middleware: the login routes, and on every other request `req.amazonAuth`. What is none of ours costs a
 * look at the path and the Cookie header, and falls through.
 *
 * @param connect Rejects when the configuration cannot be read; that error goes to the host's error handler.
 */
export function createAmazonAuthRouter(connect: Connect): RequestHandler {
  const routes = createLoginRoutes(connect)
  return (req, res, next) => {
    markPassage(req, connect)
    if (isLoginPath(req.path)) routes(req, res, next)
    else if (maySignIn(req)) attachUser(req, res, connect).then(next, next)
    else next()
  }
}

/** As Express matches it: any case, with or without a slash at the end. */
function isLoginPath(path: string): boolean {
  return path.slice(0, LOGIN_PATH.length).toLowerCase() === LOGIN_PATH
}

function createLoginRoutes(connect: Connect): RequestHandler {
  const handler = createLoginHandler()
  const router = express.Router()
  const form = express.urlencoded({ extended: false, limit: MAX_FORM })
  const cookies = cookieParser()
  const serve =
    (handle: (exchange: LoginExchange) => Promise<void>): RequestHandler =>
    (req, res, next) => {
      connect()
        .then((services) => handle({ req, res, services, mountPath: req.baseUrl }))
        .catch(next)
    }
  for (const [path, handle] of [
    [LOGIN_PATH, handler.login],
    [LOGOUT_PATH, handler.logout],
  ] as const) {
    const route = router.route(path)
    route.head(refuseMethod)
    route.get(cookies, serve(handle))
    route.post(cookies, form, serve(handle))
    route.all(refuseMethod)
  }
  return router
}

/** HEAD too: a link preview must not burn an authorization code. */
function refuseMethod(_req: Request, res: Response): void {
  res.setHeader('Allow', 'GET, POST')
  answerError(res, new AmazonAuthError('method_not_allowed'))
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
