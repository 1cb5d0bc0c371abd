import type { Fields, Scalar } from '../claims/field'
import type { User } from '../users/user'

/** The token stands in an address, in the headers of an answer, of which proxies hold 4 KiB. */
const MAX_BYTES = 1_330
/** Leaves room for the others. */
const MAX_NAME_BYTES = 800

/**
 * What an ID token tells of a person. A long name is cut; an email, picture or identifier that does not fit is left out,
 * since a part of it would be another's or nobody's. `sub` names the user in any case.
 *
 * @param nonce Another claim of any length, which takes of the room.
 * @param further What the app adds: left out as far as it does not fit, and before the picture, which takes what is left.
 */
export function personalClaims(user: User, nonce = '', further: Fields = {}): Fields {
  const { identifier, email, picture } = user
  const name = cut(user.name)
  const claims: Record<string, Scalar> = {}
  let roomBytes = MAX_BYTES - jsonBytes(nonce)
  for (const [claim, value] of Object.entries({ identifier, email, name, ...further, picture })) {
    const bytes = jsonBytes(value) + claim.length
    if (bytes > roomBytes) continue
    claims[claim] = value
    roomBytes -= bytes
  }
  return claims
}

function cut(name: string): string {
  if (jsonBytes(name) <= MAX_NAME_BYTES) return name
  let kept = ''
  for (const character of name) {
    if (jsonBytes(kept + character) > MAX_NAME_BYTES) break
    kept += character
  }
  return kept
}

function jsonBytes(value: Scalar): number {
  return Buffer.byteLength(JSON.stringify(value))
}
