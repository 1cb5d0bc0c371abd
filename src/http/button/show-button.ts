import type { App } from '../../apps/app'
import { findClientCredentials } from '../../apps/client-credentials'
import { AmazonAuthError, requestInvalid, toAmazonAuthError, type ErrorCode } from '../../errors'
import { buttonMarkup, type ButtonPlaces } from '../../pages/button/button-markup'
import { html } from '../../pages/html'
import { answerFragment, setRetryAfter } from '../answer'
import type { LoginVisit } from '../installation'
import { isLocalPath } from '../local-path'
import { ownOrigin, publicRedirectUri, publicUrl } from '../public-address'
import { hostsAppId, namedApp } from '../request-app'
import { maySignIn, openBrowserSession } from '../session/browser-session'
import { signInAddress, withQuery } from '../sign-in-address'
import { checkReturnTo } from '../sign-in/choose-target'
import { allowPagesOfApp } from './allow-pages-of-app'
import { parseButtonRequest } from './parse-button-request'

/**
 * `GET /amazon_auth/button?appid=…`: markup of the button that signs in to an app, to include in a page. What it shows
 * depends on who asks, so nobody may keep it.
 *
 * What is amiss is told in a comment and in the status, so that a page which includes the answer looks as it did before.
 */
export async function showButton(visit: LoginVisit): Promise<void> {
  try {
    answerFragment(visit.res, 200, await makeButton(visit))
  } catch (thrown) {
    tellProblem(toAmazonAuthError(thrown), visit)
  }
}

/** @throws {AmazonAuthError} `request_invalid`, `app_not_found`, `app_inactive`, `app_not_configured`, `hook_failed`, `store_unavailable` */
async function makeButton(visit: LoginVisit) {
  const request = parseButtonRequest(visit)
  const app = await getUsableApp(namedApp(request.appId), visit)
  const origin = ownOrigin(app, visit)
  const pageOrigin = allowPagesOfApp(app, origin, visit)
  const look = request.look()
  const returnTo = checkReturnTo(request.returnTo, app, origin)
  if (returnTo !== request.returnTo) throw requestInvalid(NOT_ITS_OWN)
  const { signedOutTo } = request
  if (signedOutTo !== undefined && !isLocalPath(signedOutTo)) throw requestInvalid(NO_PATH)
  const places = placesOf(app, { returnTo, signedOutTo, pageOrigin, ownOrigin: origin }, visit)
  return { markup: buttonMarkup(look, places, await isSignedIn(app, visit)), lang: look.texts.lang }
}

const NO_APP =
  'There is no button: the app is unknown or not active, or has no az_app_id and az_secret. The log says which.'
const NOT_ITS_OWN =
  'The parameter returnto must be a path on this host, or an address on an origin that the app has named (signin_success, security.hosturl_aliases).'
const NO_PATH = 'The parameter signed_out_to must be a path on this host.'

async function getUsableApp(
  named: string | undefined,
  { req, services }: LoginVisit,
): Promise<App> {
  await services.ready()
  const appId = named ?? (await hostsAppId(req, services))
  const app = await services.apps.find(appId)
  if (app === undefined) throw new AmazonAuthError('app_not_found', { app: appId.slice(0, 64) })
  if (!app.active) throw new AmazonAuthError('app_inactive', { app: app.id })
  if (findClientCredentials(app) === undefined) {
    throw new AmazonAuthError('app_not_configured', { app: app.id })
  }
  return app
}

/** As a path where the page lies on this host, unless a public address is set; whole for a page that lies elsewhere. */
function placesOf(
  app: App,
  page: {
    readonly returnTo: string | undefined
    readonly signedOutTo: string | undefined
    readonly pageOrigin: string | undefined
    readonly ownOrigin: string
  },
  visit: LoginVisit,
): ButtonPlaces {
  const { returnTo, signedOutTo, pageOrigin } = page
  const { services, mountPath } = visit
  const isElsewhere = pageOrigin !== undefined
  const whole = (address: string) =>
    isElsewhere && address.startsWith('/') ? page.ownOrigin + address : address
  const logout = `${publicRedirectUri(publicUrl(app, services) ?? '', mountPath)}/logout`
  const leaving = new URLSearchParams({ appid: app.id })
  if (signedOutTo !== undefined) leaving.set('returnto', signedOutTo)
  return {
    signIn: whole(signInAddress(app, { returnTo, hostUrl: pageOrigin }, visit)),
    signOut: whole(withQuery(logout, leaving)),
    isElsewhere,
  }
}

/** Who cannot be told apart is shown the way in. */
async function isSignedIn(app: App, { req, res, services }: LoginVisit): Promise<boolean> {
  if (!maySignIn(req, services.policy.cookies.session)) return false
  try {
    const session = await openBrowserSession(req, res, services)
    return (await session.findSignedIn(app.id)) !== undefined
  } catch (thrown) {
    const { code, cause } = toAmazonAuthError(thrown)
    services.logger.warn({ app: app.id, code, cause }, 'session not read')
    return false
  }
}

/** What is said of a failure to whoever makes the page; which apps there are is not. */
const TOLD: Partial<Record<ErrorCode, string>> = {
  app_not_found: NO_APP,
  app_inactive: NO_APP,
  app_not_configured: NO_APP,
  callback_invalid: 'There is no button: this host is known by no public_url.',
}

function tellProblem(error: AmazonAuthError, visit: LoginVisit): void {
  const { code, facts, advice, cause } = error
  const status = TOLD[code] === NO_APP ? 404 : error.status
  if (status < 500) {
    const appId = code === 'app_not_found' ? undefined : facts.app?.toString()
    visit.warnOnce(appId, `no sign-in button: ${code}`, { ...facts, advice })
  } else {
    visit.services.logger.error({ code, ...facts, advice, cause }, 'no sign-in button')
  }
  if (status === 503) setRetryAfter(visit.res, error)
  const markup = html`<!-- amazon_auth/button: ${TOLD[code] ?? error.message} -->`
  answerFragment(visit.res, status, { markup, lang: 'en' })
}
