import { isFailure, type Outcome } from './outcome'
import type { AmazonRequest } from './send-once'

const MAX_RETRIES = 2
const BACKOFF_MS = 200
/** Longest `Retry-After` that is waited for: a browser waits, too. */
const MAX_RETRY_AFTER_MS = 2_000

/**
 * How long to wait before a request is sent again. Jitter keeps logins that failed together from returning together.
 *
 * A POST carries a code that works once: it is sent again only if nobody was reached, so that nothing was sent.
 *
 * @param retries How often it has been sent again already.
 * @returns Milliseconds; undefined: not to be sent again.
 */
export function retryDelayMs(
  method: AmazonRequest['method'],
  outcome: Outcome,
  retries: number,
): number | undefined {
  if (isFailure(outcome) && outcome.failure === 'unconnected') {
    return retries < 1 ? backoffMs(0) : undefined
  }
  if (method === 'POST' || retries >= MAX_RETRIES) return undefined
  if (isFailure(outcome)) return outcome.failure === 'reset' ? backoffMs(retries) : undefined
  if (outcome.status !== 429 && outcome.status < 500) return undefined
  const retryAfter: unknown = outcome.headers['retry-after']
  return typeof retryAfter === 'string' ? askedDelayMs(retryAfter, retries) : backoffMs(retries)
}

/** Amazon is asked once more at the time it names, if that is soon. */
function askedDelayMs(retryAfter: string, retries: number): number | undefined {
  const delayMs = /^\d+$/.test(retryAfter)
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - Date.now()
  if (retries > 0 || !(delayMs <= MAX_RETRY_AFTER_MS)) return undefined
  return Math.max(delayMs, 0) + backoffMs(0)
}

function backoffMs(retries: number): number {
  return BACKOFF_MS * 2 ** retries * (0.5 + Math.random() / 2)
}
