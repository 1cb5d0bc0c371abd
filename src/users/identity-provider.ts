import type { AmazonProfile } from '../amazon/parse-profile'
import { USER_CLAIMS, type ClaimMapping } from '../claims/claim-mapping'
import { mapClaims } from '../claims/map-claims'
import { profileFields } from './kept-profile'
import type { UserDetails } from './user'

/** Prefix of identifiers that come from Amazon. */
const AMAZON_PREFIX = 'az:'
/** Prefix of identifiers of users whose one of Amazon was given up. */
const UNLINKED_PREFIX = 'unlinked:'

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

export function isUnlinked(identifier: string): boolean {
  return identifier.startsWith(UNLINKED_PREFIX)
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
