import { Axios, type AxiosInstance } from 'axios'

import { connectionAdapter } from './connection-adapter'
import type { Connections, MaxRest } from './connections'

/**
 * The HTTP client for Amazon. It has none of axios's defaults, whose merging alone takes longer than to send a request:
 * `sendOnce` says all there is to say.
 */
export function createAxios(
  connections: Connections,
  maxRest: MaxRest,
): Pick<AxiosInstance, 'request'> {
  return new Axios({ adapter: connectionAdapter(connections, maxRest) })
}
