import { isAxiosError, type AxiosInstance, type AxiosResponse } from 'axios'

import { AmazonAuthError } from '../errors'

/** Largest answer that is read. Amazon's are below 4 KiB. */
const MAX_ANSWER_BYTES = 64 * 1024

export interface AmazonRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  /** Sent form-encoded. */
  readonly form?: Readonly<Record<string, string>>
}

export interface AmazonHttp {
  readonly axios: AxiosInstance
  /** Limit for one answer, connection included, in milliseconds. */
  readonly timeoutMs: number
}

export interface AmazonAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/**
 * Sends one request to Amazon and reads one small JSON object: the only place that talks to Amazon.
 * Redirects are not followed, so credentials reach no other host.
 *
 * @param signal Ends the request with the deadline of the login it belongs to.
 * @returns Any answer below 500 except 429, with its JSON object.
 * @throws {AmazonAuthError} `amazon_timeout`, `amazon_unreachable` (no connection), `amazon_unavailable` (429, 5xx),
 *   `amazon_malformed` (a redirect, not a JSON object, too large). Nothing of the request or answer is in it.
 */
export async function requestJson(
  request: AmazonRequest,
  http: AmazonHttp,
  signal: AbortSignal,
): Promise<AmazonAnswer> {
  const response = await send(request, http, signal)
  const { status } = response
  const facts = { upstreamStatus: status, endpoint: request.url.pathname }
  if (status === 429 || status >= 500) throw new AmazonAuthError('amazon_unavailable', facts)
  if (status >= 300 && status < 400) throw new AmazonAuthError('amazon_malformed', facts)
  const body = parseJsonObject(response.data)
  if (body === undefined) throw new AmazonAuthError('amazon_malformed', facts)
  return { status, body }
}

async function send(
  request: AmazonRequest,
  http: AmazonHttp,
  signal: AbortSignal,
): Promise<AxiosResponse<Uint8Array>> {
  const timeout = AbortSignal.timeout(http.timeoutMs)
  try {
    return await http.axios.request<Uint8Array>({
      method: request.method,
      url: request.url.href,
      headers: { accept: 'application/json', ...request.headers },
      data: request.form && new URLSearchParams(request.form),
      signal: AbortSignal.any([signal, timeout]),
      responseType: 'arraybuffer',
      maxContentLength: MAX_ANSWER_BYTES,
      maxRedirects: 0,
      validateStatus: () => true,
    })
  } catch (error) {
    throw toUpstreamError(error, request.url.pathname)
  }
}

/** The client's error holds the whole request, secrets included: only its code goes on. */
function toUpstreamError(error: unknown, endpoint: string): AmazonAuthError {
  const reason = isAxiosError(error) ? error.code : undefined
  if (reason === 'ERR_CANCELED' || reason === 'ECONNABORTED' || reason === 'ETIMEDOUT') {
    return new AmazonAuthError('amazon_timeout', { endpoint, reason })
  }
  if (reason === 'ERR_BAD_RESPONSE' || reason === 'ERR_FR_TOO_MANY_REDIRECTS') {
    return new AmazonAuthError('amazon_malformed', { endpoint, reason })
  }
  return new AmazonAuthError('amazon_unreachable', { endpoint, reason })
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function parseJsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(UTF8.decode(bytes))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
