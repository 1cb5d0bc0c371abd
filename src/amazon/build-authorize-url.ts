export interface AuthorizeRequest {
  readonly clientId: string
  /** Space-separated, e.g. `profile`. */
  readonly scope: string
  readonly redirectUri: string
  readonly state: string
  /** S256 challenge of the code verifier. */
  readonly codeChallenge: string
}

/**
 * Builds the address of Amazon's consent page for one login.
 *
 * @see https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html
 */
export function buildAuthorizeUrl(authorize: URL, request: AuthorizeRequest): string {
  const url = new URL(authorize)
  url.searchParams.set('client_id', request.clientId)
  url.searchParams.set('scope', request.scope)
  url.searchParams.set('response_type', 'code')
  url.searchParams.set('redirect_uri', request.redirectUri)
  url.searchParams.set('state', request.state)
  url.searchParams.set('code_challenge', request.codeChallenge)
  url.searchParams.set('code_challenge_method', 'S256')
  return url.href
}
