import type { IncomingMessage } from 'node:http'

import type { Request } from 'express'

import type { AmazonCalls } from '../amazon/amazon-calls'
import type { AmazonEndpoints } from '../amazon/endpoints'
import type { GrantedProfile } from '../amazon/scopes'
import type { App } from '../apps/app'
import type { AppAdmin } from '../apps/app-admin'
import type { AppDirectory } from '../apps/app-directory'
import type { AppJson } from '../apps/app-json'
import type { Doctor } from '../doctor/question'
import type { ClaimMapping } from '../claims/claim-mapping'
import type { AuditFeed } from '../audit/audit-feed'
import type { AuditHistory } from '../audit/audit-history'
import type { AuditTrail } from '../audit/audit-trail'
import type { BulkChanges } from '../bulk/create-bulk-changes'
import type { Scalar } from '../claims/field'
import type { Sealer } from '../crypto/sealer'
import type { DeviceLogins } from '../devices/device-logins'
import type { AmazonAuthError } from '../errors'
import type { EventHub } from '../events/event-hub'
import type { KeptTokens } from '../kept-tokens/kept-tokens'
import type { Logger } from '../logger'
import type { Metrics } from '../metrics/metrics'
import type { SessionLimits } from '../sessions/find-signed-in'
import type { SessionStore } from '../sessions/session-store'
import type { Stats } from '../stats/create-stats'
import type { Tracing } from '../telemetry/tracing'
import type { SingleUse } from '../tokens/single-use'
import type { ForeseenUser } from '../users/foresee-user'
import type { UpsertOptions } from '../users/upsert-user'
import type { UserAdmin } from '../users/user-admin'
import type { User, UserDetails, UserStore } from '../users/user'
import type { UserJson } from '../users/user-json'
import type { LoginFailures } from '../webhooks/login-failures'
import type { WebhookAdmin } from '../webhooks/webhook-admin'
import type { Downloads } from './limits/downloads'
import type { Limits } from './limits/limits'
import type { LoadShedder } from './limits/load-shedder'
import type { LoginSlots } from './limits/login-slots'
import type { CookieNames } from './session/cookie-names'
import type { OwnSessions } from './session/own-session'

