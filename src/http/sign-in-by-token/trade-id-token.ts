import type { App } from '../../apps/app'
import { AmazonAuthError } from '../../errors'
import { useIdToken } from '../../tokens/single-use'
import { verifyToken } from '../../tokens/verify-token'
import type { User } from '../../users/user'
import type { SignInServices } from '../auth-services'
import { endsOlderTokens, type SignInPurpose } from '../sign-in/sign-in-user'

/**
 * Signs in the very user whom an ID token of the app names, once: so a page trades the token that it was opened with for
 * one that lasts. What is known of the user stays as it is.
 *
 * @throws {AmazonAuthError} `token_invalid`: expired, another app's, or used before on whatever node. `store_unavailable`
 */
export async function tradeIdToken(
  app: App,
  token: string,
  { issuesSessionToken }: SignInPurpose,
  services: SignInServices,
): Promise<User> {
  const verified = await verifyToken(token, services)
  const { user, kind } = verified
  if (verified.app.id !== app.id) refuse('of another app')
  if (user === undefined || kind !== 'id') return refuse('no ID token')
  await useIdToken(verified, services.singleUse)
  const endsOlder = issuesSessionToken && endsOlderTokens(app, services)
  return endsOlder ? services.userAdmin.renewTokenSecret(user) : user
}

function refuse(reason: string): never {
  throw new AmazonAuthError('token_invalid', { reason })
}
