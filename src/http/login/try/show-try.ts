import { getClientCredentials } from '../../../apps/client-credentials'
import type { App } from '../../../apps/app'
import { AmazonAuthError, toAmazonAuthError } from '../../../errors'
import { tryLinkPage, tryStartPage } from '../../../pages/try-start-page'
import { answerError, answerJson, answerPage, answerRefusal, protectAnswer } from '../../answer'
import { chooseTexts } from '../../choose-texts'
import type { LoginVisit } from '../../installation'
import { admitLogin, countLogin, isRefusal, limitUnreadable } from '../../limits/limit-logins'
import { readParameters } from '../../read-parameters'
import { logFailure } from '../../sign-in/failure'
import { signInAddress } from '../../sign-in-address'
import { wantsJson } from '../../wants-json'
import { guideAddress } from './guide-address'
import { openTryLink, requireLinkTo, type TryLink } from './try-link'
import { failTry } from './try-login'

const MAX_CHARACTERS = { link: 1024 }

/**
 * `GET /amazon_auth/try?link=…`: what a link to try the sign-in opens. It says what is going to happen, and where that begins;
 * nothing has, so it may be looked at ahead.
 */
export async function showTry(visit: LoginVisit): Promise<void> {
  try {
    await visit.services.ready()
    const sent = readParameters(visit.req, MAX_CHARACTERS).get('link')
    const link = openLink(sent, visit)
    const app = await findApp(link, visit)
    const error = whyNot(app)
    if (error !== undefined) await failTry(error, app, { isOfGuide: link.isOfGuide, visit })
    else showStart(link, sent ?? '', app, visit)
  } catch (thrown) {
    refuse(toAmazonAuthError(thrown), visit)
  }
}

/** @throws {AmazonAuthError} `try_link_invalid`; `too_many_requests`, `server_busy` in its place after too many of them. */
function openLink(sent: string | undefined, visit: LoginVisit): TryLink {
  try {
    return openTryLink(sent, visit.services)
  } catch (thrown) {
    throw limitUnreadable(thrown, visit)
  }
}

/** @throws {AmazonAuthError} `app_not_found`: it was deleted since. `too_many_requests`, `server_busy`, `store_unavailable` */
async function findApp(link: TryLink, visit: LoginVisit): Promise<App> {
  const app = await visit.services.apps.find(link.appId)
  admitLogin(app, false, visit)
  if (app === undefined) throw new AmazonAuthError('app_not_found', { app: link.appId })
  requireLinkTo(app, link)
  return app
}

/** What keeps any sign-in to an app from being begun. */
function whyNot(app: App): AmazonAuthError | undefined {
  if (!app.active) return new AmazonAuthError('app_inactive', { app: app.id })
  try {
    getClientCredentials(app)
    return undefined
  } catch (thrown) {
    return toAmazonAuthError(thrown)
  }
}

function showStart(link: TryLink, sent: string, app: App, visit: LoginVisit): void {
  const { req, res, services } = visit
  const beginsAt = `${signInAddress(app, {}, visit)}&${new URLSearchParams({ try: sent }).toString()}`
  if (wantsJson(req)) {
    protectAnswer(res)
    const told = { app: app.id, expires: link.expiresAtMs, location: beginsAt }
    answerJson(res, 200, told)
    return
  }
  const leftMinutes = Math.max(1, Math.round((link.expiresAtMs - services.now()) / 60_000))
  const guide = guideAddress(app, link.isOfGuide, visit)
  const page = tryStartPage({ appName: app.name, beginsAt, leftMinutes, guide }, chooseTexts(req))
  answerPage(res, 200, page, true)
}

function refuse(error: AmazonAuthError, visit: LoginVisit): void {
  const { req, res, services } = visit
  if (isRefusal(error)) {
    answerRefusal(req, res, error)
    return
  }
  countLogin(undefined, error, visit)
  logFailure(error, undefined, services, 'a link to try the sign-in could not be opened')
  if (wantsJson(req)) answerError(res, error)
  else answerPage(res, error.status, tryLinkPage(error.code, chooseTexts(req)), true)
}
