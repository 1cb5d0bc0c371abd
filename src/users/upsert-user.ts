import { randomText } from '../crypto/random'
import { AmazonAuthError } from '../errors'
import { gravatar } from './gravatar'
import { hasGivenUp } from './identity-provider'
import { isNothing } from './kept-profile'
import { NO_NAME, placeholderEmail } from './placeholders'
import type { NextUserId } from './user-id'
import {
  UserIdTakenError,
  type User,
  type UserChanges,
  type UserDetails,
  type UserStore,
} from './user'

export interface UpsertOptions {
  /** A new identifier takes over the user of the app who has the same email. */
  readonly linkByEmail: boolean
  /** Ends the user's older session tokens. */
  readonly renewTokenSecret: boolean
}

export interface UpsertDeps {
  readonly users: UserStore
  readonly nextUserId: NextUserId
  readonly now: () => number
}

export const TOKEN_SECRET_BYTES = 16
/** A fresh id is hardly ever taken, let alone several in a row: then something is wrong with the store. */
const MAX_RETRIES = 3

/**
 * Finds or makes the user of an app whom an identity provider has just named. A known user who has not changed
 * costs one read; every other login one read and one write.
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
  const changes = changesOf(known, details, options)
  if (known !== undefined && changes === undefined) return known
  const stored = await insertOrUpdate(appId, details, changes ?? {}, deps)
  if (stored?.active !== true) throw lockedError(stored ?? { appId })
  return stored
}

/** A blank field says nothing: it neither fills nor empties one. */
function withoutBlanks(details: UserDetails): UserDetails {
  const { identifier, email, name, picture, groups, profile, scopes } = details
  return {
    identifier,
    ...(email?.trim() && { email }),
    ...(name?.trim() && { name }),
    ...(picture?.trim() && { picture }),
    ...(groups?.trim() && { groups }),
    ...(profile !== undefined && { profile }),
    ...(scopes !== undefined && { scopes }),
  }
}

async function insertOrUpdate(
  appId: string,
  details: UserDetails,
  changes: UserChanges,
  deps: UpsertDeps,
): Promise<User | undefined> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await deps.users.upsert(newUser(appId, details, deps), changes)
    } catch (error) {
      if (!(error instanceof UserIdTakenError)) throw error
      if (retries === MAX_RETRIES) {
        throw new AmazonAuthError('store_unavailable', { reason: 'user ids are taken' }, error)
      }
    }
  }
}

/** What differs from the stored user; fields the provider left blank are never touched. */
function changesOf(
  known: User | undefined,
  details: UserDetails,
  options: UpsertOptions,
): UserChanges | undefined {
  const { email, name, profile, scopes } = details
  const changes = {
    ...(email !== undefined && email !== known?.email && { email }),
    ...(name !== undefined && name !== known?.name && { name }),
    ...(isOtherProfile(profile, known?.profile) && { profile }),
    ...(scopes !== undefined && scopes !== known?.scopes && { scopes }),
    ...(options.renewTokenSecret && { tokenSecret: randomText(TOKEN_SECRET_BYTES) }),
  }
  return Object.keys(changes).length === 0 ? undefined : changes
}

function isOtherProfile(sent: string | undefined, kept: string | null | undefined): boolean {
  return sent !== undefined && sent !== kept && !(isNothing(sent) && isNothing(kept))
}

function newUser(appId: string, details: UserDetails, deps: UpsertDeps): User {
  const nowMs = deps.now()
  const id = deps.nextUserId(nowMs)
  return {
    id,
    appId,
    identifier: details.identifier,
    email: details.email ?? placeholderEmail(id),
    name: details.name ?? NO_NAME,
    picture: details.picture ?? gravatar(details.email),
    groups: details.groups ?? 'users',
    profile: isNothing(details.profile) ? null : details.profile,
    scopes: details.scopes ?? null,
    active: true,
    tokenSecret: randomText(TOKEN_SECRET_BYTES),
    sessionEpoch: 0,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  }
}

async function linkByEmail(
  appId: string,
  { email, identifier }: UserDetails,
  { users, now }: UpsertDeps,
): Promise<User | undefined> {
  const owner = email === undefined ? undefined : await users.findByEmail(appId, email)
  // It takes more than an email to come back to a user whose account at Amazon was given up.
  if (owner === undefined || hasGivenUp(owner.identifier)) return undefined
  if (!owner.active) return owner
  return await users.update(appId, owner.id, { identifier, updatedAtMs: now() })
}

function lockedError(user: { readonly appId: string; readonly id?: string }): AmazonAuthError {
  return new AmazonAuthError('account_locked', { app: user.appId, user: user.id })
}
