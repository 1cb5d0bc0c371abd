import type { AmazonProfile } from '../../amazon/parse-profile'
import { grantedScopes, type GrantedProfile } from '../../amazon/scopes'
import type { App } from '../../apps/app'
import { toAppJson } from '../../apps/app-json'
import { claimMappingOf } from '../../apps/claims-setting'
import type { Fields } from '../../claims/field'
import { profileToUser } from '../../users/identity-provider'
import { furtherFields, writeFields } from '../../users/kept-profile'
import type { UserDetails } from '../../users/user'
import type { SignInServices } from '../auth-services'
import { runHook } from '../run-hook'
import { askedScopes } from './asked-scopes'
import { changedDetails } from './changed-details'
import { changedFields } from './changed-fields'

/** What is read of a profile: the user's own fields, and what a user has no place for. */
export interface ReadProfile {
  readonly details: UserDetails
  readonly fields: Fields
}

/** Whom a profile names, before anything is stored. */
export interface Person {
  readonly profile: GrantedProfile
  /** As the hook `mapProfile` leaves it, where there is one. */
  readonly details: UserDetails
}

/** A profile with what its owner has granted. @param returned The scopes that Amazon's return names. */
export function grantedProfile(
  app: App,
  sent: AmazonProfile,
  returned: string | undefined,
  services: SignInServices,
): GrantedProfile {
  return { ...sent, scopes: grantedScopes(sent, askedScopes(app, services), returned) }
}

/** What the claims of an app read of a profile. */
export function readProfile(
  app: App,
  profile: GrantedProfile,
  { policy }: SignInServices,
): ReadProfile {
  return {
    details: profileToUser(profile, claimMappingOf(app, policy)),
    fields: furtherFields(profile),
  }
}

/** The same, as the host's hook changes it. @throws {AmazonAuthError} `hook_failed`, `refused_by_host` */
export async function mapByHook(
  app: App,
  profile: GrantedProfile,
  { details, fields }: ReadProfile,
  { hooks: { mapProfile }, apps }: SignInServices,
): Promise<ReadProfile> {
  if (mapProfile === undefined) return { details, fields }
  const mapped = await runHook(() => mapProfile(profile, toAppJson(app, apps.rootId)))
  return {
    details: { ...details, ...changedDetails(mapped), identifier: details.identifier },
    fields: changedFields(fields, mapped),
  }
}

/** What is kept of a person. */
export function keptDetails(
  { details, fields }: ReadProfile,
  { scopes }: GrantedProfile,
): UserDetails {
  return { ...details, profile: writeFields(fields), scopes: scopes.join(' ') }
}

/**
 * Who a profile of Amazon's says somebody is: by the claims of the app, then by the hook `mapProfile`.
 *
 * @param returned The scopes that Amazon's return names, as a browser has brought them.
 * @throws {AmazonAuthError} `hook_failed`, `refused_by_host`
 */
export async function personOf(
  app: App,
  sent: AmazonProfile,
  returned: string | undefined,
  services: SignInServices,
): Promise<Person> {
  const profile = grantedProfile(app, sent, returned, services)
  const read = await mapByHook(app, profile, readProfile(app, profile, services), services)
  return { profile, details: keptDetails(read, profile) }
}
