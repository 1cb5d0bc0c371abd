import { createAmazonGuard } from '../amazon/amazon-guard'
import { buildAuthorizeUrl } from '../amazon/build-authorize-url'
import { adoptAxios, createClients } from '../amazon/create-axios'
import { buildEndpoints } from '../amazon/endpoints'
import { exchangeCode } from '../amazon/exchange-code'
import { fetchProfile } from '../amazon/fetch-profile'
import { fetchTokenInfo } from '../amazon/fetch-token-info'
import { findScopeProblem } from '../amazon/scopes'
import type { Config } from '../config/config'
import { toAmazonAuthError } from '../errors'
import type { AuthServices } from '../http/auth-services'
import type { Metrics } from '../metrics/metrics'
import type { Parts } from './parts'

/** The client of Login with Amazon, whose calls are counted. */
export function composeAmazon(
  { amazon }: Config,
  metrics: Metrics,
  { axios, logger }: Parts,
): AuthServices['amazon'] {
  const endpoints = buildEndpoints(amazon.authorizeUrl, amazon.apiUrl)
  const { proxy, unusedProxy } = amazon
  if (axios !== undefined && proxy !== undefined) logger.warn({}, PROXY_UNUSED)
  const scopeProblem = findScopeProblem(amazon.scope)
  if (scopeProblem !== undefined) logger.warn({}, `amazon.scope: ${scopeProblem}`)
  const http = {
    ...(axios === undefined ? createClients(proxy) : adoptAxios(axios)),
    timeoutMs: amazon.timeout,
    guard: createAmazonGuard(logger),
    endpoints,
    route: { via: proxy && new URL(proxy).host, unusedProxy },
  }

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
    authorizeUrl: (request) => buildAuthorizeUrl(endpoints.authorize, request),
    exchangeCode: (grant, call) => counted('token', exchangeCode(grant, http, call)),
    fetchProfile: (accessToken, call) => counted('profile', fetchProfile(accessToken, http, call)),
    fetchTokenInfo: (accessToken, call) =>
      counted('tokeninfo', fetchTokenInfo(accessToken, http, call)),
  }
}

const PROXY_UNUSED =
  'amazon.proxy has no effect, since the option axios takes the place of our own client: set its proxy there'
