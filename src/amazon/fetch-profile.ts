import { AmazonAuthError } from '../errors'
import type { AmazonEndpoints } from './endpoints'
import { parseProfile, type AmazonProfile } from './parse-profile'
import { requestJson, type AmazonCall, type AmazonHttp } from './request-json'

/**
 * Fetches the customer profile an access token gives access to.
 *
 * @param accessToken As the token endpoint issued it. Travels in a header, never in the URL.
 * @throws {AmazonAuthError} `profile_rejected` (Amazon refused the token), `profile_malformed`, or what
 *   {@link requestJson} throws.
 * @see https://developer.amazon.com/docs/login-with-amazon/customer-profile.html
 */
export async function fetchProfile(
  accessToken: string,
  http: AmazonHttp & { readonly endpoints: AmazonEndpoints },
  call: AmazonCall,
): Promise<AmazonProfile> {
  const headers = { 'x-amz-access-token': accessToken }
  const endpoint = http.endpoints.profile
  const answer = await requestJson({ method: 'GET', endpoint, headers }, http, call)
  if (answer.status !== 200) {
    throw new AmazonAuthError('profile_rejected', { upstreamStatus: answer.status })
  }
  return parseProfile(answer.body)
}
