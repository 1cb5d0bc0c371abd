import { defineQuery, statementOf } from './define-query'
import type { Schema } from './schema'

/** How far an import has come with one app: kept in the store beside the app itself, so that the two never differ. */
export type ImportMark = Schema['imports']

export const createMarks = statementOf(
  `create table if not exists imports (
    app_id text primary key, source text not null, created_at bigint not null,
    replaces integer not null, done integer not null)`,
)

export const findMark = defineQuery((db, params: { appId: string }) =>
  db.selectFrom('imports').selectAll().where('app_id', '=', params.appId),
)

export const putMark = defineQuery(
  (db, { app_id, source, created_at, replaces, done }: ImportMark) =>
    db
      .insertInto('imports')
      .values({ app_id, source, created_at, replaces, done })
      .onConflict((conflict) =>
        conflict.column('app_id').doUpdateSet({ source, created_at, replaces, done }),
      ),
)

/** Ends the import of a file: all of it is here. */
export const deleteMarks = defineQuery((db, params: { source: string }) =>
  db.deleteFrom('imports').where('source', '=', params.source),
)
