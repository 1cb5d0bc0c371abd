import { resolve } from 'node:path'
import { parsePostgresUrl, type PostgresServer } from '../postgres-url'

/** Where a store lies: an SQLite file (absolute path), this process, or a PostgreSQL server. */
export type StoreLocation =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'memory' }
  | { readonly kind: 'postgres'; readonly server: PostgresServer }

/**
 * Reads `store.url`: `sqlite:<file>` (relative to the working directory), `sqlite::memory:` or `postgres://…`.
 *
 * @throws {TypeError} It is none of these. The message leaves the URL out, since it may hold a password.
 */
export function parseStoreUrl(url: string): StoreLocation {
  if (url === 'sqlite::memory:') return { kind: 'memory' }
  if (/^postgres(ql)?:/.test(url)) return { kind: 'postgres', server: parsePostgresUrl(url) }
  const file = /^sqlite:(.+)$/.exec(url)?.[1]
  if (file === undefined) {
    throw new TypeError('store.url must be sqlite:<file>, sqlite::memory: or postgres://…')
  }
  return { kind: 'file', file: resolve(file) }
}

/** Where a store lies, for people: no user, no password. */
export function describeStore(url: string): string {
  const location = parseStoreUrl(url)
  if (location.kind === 'memory') return 'this process'
  if (location.kind === 'file') return location.file
  const { host, port, database } = location.server
  return `${database} at ${host}:${port}`
}
