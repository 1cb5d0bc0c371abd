import type { Json, SettingValues } from '../../apps/settings'
import { ClaimMappingError, parseClaimMapping, type ClaimSource } from '../../claims/claim-mapping'
import { elementsOf, parseXml, type Element } from './parse-xml'

/** A technical profile by which Azure AD B2C signs people in at Amazon, and what it comes to here. */
export interface ReadProfile {
  readonly id: string
  readonly settings: SettingValues
  /** What is not carried over, each with its reason. */
  readonly left: readonly string[]
}

/**
 * Reads the technical profiles for Amazon out of a custom policy. Of a profile that stands in the document more than once,
 * as where one extends another, what comes later adds to what came before.
 *
 * @throws {XmlError}
 * @see https://learn.microsoft.com/azure/active-directory-b2c/identity-provider-amazon
 * @see https://learn.microsoft.com/azure/active-directory-b2c/oauth2-technical-profile
 */
export function readPolicy(document: string): readonly ReadProfile[] {
  const byId = new Map<string, Element[]>()
  for (const profile of elementsOf(parseXml(document), 'TechnicalProfile')) {
    const id = profile.attributes.Id ?? ''
    const profiles = byId.get(id)
    if (profiles === undefined) byId.set(id, [profile])
    else profiles.push(profile)
  }
  return Array.from(byId)
    .filter(([, profiles]) => profiles.some(isAmazons))
    .map(([id, profiles]) => readProfile(id, profiles))
}

function isAmazons(profile: Element): boolean {
  const metadata = metadataOf([profile])
  return (
    metadata.get('ProviderName')?.toLowerCase() === 'amazon' ||
    ADDRESSES.some((key) => /^https:\/\/[\w.-]*\.amazon\.[a-z.]+\//i.test(metadata.get(key) ?? ''))
  )
}

function metadataOf(profiles: readonly Element[]): ReadonlyMap<string, string> {
  const items = profiles.flatMap((profile) => elementsOf(profile, 'Item'))
  return new Map(items.map(({ attributes, text }) => [attributes.Key ?? '', text]))
}

function readProfile(id: string, profiles: readonly Element[]): ReadProfile {
  const metadata = metadataOf(profiles)
  const left: string[] = []
  const claims = readClaims(profiles, left)
  const clientId = usable('client_id', metadata.get('client_id'), left)
  const scope = usable('scope', metadata.get('scope'), left)
  const region = regionOf(metadata)
  leftOfMetadata(metadata, left)
  leftOfElements(profiles, left)
  const settings: Record<string, Json> = {
    ...(clientId !== undefined && { az_app_id: clientId }),
    ...(scope !== undefined && { 'amazon.scope': scope }),
    ...(region !== undefined && { 'amazon.region': region }),
    ...(Object.keys(claims).length > 0 && { claims }),
  }
  return { id, settings, left }
}

/** What stands in braces is filled in by B2C when it signs somebody in, or by whoever publishes the policy. */
function isFilledIn(value: string): boolean {
  const begin = value.indexOf('{')
  return begin >= 0 && value.includes('}', begin)
}

function usable(key: string, value: string | undefined, left: string[]): string | undefined {
  if (value === undefined || value === '') return undefined
  if (!isFilledIn(value) && !/^your /i.test(value)) return value
  left.push(`${key}: ${JSON.stringify(value)} is filled in elsewhere; set it by hand`)
  return undefined
}

function readClaims(profiles: readonly Element[], left: string[]): Readonly<Record<string, Json>> {
  const claims = new Map<string, Json>()
  for (const claim of profiles.flatMap((profile) => elementsOf(profile, 'OutputClaim'))) {
    const { ClaimTypeReferenceId: name = '', DefaultValue: constant } = claim.attributes
    if (constant !== undefined && isFilledIn(constant)) {
      left.push(`claim ${name}: ${JSON.stringify(constant)} is filled in by B2C at each sign-in`)
      continue
    }
    const source = sourceOf(claim)
    const problem = problemOf(name, source)
    if (problem !== undefined) left.push(`claim ${name}: ${problem}`)
    else if (source === name && (name === 'email' || name === 'name')) {
      left.push(`claim ${name}: needs no mapping; it is Amazon's ${name} here by itself`)
    } else claims.set(name, source)
  }
  return Object.fromEntries(claims)
}

function sourceOf({ attributes }: Element): Json {
  const {
    ClaimTypeReferenceId: name = '',
    PartnerClaimType: partner,
    DefaultValue: value,
    AlwaysUseDefaultValue: always,
  } = attributes
  if (value !== undefined && (always === 'true' || partner === undefined)) return { value }
  return value === undefined ? (partner ?? name) : [partner ?? name, { value }]
}

function problemOf(name: string, source: Json): string | undefined {
  try {
    parseClaimMapping({ [name]: source as ClaimSource })
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof ClaimMappingError)) throw thrown
    return `the setting claims ${thrown.message}`
  }
}

