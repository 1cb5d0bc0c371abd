import type { AxiosInstance } from 'axios'

import { consoleLogger } from '../console-logger'
import { randomText } from '../crypto/random'
import { AmazonAuthError } from '../errors'
import type { Logger } from '../logger'
import { redactingLogger } from '../redacting-logger'
import { createTracing } from '../telemetry/create-tracing'
import { createAmazonCalls, type AmazonCalls } from './amazon-calls'
import { buildAuthorizeUrl } from './build-authorize-url'
import {
  checkClientOptions,
  checkKeptLogin,
  checkKeys,
  checkRedirectUri,
  requireText,
} from './check-client-options'
import type { CodePair } from './create-code-pair'
import { buildEndpoints, type EndpointOverrides, type Region } from './endpoints'
import type { TokenInfo } from './fetch-token-info'
import type { AmazonProfile } from './parse-profile'
import type { AmazonTokens } from './parse-tokens'
import { createPkce } from './pkce'
import type { DeviceGrant, DevicePoll } from './poll-device'
import { readReturn, type ReturnedCode } from './read-return'
import type { RegionalCall } from './request-json'
import { grantedScopes, joinScopes } from './scopes'
import { fetchVerifiedProfile, verifyAudience } from './verify-audience'
import { waitForDevice } from './wait-for-device'

/** What Amazon gives a client: the keys of a Security Profile. */
export interface AmazonKeys {
  /** Client id: `amzn1.application-oa2-client.…` */
  readonly clientId: string
  /** Client secret. Default: none, as clients for "TVs and Other Devices" have. */
  readonly clientSecret?: string | undefined
  /** Where the accounts of its users are: North America, Europe, Far East. Default `na`. */
  readonly region?: Region | undefined
}

/** Options of {@link createAmazonClient}. */
export interface AmazonClientOptions extends AmazonKeys, EndpointOverrides {
  /** Limit for one answer of Amazon, in milliseconds. Default 5000. */
  readonly timeoutMs?: number | undefined
  /** Limit for one call of a method, retries included, in milliseconds. Default 10000. */
  readonly deadlineMs?: number | undefined
  /** Proxy for requests to Amazon: `http://user:password@host:port`. Default: none. */
  readonly proxy?: string | undefined
  /** HTTP client of your own in place of ours. Its limits are set per request. Default: ours. */
  readonly axios?: AxiosInstance | undefined
  /** Told when Amazon fails, and when it answers again. Default: warnings and errors go to the console. */
  readonly logger?: Logger | undefined
}

/** What a login asks for. */
export interface LoginRequest {
  /** Where Amazon sends the browser back to: an Allowed Return URL of the Security Profile, byte for byte. */
  readonly redirectUri: string
  /** Separated by spaces. Default `profile`. */
  readonly scope?: string | undefined
  /** Scopes beside it that the person may leave out. Default: none. */
  readonly voluntaryScope?: string | undefined
}

/**
 * What has to be there when the browser comes back. Keep it where no other browser has it: in its session, or in a sealed
 * cookie of ten minutes. It is plain data, and secret.
 */
export interface BegunLogin {
  readonly state: string
  readonly codeVerifier: string
  readonly redirectUri: string
  /** All scopes that were asked for, separated by spaces. */
  readonly scope: string
}

/** A login that has ended well. */
export interface FinishedLogin {
  readonly profile: AmazonProfile
  /** Secret. */
  readonly tokens: AmazonTokens
  /** What the person has granted, as far as Amazon tells. */
  readonly scopes: readonly string[]
}

