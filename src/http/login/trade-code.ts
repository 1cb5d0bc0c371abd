import type { User } from '../../users/user'
import type { SuccessTarget } from '../sign-in/choose-target'
import { signInUser } from '../sign-in/sign-in-user'
import { askAmazon } from './ask-amazon'
import type { BegunLogin } from './login-cookies'
import type { Hit } from './once'

/**
 * Code to access token to profile to user.
 *
 * @throws {AmazonAuthError} what {@link askAmazon} and {@link signInUser} throw.
 */
export async function tradeCode(
  hit: Hit,
  begun: BegunLogin | undefined,
  target: SuccessTarget,
): Promise<User> {
  const { app, attempt, request } = hit
  const { tokens, profile, clientId, call } = await askAmazon(hit, begun)
  attempt.enter('upsert_user')
  const issuesSessionToken = target.means === 'session_token'
  const purpose = { issuesSessionToken, returnedScope: request.scope }
  const user = await signInUser(app, profile, purpose, attempt)
  attempt.user = user
  // Beside the session, with which it shares a transaction on SQLite.
  attempt.beside = attempt.services.keptTokens.keep(app, user, {
    tokens,
    clientId,
    region: call.endpoints.region,
    scopes: user.scopes?.split(' '),
  })
  return user
}
