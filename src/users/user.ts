import type { UserEvent } from './user-event'

/** One user of one app. The same Amazon account is another user in another app. */
export interface User {
  /** Digits; unique, roughly ordered by time of creation. The subject (`sub`) of tokens. */
  readonly id: string
  /** Id of the app the user belongs to. */
  readonly appId: string
  /** What a user is found by: `az:` and Amazon's `user_id`; one that was unlinked or relinked has one of our own. */
  readonly identifier: string
  readonly email: string
  readonly name: string
  readonly picture: string
  readonly groups: string
  /** Further fields of the profile, as JSON text; null: no sign-in has told any yet. Shown to the app and the user alone. */
  readonly profile: string | null
  /** Scopes that the last sign-in with Amazon was granted, separated by spaces; null: not known. */
  readonly scopes: string | null
  /** A locked user (false) cannot sign in, and holds no valid session or token. */
  readonly active: boolean
  /** Part of the key of this user's tokens: a new one ends them all. */
  readonly tokenSecret: string
  /** Sessions remember it; a higher one ends them all. */
  readonly sessionEpoch: number
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What sign-in with an identity provider knows of a person; blank fields are left out. */
export interface UserDetails {
  readonly identifier: string
  readonly email?: string
  readonly name?: string
  readonly picture?: string
  /** Only for new users; `users` when absent. */
  readonly groups?: string
  /** All further fields, as JSON text; absent: they stay as they are. */
  readonly profile?: string
  readonly scopes?: string
}

/** What `users/` needs of a store. Every method rejects with `store_unavailable` when the store does not answer. */
export interface UserStore {
  findById(appId: string, id: string): Promise<User | undefined>
  findByIdentifier(appId: string, identifier: string): Promise<User | undefined>
  /** The user of that email who was created first. */
  findByEmail(appId: string, email: string): Promise<User | undefined>
  /**
   * Inserts `user`, or updates the one with the same app and identifier, in one statement that is safe when many
   * logins of one person run at once. On update only what `changes` names is written (with `updatedAtMs`).
   *
   * @param events Written with it, as far as they have happened: `user.created` only where it was inserted,
   *   `user.updated` only where it was not.
   * @returns The row as it stands afterwards; undefined when it is locked (then nothing was written).
   * @throws {UserIdTakenError} Another user of the app has this id: try again with a fresh one.
   * @throws {AmazonAuthError} `app_not_found`: the app was deleted meanwhile.
   */
  upsert(user: User, changes: UserChanges, events?: readonly UserEvent[]): Promise<User | undefined>
  /**
   * Changes one user by id; undefined when there is none, or when the new identifier belongs to another.
   *
   * @param events Written with it.
   */
  update(
    appId: string,
    id: string,
    changes: UserUpdate,
    events?: readonly UserEvent[],
  ): Promise<User | undefined>
  /**
   * Replaces the token secret of a user who still has that of `user`; undefined when another call has replaced it since,
   * or the user is gone.
   */
  renewTokenSecret(user: User, tokenSecret: string, nowMs: number): Promise<User | undefined>
  /**
   * Whether there was one. What is kept of the user elsewhere is noted for erasure with it: see `UserTraceStore`; and the
   * event `user.deleted` is written with it.
   */
  delete(appId: string, id: string, nowMs: number): Promise<boolean>
  /** No question to the store reads more than some thousand rows. */
  list(
    appId: string,
    page: UserPage & { readonly after?: User | undefined },
  ): Promise<{ users: readonly User[]; total: number }>
}

export interface UserPage {
  readonly offset: number
  readonly limit: number
  readonly sort: UserSortKey
  readonly descending: boolean
  /** What a name, an email (A to Z in either case) or an identifier begins with; of each, some hundreds at most are found. */
  readonly search?: string | undefined
}

/** What an upsert writes when the user is there already. */
export interface UserChanges {
  readonly email?: string
  readonly name?: string
  readonly profile?: string
  readonly scopes?: string
  readonly tokenSecret?: string
}

export interface UserUpdate extends UserChanges {
  readonly identifier?: string
  readonly picture?: string
  readonly groups?: string
  readonly active?: boolean
  /** Ends all sessions: whatever their epoch is by now becomes one more. */
  readonly endsSessions?: boolean
  readonly updatedAtMs: number
}

export type UserSortKey = 'timestamp' | 'updated' | 'name' | 'email' | 'id'

/** The id of a new user belongs to another user of the app. */
export class UserIdTakenError extends Error {
  override readonly name = 'UserIdTakenError'

  constructor(readonly id: string) {
    super(`The user id ${id} is taken.`)
  }
}
