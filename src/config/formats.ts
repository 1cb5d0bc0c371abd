import { isIP } from 'node:net'

import { losesCharacters, MAX_APP_ID_CHARACTERS, normalizeAppId } from '../apps/app-id'
import { isLoopback } from '../apps/is-loopback'
import {
  type Format,
  FormatError,
  isBlank,
  listItems,
  parseUrl,
  plainUrl,
  secret,
  text,
} from '../apps/value-formats'
import { SSL_MODES } from '../postgres-url'
import type { Config } from './config'

/** Blank text and null mean: not set. So may an example name a key without setting it. */
export function optional<T>(format: Format<T>): Format<T | undefined> {
  return {
    name: `${format.name}, or empty`,
    parse: (value) => (isBlank(value) ? undefined : format.parse(value)),
    warn: (value) => (isBlank(value) ? undefined : format.warn?.(value)),
  }
}

export const appName: Format<string> = {
  name: 'app name',
  parse(value) {
    const id = normalizeAppId(text.parse(value))
    if (id === '') throw new FormatError('must hold a letter, digit, "-", "_" or "."')
    if (id.length > MAX_APP_ID_CHARACTERS) {
      throw new FormatError(`must have at most ${MAX_APP_ID_CHARACTERS} characters`)
    }
    return id
  },
  warn(value) {
    const written = text.parse(value)
    if (!losesCharacters(written)) return undefined
    return `makes ${JSON.stringify(written)} the app "${normalizeAppId(written)}": a name has letters, digits, "-", "_" and "." of ASCII alone`
  },
}

export const port: Format<number> = {
  name: 'port',
  parse(value) {
    const digits = typeof value === 'string' && /^\s*\d{1,5}\s*$/.test(value)
    const number = digits ? Number(value) : value
    if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 65535) {
      throw new FormatError('must be a whole number from 0 to 65535')
    }
    return number
  },
}

/** How many times a minute. */
export const perMinute: Format<number> = {
  name: 'whole number, or 0 for no limit',
  parse(value) {
    const number = Number(typeof value === 'string' ? text.parse(value) : value)
    if (!Number.isSafeInteger(number) || number < 0 || typeof value === 'boolean') {
      throw new FormatError('must be a whole number; 0 means no limit')
    }
    return number
  },
}

/** A duration, or 0 for not at all. */
export function orZero(format: Format<number>): Format<number> {
  return {
    name: `${format.name}, or 0`,
    parse: (value) => (String(value).trim() === '0' ? 0 : format.parse(value)),
  }
}

const ENVIRONMENTS = ['production', 'development', 'test'] as const

export const environmentName: Format<Config['env']> = {
  name: ENVIRONMENTS.join(', '),
  parse(value) {
    // What Para calls its own default.
    if (value === 'embedded') return 'development'
    const found = ENVIRONMENTS.find((name) => name === value)
    if (found === undefined) throw new FormatError(`must be one of ${ENVIRONMENTS.join(', ')}`)
    return found
  },
}

export const cookieName: Format<string> = {
  name: 'cookie name',
  parse(value) {
    const read = text.parse(value)
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(read)) throw new FormatError('must be a cookie name')
    return read
  },
}

/** Plain enough to be looked for in a header as it stands, and short. */
export const ownCookieName: Format<string> = {
  name: 'cookie name',
  parse(value) {
    const read = text.parse(value)
    if (/^[\w-]{1,40}$/.test(read)) return read
    throw new FormatError('must be a cookie name of at most 40 letters, digits, "-" and "_"')
  },
}

/** An endpoint of Amazon. Secrets travel to it, so plain http is for an emulator on this machine only. */
export const amazonUrl: Format<string> = {
  name: 'https address',
  parse(value) {
    const url = parseUrl(value)
    const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url))
    if (!url || !isSafe) {
      throw new FormatError(
        'must be an https address (http only on this machine: 127.0.0.1, ::1, localhost)',
      )
    }
    return plainUrl(url)
  },
}

