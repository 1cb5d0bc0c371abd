import type { SettingValues } from '../apps/settings'

export type { Json, SettingValues } from '../apps/settings'

/** Where a value came from: `application.conf:12`, `environment para_port`, `option port` or `default`. */
export type Origin = string

/**
 * The whole configuration: built once, frozen, never changed afterwards.
 *
 * Names are those of `application.conf` without the `para.` prefix, camel-cased.
 */
export interface Config {
  /** Name of the root app. Default `para`. */
  readonly appName: string
  /** TCP port of the stand-alone server. Default 8080. */
  readonly port: number
  /** Address the stand-alone server listens on. Default: all. */
  readonly host: string | undefined
  /**
   * Proxies whose forwarded headers the stand-alone server believes, by address and network, or how many of them stand
   * before it. Default `loopback`, `linklocal`, `uniquelocal`.
   */
  readonly trustProxy: readonly string[] | number
  readonly shutdown: {
    /** How long the stand-alone server goes on after a signal to stop, in milliseconds. Default 0. */
    readonly delayMs: number
  }
  /** `production`, `development` or `test`. Default `development`. */
  readonly env: 'production' | 'development' | 'test'
  /** Origin (and path) under which browsers reach this host; unset: taken from each request. */
  readonly publicUrl: string | undefined
  /** Root app's Amazon client id and secret: both or neither. */
  readonly azAppId: string | undefined
  readonly azSecret: string | undefined
  readonly security: {
    /** Where the root app's users go after signing in. Default `/`. */
    readonly signinSuccess: string
    /** Where users go whose sign-in failed, unless their app has a target of its own. Default `/signin?error`. */
    readonly signinFailure: string
    /** Schemes of apps that both may lead to, comma-separated; unset: those with a dot in them. */
    readonly appSchemes: string | undefined
    /** Origins that `host_url` and `state=<app>|<n>` may pick for the root app. */
    readonly hosturlAliases: readonly string[]
    /** Every safer choice on, for all apps. Default false. */
    readonly strict: boolean
    /** A new Amazon account with a known email takes over that user (as Para does). Default false. */
    readonly linkByEmail: boolean
    /** Sites whose pages may call the JSON API. Default: none. */
    readonly corsOrigins: readonly string[]
  }
  /** Name of the cookie that holds a base64 path to return to. Default `para-returnto`. */
  readonly returntoCookie: string
  /** Life of a session token, in seconds. Default 86400. */
  readonly jwtExpiresAfter: number
  /** Life of an ID token, in seconds. Default 60. */
  readonly idTokenExpiresAfter: number
  /** Issuing a session token ends the user's older ones. Default true. */
  readonly oneSessionPerUser: boolean
  /** Fixed secret of the root app; unset: made at first start. At least 32 characters. */
  readonly rootSecretKey: string | undefined
  /** Master keys for secrets at rest: the first seals, all open. Empty: made beside the SQLite file. */
  readonly secretKeys: readonly string[]
  readonly amazon: {
    /** Amazon's consent page. */
    readonly authorizeUrl: string
    /** Origin of the token, profile and tokeninfo endpoints. */
    readonly apiUrl: string
    /** Space-separated scopes. Default `profile`. */
    readonly scope: string
    /** Limit for one answer of Amazon, in milliseconds. Default 5000. */
    readonly timeoutMs: number
    /** Proxy that requests to Amazon go through; may hold a password. */
    readonly proxy: string | undefined
    /** Variable of the environment that names a proxy which is not used. */
    readonly unusedProxy: string | undefined
  }
  readonly store: {
    /** `sqlite:<file>`, `sqlite::memory:` or `postgres://…`, complete. Default `sqlite:data/amazon-auth.db`. */
    readonly url: string
    /** PostgreSQL connections of this process at most. Default 10. */
    readonly poolSize: number
    /** How long a call waits for a PostgreSQL connection, in milliseconds. Default 1500. */
    readonly connectTimeoutMs: number
    /** Limit for one call to PostgreSQL, waiting included, in milliseconds. Default 2000. */
    readonly timeoutMs: number
  }
  readonly session: {
    /** Redis that keeps sessions, counts limits for all nodes and carries news between them; unset: the store has the sessions. */
    readonly storeUrl: string | undefined
    /** Signs session cookies; unset: derived from the master key. */
    readonly secret: string | undefined
    /** Name of the cookie of a session. Default `amazon-auth`. */
    readonly cookieName: string
    /** Name of the cookies that carry a login from begin to return. Default `amazon-login`. */
    readonly loginCookieName: string
    /** Signing in keeps what the host's own session holds, under a new id. Default false. */
    readonly keep: boolean
    /** A session unused for this long ends, in seconds. Default 86400 (a day). */
    readonly idleTimeoutSeconds: number
    /** A session ends this long after sign-in, in seconds, used or not. Default 2592000 (30 days). */
    readonly absoluteTimeoutSeconds: number
  }
  /** How often things may happen in a minute; 0: no limit. */
  readonly limits: {
    /** Failed sign-ins of one address to one app, refused tokens of one address. Default 1000. */
    readonly failuresPerMinute: number
    /** Refused signatures of one address for one app. Default 20. */
    readonly badSignaturesPerMinute: number
    /** Sign-ins to one app, from anywhere. Default 0. */
    readonly loginsPerMinute: number
  }
  readonly audit: {
    /** How long the store keeps who tried to sign in, in seconds; 0: not at all. Default 7776000 (90 days). */
    readonly retentionSeconds: number
  }
  /** Child apps written in the file or in code, with their settings by wire name. */
  readonly apps: Readonly<Record<string, SettingValues>>
}
