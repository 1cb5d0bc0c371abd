import type { AmazonProfile } from '../amazon/parse-profile'
import { USER_CLAIMS, type ClaimMapping } from '../claims/claim-mapping'
import { mapClaims } from '../claims/map-claims'
import { profileFields } from './kept-profile'
import type { UserDetails } from './user'

/** Prefix of identifiers that come from Amazon. */
const AMAZON_PREFIX = 'az:'
/** Prefix of identifiers of users whose one of Amazon was given up. */
const UNLINKED_PREFIX = 'unlinked:'
/** Prefix of identifiers of records that another user of the app has taken over. */
const RELINKED_PREFIX = 'relinked:'

/** Who vouched for a user: Amazon, or the app's own back end. */
export function identityProviderOf(identifier: string): 'amazon' | 'generic' {
  return identifier.startsWith(AMAZON_PREFIX) ? 'amazon' : 'generic'
}

/**
 * The identifier of a user who has none of Amazon any more. It is made of our own id, so it is unique as that is, tells
 * nothing of the person, and no account of Amazon ever leads to it. The app's own back end may still vouch for it.
 */
export function unlinkedIdentifier(userId: string): string {
  return UNLINKED_PREFIX + userId
}

/** The identifier of a record whose own went to another user: it tells to whom, so that it can go with that one. */
export function relinkedIdentifier(toUserId: string, userId: string): string {
  return relinkedPrefix(toUserId) + userId
}

/** What the identifiers of all records begin with that a user has taken over. */
export function relinkedPrefix(toUserId: string): string {
  return `${RELINKED_PREFIX}${toUserId}:`
}

/** Whether a user once had another identifier, and has given it up. */
export function hasGivenUp(identifier: string): boolean {
  return howGivenUp(identifier) !== undefined
}

/** How a user has given up the identifier of before: by itself, or to another user; undefined: not at all. */
export function howGivenUp(identifier: string): 'unlinked' | 'relinked' | undefined {
  if (identifier.startsWith(UNLINKED_PREFIX)) return 'unlinked'
  return identifier.startsWith(RELINKED_PREFIX) ? 'relinked' : undefined
}

/** Amazon's own id of a user; undefined: the app's own back end vouched for this one. */
export function amazonIdOf(identifier: string): string | undefined {
  return identifier.startsWith(AMAZON_PREFIX) ? identifier.slice(AMAZON_PREFIX.length) : undefined
}

/**
 * What a profile says of a user.
 *
 * @param mapping Where name, email, picture and groups come from, if not from where they do by themselves.
 */
export function profileToUser(profile: AmazonProfile, mapping?: ClaimMapping): UserDetails {
  return {
    identifier: `${AMAZON_PREFIX}${profile.userId}`,
    ...(profile.email !== undefined && { email: profile.email }),
    ...(profile.name !== undefined && { name: profile.name }),
    ...(mapping !== undefined && mappedDetails(profile, mapping)),
  }
}

function mappedDetails(profile: AmazonProfile, mapping: ClaimMapping): Partial<UserDetails> {
  const mapped = mapClaims(mapping, profileFields(profile), (claim) => USER_CLAIMS.has(claim))
  return Object.fromEntries(
    Object.entries(mapped).map(([field, value]) => [field, String(value)] as const),
  )
}
