import type { UserTraceStore } from '../../users/kept-of-user'
import { defineQuery } from './define-query'
import { keptOfUsers } from './kept-of-users'
import type { SqlExecutor } from './sql-executor'

const findErasure = defineQuery((db, params: { untilMs: number }) =>
  db
    .selectFrom('erasures')
    .select(['app_id as appId', 'user_id as userId'])
    .where('deleted_at', '<=', params.untilMs)
    .orderBy('deleted_at')
    .limit(1),
)

const endErasure = defineQuery((db, params: { appId: string; userId: string }) =>
  db.deleteFrom('erasures').where('app_id', '=', params.appId).where('user_id', '=', params.userId),
)

/** What is kept of users beside their rows, in SQL. */
export function sqlUserTraces(executor: SqlExecutor): UserTraceStore {
  const kinds = keptOfUsers(executor)
  return {
    kinds,
    async eraseDeleted(untilMs, limit) {
      for (let erased = 0; ; erased += 1) {
        const [gone] = erased < limit ? await executor.read(findErasure({ untilMs })) : []
        if (gone === undefined) return erased
        for (const kind of kinds) {
          if (erased < limit) erased += await kind.erase(gone.appId, gone.userId, limit - erased)
        }
        if (erased >= limit) return limit
        await executor.write([endErasure(gone)])
      }
    },
  }
}
