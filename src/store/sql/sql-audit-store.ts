import { randomUUID } from 'node:crypto'

import type { AuditEvent, AuditStore } from '../../audit/audit-event'
import { addRollUp } from './add-roll-up'
import { defineQuery } from './define-query'
import { deleteUntil } from './moved-tables'
import type { SqlExecutor } from './sql-executor'

interface Row extends AuditEvent {
  readonly id: string
  /** How many users it has made; undefined: none. */
  readonly newUsers: number | undefined
}

const insertEvent = defineQuery((db, params: Row) =>
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
    step: params.step,
    took_ms: params.tookMs,
    amazon_ms: params.amazonMs,
    is_new: params.newUsers,
    actor: params.actor,
    detail: params.detail,
  }),
)

const deleteOld = deleteUntil('audit', ['app_id', 'at', 'id'], 'at')

/** Attempts to sign in, in SQL. */
export function sqlAuditStore(executor: SqlExecutor): AuditStore {
  return {
    async append(events, counts) {
      const inserts = events.map((event) =>
        insertEvent({ ...event, id: randomUUID(), newUsers: event.isNew && 1 }),
      )
      const statements = [...inserts, ...(counts === undefined ? [] : addRollUp(counts))]
      if (statements.length > 0) await executor.write(statements)
    },
    async deleteBefore(atMs, limit) {
      const [old] = await executor.write([deleteOld({ timeMs: atMs - 1, limit })])
      return old.length
    },
  }
}
