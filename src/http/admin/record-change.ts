import { operatorEvent, type OperatorChange } from '../operator-event'
import type { AdminVisit } from './admin-route'

/**
 * Writes a change into the audit trail, under the operator who has made it. Call it once the change is made.
 *
 * @throws {AmazonAuthError} `store_unavailable`
 */
export async function recordChange(
  visit: AdminVisit,
  change: Omit<OperatorChange, 'actor'>,
): Promise<void> {
  const { actor } = visit.operator
  await visit.services.audit.append(operatorEvent({ ...change, actor }, visit))
}
