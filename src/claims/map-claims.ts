import type { ClaimMapping, ClaimSource } from './claim-mapping'
import type { Fields, Scalar } from './field'

/**
 * What a mapping makes of the fields of a profile. A claim none of whose sources is there, or all blank, is left out.
 *
 * @param wants Which claims are asked for.
 */
export function mapClaims(
  mapping: ClaimMapping,
  fields: Fields,
  wants: (claim: string) => boolean,
): Fields {
  const claims: Record<string, Scalar> = {}
  for (const [claim, sources] of mapping) {
    if (!wants(claim)) continue
    const value = firstOf(sources, fields)
    if (value !== undefined) claims[claim] = value
  }
  return claims
}

function firstOf(sources: readonly ClaimSource[], fields: Fields): Scalar | undefined {
  for (const source of sources) {
    if (typeof source === 'object') return source.value
    const value = Object.hasOwn(fields, source) ? fields[source] : undefined
    if (value !== undefined && !(typeof value === 'string' && value.trim() === '')) return value
  }
  return undefined
}
