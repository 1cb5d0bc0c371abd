import { isLoopback } from '../is-loopback'
import { toUrl } from '../to-url'

/** Schemes that run or show content instead of leading to an app or a page. */
const HOSTILE_SCHEMES =
  /^(javascript|data|vbscript|file|blob|about|view-source|filesystem|jar|intent|chrome|chrome-extension|moz-extension|resource|shell|res|mk|feed|livescript|mocha|content|cid|mid):/i
/** Schemes that lead to a program which is not the app that people sign in to. */
const FOREIGN_SCHEMES =
  /^(ftps?|sftp|wss?|ssh|telnet|ldaps?|smb|nfs|dav|gopher|git|svn|redis|postgres|news|nntp|irc|rtsp|magnet|mailto|tel|sms|market|android-app|itms|itms-\w+|ms-[\w-]+|search-ms):/i
/** White space and control characters, which browsers drop or cut at, and backslashes, which they read as slashes. */
const TWO_FACED = /[\s\p{Cc}\\]/u
/** A path on this host. `//host` would be another host. */
const LOCAL_PATH = /^\/(?!\/)/
/** As it is sent. What a token, cookies and the rest need beside it fits into what proxies hold of an answer's headers. */
const MAX_TARGET_CHARACTERS = 2_048
const SCHEME = /^([a-z][a-z0-9+.-]*):\//i

/**
 * Checks an address that a browser is sent to after signing in: a path on this host, a web address, or an address of
 * a mobile app (`myapp://signed-in`, `com.example.app:/signed-in`).
 *
 * @returns What is wrong with it, to follow the name of the setting; undefined when it is safe.
 */
export function checkTargetUrl(url: string): string | undefined {
  if (TWO_FACED.test(url)) return 'must not hold white space, control characters or backslashes'
  if (toAscii(url).length > MAX_TARGET_CHARACTERS)
    return `must have at most ${MAX_TARGET_CHARACTERS} characters, as it is sent (percent-encoded)`
  if (LOCAL_PATH.test(url)) return undefined
  if (HOSTILE_SCHEMES.test(url))
    return 'must not run or embed content (javascript:, data:, vbscript:, …)'
  if (FOREIGN_SCHEMES.test(url))
    return 'must lead to a page (https:) or to an app of yours, not to FTP, mail or the like'
  if (!SCHEME.test(url))
    return 'must be a path that begins with one "/", or a whole address such as https://example.com/in'
  return /^https?:/i.test(url) && !isWebAddress(url)
    ? 'must be a complete web address without a user name'
    : undefined
}

/** Percent-encodes what a header cannot hold. Nothing is dropped: an address that was checked must not become another. */
export function toAscii(url: string): string {
  return url.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent)
}

/**
 * Whether people may be sent to this kind of address: paths and https always, http on this machine, other schemes by
 * the app's own list.
 *
 * @param url One that {@link checkTargetUrl} has found safe.
 * @param schemes The app's own, in lower case; `http` among them allows plain http anywhere. Undefined: no list, so
 *   those that hold a dot, which are the names of their owners' domains (RFC 8252, section 7.1).
 * @returns As {@link checkTargetUrl}.
 */
export function checkTargetScheme(
  url: string,
  schemes: readonly string[] | undefined,
): string | undefined {
  const scheme = SCHEME.exec(url)?.[1]?.toLowerCase()
  if (scheme === undefined || scheme === 'https') return undefined
  if (schemes?.includes(scheme) === true) return undefined
  if (scheme !== 'http') {
    return schemes === undefined && scheme.includes('.') ? undefined : UNLISTED_SCHEME
  }
  return isLoopback(new URL(url)) ? undefined : PLAIN_HTTP
}

const UNLISTED_SCHEME =
  'leads to an app by a scheme that is not in security.app_schemes: name it there, e.g. "myapp"'
const PLAIN_HTTP =
  'is plain http, where others can read what it carries: use https, or put "http" into security.app_schemes'

/** Whether a scheme may stand in an app's list of its own. */
export function isAppScheme(scheme: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]{0,63}$/i.test(scheme) &&
    !HOSTILE_SCHEMES.test(`${scheme}:`) &&
    !FOREIGN_SCHEMES.test(`${scheme}:`)
  )
}

/** Whether an address is not only unusable but looks like an attack: nobody writes one by mistake. */
export function isHostileUrl(url: string): boolean {
  return /[\p{Cc}\\]/u.test(url) || HOSTILE_SCHEMES.test(url) || url.startsWith('//')
}

export function isSafeTarget(url: string): boolean {
  return checkTargetUrl(url) === undefined
}

function isWebAddress(url: string): boolean {
  const read = /^https?:\/\/[^/]/i.test(url) ? toUrl(url) : undefined
  return read?.username === '' && read.password === ''
}
