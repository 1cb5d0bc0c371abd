import { AmazonAuthError } from '../../errors'
import type { User, UserStore } from '../../users/user'

/**
 * The users of a host's own store: none that it gives is another one than was asked for. A query that forgets the app would
 * otherwise let people of one app into another.
 *
 * @throws {AmazonAuthError} `store_unavailable`, by each method; the cause says what was given.
 */
export function guardUsers(users: UserStore): UserStore {
  return {
    ...users,
    findById: async (appId, id) => same('findById', await users.findById(appId, id), { appId, id }),
    findByIdentifier: async (appId, identifier) =>
      same('findByIdentifier', await users.findByIdentifier(appId, identifier), {
        appId,
        identifier,
      }),
    findByEmail: async (appId, email) =>
      same('findByEmail', await users.findByEmail(appId, email), { appId }),
    upsert: async (user, ...more) =>
      same('upsert', await users.upsert(user, ...more), {
        appId: user.appId,
        identifier: user.identifier,
      }),
    update: async (appId, id, ...more) =>
      same('update', await users.update(appId, id, ...more), { appId, id }),
    renewTokenSecret: async (user, ...more) =>
      same('renewTokenSecret', await users.renewTokenSecret(user, ...more), {
        appId: user.appId,
        id: user.id,
      }),
  }
}

function same(method: string, user: User | undefined, asked: Partial<User>): User | undefined {
  if (user === undefined) return undefined
  const names = Object.keys(asked) as (keyof User)[]
  const other = names.find((name) => user[name] !== asked[name])
  if (other === undefined) return user
  const cause = new Error(`it gave a user of another ${other} than it was asked for`)
  throw new AmazonAuthError('store_unavailable', { method: `users.${method}` }, cause)
}
