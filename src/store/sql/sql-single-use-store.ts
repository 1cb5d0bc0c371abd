import { sha256 } from '../../crypto/random'
import type { SingleUseStore } from '../../tokens/single-use'
import { defineQuery } from './define-query'
import { deleteUntil } from './moved-tables'
import type { SqlExecutor } from './sql-executor'

const insertUse = defineQuery(
  (db, params: { appId: string; nameHash: string; expiresAtMs: number }) =>
    db
      .insertInto('used_once')
      .values({
        app_id: params.appId,
        name_hash: params.nameHash,
        expires_at: params.expiresAtMs,
      })
      .onConflict((conflict) => conflict.columns(['app_id', 'name_hash']).doNothing())
      .returning('name_hash'),
)

const findUse = defineQuery((db, params: { appId: string; nameHash: string }) =>
  db
    .selectFrom('used_once')
    .select('name_hash')
    .where('app_id', '=', params.appId)
    .where('name_hash', '=', params.nameHash),
)

const deleteEnded = deleteUntil('used_once', ['app_id', 'name_hash'], 'expires_at')

/** What was used once, in SQL. Names are kept as hashes: they are made of signatures and the ids of tokens. */
export function sqlSingleUseStore(executor: SqlExecutor): SingleUseStore {
  return {
    async take({ appId, name, expiresAtMs }) {
      const nameHash = sha256(name)
      const [taken] = await executor.write([insertUse({ appId, nameHash, expiresAtMs })])
      return taken.length > 0
    },
    async wasTaken({ appId, name }) {
      const found = await executor.read(findUse({ appId, nameHash: sha256(name) }))
      return found.length > 0
    },
    async deleteExpired(nowMs, limit) {
      const [ended] = await executor.write([deleteEnded({ timeMs: nowMs, limit })])
      return ended.length
    },
  }
}
