import type { AuditEvent } from '../audit/audit-event'
import { eventOf, type BulkAction } from '../bulk/bulk-change'
import { createBulkChanges, type BulkChanges } from '../bulk/create-bulk-changes'
import type { UserChanged } from '../bulk/run-bulk'
import type { Config } from '../config/config'
import type { UserLife } from '../users/user-event'
import type { Stores } from './compose-stores'
import type { Parts } from './parts'

/** Changes of many users. Each is an event, stored with what it tells of, and logged here as any other. */
export function composeBulk(
  { audit }: Pick<Config, 'audit'>,
  { store }: Pick<Stores, 'store'>,
  { logger, logLogin = (event) => logger.info(event, 'audit'), now = Date.now }: Parts,
  {
    life,
    onWritten,
  }: {
    readonly life: UserLife
    /** Events for those who listen to an app may have been written. */
    readonly onWritten: (appId: string) => void
  },
): BulkChanges {
  return createBulkChanges({
    store: store.bulk,
    isAudited: audit.retention > 0,
    onChanged(changed) {
      logLogin(toEvent(changed))
      const { bulk, userId: id } = changed
      onWritten(bulk.appId)
      for (const news of NEWS[bulk.action]) life[news]({ appId: bulk.appId, id })
    },
    logger,
    now,
  })
}

/** As a change of one user alone tells it. */
const NEWS = {
  lock: ['locked', 'signedOut'],
  unlock: ['unlocked'],
  sign_out: ['signedOut'],
  delete: ['deleted'],
} as const satisfies Record<BulkAction, readonly (keyof UserLife)[]>

function toEvent({ atMs, bulk, userId }: UserChanged): AuditEvent {
  const { appId: app } = bulk
  const event = { atMs, app, userId, outcome: 'success', way: 'operator' } as const
  return { ...event, ...eventOf(bulk), requestId: undefined, network: '' }
}
