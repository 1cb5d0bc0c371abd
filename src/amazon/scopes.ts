import type { AmazonProfile } from './parse-profile'

/** What Login with Amazon documents for web sites. */
const KNOWN = ['profile', 'profile:user_id', 'postal_code']
/** Of other programmes of Amazon's, each with names of its own. */
const PROGRAMMES = /^(?:[a-z_]+::\S+|[a-z_]+:\S+)$/i

/** The names in a list of scopes, each once. */
export function scopeNames(scope: string): readonly string[] {
  return [...new Set(scope.split(/\s+/).filter((name) => name !== ''))]
}

/**
 * What is wrong with a list of scopes, as far as can be told. Amazon knows more of them than it documents, so this is never
 * more than a warning.
 *
 * @returns A sentence without its subject and full stop, e.g. `asks for the scope "x", which is not known. …`; undefined when there is
 *   nothing to say.
 */
export function findScopeProblem(scope: string): string | undefined {
  if (scope.includes(',')) return `has commas, where scopes are separated by spaces. ${LIST}`
  const unknown = scopeNames(scope).filter(
    (name) => !KNOWN.includes(name) && !PROGRAMMES.test(name),
  )
  if (unknown.length === 0) return undefined
  const isOpenId = unknown.includes('openid')
  if (isOpenId && unknown.length === 1) return `asks for "openid", but ${NO_OPENID}. ${LIST}`
  const are = unknown.length === 1 ? 'which is not known' : 'which are not known'
  return `asks for ${listed(unknown)}, ${are}${isOpenId ? ` (of "openid": ${NO_OPENID})` : ''}. ${LIST}`
}

/** `the scope "a"`, or `the scopes "a", "b" and 3 more`. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED).map((name) => JSON.stringify(name.slice(0, 40)))
  const more = names.length - shown.length
  const word = names.length === 1 ? 'scope' : 'scopes'
  return `the ${word} ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** The rest is counted. */
const MAX_NAMED = 8
const NO_OPENID = 'Login with Amazon is not an OpenID provider and refuses it: leave it out'

const LIST = `Known are ${KNOWN.join(', ')}; Amazon answers a login with others by invalid_scope`

/** A profile, and what its owner has granted. */
export interface GrantedProfile extends AmazonProfile {
  readonly scopes: readonly string[]
}

/**
 * The scopes that a sign-in has been granted. What the profile shows is granted; of the rest, what Amazon's return names, as
 * far as it was asked for: that part comes by the browser, whose owner can change it.
 *
 * @param returned `scope` of the return; undefined: it says nothing, and what shows is all that is known.
 */
export function grantedScopes(
  profile: AmazonProfile,
  asked: AskedScopes,
  returned: string | undefined,
): readonly string[] {
  const shown = [
    ...((profile.name ?? profile.email) === undefined ? [] : ['profile']),
    ...(profile.postalCode === undefined ? [] : ['postal_code']),
  ]
  const named = returned === undefined ? [] : scopeNames(returned)
  const granted = scopeNames(asked.scope).filter(
    (name) => shown.includes(name) || named.includes(name),
  )
  const unasked = shown.filter((name) => !granted.includes(name))
  const all = [...granted, ...unasked]
  return all.length === 0 ? ['profile:user_id'] : all
}

/** Scopes that a login asks for. */
export interface AskedScopes {
  /** All of them, separated by spaces. */
  readonly scope: string
  /** Those that a person may leave out. */
  readonly voluntary: readonly string[]
}

/**
 * Joins what is asked for in any case with what people may leave out; a scope in both is essential.
 *
 * @param scope Space-separated, as is `voluntary`.
 */
export function joinScopes(scope: string, voluntary: string | undefined): AskedScopes {
  if (voluntary === undefined) return { scope, voluntary: [] }
  const essential = scopeNames(scope)
  const others = scopeNames(voluntary).filter((name) => !essential.includes(name))
  return { scope: [...essential, ...others].join(' '), voluntary: others }
}

/**
 * `scope_data`, by which Amazon's consent page lets people leave scopes out: `{"profile":{"essential":true},…}`.
 *
 * @returns Undefined: nothing may be left out, which needs no word.
 * @see https://developer.amazon.com/docs/login-with-amazon/requesting-scopes-as-essential-voluntary.html
 */
export function buildScopeData({ scope, voluntary }: AskedScopes): string | undefined {
  if (voluntary.length === 0) return undefined
  const marks = scopeNames(scope).map(
    (name) => [name, { essential: !voluntary.includes(name) }] as const,
  )
  return JSON.stringify(Object.fromEntries(marks))
}
