import {
  circuitBreaker,
  CircuitState,
  handleWhenResult,
  SamplingBreaker,
  type CircuitBreakerPolicy,
} from 'cockatiel'
import { LRUCache } from 'lru-cache'

import { AmazonAuthError } from '../errors'
import type { Logger } from '../logger'
import { isOutage, type Outcome } from './outcome'

const SAMPLE_MS = 10_000
const MIN_REQUESTS = 20
/** cockatiel opens above its threshold: this is half and more. */
const FAILURE_RATIO = 0.499
const PROBE_AFTER_MS = 10_000
/** Requests of one party within a sample that count for all: with them alone no breaker opens, and with two parties' neither. */
const SHARE = 9
/** A party whose probe has failed lets others go first for as long. */
const STEP_BACK_MS = 1_000
/** Parties that are remembered. One that is forgotten begins anew. */
const MAX_PARTIES = 1_000
/** A retry costs one and a request earns a tenth: in the long run retries add no more than that to the load. */
const MAX_RETRIES_SAVED = 20
const RETRIES_PER_REQUEST = 0.1

/** What all requests to Amazon share, whoever they are made for. */
export interface AmazonGuard {
  /**
   * Runs an exchange with Amazon, unless Amazon is down.
   *
   * @param party Who it is made for.
   * @throws {AmazonAuthError} `amazon_unavailable`, at once and without running it.
   */
  run(party: string, exchange: () => Promise<Outcome>): Promise<Outcome>
  /** Takes a retry out of the budget that keeps retries from multiplying an overload; false: none is left. */
  takeRetry(): boolean
}

/**
 * A breaker for each party, and one for all. Each opens when half of at least 20 requests within 10 s failed by Amazon's
 * fault ({@link isOutage}). Then nothing is sent for 10 s, after which one request probes: it closes the breaker, or keeps
 * it open for another 10 s.
 *
 * For all count a few requests of each party only, so that it takes three parties to open that breaker: what one of them
 * sends may be what Amazon fails at. Its own breaker is what a party has to itself, and all that is needed where there is one.
 */
export function createAmazonGuard(logger: Logger): AmazonGuard {
  const all = createBreaker(logger, {})
  const parties = new LRUCache<string, Party>({ max: MAX_PARTIES })
  let retriesSaved = MAX_RETRIES_SAVED

  function partyOf(name: string): Party {
    const known = parties.get(name)
    if (known !== undefined) return known
    const party = { own: createBreaker(logger, { app: name }), sinceMs: 0, counted: 0, failedMs: 0 }
    parties.set(name, party)
    return party
  }

  async function probe(party: Party, exchange: () => Promise<Outcome>): Promise<Outcome> {
    const outcome = await all.policy.execute(exchange)
    if (isOutage(outcome)) party.failedMs = Date.now()
    return outcome
  }

  function runForAll(party: Party, exchange: () => Promise<Outcome>): Promise<Outcome> {
    if (all.policy.state !== CircuitState.Closed) return probe(party, exchange)
    return takeShare(party) ? all.policy.execute(exchange) : exchange()
  }

  return {
    async run(name, exchange) {
      const party = partyOf(name)
      if (party.own.isRefusing(0) || all.isRefusing(stepBackMs(party))) throw refusal()
      retriesSaved = Math.min(retriesSaved + RETRIES_PER_REQUEST, MAX_RETRIES_SAVED)
      return party.own.policy.execute(() => runForAll(party, exchange))
    },
    takeRetry() {
      if (retriesSaved < 1) return false
      retriesSaved -= 1
      return true
    },
  }
}

interface Party {
  readonly own: Breaker
  /** When the sample began in which so many of its requests were counted for all. */
  sinceMs: number
  counted: number
  /** When it last probed in vain. */
  failedMs: number
}

function takeShare(party: Party): boolean {
  const nowMs = Date.now()
  if (nowMs - party.sinceMs >= SAMPLE_MS) {
    party.sinceMs = nowMs
    party.counted = 0
  }
  party.counted += 1
  return party.counted <= SHARE
}

function stepBackMs({ failedMs }: Party): number {
  return Date.now() - failedMs < PROBE_AFTER_MS + STEP_BACK_MS ? STEP_BACK_MS : 0
}

interface Breaker {
  readonly policy: CircuitBreakerPolicy
  /** Whether nothing may be sent. cockatiel itself would let everyone wait for the probe. */
  isRefusing(stepBackMs: number): boolean
}

function createBreaker(logger: Logger, facts: { readonly app?: string }): Breaker {
  const policy = circuitBreaker(
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
  let openedMs = 0
  policy.onBreak(() => {
    openedMs = Date.now()
    const told = { ...facts, probeAfterMs: PROBE_AFTER_MS }
    logger.warn(told, 'Amazon is failing: not asked for now')
  })
  policy.onReset(() => logger.info(facts, 'Amazon answers again'))
  return {
    policy,
    isRefusing(stepBackMs) {
      if (policy.state === CircuitState.HalfOpen) return true
      const restMs = PROBE_AFTER_MS + stepBackMs
      return policy.state === CircuitState.Open && Date.now() - openedMs < restMs
    },
  }
}

function refusal(): AmazonAuthError {
  return new AmazonAuthError('amazon_unavailable', { reason: 'breaker_open' })
}
