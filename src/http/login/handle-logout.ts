import { AmazonAuthError } from '../../errors'
import { SIGNOUT_PAGE } from '../../pages/signout-page'
import { answerNoContent, answerPage, redirect } from '../answer'
import type { Visit } from '../installation'
import { openBrowserSession } from '../session/browser-session'
import { takesPage, wantsJson } from '../wants-json'
import { isLocalPath } from './choose-target'
import { ownOrigin, type LoginExchange } from './login-context'
import { namedApp } from './named-app'
import { queryEntries } from '../read-parameters'
import { requestSource } from '../request-source'
import type { SpentLogins } from './spent-logins'
import type { TransactionCookies } from './transaction'

/**
 * `POST /amazon_auth/logout` (GET too, from a page of this host): ends this browser's session, in one app
 * (`?appid=`) or in all. A script gets 204; a browser is sent to `returnto`, a path on this host, or to `/`. A GET that comes
 * from elsewhere is answered with a page that asks the person.
 *
 * @throws {AmazonAuthError} `request_forbidden`: the request came from another site. `store_unavailable`
 */
export async function handleLogout(
  exchange: LoginExchange,
  cookies: TransactionCookies,
  spent: SpentLogins,
): Promise<void> {
  const { req, res } = exchange
  if (!isOwnRequest(exchange)) {
    if (req.method !== 'GET') throw new AmazonAuthError('request_forbidden')
    askFirst(exchange)
    return
  }
  const parameters = new Map(queryEntries(req))
  await endSignIns(exchange, namedApp(parameters.get('appid')), { cookies, spent })
  if (wantsJson(req)) {
    answerNoContent(res)
    return
  }
  const returnTo = parameters.get('returnto') ?? '/'
  redirect(req, res, isLocalPath(returnTo) ? returnTo : '/')
}

/** A link of another site, or an address that was typed into a browser that does not say so: the person has the word. */
function askFirst({ req, res }: LoginExchange): void {
  if (!takesPage(req)) throw new AmazonAuthError('request_forbidden', { problem: BY_POST })
  answerPage(res, new AmazonAuthError('request_forbidden').status, SIGNOUT_PAGE, true)
}

const BY_POST = 'A sign-out is sent as POST, or opened from a page of this host.'

/**
 * Ends this browser's session in one app or in all, and the logins that it could repeat.
 *
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function endSignIns(
  { req, res, services }: Visit,
  appId: string | undefined,
  { cookies, spent }: { readonly cookies: TransactionCookies; readonly spent: SpentLogins },
): Promise<void> {
  const session = await openBrowserSession(req, res, services)
  await session.signOut(appId)
  for (const { login } of cookies.dropAll()) spent.spend(login)
}

/**
 * Whether the request comes from this host, or from the user directly. A POST without any sign of where it comes from
 * is taken too: it can do nothing, since browsers send our cookie with no POST of another site.
 */
function isOwnRequest(exchange: LoginExchange): boolean {
  const source = requestSource(exchange.req, ownOrigin(undefined, exchange))
  if (source === 'hidden' || source === 'unknown') return exchange.req.method === 'POST'
  return source === 'own' || source === 'direct'
}