export const storeUrl: Format<string> = {
  name: 'sqlite: or postgres: address',
  parse(value) {
    const read = text.parse(value)
    if (!/^sqlite:./.test(read) && !/^postgres(ql)?:\/\//.test(read)) {
      throw new FormatError('must be sqlite:<file>, sqlite::memory: or postgres://…')
    }
    // What is wrong with an address of PostgreSQL is told where its parts are joined, in storeAddress.
    return read
  },
}

export const sslMode: Format<(typeof SSL_MODES)[number]> = {
  name: SSL_MODES.join(', '),
  parse(value) {
    // HOCON and YAML read a bare off as false.
    const read = value === false ? 'off' : value
    const found = SSL_MODES.find((mode) => mode === read)
    if (found === undefined) throw new FormatError(`must be one of ${SSL_MODES.join(', ')}`)
    return found
  },
}

/** This machine and private networks, by the names that Express has for them. */
export const NETWORK_NAMES: readonly string[] = ['loopback', 'linklocal', 'uniquelocal']

/** Which proxies are trusted: addresses and networks, or how many stand one behind the other. */
export const proxies: Format<readonly string[] | number> = {
  name: 'addresses and networks, comma-separated; or a number of proxies; or none',
  parse(value) {
    const hops = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value
    if (typeof hops === 'number' && Number.isInteger(hops) && hops >= 0 && hops <= 8) return hops
    if (isBlank(value)) return NETWORK_NAMES
    if (value === 'none') return []
    const isList = Array.isArray(value) || typeof value === 'string'
    const items = isList ? listItems(value) : ['']
    if (!items.every(isNetwork)) {
      throw new FormatError(
        `must be addresses such as 10.0.0.5, networks such as 10.0.0.0/8, ${NETWORK_NAMES.join(', ')}, a number of proxies up to 8, or none`,
      )
    }
    return items
  },
}

function isNetwork(item: string): boolean {
  if (NETWORK_NAMES.includes(item)) return true
  const [address = '', bits, ...rest] = item.split('/')
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  if (bits === undefined) return most > 0
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most
}

/** How many there may be. */
export const count: Format<number> = {
  name: 'whole number from 1 to 1000',
  parse(value) {
    const number = Number(typeof value === 'string' ? text.parse(value) : value)
    if (!Number.isInteger(number) || number < 1 || number > 1000 || typeof value === 'boolean') {
      throw new FormatError('must be a whole number from 1 to 1000')
    }
    return number
  },
}

/** Never says what it was given: that may hold a password. */
export const redisUrl: Format<string> = {
  name: 'redis:// or rediss:// address',
  parse(value) {
    const url = parseUrl(value)
    if (url === undefined || !isRedis(url)) {
      throw new FormatError(
        'must be redis://[user:password@]host[:port][/number], or rediss://…. In its password percent-encode ' +
          'what stands for itself (@ as %40, / as %2F, # as %23, ? as %3F, % as %25)',
      )
    }
    return url.href
  },
  warn: (value) =>
    parseUrl(value)?.search === '' ? undefined : 'has parameters behind a ?, which are ignored',
}

/** What stands behind a password that was not encoded would be taken for the host, the number or a parameter. */
function isRedis({ protocol, hostname, pathname, username, password, search, hash }: URL): boolean {
  try {
    decodeURIComponent(username + password)
  } catch {
    return false
  }
  const isWhole = hash === '' && !search.includes('@')
  return /^rediss?:$/.test(protocol) && hostname !== '' && /^\/?\d*$/.test(pathname) && isWhole
}

/** One secret, or several (a list, or comma-separated): the first is the current one. */
export const secrets: Format<readonly string[]> = {
  name: `${secret.name}, or a list of them`,
  parse: (value) => (isBlank(value) ? [] : listItems(value).map((item) => secret.parse(item))),
}
