import type { OperatorAction } from '../../audit/operator-action'
import type { AdminVisit } from './admin-route'
import { requestTrace } from '../request-trace'

/** What an operator has changed. Nothing of it may be secret. */
export interface OperatorChange {
  /** Id of the app that it is about. */
  readonly app: string
  readonly action: OperatorAction
  /** The user whom it was done to, if it was one. */
  readonly userId?: string | undefined
  /** What else should be known, in short. */
  readonly detail?: string | undefined
}

/**
 * Writes a change into the audit trail, under the operator who has made it. Call it once the change is made.
 *
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function recordChange(
  { req, res, services, operator }: AdminVisit,
  { app, action, userId, detail }: OperatorChange,
): Promise<void> {
  await services.audit.append({
    atMs: services.now(),
    app,
    outcome: 'success',
    reason: action,
    way: 'operator',
    actor: operator.actor,
    detail,
    userId,
    ...requestTrace(req, res),
  })
}
