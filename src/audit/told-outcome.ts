import { DECLINED } from '../stats/roll-up'
import type { AuditEvent } from './audit-event'

/** How an attempt has ended, in the words of people and of figures: who has said no at Amazon has not failed. */
export type ToldOutcome = 'success' | 'declined' | 'failure'

export function toldOutcome({
  outcome,
  reason,
}: Pick<AuditEvent, 'outcome' | 'reason'>): ToldOutcome {
  return outcome === 'failure' && reason === DECLINED ? 'declined' : outcome
}
