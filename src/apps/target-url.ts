/** Schemes that run or show content instead of leading to an app or a page. */
const REFUSED_SCHEMES = /^(javascript|data|vbscript|file|blob|about|view-source|filesystem):/i
/** White space and control characters, which browsers drop or cut at, and backslashes, which they read as slashes. */
const TWO_FACED = /[\s\p{Cc}\\]/u
/** A path on this host. `//host` would be another host. */
const LOCAL_PATH = /^\/(?!\/)/
const SCHEME = /^[a-z][a-z0-9+.-]*:\//i

/**
 * Checks an address that a browser is sent to after signing in: a path on this host, a web address, or an address of
 * a mobile app (`myapp://signed-in`, `com.example.app:/signed-in`).
 *
 * @returns What is wrong with it, to follow the name of the setting; undefined when it is safe.
 */
export function checkTargetUrl(url: string): string | undefined {
  if (TWO_FACED.test(url)) return 'must not hold white space, control characters or backslashes'
  if (LOCAL_PATH.test(url)) return undefined
  if (REFUSED_SCHEMES.test(url))
    return 'must not run or embed content (javascript:, data:, vbscript:, …)'
  if (!SCHEME.test(url))
    return 'must be a path that begins with one "/", or a whole address such as https://example.com/in'
  return /^https?:/i.test(url) && !isWebAddress(url)
    ? 'must be a complete web address without a user name'
    : undefined
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
