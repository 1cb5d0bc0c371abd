/* oxlint-disable typescript/no-require-imports -- a store's driver is loaded when that store is chosen, and what
   is missing is told at that moment, while the middleware is built; and so are the queries, with their builder */
import type * as Redis from './redis/open-redis'
import type * as Postgres from './sql/postgres-driver'
import type * as Sqlite from './sql/open-sqlite-executor'
import type * as SqlStores from './sql/open-sql-store'
import { once } from '../lazily'
import { loadPackage, type Needed } from '../load-package'

const SQLITE: Needed = {
  packages: { libsql: ['0.5'] },
  purpose: 'SQLite (para.store.url)',
  instead: 'or let para.store.url name a PostgreSQL server',
}
const POSTGRES: Needed = {
  packages: { pg: ['8.16'] },
  purpose: 'PostgreSQL (para.store.url)',
  instead: 'or let para.store.url name an SQLite file',
}
const REDIS: Needed = {
  packages: { redis: ['6.0'], 'connect-redis': ['9.0'] },
  purpose: 'Redis (para.session.store_url)',
  instead: 'or leave para.session.store_url empty, which keeps the sessions in the store',
}

export function loadSqlStores(): typeof SqlStores {
  return require('./sql/open-sql-store') as typeof SqlStores
}

/** @throws {PackageError} libsql is missing. */
export const loadSqlite = once(() =>
  loadPackage(SQLITE, () => require('./sql/open-sqlite-executor') as typeof Sqlite),
)

/** @throws {PackageError} pg is missing, or too old. */
export const loadPostgres = once(() =>
  loadPackage(POSTGRES, () => require('./sql/postgres-driver') as typeof Postgres),
)

/** @throws {PackageError} One of the packages for Redis is missing, or too old. */
export const loadRedis = once(() =>
  loadPackage(REDIS, () => require('./redis/open-redis') as typeof Redis),
)
