import { scopeNames } from '../../amazon/scopes'
import { findUnknownFields } from '../../apps/claims-setting'
import type { ClaimMapping } from '../../claims/claim-mapping'
import { ok, warning, type AppCheck, type Finding } from '../check'

/** Which scope shows a field of the profile. The id is there in any case. */
const SCOPES = new Map([
  ['name', 'profile'],
  ['email', 'profile'],
  ['postal_code', 'postal_code'],
])

/** What users and ID tokens hold by the setting `claims`, and what of it Amazon will never tell. */
export const claims: AppCheck = {
  id: 'claims',
  of: 'app',
  look({ app, originOf }, { site }) {
    const mapping = site.claimMappingOf(app)
    if (mapping === undefined || mapping.size === 0) return undefined
    const origin = originOf('claims') ?? site.originOf('claims')
    const unasked = findUnasked(mapping, scopeNames(site.scopesOf(app).scope), origin)
    const unknown = findUnknownFields(mapping, site.host).map((problem) =>
      warning(
        problem,
        'Correct the field, or make it a constant; docs/claims.md has the form.',
        origin,
      ),
    )
    const found = [...unasked, ...unknown]
    return found.length > 0 ? found : ok(`mapped: ${[...mapping.keys()].join(', ')}`, origin)
  },
}

/** Claims all of whose sources are fields that no scope of the app shows. */
function findUnasked(
  mapping: ClaimMapping,
  asked: readonly string[],
  origin: string | undefined,
): readonly Finding[] {
  return Array.from(mapping).flatMap(([claim, sources]) => {
    const scopes = sources.map((source) =>
      typeof source === 'string' ? SCOPES.get(source) : undefined,
    )
    const missing = scopes.find((scope) => scope !== undefined)
    const isUnasked = scopes.every((scope) => scope !== undefined && !asked.includes(scope))
    if (missing === undefined || !isUnasked) return []
    const fix = `Add ${missing} to amazon.scope, or to amazon.voluntary_scope.`
    return [warning(`${claim} is taken from what the app does not ask for`, fix, origin)]
  })
}
