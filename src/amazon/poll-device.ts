import { AmazonAuthError } from '../errors'
import { parseTokens, type AmazonTokens } from './parse-tokens'
import { CLIENT_ERRORS, parseRefusal } from './refusal'
import { requestJson, type AmazonAnswer, type AmazonHttp, type RegionalCall } from './request-json'

export interface DeviceGrant {
  readonly deviceCode: string
  readonly userCode: string
  /** Sent only where the device's client has a secret: Amazon's guide has neither id nor secret in this request. */
  readonly client: { readonly clientId: string; readonly clientSecret: string } | undefined
}

/** What came of one poll. */
export type DevicePoll =
  | { readonly state: 'granted'; readonly tokens: AmazonTokens }
  /** The person has not decided yet; with `slow_down`, ask less often from now on. */
  | { readonly state: 'pending' | 'slow_down' }
  /** The person said no. That Amazon tells it by `access_denied`, and not as a pair that has ended, is assumed. */
  | { readonly state: 'denied' }
  /** The codes are expired, used or unknown. */
  | { readonly state: 'ended' }

/** By the names that Amazon's guide and RFC 8628 have, as {@link parseRefusal} spells them. */
const STATES: ReadonlyMap<string, Exclude<DevicePoll['state'], 'granted'>> = new Map([
  ['authorizationpending', 'pending'],
  ['slowdown', 'slow_down'],
  ['accessdenied', 'denied'],
  ['invalidcodepair', 'ended'],
  ['expiredtoken', 'ended'],
  ['invalidgrant', 'ended'],
])

/**
 * Asks once whether the person has allowed the device. Tokens are issued once: of a failure whose facts do not say
 * `sent: false`, nobody knows whether they were.
 *
 * @returns Of `granted`: never logged.
 * @throws {AmazonAuthError} `client_rejected`, `device_refused`, `amazon_malformed`, or what {@link requestJson} throws.
 * @see https://developer.amazon.com/docs/login-with-amazon/retrieve-token-other-platforms-cbl-docs.html
 */
export async function pollDevice(
  { deviceCode, userCode, client }: DeviceGrant,
  http: AmazonHttp,
  call: RegionalCall,
): Promise<DevicePoll> {
  const form = {
    grant_type: 'device_code',
    device_code: deviceCode,
    user_code: userCode,
    ...(client && { client_id: client.clientId, client_secret: client.clientSecret }),
  }
  const endpoint = call.endpoints.token
  const answer = await requestJson({ method: 'POST', endpoint, form }, http, call)
  if (answer.status === 200) return { state: 'granted', tokens: parseTokens(answer.body, endpoint) }
  return readRefusal(answer)
}

function readRefusal(answer: AmazonAnswer): DevicePoll {
  const { name, error } = parseRefusal(answer)
  const state = STATES.get(name)
  if (state !== undefined) return { state }
  const code = CLIENT_ERRORS.has(name) ? 'client_rejected' : 'device_refused'
  throw new AmazonAuthError(code, { upstreamStatus: answer.status, upstreamError: error })
}
