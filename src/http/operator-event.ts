import type { Request, Response } from 'express'

import type { AuditEvent } from '../audit/audit-event'
import type { OperatorAction } from '../audit/operator-action'
import type { AuthServices } from './auth-services'
import { requestTrace } from './request-trace'

/** What was changed, and by whom. Nothing of it may be secret. */
export interface OperatorChange {
  /** As `audit/actor.ts` writes it. */
  readonly actor: string
  /** Id of the app that it is about. */
  readonly app: string
  readonly action: OperatorAction
  /** The user whom it was done to, if it was one. */
  readonly userId?: string | undefined
  /** What else should be known, in short. */
  readonly detail?: string | undefined
}

/** How a change stands in the audit trail, by whatever way it was made. */
export function operatorEvent(
  { actor, app, action, userId, detail }: OperatorChange,
  {
    req,
    res,
    services,
  }: { readonly req: Request; readonly res: Response; readonly services: AuthServices },
): AuditEvent {
  return {
    atMs: services.now(),
    app,
    outcome: 'success',
    reason: action,
    way: 'operator',
    actor,
    detail,
    userId,
    ...requestTrace(req, res),
  }
}
