import { AmazonAuthError } from '../../errors'
import { signoutPage } from '../../pages/signout-page'
import { answerNoContent, answerPage, redirect } from '../answer'
import { chooseTexts } from '../choose-texts'
import type { LoginVisit, SignOut, Visit } from '../installation'
import { isLocalPath } from '../local-path'
import { ownOrigin } from '../public-address'
import { queryEntries } from '../read-parameters'
import { namedApp } from '../request-app'
import { requestSource } from '../request-source'
import { openBrowserSession } from '../session/browser-session'
import { takesPage, wantsJson } from '../wants-json'
import { LoginCookies } from './login-cookies'
import type { Once } from './once'

/**
 * `POST /amazon_auth/logout` (GET too, from a page of this host): ends this browser's session, in one app
 * (`?appid=`) or in all; with `?everywhere=true` all sessions and tokens of its users there, too. A script gets 204; a browser
 * is sent to `returnto`, a path on this host, or to `/`. A GET that comes from elsewhere, or asks for everywhere, is answered
 * with a page that asks the person.
 *
 * @throws {AmazonAuthError} `request_forbidden`: the request came from another site. `store_unavailable`
 */
export async function logout(visit: LoginVisit, once: Once): Promise<void> {
  const { req, res } = visit
  const parameters = new Map(queryEntries(req))
  const everywhere = parameters.get('everywhere') === 'true'
  const isOwn = isOwnRequest(visit)
  if (!isOwn && req.method !== 'GET') throw new AmazonAuthError('request_forbidden')
  // An image in a post on this very host is a GET, and so is a link in a mail.
  if (!isOwn || (everywhere && req.method === 'GET')) {
    askFirst(visit, everywhere)
    return
  }
  await endSignIns(visit, { appId: namedApp(parameters.get('appid')), everywhere }, once)
  if (wantsJson(req)) {
    answerNoContent(res)
    return
  }
  const returnTo = parameters.get('returnto') ?? '/'
  redirect(req, res, isLocalPath(returnTo) ? returnTo : '/')
}

/** A link of another site, or an address that was typed into a browser that does not say so: the person has the word. */
function askFirst({ req, res }: Visit, everywhere: boolean): void {
  if (!takesPage(req)) {
    const problem = everywhere ? EVERYWHERE_BY_POST : BY_POST
    throw new AmazonAuthError('request_forbidden', { problem })
  }
  answerPage(
    res,
    new AmazonAuthError('request_forbidden').status,
    signoutPage(chooseTexts(req), everywhere),
    true,
  )
}

const BY_POST = 'A sign-out is sent as POST, or opened from a page of this host.'
const EVERYWHERE_BY_POST = 'A sign-out everywhere is sent as POST.'

/**
 * Ends this browser's session in one app or in all, and the logins that it could repeat. Everywhere: first all sessions
 * and tokens of those whom it is signed in as.
 *
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function endSignIns(
  visit: Visit,
  { appId, everywhere }: SignOut,
  once: Once,
): Promise<void> {
  const { req, res, services } = visit
  await services.ready()
  const cookies = new LoginCookies(visit, undefined)
  const session = await openBrowserSession(req, res, services)
  if (everywhere) {
    for (const { user } of await session.findAll(appId)) await services.userAdmin.revokeAll(user)
  }
  await session.signOut(appId)
  once.spend(cookies.dropAll())
}

/**
 * Whether the request comes from this host, or from the user directly. A POST without any sign of where it comes from
 * is taken too: it can do nothing, since browsers send our cookie with no POST of another site.
 */
function isOwnRequest(visit: LoginVisit): boolean {
  const source = requestSource(visit.req, ownOrigin(undefined, visit))
  if (source === 'hidden' || source === 'unknown') return visit.req.method === 'POST'
  return source === 'own' || source === 'direct'
}
