import { findScopeProblem } from '../../amazon/scopes'
import { ok, warning, type AppCheck } from '../check'
import { scopeToCorrect } from '../scope-to-correct'

/** What people are asked to share. */
export const scope: AppCheck = {
  id: 'scope',
  of: 'app',
  explains: ['invalid_scope', 'invalid_request', 'profile_rejected', 'profile_malformed'],
  look(checked, { site }) {
    const { scope: asked, voluntary } = site.scopesOf(checked.app)
    const { key, origin } = scopeToCorrect(checked, site)
    const problem = findScopeProblem(asked)
    if (problem !== undefined) {
      return warning(`asks for ${JSON.stringify(asked)}`, `Correct ${key}: it ${problem}.`, origin)
    }
    const free =
      voluntary.length === 0 ? '' : `, of which people may leave out ${voluntary.join(' ')}`
    return ok(`asks for ${asked}${free}`, origin)
  },
}
