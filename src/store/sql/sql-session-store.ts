import type { SessionRecord, SessionStore } from '../../sessions/session-store'
import { defineQuery } from './define-query'
import { deleteUntil, SESSIONS_TABLE } from './moved-tables'
import type { SqlExecutor } from './sql-executor'

const findLive = defineQuery((db, params: { idHash: string; nowMs: number }) =>
  db
    .selectFrom('sessions')
    .select(['data', 'expires_at as expiresAtMs'])
    .where('id_hash', '=', params.idHash)
    .where('expires_at', '>', params.nowMs),
)

const updateSession = defineQuery((db, params: SessionRecord & { idHash: string }) =>
  db
    .updateTable('sessions')
    .set({ data: params.data, expires_at: params.expiresAtMs })
    .where('id_hash', '=', params.idHash),
)

const deleteSession = defineQuery((db, params: { idHash: string }) =>
  db.deleteFrom('sessions').where('id_hash', '=', params.idHash),
)

const deleteEnded = deleteUntil('sessions', ['id_hash'], 'expires_at')

/** Browser sessions in SQL. */
export function sqlSessionStore(executor: SqlExecutor): SessionStore {
  return {
    async find(idHash, nowMs) {
      const [session] = await executor.read(findLive({ idHash, nowMs }))
      return session
    },
    async put(idHash, { data, expiresAtMs }) {
      await executor.write([SESSIONS_TABLE.put({ id_hash: idHash, data, expires_at: expiresAtMs })])
    },
    async replace(idHash, session) {
      await executor.write([updateSession({ idHash, ...session })])
    },
    async delete(idHash) {
      await executor.write([deleteSession({ idHash })])
    },
    async deleteExpired(nowMs, limit) {
      const [ended] = await executor.write([deleteEnded({ timeMs: nowMs, limit })])
      return ended.length
    },
  }
}
