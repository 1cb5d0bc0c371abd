import type { AmazonProfile } from '../../amazon/parse-profile'
import type { AmazonTokens } from '../../amazon/parse-tokens'
import type { RegionalCall } from '../../amazon/request-json'
import { getClientCredentials } from '../../apps/client-credentials'
import { redirectUri } from '../public-address'
import { amazonCall } from '../sign-in/amazon-call'
import type { BegunLogin } from './login-cookies'
import type { Hit } from './once'

/** What Amazon gives for a code. */
export interface AmazonGrant {
  readonly tokens: AmazonTokens
  readonly profile: AmazonProfile
  readonly clientId: string
  readonly call: RegionalCall
}

/**
 * Code to access token to profile.
 *
 * @param onTokens Told when they have come, before the profile has.
 * @throws {AmazonAuthError} what `amazon/exchange-code.ts` and `amazon/fetch-profile.ts` throw.
 */
export async function askAmazon(
  { app, code, attempt }: Hit,
  begun: BegunLogin | undefined,
  onTokens?: (tokens: AmazonTokens) => void,
): Promise<AmazonGrant> {
  const { amazon } = attempt.services
  const call = amazonCall(app, attempt.services)
  const { clientId, clientSecret } = getClientCredentials(app)
  const grant = {
    code,
    clientId,
    clientSecret,
    redirectUri: begun?.redirectUri ?? redirectUri(app, attempt),
    codeVerifier: begun?.codeVerifier,
  }
  attempt.enter('exchange_code')
  const tokens = await amazon.exchangeCode(grant, call)
  onTokens?.(tokens)
  attempt.enter('fetch_profile')
  const profile = await amazon.fetchProfile(tokens.accessToken, call)
  return { tokens, profile, clientId, call }
}
