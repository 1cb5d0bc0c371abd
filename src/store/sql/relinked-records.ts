import { sql } from 'kysely'

import { relinkedPrefix } from '../../users/identity-provider'
import type { KeptOfUser } from '../../users/kept-of-user'
import { toUserJson } from '../../users/user-json'
import { defineQuery } from './define-query'
import { deletionOf } from './delete-user'
import { startsWith, textRange } from './folded'
import type { SqlExecutor } from './sql-executor'
import { fromUserRow, USER_COLUMNS } from './user-row'

/** One person has hardly more than one; all there are make one page. */
const MAX_RECORDS = 100

const findRelinked = defineQuery(
  (db, params: { appId: string; exactFrom: string; exactTo: string; limit: number }) =>
    db
      .selectFrom('users')
      .select(USER_COLUMNS)
      .where('app_id', '=', params.appId)
      .where(startsWith(sql`identifier collate binary`, params.exactFrom, params.exactTo))
      .limit(params.limit),
)

/** Records of the same person that a relink has locked, for the one that goes on. */
export function relinkedRecords(executor: SqlExecutor): KeptOfUser {
  const find = (appId: string, userId: string, limit: number) =>
    executor.read(findRelinked({ appId, limit, ...textRange(relinkedPrefix(userId)) }))
  return {
    name: 'relinked_records',
    async page(appId, userId) {
      const rows = await find(appId, userId, MAX_RECORDS)
      return { items: rows.map((row) => ({ ...toUserJson(fromUserRow(row)) })), next: undefined }
    },
    async erase(appId, userId, limit) {
      const rows = await find(appId, userId, limit)
      // They have sign-ins of their own. Locked for long, no late ones come.
      const when = { nowMs: Date.now(), erasedFromMs: 0 }
      await executor.write(rows.flatMap(({ id }) => deletionOf(appId, id, when)))
      return rows.length
    },
  }
}
