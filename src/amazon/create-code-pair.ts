import { AmazonAuthError, type ErrorCode } from '../errors'
import { CLIENT_ERRORS, parseRefusal } from './refusal'
import { requestJson, type AmazonAnswer, type AmazonHttp, type RegionalCall } from './request-json'

export interface CodePairRequest {
  readonly clientId: string
  /** Separated by spaces. */
  readonly scope: string
  /** Languages of the person, as an `Accept-Language` header has them. Clients of Amazon's send it; its guide says nothing. */
  readonly languages: string | undefined
}

/** What links a device: one code for the person, one for the device. */
export interface CodePair {
  /** Secret: with the user code it gets tokens. */
  readonly deviceCode: string
  /** A person types it at the verification address. */
  readonly userCode: string
  readonly verificationUri: string
  /** The same with the code in it. Only where Amazon sends one, which its guide does not say. */
  readonly verificationUriComplete?: string
  readonly expiresInSeconds: number
  /** Least time between two polls. */
  readonly intervalSeconds: number
}

/** Where Amazon does not say: what its guide shows. */
const DEFAULT_LIFE_SECONDS = 600
const MAX_LIFE_SECONDS = 3_600
/** RFC 8628, section 3.2. */
const DEFAULT_INTERVAL_SECONDS = 5
const MAX_INTERVAL_SECONDS = 300

/**
 * Asks Amazon for a pair of codes. Never sent twice, but where nobody was reached.
 *
 * @throws {AmazonAuthError} `client_rejected`, `device_refused` (Amazon refuses something else), `amazon_malformed`, or
 *   what {@link requestJson} throws.
 * @see https://developer.amazon.com/docs/login-with-amazon/retrieve-code-other-platforms-cbl-docs.html
 */
export async function createCodePair(
  { clientId, scope, languages }: CodePairRequest,
  http: AmazonHttp,
  call: RegionalCall,
): Promise<CodePair> {
  const endpoint = call.endpoints.codePair
  const form = { response_type: 'device_code', client_id: clientId, scope }
  const headers = languages === undefined ? {} : { 'accept-language': languages }
  const answer = await requestJson({ method: 'POST', endpoint, form, headers }, http, call)
  if (answer.status !== 200) throw refusal(answer)
  return parseCodePair(answer.body, endpoint.path)
}

function refusal(answer: AmazonAnswer): AmazonAuthError {
  const { name, error } = parseRefusal(answer)
  const code: ErrorCode = CLIENT_ERRORS.has(name) ? 'client_rejected' : 'device_refused'
  const advice = code === 'client_rejected' ? WRONG_CLIENT : undefined
  return new AmazonAuthError(code, {
    upstreamStatus: answer.status,
    upstreamError: error,
    ...(advice !== undefined && { advice }),
  })
}

const WRONG_CLIENT =
  'Amazon gives no codes to this client id. Devices have one of their own: in the console, Security Profile, "TVs and Other Devices Settings". Put it into az_device_app_id.'

function parseCodePair(body: Readonly<Record<string, unknown>>, endpoint: string): CodePair {
  const { device_code: deviceCode, user_code: userCode, verification_uri: uri } = body
  const { verification_uri_complete: complete, expires_in: life, interval } = body
  if (!isCode(deviceCode) || !isCode(userCode) || !isWebAddress(uri)) {
    throw new AmazonAuthError('amazon_malformed', { endpoint })
  }
  return {
    deviceCode,
    userCode,
    verificationUri: uri,
    ...(isWebAddress(complete) && { verificationUriComplete: complete }),
    expiresInSeconds: within(life, DEFAULT_LIFE_SECONDS, MAX_LIFE_SECONDS),
    intervalSeconds: within(interval, DEFAULT_INTERVAL_SECONDS, MAX_INTERVAL_SECONDS),
  }
}

function isCode(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,512}$/.test(value)
}

/** It is shown to people, and drawn into a picture that opens it. */
function isWebAddress(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\/[\x21-\x7e]{1,256}$/i.test(value)
}

function within(value: unknown, fallback: number, max: number): number {
  const seconds = Number(value)
  return seconds > 0 ? Math.min(seconds, max) : fallback
}
