import { randomUUID } from 'node:crypto'

import type { AuditEvent, AuditStore } from '../../audit/audit-event'
import { defineQuery } from './define-query'
import { deleteUntil } from './moved-tables'
import type { SqlExecutor } from './sql-executor'

const insertEvent = defineQuery((db, params: AuditEvent & { id: string }) =>
  db.insertInto('audit').values({
    app_id: params.app,
    at: params.atMs,
    id: params.id,
    outcome: params.outcome,
    reason: params.reason,
    way: params.way,
    user_id: params.userId,
    request_id: params.requestId,
    network: params.network,
  }),
)

const deleteOld = deleteUntil('audit', ['app_id', 'at', 'id'], 'at')

/** Attempts to sign in, in SQL. */
export function sqlAuditStore(executor: SqlExecutor): AuditStore {
  return {
    async append(events) {
      await executor.write(events.map((event) => insertEvent({ ...event, id: randomUUID() })))
    },
    async deleteBefore(atMs, limit) {
      const [old] = await executor.write([deleteOld({ timeMs: atMs - 1, limit })])
      return old.length
    },
  }
}
