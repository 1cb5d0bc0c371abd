import { Axios, type AxiosInstance } from 'axios'

import type { Tracing } from '../telemetry/tracing'
import { dispatchAdapter, MAX_ANSWER_BYTES } from './dispatch-adapter'
import { createDispatchers } from './dispatchers'

/**
 * The HTTP client for Amazon: gives an answer of any status, as bytes, and fails for one that is too large or late.
 * Redirects are not followed, so credentials reach no other host.
 */
export type AmazonAxios = Pick<AxiosInstance, 'request'> & {
  readonly tracing?: Tracing | undefined
}

/** Clients for the two kinds of request. */
export interface AmazonClients {
  /** For what may be sent again. */
  readonly reads: AmazonAxios
  /** For what may be sent once. */
  readonly codes: AmazonAxios
}

/**
 * Clients of our own. axios takes longer to merge what is configured than to send a request, so its adapter knows all
 * there is to know.
 *
 * @param proxy Address of a proxy that they go through.
 */
export function createClients(proxy?: string, tracing?: Tracing): AmazonClients {
  const { reads, codes } = createDispatchers(proxy)
  return {
    reads: Object.assign(new Axios({ adapter: dispatchAdapter(reads, codes) }), { tracing }),
    codes: Object.assign(new Axios({ adapter: dispatchAdapter(codes) }), { tracing }),
  }
}

/** A client of the host's own, which has to be told with each request. Its `timeout` is not that of a whole answer. */
export function adoptAxios(axios: AmazonAxios, tracing?: Tracing): AmazonClients {
  const client: AmazonAxios = {
    tracing,
    request: ({ timeout = 0, ...config }) =>
      axios.request({ ...config, ...RULES, signal: AbortSignal.timeout(timeout) }),
  }
  return { reads: client, codes: client }
}

const RULES = {
  responseType: 'arraybuffer',
  maxContentLength: MAX_ANSWER_BYTES,
  maxRedirects: 0,
  validateStatus: null,
} as const
