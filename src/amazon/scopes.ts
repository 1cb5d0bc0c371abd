/** What Login with Amazon documents for web sites. */
const KNOWN = ['profile', 'profile:user_id', 'postal_code']
/** Of other programmes of Amazon's, each with names of its own. */
const PROGRAMMES = /^(?:[a-z_]+::\S+|[a-z_]+:\S+)$/i

/**
 * What is wrong with a list of scopes, as far as can be told. Amazon knows more of them than it documents, so this is never
 * more than a warning.
 *
 * @returns A sentence; undefined when there is nothing to say.
 */
export function findScopeProblem(scope: string): string | undefined {
  if (scope.includes(',')) return `scopes are separated by spaces, not by commas. ${LIST}`
  const names = scope.split(/\s+/).filter((name) => name !== '')
  if (names.includes('openid')) {
    return `Login with Amazon is not an OpenID provider and refuses "openid": leave it out. ${LIST}`
  }
  const unknown = names.find((name) => !KNOWN.includes(name) && !PROGRAMMES.test(name))
  return unknown === undefined ? undefined : `the scope "${unknown}" is not known. ${LIST}`
}

const LIST = `Known are ${KNOWN.join(', ')}; Amazon answers a login with others by invalid_scope.`
