import { sql } from 'kysely'

import { defineQuery } from './define-query'

export const deleteUser = defineQuery((db, params: { appId: string; id: string }) =>
  db
    .deleteFrom('users')
    .where('app_id', '=', params.appId)
    .where('id', '=', params.id)
    .returning('id'),
)

/** In the transaction that deletes the user, so that nothing is forgotten of what is to be forgotten. */
export const noteErasure = defineQuery((db, params: { appId: string; id: string; nowMs: number }) =>
  db
    .insertInto('erasures')
    .columns(['app_id', 'user_id', 'deleted_at'])
    .expression((select) =>
      select
        .selectFrom('users')
        .select(['users.app_id', 'users.id', sql<number>`${params.nowMs}`.as('deleted_at')])
        .where('users.app_id', '=', params.appId)
        .where('users.id', '=', params.id),
    )
    .onConflict((conflict) => conflict.doNothing()),
)
