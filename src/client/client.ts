import type { AppJson } from '../apps/app-json'
import type { AppKeys } from '../apps/create-app'
import type { AppSettings, SettingKey, SettingValue } from '../apps/app-settings'
import type { SettingsReview } from '../apps/review-settings'
import type { Json, SettingValues } from '../apps/settings'
import type { Report as DoctorReport } from '../doctor/report'
import type { StatsReport } from '../stats/create-stats'
import type { StatsPeriod } from '../stats/latest'
import type { Span } from '../stats/span'
import type { UserExport } from '../users/export-user'
import type { UserJson } from '../users/user-json'
import type { UserSortKey } from '../users/user'
import type { WebhookEventType } from '../webhooks/webhook-event'

/**
 * The API of a server, as one app calls it. Every method rejects with `ApiError`, or with a `TypeError` where an argument is
 * missing.
 */
export interface Client {
  /** What the server is. */
  about(): Promise<About>
  /** The app that calls. */
  me(): Promise<AppJson>
  /** Settings of the app that calls. */
  readonly settings: {
    /** All of them; secrets are masked. */
    read(): Promise<SettingValues>
    /**
     * One of them, as it was put: so it may be anything, whatever its name. A secret is masked.
     *
     * @returns Undefined when it is not set.
     */
    get(key: SettingKey): Promise<Json | undefined>
    /**
     * Sets one of them.
     *
     * @param value What its name takes; null is stored, and means: not set.
     * @returns What was stored as sent and has no effect, and what is most likely not what was meant.
     * @example const { ignored } = await client.settings.put('session_timeout', '12 hours')
     */
    put<Key extends SettingKey>(key: Key, value: SettingValue<Key>): Promise<SettingsReview>
    /** Replaces all of them; a masked secret keeps what is stored. Returns as `put` does. */
    replace(settings: AppSettings | SettingValues): Promise<SettingsReview>
    /** Does nothing when it is not set. */
    delete(key: SettingKey): Promise<void>
  }
  /** Users of the app that calls. */
  readonly users: {
    list(page?: UserPageRequest): Promise<Page<UserJson>>
    get(id: string): Promise<UserJson>
    /** `{ active: false }` locks a user: sessions and tokens are dead at once. */
    patch(id: string, changes: UserPatch): Promise<UserJson>
    delete(id: string): Promise<void>
    /** Ends all sessions and tokens of a user, on all devices. */
    signOut(id: string): Promise<UserJson>
    /** Gives up the user's account at Amazon: whoever signs in with it is a new user, and this one stays. */
    unlinkAmazon(id: string): Promise<UserJson>
    /** All that is kept of a user, for that person: no secrets. */
    export(id: string): Promise<UserExport>
    /**
     * An access token of Amazon for a user, where `amazon.keep_tokens` of the app is on. It is refreshed when it is about
     * to end, so ask each time. Rejects with the status 404 (none is kept) or 410 (the consent is withdrawn) when the
     * person has to sign in again.
     *
     * @param options.renew Have it refreshed though it seems good, as after Amazon has refused it; at most once a minute.
     */
    amazonToken(
      id: string,
      options?: { readonly renew?: boolean | undefined },
    ): Promise<AmazonToken>
  }
  /** All apps, for the root app; any app may delete itself. */
  readonly apps: {
    /**
     * @returns Keys of the new app, which are never shown again. Rejects when it is there already: with the status
     *   200, by which clients of Para are told so.
     */
    create(name: string, options?: { readonly displayName?: string | undefined }): Promise<AppKeys>
    list(page?: AppPageRequest): Promise<Page<AppJson>>
    /**
     * Renames an app, or switches it off (`{ active: false }`: nobody signs in, and its sessions, tokens and keys are
     * worth nothing meanwhile) or on. Any app may rename itself.
     */
    patch(name: string, changes: AppPatch): Promise<AppJson>
    /** Deletes an app with its users and settings. */
    delete(name: string): Promise<void>
  }
  /**
   * What keeps logins from working, with the fix: for the app that calls; for the root app, of the host and a page of its
   * apps, or of one.
   */
  doctor(request?: DoctorRequest): Promise<DoctorReport>
  /** How many signed in, and how many did not: to the app that calls; for the root app, to all apps together, or to one. */
  stats(request?: StatsRequest): Promise<StatsReport>
  /** A link, good for ten minutes, by which the sign-in to the app is tried in a browser: nobody is signed in, nothing is stored. */
  tryLink(request?: TryLinkRequest): Promise<TryLink>
  /** Where events of the app that calls are sent. See `verifyWebhook` for those who receive them. */
  readonly webhooks: {
    list(): Promise<readonly Webhook[]>
    get(id: string): Promise<Webhook>
    /** @returns It with its secret, which is never shown again. */
    create(webhook: {
      readonly url: string
      readonly events: readonly WebhookEventType[]
    }): Promise<NewWebhook>
    /** `{ active: false }` switches it off: what waits for it is given up. */
    patch(
      id: string,
      changes: {
        readonly url?: string | undefined
        readonly events?: readonly WebhookEventType[] | undefined
        readonly active?: boolean | undefined
      },
    ): Promise<Webhook>
    delete(id: string): Promise<void>
    /**
     * Makes a new secret; the former one signs beside it for a while.
     *
     * @param options.overlapSeconds For how long. Default: a day.
     */
    rotate(
      id: string,
      options?: { readonly overlapSeconds?: number | undefined },
    ): Promise<NewWebhook>
    /** Sends an event that means nothing. Returns the id of the delivery. */
    test(id: string): Promise<string>
    /** What was sent, and what waits, the latest first. */
    deliveries(id: string, page?: DeliveryPageRequest): Promise<DeliveryPage>
    /** Sends an event again, under the same id. */
    resend(id: string, deliveryId: string): Promise<void>
  }
  readonly keys: {
    /** Makes a new secret, with which this client goes on; the old one and every token are dead at once. */
    rotate(): Promise<AppKeys>
  }
  /** Session tokens of users. */
  readonly signIn: {
    /** @param grant.token Access token of Amazon, issued to the app's `az_app_id`. */
    withAmazonToken(grant: TokenGrant): Promise<SignedIn>
    /** @param grant.token JWT that the app's own back end signed. */
    withAppToken(grant: TokenGrant): Promise<SignedIn>
    /** A new session token for a live one. */
    renew(sessionToken: string): Promise<SignedIn>
    /** Ends all tokens and sessions of the user. */
    revoke(sessionToken: string): Promise<void>
    /** All that is kept of the user: no secrets. */
    export(sessionToken: string): Promise<UserExport>
  }
}

