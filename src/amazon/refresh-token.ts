import { AmazonAuthError } from '../errors'
import { parseTokens, type AmazonTokens } from './parse-tokens'
import { CLIENT_ERRORS, parseRefusal } from './refusal'
import { requestJson, type AmazonAnswer, type AmazonHttp, type RegionalCall } from './request-json'

export interface RefreshGrant {
  readonly refreshToken: string
  readonly clientId: string
  /** Absent for a client that has none, as those of devices. */
  readonly clientSecret?: string | undefined
}

/** Names seen in Amazon's own programs for trouble of its own, whatever the status. */
const TROUBLES = new Set(['servererror', 'temporarilyunavailable'])

/**
 * Trades a refresh token for a new access token. Never sent twice, since Amazon may give each refresh token's successor
 * once; tried again only where nobody was reached. Of a failure whose facts do not say `sent: false`, nobody knows whether
 * Amazon has done it.
 *
 * @returns A `refreshToken` in it takes the place of the one that was sent; where there is none, that one stays.
 * @throws {AmazonAuthError} `consent_revoked`: Amazon takes the refresh token for none (any more). `refresh_refused`: it
 *   refuses the app's keys, or something else that is not the person's. Or what {@link requestJson} throws, or
 *   `amazon_malformed`.
 * @see https://developer.amazon.com/docs/login-with-amazon/refresh-token.html
 */
export async function refreshToken(
  grant: RefreshGrant,
  http: AmazonHttp,
  call: RegionalCall,
): Promise<AmazonTokens> {
  const form = {
    grant_type: 'refresh_token',
    refresh_token: grant.refreshToken,
    client_id: grant.clientId,
    ...(grant.clientSecret !== undefined && { client_secret: grant.clientSecret }),
  }
  const endpoint = call.endpoints.token
  const answer = await requestJson({ method: 'POST', endpoint, form }, http, call)
  if (answer.status !== 200) throw refusal(answer)
  return parseTokens(answer.body, endpoint)
}

function refusal(answer: AmazonAnswer): AmazonAuthError {
  const { name, error } = parseRefusal(answer)
  const facts = { upstreamStatus: answer.status, upstreamError: error }
  if (TROUBLES.has(name)) return new AmazonAuthError('amazon_unavailable', facts)
  if (name === 'invalidgrant') return new AmazonAuthError('consent_revoked', facts)
  const advice = CLIENT_ERRORS.has(name) ? WRONG_KEYS : undefined
  return new AmazonAuthError('refresh_refused', { ...facts, advice })
}

const WRONG_KEYS =
  'Amazon refuses az_app_id and az_secret of this app. Compare them with its Security Profile. The kept tokens stay, and are good again with the right keys.'
