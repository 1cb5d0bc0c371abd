import cookieParser from 'cookie-parser'

import type { Visit } from '../installation'
import { isLocalPath } from '../local-path'

/** As a page's own middleware would read it; one that the host has mounted before us has done so already. */
const parseCookies = cookieParser()

/**
 * Takes the path that a page left in the `para-returnto` cookie (base64) before it sent the browser here.
 *
 * @returns A path on this host; undefined when there is none, or when it leads elsewhere. The cookie is cleared.
 */
export function takeReturnTo({ req, res, services }: Visit): string | undefined {
  const name = services.policy.returntoCookie
  parseCookies(req, res, () => undefined)
  const value = (req.cookies as Readonly<Record<string, unknown>>)[name]
  if (typeof value !== 'string' || value === '') return undefined
  res.clearCookie(name, { path: '/' })
  const path = Buffer.from(value, 'base64').toString('utf8')
  return isLocalPath(path) ? path : undefined
}
