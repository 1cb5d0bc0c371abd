import { type Format, FormatError } from '../apps/value-formats'
import { parsePostgresUrl, postgresUrlWarnings, splitPostgresUrl } from '../postgres-url'
import type { Values } from './schema'

/** Keys that win over the part of `store.url` they are called after. */
const PARTS = ['host', 'port', 'user', 'password', 'database', 'ssl', 'ssl_ca'] as const

/** The one address of the store, out of the values of all keys: `store.url` with its parts replaced by what they say. */
export const storeAddress: Format<string> = {
  name: 'address of the store',
  parse(value) {
    const values = value as Values
    const address = join(values)
    if (isPostgres(address)) tellable(() => parsePostgresUrl(address))
    return address
  },
  warn(value) {
    const address = join(value as Values)
    const warnings = isPostgres(address) ? postgresUrlWarnings(address) : []
    return warnings.length === 0 ? undefined : warnings.join('; ')
  },
}

export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:/.test(url)
}

function join(values: Values): string {
  const url = values['store.url']
  const given = PARTS.filter((part) => values[`store.${part}`] !== undefined)
  if (given.length === 0) return url
  if (isPostgres(url))
    return replaceParts(
      tellable(() => splitPostgresUrl(url)),
      values,
    )
  if (values['store.host'] !== undefined) return replaceParts(new URL('postgres://host'), values)
  throw new FormatError(`is no PostgreSQL, which para.store.${String(given[0])} is for`)
}

function replaceParts(url: URL, values: Values): string {
  const encoded = (part: 'user' | 'password' | 'database', old: string): string =>
    encodeURIComponent(values[`store.${part}`] ?? '') || old
  const host = hostOf(values['store.host'], url)
  const port = String(values['store.port'] ?? url.port)
  const login = [encoded('user', url.username), encoded('password', url.password)]
  const { searchParams: parameters } = url
  const mode = values['store.ssl']
  if (mode !== undefined) parameters.set('sslmode', mode === 'off' ? 'disable' : mode)
  const ca = values['store.ssl_ca']
  if (ca !== undefined) parameters.set('sslrootcert', ca)
  const place = [host, port].filter((part) => part !== '').join(':')
  const path = encoded('database', url.pathname.slice(1))
  const query = parameters.size === 0 ? '' : `?${parameters.toString()}`
  return `postgres://${login.filter((part) => part !== '').join(':')}@${place}/${path}${query}`
}

/** A directory, which no address can hold, becomes a parameter. */
function hostOf(host: string | undefined, url: URL): string {
  if (host === undefined) return url.hostname
  url.searchParams.delete('host')
  if (!host.startsWith('/')) return host.includes(':') ? `[${host}]` : host
  url.searchParams.set('host', host)
  return 'localhost'
}

/** Lets what is wrong with an address be told as what is wrong with its key. */
function tellable<T>(read: () => T): T {
  try {
    return read()
  } catch (thrown) {
    throw thrown instanceof TypeError ? new FormatError(thrown.message) : thrown
  }
}
