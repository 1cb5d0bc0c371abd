import type { LoginWay } from '../audit/audit-event'
import type { AmazonAuthError } from '../errors'
import type { UserJson } from '../users/user-json'

/**
 * What `auth.on()` tells, by name.
 *
 * Told is what this process has done, whichever way: a browser, a token, a device, the API, a page for operators, a change of
 * many users, a job. What other nodes do is told there; webhooks tell of all nodes. Each event comes once, after what it tells
 * of is stored. Nothing in it is secret.
 */
export interface AuthEvents {
  /** Somebody has signed in: the session or token is there. */
  readonly login: LoginEvent
  /**
   * A sign-in has failed, or was refused by a hook. Who is turned away before it begins (`too_many_requests`, `server_busy`)
   * is not told, as a flood would be.
   */
  readonly failure: FailureEvent
  /** A first sign-in has made a user. `login` follows, unless the sign-in fails after that. */
  readonly created: UserCreatedEvent
  /** A sign-in, the API or an operator has changed fields of a user. */
  readonly updated: UserUpdatedEvent
  /** A user may not sign in any more. `signedOut` follows. */
  readonly locked: UserEvent
  /** A locked user may sign in again. */
  readonly unlocked: UserEvent
  /**
   * All sessions and tokens of a user have ended, on all devices: signed out everywhere, locked, unlinked, or, where the app
   * wants that, a withdrawn consent. The end of one browser's session is not told.
   */
  readonly signedOut: UserEvent
  /** A user is deleted, and signed out with that. The deletion of an app tells nothing of its users. */
  readonly deleted: UserEvent
  /** A refresh of Amazon's tokens has shown that the person has withdrawn their consent. Only where tokens are kept. */
  readonly consentRevoked: UserEvent
  /** Settings of an app were changed by the API or an operator; in force here at once, on other nodes within two seconds. */
  readonly settingsChanged: SettingsChangedEvent
}

/** The name of an event. */
export type AuthEventName = keyof AuthEvents

/** What befell a user. */
export interface UserEvent {
  /** Id of the app that the user belongs to, without `app:`. */
  readonly appId: string
  /** Id of the user, as `user.id` and the `sub` of tokens have it. */
  readonly userId: string
}

export interface LoginEvent extends UserEvent, AttemptFacts {
  /** The user as stored by this sign-in. */
  readonly user: UserJson
  /** Whether this sign-in has made the user. */
  readonly isNew: boolean
}

export interface FailureEvent extends AttemptFacts {
  /** The app as the request named it, which need not exist; undefined: it named none, or none could be read. */
  readonly appId: string | undefined
  /** Whose sign-in it was; undefined: not known, as of everybody who is not locked. */
  readonly userId: string | undefined
  /** Why; `error.code` is one of `ErrorCode`. */
  readonly error: AmazonAuthError
}

/** Of any attempt to sign in. */
export interface AttemptFacts {
  /** How: by a `browser`, an `amazon_token`, an `app_token` or on a `device`. */
  readonly way: LoginWay
  /** The network it came from, e.g. `192.0.2.0/24`, as the audit trail has it. */
  readonly network: string
  /** What the log calls the request; undefined: nothing. */
  readonly requestId: string | undefined
}

export interface UserCreatedEvent extends UserEvent {
  readonly user: UserJson
}

export interface UserUpdatedEvent extends UserEvent {
  /** The user as it is now. */
  readonly user: UserJson
  /** Names of the fields that have changed, such as `email`; `identifier`: linked or unlinked. */
  readonly changes: readonly string[]
}

export interface SettingsChangedEvent {
  /** Id of the app, without `app:`. */
  readonly appId: string
  /** Name of the setting, as it is stored; undefined: all were replaced. */
  readonly setting: string | undefined
}

/** All names. */
export const AUTH_EVENTS = [
  'login',
  'failure',
  'created',
  'updated',
  'locked',
  'unlocked',
  'signedOut',
  'deleted',
  'consentRevoked',
  'settingsChanged',
] as const satisfies readonly AuthEventName[]
