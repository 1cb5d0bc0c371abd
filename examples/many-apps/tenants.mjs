// The host's own table of tenants, in a database of its own: SQLite here, by libsql and kysely, which are there anyway.
import { createRequire } from 'node:module'

import { Kysely, SqliteDialect } from 'kysely'

const Database = createRequire(import.meta.url)('libsql')

export async function openTenants(file) {
  const db = new Kysely({ dialect: new SqliteDialect({ database: new Database(file) }) })
  await db.schema
    .createTable('tenants')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('host', 'text', (column) => column.unique().notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('client_id', 'text', (column) => column.notNull())
    .addColumn('client_secret', 'text', (column) => column.notNull())
    .execute()
  const tenants = () => db.selectFrom('tenants').selectAll()
  return {
    byId: (id) => tenants().where('id', '=', id).executeTakeFirst(),
    byHost: (host) => tenants().where('host', '=', host).executeTakeFirst(),
    put: (tenant) => db.replaceInto('tenants').values(tenant).execute(),
    remove: (id) => db.deleteFrom('tenants').where('id', '=', id).execute(),
  }
}
