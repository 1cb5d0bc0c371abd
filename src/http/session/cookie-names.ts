import type { Request } from 'express'

/** What our cookies are called. */
export interface CookieNames {
  /** Holds the browser session. */
  readonly session: string
  /** Begins the names of the cookies that carry a login from begin to return. */
  readonly login: string
}

/** Browsers accept such a name only with Secure, Path=/ and no Domain (RFC 6265bis, section 4.1.3.2). */
const HOST_PREFIX = '__Host-'

/**
 * A name that is taken as it stands: it has a prefix of its own, or is the one that a content delivery network passes on
 * (`__session`).
 */
export function isExact(name: string): boolean {
  return name.startsWith('__')
}

/** The name as it is sent to browsers that speak https with us, or http. */
export function sentName(name: string, isSecure: boolean): string {
  return isSecure && !isExact(name) ? HOST_PREFIX + name : name
}

/** Whether the request may carry a cookie, in either form: a look that costs next to nothing. */
export function mayCarry({ headers }: Request, name: string): boolean {
  return headers.cookie?.includes(`${name}=`) === true
}