/** What this server does by itself, or what has no meaning for Amazon. */
const WITHOUT_LOSS: ReadonlySet<string> = new Set([
  ...['ProviderName', 'authorization_endpoint', 'AccessTokenEndpoint', 'ClaimsEndpoint'],
  ...['HttpBinding', 'UsePolicyInRedirectUri', 'scope', 'client_id', 'response_types'],
  ...['BearerTokenTransmissionMethod', 'AccessTokenResponseFormat', 'response_mode'],
])

function leftOfMetadata(metadata: ReadonlyMap<string, string>, left: string[]): void {
  for (const key of metadata.keys()) {
    if (!WITHOUT_LOSS.has(key)) left.push(`metadata ${key}: there is no such setting here`)
  }
}

const ADDRESSES = ['authorization_endpoint', 'AccessTokenEndpoint', 'ClaimsEndpoint']
const REGIONS: readonly (readonly [hosts: RegExp, region: string])[] = [
  [/^https:\/\/(?:eu\.account\.amazon\.com|[\w.-]+\.amazon\.(?:co\.uk|de|fr|it|es))\//i, 'eu'],
  [/^https:\/\/(?:apac\.account\.amazon\.com|[\w.-]+\.amazon\.co\.jp)\//i, 'fe'],
]

/** Undefined: that of everybody who has not said otherwise. */
function regionOf(metadata: ReadonlyMap<string, string>): string | undefined {
  const addresses = ADDRESSES.map((key) => metadata.get(key) ?? '')
  return REGIONS.find(([hosts]) => addresses.some((address) => hosts.test(address)))?.[1]
}

const SECRET =
  'the client secret lies in a policy key of B2C, which gives none out: take it from the Security Profile at Amazon, and set az_secret'

const ELEMENTS: readonly (readonly [name: string, reason: string])[] = [
  ['OutputClaimsTransformation', 'claims are not changed on their way here; a hook mapProfile can'],
  ['InputClaim', 'nothing of it is sent to Amazon here'],
  ['ValidationTechnicalProfile', 'a hook onLogin can refuse a sign-in'],
  ['IncludeTechnicalProfile', 'read the file that has it as well, if it maps claims'],
]

function leftOfElements(profiles: readonly Element[], left: string[]): void {
  const keys = profiles.flatMap((profile) => elementsOf(profile, 'Key'))
  if (keys.some(({ attributes }) => attributes.Id === 'client_secret'))
    left.push(`client_secret: ${SECRET}`)
  for (const [name, reason] of ELEMENTS) {
    for (const { attributes } of profiles.flatMap((profile) => elementsOf(profile, name))) {
      const which = attributes.ReferenceId ?? attributes.ClaimTypeReferenceId ?? ''
      left.push(`${name} ${which}: ${reason}`)
    }
  }
}
