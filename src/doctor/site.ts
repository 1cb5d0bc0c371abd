import type { AmazonEndpoints } from '../amazon/endpoints'
import type { AskedScopes } from '../amazon/scopes'
import type { App } from '../apps/app'
import type { SettingsReview } from '../apps/review-settings'
import type { ServingNode } from '../apps/serving-nodes'
import type { SettingValues } from '../apps/settings'
import type { HostTraits } from '../apps/value-formats'
import type { ClaimMapping } from '../claims/claim-mapping'

/** What doctor needs to know of the host: composed of its configuration and its store. */
export interface Site {
  /** production, development or test. */
  readonly env: string
  /** Of the configuration, for all apps. */
  readonly publicUrl: string | undefined
  readonly isStrict: boolean
  readonly signinFailure: string | undefined
  /** Names of our cookies as they are configured. */
  readonly cookieNames: { readonly session: string; readonly login: string }
  /** Variable of the environment that names a proxy which is not used for Amazon. */
  readonly unusedProxy: string | undefined
  readonly host: HostTraits
  /** Host and port of the proxy that Amazon is asked through; undefined: it is asked directly, or by the host's own client. */
  readonly proxy: string | undefined
  readonly figures: SiteFigures
  readonly tokenPolicy: {
    /** What `amazon.keep_tokens` of the configuration says for all apps. */
    readonly isKept: boolean
    /** Whether that, or an app of the configuration, is on. */
    readonly isKeptSomewhere: boolean
    readonly onRevoked: 'keep' | 'sign_out'
  }
  /** What loading the configuration has warned of. */
  readonly warnings: readonly string[]
  /** Where a key of the configuration stands, by its name without `para.`; undefined: it is not known. */
  originOf(key: string): string | undefined
  /** Where the configuration has a setting of an app; undefined: it has not. */
  originOfSetting(appId: string, name: string): string | undefined
  scopesOf(app: App): AskedScopes
  /** What of its users and ID tokens comes from where; undefined: nobody has said. */
  claimMappingOf(app: App): ClaimMapping | undefined
  endpointsOf(app: App): AmazonEndpoints
  /** Of all regions that are in use. */
  allEndpoints(): readonly AmazonEndpoints[]
  /** The `redirect_uri` for a public address. */
  returnAddress(publicUrl: string, mountPath: string): string
  /** Whether a login that ends at this address carries a token. */
  carriesToken(target: string): boolean
  readonly apps: CheckableApps
  readonly store: CheckableStore
}

/** Numbers of the configuration that can be odd. */
export interface SiteFigures {
  readonly answerMs: number
  readonly idTokenSeconds: number
  readonly sessionTokenSeconds: number
  readonly idleSeconds: number
  readonly absoluteSeconds: number
  /** 0: no limit. */
  readonly failuresPerMinute: number
}

/** The apps, stored and configured. Nothing is made that is not there. Rejects with `store_unavailable`. */
export interface CheckableApps {
  /** Ids behind one, in order. */
  listIds(page: { readonly afterId: string; readonly limit: number }): Promise<readonly string[]>
  /**
   * Undefined: there is none.
   *
   * @throws {AmazonAuthError} `secret_unreadable`, `store_unavailable`
   */
  find(id: string): Promise<App | undefined>
  /** What is stored (secrets are masked), and what should be told of it. Undefined: it is configured alone. */
  findStored(id: string): Promise<StoredSettings | undefined>
}

export interface StoredSettings {
  readonly settings: SettingValues
  readonly review: SettingsReview
}

export interface CheckableStore {
  /** Looks without changing anything; the write that it tries leaves nothing. Never rejects. */
  inspect(): Promise<StoreFacts>
  /** Whether it is there and has the schema of this release. Never rejects. */
  isOpen(): Promise<boolean>
  /**
   * Makes sure that what is stored can be opened, and changes nothing.
   *
   * @throws {AmazonAuthError} `secret_unreadable`, `store_unavailable`
   */
  checkKeys(): Promise<void>
  /** Where the master keys come from, for people. */
  readonly keySource: string
  /** Processes that serve from it, seen lately, and lack the first master key. */
  nodesWithoutKey(): Promise<readonly ServingNode[]>
  /** Whether the Redis that nodes share answers; undefined: none is configured. Never rejects. */
  doesRedisAnswer(): Promise<boolean | undefined>
}

/** What a store tells of itself. */
export interface StoreFacts {
  /** Without a password. */
  readonly place: string
  readonly state: 'open' | 'missing' | 'empty' | 'older' | 'newer' | 'broken'
  /** Why it is broken, and what to do. */
  readonly problem?: string
  /** Undefined: there is none yet. */
  readonly schemaVersion?: number
  /** The one that this release works with; undefined: it is a store of another making. */
  readonly knownVersion: number | undefined
  /** How long a small write took. */
  readonly writeMs?: number
  /** Why it takes none. */
  readonly writeProblem?: string
  /** Free bytes where its file lies. */
  readonly freeBytes?: number
}
