import { SPANS, startOf, type Span } from './span'
import { addSums, addTime, AMAZON_BOUNDS_MS, noSums, OWN_BOUNDS_MS, type Sums } from './sums'

/** An event of the audit trail, as far as it is counted. */
export interface CountedEvent {
  /** Milliseconds since 1970. */
  readonly atMs: number
  readonly app: string
  readonly outcome: 'success' | 'failure'
  readonly reason: string
  readonly way: string
  /** Whether the user was made by it. */
  readonly isNew?: boolean | undefined
  /** From the request to its answer, in milliseconds. */
  readonly tookMs?: number | undefined
  /** Of these, waiting for Amazon; undefined: it was not asked. */
  readonly amazonMs?: number | undefined
}

/** An event, and what the audit trail does not keep of it. */
export interface CountedAttempt {
  readonly event: CountedEvent
  /** Whether there is an app of that name. */
  readonly isOfApp: boolean
  /** When the sign-in was begun that has come back with it, for the first time; undefined: none has. */
  readonly begunAtMs: number | undefined
}

/** Sign-ins of an app that were begun within a minute. */
export interface Begins {
  readonly app: string
  readonly minuteMs: number
  readonly count: number
}

/** Stands for all apps together, and for names that no app has. No app is called so. */
export const ALL_APPS = '*'
/** How the keys of all apps together begin. */
const ALL_KEYS = `${ALL_APPS}\n`
/** Stands for all names that no app has. */
export const NO_APP = ''

interface Period {
  readonly app: string
  readonly span: Span
  /** When it begins, in milliseconds since 1970. */
  readonly atMs: number
}

export interface PeriodSums extends Period {
  readonly sums: Sums
}

export interface PeriodFailures extends Period {
  readonly reason: string
  readonly way: string
  readonly count: number
}

/** What is to be added to the sums of periods, one entry for each. Both lists are in an order that is the same everywhere. */
export interface RollUp {
  readonly sums: readonly PeriodSums[]
  readonly failures: readonly PeriodFailures[]
}

/** The code by which the person themself has refused: that is no failure. */
export const DECLINED = 'access_denied'

/**
 * Adds up a batch of attempts and of begins, by app and for all apps, by minute, hour and day. What is neither a sign-in nor
 * a withdrawn consent, as a change that an operator has made, counts nowhere.
 */
export function rollUp(
  attempts: readonly CountedAttempt[],
  begins: readonly Begins[] = [],
): RollUp {
  const minutes = new Minutes()
  for (const attempt of attempts) minutes.add(attempt)
  for (const { app, minuteMs, count } of begins) minutes.at(app, minuteMs).begun += count
  return {
    sums: inOrder(spread(minutes.sums)),
    failures: inOrder(spreadFailures(minutes.failures)),
  }
}

/** All sums of the batch by app and minute, from which the others follow. */
class Minutes {
  readonly sums = new Map<string, PeriodSums>()
  readonly failures = new Map<string, Writable<PeriodFailures>>()

  at(app: string, atMs: number): Sums {
    const minuteMs = startOf(atMs, 'minute')
    const key = `${minuteMs}\n${app}`
    let period = this.sums.get(key)
    if (period === undefined) {
      period = { app, span: 'minute', atMs: minuteMs, sums: noSums() }
      this.sums.set(key, period)
    }
    return period.sums
  }

  add({ event, isOfApp, begunAtMs }: CountedAttempt): void {
    const app = isOfApp ? event.app : NO_APP
    const way = WAYS[event.way]
    if (begunAtMs !== undefined) this.at(app, begunAtMs).returned += 1
    if (way === undefined) return
    const sums = this.at(app, event.atMs)
    if (way === 'revoked' || event.outcome === 'success') sums[way] += 1
    else if (event.reason === DECLINED) sums.declined += 1
    else {
      sums.failed += 1
      this.addFailure(app, event)
    }
    if (event.isNew === true) sums.newUsers += 1
    addTimes(sums, event)
  }

  private addFailure(app: string, { atMs, reason, way }: CountedEvent): void {
    const minuteMs = startOf(atMs, 'minute')
    const key = `${minuteMs}\n${app}\n${way}\n${reason}`
    const known = this.failures.get(key)
    if (known !== undefined) known.count += 1
    else this.failures.set(key, { app, span: 'minute', atMs: minuteMs, reason, way, count: 1 })
  }
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] }

/** By the way of an event, what it adds to when it ends well; a withdrawn consent adds to one sum, however it is told. */
const WAYS: Partial<Record<string, 'browser' | 'amazonToken' | 'appToken' | 'device' | 'revoked'>> =
  {
    browser: 'browser',
    amazon_token: 'amazonToken',
    app_token: 'appToken',
    device: 'device',
    token_refresh: 'revoked',
  }

function addTimes(sums: Sums, { tookMs, amazonMs }: CountedEvent): void {
  if (tookMs === undefined || amazonMs === undefined) return
  const ownMs = Math.max(0, tookMs - amazonMs)
  sums.timed += 1
  sums.amazonMs += amazonMs
  sums.ownMs += ownMs
  addTime(sums.amazonTimes, AMAZON_BOUNDS_MS, amazonMs)
  addTime(sums.ownTimes, OWN_BOUNDS_MS, ownMs)
}

/** From the minutes of each app to all three spans, and to all apps. */
function spread(minutes: ReadonlyMap<string, PeriodSums>): ReadonlyMap<string, PeriodSums> {
  const all = new Map<string, PeriodSums>()
  for (const { app, atMs, sums } of minutes.values()) {
    for (const span of SPANS) {
      for (const whose of [app, ALL_APPS]) {
        const period = { app: whose, span, atMs: startOf(atMs, span) }
        const key = keyOf(period)
        const known = all.get(key) ?? { ...period, sums: noSums() }
        addSums(known.sums, sums)
        all.set(key, known)
      }
    }
  }
  return all
}

function spreadFailures(
  minutes: ReadonlyMap<string, PeriodFailures>,
): ReadonlyMap<string, PeriodFailures> {
  const all = new Map<string, Writable<PeriodFailures>>()
  for (const failure of minutes.values()) {
    for (const span of SPANS) {
      for (const app of [failure.app, ALL_APPS]) {
        const period = { ...failure, app, span, atMs: startOf(failure.atMs, span) }
        const key = keyOf(period)
        const known = all.get(key)
        if (known === undefined) all.set(key, period)
        else known.count += failure.count
      }
    }
  }
  return all
}

/** By key; what all nodes add to comes last, so that they hold it for a short time only. */
function inOrder<P extends Period>(periods: ReadonlyMap<string, P>): P[] {
  const keys = Array.from(periods.keys()).sort()
  const all = keys.filter((key) => key.startsWith(ALL_KEYS))
  const ordered = [...keys.filter((key) => !key.startsWith(ALL_KEYS)), ...all]
  return ordered.flatMap((key) => periods.get(key) ?? [])
}

function keyOf(period: Period & Partial<Pick<PeriodFailures, 'reason' | 'way'>>): string {
  const { app, span, atMs, way = '', reason = '' } = period
  return `${app}\n${span}\n${atMs}\n${way}\n${reason}`
}
