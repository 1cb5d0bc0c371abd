import type { Json } from '../apps/settings'
import { KNOWN_SETTING_NAMES, settingInfo } from '../apps/known-settings'
import { FormatError, isBlank, type Format } from '../apps/value-formats'
import { appName } from './formats'
import type { AppSources } from './read-apps'
import type { Overrides } from './resolve-config'
import { findKeyName, isKeyName, KEY_NAMES, SCHEMA, WRITTEN_NAMES } from './schema'
import type { Sourced, SourcedValues } from './sourced'
import { suggest } from '../suggest'

/** Configuration written in code. Every option wins over the environment and the file; all may be left out. */
export interface ConfigOptions {
  /** Path of an `application.conf` to read as well. */
  readonly config?: string | undefined
  /** Name of the root app. Default `para`. */
  readonly appName?: string | undefined
  /** TCP port of the stand-alone server; 0 picks a free one. Default 8080. */
  readonly port?: number | undefined
  /** Address the stand-alone server listens on. Default: all. */
  readonly host?: string | undefined
  /**
   * Proxies whose forwarded headers the stand-alone server believes; a host app sets Express's own `trust proxy`.
   * Default `loopback, linklocal, uniquelocal`.
   */
  readonly trustProxy?: string | readonly string[] | number | undefined
  readonly shutdown?: ShutdownOptions | undefined
  /** Where this runs. Default `development`. */
  readonly env?: 'production' | 'development' | 'test' | undefined
  /** Address under which browsers reach this host, e.g. `https://auth.example.com`. Default: taken from each request. */
  readonly publicUrl?: string | undefined
  /** Client id of the root app's Security Profile at Amazon; goes with `azSecret`. */
  readonly azAppId?: string | undefined
  /** Client secret of the root app's Security Profile at Amazon; goes with `azAppId`. */
  readonly azSecret?: string | undefined
  readonly security?: SecurityOptions | undefined
  /** Cookie that holds a base64 path to return to. Default `para-returnto`. */
  readonly returntoCookie?: string | undefined
  /** Life of a session token: seconds, or text such as `12 hours`. Default 86400. */
  readonly jwtExpiresAfter?: number | string | undefined
  /** Life of an ID token: seconds, or text such as `2 minutes`. Default 60. */
  readonly idTokenExpiresAfter?: number | string | undefined
  /** Issuing a session token ends the user's older ones. Default true. */
  readonly oneSessionPerUser?: boolean | undefined
  /** Fixed secret of the root app, 32 characters or more. Default: made at first start. */
  readonly rootSecretKey?: string | undefined
  /** Master keys for secrets at rest, 32 characters or more: the first seals, all open. Default: made beside the SQLite file. */
  readonly secretKey?: string | readonly string[] | undefined
  readonly amazon?: AmazonOptions | undefined
  readonly store?: StoreOptions | undefined
  readonly session?: SessionOptions | undefined
  readonly limits?: LimitOptions | undefined
  readonly audit?: AuditOptions | undefined
  /** Child apps by name: made at start when they are not there. */
  readonly apps?: Readonly<Record<string, AppOptions>> | undefined
}

export interface ShutdownOptions {
  /** How long the stand-alone server goes on after a signal to stop: milliseconds, or text such as `5s`. Default 0. */
  readonly delay?: number | string | undefined
}

export interface SecurityOptions {
  /** Where users of the root app go after signing in; `jwt=?` or `jwt=id` in it becomes a token. Default `/`. */
  readonly signinSuccess?: string | undefined
  /** Where users go whose sign-in failed; `cause=?` in it becomes the reason. Default `/signin?error`. */
  readonly signinFailure?: string | undefined
  /** Schemes of apps that both may lead to, as a list or comma-separated: `myapp` for `myapp://signed-in`. Default: those with a dot in them. */
  readonly appSchemes?: string | readonly string[] | undefined
  /** Origins of further front ends of the root app, as a list or comma-separated. */
  readonly hosturlAliases?: string | readonly string[] | undefined
  /** Every safer choice on, for all apps. Default false. */
  readonly strict?: boolean | undefined
  /** A new Amazon account with a known email takes over that user, as in Para. Default false. */
  readonly linkByEmail?: boolean | undefined
  /** What Para calls `oneSessionPerUser`; wins over it. */
  readonly oneSessionPerUser?: boolean | undefined
  /** Sites whose pages may call the JSON API, as a list or comma-separated. Default: none. */
  readonly corsOrigins?: string | readonly string[] | undefined
}

