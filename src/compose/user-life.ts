import type { UserEvent } from '../events/auth-events'
import type { EventHub } from '../events/event-hub'
import type { User } from '../users/user'
import type { UserLife, UserRef } from '../users/user-event'
import { toUserJson } from '../users/user-json'

/** Tells those who listen to this process what befalls users. */
export function createUserLife({ emit }: Pick<EventHub, 'emit'>): UserLife {
  const withUser = (user: User) => ({ ...refOf(user), user: toUserJson(user) })
  return {
    created: (user) => emit('created', () => withUser(user)),
    updated: (user, changes) => emit('updated', () => ({ ...withUser(user), changes })),
    locked: (user) => emit('locked', () => refOf(user)),
    unlocked: (user) => emit('unlocked', () => refOf(user)),
    signedOut: (user) => emit('signedOut', () => refOf(user)),
    deleted: (user) => emit('deleted', () => refOf(user)),
  }
}

function refOf({ appId, id }: UserRef): UserEvent {
  return { appId, userId: id }
}
