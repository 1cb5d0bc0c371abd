import type { Request, RequestHandler, Response } from 'express'

import { protectAnswer, refuseMethod } from '../answer'
import type { Connect } from '../installation'
import { localMountPath } from '../mount-path'
import { LOGIN_PATH, type LoginExchange } from './login-context'
import type { LoginHandler } from './login-handler'
import { readForm } from './read-form'
import { createWarnOnce } from './warn-once'

interface Page {
  readonly handle: (exchange: LoginExchange) => Promise<void>
  readonly takesForm: boolean
}

/**
 * The paths that browsers open. HEAD is refused too: a link preview must not burn an authorization code.
 *
 * Not a Router of Express, which would run every path, method and parser past each request. The paths it would match are
 * the same: in any case, with or without a slash at the end.
 *
 * @param besideApi Path in which the API lies, in lower case: `/passwordless_auth` is there, too.
 */
export function createLoginRouter(
  connect: Connect,
  { login, logout, appToken }: LoginHandler,
  besideApi: string,
): RequestHandler {
  const warnOnce = createWarnOnce()
  const byToken: Page = { handle: appToken, takesForm: true }
  const pages = new Map<string, Page>([
    [LOGIN_PATH, { handle: login, takesForm: true }],
    [`${LOGIN_PATH}/logout`, { handle: logout, takesForm: false }],
    ['/passwordless_auth', byToken],
    [`${besideApi}/passwordless_auth`, byToken],
  ])
  const refuse = refuseMethod(['GET', 'POST'])

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
    if (req.method === 'POST' && page.takesForm) void readForm(req, res, answer)
    else if (req.method === 'POST' || (req.method === 'GET' && !isFetchedAhead(req))) answer()
    else void refuse(req, res, next)
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
