import { randomText } from '../crypto/random'
import { AmazonAuthError } from '../errors'
import {
  changesOf,
  findByEmail,
  lockedError,
  newUser,
  TOKEN_SECRET_BYTES,
  withoutBlanks,
} from './upserted-user'
import type { NextUserId } from './user-id'
import {
  UserIdTakenError,
  type User,
  type UserChanges,
  type UserDetails,
  type UserStore,
} from './user'
import { updated, type UserEvent, type UserLife } from './user-event'

export interface UpsertOptions {
  /** A new identifier takes over the user of the app who has the same email. */
  readonly linkByEmail: boolean
  /** Ends the user's older session tokens. */
  readonly renewTokenSecret: boolean
  /** When it is, in milliseconds since 1970. Default: now. */
  readonly atMs?: number
  /** Told when the user was not there before. */
  readonly onMade?: () => void
  /** How they sign in, to be told with it. */
  readonly way?: string
  /** What the app wants to be told of; undefined: nothing. */
  readonly tells?: ReadonlySet<string> | undefined
}

export interface UpsertDeps {
  readonly users: UserStore
  /** Writes events of a user who is not changed, and is not locked. */
  readonly tell: (user: User, events: readonly UserEvent[], nowMs: number) => Promise<void>
  readonly nextUserId: NextUserId
  readonly now: () => number
  /** Told of a sign-in of somebody known that could not be written for those who want to be told of it. */
  readonly onUntold: (appId: string, cause: unknown) => void
  readonly life: Pick<UserLife, 'created' | 'updated'>
}

/** A fresh id is hardly ever taken, let alone several in a row: then something is wrong with the store. */
const MAX_RETRIES = 3

/**
 * Finds or makes the user of an app whom an identity provider has just named. A known user who has not changed
 * costs one read, and one write where the app wants to be told of sign-ins; every other login one read and one write.
 *
 * @returns The user as stored.
 * @throws {AmazonAuthError} `account_locked` (and nothing was written), `store_unavailable`
 */
export async function upsertUser(
  appId: string,
  sent: UserDetails,
  options: UpsertOptions,
  deps: UpsertDeps,
): Promise<User> {
  const details = withoutBlanks(sent)
  const known =
    (await deps.users.findByIdentifier(appId, details.identifier)) ??
    (options.linkByEmail ? await linkByEmail(appId, details, deps) : undefined)
  if (known?.active === false) throw lockedError(known)
  const changes = {
    ...changesOf(known, details),
    ...(options.renewTokenSecret && { tokenSecret: randomText(TOKEN_SECRET_BYTES) }),
  }
  const events = eventsOf(known, changes, options)
  if (known !== undefined && Object.keys(changes).length === 0) {
    if (events.length > 0) await tellOf(known, events, deps)
    return known
  }
  const change = { changes, events }
  const { stored, isMade } = await insertOrUpdate(appId, details, change, {
    ...deps,
    now: () => options.atMs ?? deps.now(),
  })
  if (stored?.active !== true) throw lockedError(stored ?? { appId })
  if (isMade) options.onMade?.()
  tellLife(stored, { known, isMade, changes }, deps)
  return stored
}

interface Upserted {
  readonly known: User | undefined
  readonly isMade: boolean
  readonly changes: UserChanges
}

/** Of somebody whom another login has made meanwhile nothing is known to have changed. */
function tellLife(
  user: User,
  { known, isMade, changes }: Upserted,
  { life }: Pick<UpsertDeps, 'life'>,
): void {
  const changed = fieldsOf(changes)
  if (isMade) life.created(user)
  else if (known !== undefined && changed.length > 0) life.updated(user, changed)
}

interface Stored {
  readonly stored: User | undefined
  readonly isMade: boolean
}

async function insertOrUpdate(
  appId: string,
  details: UserDetails,
  { changes, events }: { readonly changes: UserChanges; readonly events: readonly UserEvent[] },
  deps: UpsertDeps,
): Promise<Stored> {
  for (let retries = 0; ; retries += 1) {
    const nowMs = deps.now()
    try {
      const user = newUser(appId, details, deps.nextUserId(nowMs), nowMs)
      const stored = await deps.users.upsert(user, changes, events)
      // Another login of the same person may have come first: then it has their id.
      return { stored, isMade: stored?.id === user.id }
    } catch (error) {
      if (!(error instanceof UserIdTakenError)) throw error
      if (retries === MAX_RETRIES) {
        throw new AmazonAuthError('store_unavailable', { reason: 'user ids are taken' }, error)
      }
    }
  }
}

/** What has changed of what is known of the person. */
function fieldsOf({ tokenSecret: _secret, ...fields }: UserChanges): readonly string[] {
  return Object.keys(fields)
}

/** As the app wants to be told, in the order in which it happens. */
function eventsOf(
  known: User | undefined,
  changes: UserChanges,
  { tells, way }: UpsertOptions,
): readonly UserEvent[] {
  if (tells === undefined) return []
  const changed = fieldsOf(changes)
  const events: readonly UserEvent[] = [
    ...(known === undefined ? [{ type: 'user.created' } as const] : []),
    ...(known !== undefined && changed.length > 0 ? [updated(changed)] : []),
    { type: 'user.signed_in', detail: { ...(way !== undefined && { way }) } },
  ]
  return events.filter(({ type }) => tells.has(type))
}

/** A store that takes no writes still signs in whom it knows. */
async function tellOf(
  user: User,
  events: readonly UserEvent[],
  { tell, now, onUntold }: UpsertDeps,
): Promise<void> {
  try {
    await tell(user, events, now())
  } catch (cause) {
    onUntold(user.appId, cause)
  }
}

async function linkByEmail(
  appId: string,
  details: UserDetails,
  { users, now, life }: UpsertDeps,
): Promise<User | undefined> {
  const owner = await findByEmail(appId, details, users)
  if (owner?.active !== true) return owner
  const { identifier } = details
  const changed = ['identifier']
  const update = { identifier, updatedAtMs: now() }
  const linked = await users.update(appId, owner.id, update, [updated(changed)])
  if (linked !== undefined) life.updated(linked, changed)
  return linked
}
