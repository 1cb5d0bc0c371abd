import convict, { type Config as Settings } from 'convict'
import { appSchemes } from '../apps/known-settings'
import {
  amazonKey,
  flag,
  type Format,
  milliseconds,
  origins,
  pageOrigins,
  publicUrl,
  seconds,
  secret,
  target,
  text,
} from '../apps/value-formats'
import {
  amazonUrl,
  appName,
  cookieName,
  count,
  environmentName,
  NETWORK_NAMES,
  optional,
  orZero,
  ownCookieName,
  perMinute,
  port,
  proxies,
  redisUrl,
  secrets,
  sslMode,
  storeUrl,
} from './formats'
import { outgoingProxy } from './outgoing-proxy'

/** Default of `security.signin_failure`: a page of the stand-alone server. */
export const SIGNIN_FAILURE = '/signin?error'

/** One key of the configuration. */
export interface KeySchema<T> {
  readonly format: Format<T>
  readonly default: T
  readonly doc: string
  /** Its value is never shown. */
  readonly sensitive?: true
}

/** Every key but `para.apps`, by its name without the prefix `para.`. */
export const SCHEMA = {
  app_name: key(appName, 'para', 'Name of the root app.'),
  port: key(port, 8080, 'TCP port of the stand-alone server; 0 picks a free one.'),
  host: key(optional(text), undefined, 'Address the stand-alone server listens on. Empty: all.'),
  trust_proxy: key(
    proxies,
    NETWORK_NAMES,
    'Proxies whose forwarded headers the stand-alone server believes: addresses and networks, comma-separated; or how many stand before it; or none.',
  ),
  'shutdown.delay': key(
    orZero(milliseconds),
    0,
    'How long the stand-alone server goes on after a signal to stop, while /v1/_ready is 503 already and load balancers notice, in milliseconds.',
  ),
  env: key(environmentName, 'development', 'Where this runs: production, development or test.'),
  public_url: key(
    optional(publicUrl),
    undefined,
    'Address under which browsers reach this host, e.g. https://auth.example.com. Empty: taken from each request.',
  ),
  az_app_id: key(
    optional(amazonKey),
    undefined,
    "Client id of the root app's Security Profile at Amazon.",
  ),
  az_secret: hidden(
    optional(amazonKey),
    undefined,
    "Client secret of the root app's Security Profile at Amazon.",
  ),
  'security.signin_success': key(
    target,
    '/',
    'Where users of the root app go after signing in; jwt=? or jwt=id in it becomes a token.',
  ),
  'security.signin_failure': key(
    target,
    SIGNIN_FAILURE,
    'Where users go whose sign-in failed, unless their app has its own; cause=? in it becomes the reason. At its default a host app shows the built-in page.',
  ),
  'security.app_schemes': key(
    optional(appSchemes),
    undefined,
    'Schemes of apps that these may lead to, comma-separated: myapp for myapp://signed-in. Empty: those with a dot in them.',
  ),
  'security.hosturl_aliases': key(
    origins,
    [],
    'Origins of further front ends of the root app, comma-separated: host_url and state=<app>|<n> may pick them.',
  ),
  'security.strict': key(flag, false, 'Every safer choice on, for all apps.'),
  'security.link_by_email': key(
    flag,
    false,
    'A new Amazon account with a known email takes over that user, as in Para.',
  ),
  'security.cors_origins': key(
    pageOrigins,
    [],
    'Sites whose pages may call the JSON API, comma-separated. Empty: none.',
  ),
  returnto_cookie: key(
    cookieName,
    'para-returnto',
    'Cookie that holds a base64 path to return to.',
  ),
  jwt_expires_after: key(seconds, 86_400, 'Life of a session token, in seconds.'),
  id_token_expires_after: key(seconds, 60, 'Life of an ID token, in seconds.'),
  one_session_per_user: key(flag, true, "Issuing a session token ends the user's older ones."),
  root_secret_key: hidden(
    optional(secret),
    undefined,
    'Fixed secret of the root app, 32 characters or more. Empty: made at first start and shown once.',
  ),
  secret_key: hidden(
    secrets,
    [],
    'Master keys for secrets at rest, 32 characters or more: the first seals, all open. Empty: made beside the SQLite file.',
  ),
  'amazon.authorize_url': key(amazonUrl, 'https://www.amazon.com/ap/oa', "Amazon's consent page."),
  'amazon.api_url': key(
    amazonUrl,
    'https://api.amazon.com',
    "Amazon's token, profile and tokeninfo endpoints.",
  ),
  'amazon.scope': key(text, 'profile', 'Scopes to ask for, separated by spaces.'),
  'amazon.timeout': key(milliseconds, 5000, 'Limit for one answer of Amazon, in milliseconds.'),
  'amazon.proxy': hidden(
    optional(outgoingProxy),
    undefined,
    'Proxy for requests to Amazon: http://user:password@host:port, or environment (HTTPS_PROXY, NO_PROXY). Empty: none.',
  ),
  'store.url': hidden(
    storeUrl,
    'sqlite:data/amazon-auth.db',
    'Where apps and users are kept: sqlite:<file>, sqlite::memory: or postgres://user:password@host:port/database.',
  ),
  'store.host': key(
    optional(text),
    undefined,
    'PostgreSQL server, or the directory of its socket; this and the next six, when set, win over what store.url says.',
  ),
  'store.port': key(optional(port), undefined, 'Port of the PostgreSQL server. Empty: 5432.'),
  'store.user': key(optional(text), undefined, 'User of the PostgreSQL database.'),
  'store.password': hidden(optional(text), undefined, 'Password of that user.'),
  'store.database': key(optional(text), undefined, 'Name of the PostgreSQL database.'),
  'store.ssl': key(
    optional(sslMode),
    undefined,
    'TLS to PostgreSQL: off, require (encrypted only), verify-ca or verify-full. Empty: as sslmode in store.url says, else off.',
  ),
  'store.ssl_ca': key(
    optional(text),
    undefined,
    'File of certificates (PEM) that the one of PostgreSQL must come from. Empty: those that Node.js trusts.',
  ),
  'store.pool_size': key(count, 10, 'PostgreSQL connections of this process at most.'),
  'store.connect_timeout': key(
    milliseconds,
    1500,
    'How long a call waits for a PostgreSQL connection, new or of the pool, in milliseconds.',
  ),
  'store.timeout': key(
    milliseconds,
    2000,
    'Limit for one call to PostgreSQL, waiting included, in milliseconds.',
  ),
  'session.store_url': hidden(
    optional(redisUrl),
    undefined,
    'Redis for what several nodes share: sessions, limits, news of changed apps; redis://… or rediss://…. Empty: sessions are kept in the store.',
  ),
  'session.secret': hidden(
    optional(secret),
    undefined,
    'Signs session cookies, 32 characters or more. Empty: derived from the master key.',
  ),
  'session.cookie_name': key(
    ownCookieName,
    'amazon-auth',
    'Name of the cookie of a session; over https with __Host- before it, unless it begins with __ itself.',
  ),
  'session.login_cookie_name': key(
    ownCookieName,
    'amazon-login',
    'What the names of the cookies that carry a login from begin to return begin with; as __session they share one cookie.',
  ),
  'session.keep': key(
    flag,
    false,
    "Signing in keeps what the host's own session holds, under a new session id.",
  ),
  'session.idle_timeout': key(seconds, 86_400, 'A session unused for this long ends, in seconds.'),
  'session.absolute_timeout': key(
    seconds,
    2_592_000,
    'A session ends this long after sign-in, used or not, in seconds.',
  ),
  'limits.failures_per_minute': key(
    perMinute,
    1_000,
    'Failed sign-ins a minute of one address to one app (and refused tokens of one address); what follows is answered with 429. 0: no limit.',
  ),
  'limits.bad_signatures_per_minute': key(
    perMinute,
    20,
    'Refused signatures a minute of one address for one app; further ones get 429, good ones never. 0: no limit.',
  ),
  'limits.logins_per_minute': key(
    perMinute,
    0,
    'Sign-ins a minute to one app, from anywhere; what follows is answered with 429. 0: no limit.',
  ),
  'audit.retention': key(
    orZero(seconds),
    7_776_000,
    'How long the store keeps who tried to sign in, in seconds. 0: it is only logged.',
  ),
}

