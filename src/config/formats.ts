import { isIP } from 'node:net'

import { losesCharacters, MAX_APP_ID_CHARACTERS, normalizeAppId } from '../apps/app-id'
import { isLoopback } from '../is-loopback'
import {
  type Format,
  FormatError,
  isBlank,
  type List,
  listItems,
  oneOf,
  pageOrigins,
  parseUrl,
  plainUrl,
  secret,
  text,
} from '../apps/value-formats'
import { SSL_MODES } from '../postgres-url'

/** Blank text and null mean: not set. So may an example name a key without setting it. */
export function optional<T, Written>(format: Format<T, Written>): Format<T | undefined, Written> {
  return {
    parse: (value) => (isBlank(value) ? undefined : format.parse(value)),
    warn: (value, host) => (isBlank(value) ? [] : (format.warn?.(value, host) ?? [])),
  }
}

export const appName: Format<string> = {
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
    if (!losesCharacters(written)) return []
    return [
      `makes ${JSON.stringify(written)} the app "${normalizeAppId(written)}": a name has letters, digits, "-", "_" and "." of ASCII alone`,
    ]
  },
}

export const port = wholeNumber(0, 65_535, ' from 0 to 65535', /^\d{1,5}$/)

/** How many connections there may be. */
export const poolSize = wholeNumber(1, 1000, ' from 1 to 1000')

/** How many of something, and at least one. */
export const count = wholeNumber(1, Number.MAX_SAFE_INTEGER, ' from 1')

/** How many times a minute. */
export const perMinute = wholeNumber(0, Number.MAX_SAFE_INTEGER, '; 0 means no limit')

function wholeNumber(least: number, most: number, range: string, digits = /./): Format<number> {
  return {
    parse(value) {
      const written = typeof value === 'string' ? text.parse(value) : undefined
      const number = written !== undefined && digits.test(written) ? Number(written) : value
      const isWhole = typeof number === 'number' && Number.isInteger(number)
      if (!isWhole || number < least || number > most) {
        throw new FormatError(`must be a whole number${range}`)
      }
      return number
    },
  }
}

/** A duration, or 0 for not at all. */
export function orZero<Written>(format: Format<number, Written>): Format<number, Written> {
  return {
    parse(value) {
      if (String(value).trim() === '0') return 0
      try {
        return format.parse(value)
      } catch (thrown) {
        if (!(thrown instanceof FormatError)) throw thrown
        throw new FormatError(thrown.message.replace(/^must be /, 'must be 0, '))
      }
    },
  }
}

/** Para calls its own default `embedded`. */
export const environmentName = oneOf(
  ['production', 'development', 'test'],
  ['embedded', 'development'],
)

/** HOCON and YAML read a bare off as false. */
export const sslMode = oneOf(SSL_MODES, [false, 'off'])

export const cookieName = matching(/^[\w!#$%&'*+.^`|~-]+$/, 'must be a cookie name')

/** Plain enough to be looked for in a header as it stands, and short. */
export const ownCookieName = matching(
  /^[\w-]{1,40}$/,
  'must be a cookie name of at most 40 letters, digits, "-" and "_"',
)

/** What is wrong with an address of PostgreSQL is told where its parts are joined, in storeAddress. */
export const storeUrl = matching(
  /^(sqlite:.|postgres(ql)?:\/\/)/,
  'must be sqlite:<file>, sqlite::memory: or postgres://…',
)

function matching(pattern: RegExp, problem: string): Format<string> {
  return {
    parse(value) {
      const read = text.parse(value)
      if (!pattern.test(read)) throw new FormatError(problem)
      return read
    },
  }
}

/** An endpoint of Amazon. Secrets travel to it, so plain http is for an emulator on this machine only. */
export const amazonUrl: Format<string> = {
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

/** This machine and private networks, by the names that Express has for them. */
export const NETWORK_NAMES: readonly string[] = ['loopback', 'linklocal', 'uniquelocal']

/** Which proxies are trusted: addresses and networks, or how many stand one behind the other. */
export const proxies: Format<readonly string[] | number, List | number> = {
  parse(value) {
    const hops = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value
    if (typeof hops === 'number' && Number.isInteger(hops) && hops >= 0 && hops <= 8) return hops
    if (isBlank(value)) return NETWORK_NAMES
    if (value === 'none') return []
    return networkItems(value, ', a number of proxies up to 8, or none')
  },
}

/** Addresses and networks, comma-separated or as a list. */
export const networks: Format<readonly string[], List> = {
  parse: (value) => (isBlank(value) ? [] : networkItems(value, '')),
}

function networkItems(value: unknown, orElse: string): readonly string[] {
  const isList = Array.isArray(value) || typeof value === 'string'
  const items = isList ? listItems(value) : ['']
  if (items.every(isNetwork)) return items
  throw new FormatError(
    `must be addresses such as 10.0.0.5, networks such as 10.0.0.0/8, ${NETWORK_NAMES.join(', ')}${orElse}`,
  )
}

function isNetwork(item: string): boolean {
  if (NETWORK_NAMES.includes(item)) return true
  const [address = '', bits, ...rest] = item.split('/')
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  if (bits === undefined) return most > 0
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most
}

/** Never says what it was given: that may hold a password. */
export const redisUrl: Format<string> = {
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
    parseUrl(value)?.search === '' ? [] : ['has parameters behind a ?, which are ignored'],
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
export const secrets: Format<readonly string[], List> = {
  parse: (value) => (isBlank(value) ? [] : listItems(value).map((item) => secret.parse(item))),
}

/** Where pages lie: below the root, plain enough to stand in a link as it is. */
export const pagePath = matching(/^(?:\/[\w.~-]+)+$/, 'must be a path such as /admin')

/** One origin, with nothing behind it. */
export const oneOrigin: Format<string> = {
  parse(value) {
    const [origin, ...more] = pageOrigins.parse(value)
    if (!origin?.startsWith('http') || more.length > 0) {
      throw new FormatError('must be one origin such as https://admin.example.com')
    }
    return origin
  },
}

/** Texts, comma-separated. */
export const texts: Format<readonly string[], List> = { parse: listItems }
