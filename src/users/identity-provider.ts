import type { AmazonProfile } from '../amazon/parse-profile'
import type { UserDetails } from './user'

/** Prefix of identifiers that come from Amazon. */
const AMAZON_PREFIX = 'az:'

/** Who vouched for a user: Amazon, or the app's own back end. */
export function identityProviderOf(identifier: string): 'amazon' | 'generic' {
  return identifier.startsWith(AMAZON_PREFIX) ? 'amazon' : 'generic'
}

export function profileToUser(profile: AmazonProfile): UserDetails {
  return {
    identifier: `${AMAZON_PREFIX}${profile.userId}`,
    ...(profile.email !== undefined && { email: profile.email }),
    ...(profile.name !== undefined && { name: profile.name }),
  }
}
