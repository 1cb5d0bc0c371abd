import type { Application, Request, RequestHandler, Response } from 'express'

import { toAmazonAuthError } from '../errors'
import { createWarnOfAbsentApp } from './absent-apps'
import { createAdminPages } from './admin-pages'
import { createApiRouter } from './api/api-router'
import { createBrowserRouter } from './browser-router'
import { createDeviceRouter, DEVICE_PATH } from './device/device-router'
import type { RequireUserOptions } from './guard-options'
import type { Connect, Installation } from './installation'
import { endSignIns } from './login/logout'
import { Once } from './login/once'
import { createMountPath, localMountPath } from './mount-path'
import { parentPath } from './parent-path'
import { findRequestUser, markPassage, setSignedIn } from './req-amazon-auth'
import { requireExpress } from './require-express'
import { requireUserOf } from './require-user'
import { maySignIn } from './session/browser-session'
import { createWarnOnce } from './warn-once'

export interface RouterOptions {
  /** Path of the JSON API. Default `/v1`. */
  readonly path?: string | undefined
  /** Whether the API answers for `users` and `apps`, names that a host may use itself. Default false. */
  readonly manage?: boolean | undefined
}

/** What is known of the mount. */
export interface Mount {
  /** Where it is. Default: the first request tells. */
  readonly path?: string | undefined
  /** Called by the first request. */
  readonly onMounted?: (mounted: Mounted) => void
}

/** The middleware, and what belongs to it. */
export interface AmazonAuthRouter extends RequestHandler {
  /**
   * Only reads who is signed in. For routes that do not lie behind the middleware, because it is mounted under a path of
   * its own: mount it before them.
   */
  readonly session: RequestHandler
  /** The `requireUser()` of this middleware: it needs nothing mounted before it, and knows which one it belongs to. */
  readonly requireUser: (options?: RequireUserOptions) => RequestHandler
}

/** Where the middleware has turned out to be mounted. */
export interface Mounted {
  readonly app: Application
  readonly mountPath: () => string
}

const OWN_PATHS = ['/amazon_auth', '/jwt_auth', '/passwordless_auth']
const BESIDE_API = ['/jwt_auth', '/passwordless_auth']

/**
 * Wires the middleware: the login and the API, and on every other request `req.amazonAuth`. What is none of ours costs
 * a look at the path and the Cookie header, and falls through.
 *
 * @param connect Rejects when the configuration cannot be read; that error goes to the host's error handler.
 */
export function createAmazonAuthRouter(
  connect: Connect,
  { path = '/v1', manage = false }: RouterOptions = {},
  { path: knownMount, onMounted = () => undefined }: Mount = {},
): AmazonAuthRouter {
  const warn = createWarnOnce()
  const warnOnce: Installation['warnOnce'] = ({ logger }, ...warning) =>
    warn(logger, undefined, ...warning)
  const once = new Once()
  const mountPath = createMountPath(knownMount)
  let sessionCookie: string | undefined
  let isMounted = false
  connect().then(
    ({ policy }) => void (sessionCookie = policy.cookies.session),
    () => undefined, // Told to whoever asks next.
  )
  const installation: Installation = {
    connect,
    sessionCookie: () => sessionCookie,
    mountPath: mountPath.current,
    signOut: (visit, what) => endSignIns(visit, what, once),
    warnOnce,
    warnOfAbsentApp: createWarnOfAbsentApp(warnOnce),
  }
  const beside = parentPath(path).toLowerCase()
  const prefixes = [...OWN_PATHS, ...BESIDE_API.map((name) => beside + name), path.toLowerCase()]

  const session: RequestHandler = (req, res, next) => {
    markPassage(req, res, installation)
    if (maySignIn(req, sessionCookie)) attachUser(req, res, connect).then(() => next(), next)
    else next()
  }
  const api = inTurn(createApiRouter(connect, { path, manage }), session)
  const onOwnPath = inTurn(createBrowserRouter(connect, once, beside), api)
  const onDevicePath = inTurn(createDeviceRouter(connect), onOwnPath)
  const onOtherPath = inTurn(createAdminPages(connect), session)

  const handle: RequestHandler = (req, res, next) => {
    requireExpress(req, res)
    markPassage(req, res, installation).mountPath = localMountPath(req)
    mountPath.learn(req)
    if (!isMounted) onMounted({ app: req.app, mountPath: mountPath.current })
    isMounted = true
    const requested = req.path.toLowerCase()
    if (requested.startsWith(DEVICE_PATH)) void onDevicePath(req, res, next)
    else if (prefixes.some((prefix) => requested.startsWith(prefix))) void onOwnPath(req, res, next)
    else void onOtherPath(req, res, next)
  }
  return Object.assign(handle, {
    session,
    requireUser: (options: RequireUserOptions = {}) => requireUserOf(installation, options),
  })
}

/** What the first does not answer, the second is asked for. */
function inTurn(first: RequestHandler, second: RequestHandler): RequestHandler {
  return (req, res, next) =>
    void first(req, res, (error?: unknown) => {
      if (error === undefined) void second(req, res, next)
      else next(error)
    })
}

/** A store that does not answer, or a hook that fails, leaves the visitor anonymous; guarded routes answer 503. */
async function attachUser(req: Request, res: Response, connect: Connect): Promise<void> {
  const services = await connect()
  try {
    const signedIn = await findRequestUser(req, res, services)
    if (signedIn !== undefined) setSignedIn(req, signedIn, services.apps.rootId)
  } catch (thrown) {
    const { code, cause } = toAmazonAuthError(thrown)
    services.logger.warn({ code, cause }, 'session not read')
  }
}
