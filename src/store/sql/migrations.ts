import { sql, type Compilable, type RawBuilder, type SchemaModule } from 'kysely'

import { folded } from './folded'

type Migration = (schema: SchemaModule, dialect: 'sqlite' | 'postgres') => readonly Compilable[]

/**
 * Steps from an empty database to the schema of this version; the n-th leads to schema n. What has been released is
 * never changed: a new step follows it.
 *
 * Keys start with the app, so that rows can be spread over machines by it; sessions alone are found by id, because one
 * browser session may hold sign-ins of several apps.
 */
export const MIGRATIONS: readonly Migration[] = [
  (schema) => [
    ...appTables(schema),
    ...userTables(schema),
    schema
      .createTable('sessions')
      .addColumn('id_hash', 'text', (column) => column.primaryKey())
      .addColumn('data', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull()),
    schema.createIndex('sessions_by_expires_at').on('sessions').column('expires_at'),
  ],
  (schema) => [
    // No reference to apps: attempts name apps that are not there, and outlive those that are deleted.
    schema
      .createTable('audit')
      .addColumn('app_id', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('outcome', 'text', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('way', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text')
      .addColumn('request_id', 'text')
      .addColumn('network', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('audit_key', ['app_id', 'at', 'id']),
    schema.createIndex('audit_by_at').on('audit').column('at'),
  ],
  (schema) => [
    // No reference to apps: what was used stays used until it is worth nothing, and then goes by itself.
    schema
      .createTable('used_once')
      .addColumn('app_id', 'text', (column) => column.notNull())
      .addColumn('name_hash', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('used_once_key', ['app_id', 'name_hash']),
    schema.createIndex('used_once_by_expires_at').on('used_once').column('expires_at'),
  ],
  (schema) => [
    schema.alterTable('apps').addColumn('deleted_at', 'bigint'),
    schema.createIndex('apps_by_deleted_at').on('apps').column('deleted_at'),
    schema.createTable('sealing_keys').addColumn('key_id', 'text', (column) => column.primaryKey()),
  ],
  (schema, dialect) => [
    ...orderIndices(schema),
    ...(dialect === 'postgres' ? textIndices(schema) : []),
  ],
  (schema) => [
    schema
      .createTable('serving_nodes')
      .addColumn('node_id', 'text', (column) => column.primaryKey())
      .addColumn('label', 'text', (column) => column.notNull())
      .addColumn('key_ids', 'text', (column) => column.notNull())
      .addColumn('seen_at', 'bigint', (column) => column.notNull()),
  ],
]

/** One for each order in which users are listed, whole with the id, and for what names and emails begin with. */
function orderIndices(schema: SchemaModule): readonly Compilable[] {
  const users = (name: string, key: string | RawBuilder<unknown>) =>
    schema
      .createIndex(name)
      .on('users')
      .expression(sql`app_id, ${typeof key === 'string' ? sql.ref(key) : key}, id`)
  return [
    schema.dropIndex('users_by_email'),
    schema.dropIndex('users_by_created_at'),
    users('users_by_created_at', 'created_at'),
    users('users_by_updated_at', 'updated_at'),
    users('users_by_name', folded('name')),
    users('users_by_email', folded('email')),
    users('users_by_id_number', sql`length(id)`),
    schema
      .createIndex('apps_by_name')
      .on('apps')
      .expression(sql`${folded('name')}, app_id`),
  ]
}

/** SQLite orders these by code units anyway. */
function textIndices(schema: SchemaModule): readonly Compilable[] {
  return [
    schema
      .createIndex('users_by_identifier')
      .on('users')
      .expression(sql`app_id, identifier collate binary`),
    schema
      .createIndex('apps_by_id')
      .on('apps')
      .expression(sql`app_id collate binary`),
  ]
}

function appTables(schema: SchemaModule): readonly Compilable[] {
  return [
    schema
      .createTable('apps')
      .addColumn('app_id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('active', 'integer', (column) => column.notNull())
      .addColumn('sealed_secret', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull()),
    schema
      .createTable('settings')
      .addColumn('app_id', 'text', (column) =>
        column.notNull().references('apps.app_id').onDelete('cascade'),
      )
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('settings_key', ['app_id', 'name']),
  ]
}

function userTables(schema: SchemaModule): readonly Compilable[] {
  return [
    schema
      .createTable('users')
      .addColumn('app_id', 'text', (column) =>
        column.notNull().references('apps.app_id').onDelete('cascade'),
      )
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('identifier', 'text', (column) => column.notNull())
      .addColumn('email', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('picture', 'text', (column) => column.notNull())
      .addColumn('groups', 'text', (column) => column.notNull())
      .addColumn('active', 'integer', (column) => column.notNull())
      .addColumn('token_secret', 'text', (column) => column.notNull())
      .addColumn('session_epoch', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('users_key', ['app_id', 'id'])
      .addUniqueConstraint('users_identifier', ['app_id', 'identifier']),
    schema.createIndex('users_by_email').on('users').columns(['app_id', 'email']),
    schema.createIndex('users_by_created_at').on('users').columns(['app_id', 'created_at']),
  ]
}
