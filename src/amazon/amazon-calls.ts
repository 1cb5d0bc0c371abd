import type { AxiosInstance } from 'axios'

import type { Logger } from '../logger'
import type { Tracing } from '../telemetry/tracing'
import { createAmazonGuard } from './amazon-guard'
import { adoptAxios, createClients } from './create-axios'
import type { Region } from './endpoints'
import { createCodePair, type CodePair, type CodePairRequest } from './create-code-pair'
import { exchangeCode, type CodeGrant } from './exchange-code'
import { fetchProfile } from './fetch-profile'
import { fetchTokenInfo, type TokenInfo } from './fetch-token-info'
import { knock, type Knock } from './knock'
import type { AmazonProfile } from './parse-profile'
import type { AmazonTokens } from './parse-tokens'
import { probeCredentials, type CredentialsVerdict, type Probe } from './probe-credentials'
import { pollDevice, type DeviceGrant, type DevicePoll } from './poll-device'
import { refreshToken, type RefreshGrant } from './refresh-token'
import type { AmazonHttp, RegionalCall } from './request-json'

/** What is asked of Login with Amazon; each rejects with the codes of the function it stands for. */
export interface AmazonCalls {
  exchangeCode(grant: CodeGrant, call: RegionalCall): Promise<AmazonTokens>
  refreshToken(grant: RefreshGrant, call: RegionalCall): Promise<AmazonTokens>
  fetchProfile(accessToken: string, call: RegionalCall): Promise<AmazonProfile>
  fetchTokenInfo(accessToken: string, call: RegionalCall): Promise<TokenInfo>
  createCodePair(request: CodePairRequest, call: RegionalCall): Promise<CodePair>
  pollDevice(grant: DeviceGrant, call: RegionalCall): Promise<DevicePoll>
}

/** What is asked to find out whether logins can work. None of it is a login: nothing is counted, and nothing rejects. */
export interface AmazonProbes {
  /** @param limitMs Limit for the answer, in milliseconds. */
  probeCredentials(probe: Probe, limitMs: number): Promise<CredentialsVerdict>
  /** @param limitMs Limit for the answer, in milliseconds. */
  knock(address: string, limitMs: number): Promise<Knock>
}

export interface AmazonCallsOptions {
  /** Limit for one answer, in milliseconds. */
  readonly timeoutMs: number
  readonly proxy: string | undefined
  /** Variable of the environment that names a proxy which is not used. */
  readonly unusedProxy: string | undefined
  /** A client of the host's own, in place of ours. */
  readonly axios: AxiosInstance | undefined
  readonly logger: Logger
  /** Told of each request. Default: nobody is. */
  readonly tracing?: Tracing
}

export function createAmazonCalls(options: AmazonCallsOptions): AmazonCalls & AmazonProbes {
  const { axios, proxy, unusedProxy, timeoutMs, tracing } = options
  const clients = axios === undefined ? createClients(proxy, tracing) : adoptAxios(axios, tracing)
  const route = { via: proxy && new URL(proxy).host, unusedProxy }
  const regions = new Map<Region, AmazonHttp>()

  /** What fails in one region says nothing of the others. */
  function httpFor({ endpoints: { region } }: RegionalCall): AmazonHttp {
    const known = regions.get(region)
    if (known !== undefined) return known
    const http = { ...clients, timeoutMs, route, guard: createAmazonGuard(options.logger, region) }
    regions.set(region, http)
    return http
  }

  return {
    exchangeCode: (grant, call) => exchangeCode(grant, httpFor(call), call),
    refreshToken: (grant, call) => refreshToken(grant, httpFor(call), call),
    fetchProfile: (accessToken, call) => fetchProfile(accessToken, httpFor(call), call),
    fetchTokenInfo: (accessToken, call) => fetchTokenInfo(accessToken, httpFor(call), call),
    probeCredentials: (probe, limitMs) => probeCredentials(probe, clients, limitMs),
    knock: (address, limitMs) => knock(address, clients.codes, limitMs),
    createCodePair: (request, call) => createCodePair(request, httpFor(call), call),
    pollDevice: (grant, call) => pollDevice(grant, httpFor(call), call),
  }
}
