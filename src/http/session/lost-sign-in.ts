import type { Request, Response } from 'express'
import type { Cookie } from 'express-session'

/** A setting of the host's session by which a browser that has just been signed in is not, and what to do. */
export type Loss = string

/** Where a sign-in by the host's session leads. */
export interface Landing {
  /** Path that the browser opens next on this host; undefined: it goes elsewhere. */
  readonly path: string | undefined
  /** Host name that the browser shows. */
  readonly host: string
}

const FIX = 'The log says that the person has signed in, but the next page will not know them.'

/**
 * Tells what will keep a browser from sending the host's session cookie with the page that a sign-in ends on.
 *
 * Browsers take a cookie with SameSite=Strict from the return from Amazon, but do not send it with the page that the
 * return leads to, since the way there began on another site (RFC 6265bis, section 5.2).
 */
export function findLosses(cookie: Cookie, { path, host }: Landing): readonly Loss[] {
  const { sameSite, secure, domain } = cookie
  const losses: Loss[] = []
  if (sameSite === true || sameSite === 'strict')
    losses.push(
      `the host's session cookie is set to sameSite 'strict': browsers leave it out on the way back from Amazon, and with saveUninitialized the next page even replaces the session. Set cookie.sameSite to 'lax'. ${FIX}`,
    )
  if (sameSite === 'none' && secure !== true)
    losses.push(
      `the host's session cookie is set to sameSite 'none' without secure: browsers drop it. Set cookie.sameSite to 'lax', or cookie.secure to true. ${FIX}`,
    )
  if (path !== undefined && !coversPath(cookie.path ?? '/', path))
    losses.push(
      `the path of the host's session cookie does not cover the page that the sign-in ends on. Set cookie.path to '/', or signin_success to a page below that path. ${FIX}`,
    )
  if (domain !== undefined && !coversHost(domain, host))
    losses.push(
      `the domain of the host's session cookie is not that of this host: browsers drop it. Leave cookie.domain out. ${FIX}`,
    )
  return losses
}

/**
 * Whether express-session has kept its new cookie back, because the request is none of https as far as it knows. Asked
 * when the answer has been sent.
 */
export function wasKeptBack(req: Request, res: Response): boolean {
  const { session, sessionID } = req
  if ((session as { cookie?: Cookie } | undefined)?.cookie?.secure !== true) return false
  const lines = [res.getHeader('set-cookie') ?? []].flat().map(String)
  return !lines.some((line) => line.includes(encodeURIComponent(`s:${sessionID}.`)))
}

export const KEPT_BACK: Loss = `the host's session cookie is set to secure, but as far as Express knows this request came by http, so express-session did not send it. Behind a proxy that speaks https: app.set('trust proxy', 1), and let the proxy send X-Forwarded-Proto. ${FIX}`

/** RFC 6265, section 5.1.4. */
function coversPath(cookiePath: string, path: string): boolean {
  const [plain = ''] = path.split(/[?#]/, 1)
  if (plain === cookiePath) return true
  return plain.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`)
}

/** RFC 6265, section 5.1.3. */
function coversHost(domain: string, host: string): boolean {
  const wanted = domain.replace(/^\./, '').toLowerCase()
  return host === wanted || host.endsWith(`.${wanted}`)
}
