import type { Request, RequestHandler, Response } from 'express'

import type { LoginWay } from '../audit/audit-event'
import { AmazonAuthError } from '../errors'
import { answerError, protectAnswer, refuseMethod } from './answer'
import { showButton } from './button/show-button'
import { showDevice } from './device/show-device'
import type { Connect, LoginVisit } from './installation'
import { login } from './login/login'
import { logout } from './login/logout'
import type { Once } from './login/once'
import { showTry } from './login/try/show-try'
import { localMountPath } from './mount-path'
import { LOGIN_PATH } from './public-address'
import { readForm } from './read-form'
import { PageAttempt } from './sign-in/attempt'
import { failLogin, failLogout } from './sign-in/failure'
import { tellSuccess } from './sign-in/tell-outcome'
import { traceAttempt } from './sign-in/trace-attempt'
import { appTokenPage } from './sign-in-by-token/app-token-page'
import { createWarnOnce } from './warn-once'

interface Page {
  readonly handle: (visit: LoginVisit) => Promise<void>
  readonly takesForm: boolean
  /** Only looked at, by GET: a page that is fetched ahead may have it, too. */
  readonly isHarmless?: true
  /** Only for a window of its own: as a picture or frame of another page it would begin what nobody sees. */
  readonly isWhole?: true
}

/**
 * The paths that browsers open. HEAD is refused too: a link preview must not burn an authorization code.
 *
 * Not a Router of Express, which would run every path, method and parser past each request. The paths it would match are
 * the same: in any case, with or without a slash at the end.
 *
 * @param besideApi Path in which the API lies, in lower case: `/passwordless_auth` is there, too.
 */
export function createBrowserRouter(
  connect: Connect,
  once: Once,
  besideApi: string,
): RequestHandler {
  const warnOnce = createWarnOnce()
  const byToken = signInPage('app_token', appTokenPage)
  const pages = new Map<string, Page>([
    [LOGIN_PATH, signInPage('browser', (attempt) => login(attempt, once))],
    [`${LOGIN_PATH}/logout`, signOutPage(once)],
    [`${LOGIN_PATH}/device`, { ...signInPage('device', showDevice), isWhole: true }],
    [`${LOGIN_PATH}/try`, { handle: showTry, takesForm: false, isHarmless: true }],
    [`${LOGIN_PATH}/button`, { handle: showButton, takesForm: false, isHarmless: true }],
    ['/passwordless_auth', byToken],
    [`${besideApi}/passwordless_auth`, byToken],
  ])
  const refuse = refuseMethod(['GET', 'POST'])
  const refuseAllButGet = refuseMethod(['GET'])

  async function serve({ handle }: Page, req: Request, res: Response): Promise<void> {
    const services = await connect()
    await handle({
      req,
      res,
      services,
      mountPath: localMountPath(req),
      warnOnce: (...warning) => warnOnce(services.logger, ...warning),
    })
  }

  return (req, res, next) => {
    const page = pages.get(req.path.toLowerCase().replace(/\/$/, ''))
    if (page === undefined) {
      next()
      return
    }
    // Before anything can fail, so that answers of the host's error handler are protected, too.
    protectAnswer(res)
    const answer = (): void => void serve(page, req, res).catch(next)
    if (page.isWhole === true && isPartOfPage(req)) answerError(res, notAPart())
    else if (page.isHarmless === true && req.method === 'GET') answer()
    else if (page.isHarmless === true) void refuseAllButGet(req, res, next)
    else if (req.method === 'POST' && page.takesForm) void readForm(req, res, answer)
    else if (req.method === 'POST' || (req.method === 'GET' && !isFetchedAhead(req))) answer()
    else void refuse(req, res, next)
  }
}

/** Whatever fails ends in `failure.ts`. */
function signInPage(way: LoginWay, signIn: (attempt: PageAttempt) => Promise<void>): Page {
  return {
    takesForm: true,
    async handle(visit) {
      const attempt = new PageAttempt(way, visit)
      await traceAttempt(attempt, () =>
        signIn(attempt).then(
          () => tellSuccess(attempt),
          (thrown: unknown) => failLogin(thrown, attempt),
        ),
      )
    },
  }
}

function signOutPage(once: Once): Page {
  return {
    takesForm: false,
    handle: (visit) => logout(visit, once).catch((thrown: unknown) => failLogout(thrown, visit)),
  }
}

/** Newer and older headers by which browsers say that nobody has opened the page yet. */
const PURPOSE_HEADERS = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']

/** A page that is fetched ahead must not burn an authorization code. Refused, browsers ask again when it is opened. */
function isFetchedAhead({ headers }: Request): boolean {
  return PURPOSE_HEADERS.some(
    (name) => headers[name] !== undefined && /prefetch|preview/i.test(String(headers[name])),
  )
}

/** What people open, and what scripts and service workers fetch. */
const WHOLE: ReadonlySet<unknown> = new Set(['document', 'empty'])

/** Whether a browser asks for a picture, frame, script or the like, whatever page it is for. */
function isPartOfPage({ headers }: Request): boolean {
  const dest = headers['sec-fetch-dest']
  return dest !== undefined && !WHOLE.has(dest)
}

function notAPart(): AmazonAuthError {
  return new AmazonAuthError('request_forbidden', {
    problem: 'Open this address by itself: it cannot be a picture or a frame of another page.',
  })
}
