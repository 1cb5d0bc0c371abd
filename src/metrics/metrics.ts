import { once } from '../lazily'
import { createSeriesMaker } from './series-maker'

/** What is counted. Every label has few values, whatever requests hold. */
export interface Metrics {
  /**
   * @param appId Undefined: an app that is not there.
   * @param reason `ok`, or the code of the error.
   */
  countLogin(appId: string | undefined, outcome: 'success' | 'failure', reason: string): void
  /** @param durationMs In milliseconds. */
  observeStep(step: string, durationMs: number): void
  /** @param result `ok`, or the code of the error. */
  countAmazonRequest(endpoint: string, result: string): void
  /** Asked for by an app or its host. @param result `ok`, or the code of the error. */
  countAmazonTokenRequest(result: string): void
  /** @param outcome `ok`, or the code of the error. */
  countAmazonTokenRefresh(outcome: string): void
  countDroppedEvents(count: number): void
  /** An attempt to send an event. @param result `ok`, the status of the answer, or a code of the network. */
  countWebhookAttempt(result: string): void
  /** Events that are not sent any more. @param why `tried` (for a day), `off` (the webhook is) or `backlog` (too many waited). */
  countWebhookGivenUp(why: 'tried' | 'off' | 'backlog', count: number): void
  /** All of it in the text format of Prometheus. */
  text(): Promise<string>
}

const MAX_APPS = 1_000
const SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]

/** A registry of the host, and what its series of ours are called. */
export interface HostMetrics {
  /**
   * Registry of any prom-client from 13 on, be it another copy than ours, e.g. `register` of `prom-client`. Two that share one
   * count in the same series.
   */
  readonly register: MetricsRegister
  /** What the names of our series begin with there. Default `amazon_auth_`. */
  readonly prefix?: string | undefined
}

/** What is asked of a registry. */
export interface MetricsRegister {
  registerMetric(metric: never): void
  getSingleMetric(name: string): unknown
}

/**
 * @param host Where the same is to be found, too; it is there from now on.
 * @throws {TypeError} The host's registry holds another series of such a name.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function createMetrics(host?: HostMetrics): Metrics {
  const series = once(() => createSeries(host))
  // A host that collects is to see them at zero, and to hear at once of names that are taken.
  if (host !== undefined) series()
  return {
    countLogin: (...login) => series().countLogin(...login),
    observeStep: (...step) => series().observeStep(...step),
    countAmazonRequest: (...request) => series().countAmazonRequest(...request),
    countAmazonTokenRequest: (result) => series().countAmazonTokenRequest(result),
    countAmazonTokenRefresh: (outcome) => series().countAmazonTokenRefresh(outcome),
    countDroppedEvents: (count) => series().countDroppedEvents(count),
    countWebhookAttempt: (result) => series().countWebhookAttempt(result),
    countWebhookGivenUp: (why, count) => series().countWebhookGivenUp(why, count),
    text: () => series().text(),
  }
}

function createSeries(host: HostMetrics | undefined): Metrics {
  const make = createSeriesMaker(host)
  const logins = make.counter({
    name: 'logins_total',
    help: 'Attempts to sign in',
    labelNames: ['app', 'outcome', 'reason'],
  })
  const steps = make.histogram({
    name: 'login_step_seconds',
    help: 'Time of the steps of a login',
    labelNames: ['step'],
    buckets: SECONDS,
  })
  const amazonRequests = make.counter({
    name: 'amazon_requests_total',
    help: 'Requests to Amazon; those tried again count once',
    labelNames: ['endpoint', 'result'],
  })
  const tokenRequests = make.counter({
    name: 'amazon_token_requests_total',
    help: 'Access tokens of Amazon that apps have asked for',
    labelNames: ['result'],
  })
  const tokenRefreshes = make.counter({
    name: 'amazon_token_refreshes_total',
    help: 'Refreshes of kept tokens of Amazon',
    labelNames: ['outcome'],
  })
  const droppedEvents = make.counter({
    name: 'audit_events_dropped_total',
    help: 'Audit events that could not be stored',
  })
  const webhookAttempts = make.counter({
    name: 'webhook_attempts_total',
    help: 'Attempts to send events to webhooks of apps',
    labelNames: ['result'],
  })
  const webhookGivenUp = make.counter({
    name: 'webhook_events_given_up_total',
    help: 'Events that are not sent to webhooks of apps any more',
    labelNames: ['why'],
  })
  const labelOf = createAppLabels()
  // prom-client finds a series by a text that it makes of all labels: here each is looked up once.
  const stepSeries = remembered((step) => steps.labels(step))
  return {
    countLogin: (appId, outcome, reason) => logins.inc({ app: labelOf(appId), outcome, reason }),
    observeStep: (step, durationMs) => stepSeries(step).observe(durationMs / 1000),
    countAmazonRequest: (endpoint, result) => amazonRequests.inc({ endpoint, result }),
    countAmazonTokenRequest: (result) => tokenRequests.inc({ result }),
    countAmazonTokenRefresh: (outcome) => tokenRefreshes.inc({ outcome }),
    countDroppedEvents: (count) => droppedEvents.inc(count),
    countWebhookAttempt: (result) => webhookAttempts.inc({ result }),
    countWebhookGivenUp: (why, count) => webhookGivenUp.inc({ why }, count),
    text: () => make.text(),
  }
}

/** Calls once for each name; there are few. */
function remembered<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>()
  return (name) => {
    const known = made.get(name) ?? make(name)
    made.set(name, known)
    return known
  }
}

/** Each label is a series that is kept for good, so there is an end to them. */
function createAppLabels(): (appId: string | undefined) => string {
  const labels = new Set<string>()
  return (appId) => {
    if (appId === undefined) return 'unknown'
    if (labels.size < MAX_APPS) labels.add(appId)
    return labels.has(appId) ? appId : 'other'
  }
}
