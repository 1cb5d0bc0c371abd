import type { AxiosInstance } from 'axios'

import type { Logger } from '../logger'
import { createAmazonGuard } from './amazon-guard'
import { adoptAxios, createClients } from './create-axios'
import { exchangeCode, type CodeGrant } from './exchange-code'
import { fetchProfile } from './fetch-profile'
import { fetchTokenInfo, type TokenInfo } from './fetch-token-info'
import type { AmazonProfile } from './parse-profile'
import type { AmazonTokens } from './parse-tokens'
import type { RegionalCall } from './request-json'

/** What is asked of Login with Amazon; each rejects with the codes of the function it stands for. */
export interface AmazonClient {
  exchangeCode(grant: CodeGrant, call: RegionalCall): Promise<AmazonTokens>
  fetchProfile(accessToken: string, call: RegionalCall): Promise<AmazonProfile>
  fetchTokenInfo(accessToken: string, call: RegionalCall): Promise<TokenInfo>
}

export interface AmazonClientOptions {
  /** Limit for one answer, in milliseconds. */
  readonly timeoutMs: number
  readonly proxy: string | undefined
  /** Variable of the environment that names a proxy which is not used. */
  readonly unusedProxy: string | undefined
  /** A client of the host's own, in place of ours. */
  readonly axios: AxiosInstance | undefined
  readonly logger: Logger
}

export function createAmazonClient(options: AmazonClientOptions): AmazonClient {
  const { axios, proxy, unusedProxy, timeoutMs } = options
  const clients = axios === undefined ? createClients(proxy) : adoptAxios(axios)
  const route = { via: proxy && new URL(proxy).host, unusedProxy }
  const guard = createAmazonGuard(options.logger)
  const http = { ...clients, timeoutMs, guard, route }
  return {
    exchangeCode: (grant, call) => exchangeCode(grant, http, call),
    fetchProfile: (accessToken, call) => fetchProfile(accessToken, http, call),
    fetchTokenInfo: (accessToken, call) => fetchTokenInfo(accessToken, http, call),
  }
}
