import { type Format, FormatError } from '../apps/value-formats'
import { parsePostgresUrl, postgresUrlWarnings, splitPostgresUrl } from '../postgres-url'
import type { Values } from './config'
import { snakeCase } from '../wire-names'

type StoreValues = Values['store']

/** Keys that win over the part of `store.url` they are called after. */
const PARTS = ['host', 'port', 'user', 'password', 'database', 'ssl', 'sslCa'] as const

/** The one address of the store, out of what the keys of the store hold: `url` with its parts replaced by what they say. */
export const storeAddress: Format<string> = {
  parse(value) {
    const address = join(value as StoreValues)
    if (isPostgres(address)) tellable(() => parsePostgresUrl(address))
    return address
  },
  warn(value) {
    const address = join(value as StoreValues)
    const warnings = isPostgres(address) ? postgresUrlWarnings(address) : []
    return warnings.length === 0 ? [] : [warnings.join('; ')]
  },
}

export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:/.test(url)
}

function join(store: StoreValues): string {
  const { url } = store
  const part = PARTS.find((name) => store[name] !== undefined)
  if (part === undefined) return url
  if (isPostgres(url))
    return replaceParts(
      tellable(() => splitPostgresUrl(url)),
      store,
    )
  if (store.host !== undefined) return replaceParts(new URL('postgres://host'), store)
  throw new FormatError(`is no PostgreSQL, which para.store.${snakeCase(part)} is for`)
}

function replaceParts(url: URL, store: StoreValues): string {
  const { ssl, sslCa } = store
  const encoded = (part: string | undefined, old: string): string =>
    encodeURIComponent(part ?? '') || old
  const host = hostOf(store.host, url)
  const port = String(store.port ?? url.port)
  const login = [encoded(store.user, url.username), encoded(store.password, url.password)]
  const { searchParams: parameters } = url
  if (ssl !== undefined) parameters.set('sslmode', ssl === 'off' ? 'disable' : ssl)
  if (sslCa !== undefined) parameters.set('sslrootcert', sslCa)
  const place = [host, port].filter((part) => part !== '').join(':')
  const path = encoded(store.database, url.pathname.slice(1))
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