/** Login with Amazon for one client. Every method that asks Amazon rejects with {@link AmazonAuthError}. */
export interface AmazonClient {
  /**
   * Begins a login: makes `state` and a PKCE pair.
   *
   * @returns Send the browser to `url`, and keep `login` for its return.
   * @see https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html
   * @see RFC 6749, section 10.12; RFC 7636
   * @example
   * const { url, login } = amazon.beginLogin({ redirectUri: 'https://shop.example.com/return' })
   * session.login = login
   */
  beginLogin(request: LoginRequest): { readonly url: string; readonly login: BegunLogin }
  /**
   * Reads the address by which a browser has returned.
   *
   * @param address Whole, or its path with the query (`req.url`), or the parameters alone, as of a form.
   * @param login What was kept of the begin; undefined: nothing is there.
   * @throws {AmazonAuthError} `state_missing`, `state_mismatch` (another browser has begun), `access_denied` and what else
   *   Amazon says, `callback_invalid` (no code, or a parameter twice)
   * @see RFC 6749, section 4.1.2
   */
  readReturn(
    address: string | URL | URLSearchParams,
    login: BegunLogin | null | undefined,
  ): ReturnedCode<BegunLogin>
  /**
   * Trades a code for tokens. Never sent twice: a code works once, for five minutes.
   *
   * @throws {AmazonAuthError} `code_rejected`, `client_rejected`, `amazon_…`
   * @see RFC 6749, section 4.1.3
   */
  exchangeCode(
    code: string,
    login: Pick<BegunLogin, 'redirectUri'> & Partial<BegunLogin>,
  ): Promise<AmazonTokens>
  /**
   * All of the return: reads the address, trades the code, fetches the profile.
   *
   * @throws {AmazonAuthError} What the three throw.
   * @example const { profile, tokens } = await amazon.finishLogin(req.url, session.login)
   */
  finishLogin(
    address: string | URL | URLSearchParams,
    login: BegunLogin | null | undefined,
  ): Promise<FinishedLogin>
  /**
   * The profile that an access token of this client's own login gives access to. For a token that somebody hands in, ask
   * {@link AmazonClient.fetchVerifiedProfile}.
   *
   * @throws {AmazonAuthError} `profile_rejected`, `profile_malformed`, `amazon_…`
   * @see https://developer.amazon.com/docs/login-with-amazon/customer-profile.html
   */
  fetchProfile(accessToken: string): Promise<AmazonProfile>
  /**
   * Proves that an access token was issued to one of these clients.
   *
   * @param clientIds Default: this client alone.
   * @throws {AmazonAuthError} `audience_mismatch`, `profile_rejected` (Amazon does not take the token), `amazon_…`
   * @see https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html
   */
  verifyAudience(accessToken: string, clientIds?: readonly string[]): Promise<TokenInfo>
  /**
   * The profile of a token that a mobile app, a page or a device hands in, once its audience is proven.
   *
   * @param clientIds Default: this client alone.
   * @throws {AmazonAuthError} What `verifyAudience` and `fetchProfile` throw.
   */
  fetchVerifiedProfile(accessToken: string, clientIds?: readonly string[]): Promise<AmazonProfile>
  /**
   * Trades a refresh token for a new access token. Never sent twice.
   *
   * @returns A `refreshToken` in it takes the place of the one that was sent; where there is none, that one stays.
   * @throws {AmazonAuthError} `consent_revoked` (the person has to sign in again), `refresh_refused`, `amazon_…`. After one
   *   whose facts do not say `sent: false`, nobody knows whether Amazon has done it.
   * @see https://developer.amazon.com/docs/login-with-amazon/refresh-token.html
   */
  refreshToken(refreshToken: string): Promise<AmazonTokens>
  /**
   * A pair of codes for a device without a browser: show `userCode` and `verificationUri` to the person.
   *
   * @param request.scope Default `profile`. `request.languages`: of the person, as `Accept-Language` has them.
   * @throws {AmazonAuthError} `client_rejected`, `device_refused`, `amazon_…`
   * @see https://developer.amazon.com/docs/login-with-amazon/retrieve-code-other-platforms-cbl-docs.html
   */
  createCodePair(request?: {
    readonly scope?: string | undefined
    readonly languages?: string | undefined
  }): Promise<CodePair>
  /**
   * Asks once how it stands; not more often than every `intervalSeconds`.
   *
   * @throws {AmazonAuthError} `client_rejected`, `device_refused`, `amazon_…`
   * @see https://developer.amazon.com/docs/login-with-amazon/retrieve-token-other-platforms-cbl-docs.html
   */
  pollDevice(pair: Pick<CodePair, 'deviceCode' | 'userCode'>): Promise<DevicePoll>
  /**
   * Asks until the person has decided, as often as Amazon allows; an outage of Amazon is waited for.
   *
   * @throws {AmazonAuthError} `access_denied`, `device_expired`, `client_rejected`, `device_refused`
   * @throws {Error} `AbortError`: the signal has ended it.
   * @see RFC 8628, section 3.5
   */
  waitForDevice(
    pair: CodePair,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<AmazonTokens>
  /**
   * The same for another client: connections, limits and proxy are shared.
   *
   * @param keys Without a region, it is that of this client.
   * @example const shop = amazon.withKeys({ clientId: 'amzn1.application-oa2-client.…', clientSecret: '…' })
   */
  withKeys(keys: AmazonKeys): AmazonClient
}

const STATE_BYTES = 24

/**
 * Login with Amazon by itself, for any framework and any kind of user: it knows no users, sessions or stores, and nothing is
 * sent before a method asks Amazon.
 *
 * Connections are kept, and retries and a breaker for outages shared, by one client and those that `withKeys` makes of it: make
 * one for the process.
 *
 * @throws {TypeError} An option is not known, or cannot be used.
 * @example
 * const amazon = createAmazonClient({ clientId: 'amzn1.application-oa2-client.…', clientSecret, region: 'eu' })
 */
export function createAmazonClient(options: AmazonClientOptions): AmazonClient {
  checkClientOptions(options)
  const { axios, proxy, timeoutMs = 5_000, deadlineMs = 10_000 } = options
  const logger = options.logger === undefined ? consoleLogger : redactingLogger(options.logger)
  const calls = createAmazonCalls({
    timeoutMs,
    proxy,
    unusedProxy: undefined,
    axios,
    logger,
    tracing: createTracing(logger),
  })
  return clientFor(options, { calls, options, deadlineMs })
}

/** @throws {AmazonAuthError} `app_not_configured` */
function requireSecret({ clientSecret }: AmazonKeys): string {
  if (clientSecret !== undefined) return clientSecret
  throw new AmazonAuthError('app_not_configured', { advice: NO_SECRET })
}

const NO_SECRET =
  'Trading a code takes the client secret: give createAmazonClient() a clientSecret.'

function withSecret({ clientId, clientSecret }: AmazonKeys): DeviceGrant['client'] {
  return clientSecret === undefined ? undefined : { clientId, clientSecret }
}

/**
 * Somebody has handed it in, most likely: what is none is told as one that Amazon does not take.
 *
 * @throws {AmazonAuthError} `profile_rejected`
 */
function requireToken(accessToken: unknown): void {
  if (typeof accessToken === 'string' && accessToken !== '') return
  throw new AmazonAuthError('profile_rejected', { reason: 'there is no access token' })
}

interface Shared {
  readonly calls: AmazonCalls
  readonly options: AmazonClientOptions
  readonly deadlineMs: number
}

function clientFor(keys: AmazonKeys, shared: Shared): AmazonClient {
  const { calls, options, deadlineMs } = shared
  const { clientId, clientSecret, region = options.region ?? 'na' } = keys
  const endpoints = buildEndpoints(region, options)
  const call = (): RegionalCall => ({
    party: clientId,
    endpoints,
    deadlineMs: performance.now() + deadlineMs,
  })
  const audience = (clientIds: readonly string[] = [clientId]) => ({
    clientIds: new Set(clientIds),
  })

  const client: AmazonClient = {
    beginLogin({ redirectUri, scope = 'profile', voluntaryScope }) {
      checkRedirectUri(redirectUri)
      const state = randomText(STATE_BYTES)
      const { verifier, challenge: codeChallenge } = createPkce()
      const scopes = joinScopes(scope, voluntaryScope)
      const request = { clientId, scopes, redirectUri, state, codeChallenge }
      return {
        url: buildAuthorizeUrl(endpoints.authorize, request),
        login: { state, codeVerifier: verifier, redirectUri, scope: scopes.scope },
      }
    },
    readReturn(address, login) {
      if (login) checkKeptLogin(login)
      return readReturn(address, login)
    },
    async exchangeCode(code, { redirectUri, codeVerifier }) {
      requireText('the code', code)
      checkRedirectUri(redirectUri)
      const grant = { code, redirectUri, clientId, clientSecret: requireSecret(keys), codeVerifier }
      return calls.exchangeCode(grant, call())
    },
    async finishLogin(address, login) {
      const returned = client.readReturn(address, login)
      const tokens = await client.exchangeCode(returned.code, returned.login)
      const profile = await client.fetchProfile(tokens.accessToken)
      const asked = { scope: returned.login.scope, voluntary: [] }
      return { profile, tokens, scopes: grantedScopes(profile, asked, returned.scope) }
    },
    async fetchProfile(accessToken) {
      requireToken(accessToken)
      return calls.fetchProfile(accessToken, call())
    },
    async verifyAudience(accessToken, clientIds) {
      requireToken(accessToken)
      return verifyAudience(accessToken, audience(clientIds), calls, call())
    },
    async fetchVerifiedProfile(accessToken, clientIds) {
      requireToken(accessToken)
      return fetchVerifiedProfile(accessToken, audience(clientIds), calls, call())
    },
    async refreshToken(refreshToken) {
      requireText('the refresh token', refreshToken)
      return calls.refreshToken({ refreshToken, clientId, clientSecret }, call())
    },
    createCodePair: ({ scope = 'profile', languages } = {}) =>
      calls.createCodePair({ clientId, scope, languages }, call()),
    pollDevice: ({ deviceCode, userCode }) =>
      calls.pollDevice({ deviceCode, userCode, client: withSecret(keys) }, call()),
    waitForDevice: (pair, { signal } = {}) =>
      waitForDevice(pair, (codes) => client.pollDevice(codes), signal),
    withKeys(others) {
      checkKeys(others)
      return clientFor(others, shared)
    },
  }
  return client
}
