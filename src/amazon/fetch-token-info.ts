import { AmazonAuthError } from '../errors'
import { requestJson, type AmazonHttp, type RegionalCall } from './request-json'

/** What Amazon says of an access token. */
export interface TokenInfo {
  /** Client id of the app the token was issued to. */
  readonly audience: string
  readonly userId: string
  readonly issuer: string
}

/**
 * Asks Amazon whose access token this is. The token travels in headers only: Amazon's guide shows it in the query,
 * which servers and proxies log.
 *
 * @throws {AmazonAuthError} `profile_rejected` (Amazon refuses the token), `amazon_malformed`, or what
 *   {@link requestJson} throws.
 * @see https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html
 */
export async function fetchTokenInfo(
  accessToken: string,
  http: AmazonHttp,
  call: RegionalCall,
): Promise<TokenInfo> {
  const endpoint = call.endpoints.tokenInfo
  const headers = { 'x-amz-access-token': accessToken, authorization: `bearer ${accessToken}` }
  const { status, body } = await requestJson({ method: 'GET', endpoint, headers }, http, call)
  if (status !== 200) throw new AmazonAuthError('profile_rejected', { upstreamStatus: status })
  const { aud: audience, user_id: userId, iss: issuer } = body
  if (typeof audience !== 'string' || typeof userId !== 'string' || typeof issuer !== 'string') {
    throw new AmazonAuthError('amazon_malformed', { endpoint: endpoint.path })
  }
  return { audience, userId, issuer }
}
