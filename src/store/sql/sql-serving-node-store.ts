import type { ServingNodeStore } from '../../apps/serving-nodes'
import { defineQuery } from './define-query'
import { deleteUntil, table } from './moved-tables'
import type { SqlExecutor } from './sql-executor'

const NODES_TABLE = table('serving_nodes', ['node_id'], 'label key_ids seen_at')

const deleteNode = defineQuery((db, params: { id: string }) =>
  db.deleteFrom('serving_nodes').where('node_id', '=', params.id),
)

const listSince = defineQuery((db, params: { timeMs: number }) =>
  db.selectFrom('serving_nodes').selectAll().where('seen_at', '>=', params.timeMs).orderBy('label'),
)

const deleteSeen = deleteUntil('serving_nodes', ['node_id'], 'seen_at')

/** Which processes serve, in SQL. */
export function sqlServingNodeStore(executor: SqlExecutor): ServingNodeStore {
  return {
    async note({ id, label, keyIds, seenAtMs }) {
      const node = { node_id: id, label, key_ids: keyIds.join(' '), seen_at: seenAtMs }
      await executor.write([NODES_TABLE.put(node)])
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
      const [ended] = await executor.write([deleteSeen({ timeMs: timeMs - 1, limit })])
      return ended.length
    },
  }
}
