import { randomText } from '../crypto/random'
import { AmazonAuthError } from '../errors'
import { gravatar } from './gravatar'
import { hasGivenUp } from './identity-provider'
import { isNothing } from './kept-profile'
import { NO_NAME, placeholderEmail } from './placeholders'
import type { User, UserChanges, UserDetails, UserStore } from './user'

export const TOKEN_SECRET_BYTES = 16

/** A blank field says nothing: it neither fills nor empties one. */
export function withoutBlanks(details: UserDetails): UserDetails {
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

/** What differs from the stored user; fields the provider left blank are never touched. */
export function changesOf(
  known: User | undefined,
  { email, name, profile, scopes }: UserDetails,
): UserChanges {
  return {
    ...(email !== undefined && email !== known?.email && { email }),
    ...(name !== undefined && name !== known?.name && { name }),
    ...(isOtherProfile(profile, known?.profile) && { profile }),
    ...(scopes !== undefined && scopes !== known?.scopes && { scopes }),
  }
}

function isOtherProfile(sent: string | undefined, kept: string | null | undefined): boolean {
  return sent !== undefined && sent !== kept && !(isNothing(sent) && isNothing(kept))
}

/** A user who is not there yet. */
export function newUser(appId: string, details: UserDetails, id: string, nowMs: number): User {
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

/** The user of the app who has the same email, if a new identifier may take that one over. */
export async function findByEmail(
  appId: string,
  { email }: UserDetails,
  users: UserStore,
): Promise<User | undefined> {
  const owner = email === undefined ? undefined : await users.findByEmail(appId, email)
  // It takes more than an email to come back to a user whose account at Amazon was given up.
  return owner === undefined || hasGivenUp(owner.identifier) ? undefined : owner
}

export function lockedError(user: {
  readonly appId: string
  readonly id?: string
}): AmazonAuthError {
  return new AmazonAuthError('account_locked', { app: user.appId, user: user.id })
}
