import { sql, type RawBuilder } from 'kysely'

import { defineQuery, type SqlValue, type Statement } from './define-query'
import type { Schema } from './schema'
import { FAILURES_KEY, SUM_COLUMNS, SUMS_KEY } from './sums-columns'

export type MovedRow = Readonly<Record<string, SqlValue>>

/** One table, which can be moved from store to store: page by page in the order of its key. */
export interface MovedTable<Row extends object = MovedRow> {
  readonly name: string
  /** Column that names the app; undefined: its rows belong to none. */
  readonly appColumn: string | undefined
  count(): Statement<{ total: number }>
  /** The key of a row: where a page ends, and the next one begins. */
  keyOf(row: MovedRow): readonly SqlValue[]
  page(after: readonly SqlValue[] | undefined, limit: number): Statement<MovedRow>
  /** Writes a row over the one with its key, if there is one. */
  put(row: Row): Statement
}

type TableName = Exclude<keyof Schema, 'sqlite_schema' | 'schema_versions'>

export const APPS_TABLE = table(
  'apps',
  ['app_id'],
  'name active sealed_secret created_at updated_at deleted_at webhook_events',
)
export const SETTINGS_TABLE = table('settings', ['app_id', 'name'], 'value')
export const USERS_TABLE = table(
  'users',
  ['app_id', 'id'],
  'identifier email name picture groups profile scopes active token_secret session_epoch created_at updated_at',
)
export const SESSIONS_TABLE = table('sessions', ['id_hash'], 'data expires_at')
export const WEBHOOKS_TABLE = table(
  'webhooks',
  ['app_id', 'id'],
  'url events off sealed former_until failing_since created_at updated_at deleted_at',
)
export const KEYS_TABLE = table('sealing_keys', ['key_id'], '')

/** All that a store holds, in an order in which every row finds what it refers to. */
export const MOVED_TABLES: readonly MovedTable[] = [
  APPS_TABLE,
  SETTINGS_TABLE,
  USERS_TABLE,
  table(
    'amazon_tokens',
    ['app_id', 'user_id'],
    'sealed state expires_at version refreshing_until unsure updated_at',
  ),
  SESSIONS_TABLE,
  table(
    'audit',
    ['app_id', 'at', 'id'],
    'outcome reason way user_id request_id network step took_ms amazon_ms is_new actor detail',
  ),
  table('erasures', ['app_id', 'user_id'], 'deleted_at'),
  table('used_once', ['app_id', 'name_hash'], 'expires_at'),
  table(
    'device_logins',
    ['app_id', 'handle_hash'],
    'state sealed address interval_ms next_poll_at expires_at',
  ),
  table(
    'bulks',
    ['app_id', 'bulk_id'],
    'action state covers search actor total changed unchanged gone missing missing_count created_at updated_at driven_until expires_at',
  ),
  table('bulk_users', ['app_id', 'bulk_id', 'user_id'], ''),
  WEBHOOKS_TABLE,
  table('webhook_streams', ['app_id', 'webhook_id', 'stream'], 'last_seq next_at'),
  table(
    'webhook_deliveries',
    ['app_id', 'webhook_id', 'id'],
    'stream seq user_id type at snapshot detail state attempts tries done_at',
  ),
  KEYS_TABLE,
  table('sign_in_sums', SUMS_KEY, SUM_COLUMNS.join(' ')),
  table('sign_in_failures', FAILURES_KEY, 'n'),
]

export function table<Name extends TableName>(
  name: Name,
  key: readonly string[],
  rest: string,
): MovedTable<Partial<Schema[Name]>> {
  const others = rest.split(' ').filter((column) => column !== '')
  const { first, next, count, put } = queriesOf(name, key, others)
  return {
    name,
    appColumn: key.find((column) => column === 'app_id'),
    count: () => count({}),
    keyOf: (row) => key.map((column) => row[column] ?? null),
    page: (after, limit) =>
      after === undefined ? first({ limit }) : next({ limit, ...numbered(after) }),
    put,
  }
}

/** A key as the parameters of a query. */
function numbered(key: readonly SqlValue[]): Params {
  return Object.fromEntries(key.map((value, index) => [`k${index}`, value]))
}

type Params = Readonly<Record<string, SqlValue>>

/** The columns are data here, so these queries are written rather than built. */
function queriesOf(name: TableName, key: readonly string[], others: readonly string[]) {
  const all = [...key, ...others]
  const updates = sql.join(
    others.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`),
  )
  const from = sql`select ${refs(all)} from ${sql.table(name)}`
  const inOrder = sql`order by ${refs(key)} limit`
  return {
    count: written<object, { total: number }>(
      () => sql`select count(*) as total from ${sql.table(name)}`,
    ),
    first: written<Params, MovedRow>(({ limit }) => sql`${from} ${inOrder} ${limit}`),
    next: written<Params, MovedRow>((params) => {
      const last = sql.join(key.map((_column, index) => sql`${params[`k${index}`]}`))
      return sql`${from} where (${refs(key)}) > (${last}) ${inOrder} ${params.limit}`
    }),
    // What a row lacks is NULL.
    put: written<object, unknown>((row) => {
      const values = sql.join(all.map((column) => sql`${Reflect.get(row, column)}`))
      const change = others.length === 0 ? sql`do nothing` : sql`do update set ${updates}`
      return sql`insert into ${sql.table(name)} (${refs(all)}) values (${values})
        on conflict (${refs(key)}) ${change}`
    }),
  }
}

/** Deletes rows whose time has come, the earliest first, and no more of them than a limit. Returns a row for each. */
export function deleteUntil(name: TableName, key: readonly string[], time: string) {
  const [rows, when] = [sql.table(name), sql.ref(time)]
  return written<{ readonly timeMs: number; readonly limit: number }, object>(
    ({ timeMs, limit }) => sql`delete from ${rows} where (${refs(key)}) in
      (select ${refs(key)} from ${rows} where ${when} <= ${timeMs} order by ${when} limit ${limit})
      returning ${when}`,
  )
}

export function refs(columns: readonly string[]) {
  return sql.join(columns.map((column) => sql.ref(column)))
}

/** A query whose words are put together here, rather than by the builder. */
export function written<P extends object, Row>(
  write: (params: P) => RawBuilder<unknown>,
): (params: P) => Statement<Row> {
  return defineQuery<P, Row>((db, params) => ({
    compile: () => write(params).compile(db),
  }))
}
