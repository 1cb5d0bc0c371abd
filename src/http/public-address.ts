import { LRUCache } from 'lru-cache'

import type { Request } from 'express'

import type { App } from '../apps/app'
import { isLoopback } from '../is-loopback'
import { isStrict, textSetting } from '../apps/typed-setting'
import { AmazonAuthError } from '../errors'
import type { SessionServices } from './auth-services'
import type { LoginVisit } from './installation'
import { originForm, requestOrigin, requestScheme } from './request-origin'
import { queryEntries } from './read-parameters'

export const LOGIN_PATH = '/amazon_auth'

/**
 * The `redirect_uri` where the public address is known, however a request came. The path of the mount may stand in that
 * address already, whose case counts then: Express looks at none, Amazon does.
 */
export function publicRedirectUri(publicUrl: string, mountPath = ''): string {
  const base = publicUrl.replace(/\/+$/, '')
  const hasMount = base.toLowerCase().endsWith(mountPath.toLowerCase())
  return `${base}${hasMount ? '' : mountPath}${LOGIN_PATH}`
}

/** Public address of this host for an app: its own `public_url`, or the configured one. */
export function publicUrl(app: App | undefined, { policy }: SessionServices): string | undefined {
  return (app && textSetting(app, 'public_url')) ?? policy.publicUrl
}

/** The same, taken apart. */
export function publicAddress(
  app: App | undefined,
  services: SessionServices,
): Address | undefined {
  const url = publicUrl(app, services)
  return url === undefined ? undefined : addressOf(url)
}

/** What is asked of a public address. */
export interface Address {
  readonly origin: string
  readonly hostname: string
  /** What stands before the paths of this host where a proxy takes it off. */
  readonly path: string
}

/** There are few, and each login asks for its own several times. */
const addresses = new LRUCache<string, Address>({ max: 1_000 })

function addressOf(url: string): Address {
  const known = addresses.get(url)
  if (known !== undefined) return known
  const { origin, hostname, pathname } = new URL(url)
  const address = { origin, hostname, path: pathname.replace(/\/+$/, '') }
  addresses.set(url, address)
  return address
}

/** Scheme, host and port under which the browser reaches this host. */
export function ownOrigin(app: App | undefined, visit: LoginVisit): string {
  return publicAddress(app, visit.services)?.origin ?? claimedOrigin(app, visit)
}

/**
 * The origin that the request itself names: nobody but this machine and whoever wrote the Host header vouches for it.
 *
 * @throws {AmazonAuthError} `callback_invalid`: it is no host, or (strict) another than this machine.
 */
function claimedOrigin(app: App | undefined, { req, services, warnOnce }: LoginVisit): string {
  const origin = requestOrigin(req)
  if (app === undefined || isLoopback(new URL(origin))) return origin
  if (isStrict(app, services)) {
    throw new AmazonAuthError('callback_invalid', { header: 'host', missing: 'public_url' })
  }
  warnOnce(app.id, HOST_BELIEVED)
  return origin
}

const HOST_BELIEVED =
  'public_url is not set: the redirect_uri follows the Host header of each request. Set it; security.strict demands it. Said once per app.'

/**
 * Whether the browser speaks https with us, as far as we are told: it decides `Secure` and `__Host-` of cookies.
 *
 * @param app The app that they are for; undefined: for none in particular.
 */
export function isSecure(req: Request, services: SessionServices, app: App | undefined): boolean {
  return publicUrl(app, services)?.startsWith('https:') ?? requestScheme(req) === 'https'
}

/**
 * The `redirect_uri` of a login. It must be among the Allowed Return URLs of the app's Security Profile, byte for byte.
 * Without a configured public URL it is this request's own address, with `appid` and `host_url` if they were given.
 */
export function redirectUri(app: App, visit: LoginVisit): string {
  const configured = publicUrl(app, visit.services)
  if (configured !== undefined) return publicRedirectUri(configured, visit.mountPath)
  const kept = Array.from(queryEntries(visit.req)).filter(
    ([name, value]) => (name === 'appid' || name === 'host_url') && value !== '',
  )
  const query = kept.length === 0 ? '' : `?${new URLSearchParams(kept).toString()}`
  const [path] = originForm(visit.req.originalUrl).split('?', 1)
  return `${claimedOrigin(app, visit)}${path ?? ''}${query}`
}
