import {
  circuitBreaker,
  CircuitState,
  handleWhenResult,
  isBrokenCircuitError,
  SamplingBreaker,
} from 'cockatiel'

import { AmazonAuthError } from '../errors'
import type { Logger } from '../logger'
import { isOutage, type Outcome } from './outcome'

const SAMPLE_MS = 10_000
const MIN_REQUESTS = 20
/** cockatiel opens above its threshold: this is half and more. */
const FAILURE_RATIO = 0.499
const PROBE_AFTER_MS = 10_000
/** A retry costs one and a request earns a tenth: in the long run retries add no more than that to the load. */
const MAX_RETRIES_SAVED = 20
const RETRIES_PER_REQUEST = 0.1

/** What all requests to Amazon share, whichever app they are for. */
export interface AmazonGuard {
  /**
   * Runs an exchange with Amazon, unless Amazon is down.
   *
   * @throws {AmazonAuthError} `amazon_unavailable`, at once and without running it.
   */
  run(exchange: () => Promise<Outcome>): Promise<Outcome>
  /** Takes a retry out of the budget that keeps retries from multiplying an overload; false: none is left. */
  takeRetry(): boolean
}

/**
 * Opens when half of at least 20 requests within 10 s failed by Amazon's fault ({@link isOutage}). Then nothing is sent
 * for 10 s, after which one request probes: it closes the breaker, or keeps it open for another 10 s.
 */
export function createAmazonGuard(logger: Logger): AmazonGuard {
  const breaker = circuitBreaker(
    handleWhenResult((outcome) => isOutage(outcome as Outcome)),
    {
      halfOpenAfter: PROBE_AFTER_MS,
      breaker: new SamplingBreaker({
        threshold: FAILURE_RATIO,
        duration: SAMPLE_MS,
        minimumRps: MIN_REQUESTS / (SAMPLE_MS / 1000),
      }),
    },
  )
  breaker.onBreak(() =>
    logger.warn({ probeAfterMs: PROBE_AFTER_MS }, 'Amazon is failing: not asked for now'),
  )
  breaker.onReset(() => logger.info({}, 'Amazon answers again'))
  let retriesSaved = MAX_RETRIES_SAVED
  return {
    async run(exchange) {
      // The breaker would let everyone wait for the probe.
      if (breaker.state === CircuitState.HalfOpen) throw refusal()
      retriesSaved = Math.min(retriesSaved + RETRIES_PER_REQUEST, MAX_RETRIES_SAVED)
      try {
        return await breaker.execute(exchange)
      } catch (error) {
        throw isBrokenCircuitError(error) ? refusal() : error
      }
    },
    takeRetry() {
      if (retriesSaved < 1) return false
      retriesSaved -= 1
      return true
    },
  }
}

function refusal(): AmazonAuthError {
  return new AmazonAuthError('amazon_unavailable', { reason: 'breaker_open' })
}
