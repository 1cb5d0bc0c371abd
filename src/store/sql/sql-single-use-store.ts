import { sha256 } from '../../crypto/random'
import type { SingleUseStore } from '../../tokens/single-use'
import { defineQuery } from './define-query'
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

const deleteEnded = defineQuery((db, params: { nowMs: number; limit: number }) =>
  db
    .deleteFrom('used_once')
    .where((eb) =>
      eb(
        eb.refTuple('app_id', 'name_hash'),
        'in',
        eb
          .selectFrom('used_once')
          .select(['app_id', 'name_hash'])
          .where('expires_at', '<=', params.nowMs)
          .orderBy('expires_at')
          .limit(params.limit)
          .$asTuple('app_id', 'name_hash'),
      ),
    )
    .returning('name_hash'),
)

/** What was used once, in SQL. Names are kept as hashes: they are made of signatures and the ids of tokens. */
export function sqlSingleUseStore(executor: SqlExecutor): SingleUseStore {
  return {
    async take({ appId, name, expiresAtMs }) {
      const nameHash = sha256(name)
      const [taken] = await executor.write([insertUse({ appId, nameHash, expiresAtMs })])
      return taken.length > 0
    },
    async deleteExpired(nowMs, limit) {
      const [ended] = await executor.write([deleteEnded({ nowMs, limit })])
      return ended.length
    },
  }
}
