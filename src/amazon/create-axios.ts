import { Axios, type AxiosInstance } from 'axios'

import { connectionAdapter, MAX_ANSWER_BYTES } from './connection-adapter'
import type { Connections, MaxRest } from './connections'

/**
 * The HTTP client for Amazon: gives an answer of any status, as bytes, and fails for one that is too large. Redirects
 * are not followed, so credentials reach no other host.
 */
export type AmazonAxios = Pick<AxiosInstance, 'request'>

/** axios takes longer to merge what is configured than to send a request, so its adapter knows all there is to know. */
export function createAxios(connections: Connections, maxRest: MaxRest): AmazonAxios {
  return new Axios({ adapter: connectionAdapter(connections, maxRest) })
}

/** A client of the host's own, which has to be told with each request. */
export function adoptAxios(axios: AmazonAxios): AmazonAxios {
  return { request: (config) => axios.request({ ...config, ...RULES }) }
}

const RULES = {
  responseType: 'arraybuffer',
  maxContentLength: MAX_ANSWER_BYTES,
  maxRedirects: 0,
  validateStatus: null,
} as const
