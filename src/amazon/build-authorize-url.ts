import { buildScopeData, type AskedScopes } from './scopes'

export interface AuthorizeRequest {
  readonly clientId: string
  readonly scopes: AskedScopes
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
export function buildAuthorizeUrl(authorize: string, request: AuthorizeRequest): string {
  const scopeData = buildScopeData(request.scopes)
  const query = new URLSearchParams({
    client_id: request.clientId,
    scope: request.scopes.scope,
    ...(scopeData !== undefined && { scope_data: scopeData }),
    response_type: 'code',
    redirect_uri: request.redirectUri,
    state: request.state,
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
  })
  return `${authorize}?${query.toString()}`
}
