import { AmazonAuthError } from '../errors'
import { ACCESS_TOKEN } from './access-token'
import type { Endpoint } from './endpoints'

/** What the token endpoint issues: all of it is secret. */
export interface AmazonTokens {
  readonly accessToken: string
  /** Absent where Amazon sends none: to a client without a secret, and maybe with a refresh. */
  readonly refreshToken?: string
  /** Life of the access token, in seconds. */
  readonly expiresInSeconds: number
}

/** Where Amazon does not say, it is what its guide says. */
const DEFAULT_LIFE_SECONDS = 3600

/**
 * Reads an answer of the token endpoint.
 *
 * @throws {AmazonAuthError} `amazon_malformed`: no usable access token.
 * @see https://developer.amazon.com/docs/login-with-amazon/access-token.html
 */
export function parseTokens(
  body: Readonly<Record<string, unknown>>,
  endpoint: Endpoint,
): AmazonTokens {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: life } = body
  if (!isToken(accessToken)) {
    throw new AmazonAuthError('amazon_malformed', { endpoint: endpoint.path })
  }
  const expiresInSeconds = Number(life)
  return {
    accessToken,
    ...(isToken(refreshToken) && { refreshToken }),
    expiresInSeconds: isLife(expiresInSeconds) ? expiresInSeconds : DEFAULT_LIFE_SECONDS,
  }
}

/** Longer than a year, it is none that Amazon would give. */
function isLife(seconds: number): boolean {
  return seconds > 0 && seconds <= 365 * 24 * 3600
}

/** An access token or a refresh token: both have the same form and length. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && ACCESS_TOKEN.test(value)
}
