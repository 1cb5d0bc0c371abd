import { findScopeProblem } from '../../amazon/scopes'
import { ok, warning, type AppCheck } from '../check'

/** What people are asked to share. */
export const scope: AppCheck = {
  id: 'scope',
  of: 'app',
  explains: ['invalid_scope', 'invalid_request', 'profile_rejected', 'profile_malformed'],
  look({ app, originOf }, { site }) {
    const { scope: asked, voluntary } = site.scopesOf(app)
    const origin = originOf('amazon.scope') ?? site.originOf('amazon.scope')
    const problem = findScopeProblem(asked)
    if (problem !== undefined) {
      return warning(
        `asks for ${JSON.stringify(asked)}`,
        `Correct amazon.scope: it ${problem}.`,
        origin,
      )
    }
    const free =
      voluntary.length === 0 ? '' : `, of which people may leave out ${voluntary.join(' ')}`
    return ok(`asks for ${asked}${free}`, origin)
  },
}
