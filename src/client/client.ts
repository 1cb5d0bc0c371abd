import type { AppPatch } from '../apps/app'
import type { AppJson } from '../apps/app-json'
import type { AppKeys } from '../apps/create-app'
import type { SettingsReview } from '../apps/review-settings'
import type { Json, SettingValues } from '../apps/settings'
import type { Report as DoctorReport } from '../doctor/report'
import type { StatsReport } from '../stats/create-stats'
import type { StatsPeriod } from '../stats/latest'
import type { Span } from '../stats/span'
import type { UserExport } from '../users/export-user'
import type { UserPatch } from '../users/user-admin'
import type { UserJson } from '../users/user-json'
import type { UserSortKey } from '../users/user'
import type { WebhookEventType } from '../webhooks/webhook-event'

/** The API of a server, as one app calls it. Every method rejects with `ApiError`, and with nothing else. */
export interface Client {
  /** What the server is. */
  about(): Promise<About>
  /** The app that calls. */
  me(): Promise<AppJson>
  /** Settings of the app that calls. */
  readonly settings: {
    /** All of them; secrets are masked. */
    read(): Promise<SettingValues>
    /** Undefined when it is not set. */
    get(key: string): Promise<Json | undefined>
    /** @returns What was stored as sent and has no effect, and what is most likely not what was meant. */
    put(key: string, value: Json): Promise<SettingsReview>
    /** Replaces all of them; a masked secret keeps what is stored. Returns as `put` does. */
    replace(settings: SettingValues): Promise<SettingsReview>
    /** Does nothing when it is not set. */
    delete(key: string): Promise<void>
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
    amazonToken(id: string, options?: { readonly renew?: boolean }): Promise<AmazonToken>
  }
  /** All apps, for the root app; any app may delete itself. */
  readonly apps: {
    /**
     * @returns Keys of the new app, which are never shown again. Rejects when it is there already: with the status
     *   200, by which clients of Para are told so.
     */
    create(name: string, options?: { readonly displayName?: string }): Promise<AppKeys>
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
        readonly url?: string
        readonly events?: readonly WebhookEventType[]
        readonly active?: boolean
      },
    ): Promise<Webhook>
    delete(id: string): Promise<void>
    /**
     * Makes a new secret; the former one signs beside it for a while.
     *
     * @param options.overlapSeconds For how long. Default: a day.
     */
    rotate(id: string, options?: { readonly overlapSeconds?: number }): Promise<NewWebhook>
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
  readonly state?: 'pending' | 'delivered' | 'given_up'
  /** At most 100; default 30. */
  readonly limit?: number
  /** Begin behind this one: the `lastKey` of the page before. */
  readonly lastKey?: string
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
  /** Name of the app, with or without `app:`. */
  readonly app?: string
  /** Asks nobody over the network. Default false. */
  readonly offline?: boolean
  /** Apps on a page, from 1 to 100. Default 20. */
  readonly limit?: number
  /** Begin behind this app: the `lastKey` of the report before. */
  readonly lastKey?: string
}

export interface StatsRequest {
  /** Name of the app, with or without `app:`. Default: the app that calls; for the root app, all. */
  readonly app?: string
  /** The last 60 minutes, 24 hours or 31 days. Default `day`, where `from` is not given. */
  readonly period?: StatsPeriod
  /** In milliseconds since 1970, in place of `period`. */
  readonly from?: number
  /** Default: now. */
  readonly to?: number
  /** How long each point is; at most 1,500 points. Default `hour`. */
  readonly step?: Span
}

export interface TryLinkRequest {
  /** Name of the app, with or without `app:`, where the root app asks. Default: the app that calls. */
  readonly app?: string
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
  /** Counted from 1, which is the default. */
  readonly page?: number
  /** At most 100; default 30. */
  readonly limit?: number
}

export interface UserPageRequest extends PageRequest {
  /** Default `timestamp`: when they were made. */
  readonly sort?: UserSortKey
  /** Greatest or latest first; default true. */
  readonly desc?: boolean
}

export interface AppPageRequest extends PageRequest {
  /** Begin behind this app: the `lastKey` of the page before. */
  readonly lastKey?: string
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
