import { REGIONS } from '../amazon/endpoints'
import { findScopeProblem } from '../amazon/scopes'
import { toUrl } from '../to-url'
import { findOddCharacter } from './odd-character'
import { checkTargetUrl } from './target-url'

/** How one kind of value is written: in a file, in the environment, in code, or over the API. */
export interface Format<T, Written = T> {
  /**
   * Reads a value, in any of the forms people write it in. Reading what it gave gives the same again.
   *
   * @throws {FormatError}
   */
  parse(value: unknown): T
  /** What a value that can be read does not do as its writer may think. Sentences that follow the name of the key. */
  warn?(value: unknown, host?: HostTraits): readonly string[]
  /** For types alone: what code may write. */
  readonly written?: Written
}

/** What of a host in code decides whether a value is odd there. */
export interface HostTraits {
  /** Whether it has the hook `mapProfile`, which may add any field. */
  readonly mapsProfiles?: boolean
}

/** As text, comma-separated, or as a list. */
export type List = string | readonly string[]

/** A value does not fit its format. The message follows the name of the key and never holds the value. */
export class FormatError extends Error {
  override readonly name = 'FormatError'
}

/** A value that is not even to be kept: it could only do harm. */
export class HarmfulValueError extends FormatError {}

const QUOTES_AROUND = /^[“”„‟‘’‚‛«»]+|[“”„‟‘’‚‛«»]+$/gu
const MIN_SECRET_CHARACTERS = 32
const MAX_KEY_CHARACTERS = 256
/** They travel in an address. */
const MAX_SCOPE_CHARACTERS = 500
const MAX_SECONDS = 10 * 365 * 24 * 60 * 60
/** The most that timers of Node.js take. */
const MAX_MILLISECONDS = 2 ** 31 - 1
const WORDS = new Map<unknown, boolean>([
  ...['true', 'yes', 'on'].map((word) => [word, true] as const),
  ...['false', 'no', 'off'].map((word) => [word, false] as const),
])

/** Absent, null, and text of nothing but white space: not set. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

/** Non-empty text. An unquoted number in a file is text too, if it is written the same way. */
export const text: Format<string> = {
  parse(value) {
    const read = Number.isSafeInteger(value) ? String(value) : value
    if (typeof read !== 'string') throw new FormatError('must be text (in quotes)')
    if (read.trim() === '') throw new FormatError('must not be empty')
    return read.trim()
  },
}

export const flag: Format<boolean> = {
  parse(value) {
    if (typeof value === 'boolean') return value
    const read = WORDS.get(typeof value === 'string' ? value.trim().toLowerCase() : value)
    if (read === undefined) throw new FormatError('must be true or false')
    return read
  },
}

/** A key that signs or seals: long, and not one from a manual. */
export const secret: Format<string> = {
  parse(value) {
    const read = text.parse(value)
    if (read.length < MIN_SECRET_CHARACTERS) {
      throw new FormatError(`must have at least ${MIN_SECRET_CHARACTERS} characters`)
    }
    if (/(change|replace)[-_ ]?me|your[-_ ]?secret/i.test(read) || new Set(read).size < 8) {
      throw new FormatError('must not be a placeholder: make one with `openssl rand -base64 48`')
    }
    return read
  },
}

/** Scopes of Login with Amazon, space-separated: any, since there are more than Amazon documents. */
export const scopes: Format<string> = {
  parse(value) {
    const read = text.parse(value)
    if (read.length > MAX_SCOPE_CHARACTERS) {
      throw new FormatError(`must have at most ${MAX_SCOPE_CHARACTERS} characters`)
    }
    return read
  },
  warn(value) {
    const problem = findScopeProblem(text.parse(value))
    return problem === undefined ? [] : [problem]
  },
}

/** One of few words. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  [other, meant]: readonly [unknown, NoInfer<Word>] | readonly [] = [],
): Format<Word> {
  return {
    parse(value) {
      const found = words.find((word) => word === (value === other ? meant : value))
      if (found === undefined) throw new FormatError(`must be one of ${words.join(', ')}`)
      return found
    },
  }
}

/** In any case and with white space around it, as people write it. */
export const region: Format<(typeof REGIONS)[number], string> = {
  parse: (value) => REGION.parse(typeof value === 'string' ? value.trim().toLowerCase() : value),
}
const REGION = oneOf(REGIONS)

/** What becomes of a user whose consent is withdrawn at Amazon. */
export const ON_REVOKED = ['keep', 'sign_out'] as const
export type OnRevoked = (typeof ON_REVOKED)[number]
export const onRevoked: Format<OnRevoked> = oneOf(ON_REVOKED)

/** Where browsers are sent after signing in. */
export const target: Format<string> = {
  parse(value) {
    const read = text.parse(value)
    const problem = checkTargetUrl(read)
    if (problem !== undefined) throw new HarmfulValueError(problem)
    return read
  },
}

/**
 * Client id or secret as Amazon gives them out. Around them, typographic quotes are let through, which come along when
 * a key is copied from a document: that is warned of (find-key-mistakes.ts), since Amazon decides what it takes.
 */
