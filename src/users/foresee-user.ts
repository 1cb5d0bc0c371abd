import { changesOf, findByEmail, lockedError, newUser, withoutBlanks } from './upserted-user'
import type { UpsertDeps, UpsertOptions } from './upsert-user'
import type { User, UserDetails } from './user'

/** What a sign-in would make of a user. */
export interface ForeseenUser {
  /** As it would be stored. */
  readonly user: User
  /** The one that is stored now; undefined: it would be made. */
  readonly known: User | undefined
}

/** Stands for an id that nobody has yet. */
const ID_TO_COME = '<id>'

/**
 * What `upsertUser` would do with the same arguments, by reading alone.
 *
 * @throws {AmazonAuthError} `account_locked`, `store_unavailable`
 */
export async function foreseeUser(
  appId: string,
  sent: UserDetails,
  { linkByEmail }: Pick<UpsertOptions, 'linkByEmail'>,
  { users, now }: Omit<UpsertDeps, 'nextUserId' | 'life'>,
): Promise<ForeseenUser> {
  const details = withoutBlanks(sent)
  const known =
    (await users.findByIdentifier(appId, details.identifier)) ??
    (linkByEmail ? await findByEmail(appId, details, users) : undefined)
  if (known === undefined) return { user: newUser(appId, details, ID_TO_COME, now()), known }
  if (!known.active) throw lockedError(known)
  const { identifier } = details
  return { user: { ...known, identifier, ...changesOf(known, details) }, known }
}