/** What Para calls some of them. Both names count; in one layer Para's wins. */
export const PARA_NAMES: ReadonlyMap<string, KeyName> = new Map([
  ['security.one_session_per_user', 'one_session_per_user'],
  // Para reads settings of the root app in the file, too.
  ['signin_success', 'security.signin_success'],
  ['signin_failure', 'security.signin_failure'],
  // How long a browser stays signed in; tokens have jwt_expires_after.
  ['session_timeout', 'session.absolute_timeout'],
])

export type Schema = typeof SCHEMA
export type KeyName = keyof Schema
/** Values of all keys, read and checked. */
export type Values = { readonly [K in KeyName]: Schema[K] extends KeySchema<infer T> ? T : never }

export const KEY_NAMES = Object.keys(SCHEMA) as readonly KeyName[]

/** Every name that a key may be written by. */
export const WRITTEN_NAMES: readonly string[] = [...KEY_NAMES, ...PARA_NAMES.keys()]

/** The key that is written by this name. */
export function findKeyName(name: string): KeyName | undefined {
  return isKeyName(name) ? name : PARA_NAMES.get(name)
}

/** The names of a key, the one that counts first. */
export function namesOfKey(key: KeyName): readonly string[] {
  const ofPara = Array.from(PARA_NAMES).filter(([, meant]) => meant === key)
  return [...ofPara.map(([name]) => name), key]
}

export function isKeyName(name: string): name is KeyName {
  return Object.hasOwn(SCHEMA, name)
}

/** `para_amazon_api_url` for `amazon.api_url`. */
export function environmentVariable(name: string): string {
  return `para_${name.replace(/[.-]/g, '_')}`
}

/** Settings at their defaults, which convict checks against the schema. */
export function createSettings(): Settings<Record<string, unknown>> {
  const schema: Record<string, unknown> = {}
  for (const name of KEY_NAMES) {
    const { format, default: preset, doc, sensitive = false } = SCHEMA[name]
    const check = (value: unknown): void => void format.parse(value)
    nest(schema, name.split('.'), { default: preset, doc, sensitive, format: check })
  }
  // Origins are known to load-config.ts only, so it reads the environment, and arguments belong to the command line.
  return convict(schema as convict.Schema<Record<string, unknown>>, { env: {}, args: [] })
}

function nest(group: Record<string, unknown>, [name = '', ...rest]: string[], leaf: object): void {
  if (rest.length === 0) group[name] = leaf
  else nest((group[name] ??= {}) as Record<string, unknown>, rest, leaf)
}

function key<T>(format: Format<T>, preset: NoInfer<T>, doc: string): KeySchema<T> {
  return { format, default: preset, doc }
}

function hidden<T>(format: Format<T>, preset: NoInfer<T>, doc: string): KeySchema<T> {
  return { ...key(format, preset, doc), sensitive: true }
}
