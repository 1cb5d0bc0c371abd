import { identityProviderOf } from './identity-provider'
import type { Fields } from '../claims/field'
import { isNothing, readFields } from './kept-profile'
import type { User } from './user'

/** A user as clients see it. Holds nothing secret. */
export interface UserJson {
  readonly id: string
  readonly type: 'user'
  readonly plural: 'users'
  readonly objectURI: string
  /** Name of the app, without `app:`. */
  readonly appid: string
  readonly identifier: string
  readonly identityProvider: string
  readonly email: string
  readonly name: string
  readonly picture: string
  readonly groups: string
  readonly active: boolean
  /** Further fields of Amazon's profile, and those of the hook `mapProfile`; absent: there are none. */
  readonly profile?: Fields
  /** Scopes that the last sign-in with Amazon was granted; absent: there has been none since they are kept. */
  readonly scopes?: readonly string[]
  /** When the user was made, in milliseconds since 1970. */
  readonly timestamp: number
  /** Last change, in milliseconds since 1970. */
  readonly updated: number
}

export function toUserJson(user: User): UserJson {
  return {
    id: user.id,
    type: 'user',
    plural: 'users',
    objectURI: `/user/${encodeURIComponent(user.id)}`,
    appid: user.appId,
    identifier: user.identifier,
    identityProvider: identityProviderOf(user.identifier),
    email: user.email,
    name: user.name,
    picture: user.picture,
    groups: user.groups,
    active: user.active,
    ...(!isNothing(user.profile) && { profile: readFields(user) }),
    ...(user.scopes && { scopes: user.scopes.split(' ') }),
    timestamp: user.createdAtMs,
    updated: user.updatedAtMs,
  }
}
