import type { Express, RequestHandler } from 'express'

import { amazonAuth, type AmazonAuth } from '../../amazon-auth'
import { randomText } from '../../crypto/random'
import type { Emulator } from '../../emulator'
import { answerPage } from '../../http/answer'
import { loadExpress } from '../../load-express'
import { operators } from './operators'
import { demoPage } from './pages/demo-page'
import { ACME, ZENITH, type Shop } from './shops'
import { watchCookie } from './watch-cookie'
import { readHeldToken, zenith } from './zenith'

export interface DemoContext {
  /** Where browsers find the demo. */
  readonly origin: string
  readonly emulator: Pick<Emulator, 'origin' | 'authorizeUrl' | 'apiUrl'>
}

/** Id of the root app, whose keys open the pages for operators. */
const ROOT = 'para'
const SECRET_BYTES = 32

/** An Express program that signs people in to two apps, as one would write it. */
export function createDemoApp(context: DemoContext): { app: Express; auth: AmazonAuth } {
  const { origin, emulator } = context
  const rootSecretKey = randomText(SECRET_BYTES)
  const auth = amazonAuth({
    publicUrl: origin,
    store: { url: 'sqlite::memory:' },
    appName: ROOT,
    rootSecretKey,
    admin: { enabled: true, path: '/admin' },
    amazon: { authorizeUrl: emulator.authorizeUrl, apiUrl: emulator.apiUrl },
    apps: {
      acme: { ...keysOf(ACME), signinSuccess: '/#acme', signinFailure: failureOf(ACME) },
      zenith: {
        ...keysOf(ZENITH),
        signinSuccess: `${origin}/zenith?jwt=id`,
        signinFailure: failureOf(ZENITH),
      },
    },
  })
  const cookie = watchCookie('amazon-auth')
  const app = loadExpress()()
  app.disable('x-powered-by')
  app.use(toOwnOrigin(origin), cookie.middleware, auth, zenith(origin))
  app.use(operators(origin, { accessKey: `app:${ROOT}`, secretKey: rootSecretKey }))
  app.get('/', async (req, res) => {
    const { app: signedInTo, user } = req.amazonAuth
    const acmeUser = signedInTo?.appIdentifier === ACME.id ? user : undefined
    const page = demoPage({
      emulator,
      acme: { user: acmeUser, cookie: cookie.last() },
      zenith: { token: await readHeldToken(req, origin) },
      failure: { app: req.query.app, cause: req.query.cause },
      nowMs: Date.now(),
    })
    answerPage(res, 200, page)
  })
  return { app, auth }
}

function keysOf({ azAppId, azSecret }: Shop) {
  return { azAppId, azSecret }
}

function failureOf({ id }: Shop): string {
  return `/?app=${id}&cause=?#${id}`
}

/** Amazon sends people back to this origin only, and cookies of 127.0.0.1 are none of localhost. */
function toOwnOrigin(origin: string): RequestHandler {
  const { host } = new URL(origin)
  return (req, res, next) => {
    if (req.headers.host === host || req.method !== 'GET') next()
    else res.redirect(origin + req.originalUrl)
  }
}