export const amazonKey: Format<string> = {
  parse(value) {
    const read = text.parse(value)
    const isPrintable = /^[“”„‟‘’‚‛«»]*[\x20-\x7e]+[“”„‟‘’‚‛«»]*$/u.test(read)
    if (read.length <= MAX_KEY_CHARACTERS && isPrintable) return read
    const odd = findOddCharacter(read.replace(QUOTES_AROUND, (quotes) => ' '.repeat(quotes.length)))
    const hint = odd === undefined ? '' : `; this one holds ${odd}`
    throw new HarmfulValueError(
      `must be a key as Amazon shows it: printable ASCII, at most ${MAX_KEY_CHARACTERS} characters${hint}`,
    )
  },
}

/** Where browsers reach this host: http(s), maybe with a path; no slash at the end. */
export const publicUrl: Format<string> = {
  parse(value) {
    const url = parseUrl(value)
    if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
      throw new FormatError('must be an http or https address such as https://auth.example.com')
    }
    return plainUrl(url)
  },
}

export function parseUrl(value: unknown): URL | undefined {
  return toUrl(text.parse(value))
}

/** @throws {FormatError} When the address has more than an origin and a path. */
export function plainUrl(url: URL): string {
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new FormatError('must not hold a user name, "?" or "#"')
  }
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/** Whole seconds: a number, or HOCON duration text such as `12 hours`. */
export const seconds: Format<number, number | string> = {
  parse: (value) => parseDuration(value, 1000, 'seconds', MAX_SECONDS),
}

/** Whole milliseconds: a number, or HOCON duration text such as `5s`. */
export const milliseconds: Format<number, number | string> = {
  parse: (value) => parseDuration(value, 1, 'milliseconds', MAX_MILLISECONDS),
}

const MILLISECONDS: readonly (readonly [RegExp, number])[] = [
  [/^(ns|nanos?|nanoseconds?)$/, 1e-6],
  [/^(us|micros?|microseconds?)$/, 1e-3],
  [/^(ms|millis?|milliseconds?)$/, 1],
  [/^(s|seconds?)$/, 1000],
  [/^(m|minutes?)$/, 60_000],
  [/^(h|hours?)$/, 3_600_000],
  [/^(d|days?)$/, 86_400_000],
]

/** @see https://github.com/lightbend/config/blob/main/HOCON.md#duration-format */
function parseDuration(value: unknown, unitMs: number, unit: string, max: number): number {
  const written = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : ''
  const [, digits = '', word = ''] = /^([\d.]+)\s*([a-z]*)$/.exec(written) ?? []
  const factor = word === '' ? unitMs : MILLISECONDS.find(([name]) => name.test(word))?.[1]
  const count = digits === '' || factor === undefined ? NaN : (Number(digits) * factor) / unitMs
  if (!Number.isInteger(count) || count < 1 || count > max) {
    throw new FormatError(
      `must be a whole number of ${unit} from 1 to ${max}, or a duration such as "90s" or "12 hours"`,
    )
  }
  return count
}

/** Origins, comma-separated or as a list; what is no http(s) origin is left out (see {@link findNonOrigins}). */
export const origins: Format<readonly string[], List> = {
  parse: (value) =>
    listItems(value)
      .map(originOf)
      .filter((origin) => origin !== undefined),
  warn: (value) =>
    findNonOrigins(value).map(
      (item) =>
        `leaves out ${JSON.stringify(item)}: it is not an http or https origin${hintAtCommas(item)}`,
    ),
}

/** Origins of pages that may call: one that would match nothing is refused, since nobody would notice otherwise. */
export const pageOrigins: Format<readonly string[], List> = {
  parse: (value) =>
    listItems(value).map((item) => {
      const origin = item.includes('*') ? undefined : (originOf(item) ?? appOriginOf(item))
      if (origin !== undefined) return origin
      throw new FormatError(
        `holds ${JSON.stringify(item)}, which no page has: ${adviceOnOrigin(item)}`,
      )
    }),
}

/** Of an iOS app made of pages (Capacitor, Ionic): `URL` gives such schemes no origin, browsers do. */
function appOriginOf(item: string): string | undefined {
  return /^(?:capacitor|ionic):\/\/[a-z\d.-]+$/.test(item) ? item : undefined
}

function adviceOnOrigin(item: string): string {
  const each = 'name each site in full, such as https://shop.example.com'
  if (item.includes('*')) return `there are no patterns, ${each}`
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(item) ? item : `https://${item}`
  const origin = toUrl(withScheme)?.origin ?? 'null'
  return /^https?:/.test(origin) ? `write ${origin}` : each
}

/** The items that {@link origins} leaves out. */
export function findNonOrigins(value: unknown): readonly string[] {
  return listItems(value).filter((item) => originOf(item) === undefined)
}

/** For an item that most likely is several, as other programs separate them: follows what is said of it. */
export function hintAtCommas(item: string): string {
  return /\S[\s;]+\S/.test(item) ? ', and several are separated by commas' : ''
}

/** Items of a list, or of comma-separated text; blanks are dropped. */
export function listItems(value: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? value.split(',')
      : [value]
  if (!items.every((item) => typeof item === 'string')) {
    throw new FormatError('must be comma-separated text or a list of texts')
  }
  return items.map((item) => item.trim()).filter((item) => item !== '')
}

/** As {@link listItems}; none where it is no list. */
export function writtenItems(value: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  return items.every((item) => typeof item === 'string') ? listItems(value) : []
}

function originOf(item: string): string | undefined {
  const url = /^https?:\/\/[^/]/i.test(item) ? toUrl(item) : undefined
  if (url === undefined) return undefined
  return url.href === `${url.origin}/` ? url.origin : undefined
}
