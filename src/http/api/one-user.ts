import type { Call } from './operation'
import { ref } from './schemas'

/** What all operations on one user of the calling app have in common. */
export const OF_USER = {
  access: 'app',
  isManagement: true,
  pathParameters: { id: { type: 'string', description: "The user's id" } },
} as const

export const UNKNOWN_USER = { description: 'No user of this app has this id', schema: ref('Error') }

export function idOf({ path }: Call): string {
  return path.id ?? ''
}
