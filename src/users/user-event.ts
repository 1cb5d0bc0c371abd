import type { Json } from '../apps/settings'
import type { User } from './user'

/** What befalls users, by the names that those have who are told of it. */
export const USER_EVENTS = [
  'user.created',
  'user.updated',
  'user.signed_in',
  'user.locked',
  'user.deleted',
] as const

export type UserEventType = (typeof USER_EVENTS)[number]

/** Something that has befallen a user, to be told to those who want to hear of it: written with what it tells of. */
export interface UserEvent {
  readonly type: UserEventType
  /** What is told beside the user; nothing secret. */
  readonly detail?: Readonly<Record<string, Json>>
}

/** @param changes Names of the fields that have changed. */
export function updated(changes: readonly string[]): UserEvent {
  return { type: 'user.updated', detail: { changes } }
}

/** Told in this process of what has befallen a user, once it is stored. Its methods never throw, and nobody waits for them. */
export interface UserLife {
  created(user: User): void
  /** @param changes Names of the fields that have changed. */
  updated(user: User, changes: readonly string[]): void
  locked(user: UserRef): void
  unlocked(user: UserRef): void
  /** All sessions and tokens have ended. */
  signedOut(user: UserRef): void
  deleted(user: UserRef): void
}

/** Which user of which app. */
export type UserRef = Pick<User, 'appId' | 'id'>
