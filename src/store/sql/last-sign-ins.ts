import { sql } from 'kysely'

import { idParams, idRows, type IdParams } from './id-list'
import { defineQuery } from './define-query'
import type { SqlExecutor } from './sql-executor'

/** Users that one question may be about. */
const MOST = 100

/**
 * The index of a user's events is read from its end for each: as many look-ups as users, in one question. It begins at the ids and
 * not at the users: the plan that PostgreSQL keeps is made for an app of middling size, where reading all of its users is
 * cheap, and is then run for the greatest.
 */
const lastSignIns = defineQuery((db, params: { appId: string } & IdParams) =>
  db
    .selectFrom(sql<{ column1: string }>`(values ${sql.join(idRows(params, MOST))})`.as('ids'))
    .select([
      'column1 as id',
      sql<
        number | null
      >`(select audit.at from audit where audit.app_id = ${params.appId} and audit.user_id = column1 and audit.outcome = 'success' and audit.way <> 'operator' order by audit.at desc limit 1)`.as(
        'atMs',
      ),
    ])
    .where('column1', '<>', ''),
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
