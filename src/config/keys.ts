import { claims } from '../apps/claims-setting'
import { appSchemes } from '../apps/known-settings'
import {
  amazonKey,
  flag,
  type Format,
  milliseconds,
  onRevoked,
  origins,
  pageOrigins,
  publicUrl,
  region,
  scopes,
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
  networks,
  oneOrigin,
  optional,
  orZero,
  ownCookieName,
  pagePath,
  perMinute,
  poolSize,
  port,
  proxies,
  redisUrl,
  secrets,
  sslMode,
  storeUrl,
  texts,
} from './formats'
import { outgoingProxy } from './outgoing-proxy'

/** One key of the configuration, as convict has it; `Written` is what code may give for it. */
export interface Key<T, Written = T> {
  readonly default: T
  /** @throws {FormatError} What it has read is not of its kind. */
  readonly format: (value: unknown) => void
  readonly reads: Format<T, Written>
  /** Its value is never shown. */
  readonly sensitive?: true
}

/**
 * Every key but `apps`, as convict's schema. All else that tells of keys comes from here: names in files
 * (`para.jwt_expires_after`) and in the environment (`para_jwt_expires_after`), the types of the configuration and of
 * options, which take the comments along, and what application.conf.example says, which a test compares.
 */
export const KEYS = {
  /** Name of the root app. @default para */
  appName: key(appName, 'para'),
  /** TCP port of the stand-alone server; 0 picks a free one. @default 8080 */
  port: key(port, 8080),
  /** Address the stand-alone server listens on. Empty: all. */
  host: key(optional(text), undefined),
  /** Proxies whose forwarded headers the stand-alone server believes, and, where it is named, `createAuthHandler()`: addresses and networks, comma-separated; or how many stand before it; or none. @default loopback, linklocal, uniquelocal */
  trustProxy: key(proxies, NETWORK_NAMES),
  shutdown: {
    /** How long the stand-alone server goes on after a signal to stop, while `/v1/_ready` is 503 already and load balancers notice: milliseconds, or text such as `5s`. @default 0 */
    delay: key(orZero(milliseconds), 0),
  },
  /** Where this runs: production, development or test. @default development */
  env: key(environmentName, 'development'),
  /** Address under which browsers reach this host, e.g. `https://auth.example.com`. Empty: taken from each request. */
  publicUrl: key(optional(publicUrl), undefined),
  /** Client id of the root app's Security Profile at Amazon; goes with its secret. Empty: nobody signs in to it. */
  azAppId: key(optional(amazonKey), undefined),
  /** Client secret of the root app's Security Profile at Amazon; goes with its id. Empty: nobody signs in to it. */
  azSecret: hidden(optional(amazonKey), undefined),
  security: {
    /** Where users of the root app go after signing in; `jwt=?` or `jwt=id` in it becomes a token. @default / */
    signinSuccess: key(target, '/'),
    /** Where users go whose sign-in failed, unless their app has its own; `cause=?` in it becomes the reason. At its default a host app shows the built-in page. @default /signin?error */
    signinFailure: key(target, '/signin?error'),
    /** Schemes of apps that these may lead to, comma-separated: `myapp` for `myapp://signed-in`. Empty: those with a dot in them. */
    appSchemes: key(optional(appSchemes), undefined),
    /** Origins of further front ends of the root app, comma-separated: `host_url` and `state=<app>|<n>` may pick them. Empty: none. */
    hosturlAliases: key(origins, []),
    /** Every safer choice on, for all apps. @default false */
    strict: key(flag, false),
    /** A new Amazon account with a known email takes over that user, as in Para. @default false */
    linkByEmail: key(flag, false),
    /** Sites whose pages may call the JSON API, comma-separated. Empty: none. */
    corsOrigins: key(pageOrigins, []),
  },
  /** Cookie that holds a base64 path to return to. @default para-returnto */
  returntoCookie: key(cookieName, 'para-returnto'),
  /** Life of a session token: seconds, or text such as `12 hours`. @default 86400 */
  jwtExpiresAfter: key(seconds, 86_400),
  /** Life of an ID token: seconds, or text such as `2 minutes`. @default 60 */
  idTokenExpiresAfter: key(seconds, 60),
  /** Issuing a session token ends the user's older ones. @default true */
  oneSessionPerUser: key(flag, true),
  /** Fixed secret of the root app, 32 characters or more. Empty: made at first start and shown once. */
  rootSecretKey: hidden(optional(secret), undefined),
  /** Master keys for secrets at rest, 32 characters or more: the first seals, all open. Empty: made beside the SQLite file. */
  secretKey: hidden(secrets, []),
  amazon: {
    /** Whose Amazon signs people in, where an app does not say: na (North America), eu (Europe) or fe (Far East). @default na */
    region: key(region, 'na'),
    /** Amazon's consent page, whatever the region: https, or http on this machine. Empty: that of the region, https://www.amazon.com/ap/oa in na. */
    authorizeUrl: key(optional(amazonUrl), undefined),
    /** What the following four addresses begin with, whatever the region: https, or http on this machine. Empty: that of the region, https://api.amazon.com in na. */
    apiUrl: key(optional(amazonUrl), undefined),
    /** Where codes are traded for tokens. Empty: /auth/o2/token behind amazon.api_url. */
    tokenUrl: key(optional(amazonUrl), undefined),
    /** Where profiles are read. Empty: /user/profile behind amazon.api_url. */
    profileUrl: key(optional(amazonUrl), undefined),
    /** Where tokens that others hand in are checked. Empty: /auth/o2/tokeninfo behind amazon.api_url. */
    tokeninfoUrl: key(optional(amazonUrl), undefined),
    /** Where devices get their pair of codes. Empty: /auth/o2/create/codepair behind amazon.api_url. */
    codepairUrl: key(optional(amazonUrl), undefined),
    /** Scopes to ask for, separated by spaces. @default profile */
    scope: key(scopes, 'profile'),
    /** Further scopes, which people may leave out on Amazon's page. Empty: none. */
    voluntaryScope: key(optional(scopes), undefined),
    /** Amazon's tokens of users are kept, sealed, and refreshed, so that apps can call Amazon for them. @default false */
    keepTokens: key(flag, false),
    /** What becomes of a user who turns out to have withdrawn their consent at Amazon: keep (nothing), or sign_out (sessions and tokens end). @default keep */
    onRevoked: key(onRevoked, 'keep'),
    /** Limit for one answer of Amazon: milliseconds, or text such as `5s`. @default 5000 */
    timeout: key(milliseconds, 5000),
    /** Proxy for requests to Amazon: `http://user:password@host:port`, or `environment` (HTTPS_PROXY, NO_PROXY). Empty: none. */
    proxy: hidden(optional(outgoingProxy), undefined),
  },
  /** Where fields of users and claims of ID tokens come from, in apps that do not say: `{ displayName: 'name' }`. Empty: from where they do by themselves. */
  claims: key(optional(claims), undefined),
  store: {
    /** Where apps and users are kept: `sqlite:<file>`, `sqlite::memory:` or `postgres://user:password@host:port/database`. @default sqlite:data/amazon-auth.db */
    url: hidden(storeUrl, 'sqlite:data/amazon-auth.db'),
    /** PostgreSQL server, or the directory of its socket; this and the next six, when set, win over what store.url says. Empty: as there. */
    host: key(optional(text), undefined),
    /** Port of the PostgreSQL server. Empty: 5432. */
    port: key(optional(port), undefined),
    /** User of the PostgreSQL database. Empty: as in store.url. */
    user: key(optional(text), undefined),
    /** Password of that user. Empty: as in store.url. */
    password: hidden(optional(text), undefined),
    /** Name of the PostgreSQL database. Empty: as in store.url. */
    database: key(optional(text), undefined),
    /** TLS to PostgreSQL: off, require (encrypted only), verify-ca or verify-full. Empty: as sslmode in store.url says, else off. */
    ssl: key(optional(sslMode), undefined),
    /** File of certificates (PEM) that the one of PostgreSQL must come from. Empty: those that Node.js trusts. */
    sslCa: key(optional(text), undefined),
    /** PostgreSQL connections of this process at most. @default 10 */
    poolSize: key(poolSize, 10),
    /** How long a call waits for a PostgreSQL connection, new or of the pool: milliseconds, or text such as `2s`. @default 1500 */
    connectTimeout: key(milliseconds, 1500),
    /** Limit for one call to PostgreSQL, waiting included: milliseconds, or text such as `2s`. @default 2000 */
    timeout: key(milliseconds, 2000),
  },
  session: {
    /** Redis for what several nodes share: sessions, limits, news of changed apps; `redis://…` or `rediss://…`. Empty: sessions are kept in the store. */
    storeUrl: hidden(optional(redisUrl), undefined),
    /** Signs session cookies, 32 characters or more. Empty: derived from the master key. */
    secret: hidden(optional(secret), undefined),
    /** Name of the cookie of a session; over https with `__Host-` before it, unless it begins with __ itself. @default amazon-auth */
    cookieName: key(ownCookieName, 'amazon-auth'),
    /** What the names of the cookies that carry a login from begin to return begin with; as `__session` they share one cookie. @default amazon-login */
    loginCookieName: key(ownCookieName, 'amazon-login'),
    /** Signing in keeps what the host's own session holds, under a new session id. @default false */
    keep: key(flag, false),
    /** A session unused for this long ends: seconds, or text such as `8 hours`. @default 86400 */
    idleTimeout: key(seconds, 86_400),
    /** A session ends this long after sign-in, used or not: seconds, or text such as `30 days`. @default 2592000 */
    absoluteTimeout: key(seconds, 2_592_000),
  },
  limits: {
    /** Failed sign-ins a minute of one address to one app (and refused tokens of one address); what follows is answered with 429. 0: no limit. @default 1000 */
    failuresPerMinute: key(perMinute, 1_000),
    /** Refused signatures a minute of one address for one app; further ones get 429, good ones never. 0: no limit. @default 20 */
    badSignaturesPerMinute: key(perMinute, 20),
    /** Sign-ins a minute to one app, from anywhere; what follows is answered with 429. 0: no limit. @default 0 */
    loginsPerMinute: key(perMinute, 0),
    /** Devices of one app that may wait for a person at a time; others get 429. 0: no limit. @default 10000 */
    openDevicesPerApp: key(perMinute, 10_000),
    /** The same of one app at one address, as a shop with many screens has. 0: no limit. @default 100 */
    openDevicesPerAddress: key(perMinute, 100),
  },
  admin: {
    /** Whether there are pages for operators. Empty: in the stand-alone server, and in a host not. */
    enabled: key(optional(flag), undefined),
    /** Where they lie, below the mount. @default /admin */
    path: key(pagePath, '/admin'),
    /** The one origin that they are shown at, e.g. `https://ops.example.com`. Empty: any that leads here. */
    origin: key(optional(oneOrigin), undefined),
    /** Users of the root app who are operators of all apps once they have signed in with Amazon, by identifier (`az:…`), comma-separated. Empty: nobody but by keys. */
    identifiers: key(texts, []),
    /** An operator's session unused for this long ends: seconds, or text such as `30 minutes`; in any case it ends after 12 hours. @default 1800 */
    idleTimeout: key(seconds, 1800),
  },
  audit: {
    /** How long the store keeps who tried to sign in: seconds, or text such as `90 days`. 0: it is only logged. @default 7776000 */
    retention: key(orZero(seconds), 7_776_000),
  },
  stats: {
    /** How long the store keeps how many signed in, by day (by hour at most 62 days, by minute 2 days): seconds, or text such as `400 days`. 0: nothing is counted there. @default 94608000 */
    retention: key(orZero(seconds), 94_608_000),
  },
  webhooks: {
    /** Private networks that webhooks of apps may lead into, comma-separated: `10.0.0.0/8`, or loopback, linklocal, uniquelocal. Empty: none; where clouds keep credentials, never. */
    allowPrivate: key(networks, []),
    /** How long the store keeps what was sent, and when: seconds, or text such as `3 days`. @default 259200 */
    retention: key(seconds, 259_200),
    /** How many events may wait for one webhook; of more than that, the oldest are given up. @default 100000 */
    maxWaiting: key(count, 100_000),
  },
}

function key<T, Written>(reads: Format<T, Written>, preset: NoInfer<T>): Key<T, Written> {
  return { default: preset, format: (value) => void reads.parse(value), reads }
}

function hidden<T, Written>(reads: Format<T, Written>, preset: NoInfer<T>): Key<T, Written> {
  return { ...key(reads, preset), sensitive: true }
}
