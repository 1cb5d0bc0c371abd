import { isField, type Fields } from '../../claims/field'
import { AmazonAuthError } from '../../errors'

/** Of what is kept of one user, in any field. */
const MAX_FIELDS = 32

/**
 * The further fields of a user as the hook `mapProfile` changes them: null takes one away.
 *
 * @param mapped As the hook has returned it: anything, where it is not checked by types.
 * @throws {AmazonAuthError} `hook_failed`: there are too many, or one is no short text, number, true or false.
 */
export function changedFields(fields: Fields, mapped: unknown): Fields {
  const { profile } = Object(mapped ?? {}) as { readonly profile?: unknown }
  if (profile === undefined || profile === null) return fields
  const changed = new Map(Object.entries(fields))
  for (const [name, value] of Object.entries(profile)) {
    if (value === undefined) continue
    if (value === null) changed.delete(name)
    else if (isField(name, value)) changed.set(name, value)
    else throw failure(`profile.${name.slice(0, 64)}`, typeof value)
  }
  if (changed.size > MAX_FIELDS) throw failure('profile', `${changed.size} fields`)
  return Object.fromEntries(changed)
}

function failure(field: string, is: string): AmazonAuthError {
  return new AmazonAuthError('hook_failed', { hook: 'mapProfile', field, is })
}
