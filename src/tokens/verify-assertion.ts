import type { KeyObject } from 'node:crypto'

import { AmazonAuthError } from '../errors'
import { isStorableText } from '../is-storable-text'
import type { UserDetails } from '../users/user'
import type { Claims } from './claims'
import { CLOCK_SKEW_SECONDS, verifyClaims } from './verify-token'

const MAX_CHARACTERS = 256

/**
 * Verifies a token by which an app's own back end says who a user is (claims `identifier`, `email`, `name`, `picture`,
 * `groups`), signed with HS256. Without an identifier the email is one.
 *
 * @param keys Any of them may have signed it.
 * @param rules.maxLifeSeconds Refuses a token that was, or still is, good for longer. Undefined: any life will do, even
 *   without end.
 * @throws {AmazonAuthError} `token_invalid`
 */
export function verifyAssertion(
  token: string,
  keys: readonly KeyObject[],
  rules: { readonly nowMs: number; readonly maxLifeSeconds: number | undefined },
): UserDetails {
  const nowSeconds = Math.floor(rules.nowMs / 1000)
  const claims = verifyClaims(token, keys, nowSeconds)
  if (rules.maxLifeSeconds !== undefined) requireShortLife(claims, nowSeconds, rules.maxLifeSeconds)
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

function requireShortLife({ exp, iat }: Claims, nowSeconds: number, maxSeconds: number): void {
  if (exp === undefined || iat === undefined) throw invalid('no expiry, or no time of issue')
  const longest = Math.max(exp - iat, exp - nowSeconds - CLOCK_SKEW_SECONDS)
  if (longest > maxSeconds) throw invalid('too long a life')
}

function readText(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string' || value.length > MAX_CHARACTERS || !isStorableText(value)) {
    throw invalid(`claim ${name}`)
  }
  return value
}

function invalid(reason: string): AmazonAuthError {
  return new AmazonAuthError('token_invalid', { reason })
}
