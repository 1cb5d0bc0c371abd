import { sql } from 'kysely'

import { idList, idParams, type IdParams } from './id-list'
import { defineQuery } from './define-query'
import type { SqlExecutor } from './sql-executor'

/** Users that one question may be about. */
const MOST = 100

/** The index of a user's events is read from its end for each: as many look-ups as users, in one question. */
const lastSignIns = defineQuery((db, params: { appId: string } & IdParams) =>
  db
    .selectFrom('users')
    .select([
      'id',
      sql<
        number | null
      >`(select audit.at from audit where audit.app_id = users.app_id and audit.user_id = users.id and audit.outcome = 'success' and audit.way <> 'operator' order by audit.at desc limit 1)`.as(
        'atMs',
      ),
    ])
    .where('app_id', '=', params.appId)
    .where(sql<boolean>`id in (${idList(params, MOST)})`),
)

/** When users last signed in, by their ids, as far as the audit trail goes back. */
export async function findLastSignIns(
  executor: SqlExecutor,
  appId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await executor.read(lastSignIns({ appId, ...idParams(ids, MOST) }))
  return new Map(rows.flatMap(({ id, atMs }) => (atMs === null ? [] : [[id, atMs] as const])))
}
