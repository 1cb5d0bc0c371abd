import cookieParser from 'cookie-parser'
import express, { type RequestHandler } from 'express'

import { protectAnswer, refuseMethod } from '../answer'
import type { Connect } from '../request-auth'
import { LOGIN_PATH, type LoginExchange } from './login-context'
import { createLoginHandler } from './login-handler'
import { readForm } from './read-form'
import { createWarnOnce } from './warn-once'

/** The paths that browsers open. HEAD is refused too: a link preview must not burn an authorization code. */
export function createLoginRouter(connect: Connect): RequestHandler {
  const { login, logout, appToken } = createLoginHandler()
  const warnOnce = createWarnOnce()
  const router = express.Router()
  const readCookies = cookieParser()
  const serve =
    (handle: (exchange: LoginExchange) => Promise<void>): RequestHandler =>
    (req, res, next) => {
      connect()
        .then((services) =>
          handle({
            req,
            res,
            services,
            mountPath: req.baseUrl,
            warnOnce: (...warning) => warnOnce(services.logger, ...warning),
          }),
        )
        .catch(next)
    }
  for (const [path, handle, readBody] of [
    [LOGIN_PATH, login, [readForm]],
    [`${LOGIN_PATH}/logout`, logout, []],
    ['/passwordless_auth', appToken, [readForm]],
  ] as const) {
    const route = router.route(path)
    const refuse = refuseMethod(['GET', 'POST'])
    route
      .all(protect)
      .head(refuse)
      .get(unlessFetchedAhead(refuse), readCookies, serve(handle))
      .post(readCookies, ...readBody, serve(handle))
      .all(refuse)
  }
  return router
}

/** Before anything can fail, so that answers of the host's error handler are protected, too. */
const protect: RequestHandler = (_req, res, next) => {
  protectAnswer(res)
  next()
}

/** Newer and older headers by which browsers say that nobody has opened the page yet. */
const PURPOSE_HEADERS = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']

/** A page that is fetched ahead must not burn an authorization code. Refused, browsers ask again when it is opened. */
function unlessFetchedAhead(refuse: RequestHandler): RequestHandler {
  return (req, res, next) => {
    const isAhead = PURPOSE_HEADERS.some((name) => /prefetch|preview/i.test(req.get(name) ?? ''))
    if (isAhead) void refuse(req, res, next)
    else next()
  }
}
