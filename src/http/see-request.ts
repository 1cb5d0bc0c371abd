import type { Request } from 'express'

import type { SeenExpress, SeenRequest } from '../doctor/seen'
import { mountPathOf } from './req-amazon-auth'
import { findRequestOrigin } from './request-origin'
import { findHostSession, whyHostSessionIsUnfit } from './session/host-session'
import { findLosses, KEPT_BACK } from './session/lost-sign-in'
import { landingOf, unfit } from './sign-in/watch-host-session'
import { trustsPeer } from './trusted-peer'

/** By which proxies tell how the browser came. */
const FORWARDED = [
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-for',
  'cloudfront-forwarded-proto',
  'forwarded',
]

/** What a request tells of the way that it has come, for doctor. */
export function seeRequest(req: Request): SeenRequest {
  const forwarded = FORWARDED.flatMap((name) => {
    const value = req.headers[name]
    return value === undefined ? [] : [[name, String(value)] as const]
  })
  return {
    mountPath: mountPathOf(req),
    origin: findRequestOrigin(req),
    forwarded: Object.fromEntries(forwarded),
    isTrusted: trustsPeer(req),
    lossesAt: (target, ownOrigin) => lossesOf(req, target, ownOrigin),
  }
}

function lossesOf(req: Request, target: string, ownOrigin: string): readonly string[] {
  const why = whyHostSessionIsUnfit(req)
  if (why !== undefined) return [unfit(why)]
  const session = findHostSession(req)
  if (session === undefined) return []
  const losses = findLosses(session.cookie, landingOf(target, ownOrigin))
  // As express-session looks at it.
  return session.cookie.secure === true && !req.secure ? [...losses, KEPT_BACK] : losses
}

/** What the Express app that has this request says of itself. */
export function seeExpressOf(req: Request): SeenExpress {
  return {
    trustProxy: req.app.get('trust proxy') as unknown,
    mountPath: mountPathOf(req),
    session: findHostSession(req) === undefined ? undefined : 'before',
  }
}
