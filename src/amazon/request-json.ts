import { setTimeout as sleep } from 'node:timers/promises'

import { AmazonAuthError } from '../errors'
import type { AmazonGuard } from './amazon-guard'
import type { AmazonClients } from './create-axios'
import type { AmazonEndpoints } from './endpoints'
import { FAILURE_CODES, isFailure, isTrouble, type Outcome } from './outcome'
import { retryDelayMs } from './retry-delay'
import { adviceOn, type Route } from './route'
import { sendOnce, type AmazonRequest } from './send-once'

export interface AmazonHttp extends AmazonClients {
  /** Limit for one answer, connection included, in milliseconds. */
  readonly timeoutMs: number
  readonly guard: AmazonGuard
  readonly route?: Route
}

/** What a request to Amazon is made for. */
export interface AmazonCall {
  /** By whom it was set up: whose failures are counted together, see {@link AmazonGuard}. */
  readonly party: string
  /** When the login that it belongs to must be over, by `performance.now()`. */
  readonly deadlineMs: number
}

/** What a request to Amazon is made for, and where it is answered. */
export interface RegionalCall extends AmazonCall {
  readonly endpoints: AmazonEndpoints
}

export interface AmazonAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/**
 * Asks Amazon for one small JSON object: the only way to Amazon. What may be sent again is, see {@link retryDelayMs}.
 *
 * @returns Any answer below 500 except 408 and 429, with its JSON object; with an empty one where a refusal (4xx) has none.
 * @throws {AmazonAuthError} `amazon_timeout`, `amazon_unreachable` (no connection, or it broke), `amazon_unavailable`
 *   (408, 429, 5xx, or not asked: see {@link AmazonGuard}), `amazon_malformed` (a redirect, not a JSON object, too large).
 *   Nothing of the request or answer is in it. Where nothing was sent, its facts say `sent: false`.
 */
export async function requestJson(
  request: AmazonRequest,
  http: AmazonHttp,
  call: AmazonCall,
): Promise<AmazonAnswer> {
  const outcome = await send(request, http, call)
  const endpoint = request.endpoint.path
  if (isFailure(outcome)) {
    const { failure, reason } = outcome
    const facts = {
      endpoint,
      reason,
      via: http.route?.via,
      advice: adviceOn(outcome, http.route),
      ...(failure === 'unconnected' && { sent: false }),
    }
    throw new AmazonAuthError(FAILURE_CODES[failure], facts)
  }
  const { status, data } = outcome
  const facts = { upstreamStatus: status, endpoint }
  if (isTrouble(status)) throw new AmazonAuthError('amazon_unavailable', facts)
  if (status >= 300 && status < 400) throw new AmazonAuthError('amazon_malformed', facts)
  const body = parseJsonObject(data)
  if (body !== undefined) return { status, body }
  // Whatever refuses what was sent need not do so in JSON: what stands before Amazon's service speaks HTML.
  if (status >= 400) return { status, body: {} }
  throw new AmazonAuthError('amazon_malformed', facts)
}

async function send(
  request: AmazonRequest,
  { reads, codes, guard, timeoutMs }: AmazonHttp,
  { party, deadlineMs }: AmazonCall,
): Promise<Outcome> {
  for (let retries = 0; ; retries += 1) {
    const axios = request.method === 'POST' || retries > 0 ? codes : reads
    const leftMs = deadlineMs - performance.now()
    if (leftMs <= 0) return { failure: 'timeout', reason: undefined }
    const limitMs = Math.min(timeoutMs, leftMs)
    const outcome = await guard.run(party, () => sendOnce(request, axios, limitMs), retries > 0)
    const delayMs = retryDelayMs(request.method, outcome, retries)
    if (delayMs === undefined) return outcome
    if (performance.now() + delayMs >= deadlineMs || !guard.takeRetry()) return outcome
    await sleep(delayMs)
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Undefined: it is none. */
export function parseJsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(UTF8.decode(bytes))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
