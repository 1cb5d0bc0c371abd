import { toUrl } from '../to-url'
import type { Surroundings } from './check'
import { publicUrlOf, type CheckedApp } from './checked-app'

/** What an address of this very host does to people who have just come from a login. */
export type WayBack = 'login' | 'logout'

/** Stands for this host while nobody has said what it is called: paths alone lead to it then. */
const UNNAMED = 'http://this-host.invalid'

/**
 * Whether a page that logins end on begins the next login, or signs out, whatever the middleware is mounted under.
 *
 * @param target Path or address.
 * @returns Undefined: it does neither, as far as can be told.
 */
export function findWayBack(
  target: string,
  checked: CheckedApp,
  { site, request }: Surroundings,
): WayBack | undefined {
  const own = new URL(publicUrlOf(checked, site)?.url ?? request?.origin ?? UNNAMED)
  const url = toUrl(target, own)
  if (url?.host !== own.host) return undefined
  const { pathname } = url
  if (/\/amazon_auth\/?$/i.test(pathname)) return 'login'
  return /\/amazon_auth\/logout\/?$/i.test(pathname) ? 'logout' : undefined
}
