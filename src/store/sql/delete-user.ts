import { sql } from 'kysely'

import { defineQuery, type Statement } from './define-query'
import { tell } from './sql-outbox'

/** Holds the row, as everything does that is about the user, before what is written of them elsewhere. */
const holdUser = defineQuery((db, params: { appId: string; id: string }) =>
  db
    .updateTable('users')
    .set((eb) => ({ updated_at: eb.ref('updated_at') }))
    .where('app_id', '=', params.appId)
    .where('id', '=', params.id),
)

const deleteUser = defineQuery((db, params: { appId: string; id: string }) =>
  db
    .deleteFrom('users')
    .where('app_id', '=', params.appId)
    .where('id', '=', params.id)
    .returning('id'),
)

/** In the transaction that deletes the user, so that nothing is forgotten of what is to be forgotten. */
const noteErasure = defineQuery((db, params: { appId: string; id: string; nowMs: number }) =>
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

/**
 * The statements of a deletion: its event, what is to be erased later, and, at last, the user, who comes back where there
 * was one.
 *
 * @param erasedFromMs From when the rest may be erased: no late events of the user come any more.
 */
export function deletionOf(
  appId: string,
  id: string,
  { nowMs, erasedFromMs = nowMs }: { readonly nowMs: number; readonly erasedFromMs?: number },
): readonly Statement[] {
  return [
    holdUser({ appId, id }),
    ...tell(appId, { kind: 'user', userId: id }, { type: 'user.deleted' }, nowMs),
    noteErasure({ appId, id, nowMs: erasedFromMs }),
    deleteUser({ appId, id }),
  ]
}
