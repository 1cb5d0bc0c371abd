import { setTimeout as sleep } from 'node:timers/promises'

import type { AxiosInstance } from 'axios'

import { AmazonAuthError, type ErrorCode } from '../errors'
import type { AmazonGuard } from './amazon-guard'
import { isFailure, type FailureKind, type Outcome } from './outcome'
import { retryDelayMs } from './retry-delay'
import { sendOnce, type AmazonRequest } from './send-once'

export interface AmazonHttp {
  /** Keeps connections. For what may be sent again: any of them may be closed by the peer just as it is used. */
  readonly pooled: AxiosInstance
  /**
   * Opens a connection for each request. For what may be sent once: a request that is lost on a kept connection cannot
   * be told from one that has arrived.
   */
  readonly fresh: AxiosInstance
  /** Limit for one answer, connection included, in milliseconds. */
  readonly timeoutMs: number
  readonly guard: AmazonGuard
}

export interface AmazonAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

const CODES: Readonly<Record<FailureKind, ErrorCode>> = {
  timeout: 'amazon_timeout',
  unconnected: 'amazon_unreachable',
  stale: 'amazon_unreachable',
  reset: 'amazon_unreachable',
  other: 'amazon_unreachable',
  too_large: 'amazon_malformed',
}

/**
 * Asks Amazon for one small JSON object: the only way to Amazon. What may be sent again is, see {@link retryDelayMs}.
 *
 * @param signal Ends it with the deadline of the login it belongs to.
 * @returns Any answer below 500 except 429, with its JSON object.
 * @throws {AmazonAuthError} `amazon_timeout`, `amazon_unreachable` (no connection, or it broke), `amazon_unavailable`
 *   (429, 5xx, or not asked: see {@link AmazonGuard}), `amazon_malformed` (a redirect, not a JSON object, too large).
 *   Nothing of the request or answer is in it.
 */
export async function requestJson(
  request: AmazonRequest,
  http: AmazonHttp,
  signal: AbortSignal,
): Promise<AmazonAnswer> {
  const outcome = await send(request, http, signal)
  const endpoint = request.url.pathname
  if (isFailure(outcome)) {
    throw new AmazonAuthError(CODES[outcome.failure], { endpoint, reason: outcome.reason })
  }
  const { status, data } = outcome
  const facts = { upstreamStatus: status, endpoint }
  if (status === 429 || status >= 500) throw new AmazonAuthError('amazon_unavailable', facts)
  if (status >= 300 && status < 400) throw new AmazonAuthError('amazon_malformed', facts)
  const body = parseJsonObject(data)
  if (body === undefined) throw new AmazonAuthError('amazon_malformed', facts)
  return { status, body }
}

async function send(
  request: AmazonRequest,
  { pooled, fresh, guard, timeoutMs }: AmazonHttp,
  signal: AbortSignal,
): Promise<Outcome> {
  const limits = { signal, timeoutMs }
  for (let retries = 0; ; retries += 1) {
    const axios = request.method === 'POST' || retries > 0 ? fresh : pooled
    const outcome = await guard.run(() => sendOnce(request, axios, limits))
    const delayMs = retryDelayMs(request.method, outcome, retries)
    if (delayMs === undefined) return outcome
    // A stale connection says nothing of Amazon's load: only what waits takes of the budget.
    if (delayMs > 0 && !(guard.takeRetry() && (await waited(delayMs, signal)))) return outcome
  }
}

/** False: the deadline came first. */
async function waited(delayMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(delayMs, undefined, { signal })
    return true
  } catch {
    return false
  }
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
