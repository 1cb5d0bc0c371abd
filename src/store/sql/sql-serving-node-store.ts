import type { ServingNodeStore } from '../../apps/serving-nodes'
import { defineQuery } from './define-query'
import type { SqlExecutor } from './sql-executor'

const upsertNode = defineQuery(
  (db, params: { id: string; label: string; keyIds: string; seenAtMs: number }) =>
    db
      .insertInto('serving_nodes')
      .values({
        node_id: params.id,
        label: params.label,
        key_ids: params.keyIds,
        seen_at: params.seenAtMs,
      })
      .onConflict((conflict) =>
        conflict.column('node_id').doUpdateSet({ seen_at: params.seenAtMs }),
      ),
)

const deleteNode = defineQuery((db, params: { id: string }) =>
  db.deleteFrom('serving_nodes').where('node_id', '=', params.id),
)

const listSince = defineQuery((db, params: { timeMs: number }) =>
  db.selectFrom('serving_nodes').selectAll().where('seen_at', '>=', params.timeMs).orderBy('label'),
)

const deleteBefore = defineQuery((db, params: { timeMs: number; limit: number }) =>
  db
    .deleteFrom('serving_nodes')
    .where('node_id', 'in', (from) =>
      from
        .selectFrom('serving_nodes')
        .select('node_id')
        .where('seen_at', '<', params.timeMs)
        .limit(params.limit),
    )
    .returning('node_id'),
)

/** Which processes serve, in SQL. */
export function sqlServingNodeStore(executor: SqlExecutor): ServingNodeStore {
  return {
    async note({ keyIds, ...node }) {
      await executor.write([upsertNode({ ...node, keyIds: keyIds.join(' ') })])
    },
    async forget(id) {
      await executor.write([deleteNode({ id })])
    },
    async listSeenSince(timeMs) {
      const rows = await executor.read(listSince({ timeMs }))
      return rows.map(({ node_id, label, key_ids, seen_at }) => ({
        id: node_id,
        label,
        keyIds: key_ids.split(' '),
        seenAtMs: seen_at,
      }))
    },
    async deleteSeenBefore(timeMs, limit) {
      const [ended] = await executor.write([deleteBefore({ timeMs, limit })])
      return ended.length
    },
  }
}
