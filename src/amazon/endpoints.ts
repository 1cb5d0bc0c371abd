/** Where Login with Amazon answers. */
export interface AmazonEndpoints {
  /** Consent page the browser is sent to. */
  readonly authorize: string
  readonly token: Endpoint
  readonly profile: Endpoint
  readonly tokenInfo: Endpoint
}

/** One address, taken apart once rather than at each request. */
export interface Endpoint {
  /** Scheme, host and port. */
  readonly origin: string
  readonly path: string
}

/**
 * @param authorizeUrl e.g. `https://www.amazon.com/ap/oa`
 * @param apiUrl e.g. `https://api.amazon.com`; a path in it is kept.
 * @see https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html
 */
export function buildEndpoints(authorizeUrl: string, apiUrl: string): AmazonEndpoints {
  const api = apiUrl.replace(/\/+$/, '')
  return {
    authorize: new URL(authorizeUrl).href,
    token: endpointAt(`${api}/auth/o2/token`),
    profile: endpointAt(`${api}/user/profile`),
    tokenInfo: endpointAt(`${api}/auth/o2/tokeninfo`),
  }
}

function endpointAt(address: string): Endpoint {
  const { origin, pathname: path } = new URL(address)
  return { origin, path }
}
