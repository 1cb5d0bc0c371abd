import type { AxiosResponse } from 'axios'

import type { ErrorCode } from '../errors'

/**
 * Why no whole answer came.
 * - `timeout`: no connection or no answer in time.
 * - `unconnected`: nobody was reached, so nothing was sent.
 * - `reset`: the connection broke; the request may have arrived.
 * - `too_large`: more came than is read.
 * - `other`: TLS, the HTTP itself, and what else can go wrong.
 */
export type FailureKind = 'timeout' | 'unconnected' | 'reset' | 'too_large' | 'other'

/** What each is to those who sign in. */
export const FAILURE_CODES: Readonly<Record<FailureKind, ErrorCode>> = {
  timeout: 'amazon_timeout',
  unconnected: 'amazon_unreachable',
  reset: 'amazon_unreachable',
  other: 'amazon_unreachable',
  too_large: 'amazon_malformed',
}

export interface Failure {
  readonly failure: FailureKind
  /** Code of the HTTP client, for the log. */
  readonly reason: string | undefined
}

/** What became of one request. */
export type Outcome = Pick<AxiosResponse<Uint8Array>, 'status' | 'headers' | 'data'> | Failure

export function isFailure(outcome: object): outcome is Failure {
  return 'failure' in outcome
}

/** Answers that say nothing of what was sent. */
export function isTrouble(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

/** Whether Amazon itself is in trouble: what one app or one connection got wrong says nothing of it. */
export function isOutage(outcome: Outcome): boolean {
  if (!isFailure(outcome)) return outcome.status >= 500
  return outcome.failure !== 'too_large'
}
