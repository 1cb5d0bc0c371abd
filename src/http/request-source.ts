import type { Request } from 'express'

import { toUrl } from '../to-url'

/**
 * Where a request comes from, as its browser tells: a page of this host (`own`), the user alone (`direct`: address bar,
 * bookmark), another host of this site (`sibling`), another site (`foreign`), a page that hides where it is (`hidden`);
 * `unknown`: nothing is said, as by programs.
 */
export type RequestSource = 'own' | 'direct' | 'sibling' | 'foreign' | 'hidden' | 'unknown'

const FETCH_SITES = new Map<unknown, RequestSource>([
  ['same-origin', 'own'],
  ['none', 'direct'],
  ['same-site', 'sibling'],
])

/**
 * @param ownOrigin Scheme, host and port under which the browser reaches this host.
 * @see https://www.w3.org/TR/fetch-metadata/ Browsers send it over https; else `Origin` and `Referer` tell.
 */
export function requestSource({ headers }: Request, ownOrigin: string): RequestSource {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return FETCH_SITES.get(site) ?? 'foreign'
  const source = headers.origin ?? headers.referer
  if (source === undefined) return 'unknown'
  if (source === 'null') return 'hidden'
  return toUrl(source)?.origin === ownOrigin ? 'own' : 'foreign'
}