/** What it takes to tell who a browser is signed in as. */
export interface SessionServices {
  /** Opens the store and makes sure that the root app is there. Cheap once done. */
  ready(): Promise<void>
  readonly apps: AppDirectory
  readonly users: Pick<UserStore, 'findById'>
  readonly sessions: OwnSessions
  readonly policy: Policy
  readonly hooks: Hooks
  readonly logger: Logger
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What it takes to keep those out who ask for too much. */
export interface LimitServices extends Pick<SessionServices, 'apps' | 'policy' | 'logger'> {
  readonly limits: Limits
  readonly load: LoadShedder
}

/** What it takes to sign somebody in. */
export interface SignInServices extends SessionServices, LimitServices {
  readonly amazon: Amazon
  readonly keptTokens: KeptTokens
  upsertUser(app: App, details: UserDetails, options: UpsertOptions): Promise<User>
  /** What that would do, by reading alone. */
  foreseeUser(app: App, details: UserDetails, options: UpsertOptions): Promise<ForeseenUser>
  readonly userAdmin: UserAdmin
  /** Seals what a browser carries for us: cookies of logins and devices, links to try, notices, secrets that are shown once. */
  readonly browserSealer: Sealer
  readonly singleUse: SingleUse
  readonly devices: DeviceLogins
  readonly loginSlots: LoginSlots
  readonly audit: AuditTrail
  /** Those of the host who listen. */
  readonly events: Pick<EventHub, 'emit'>
  readonly loginFailures: LoginFailures
  readonly metrics: Metrics
  readonly tracing: Tracing
  /** Tells why a sign-in fails that is only tried. */
  readonly doctor: Doctor
}

/** Login with Amazon, as each app uses it. */
export interface Amazon extends AmazonCalls {
  /** Where Amazon answers for an app: the hosts of its region, unless the configuration names others. */
  endpointsOf(app: App): AmazonEndpoints
}

/** All that the HTTP layer works with; put together in src/compose/. The API needs all of it. */
export interface AuthServices extends SignInServices {
  readonly auditHistory: AuditHistory
  readonly auditFeed: AuditFeed
  /** Whether events of the audit trail are stored, rather than only logged. */
  readonly isAuditKept: boolean
  readonly admin: AppAdmin
  readonly webhooks: WebhookAdmin
  /** Whether the store of the host keeps nothing of a kind. */
  lacks(part: ShownPart): boolean
  /** Sessions of operators. */
  readonly adminSessions: SessionStore
  /** Bounds the files that operators save at a time. */
  readonly downloads: Downloads
  /** Changes of many users. */
  readonly bulk: BulkChanges
  /** How many signed in, and how many did not. */
  readonly stats: Stats
  /** Whether the store answers. */
  isHealthy(): Promise<boolean>
  /** Whether this process is about to stop, and wants no more visitors. */
  isDraining(): boolean
}

/** What pages for operators show, as far as a store of the host's own keeps it: parts of it by their names. */
export type ShownPart = 'auditHistory' | 'stats' | 'webhooks' | 'bulk' | 'userTraces'

/** Choices of the configuration that hold for all apps, unless an app's setting says otherwise. */
export interface Policy {
  /** Proxies that are believed, by a host that has no setting of its own for it. Undefined: none is named. */
  readonly trustProxy: number | readonly string[] | undefined
  readonly publicUrl: string | undefined
  readonly scope: string
  /** Scopes beside it that people may leave out. */
  readonly voluntaryScope: string | undefined
  /** Where fields of users and claims of ID tokens come from, if not from where they do by themselves. */
  readonly claimMapping: ClaimMapping | undefined
  readonly strict: boolean
  readonly linkByEmail: boolean
  /** Where failed sign-ins go that have no target of their own; undefined: nowhere, so that the answer is a page. */
  readonly signinFailure: string | undefined
  /** Path of such a page, where a server of our own shows it. */
  readonly failurePage?: string
  readonly returntoCookie: string
  readonly idTokenTtlSeconds: number
  readonly sessionTokenTtlSeconds: number
  readonly oneSessionPerUser: boolean
  readonly sessionLimits: SessionLimits
  readonly cookies: CookieNames
  /** Whether the host's session keeps what it holds when somebody signs in. */
  readonly keepsSession: boolean
  /** Sites whose pages may call the API. */
  readonly corsOrigins: readonly string[]
  readonly admin: AdminPolicy
  /** Limit for everything a login asks of Amazon, in milliseconds. */
  readonly loginDeadlineMs: number
}

/** The pages for operators. */
export interface AdminPolicy {
  /** Undefined: the configuration leaves it to the kind of host. */
  readonly isOn: boolean | undefined
  /** Where they lie, below the mount. */
  readonly path: string
  /** The one origin that they are shown at. */
  readonly origin: string | undefined
  /** Identifiers of users of the root app who may see them. */
  readonly identifiers: readonly string[]
  /** A session unused for this long has ended, in milliseconds. */
  readonly idleMs: number
}

/** What the hook `mapProfile` gives: all of it may be left out, and the identifier cannot be changed. */
export interface MappedProfile {
  /** At most 254 characters. Default: as Amazon sent it. */
  readonly email?: string | undefined
  /** Default: as Amazon sent it. */
  readonly name?: string | undefined
  /** Address of an image. Default: one of Gravatar, by the email. */
  readonly picture?: string | undefined
  /** Of new users alone. Default: `users`. */
  readonly groups?: string | undefined
  /**
   * Further fields to keep beside those of Amazon's, by name: text of at most 256 characters, numbers, true or false. Null
   * keeps none of that name, be it Amazon's own. Default: those of Amazon's.
   */
  readonly profile?: Readonly<Record<string, Scalar | null | undefined>> | undefined
}

/**
 * Places where the host may step in. All may be async; one that throws fails that login and nothing else, and one that
 * throws a `SignInRefused` refuses it for a reason that the person is told.
 *
 * @typeParam Req What a request is to the host. Default: Express's.
 */
export interface Hooks<Req extends IncomingMessage = Request> {
  /**
   * Names the app of a request that names none itself; undefined: the root app. Default: the root app.
   *
   * @example amazonAuth({ hooks: { resolveApp: (req) => req.hostname.split('.')[0] } })
   */
  readonly resolveApp?: ((req: Req) => string | undefined | Promise<string | undefined>) | undefined
  /**
   * Changes what is kept of a profile: what is not named, or undefined, stays as Amazon sent it, or as the app's `claims` have
   * it. Default: nothing is changed.
   *
   * @example amazonAuth({ hooks: { mapProfile: ({ name }) => ({ name: name?.trim() }) } })
   */
  readonly mapProfile?:
    ((profile: GrantedProfile, app: AppJson) => MappedProfile | Promise<MappedProfile>) | undefined
  /**
   * Runs after the user is stored and before the browser is answered; what it returns is not looked at. To refuse people before
   * they are stored, use `mapProfile`; only to be told, `auth.on('login')`. Default: nothing.
   *
   * @example amazonAuth({ hooks: { onLogin: ({ user }) => console.log(user.id) } })
   */
  readonly onLogin?:
    | ((login: {
        readonly app: AppJson
        readonly user: UserJson
        readonly profile: GrantedProfile
        readonly req: Req
      }) => unknown)
    | undefined
  /**
   * Runs after a login in a browser has failed, before it is answered. What it throws is logged. Default: nothing.
   *
   * @example amazonAuth({ hooks: { onFailure: ({ error }) => console.log(error.code) } })
   */
  readonly onFailure?:
    | ((failure: {
        readonly error: AmazonAuthError
        readonly appId: string | undefined
        readonly req: Req
      }) => unknown)
    | undefined
}
