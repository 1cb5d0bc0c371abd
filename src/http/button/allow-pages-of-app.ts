import cors from 'cors'

import type { App } from '../../apps/app'
import type { LoginVisit } from '../installation'
import { namedOrigins } from '../sign-in/choose-target'

const NOT_NAMED =
  'a page of another origin has asked for the sign-in button, which its browser keeps from it: name that origin in signin_success or security.hosturl_aliases of the app. Said once per app.'

/**
 * Lets pages read the answer that lie on an origin which the app has named, with the cookies that their browser sends
 * along; no other pages.
 *
 * @returns That origin; undefined: the page lies on this host, or there is none that the answer could be told apart for.
 */
export function allowPagesOfApp(
  app: App,
  ownOrigin: string,
  visit: LoginVisit,
): string | undefined {
  const { req, res } = visit
  const { origin } = req.headers
  const named = namedOrigins(app)
  cors({ origin: [...named], credentials: named.includes(origin ?? '') })(req, res, () => undefined)
  if (origin === undefined || origin === ownOrigin) return undefined
  if (named.includes(origin)) return origin
  visit.warnOnce(app.id, NOT_NAMED, { origin: origin.slice(0, 256) })
  return undefined
}
