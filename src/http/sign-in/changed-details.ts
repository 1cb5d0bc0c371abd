import { AmazonAuthError } from '../../errors'
import type { UserDetails } from '../../users/user'

const FIELDS = ['email', 'name', 'picture', 'groups'] as const

/**
 * What the hook `mapProfile` changes. A field that it leaves undefined or null stays as Amazon has it; no other field
 * counts.
 *
 * @param mapped As the hook has returned it: anything, where it is not checked by types.
 * @throws {AmazonAuthError} `hook_failed`: a field is no text.
 */
export function changedDetails(mapped: unknown): Partial<UserDetails> {
  const fields = new Map(Object.entries(mapped ?? {}))
  const changed: Partial<Record<(typeof FIELDS)[number], string>> = {}
  for (const name of FIELDS) {
    const value: unknown = fields.get(name) ?? undefined
    if (value === undefined) continue
    if (typeof value !== 'string') {
      throw new AmazonAuthError('hook_failed', {
        hook: 'mapProfile',
        field: name,
        is: typeof value,
      })
    }
    changed[name] = value
  }
  return changed
}
