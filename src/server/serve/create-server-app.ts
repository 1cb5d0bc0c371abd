import express, { type Express, type RequestHandler } from 'express'
import helmet from 'helmet'

import type { Composition } from '../../compose'
import type { Config } from '../../config/config'
import { createAmazonAuthRouter } from '../../http/amazon-auth-router'
import { wantsJson } from '../../http/wants-json'
import type { Logger } from '../../logger'
import { homePage } from '../pages/home-page'
import { sendPage, type Page } from '../pages/page'
import { signinPage } from '../pages/signin-page'
import { answerErrors, answerNotFound } from './answer-errors'
import { answerUnknownType } from './answer-unknown-type'
import { logRequests } from './log-requests'
import { refuseOddRequest } from './refuse-odd-request'

/** Everything the stand-alone server answers. */
export function createServerApp(
  { services }: Pick<Composition, 'services'>,
  logger: Logger,
  { trustProxy }: Pick<Config, 'trustProxy'>,
): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', trustProxy)
  app.use(logRequests(logger), refuseOddRequest, securityHeaders)
  app.use(createAmazonAuthRouter(() => Promise.resolve(services), { manage: true }))
  app.get(
    '/',
    forPeople((req) => homePage(req.amazonAuth)),
  )
  app.get(
    '/signin',
    forPeople((req) => signinPage(req.query)),
  )
  app.use('/v1', answerUnknownType)
  return app.use(answerNotFound, answerErrors(logger))
}

/** Pages bring a policy of their own. The opener stays: apps open the sign-in in a pop-up, which reports to them. */
const securityHeaders = helmet({
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"] } },
  crossOriginOpenerPolicy: false,
})

/** Scripts are told that there is nothing here. */
function forPeople(render: (req: express.Request) => Page): RequestHandler {
  return (req, res, next) => {
    if (wantsJson(req)) next()
    else sendPage(res, 200, render(req))
  }
}
