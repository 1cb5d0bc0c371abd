import { isUrl } from '../is-url'
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
  if (!isUrl(target, own.href)) return undefined
  const { host, pathname } = new URL(target, own)
  if (host !== own.host) return undefined
  if (/\/amazon_auth\/?$/i.test(pathname)) return 'login'
  return /\/amazon_auth\/logout\/?$/i.test(pathname) ? 'logout' : undefined
}
