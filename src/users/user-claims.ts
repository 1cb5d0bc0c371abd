import { USER_CLAIMS, type ClaimMapping } from '../claims/claim-mapping'
import type { Fields } from '../claims/field'
import { mapClaims } from '../claims/map-claims'
import { amazonIdOf } from './identity-provider'
import { readFields } from './kept-profile'
import { toldDetails } from './placeholders'
import type { User } from './user'

/**
 * The claims of a user beside those that every user has, as a mapping makes them of what is known of the user now.
 *
 * @param mapping Undefined: there are none.
 */
export function userClaims(user: User, mapping: ClaimMapping | undefined): Fields | undefined {
  if (mapping === undefined) return undefined
  const userId = amazonIdOf(user.identifier)
  const fields = {
    ...readFields(user),
    ...(userId !== undefined && { user_id: userId }),
    ...toldDetails(user),
  }
  const claims = mapClaims(mapping, fields, (claim) => !USER_CLAIMS.has(claim))
  return Object.keys(claims).length === 0 ? undefined : claims
}
