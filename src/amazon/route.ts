import type { Failure } from './outcome'

/** How requests get to Amazon, for those who have to find out why they do not. */
export interface Route {
  /** Host and port of the proxy that they go through. */
  readonly via?: string | undefined
  /** Variable of the environment that names a proxy which is not used. */
  readonly unusedProxy?: string | undefined
}

/** What the operator can do where the route is what fails; undefined: what is said of the failure in general. */
export function adviceOn({ failure, reason }: Failure, route: Route = {}): string | undefined {
  if (reason === 'PROXY_407') {
    return 'The proxy wants a user and password: put them into amazon.proxy, or into the variable that it is taken from.'
  }
  if (reason?.startsWith('PROXY_') === true) {
    return 'The proxy does not let this host through to Amazon: have it allow CONNECT to the host of amazon.api_url.'
  }
  if (route.unusedProxy === undefined || failure === 'too_large') return undefined
  return `Amazon cannot be reached, and ${route.unusedProxy} is set but not used: where there is no way but the proxy, set amazon.proxy to "environment".`
}
