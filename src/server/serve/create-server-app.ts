import type { Express, RequestHandler } from 'express'
import helmet from 'helmet'

import { findClientCredentials } from '../../apps/client-credentials'
import type { Composition } from '../../compose/compose'
import type { Config } from '../../config/config'
import { areAdminPagesShown } from '../../http/admin-pages'
import { createAmazonAuthRouter } from '../../http/amazon-auth-router'
import { answerPage } from '../../http/answer'
import type { AuthServices } from '../../http/auth-services'
import { chooseTexts } from '../../http/choose-texts'
import { loadExpress } from '../../load-express'
import { takeNote } from '../../http/sign-in/failure-note'
import { wantsJson } from '../../http/wants-json'
import type { Logger } from '../../logger'
import { failurePage } from '../../pages/failure-page'
import { homePage } from '../../pages/home-page'
import { signinPage } from '../../pages/signin-page'
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
  const services = asServer(composition)
  const app = loadExpress()()
  app.disable('x-powered-by')
  app.set('trust proxy', trustProxy)
  app.use(logRequests(logger), refuseOddRequest, securityHeaders)
  app.use(createAmazonAuthRouter(() => Promise.resolve(services), { manage: true }))
  app.get('/', showHome(services))
  app.get(SIGNIN, showSignIn(services))
  app.use('/v1', answerUnknownType)
  return app.use(answerNotFound, answerErrors(logger))
}

/** Pages bring a policy of their own. The opener stays: apps open the sign-in in a pop-up, which reports to them. */
const securityHeaders = helmet({
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"] } },
  crossOriginOpenerPolicy: false,
})

/** With pages of its own, also for operators, unless they are switched off. */
function asServer({ services }: Pick<Composition, 'services'>): AuthServices {
  const { policy } = services
  const admin = { ...policy.admin, isOn: policy.admin.isOn ?? true }
  return { ...services, policy: { ...policy, admin, failurePage: SIGNIN } }
}

// Scripts are told that there is nothing here.

function showHome(services: AuthServices): RequestHandler {
  return async (req, res, next) => {
    if (wantsJson(req)) {
      next()
      return
    }
    const { admin } = services.policy
    const offers = {
      signsIn: await rootSignsIn(services),
      // Relative, as a proxy may have taken a part of the path away.
      operators: areAdminPagesShown(admin, req) ? admin.path.slice(1) : undefined,
    }
    answerPage(res, 200, homePage(req.amazonAuth, offers, chooseTexts(req)))
  }
}

/** The page that a failed sign-in leads to; without one, where people may begin. */
function showSignIn(services: AuthServices): RequestHandler {
  return async (req, res, next) => {
    if (wantsJson(req)) {
      next()
      return
    }
    const hasFailed = req.query.error !== undefined || req.query.cause !== undefined
    const page = hasFailed
      ? failurePage(await findNote(req, res, services), chooseTexts(req))
      : signinPage(await rootSignsIn(services), chooseTexts(req))
    answerPage(res, 200, page)
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

/** Whether a sign-in that names no app leads anywhere. Without the store that is not known: the sign-in then tells of the outage. */
async function rootSignsIn(services: AuthServices): Promise<boolean> {
  try {
    await services.ready()
    const { apps } = services
    const root = await apps.find(apps.rootId)
    return root !== undefined && root.active && findClientCredentials(root) !== undefined
  } catch {
    return true
  }
}
