/* eslint-disable @typescript-eslint/no-require-imports -- a store's driver is loaded when that store is chosen, and what
   is missing is told at that moment, while the middleware is built; and so are the queries, with their builder */
import type * as Redis from './redis/open-redis'
import type * as Postgres from './sql/postgres-driver'
import type * as Sqlite from './sql/open-sqlite-executor'
import type * as SqlStores from './sql/open-sql-store'
import { loadDriver } from './load-driver'

const SQLITE = {
  name: 'libsql',
  purpose: 'SQLite (store.url)',
  instead: 'or let store.url name a PostgreSQL server',
}
const POSTGRES = {
  name: 'pg',
  purpose: 'PostgreSQL (store.url)',
  instead: 'or let store.url name an SQLite file',
}
const REDIS = {
  name: 'redis',
  purpose: 'Redis (session.store_url)',
  instead: 'or leave session.store_url empty, which keeps the sessions in the store',
}

export function loadSqlStores(): typeof SqlStores {
  return require('./sql/open-sql-store') as typeof SqlStores
}

/** @throws {DriverError} libsql is missing. */
export function loadSqlite(): typeof Sqlite {
  return loadDriver(SQLITE, () => require('./sql/open-sqlite-executor') as typeof Sqlite)
}

/** @throws {DriverError} pg is missing. */
export function loadPostgres(): typeof Postgres {
  return loadDriver(POSTGRES, () => require('./sql/postgres-driver') as typeof Postgres)
}

/** @throws {DriverError} One of the packages for Redis is missing. */
export function loadRedis(): typeof Redis {
  return loadDriver(REDIS, () => require('./redis/open-redis') as typeof Redis)
}
