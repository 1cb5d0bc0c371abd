import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer } from '../answer'

/** Settings of a fault; each fault reads those its description names and ignores the rest. */
export interface FaultParams {
  /** HTTP status. */
  readonly status?: number | undefined
  /** Value of the Retry-After header: seconds or an HTTP date. */
  readonly retryAfter?: number | string | undefined
  /** Target of a redirect. */
  readonly location?: string | undefined
  /** Time to wait, in milliseconds. */
  readonly ms?: number | undefined
  /** Size, in bytes. */
  readonly bytes?: number | undefined
}

/** A request under a fault. */
export interface Exchange {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly params: FaultParams
  /** Lets the endpoint do its work (spend the code, make tokens) and returns what it would send. */
  readonly answer: () => Answer
  /** Waits so many milliseconds; rejects with an AbortError as soon as the connection is gone. */
  readonly wait: (ms: number) => Promise<void>
}

/** Plays a fault: answers wrongly, slowly or never. */
export type FaultAction = (exchange: Exchange) => void | Promise<void>
