import type { AmazonProfile } from '../amazon/parse-profile'
import type { Fields } from '../claims/field'
import type { User } from './user'

/** Nothing is kept. */
const NOTHING = '{}'

/** The fields of a profile under the names that Amazon has for them. */
export function profileFields(profile: AmazonProfile): Fields {
  const { userId, name, email } = profile
  return {
    user_id: userId,
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...furtherFields(profile),
  }
}

/** What of a profile a user has no place for. */
export function furtherFields({ postalCode, further }: AmazonProfile): Fields {
  if (postalCode === undefined) return further ?? {}
  return { postal_code: postalCode, ...further }
}

/** Fields as JSON text, the same for the same fields. */
export function writeFields(fields: Fields): string {
  const names = Object.keys(fields)
  if (names.length === 0) return NOTHING
  return JSON.stringify(Object.fromEntries(names.sort().map((name) => [name, fields[name]])))
}

/** What is kept of a user's profile. */
export function readFields({ profile }: Pick<User, 'profile'>): Fields {
  if (isNothing(profile)) return {}
  return JSON.parse(profile) as Fields
}

/** Whether nothing is kept: as it is of users who have not signed in since fields are kept. */
export function isNothing(profile: string | null | undefined): profile is null | undefined | '{}' {
  return profile === undefined || profile === null || profile === NOTHING
}
