/** Schemes that run or show content instead of leading to an app or a page. */
const REFUSED_SCHEMES = /^(javascript|data|vbscript|file|blob|about|view-source|filesystem):/i
/** White space and control characters, which browsers drop or cut at, and backslashes, which they read as slashes. */
const TWO_FACED = /[\s\p{Cc}\\]/u
/** A path on this host. `//host` would be another host. */
const LOCAL_PATH = /^\/(?!\/)/
/** As it is sent. What a token, cookies and the rest need beside it fits into what proxies hold of an answer's headers. */
const MAX_TARGET_CHARACTERS = 2_048
const SCHEME = /^[a-z][a-z0-9+.-]*:\//i

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
  if (REFUSED_SCHEMES.test(url))
    return 'must not run or embed content (javascript:, data:, vbscript:, …)'
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

/** Whether an address is not only unusable but looks like an attack: nobody writes one by mistake. */
export function isHostileUrl(url: string): boolean {
  return TWO_FACED.test(url) || REFUSED_SCHEMES.test(url) || url.startsWith('//')
}

export function isSafeTarget(url: string): boolean {
  return checkTargetUrl(url) === undefined
}

function isWebAddress(url: string): boolean {
  if (!/^https?:\/\/[^/]/i.test(url) || !URL.canParse(url)) return false
  const { username, password } = new URL(url)
  return username === '' && password === ''
}
