import type { StatsQuestion } from './create-stats'
import { SPAN_MS, startOf, type Span } from './span'

/** A stretch of time that ends now. */
export type StatsPeriod = 'hour' | 'day' | 'month'

const STEPS: Readonly<Record<StatsPeriod, { readonly step: Span; readonly count: number }>> = {
  hour: { step: 'minute', count: 60 },
  day: { step: 'hour', count: 24 },
  month: { step: 'day', count: 31 },
}

/** The last 60 minutes, 24 hours or 31 days, with the one that is under way. */
export function latest(period: StatsPeriod, nowMs: number): Omit<StatsQuestion, 'app'> {
  const { step, count } = STEPS[period]
  const toMs = startOf(nowMs, step) + SPAN_MS[step]
  return { step, fromMs: toMs - count * SPAN_MS[step], toMs }
}
