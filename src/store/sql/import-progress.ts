import { defineQuery, statementOf, type Statement } from './define-query'
import type { Schema } from './schema'
import type { SqlExecutor } from './sql-executor'

/** One app of an import that has not reached its end. */
export type ImportMark = Schema['imports']

const createTable = statementOf(
  `create table if not exists imports (
    app_id text primary key, source text not null, created_at bigint not null,
    replaces integer not null, done integer not null)`,
)

const findMark = defineQuery((db, params: { appId: string }) =>
  db.selectFrom('imports').selectAll().where('app_id', '=', params.appId),
)

const putMark = defineQuery((db, { app_id, source, created_at, replaces, done }: ImportMark) =>
  db
    .insertInto('imports')
    .values({ app_id, source, created_at, replaces, done })
    .onConflict((conflict) =>
      conflict.column('app_id').doUpdateSet({ source, created_at, replaces, done }),
    ),
)

const deleteMarks = defineQuery((db, params: { source: string }) =>
  db.deleteFrom('imports').where('source', '=', params.source),
)

/** How far an import has come, kept in the store beside the apps themselves, so that the two never differ. */
export interface ImportProgress {
  find(appId: string): Promise<ImportMark | undefined>
  put(mark: ImportMark): Statement
  /** Ends the import of a file: all of it is here. */
  end(source: string): Promise<void>
}

export async function openImportProgress(store: SqlExecutor): Promise<ImportProgress> {
  await store.write([createTable])
  return {
    find: async (appId) => (await store.read(findMark({ appId })))[0],
    put: putMark,
    async end(source) {
      await store.write([deleteMarks({ source })])
    },
  }
}
