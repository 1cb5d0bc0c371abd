import { isLoopback } from '../is-loopback'
import { suggest } from '../suggest'
import { isUrl, toUrl } from '../to-url'
import type { AmazonClientOptions, AmazonKeys } from './amazon-client'
import { REGIONS } from './endpoints'

const KEYS = ['clientId', 'clientSecret', 'region'] as const satisfies (keyof AmazonKeys)[]
const ADDRESSES = [
  'authorizeUrl',
  'apiUrl',
  'tokenUrl',
  'profileUrl',
  'tokeninfoUrl',
  'codepairUrl',
] as const satisfies (keyof AmazonClientOptions)[]
const LIMITS = ['timeoutMs', 'deadlineMs'] as const satisfies (keyof AmazonClientOptions)[]
const OTHERS = ['proxy', 'axios', 'logger'] as const satisfies (keyof AmazonClientOptions)[]

/** @throws {TypeError} An option is not known, or cannot be used; the message names it. */
export function checkClientOptions(options: AmazonClientOptions): void {
  requireKnown(options, [...KEYS, ...ADDRESSES, ...LIMITS, ...OTHERS])
  checkKeyValues(options)
  for (const name of ADDRESSES) checkAddress(name, options[name])
  for (const name of LIMITS) checkLimit(name, options[name])
  checkProxy(options.proxy)
  requireMethods('axios', options.axios, ['request'])
  requireMethods('logger', options.logger, ['debug', 'info', 'warn', 'error'])
}

/** @throws {TypeError} */
export function checkKeys(keys: AmazonKeys): void {
  requireKnown(keys, KEYS)
  checkKeyValues(keys)
}

function checkKeyValues({ clientId, clientSecret, region }: AmazonKeys): void {
  if (!isText(clientId)) {
    fail('clientId', 'must be the Client ID of a Security Profile (amzn1.application-oa2-client.…)')
  }
  if (clientSecret !== undefined && !isText(clientSecret)) {
    fail('clientSecret', 'must be a text; leave it out where the client has none')
  }
  if (region !== undefined && !REGIONS.includes(region)) {
    fail('region', `must be one of ${REGIONS.join(', ')}`)
  }
}

const OF_LOGIN = ['state', 'codeVerifier', 'redirectUri', 'scope']

/** @throws {TypeError} It is not what `beginLogin()` has returned: what keeps it has lost or changed something. */
export function checkKeptLogin(login: object): void {
  const lost = OF_LOGIN.find((name) => !isText((login as Readonly<Record<string, unknown>>)[name]))
  if (lost !== undefined) {
    throw new TypeError(
      `createAmazonClient: the login has no text "${lost}": keep what beginLogin() returns as \`login\`, whole`,
    )
  }
}

/** @throws {TypeError} */
export function requireText(name: string, value: unknown): void {
  if (!isText(value)) throw new TypeError(`createAmazonClient: ${name} must be a text`)
}

/** @throws {TypeError} */
export function checkRedirectUri(redirectUri: unknown): void {
  if (typeof redirectUri === 'string' && isUrl(redirectUri)) return
  throw new TypeError(
    'createAmazonClient: redirectUri must be a whole URL, one of the Allowed Return URLs',
  )
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

/** What is secret travels there. */
function checkAddress(name: string, address: unknown): void {
  if (address === undefined) return
  const url = typeof address === 'string' ? toUrl(address) : undefined
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url))
  if (!isSafe) fail(name, 'must be an https URL, or an http URL of this machine')
}

function checkLimit(name: string, limit: unknown): void {
  if (limit === undefined || (typeof limit === 'number' && limit > 0 && limit <= 300_000)) return
  fail(name, 'must be milliseconds, from 1 to 300000')
}

function checkProxy(proxy: unknown): void {
  if (proxy === undefined) return
  const isWeb = typeof proxy === 'string' && /^https?:\/\//i.test(proxy) && isUrl(proxy)
  if (!isWeb) fail('proxy', 'must be a URL such as http://user:password@host:port')
}

function requireMethods(name: string, part: unknown, methods: readonly string[]): void {
  if (part === undefined) return
  const held = (part ?? {}) as Readonly<Record<string, unknown>>
  const missing = methods.find((method) => typeof held[method] !== 'function')
  if (missing !== undefined) fail(`${name}.${missing}`, 'must be a function')
}

function requireKnown(options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('createAmazonClient: the options must be an object with a clientId')
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const meant = suggest(unknown, known)
  fail(unknown, `is not known.${meant === undefined ? '' : ` Did you mean "${meant}"?`}`)
}

function fail(option: string, problem: string): never {
  throw new TypeError(`createAmazonClient: option "${option}" ${problem}`)
}
