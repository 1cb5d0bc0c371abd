import { isAxiosError, type AxiosError } from 'axios'

import type { TracedAnswer } from '../telemetry/tracing'
import type { AmazonAxios } from './create-axios'
import type { Endpoint } from './endpoints'
import { FAILURE_CODES, isFailure, isTrouble, type FailureKind, type Outcome } from './outcome'

export interface AmazonRequest {
  readonly method: 'GET' | 'POST' | 'HEAD'
  readonly endpoint: Endpoint
  readonly headers?: Readonly<Record<string, string>>
  /** Sent form-encoded. */
  readonly form?: Readonly<Record<string, string>>
}

/**
 * Sends one request and reads its answer, of any status.
 *
 * @param timeoutMs Limit for the whole answer, connection included, in milliseconds.
 * @returns The answer, or why there is none; never rejects. Nothing secret is in a failure.
 */
export function sendOnce(
  request: AmazonRequest,
  axios: AmazonAxios,
  timeoutMs: number,
): Promise<Outcome> {
  const { tracing } = axios
  if (tracing?.isOn() !== true) return send(request, axios, timeoutMs)
  const { method, endpoint, form } = request
  const isPoll = form?.grant_type === 'device_code'
  const read = (outcome: Outcome): TracedAnswer => tellable(outcome, isPoll)
  return tracing.request({ method, ...endpoint }, () => send(request, axios, timeoutMs), read)
}

async function send(
  request: AmazonRequest,
  axios: AmazonAxios,
  timeoutMs: number,
): Promise<Outcome> {
  try {
    return await axios.request<Uint8Array>({
      method: request.method,
      baseURL: request.endpoint.origin,
      url: request.endpoint.path,
      headers: { ...(request.form ? FORM_HEADERS : HEADERS), ...request.headers },
      data: request.form && new URLSearchParams(request.form).toString(),
      timeout: Math.ceil(timeoutMs),
    })
  } catch (error) {
    // The client's error holds the whole request, secrets included: only its code goes on.
    return isAxiosError(error)
      ? { failure: kindOf(error), reason: error.code }
      : { failure: 'other', reason: undefined }
  }
}

/** What those who trace are told. @param isPoll Whether a refusal says how things stand. */
function tellable(outcome: Outcome, isPoll: boolean): TracedAnswer {
  if (isFailure(outcome)) return { failure: FAILURE_CODES[outcome.failure] }
  const { status } = outcome
  if (isTrouble(status)) return { status, failure: 'amazon_unavailable' }
  // The semantic conventions have it so.
  return { status, failure: status >= 400 && !isPoll ? String(status) : undefined }
}

const HEADERS = { accept: 'application/json', 'user-agent': 'express-amazon-auth' }
const FORM_HEADERS = { ...HEADERS, 'content-type': 'application/x-www-form-urlencoded' }

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
  return KINDS.get(error.code) ?? 'other'
}
