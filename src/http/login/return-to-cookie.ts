import type { Visit } from '../installation'
import { isLocalPath } from '../local-path'
import { readCookies } from '../read-cookies'

/**
 * Takes the path that a page left in the `para-returnto` cookie (base64) before it sent the browser here.
 *
 * @returns A path on this host; undefined when there is none, or when it leads elsewhere. The cookie is cleared.
 */
export function takeReturnTo({ req, res, services }: Visit): string | undefined {
  const name = services.policy.returntoCookie
  const value = readCookies(req.headers.cookie ?? '').get(name)
  if (value === undefined || value === '') return undefined
  res.clearCookie(name, { path: '/' })
  const path = Buffer.from(value, 'base64').toString('utf8')
  return isLocalPath(path) ? path : undefined
}
