import type { App } from '../../apps/app'
import { perApp } from '../../apps/per-app'
import { textSetting } from '../../apps/typed-setting'
import { isSafeTarget } from '../../apps/target-url'
import { AmazonAuthError } from '../../errors'
import { toUrl } from '../../to-url'
import { isLocalPath, isShort } from '../local-path'
import { meansOf, type SignInMeans } from '../target-places'

/** Where a browser goes after a login, and what it takes along. */
export interface SuccessTarget {
  readonly url: string
  readonly means: SignInMeans
  /** Whether the app has a `signin_success`; a script is answered with 204 where it has none. */
  readonly isConfigured: boolean
}

/** What a request says about the front end it came from. */
export interface FrontEnd {
  readonly hostUrl?: string | undefined
  readonly aliasIndex?: number | undefined
  /** Scheme, host and port of this host as the browser sees it. */
  readonly ownOrigin: string
}

/** A scheme, the longest name of a host (RFC 1035, section 2.3.4) and a port. */
const MAX_ORIGIN_CHARACTERS = 267
/** An origin that is none, as browsers write it. */
const NO_ORIGIN = 'null'

/**
 * Decides where a successful login goes: `signin_success` on the front end that was asked for; else where the
 * browser wanted to return to; else `/`. A token goes only to an origin that the app has named.
 *
 * @param returnTo Checked by {@link checkReturnTo} before. Yields to a target that is to carry a token.
 * @throws {AmazonAuthError} `return_url_refused`: the app's `signin_success` is no address to send people to.
 */
export function chooseSuccessTarget(
  app: App,
  frontEnd: FrontEnd,
  returnTo?: string,
): SuccessTarget {
  const { url, means, isConfigured, isSafe } = successTargetOf(app)
  if (returnTo !== undefined && means === 'session') return { url: returnTo, means, isConfigured }
  if (!isSafe) {
    throw new AmazonAuthError('return_url_refused', { app: app.id, setting: 'signin_success' })
  }
  const origin = chooseOrigin(app, url, frontEnd)
  if (origin !== 'refused') return { url: moveTo(origin, url), means, isConfigured }
  const withoutToken = means === 'session' ? 'session' : 'nothing'
  return { url: originOf(url) ?? '/', means: withoutToken, isConfigured }
}

const successTargetOf = perApp((app) => {
  const configured = textSetting(app, 'signin_success')
  const url = configured ?? '/'
  const isConfigured = configured !== undefined
  return { url, means: meansOf(url), isConfigured, isSafe: isSafeTarget(url) }
})

/** Decides where a failed login goes: the app's `signin_failure`, else `fallback`; on the front end that was asked for. */
export function chooseFailureTarget(
  app: App | undefined,
  frontEnd: FrontEnd | undefined,
  fallback: string,
): { readonly url: string; readonly isOfApp: boolean } {
  const named = app && textSetting(app, 'signin_failure')
  const isOfApp = named !== undefined && isSafeTarget(named)
  const url = isOfApp ? named : fallback
  const origin = app && frontEnd && chooseOrigin(app, url, frontEnd)
  return { url: origin === 'refused' ? url : moveTo(origin, url), isOfApp }
}

/**
 * Checks an address that the browser brought along: a path on this host, or an address on an origin of the app.
 *
 * @returns The address; undefined when it leads anywhere else, or is too long.
 */
export function checkReturnTo(
  returnTo: string | undefined,
  app: App,
  ownOrigin: string,
): string | undefined {
  if (returnTo === undefined || !isShort(returnTo)) return undefined
  if (isLocalPath(returnTo)) return returnTo
  const origin = originOf(returnTo)
  if (origin === undefined) return undefined
  return [ownOrigin, ...namedOrigins(app)].includes(origin) ? returnTo : undefined
}

/** Where an app's own pages are, as it has told. */
export function namedOrigins(app: App): readonly string[] {
  const success = originOf(textSetting(app, 'signin_success') ?? '')
  return success === undefined ? aliasesOf(app) : [success, ...aliasesOf(app)]
}

/** The origin of the app that lies on a host, if it has named one there. */
export function findOriginOn(host: string, app: App): string | undefined {
  return namedOrigins(app).find((origin) => new URL(origin).host === host)
}

/** All that matters of a `host_url`: its origin, or that it has none; undefined when it is blank. */
export function shortenHostUrl(hostUrl: string | undefined): string | undefined {
  if (hostUrl === undefined || hostUrl.trim() === '') return undefined
  return originOf(hostUrl) ?? NO_ORIGIN
}

/** The origin a request asks for; undefined: the target's own; `refused`: one that the app has not named. */
function chooseOrigin(app: App, url: string, frontEnd: FrontEnd): string | undefined {
  const { hostUrl, aliasIndex } = frontEnd
  const aliases = aliasesOf(app)
  if (hostUrl === undefined || hostUrl.trim() === '') {
    return aliasIndex === undefined ? undefined : aliases[aliasIndex]
  }
  const origin = originOf(hostUrl)
  if (origin === undefined) return 'refused'
  if (origin === (originOf(url) ?? frontEnd.ownOrigin)) return undefined
  return aliases.includes(origin) ? origin : 'refused'
}

/** The app's front ends in the order they were written: only http and https count. */
function aliasesOf(app: App): readonly string[] {
  const listed = textSetting(app, 'security.hosturl_aliases')?.split(',') ?? []
  return listed.map(originOf).filter((origin) => origin !== undefined)
}

/** Gives a target another origin. An address of a mobile app (`myapp://…`) stays what it is. */
function moveTo(origin: string | undefined, url: string): string {
  if (origin === undefined) return url
  if (url.startsWith('/')) return origin + url
  return url.replace(/^https?:\/\/[^/?#]+/i, origin)
}

const WEB_ADDRESS =
  /^https?:\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:[/?#][^\\\s]*)?$/i

/** Origin of a plain web address; whatever a browser might read in two ways has none. */
function originOf(text: string): string | undefined {
  const url = WEB_ADDRESS.test(text) ? toUrl(text) : undefined
  return url !== undefined && url.origin.length <= MAX_ORIGIN_CHARACTERS ? url.origin : undefined
}
