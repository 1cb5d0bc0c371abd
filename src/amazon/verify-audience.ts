import { AmazonAuthError, type ErrorFacts } from '../errors'
import { ACCESS_TOKEN } from './access-token'
import type { AmazonCalls } from './amazon-calls'
import type { TokenInfo } from './fetch-token-info'
import type { AmazonProfile } from './parse-profile'
import type { RegionalCall } from './request-json'

/** Whose tokens are taken. */
export interface Audience {
  /** Client ids that a token may have been issued to. */
  readonly clientIds: ReadonlySet<string>
  /** For the log. */
  readonly facts?: ErrorFacts
}

/** Client ids are at most 100 bytes long. */
const MAX_TOLD_CHARACTERS = 100

/**
 * Proves at Amazon that an access token from elsewhere was issued to one of these clients: one of any other app of
 * Amazon's shows the same profile.
 *
 * @throws {AmazonAuthError} `audience_mismatch`, or what `fetchTokenInfo` throws.
 */
export async function verifyAudience(
  accessToken: string,
  { clientIds, facts }: Audience,
  amazon: Pick<AmazonCalls, 'fetchTokenInfo'>,
  call: RegionalCall,
): Promise<TokenInfo> {
  if (!ACCESS_TOKEN.test(accessToken)) {
    throw new AmazonAuthError('profile_rejected', { reason: 'not a token' })
  }
  const info = await amazon.fetchTokenInfo(accessToken, call)
  if (!clientIds.has(info.audience) || !call.endpoints.issuers.has(info.issuer)) {
    const audience = info.audience.slice(0, MAX_TOLD_CHARACTERS)
    throw new AmazonAuthError('audience_mismatch', { ...facts, audience })
  }
  return info
}

/**
 * The profile of an access token from elsewhere, which is proven before it is believed.
 *
 * @throws {AmazonAuthError} What {@link verifyAudience} and `fetchProfile` throw; `audience_mismatch` also where the two
 *   answers name different people.
 */
export async function fetchVerifiedProfile(
  accessToken: string,
  audience: Audience,
  amazon: Pick<AmazonCalls, 'fetchTokenInfo' | 'fetchProfile'>,
  call: RegionalCall,
): Promise<AmazonProfile> {
  const info = await verifyAudience(accessToken, audience, amazon, call)
  const profile = await amazon.fetchProfile(accessToken, call)
  if (profile.userId !== info.userId) {
    throw new AmazonAuthError('audience_mismatch', { ...audience.facts })
  }
  return profile
}
