import { defineQuery, statementOf } from './define-query'
import { table } from './moved-tables'
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

export const MARKS_TABLE = table('imports', ['app_id'], 'source created_at replaces done')

/** Ends the import of a file: all of it is here. */
export const deleteMarks = defineQuery((db, params: { source: string }) =>
  db.deleteFrom('imports').where('source', '=', params.source),
)
