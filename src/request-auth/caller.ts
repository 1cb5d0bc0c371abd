import type { App } from '../apps/app'
import type { User } from '../users/user'

/** Who calls the API: an app, or a user of it. */
export type Caller = AppCaller | UserCaller

export interface AppCaller {
  readonly kind: 'app'
  readonly app: App
  /** Of the request, which is made once only where that matters; undefined: it came with a super token. */
  readonly signature?: string
}

export interface UserCaller {
  readonly kind: 'user'
  readonly app: App
  readonly user: User
  /** Whether the user brought a session token, which may be exchanged for a new one. */
  readonly isSessionToken: boolean
}
