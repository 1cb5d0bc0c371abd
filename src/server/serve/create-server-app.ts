import express, { type Express, type RequestHandler } from 'express'
import helmet from 'helmet'

import type { Composition } from '../../compose'
import type { Config } from '../../config/config'
import { createAmazonAuthRouter } from '../../http/amazon-auth-router'
import { answerPage } from '../../http/answer'
import type { AuthServices } from '../../http/auth-services'
import { takeNote } from '../../http/login/failure-note'
import { wantsJson } from '../../http/wants-json'
import type { Logger } from '../../logger'
import { failurePage } from '../../pages/failure-page'
import { homePage } from '../../pages/home-page'
import { SIGNIN_PAGE } from '../../pages/signin-page'
import { answerErrors, answerNotFound } from './answer-errors'
import { answerUnknownType } from './answer-unknown-type'
import { logRequests } from './log-requests'
import { refuseOddRequest } from './refuse-odd-request'

const SIGNIN = '/signin'

/** Everything the stand-alone server answers. */
export function createServerApp(
  composition: Pick<Composition, 'services'>,
  logger: Logger,
  { trustProxy }: Pick<Config, 'trustProxy'>,
): Express {
  const services = withFailurePage(composition)
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', trustProxy)
  app.use(logRequests(logger), refuseOddRequest, securityHeaders)
  app.use(createAmazonAuthRouter(() => Promise.resolve(services), { manage: true }))
  app.get('/', showHome)
  app.get(SIGNIN, showSignIn(services))
  app.use('/v1', answerUnknownType)
  return app.use(answerNotFound, answerErrors(logger))
}

/** Pages bring a policy of their own. The opener stays: apps open the sign-in in a pop-up, which reports to them. */
const securityHeaders = helmet({
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"] } },
  crossOriginOpenerPolicy: false,
})

function withFailurePage({ services }: Pick<Composition, 'services'>): AuthServices {
  return { ...services, policy: { ...services.policy, failurePage: SIGNIN } }
}

// Scripts are told that there is nothing here.

const showHome: RequestHandler = (req, res, next) => {
  if (wantsJson(req)) next()
  else answerPage(res, 200, homePage(req.amazonAuth))
}

/** The page that a failed sign-in leads to; without one, where people may begin. */
function showSignIn(services: AuthServices): RequestHandler {
  return async (req, res, next) => {
    if (wantsJson(req)) {
      next()
      return
    }
    const hasFailed = req.query.error !== undefined || req.query.cause !== undefined
    const note = hasFailed ? await findNote(req, res, services) : undefined
    answerPage(res, 200, hasFailed ? failurePage(note) : SIGNIN_PAGE)
  }
}

/** Without its store a server cannot read what it has sealed. */
async function findNote(...[req, res, services]: Parameters<typeof takeNote>) {
  try {
    await services.ready()
    return takeNote(req, res, services)
  } catch {
    return undefined
  }
}
