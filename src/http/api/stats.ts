import { normalizeAppId } from '../../apps/app-id'
import { AmazonAuthError, requestInvalid } from '../../errors'
import type { StatsQuestion } from '../../stats/create-stats'
import { latest, type StatsPeriod } from '../../stats/latest'
import { SPAN_MS, SPANS, type Span } from '../../stats/span'
import { callingApp } from './caller-of'
import type { Call, Operation } from './operation'
import { MILLISECONDS, ref } from './schemas'

/** A day of minutes, two months of hours, three years of days. */
const MAX_POINTS = 1_500
const OTHERS = 'An app may read its own figures; the root app may read those of any other.'

/** How many signed in. */
export const STATS_OPERATION: Operation = {
  id: 'readStats',
  method: 'GET',
  path: '/_stats',
  summary: 'How many signed in, and how many did not',
  description:
    'An app is told of itself. The root app is told of all apps together, or of the one that `app` names. Periods are those of UTC; figures are a second old, and are kept by minute for 2 days, by hour for 62 days, and by day for `stats.retention`. See docs/operators.md.',
  access: 'app',
  query: {
    app: { type: 'string', description: 'Name of the app, with or without app:' },
    period: {
      type: 'string',
      enum: ['hour', 'day', 'month'],
      description:
        'The last 60 minutes, 24 hours or 31 days, with the one that is under way. Default day, where `from` is not given',
    },
    from: { ...MILLISECONDS, minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    to: { ...MILLISECONDS, minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    step: {
      type: 'string',
      enum: SPANS,
      description: `How long a point is, with \`from\`; default hour. There are at most ${MAX_POINTS} points`,
    },
  },
  answers: {
    200: { description: 'The figures', schema: ref('Stats') },
    404: { description: 'No such app', schema: ref('Error') },
  },
  example: { query: { period: 'hour' } },
  async handle(call) {
    const app = await appOf(call)
    return { json: await call.services.stats.report({ app, ...rangeOf(call) }) }
  },
}

/** Undefined: all apps. */
async function appOf(call: Call): Promise<string | undefined> {
  const caller = callingApp(call)
  const { app } = call.query
  const named = typeof app === 'string' ? normalizeAppId(app) : undefined
  if (named === undefined) return caller.isRoot ? undefined : caller.id
  if (named === caller.id) return named
  if (!caller.isRoot) throw new AmazonAuthError('caller_forbidden', { problem: OTHERS })
  if ((await call.services.apps.find(named)) !== undefined) return named
  throw new AmazonAuthError('app_not_found', { app: named })
}

function rangeOf({ query, services }: Call): Omit<StatsQuestion, 'app'> {
  const { period, from, to, step } = query as {
    readonly period?: StatsPeriod
    readonly from?: number
    readonly to?: number
    readonly step?: Span
  }
  const nowMs = services.now()
  if (from === undefined) {
    if (to !== undefined || step !== undefined) throw requestInvalid(NO_FROM)
    return latest(period ?? 'day', nowMs)
  }
  if (period !== undefined) throw requestInvalid('Give either period, or from with to and step.')
  return requireFew({ step: step ?? 'hour', fromMs: from, toMs: to ?? nowMs })
}

const NO_FROM = 'The parameters to and step go with from.'

/** @throws {AmazonAuthError} `request_invalid` */
function requireFew(range: Omit<StatsQuestion, 'app'>): Omit<StatsQuestion, 'app'> {
  const { step, fromMs, toMs } = range
  if (fromMs >= toMs) throw requestInvalid('The parameter from must be before to.')
  // Both ends are rounded outwards, which adds one at most.
  if ((toMs - fromMs) / SPAN_MS[step] <= MAX_POINTS - 1) return range
  throw requestInvalid(`That is more than ${MAX_POINTS} points: take a longer step.`)
}
