import type { AppStore } from '../apps/app'
import type { AppChanges } from '../apps/app-changes'
import type { SealingKeyStore } from '../apps/sealing-keys'
import type { ServingNodeStore } from '../apps/serving-nodes'
import type { AuditStore } from '../audit/audit-event'
import type { AuditHistory } from '../audit/audit-history'
import type { BulkStore } from '../bulk/bulk-store'
import type { DeviceLoginStore } from '../devices/device-login'
import type { StoreFacts } from '../doctor/site'
import type { TokenStore } from '../kept-tokens/token-store'
import type { SessionStore } from '../sessions/session-store'
import type { StatsStore } from '../stats/stats-store'
import type { SingleUseStore } from '../tokens/single-use'
import type { UserTraceStore } from '../users/kept-of-user'
import type { RelinkStore } from '../users/relink'
import type { UserStore } from '../users/user'
import type { DeliveryStore } from '../webhooks/delivery'
import type { WebhookStore } from '../webhooks/webhook'

/** What nobody can be signed in without. */
export interface RequiredParts {
  /** The apps and their settings. */
  readonly apps: AppStore
  /** The users of each app. */
  readonly users: UserStore
  /** Browser sessions, unless `sessionStore` takes them, and always those of operators. */
  readonly sessions: SessionStore
  /** What is good for one use only: tokens, assertions, and the logins of strict apps. */
  readonly singleUse: SingleUseStore
  /** Ids of the keys that may have sealed something, so that a wrong `secretKey` is told at the start. */
  readonly sealingKeys: SealingKeyStore
}

/** What a feature each depends on, which is off where the part is not there. */
export interface OptionalParts {
  /** Amazon's tokens of users (`amazon.keepTokens`). */
  readonly keptTokens: TokenStore
  /** Logins of devices while they wait for a person. */
  readonly devices: DeviceLoginStore
  /** Endpoints of apps that are told of events. Goes with `deliveries`. */
  readonly webhooks: WebhookStore
  /** Events on their way to these endpoints. Goes with `webhooks`. */
  readonly deliveries: DeliveryStore
  /** The audit trail, as it is written. */
  readonly audit: AuditStore
  /** The audit trail, as it is read. Needs `audit`. */
  readonly auditHistory: AuditHistory
  /** Sums of sign-ins by period, which `audit` writes. Needs it. */
  readonly stats: StatsStore
  /** What other parts keep of users: it is exported with them, and erased when they are gone. */
  readonly userTraces: UserTraceStore
  /** Changes of many users. */
  readonly bulk: BulkStore
  /** The way back for users whose ids at Amazon have all changed. */
  readonly relinking: RelinkStore
  /** Which processes serve from the store, and with which keys. */
  readonly servingNodes: ServingNodeStore
}

/**
 * A part of {@link Store} that may be absent.
 *
 * - `keptTokens`: without it Amazon's tokens are not kept, whatever `amazon.keepTokens` says.
 * - `devices`: without it devices get no code.
 * - `webhooks` and `deliveries`: without both nobody can be told of events by webhooks.
 * - `audit` and `auditHistory`: without them sign-ins are logged alone, and the pages for operators list none.
 * - `stats`: without it the pages for operators draw no charts.
 * - `userTraces`: without it an export holds the user's record alone.
 * - `bulk`: without it users are changed one by one.
 * - `relinking`: without it ids that have all changed are not mended.
 * - `servingNodes`: without it nobody is warned of a process that lacks a key.
 */
export type OptionalPart = keyof OptionalParts

/**
 * Where everything is kept, for those who keep it in a database of their own: the option `store` takes it. Each part is an
 * object of methods; a part that may be absent is one of {@link OptionalPart}, and turns its feature off.
 *
 * What holds for every method:
 *
 * - It returns a promise, and `undefined` (never `null`) for what is not there.
 * - Texts come back to the letter: ids and identifiers are told apart by case, and any well-formed Unicode is kept.
 * - Times are whole milliseconds since 1970, as numbers.
 * - What it gives is a copy: the caller may hold on to it, and the store may not change it.
 * - Many calls may run at once, in several processes; where a method says that one of them wins, the database has to decide.
 * - Whatever it throws is answered as `store_unavailable` (503), with what it threw as the cause in the log; so is no answer
 *   within the option `timeout` of a SQL store's default, two seconds.
 *
 * `express-amazon-auth/store-contract` has tests for all of it.
 *
 * @example
 * app.use(amazonAuth({ store: { apps, users, sessions, singleUse, sealingKeys }, secretKey: process.env.SECRET_KEY }))
 */
export interface Store extends RequiredParts, Partial<OptionalParts> {
  /** News of changed apps among the processes that share the store. Default: each finds out within two seconds. */
  readonly changes?: AppChanges
  /** Opens it. Called before the first use, and again after it has failed. Default: it is open. */
  ready?(): Promise<void>
  /** Whether the database answers, for `/v1/_health` and `/v1/_ready`. Default: whether `sealingKeys.list()` does. */
  isHealthy?(): Promise<boolean>
  /** Ends it, when `auth.close()` is called. Default: it is left open, as it may be the host's. */
  close?(): Promise<void>
}

/** A store all of whose parts are there, be it to say that they are not. */
export interface WholeStore extends RequiredParts, OptionalParts {
  /** Parts that only say that they are not there. */
  readonly lacks: ReadonlySet<OptionalPart>
  readonly changes: AppChanges
  ready(): Promise<void>
  isHealthy(): Promise<boolean>
  /**
   * Looks at it without opening it for work, and so without changing it. Never rejects.
   *
   * @param look.triesWrite Whether to try a write, which leaves nothing.
   */
  inspect(look: { readonly triesWrite: boolean }): Promise<StoreFacts>
  close(): Promise<void>
}
