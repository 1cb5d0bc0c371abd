import { randomUUID } from 'node:crypto'

import type { AuditEvent, AuditStore } from '../../audit/audit-event'
import { defineQuery } from './define-query'
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

const deleteOld = defineQuery((db, params: { atMs: number; limit: number }) =>
  db
    .deleteFrom('audit')
    .where('at', '<=', (events) =>
      events
        .selectFrom((old) =>
          old
            .selectFrom('audit')
            .select('at')
            .where('at', '<', params.atMs)
            .orderBy('at')
            .limit(params.limit)
            .as('oldest'),
        )
        .select(({ fn }) => fn.max('oldest.at').as('at')),
    )
    .returning('id'),
)

/** Attempts to sign in, in SQL. */
export function sqlAuditStore(executor: SqlExecutor): AuditStore {
  return {
    async append(events) {
      await executor.write(events.map((event) => insertEvent({ ...event, id: randomUUID() })))
    },
    async deleteBefore(atMs, limit) {
      const [old] = await executor.write([deleteOld({ atMs, limit })])
      return old.length
    },
  }
}
