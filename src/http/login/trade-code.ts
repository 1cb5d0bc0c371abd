import { getClientCredentials } from '../../apps/client-credentials'
import type { User } from '../../users/user'
import { redirectUri } from '../public-address'
import { amazonCall } from '../sign-in/amazon-call'
import type { SuccessTarget } from '../sign-in/choose-target'
import { signInUser } from '../sign-in/sign-in-user'
import type { BegunLogin } from './login-cookies'
import type { Hit } from './once'

/**
 * Code to access token to profile to user.
 *
 * @throws {AmazonAuthError} what `amazon/exchange-code.ts`, `amazon/fetch-profile.ts` and {@link signInUser} throw.
 */
export async function tradeCode(
  { app, code, attempt, request }: Hit,
  begun: BegunLogin | undefined,
  target: SuccessTarget,
): Promise<User> {
  const { amazon, keptTokens } = attempt.services
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
  attempt.enter('fetch_profile')
  const profile = await amazon.fetchProfile(tokens.accessToken, call)
  attempt.enter('upsert_user')
  const issuesSessionToken = target.means === 'session_token'
  const purpose = { issuesSessionToken, returnedScope: request.scope }
  const user = await signInUser(app, profile, purpose, attempt)
  attempt.userId = user.id
  // Beside the session, with which it shares a transaction on SQLite.
  const { region } = call.endpoints
  attempt.beside = keptTokens.keep(app, user.id, {
    tokens,
    clientId,
    region,
    scopes: user.scopes?.split(' '),
  })
  return user
}