export interface AmazonOptions {
  /** Amazon's consent page: https, or http on this machine. Default `https://www.amazon.com/ap/oa`. */
  readonly authorizeUrl?: string | undefined
  /** Amazon's token, profile and tokeninfo endpoints: https, or http on this machine. Default `https://api.amazon.com`. */
  readonly apiUrl?: string | undefined
  /** Scopes to ask for, separated by spaces. Default `profile`. */
  readonly scope?: string | undefined
  /** Limit for one answer of Amazon: milliseconds, or text such as `5s`. Default 5000. */
  readonly timeout?: number | string | undefined
  /** Proxy for requests to Amazon: `http://user:password@host:port`, or `environment` (HTTPS_PROXY, NO_PROXY). Default: none. */
  readonly proxy?: string | undefined
}

export interface StoreOptions {
  /** `sqlite:<file>`, `sqlite::memory:` or `postgres://user:password@host:port/database`. Default `sqlite:data/amazon-auth.db`. */
  readonly url?: string | undefined
  /** PostgreSQL server, or the directory of its socket. This and the next six win over what `url` says. */
  readonly host?: string | undefined
  /** Default 5432. */
  readonly port?: number | undefined
  readonly user?: string | undefined
  readonly password?: string | undefined
  readonly database?: string | undefined
  /** TLS to PostgreSQL; `require` encrypts without looking at the certificate. Default: as `sslmode` in `url` says, else off. */
  readonly ssl?: 'off' | 'require' | 'verify-ca' | 'verify-full' | undefined
  /** File of certificates (PEM) that the one of PostgreSQL must come from. Default: those that Node.js trusts. */
  readonly sslCa?: string | undefined
  /** PostgreSQL connections of this process at most. Default 10. */
  readonly poolSize?: number | undefined
  /** How long a call waits for a PostgreSQL connection: milliseconds, or text such as `2s`. Default 1500. */
  readonly connectTimeout?: number | string | undefined
  /** Limit for one call to PostgreSQL, waiting included: milliseconds, or text such as `2s`. Default 2000. */
  readonly timeout?: number | string | undefined
}

export interface SessionOptions {
  /** Redis for what several nodes share: sessions, limits, news of changed apps. Default: sessions are kept in the store. */
  readonly storeUrl?: string | undefined
  /** Signs session cookies, 32 characters or more. Default: derived from the master key. */
  readonly secret?: string | undefined
  /** Name of the cookie of a session; over https with `__Host-` before it. Default `amazon-auth`. */
  readonly cookieName?: string | undefined
  /** Name of the cookies that carry a login from begin to return; `__session`: all in that one. Default `amazon-login`. */
  readonly loginCookieName?: string | undefined
  /** Signing in keeps what the host's own session holds, under a new session id. Default false. */
  readonly keep?: boolean | undefined
  /** A session unused for this long ends: seconds, or text such as `8 hours`. Default 86400. */
  readonly idleTimeout?: number | string | undefined
  /** A session ends this long after sign-in, used or not: seconds, or text such as `30 days`. Default 2592000. */
  readonly absoluteTimeout?: number | string | undefined
}

/** How often things may happen in a minute; 0: no limit. */
export interface LimitOptions {
  /** Failed sign-ins of one address to one app, refused tokens of one address. Default 1000. */
  readonly failuresPerMinute?: number | undefined
  /** Refused signatures of one address for one app; good ones are never limited. Default 20. */
  readonly badSignaturesPerMinute?: number | undefined
  /** Sign-ins to one app, from anywhere. Default 0. */
  readonly loginsPerMinute?: number | undefined
}

export interface AuditOptions {
  /** How long the store keeps who tried to sign in: seconds, or text such as `90 days`; 0: not at all. Default 90 days. */
  readonly retention?: number | string | undefined
}

/**
 * Settings of one child app. Others than these are kept under the name that Para or you give them, with a dot or an
 * underscore in it; the rest may be misspelt.
 */
export interface AppOptions {
  /** Client id of the app's Security Profile at Amazon; goes with `azSecret`. */
  readonly azAppId?: string | undefined
  /** Client secret of the app's Security Profile at Amazon; goes with `azAppId`. */
  readonly azSecret?: string | undefined
  /** Where its users go after signing in; `jwt=?` or `jwt=id` in it becomes a token. */
  readonly signinSuccess?: string | undefined
  /** Where its users go whose sign-in failed; `cause=?` in it becomes the reason. */
  readonly signinFailure?: string | undefined
  /** Address under which browsers reach this host for this app. */
  readonly publicUrl?: string | undefined
  readonly security?:
    | Pick<
        SecurityOptions,
        'appSchemes' | 'hosturlAliases' | 'strict' | 'linkByEmail' | 'oneSessionPerUser'
      >
    | undefined
  /** Life of a session token of this app: seconds, or text such as `12 hours`. */
  readonly sessionTimeout?: number | string | undefined
  /** Issuing a session token ends the user's older ones. */
  readonly oneSessionPerUser?: boolean | undefined
  /** Signs the tokens that the app's own back end hands to `/passwordless_auth`; 32 characters or more. */
  readonly appSecretKey?: string | undefined
  readonly [setting: `${string}_${string}` | `${string}.${string}`]: Json | undefined
}

