import type { KeyObject } from 'node:crypto'

import { AmazonAuthError } from '../errors'
import type { UserDetails } from '../users/user'
import { verifyClaims } from './verify-token'

const MAX_CHARACTERS = 256

/**
 * Verifies a token by which an app's own back end says who a user is (claims `identifier`, `email`, `name`, `picture`,
 * `groups`), signed with HS256. Without an identifier the email is one.
 *
 * @param keys Any of them may have signed it.
 * @param rules.needsExpiry Refuses a token that is good for ever.
 * @throws {AmazonAuthError} `token_invalid`
 */
export function verifyAssertion(
  token: string,
  keys: readonly KeyObject[],
  rules: { readonly nowMs: number; readonly needsExpiry: boolean },
): UserDetails {
  const claims = verifyClaims(token, keys, Math.floor(rules.nowMs / 1000))
  if (rules.needsExpiry && claims.exp === undefined) throw invalid('no expiry')
  const read = (name: string): string | undefined => readText(claims[name], name)
  const email = read('email')
  const identifier = read('identifier') ?? email
  if (identifier === undefined) throw invalid('neither identifier nor email')
  const [name, picture, groups] = [read('name'), read('picture'), read('groups')]
  return {
    identifier,
    ...(email !== undefined && { email }),
    ...(name !== undefined && { name }),
    ...(picture !== undefined && { picture }),
    ...(groups !== undefined && { groups }),
  }
}

function readText(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string' || value.length > MAX_CHARACTERS || value.includes('\0')) {
    throw invalid(`claim ${name}`)
  }
  return value
}

function invalid(reason: string): AmazonAuthError {
  return new AmazonAuthError('token_invalid', { reason })
}
