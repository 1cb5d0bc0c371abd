import { toFigures, type Figures } from './figures'
import { ALL_APPS, NO_APP } from './roll-up'
import { SPAN_MS, startOf, type Span } from './span'
import type { FailureCount, StatsStore } from './stats-store'
import { addSums, noSums, type Sums } from './sums'

/** Which figures are asked for. */
export interface StatsQuestion {
  /** Undefined: all apps together, and names that no app has. */
  readonly app: string | undefined
  /** How long each point is. */
  readonly step: Span
  /** In milliseconds since 1970, rounded down to where a step begins. */
  readonly fromMs: number
  /** Rounded up to where one ends. */
  readonly toMs: number
}

export interface StatsReport {
  /** Null: all apps together. */
  readonly app: string | null
  readonly step: Span
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
  /** Of all points together. */
  readonly totals: Figures
  /** Reasons of `failed`, in all points together, the most frequent first. */
  readonly failures: readonly FailureCount[]
  /** One for each step, the earliest first, also where nothing happened. */
  readonly points: readonly StatsPoint[]
}

export interface StatsPoint extends Figures {
  /** When it begins. */
  readonly at: number
}

export interface BusyFigures {
  /** Null: names that no app has. */
  readonly app: string | null
  readonly figures: Figures
}

/** How many signed in, and how many did not. Methods reject with `store_unavailable`. */
export interface Stats {
  /** Whether anything is counted here. */
  readonly isKept: boolean
  report(question: StatsQuestion): Promise<StatsReport>
  /** The apps with most sign-ins, or most failures, of the day (UTC) that a time is in. */
  busiest(by: 'succeeded' | 'failed', atMs: number, limit: number): Promise<readonly BusyFigures[]>
}

/** How long a browser has to come back from Amazon, see login/login-cookies.ts. */
const OPEN_MS = 600_000

/** @param isKept Whether this process counts. */
export function createStats(store: StatsStore, now: () => number, isKept = true): Stats {
  return {
    isKept,
    async report({ app, step, ...asked }) {
      const fromMs = startOf(asked.fromMs, step)
      const untilMs = startOf(asked.toMs - 1, step) + SPAN_MS[step]
      const range = { app: app ?? ALL_APPS, span: step, fromMs, untilMs }
      const [rows, failures, open] = await Promise.all([
        store.read(range),
        store.readFailures(range),
        readOpen(range.app),
      ])
      const byTime = new Map(rows.map(({ atMs, sums }) => [atMs, sums]))
      const total = noSums()
      for (const { sums } of rows) addSums(total, sums)
      return {
        app: app ?? null,
        step,
        from: fromMs,
        to: untilMs,
        totals: toFigures(total, openWithin(open, fromMs, untilMs)),
        failures,
        points: startsOf(range).map((at) => ({
          at,
          ...toFigures(byTime.get(at) ?? noSums(), openWithin(open, at, at + SPAN_MS[step])),
        })),
      }
    },
    async busiest(by, atMs, limit) {
      const apps = await store.listBusiest(by, startOf(atMs, 'day'), limit)
      return apps.map(({ app, sums }) => ({
        app: app === NO_APP ? null : app,
        figures: toFigures(sums, 0),
      }))
    },
  }

  /** Minutes whose begins may yet come back. */
  async function readOpen(app: string): Promise<readonly Minute[]> {
    const nowMs = now()
    const minutes = await store.read({
      app,
      span: 'minute',
      fromMs: startOf(nowMs - OPEN_MS, 'minute'),
      // A clock of another node may be ahead.
      untilMs: nowMs + OPEN_MS,
    })
    return minutes
  }
}

interface Minute {
  readonly atMs: number
  readonly sums: Sums
}

function openWithin(minutes: readonly Minute[], fromMs: number, untilMs: number): number {
  let open = 0
  for (const { atMs, sums } of minutes) {
    if (atMs >= fromMs && atMs < untilMs) open += Math.max(0, sums.begun - sums.returned)
  }
  return open
}

function startsOf({
  fromMs,
  untilMs,
  span,
}: {
  readonly fromMs: number
  readonly untilMs: number
  readonly span: Span
}): readonly number[] {
  const count = Math.round((untilMs - fromMs) / SPAN_MS[span])
  return Array.from({ length: count }, (_, index) => fromMs + index * SPAN_MS[span])
}
