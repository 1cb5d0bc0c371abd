/** Where Login with Amazon answers. */
export interface AmazonEndpoints {
  /** Consent page the browser is sent to. */
  readonly authorize: URL
  readonly token: URL
  readonly profile: URL
  readonly tokenInfo: URL
}

/**
 * @param authorizeUrl e.g. `https://www.amazon.com/ap/oa`
 * @param apiUrl e.g. `https://api.amazon.com`; a path in it is kept.
 * @see https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html
 */
export function buildEndpoints(authorizeUrl: string, apiUrl: string): AmazonEndpoints {
  const api = apiUrl.replace(/\/+$/, '')
  return {
    authorize: new URL(authorizeUrl),
    token: new URL(`${api}/auth/o2/token`),
    profile: new URL(`${api}/user/profile`),
    tokenInfo: new URL(`${api}/auth/o2/tokeninfo`),
  }
}
