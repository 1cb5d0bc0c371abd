import { createSecretKey, type KeyObject } from 'node:crypto'

import type { App } from '../../apps/app'
import { isStrict, textSetting } from '../../apps/typed-setting'
import { sha256 } from '../../crypto/random'
import { AmazonAuthError } from '../../errors'
import { appSigningKey } from '../../tokens/signing-key'
import { verifyAssertion } from '../../tokens/verify-assertion'
import { claimsToBeIdToken, verifyToken } from '../../tokens/verify-token'
import type { User } from '../../users/user'
import type { SignInServices } from '../auth-services'
import type { Attempt } from '../sign-in/attempt'
import { endsOlderTokens, type SignInPurpose, storeUser } from '../sign-in/sign-in-user'
import { useIdToken } from '../../tokens/single-use'

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
  attempt: Attempt,
  purpose: SignInPurpose = { issuesSessionToken: true },
): Promise<User> {
  const { services } = attempt
  if (!app.active) throw new AmazonAuthError('app_inactive', { app: app.id })
  attempt.enter('upsert_user')
  if (claimsToBeIdToken(token)) return tradeIdToken(app, token, purpose, services)
  const strict = isStrict(app, services)
  const details = verifyAssertion(token, keysOf(app), {
    nowMs: services.now(),
    maxLifeSeconds: strict ? MAX_LIFE_SECONDS : undefined,
  })
  if (strict) await useOnce(app, token, services)
  return storeUser(app, details, purpose, attempt)
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

/**
 * Signs in the very user whom an ID token of the app names, once: so a page trades the token that it was opened with for
 * one that lasts. What is known of the user stays as it is.
 *
 * @throws {AmazonAuthError} `token_invalid`: expired, another app's, or used before on whatever node. `store_unavailable`
 */
async function tradeIdToken(
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
