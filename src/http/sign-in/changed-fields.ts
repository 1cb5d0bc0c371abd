import { isField, MAX_FIELD_CHARACTERS, type Fields } from '../../claims/field'
import { unusable } from './unusable'

/** Of what is kept of one user, in any field. */
const MAX_FIELDS = 32

const ALLOWED = `profile may be an object of at most ${MAX_FIELDS} fields, with those of Amazon: names of letters, digits, "_" and "-", which begin with a letter and have at most 64 characters, each with text of at most ${MAX_FIELD_CHARACTERS} characters (whole Unicode without NUL), a number, true, false, or null, which takes the field away.`

/**
 * The further fields of a user as the hook `mapProfile` changes them: null takes one away.
 *
 * @param mapped As the hook has returned it: anything, where it is not checked by types.
 * @throws {AmazonAuthError} `hook_failed`: it is no object, there are too many, or one is no short text, number, true or false.
 */
export function changedFields(fields: Fields, mapped: unknown): Fields {
  const { profile } = Object(mapped ?? {}) as { readonly profile?: unknown }
  if (profile === undefined || profile === null) return fields
  if (typeof profile !== 'object' || Array.isArray(profile))
    throw unusable('profile', profile, ALLOWED)
  const changed = new Map(Object.entries(fields))
  for (const [name, value] of Object.entries(profile)) {
    if (value === undefined) continue
    if (value === null) changed.delete(name)
    else if (isField(name, value)) changed.set(name, value)
    else throw unusable(`profile.${name.slice(0, 64)}`, value, ALLOWED)
  }
  if (changed.size > MAX_FIELDS) throw unusable('profile', profile, ALLOWED)
  return Object.fromEntries(changed)
}
