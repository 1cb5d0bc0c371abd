import type { AxiosResponse } from 'axios'

/**
 * Why no whole answer came.
 * - `timeout`: no connection or no answer in time.
 * - `unconnected`: nobody was reached, so nothing was sent.
 * - `reset`: the connection broke; the request may have arrived.
 * - `too_large`: more came than is read.
 * - `other`: TLS, the HTTP itself, and what else can go wrong.
 */
export type FailureKind = 'timeout' | 'unconnected' | 'reset' | 'too_large' | 'other'

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

/** Whether Amazon itself is in trouble: what one app or one connection got wrong says nothing of it. */
export function isOutage(outcome: Outcome): boolean {
  if (!isFailure(outcome)) return outcome.status >= 500
  return outcome.failure !== 'too_large'
}
