import type { Request, Response } from 'express'

import type { LoginWay } from '../../audit/audit-event'
import type { App } from '../../apps/app'
import { MAX_APP_ID_CHARACTERS } from '../../apps/app-id'
import type { AmazonAuthError } from '../../errors'
import { redactText } from '../../redact-text'
import type { User } from '../../users/user'
import type { AuthServices } from '../auth-services'
import { countLogin, isRefusal } from '../limits/limit-logins'
import { MASKED, networkOf } from '../limits/network-of'

interface Visit {
  readonly req: Request
  readonly res: Response
  readonly services: AuthServices
}

/** Tells metrics, audit trail and limits that somebody has signed in. */
export function reportSuccess(app: App, user: User, way: LoginWay, visit: Visit): void {
  const { metrics, audit } = visit.services
  metrics.countLogin(app.id, 'success', 'ok')
  countLogin(app, undefined, visit)
  const outcome = { outcome: 'success', reason: 'ok', userId: user.id } as const
  audit.record({ ...outcome, app: app.id, way, ...originOf(visit) })
}

export interface FailedAttempt {
  /** The app that the request names; undefined: none. */
  readonly appId: string | undefined
  /** The app that it is for, if there is one: see `findFailedApp`. */
  readonly app: App | undefined
  readonly way: LoginWay
}

/** Tells them that an attempt has failed. What was refused before it began is only counted: a flood must not fill the store. */
export function reportFailure(
  error: AmazonAuthError,
  { app, appId, way }: FailedAttempt,
  visit: Visit,
): void {
  const { apps, metrics, audit } = visit.services
  metrics.countLogin(app?.id, 'failure', error.code)
  if (isRefusal(error)) return
  countLogin(app, error, visit)
  const outcome = { outcome: 'failure', reason: error.code, userId: undefined } as const
  // Whatever the visitor sent; it need not be the name of an app.
  const named = redactText((app?.id ?? appId ?? apps.rootId).slice(0, MAX_APP_ID_CHARACTERS))
  audit.record({ ...outcome, app: named, way, ...originOf(visit) })
}

const PLAIN_ID = /^[\w.-]{8,64}$/

function originOf({ req, res, services }: Visit) {
  // Whoever gives requests their ids also sends them back; a proxy in front sends them along.
  const requestId = res.getHeader('x-request-id') ?? req.headers['x-request-id']
  return {
    atMs: services.now(),
    network: networkOf(req.ip, MASKED),
    requestId: typeof requestId === 'string' && PLAIN_ID.test(requestId) ? requestId : undefined,
  }
}
