import { isStorableText } from '../../is-storable-text'
import type { UserDetails } from '../../users/user'
import { unusable } from './unusable'

const FIELDS = ['email', 'name', 'picture', 'groups'] as const

const ALLOWED =
  'email, name, picture and groups may each be text in whole Unicode without NUL, or undefined or null, which leaves what Amazon sent.'

/**
 * What the hook `mapProfile` changes. A field that it leaves undefined or null stays as Amazon has it; no other field
 * counts.
 *
 * @param mapped As the hook has returned it: anything, where it is not checked by types.
 * @throws {AmazonAuthError} `hook_failed`: a field is no text, or none that a store keeps.
 */
export function changedDetails(mapped: unknown): Partial<UserDetails> {
  const fields = new Map(Object.entries(mapped ?? {}))
  const changed: Partial<Record<(typeof FIELDS)[number], string>> = {}
  for (const name of FIELDS) {
    const value: unknown = fields.get(name) ?? undefined
    if (value === undefined) continue
    if (typeof value !== 'string' || !isStorableText(value)) throw unusable(name, value, ALLOWED)
    changed[name] = value
  }
  return changed
}
