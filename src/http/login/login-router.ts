import cookieParser from 'cookie-parser'
import express, { type RequestHandler } from 'express'

import { refuseMethod } from '../answer'
import type { Connect } from '../request-auth'
import { LOGIN_PATH, type LoginExchange } from './login-context'
import { createLoginHandler } from './login-handler'

/** A form with a code and a state, or with a token. */
const MAX_FORM = '16kb'

/** The paths that browsers open. HEAD is refused too: a link preview must not burn an authorization code. */
export function createLoginRouter(connect: Connect): RequestHandler {
  const { login, logout, appToken } = createLoginHandler()
  const router = express.Router()
  const read = [cookieParser(), express.urlencoded({ extended: false, limit: MAX_FORM })]
  const serve =
    (handle: (exchange: LoginExchange) => Promise<void>): RequestHandler =>
    (req, res, next) => {
      connect()
        .then((services) => handle({ req, res, services, mountPath: req.baseUrl }))
        .catch(next)
    }
  for (const [path, handle] of [
    [LOGIN_PATH, login],
    [`${LOGIN_PATH}/logout`, logout],
    ['/passwordless_auth', appToken],
  ] as const) {
    const route = router.route(path)
    const refuse = refuseMethod(['GET', 'POST'])
    route.head(refuse).get(read, serve(handle)).post(read, serve(handle)).all(refuse)
  }
  return router
}
