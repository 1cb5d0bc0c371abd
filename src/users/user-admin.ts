import { TOKEN_SECRET_BYTES } from './upserted-user'
import { randomText } from '../crypto/random'
import { AmazonAuthError } from '../errors'
import { exportUser, type UserExport } from './export-user'
import { identityProviderOf, unlinkedIdentifier } from './identity-provider'
import type { UserTraceStore } from './kept-of-user'
import type { User, UserPage, UserStore, UserUpdate } from './user'
import { updated, type UserEvent, type UserLife } from './user-event'

/** What an app may change of its users. */
export interface UserPatch {
  /** False locks the user: sessions and tokens are dead at once, and stay so after unlocking. */
  readonly active?: boolean
  readonly name?: string
  readonly email?: string
  readonly groups?: string
}

/** What apps and operators do with users. Another app's users are as good as not there. */
export interface UserAdmin {
  /**
   * @param page.afterId Begin behind this user.
   * @throws {AmazonAuthError} `not_found` (no such `afterId`), `store_unavailable`
   */
  list(
    appId: string,
    page: UserPage & { readonly afterId?: string | undefined },
  ): Promise<{ users: readonly User[]; total: number }>
  /**
   * When users last signed in, by their ids, in milliseconds since 1970; one who is not in it has not, as far as the audit
   * trail goes back.
   *
   * @param ids At most 100.
   * @throws {AmazonAuthError} `store_unavailable`
   */
  lastSignIns(appId: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** @throws {AmazonAuthError} `not_found`, `store_unavailable` */
  get(appId: string, id: string): Promise<User>
  /** @throws {AmazonAuthError} `not_found`, `store_unavailable` */
  patch(appId: string, id: string, patch: UserPatch): Promise<User>
  /**
   * Deletes a user; what else is kept of them goes within some minutes, in bites.
   *
   * @throws {AmazonAuthError} `not_found`, `store_unavailable`
   */
  delete(appId: string, id: string): Promise<void>
  /**
   * Ends every token of a user that was issued before: the key they were signed with is gone. What is known of the user
   * stays as it is, and so does the time of its last change.
   *
   * @throws {AmazonAuthError} `token_invalid`: that happened already, since `user` was read; `store_unavailable`
   */
  renewTokenSecret(user: User): Promise<User>
  /** Ends every token and every session of a user. */
  revokeAll(user: User): Promise<User>
  /**
   * Gives up a user's account at Amazon and ends their tokens and sessions: whoever signs in with that account is a new
   * user, and nobody signs in as this one by Amazon. The user stays with all of theirs, under an identifier of our own. Of
   * one who has no account at Amazon nothing is changed.
   *
   * @throws {AmazonAuthError} `not_found`, `store_unavailable`
   */
  unlinkAmazon(appId: string, id: string): Promise<User>
  /** @throws {AmazonAuthError} `not_found`, `store_unavailable` */
  export(appId: string, id: string): Promise<UserExport>
}

export interface UserAdminDeps {
  readonly users: UserStore
  /** What is kept of users beside their records. */
  readonly traces: Pick<UserTraceStore, 'kinds'>
  /** Tells when users last signed in. */
  readonly history: {
    findLastSignIns(appId: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>>
  }
  readonly now: () => number
  /** Removes what Amazon has given for a user whose account there is given up. */
  readonly onUnlinked: (appId: string, id: string) => Promise<void>
  readonly life: UserLife
}

export function createUserAdmin(deps: UserAdminDeps): UserAdmin {
  const { users: store, traces, history, now, onUnlinked, life } = deps
  async function update(
    appId: string,
    id: string,
    changes: Omit<UserUpdate, 'updatedAtMs'>,
    news: News = {},
  ) {
    const written = { ...changes, updatedAtMs: now() }
    const user = found(await store.update(appId, id, written, eventsOf(news)))
    const { changed = [], turned } = news
    if (changed.length > 0) life.updated(user, changed)
    if (turned !== undefined) life[turned](user)
    if (changes.endsSessions === true) life.signedOut(user)
    return user
  }
  return {
    async list(appId, { afterId, ...page }) {
      const after = afterId && found(await store.findById(appId, afterId))
      return store.list(appId, { ...page, ...(after && { after }) })
    },
    lastSignIns: (appId, ids) => history.findLastSignIns(appId, ids),
    get: async (appId, id) => found(await store.findById(appId, id)),
    async patch(appId, id, patch) {
      const user = found(await store.findById(appId, id))
      if (Object.keys(patch).length === 0) return user
      const changes = { ...patch, ...(patch.active === false && ended()) }
      return update(appId, id, changes, newsOf(user, patch))
    },
    async delete(appId, id) {
      if (!(await store.delete(appId, id, now()))) throw notFound()
      life.deleted({ appId, id })
    },
    async renewTokenSecret(user) {
      const tokenSecret = randomText(TOKEN_SECRET_BYTES)
      const renewed = await store.renewTokenSecret(user, tokenSecret, user.updatedAtMs)
      if (renewed !== undefined) return renewed
      throw new AmazonAuthError('token_invalid', { reason: 'ended in the meantime' })
    },
    revokeAll: (user) => update(user.appId, user.id, ended()),
    async unlinkAmazon(appId, id) {
      const user = found(await store.findById(appId, id))
      const isLinked = identityProviderOf(user.identifier) === 'amazon'
      // What Amazon has told goes with it.
      const forgotten = { profile: '{}', scopes: '' }
      const changes = { identifier: unlinkedIdentifier(id), ...forgotten, ...ended() }
      const unlinked = isLinked ? await update(appId, id, changes, UNLINKED) : user
      // Also of one who is unlinked already, in case the call that did it was cut off.
      await onUnlinked(appId, id)
      return unlinked
    },
    async export(appId, id) {
      return exportUser(found(await store.findById(appId, id)), traces.kinds, now())
    },
  }
}

/** What is new of a user. */
interface News {
  /** Names of the fields that have changed. */
  readonly changed?: readonly string[]
  readonly turned?: 'locked' | 'unlocked' | undefined
}

const UNLINKED: News = { changed: ['identifier', 'profile', 'scopes'] }

/** What a patch makes of the user. What is as it was before is not new. */
function newsOf(user: User, { active, ...rest }: UserPatch): News {
  const changed = (Object.keys(rest) as (keyof typeof rest)[]).filter(
    (name) => rest[name] !== user[name],
  )
  const isTurned = active !== undefined && active !== user.active
  return { changed, turned: isTurned ? (active ? 'unlocked' : 'locked') : undefined }
}

/** As those are told who listen from elsewhere. */
function eventsOf({ changed = [], turned }: News): readonly UserEvent[] {
  const changes = turned === 'unlocked' ? [...changed, 'active'] : changed
  return [
    ...(changes.length > 0 ? [updated(changes)] : []),
    ...(turned === 'locked' ? [{ type: 'user.locked' } as const] : []),
  ]
}

function ended() {
  return { tokenSecret: randomText(TOKEN_SECRET_BYTES), endsSessions: true }
}

function found(user: User | undefined): User {
  if (user === undefined) throw notFound()
  return user
}

function notFound(): AmazonAuthError {
  return new AmazonAuthError('not_found', { problem: 'No user of this app has this id.' })
}