/** What is to change of a user. */
export interface UserPatch {
  /** False locks the user: sessions and tokens are dead at once, and stay so after unlocking. Default: as it is. */
  readonly active?: boolean | undefined
  /** Full name. Default: as it is. */
  readonly name?: string | undefined
  /** Email address. Default: as it is. */
  readonly email?: string | undefined
  /** Groups, as Para has them: text such as `users`. Default: as they are. */
  readonly groups?: string | undefined
}

/** What is to change of an app. */
export interface AppPatch {
  /** Name to show, of 1 to 256 characters. Default: as it is. */
  readonly name?: string | undefined
  /** Whether people can sign in. Default: as it is. */
  readonly active?: boolean | undefined
}

/** As JSON has it. */
export interface Webhook {
  readonly id: string
  readonly url: string
  readonly events: readonly WebhookEventType[]
  readonly active: boolean
  /** Why it is not active. */
  readonly off?: 'paused' | 'gone' | 'failing'
  /** Since when nothing has arrived, in milliseconds since 1970; absent: the last attempt has. */
  readonly failing_since?: number
  /** Until when the former secret signs as well, in milliseconds since 1970. */
  readonly former_secret_until?: number
  readonly timestamp: number
  readonly updated: number
}

export interface NewWebhook extends Webhook {
  /** For `verifyWebhook`. */
  readonly secret: string
}

