import { FIELD_NAME, isField, type Scalar } from './field'

/** Where a claim comes from: a field of the profile, by its name, or a constant. */
export type ClaimSource = string | { readonly value: Scalar }

/**
 * What a user, and an ID token, is to hold: the name of each claim, and where it comes from. Of a list, the first that is
 * there counts.
 *
 * @example
 * const claims: ClaimsSetting = { displayName: 'name', issuerUserId: 'user_id', identityProvider: { value: 'amazon.com' } }
 */
export type ClaimsSetting = Readonly<Record<string, ClaimSource | readonly ClaimSource[]>>

/** The same, read: each claim, and its sources in their order. */
export type ClaimMapping = ReadonlyMap<string, readonly ClaimSource[]>

/** It is none. The message follows the name of the setting, and never holds a value. */
export class ClaimMappingError extends Error {
  override readonly name = 'ClaimMappingError'
}

/** They are of the user, not of a token: see {@link mapClaims}. */
export const USER_CLAIMS: ReadonlySet<string> = new Set(['name', 'email', 'picture', 'groups'])

/** What this server says itself in a token, or asks of one. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['iat', 'nbf', 'exp', 'jti', 'iss', 'aud', 'azp', 'sub', 'typ', 'nonce'],
  ...['appid', 'identifier', 'idp', 'refresh', 'getCredentials'],
])

/** A plain name, or an address as OpenID Connect recommends for claims of one's own. */
const CLAIM_NAME = /^[A-Za-z][\w.:/-]{0,127}$/
const MAX_CLAIMS = 32
const MAX_SOURCES = 8

/** @throws {ClaimMappingError} */
export function parseClaimMapping(value: unknown): ClaimMapping {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ClaimMappingError('must be an object such as {"displayName": "name"}')
  }
  const entries = Object.entries(value)
  if (entries.length > MAX_CLAIMS) {
    throw new ClaimMappingError(`must have at most ${MAX_CLAIMS} claims`)
  }
  return new Map(entries.map(([claim, written]) => [claim, parseSources(claim, written)]))
}

function parseSources(claim: string, written: unknown): readonly ClaimSource[] {
  if (!CLAIM_NAME.test(claim)) {
    throw new ClaimMappingError(
      'holds a claim whose name is none: a letter, then up to 127 letters, digits and _ . : / -',
    )
  }
  if (RESERVED.has(claim)) {
    throw new ClaimMappingError(`must not set "${claim}", which this server sets itself`)
  }
  // Code that looks a claim up in a table of its own finds a method there, and fails: jsonwebtoken does.
  if (claim in Object.prototype) {
    throw new ClaimMappingError(`must not set "${claim}", which every object in JavaScript has`)
  }
  const sources: readonly unknown[] = Array.isArray(written) ? written : [written]
  if (sources.length === 0 || sources.length > MAX_SOURCES || !sources.every(isSource)) {
    throw new ClaimMappingError(
      `must take "${claim}" from a field of the profile such as "user_id", from a constant such as {"value": "amazon.com"}, or from a list of up to ${MAX_SOURCES} of them`,
    )
  }
  return sources
}

function isSource(source: unknown): source is ClaimSource {
  if (typeof source === 'string') return FIELD_NAME.test(source)
  if (typeof source !== 'object' || source === null) return false
  const { value, ...others } = source as { readonly value?: unknown }
  return Object.keys(others).length === 0 && isField('value', value)
}
