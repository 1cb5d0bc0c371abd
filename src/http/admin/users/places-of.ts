import type { AuditEvent } from '../../../audit/audit-event'
import type { ShownPlace } from '../../../pages/admin/users/user-events'

/** Ways and networks of sign-ins, those used last first. */
export function placesOf(
  events: readonly Pick<AuditEvent, 'atMs' | 'way' | 'network'>[],
): readonly ShownPlace[] {
  const places = new Map<string, ShownPlace>()
  for (const { atMs, way, network } of events) {
    const key = `${way} ${network}`
    const known = places.get(key)
    const lastMs = Math.max(atMs, known?.lastMs ?? 0)
    places.set(key, { way, network, times: (known?.times ?? 0) + 1, lastMs })
  }
  return [...places.values()].sort((one, other) => other.lastMs - one.lastMs)
}
