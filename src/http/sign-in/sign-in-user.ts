import type { Request } from 'express'

import type { AmazonProfile } from '../../amazon/parse-profile'
import { grantedScopes, type GrantedProfile } from '../../amazon/scopes'
import type { App } from '../../apps/app'
import { toAppJson, type AppJson } from '../../apps/app-json'
import { claimMappingOf } from '../../apps/claims-setting'
import { flagSetting, isStrict } from '../../apps/read-setting'
import { isStorableText } from '../../is-storable-text'
import { profileToUser } from '../../users/identity-provider'
import { furtherFields, writeFields } from '../../users/kept-profile'
import type { User, UserDetails } from '../../users/user'
import { toUserJson } from '../../users/user-json'
import type { SignInServices } from '../auth-services'
import { runHook } from '../run-hook'
import { askedScopes } from './asked-scopes'
import { changedDetails } from './changed-details'
import { changedFields } from './changed-fields'

/** What a sign-in ends in: only a session token may end older ones. */
export interface SignInPurpose {
  readonly issuesSessionToken: boolean
  /** The scopes that Amazon's return names, as a browser has brought them. */
  readonly returnedScope?: string | undefined
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
  { req, services }: { readonly req: Request; readonly services: SignInServices },
): Promise<User> {
  const { mapProfile, onLogin } = services.hooks
  const appJson = (): AppJson => toAppJson(app, services.apps.rootId)
  const scopes = grantedScopes(sent, askedScopes(app, services), purpose.returnedScope)
  const profile: GrantedProfile = { ...sent, scopes }
  let details = profileToUser(profile, claimMappingOf(app, services.policy))
  let fields = furtherFields(profile)
  if (mapProfile !== undefined) {
    const mapped = await runHook(async () => requireStorable(await mapProfile(profile, appJson())))
    details = { ...details, ...changedDetails(mapped), identifier: details.identifier }
    fields = changedFields(fields, mapped)
  }
  const known = { ...details, profile: writeFields(fields), scopes: scopes.join(' ') }
  const user = await storeUser(app, known, purpose, services)
  if (onLogin !== undefined) {
    await runHook(() => onLogin({ app: appJson(), user: toUserJson(user), profile, req }))
  }
  return user
}

function requireStorable(mapped: unknown): unknown {
  if (Object.values(mapped ?? {}).every(isStorable)) return mapped
  throw new TypeError('mapProfile: text must be whole Unicode, without NUL')
}

function isStorable(value: unknown): boolean {
  return typeof value !== 'string' || isStorableText(value)
}

/** @throws {AmazonAuthError} `account_locked`, `store_unavailable` */
export function storeUser(
  app: App,
  details: UserDetails,
  { issuesSessionToken }: SignInPurpose,
  services: SignInServices,
): Promise<User> {
  const { policy } = services
  return services.upsertUser(app, details, {
    linkByEmail:
      !isStrict(app, services) && flagSetting(app, 'security.link_by_email', policy.linkByEmail),
    renewTokenSecret: issuesSessionToken && endsOlderTokens(app, services),
  })
}

/** Whether a session token that is issued ends the user's older ones. */
export function endsOlderTokens(app: App, { policy }: SignInServices): boolean {
  return flagSetting(app, 'one_session_per_user', policy.oneSessionPerUser)
}
