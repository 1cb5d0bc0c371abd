import type { AuditEvent } from '../audit/audit-event'
import { eventOf } from '../bulk/bulk-change'
import { createBulkChanges, type BulkChanges } from '../bulk/create-bulk-changes'
import type { UserChanged } from '../bulk/run-bulk'
import type { Config } from '../config/config'
import type { Stores } from './compose-stores'
import type { Parts } from './parts'

/** Changes of many users. Each is an event, stored with what it tells of, and logged here as any other. */
export function composeBulk(
  { audit }: Pick<Config, 'audit'>,
  { sql }: Pick<Stores, 'sql'>,
  { logger, logLogin = (event) => logger.info(event, 'audit'), now = Date.now }: Parts,
  /** Events for those who listen to an app may have been written. */
  onWritten: (appId: string) => void,
): BulkChanges {
  return createBulkChanges({
    store: sql.bulk,
    isAudited: audit.retention > 0,
    onChanged(changed) {
      logLogin(toEvent(changed))
      onWritten(changed.bulk.appId)
    },
    logger,
    now,
  })
}

function toEvent({ atMs, bulk, userId }: UserChanged): AuditEvent {
  const { appId: app } = bulk
  const event = { atMs, app, userId, outcome: 'success', way: 'operator' } as const
  return { ...event, ...eventOf(bulk), requestId: undefined, network: '' }
}
