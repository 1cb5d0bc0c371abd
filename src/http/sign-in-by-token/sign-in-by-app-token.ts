import { createSecretKey, type KeyObject } from 'node:crypto'

import type { App } from '../../apps/app'
import { isStrict, textSetting } from '../../apps/read-setting'
import { sha256 } from '../../crypto/random'
import { AmazonAuthError } from '../../errors'
import { appSigningKey } from '../../tokens/signing-key'
import { verifyAssertion } from '../../tokens/verify-assertion'
import { claimsToBeIdToken } from '../../tokens/verify-token'
import type { User } from '../../users/user'
import type { SignInServices } from '../auth-services'
import { storeUser, type SignInPurpose } from '../sign-in/sign-in-user'
import { tradeIdToken } from './trade-id-token'

/** Longest life of a token of the back end, where the app is strict. */
const MAX_LIFE_SECONDS = 300

/**
 * Signs in a user by a token of the app: an ID token, as pages are opened with, or one by which the app's own back end
 * vouches for somebody, signed with the app's secret or with its setting `app_secret_key`. Where the app is strict, the
 * latter is good once and for five minutes.
 *
 * @throws {AmazonAuthError} `app_inactive`, `token_invalid`, `account_locked`, `store_unavailable`
 */
export async function signInByAppToken(
  app: App,
  token: string,
  { services }: { readonly services: SignInServices },
  purpose: SignInPurpose = { issuesSessionToken: true },
): Promise<User> {
  if (!app.active) throw new AmazonAuthError('app_inactive', { app: app.id })
  if (claimsToBeIdToken(token)) return tradeIdToken(app, token, purpose, services)
  const strict = isStrict(app, services)
  const details = verifyAssertion(token, keysOf(app), {
    nowMs: services.now(),
    maxLifeSeconds: strict ? MAX_LIFE_SECONDS : undefined,
  })
  if (strict) await useOnce(app, token, services)
  return storeUser(app, details, purpose, services)
}

/** Told by what is signed: the same signature can be written in several ways. */
async function useOnce(app: App, token: string, { singleUse, now }: SignInServices): Promise<void> {
  const signed = token.slice(0, token.lastIndexOf('.'))
  const expiresAtMs = now() + 2 * MAX_LIFE_SECONDS * 1000
  const isFirst = await singleUse.take({
    appId: app.id,
    name: `assertion ${sha256(signed)}`,
    expiresAtMs,
  })
  if (!isFirst) throw new AmazonAuthError('token_invalid', { reason: 'used before' })
}

function keysOf(app: App): readonly KeyObject[] {
  const own = textSetting(app, 'app_secret_key')
  const keys = [appSigningKey(app)]
  return own === undefined ? keys : [createSecretKey(Buffer.from(own)), ...keys]
}
