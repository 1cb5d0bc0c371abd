import type { App } from '../../../apps/app'
import { toAmazonAuthError, type AmazonAuthError } from '../../../errors'
import { tryPage } from '../../../pages/try-page'
import type { TryReport } from '../../../pages/try-report'
import { answerJson, answerPage, protectAnswer } from '../../answer'
import { chooseTexts } from '../../choose-texts'
import type { LoginVisit } from '../../installation'
import { countLogin } from '../../limits/limit-logins'
import { publicUrl } from '../../public-address'
import { requireSound } from '../../read-parameters'
import { logFailure } from '../../sign-in/failure'
import { wantsJson } from '../../wants-json'
import { beginLogin } from '../begin-login'
import { checkLoginApp } from '../check-login-app'
import type { Leg } from '../login'
import type { BegunLogin } from '../login-cookies'
import { guideAddress } from './guide-address'
import { explainFailure } from './explain-failure'
import { NOTHING_FOUND, reportTry } from './report-try'
import { noteTried } from './tried'
import type { Tries } from './tries'
import { openTryLink, requireLinkTo, tryAddress } from './try-link'

/** A login that is only tried: one that begins by a link, or the return of one that has begun so. */
export type Trial =
  | { readonly isBegin: true; readonly link: string }
  | { readonly isBegin: false; readonly begun: BegunLogin }

/**
 * Whether a login is only tried. The return of one is known by its cookie alone, which no address can forge, and only at the
 * app that it was begun for: at any other it is a login whose state does not fit.
 */
export function findTrial({ app, request, cookies }: Leg): Trial | undefined {
  const { nonce, tryLink, isReturn } = request
  if (!isReturn) return tryLink === undefined ? undefined : { isBegin: true, link: tryLink }
  const begun = nonce === undefined ? undefined : cookies.findBegun(nonce)
  if (begun?.tryUntilMs === undefined || begun.appId !== app.id) return undefined
  return { isBegin: false, begun }
}

/**
 * Both legs of a login that is tried: the steps of any login up to where something would be stored, and a page that shows
 * them. It is no login to those who count logins, but to the limits, as it asks as much of Amazon and of this server.
 */
export async function tryLogin(leg: Leg, trial: Trial, tries: Tries): Promise<void> {
  const { app, attempt } = leg
  attempt.leave()
  if (trial.isBegin) {
    await beginTry(leg, trial.link)
    return
  }
  const { begun } = trial
  const { report, error } = await tries.run(begun.nonce, () =>
    reportTry(leg, begun, againAddress(app, begun, attempt)),
  )
  // The cookie stays, so that the page can tell what it is that is opened a second time.
  leg.cookies.begin({ ...begun, isTried: true })
  countLogin(app, error, attempt)
  if (error === undefined) await noteTried(app, attempt.services)
  else logFailure(error, app.id, attempt.services, FAILED)
  answerTry(report, app, { ...begun, visit: attempt })
}

const FAILED = 'a sign-in that was tried has failed'

/** The consent page is asked as for any other login; the cookie says that this one is tried. */
async function beginTry(leg: Leg, link: string): Promise<void> {
  const { app, request, attempt } = leg
  let isOfGuide = false
  try {
    const opened = openTryLink(link, attempt.services)
    isOfGuide = opened.isOfGuide
    requireLinkTo(app, opened)
    requireSound(request)
    checkLoginApp(app, request, attempt)
    beginLogin(leg, opened)
  } catch (thrown) {
    const error = toAmazonAuthError(thrown)
    // Who has no link to this app learns no more of it than by any login.
    if (error.code === 'try_link_invalid') checkLoginApp(app, request, attempt)
    await failTry(error, app, { isOfGuide, visit: attempt })
  }
}

/** Answers a try that could not begin. */
export async function failTry(error: AmazonAuthError, app: App, tried: TriedBy): Promise<void> {
  const { visit } = tried
  countLogin(app, error, visit)
  logFailure(error, app.id, visit.services, FAILED)
  const report: TryReport = {
    app: app.id,
    ok: false,
    steps: [],
    asked: {},
    ...NOTHING_FOUND,
    failure: await explainFailure(error, undefined, app, visit),
    again: null,
  }
  answerTry(report, app, tried)
}

/** Who is answered, and whether they have come from the guide through the set-up. */
interface TriedBy {
  readonly isOfGuide?: boolean | undefined
  readonly visit: LoginVisit
}

/** 200 in any case: that the login fails is what was asked for. A link that is none is not. */
function answerTry(report: TryReport, app: App, { isOfGuide, visit }: TriedBy): void {
  const { req, res } = visit
  const status = report.failure?.code === 'try_link_invalid' ? 410 : 200
  if (wantsJson(req)) {
    protectAnswer(res)
    answerJson(res, status, report)
    return
  }
  const shown = { appName: app.name, guide: guideAddress(app, isOfGuide, visit) }
  answerPage(res, status, tryPage(report, shown, chooseTexts(req)), true)
}

function againAddress(
  app: App,
  { tryUntilMs, isOfGuide = false }: BegunLogin,
  { services, mountPath }: LoginVisit,
): string | undefined {
  if (tryUntilMs === undefined || services.now() >= tryUntilMs) return undefined
  const base = publicUrl(app, services) ?? ''
  return tryAddress(app, { base, mountPath, isOfGuide }, services, tryUntilMs).url
}