export interface DeliveryPageRequest {
  /** How they stand. Default: however they do. */
  readonly state?: 'pending' | 'delivered' | 'given_up' | undefined
  /** Items on a page, at most 100. Default 30. */
  readonly limit?: number | undefined
  /** Begin behind this one: the `lastKey` of the page before. Default: with the latest. */
  readonly lastKey?: string | undefined
}

export interface DeliveryPage {
  readonly items: readonly WebhookDelivery[]
  /** Id of the last item; null when there is none. */
  readonly lastKey: string | null
}

/** As JSON has it; times are milliseconds since 1970. */
export interface WebhookDelivery {
  /** The header `webhook-id`. */
  readonly id: string
  readonly type: WebhookEventType | 'webhook.test'
  readonly timestamp: number
  /** Id of the user, if it is of one. */
  readonly user?: string
  readonly state: 'pending' | 'delivered' | 'given_up'
  readonly next_attempt?: number
  readonly attempts: readonly {
    readonly at: number
    readonly ms: number
    readonly status?: number
    /** Why it does not count as arrived; absent: it does. */
    readonly error?: string
  }[]
}

export interface About {
  readonly info: string
  readonly version: string
}

export interface DoctorRequest {
  /** Name of the app, with or without `app:`. Default: the app that calls; for the root app, the host and a page of apps. */
  readonly app?: string | undefined
  /** Asks nobody over the network. Default false. */
  readonly offline?: boolean | undefined
  /** Apps on a page, from 1 to 100. Default 20. */
  readonly limit?: number | undefined
  /** Begin behind this app: the `lastKey` of the report before. Default: with the first. */
  readonly lastKey?: string | undefined
}

export interface StatsRequest {
  /** Name of the app, with or without `app:`. Default: the app that calls; for the root app, all. */
  readonly app?: string | undefined
  /** The last 60 minutes, 24 hours or 31 days. Default `day`, where `from` is not given. */
  readonly period?: StatsPeriod | undefined
  /** Begin of the figures, in milliseconds since 1970, in place of `period`. Default: as `period` has it. */
  readonly from?: number | undefined
  /** End of the figures, in milliseconds since 1970. Default: now. */
  readonly to?: number | undefined
  /** How long each point is; at most 1,500 points. Default `hour`. */
  readonly step?: Span | undefined
}

export interface TryLinkRequest {
  /** Name of the app, with or without `app:`, where the root app asks. Default: the app that calls. */
  readonly app?: string | undefined
}

export interface TryLink {
  readonly url: string
  /** In milliseconds since 1970. */
  readonly expiresAtMs: number
}

export interface AmazonToken {
  readonly accessToken: string
  /** In milliseconds since 1970. */
  readonly expiresAtMs: number
  /** What the person has granted; undefined: not known. */
  readonly scopes: readonly string[] | undefined
}

export interface PageRequest {
  /** Which page, counted from 1. Default 1. */
  readonly page?: number | undefined
  /** Items on a page, at most 100. Default 30. */
  readonly limit?: number | undefined
}

export interface UserPageRequest extends PageRequest {
  /** Order of the list. Default `timestamp`: when they were made. */
  readonly sort?: UserSortKey | undefined
  /** Greatest or latest first. Default true. */
  readonly desc?: boolean | undefined
}

export interface AppPageRequest extends PageRequest {
  /** Begin behind this app: the `lastKey` of the page before. Default: with the first. */
  readonly lastKey?: string | undefined
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly totalHits: number
  /** Id of the last item; null when there is none. */
  readonly lastKey: string | null
}

export interface TokenGrant {
  /** Name of the app, with or without `app:`. */
  readonly app: string
  readonly token: string
}

export interface SignedIn {
  /** Session token, to be sent as Bearer. */
  readonly token: string
  /** When to renew it, in milliseconds since 1970. */
  readonly refreshAtMs: number
  /** In milliseconds since 1970. */
  readonly expiresAtMs: number
  readonly user: UserJson
}
