import type { AmazonProfile } from '../amazon/parse-profile'
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

export function profileToUser(profile: AmazonProfile): UserDetails {
  return {
    identifier: `${AMAZON_PREFIX}${profile.userId}`,
    ...(profile.email !== undefined && { email: profile.email }),
    ...(profile.name !== undefined && { name: profile.name }),
  }
}
