import type { Request, Response } from 'express'

import type { LoginWay } from '../../audit/audit-event'
import type { App } from '../../apps/app'
import { MAX_APP_ID_CHARACTERS } from '../../apps/app-id'
import type { AmazonAuthError, ErrorCode } from '../../errors'
import { textForLog } from '../../text-for-log'
import type { User } from '../../users/user'
import type { AuthServices } from '../auth-services'
import { countLogin, isRefusal } from '../limits/limit-logins'
import { MASKED, networkOf } from '../limits/network-of'
import { addressesOf } from '../trusted-peer'

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
  /** Id of the app that the request names, or the host for it; undefined: it could not be told. */
  readonly appId: string | undefined
  /** The app, if there is one. */
  readonly app: App | undefined
  readonly way: LoginWay
}

/**
 * Tells them, the log and the host that an attempt has failed. What was refused before it began is only counted: a flood
 * must not fill the store, and that logins are refused was told when it began.
 */
export async function reportFailure(
  error: AmazonAuthError,
  attempt: FailedAttempt,
  visit: Visit,
): Promise<void> {
  countFailure(error, attempt, visit)
  if (isRefusal(error)) return
  logFailure(error, attempt.appId, visit.services, 'sign-in failed')
  await callOnFailure(error, attempt.appId, visit)
}

/** Tells only those who keep count, as {@link reportFailure} does. */
export function countFailure(
  error: AmazonAuthError,
  { app, appId, way }: FailedAttempt,
  visit: Visit,
): void {
  const { metrics, audit } = visit.services
  metrics.countLogin(app?.id, 'failure', error.code)
  if (isRefusal(error)) return
  countLogin(app, error, visit)
  const outcome = { outcome: 'failure', reason: error.code, userId: undefined } as const
  // Whatever the visitor sent; it need not be the name of an app.
  const named = textForLog((appId ?? '').slice(0, MAX_APP_ID_CHARACTERS))
  audit.record({ ...outcome, app: named, way, ...originOf(visit) })
}

/** Failures that only the operator can mend are errors; what a person or the host has decided is no fault at all. */
const LEVELS: Partial<Record<ErrorCode, 'error' | 'info'>> = {
  client_rejected: 'error',
  secret_unreadable: 'error',
  hook_failed: 'error',
  internal: 'error',
  access_denied: 'info',
  refused_by_host: 'info',
}

export function logFailure(
  error: AmazonAuthError,
  app: string | undefined,
  { logger }: Pick<AuthServices, 'logger'>,
  message: string,
): void {
  const { code, advice, facts, cause } = error
  const level = LEVELS[code] ?? 'warn'
  logger[level]({ app, code, ...facts, advice, ...(cause !== undefined && { cause }) }, message)
}

async function callOnFailure(
  error: AmazonAuthError,
  appId: string | undefined,
  { req, services }: Visit,
): Promise<void> {
  try {
    await services.hooks.onFailure?.({ error, appId, req })
  } catch (cause) {
    services.logger.error({ app: appId, code: 'hook_failed', cause }, 'onFailure threw')
  }
}

const PLAIN_ID = /^[\w.-]{8,64}$/

function originOf({ req, res, services }: Visit) {
  // Whoever gives requests their ids also sends them back; a proxy in front sends them along.
  const requestId = res.getHeader('x-request-id') ?? req.headers['x-request-id']
  return {
    atMs: services.now(),
    network: networkOf(addressesOf(req).at(-1), MASKED),
    requestId: typeof requestId === 'string' && PLAIN_ID.test(requestId) ? requestId : undefined,
  }
}
