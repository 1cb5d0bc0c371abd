import type { Request } from 'express'

import type { AmazonProfile } from '../../amazon/parse-profile'
import type { App } from '../../apps/app'
import { toAppJson } from '../../apps/app-json'
import { flagSetting, isStrict } from '../../apps/typed-setting'
import type { LoginWay } from '../../audit/audit-event'
import type { UpsertOptions } from '../../users/upsert-user'
import type { User, UserDetails } from '../../users/user'
import { toUserJson } from '../../users/user-json'
import type { SignInServices } from '../auth-services'
import { runHook } from '../run-hook'
import { personOf } from './person-of'

/** What a sign-in ends in: only a session token may end older ones. */
export interface SignInPurpose {
  readonly issuesSessionToken: boolean
  /** The scopes that Amazon's return names, as a browser has brought them. */
  readonly returnedScope?: string | undefined
}

/** What signs somebody in, and is told whether that has made the user. */
export interface SigningIn {
  readonly req: Request
  readonly services: SignInServices
  readonly way: LoginWay
  isNewUser: boolean
}

/**
 * Makes the user of a profile, or finds and updates it, and runs the host's hooks: what every way to sign in with
 * Amazon ends with.
 *
 * @throws {AmazonAuthError} `account_locked`, `hook_failed`, `store_unavailable`
 */
export async function signInUser(
  app: App,
  sent: AmazonProfile,
  purpose: SignInPurpose,
  visit: SigningIn,
): Promise<User> {
  const { req, services } = visit
  const { profile, details } = await personOf(app, sent, purpose.returnedScope, services)
  const user = await storeUser(app, details, purpose, visit)
  const { onLogin } = services.hooks
  if (onLogin !== undefined) {
    const login = { app: toAppJson(app, services.apps.rootId), user: toUserJson(user) }
    await runHook(() => onLogin({ ...login, profile, req }))
  }
  return user
}

/** @throws {AmazonAuthError} `account_locked`, `store_unavailable` */
export function storeUser(
  app: App,
  details: UserDetails,
  purpose: SignInPurpose,
  visit: SigningIn,
): Promise<User> {
  const { services, way } = visit
  const onMade = (): void => void (visit.isNewUser = true)
  const tells = app.webhookEvents
  const options = { ...upsertOptions(app, purpose, services), onMade, way, tells }
  return services.upsertUser(app, details, options)
}

/** How the users of an app are found and changed. */
export function upsertOptions(
  app: App,
  { issuesSessionToken }: SignInPurpose,
  services: SignInServices,
): UpsertOptions {
  const { policy } = services
  return {
    linkByEmail:
      !isStrict(app, services) && flagSetting(app, 'security.link_by_email', policy.linkByEmail),
    renewTokenSecret: issuesSessionToken && endsOlderTokens(app, services),
  }
}

/** Whether a session token that is issued ends the user's older ones. */
export function endsOlderTokens(app: App, { policy }: SignInServices): boolean {
  return flagSetting(app, 'one_session_per_user', policy.oneSessionPerUser)
}
