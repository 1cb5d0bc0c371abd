import type { ClientRequest } from 'node:http'

import { isAxiosError, type AxiosError, type AxiosInstance } from 'axios'

import type { FailureKind, Outcome } from './outcome'

/** Largest answer that is read, decoded. Amazon's are below 4 KiB. */
const MAX_ANSWER_BYTES = 64 * 1024

export interface AmazonRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  /** Sent form-encoded. */
  readonly form?: Readonly<Record<string, string>>
}

/** Ends one request: the deadline of its login, and a limit of its own. */
export interface Limits {
  readonly signal: AbortSignal
  /** Limit for one whole answer, connection included, in milliseconds. */
  readonly timeoutMs: number
}

/**
 * Sends one request and reads its answer, of any status. Redirects are not followed, so credentials reach no other host.
 *
 * @returns The answer, or why there is none; never rejects. Nothing secret is in a failure.
 */
export async function sendOnce(
  request: AmazonRequest,
  axios: AxiosInstance,
  { signal, timeoutMs }: Limits,
): Promise<Outcome> {
  // AbortSignal.any and .timeout would do, at twenty times the cost and with timers that outlive the request.
  const limit = new AbortController()
  const stop = (): void => limit.abort()
  const timer = setTimeout(stop, timeoutMs)
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    return await axios.request<Uint8Array>({
      method: request.method,
      url: request.url.href,
      headers: { accept: 'application/json', ...request.headers },
      data: request.form && new URLSearchParams(request.form),
      signal: limit.signal,
      responseType: 'arraybuffer',
      maxContentLength: MAX_ANSWER_BYTES,
      maxRedirects: 0,
      validateStatus: null,
    })
  } catch (error) {
    // The client's error holds the whole request, secrets included: only its code goes on.
    return isAxiosError(error)
      ? { failure: kindOf(error), reason: error.code }
      : { failure: 'other', reason: undefined }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

const KINDS = new Map<string | undefined, FailureKind>([
  ['ERR_CANCELED', 'timeout'],
  ['ECONNABORTED', 'timeout'],
  ['ETIMEDOUT', 'timeout'],
  ['ECONNREFUSED', 'unconnected'],
  ['ENOTFOUND', 'unconnected'],
  ['EAI_AGAIN', 'unconnected'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['ERR_STREAM_PREMATURE_CLOSE', 'reset'],
])

function kindOf(error: AxiosError): FailureKind {
  // One code for two things: only of an answer that was cut off there is a response.
  if (error.code === 'ERR_BAD_RESPONSE') return error.response ? 'reset' : 'too_large'
  const kind = KINDS.get(error.code) ?? 'other'
  const isReused = (error.request as ClientRequest | undefined)?.reusedSocket === true
  return kind === 'reset' && isReused && !error.response ? 'stale' : kind
}
