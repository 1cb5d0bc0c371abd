import type { HostTraits } from '../apps/value-formats'
import type { Parts } from './parts'

/** What a host's own code changes in what is odd there. */
export function traitsOf(hooks: Parts['hooks']): HostTraits {
  return { mapsProfiles: hooks?.mapProfile !== undefined }
}
