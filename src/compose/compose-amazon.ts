import type * as ClientModule from '../amazon/amazon-client'
import { buildEndpoints } from '../amazon/endpoints'
import { findScopeProblem } from '../amazon/scopes'
import type { Config } from '../config/config'
import { toAmazonAuthError } from '../errors'
import type { Amazon } from '../http/auth-services'
import type { Metrics } from '../metrics/metrics'
import { once } from '../lazily'
import type { Parts } from './parts'

/** The client of Login with Amazon, whose calls are counted. It is loaded at first use, or by `load`. */
export function composeAmazon(
  { amazon }: Config,
  metrics: Metrics,
  { axios, logger }: Parts,
): Amazon & { load(): void } {
  const { timeout: timeoutMs, proxy, unusedProxy } = amazon
  const endpoints = buildEndpoints(amazon.authorizeUrl, amazon.apiUrl)
  if (axios !== undefined && proxy !== undefined) logger.warn({}, PROXY_UNUSED)
  const scopeProblem = findScopeProblem(amazon.scope)
  if (scopeProblem !== undefined) logger.warn({}, `amazon.scope: ${scopeProblem}`)
  const client = once(() =>
    loadClient().createAmazonClient({ timeoutMs, proxy, unusedProxy, axios, logger }),
  )

  async function counted<T>(endpoint: string, answer: Promise<T>): Promise<T> {
    try {
      const result = await answer
      metrics.countAmazonRequest(endpoint, 'ok')
      return result
    } catch (error) {
      metrics.countAmazonRequest(endpoint, toAmazonAuthError(error).code)
      throw error
    }
  }

  return {
    endpointsOf: () => endpoints,
    load: () => void client(),
    exchangeCode: (grant, call) => counted('token', client().exchangeCode(grant, call)),
    fetchProfile: (token, call) => counted('profile', client().fetchProfile(token, call)),
    fetchTokenInfo: (token, call) => counted('tokeninfo', client().fetchTokenInfo(token, call)),
  }
}

/** HTTP client and breaker would be a third of what a host loads by its `require()`, and a command of an operator for nothing. */
const loadClient = once(
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded at first use
  () => require('../amazon/amazon-client') as typeof ClientModule,
)

const PROXY_UNUSED =
  'amazon.proxy has no effect, since the option axios takes the place of our own client: set its proxy there'
