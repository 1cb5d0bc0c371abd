import { readCookies } from '../read-cookies'
import { isLocalPath } from './choose-target'
import type { LoginExchange } from './login-context'

/**
 * Takes the path that a page left in the `para-returnto` cookie (base64) before it sent the browser here.
 *
 * @returns A path on this host; undefined when there is none, or when it leads elsewhere. The cookie is cleared.
 */
export function takeReturnTo({ req, res, services }: LoginExchange): string | undefined {
  const name = services.policy.returntoCookie
  const value = readCookies(req).get(name) ?? ''
  if (value === '') return undefined
  res.clearCookie(name, { path: '/' })
  const path = Buffer.from(value, 'base64').toString('utf8')
  return isLocalPath(path) ? path : undefined
}