type Leaf = readonly [path: string, value: unknown]

const GROUPS = groupsOf(KEY_NAMES)
const SETTING_GROUPS = groupsOf(KNOWN_SETTING_NAMES)
/** Para's own names too, as far as a group of ours has them. */
const OPTIONS = new Map(
  WRITTEN_NAMES.filter((name) => isKeyName(name) || name.includes('.')).map((name) => [
    camelCase(name),
    name,
  ]),
)
const SETTING_OPTIONS = new Map(KNOWN_SETTING_NAMES.map((name) => [camelCase(name), name]))

/**
 * Turns options into values by wire name.
 *
 * @param others Names of options that are not configuration (hooks, a logger), which are passed over.
 * @throws {TypeError} An option that is not known, or a value of the wrong type; names the option, never the value.
 */
export function overridesFromOptions(
  options: ConfigOptions,
  others: readonly string[] = [],
): Overrides {
  const skipped = ['config', 'apps', ...others]
  const given = Object.entries(asObject('options', options))
  if (options.config != null && typeof options.config !== 'string') fail('config', 'must be a path')
  const own = given.filter(([name]) => !skipped.includes(name))
  const known = [...OPTIONS.keys(), ...skipped]
  const values = leavesOf(own, '', GROUPS).map(([path, value]): [string, Sourced] => {
    const name = OPTIONS.get(path) ?? ''
    const key = findKeyName(name)
    if (key === undefined) return fail(path, `is not known.${hint(path, known)}`)
    check(path, value, SCHEMA[key].format)
    return [name, { value, origin: `option ${path}` }]
  })
  return { values: new Map(values), apps: readAppOptions(options.apps ?? {}) }
}

function readAppOptions(apps: NonNullable<ConfigOptions['apps']>): AppSources {
  const sources = Object.entries(asObject('apps', apps)).map(([name, app]) => {
    const option = `apps.${name}`
    if (isBlank(name)) fail('apps', 'holds an app without a name')
    check(option, name, appName)
    return [name, { origin: `option ${option}`, settings: readAppOption(option, app) }] as const
  })
  return new Map(sources)
}

function readAppOption(option: string, app: unknown): SourcedValues {
  const leaves = leavesOf(Object.entries(asObject(option, app)), '', SETTING_GROUPS)
  return new Map(
    leaves.map(([path, value]) => {
      const place = `${option}.${path}`
      const name = SETTING_OPTIONS.get(path) ?? path
      const known = settingInfo(name)
      const meant = known ? undefined : suggest(path, SETTING_OPTIONS.keys())
      if (meant !== undefined) fail(place, `is not known. Did you mean "${option}.${meant}"?`)
      check(place, value, known?.format)
      return [name, { value, origin: `option ${place}` }] as const
    }),
  )
}

/** Options by dotted path; those that are undefined or null are not there, as in a file. */
function leavesOf(
  entries: readonly Leaf[],
  prefix: string,
  groups: ReadonlySet<string>,
): readonly Leaf[] {
  return entries.flatMap(([name, value]) => {
    const path = prefix + name
    if (value === undefined || value === null) return []
    if (!groups.has(path)) return [[path, value] as const]
    return leavesOf(Object.entries(asObject(path, value)), `${path}.`, groups)
  })
}

/** Blank text means: not set, as where a variable that code reads is empty. */
function check(option: string, value: unknown, format: Format<unknown> | undefined): void {
  if (isBlank(value)) return
  try {
    format?.parse(value)
  } catch (thrown) {
    if (thrown instanceof FormatError) fail(option, thrown.message)
    throw thrown
  }
}

function asObject(option: string, value: unknown): object {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? value : fail(option, 'must be an object')
}

function fail(option: string, problem: string): never {
  throw new TypeError(`amazonAuth: option "${option}" ${problem}`)
}

/** ` Did you mean "…"?`, or nothing. */
export function hint(path: string, known: readonly string[]): string {
  const meant = suggest(path, known) ?? OPTIONS.get(camelCase(path))
  return meant === undefined ? '' : ` Did you mean "${camelCase(meant)}"?`
}

/** A sentence of the configuration in the words of those who write it in code: `azAppId` for `para.az_app_id`. */
export function inWordsOfOptions(sentence: string): string {
  return sentence.replace(/\bpara\.([^\s,;:"]+)/g, (_match, key: string) => optionName(key))
}

function optionName(key: string): string {
  if (isKeyName(key)) return camelCase(key)
  const setting = KNOWN_SETTING_NAMES.find((name) => key.endsWith(`.${name}`))
  return setting === undefined ? key : key.slice(0, -setting.length) + camelCase(setting)
}

function groupsOf(names: Iterable<string>): ReadonlySet<string> {
  return new Set(Array.from(names, (name) => name.split('.').slice(0, -1).join('.')))
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}
