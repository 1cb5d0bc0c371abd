import { AmazonAuthError } from '../errors'
import { parseProfile, type AmazonProfile } from './parse-profile'
import { requestJson, type AmazonHttp, type RegionalCall } from './request-json'

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
  http: AmazonHttp,
  call: RegionalCall,
): Promise<AmazonProfile> {
  const headers = { 'x-amz-access-token': accessToken }
  const endpoint = call.endpoints.profile
  const answer = await requestJson({ method: 'GET', endpoint, headers }, http, call)
  if (answer.status !== 200) {
    throw new AmazonAuthError('profile_rejected', { upstreamStatus: answer.status })
  }
  return parseProfile(answer.body)
}
