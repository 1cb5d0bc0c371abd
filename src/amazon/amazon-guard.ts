import {
  circuitBreaker,
  CircuitState,
  handleWhenResult,
  type CircuitBreakerPolicy,
  type IBreaker,
} from 'cockatiel'
import { LRUCache } from 'lru-cache'

import { AmazonAuthError } from '../errors'
import type { Logger } from '../logger'
import type { Region } from './endpoints'
import { isOutage, type Outcome } from './outcome'
import { createSample, type Sample, type Share } from './sample'

const PROBE_AFTER_MS = 10_000
/** Parties that must fail before nobody is let through: what fails for one or two may be what they send. */
const MIN_PARTIES_FAILED = 3
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
   * @param isRetry Whether it was tried before: tries of one request count for all as one, the first.
   * @throws {AmazonAuthError} `amazon_unavailable`, at once and without running it.
   */
  run(party: string, exchange: () => Promise<Outcome>, isRetry?: boolean): Promise<Outcome>
  /** Takes a retry out of the budget that keeps retries from multiplying an overload; false: none is left. */
  takeRetry(): boolean
}

/**
 * A breaker for each party, and one for all. Each opens when half of at least 20 requests within 10 s failed by Amazon's
 * fault ({@link isOutage}). Then nothing is sent for 10 s, after which one request probes: it closes the breaker, or keeps
 * it open for another 10 s.
 *
 * The one for all opens only if three parties failed within these 10 s, and of each party its last few requests count: what
 * one of them sends may be what Amazon fails at. Its own breaker is what a party has to itself, and all that is needed where
 * there are one or two.
 *
 * @param region Of the endpoints that it stands before; told in the log.
 */
export function createAmazonGuard(logger: Logger, region?: Region): AmazonGuard {
  const sample = createSample()
  const all = createBreaker(logger, { region }, commonBreaker(sample))
  const parties = new LRUCache<string, Party>({ max: MAX_PARTIES })
  let retriesSaved = MAX_RETRIES_SAVED

  function partyOf(name: string): Party {
    const known = parties.get(name)
    if (known !== undefined) return known
    const own = createBreaker(logger, { app: name, region }, ownBreaker(createSample()))
    const party: Party = { own, share: { requests: [], failedIn: undefined }, failedMs: 0 }
    parties.set(name, party)
    return party
  }

  function runForAll(
    party: Party,
    exchange: () => Promise<Outcome>,
    isRetry: boolean,
  ): Promise<Outcome> {
    const isProbe = all.policy.state !== CircuitState.Closed
    if (isRetry && !isProbe) return exchange()
    return all.policy.execute(async () => {
      const outcome = await exchange()
      const failed = isOutage(outcome)
      sample.addFor(party.share, failed)
      if (isProbe && failed) party.failedMs = Date.now()
      return outcome
    })
  }

  return {
    async run(name, exchange, isRetry = false) {
      const party = partyOf(name)
      if (party.own.isRefusing(0) || all.isRefusing(stepBackMs(party))) throw refusal()
      retriesSaved = Math.min(retriesSaved + RETRIES_PER_REQUEST, MAX_RETRIES_SAVED)
      return party.own.policy.execute(() => runForAll(party, exchange, isRetry))
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
  /** What of the sample for all is its own. */
  readonly share: Share
  /** When it last probed in vain. */
  failedMs: number
}

function stepBackMs({ failedMs }: Party): number {
  return Date.now() - failedMs < PROBE_AFTER_MS + STEP_BACK_MS ? STEP_BACK_MS : 0
}

interface Breaker {
  readonly policy: CircuitBreakerPolicy
  /** Whether nothing may be sent. cockatiel itself would let everyone wait for the probe. */
  isRefusing(stepBackMs: number): boolean
}

/** Counts what is run. cockatiel's own keeps what is older than its time as long as little is run. */
function ownBreaker(sample: Sample): IBreaker {
  return {
    state: undefined,
    success(state) {
      if (state === CircuitState.HalfOpen) sample.clear()
      sample.add(false)
    },
    failure() {
      sample.add(true)
      return sample.isFailing()
    },
  }
}

/** What is run is counted by who runs it, who knows for whom. */
function commonBreaker(sample: Sample): IBreaker {
  return {
    state: undefined,
    success(state) {
      if (state === CircuitState.HalfOpen) sample.clear()
    },
    failure: () => sample.isFailing(MIN_PARTIES_FAILED),
  }
}

function createBreaker(
  logger: Logger,
  facts: { readonly app?: string; readonly region: Region | undefined },
  breaker: IBreaker,
): Breaker {
  const policy = circuitBreaker(
    handleWhenResult((outcome) => isOutage(outcome as Outcome)),
    { halfOpenAfter: PROBE_AFTER_MS, breaker },
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
  return new AmazonAuthError('amazon_unavailable', { reason: 'breaker_open', sent: false })
}
