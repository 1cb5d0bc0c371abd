import type { AmazonProfile } from '../amazon/parse-profile'
import { AMAZON_PREFIX } from './identity-provider'
import type { UserDetails } from './user'

export function profileToUser(profile: AmazonProfile): UserDetails {
  return {
    identifier: `${AMAZON_PREFIX}${profile.userId}`,
    ...(profile.email !== undefined && { email: profile.email }),
    ...(profile.name !== undefined && { name: profile.name }),
  }
}
