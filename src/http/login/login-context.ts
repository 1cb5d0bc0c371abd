import type { Request, Response } from 'express'

import type { App } from '../../apps/app'
import { isLoopback } from '../../apps/is-loopback'
import { isStrict } from '../../apps/is-strict'
import { textSetting } from '../../apps/read-setting'
import { AmazonAuthError } from '../../errors'
import { isSignInRefused, refusalReason } from '../../sign-in-refused'
import type { AuthServices } from '../auth-services'
import { originForm, requestOrigin, requestScheme } from '../request-origin'
import { queryEntries } from '../read-parameters'

/** One request to `/amazon_auth` and what it is answered with. */
export interface LoginExchange {
  readonly req: Request
  readonly res: Response
  readonly services: AuthServices
  /** Path the middleware is mounted under; empty at the root. */
  readonly mountPath: string
  /** Logs a warning (about an app), the first time only. */
  warnOnce(appId: string | undefined, message: string, facts?: object): void
}

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
export function publicUrl(app: App | undefined, { policy }: AuthServices): string | undefined {
  return (app && textSetting(app, 'public_url')) ?? policy.publicUrl
}

/** What stands before the paths of this host where a proxy takes it off: the path of the public address. */
export function publicPath(app: App | undefined, services: AuthServices): string {
  const url = publicUrl(app, services)
  return url === undefined ? '' : new URL(url).pathname.replace(/\/+$/, '')
}

/** Scheme, host and port under which the browser reaches this host. */
export function ownOrigin(app: App | undefined, exchange: LoginExchange): string {
  const configured = publicUrl(app, exchange.services)
  return configured === undefined ? claimedOrigin(app, exchange) : new URL(configured).origin
}

/**
 * The origin that the request itself names: nobody but this machine and whoever wrote the Host header vouches for it.
 *
 * @throws {AmazonAuthError} `callback_invalid`: it is no host, or (strict) another than this machine.
 */
function claimedOrigin(app: App | undefined, exchange: LoginExchange): string {
  const { req, services } = exchange
  const origin = requestOrigin(req)
  if (app === undefined || isLoopback(new URL(origin))) return origin
  if (isStrict(app, services)) {
    throw new AmazonAuthError('callback_invalid', { header: 'host', missing: 'public_url' })
  }
  exchange.warnOnce(app.id, HOST_BELIEVED)
  return origin
}

const HOST_BELIEVED =
  'public_url is not set: the redirect_uri follows the Host header of each request. Set it; security.strict demands it. Said once per app.'

/**
 * Whether the browser speaks https with us, as far as we are told: it decides `Secure` and `__Host-` of cookies.
 *
 * @param app The app that they are for; undefined: for none in particular.
 */
export function isSecure(req: Request, services: AuthServices, app: App | undefined): boolean {
  return publicUrl(app, services)?.startsWith('https:') ?? requestScheme(req) === 'https'
}

/**
 * The `redirect_uri` of a login. It must be among the Allowed Return URLs of the app's Security Profile, byte for byte.
 * Without a configured public URL it is this request's own address, with `appid` and `host_url` if they were given.
 */
export function redirectUri(app: App, exchange: LoginExchange): string {
  const configured = publicUrl(app, exchange.services)
  if (configured !== undefined) {
    return publicRedirectUri(configured, exchange.mountPath)
  }
  const kept = Array.from(queryEntries(exchange.req)).filter(
    ([name, value]) => (name === 'appid' || name === 'host_url') && value !== '',
  )
  const query = kept.length === 0 ? '' : `?${new URLSearchParams(kept).toString()}`
  const [path] = originForm(exchange.req.originalUrl).split('?', 1)
  return `${claimedOrigin(app, exchange)}${path ?? ''}${query}`
}

/**
 * Runs a hook of the host: what it throws fails this login, never the process.
 *
 * @throws {AmazonAuthError} `refused_by_host`: the hook says why, to the person; `hook_failed`: it threw anything else.
 */
export async function runHook<T>(hook: () => T | Promise<T>): Promise<T> {
  try {
    return await hook()
  } catch (cause) {
    if (isSignInRefused(cause)) {
      throw new AmazonAuthError('refused_by_host', { problem: refusalReason(cause) || undefined })
    }
    throw new AmazonAuthError('hook_failed', {}, cause)
  }
}
