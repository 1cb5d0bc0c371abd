import {
  ALL_APPS,
  NO_APP,
  rollUp,
  type CountedAttempt,
  type CountedEvent,
  type RollUp,
} from '../../../src/stats/roll-up'
import { createSignInCounter } from '../../../src/stats/sign-in-counter'
import type { Span } from '../../../src/stats/span'
import type { Sums } from '../../../src/stats/sums'

const NOON = Date.UTC(2026, 10, 29, 12)

function attempt(
  event: Partial<CountedEvent> = {},
  more: Partial<CountedAttempt> = {},
): CountedAttempt {
  return {
    event: { atMs: NOON, app: 'acme', outcome: 'success', reason: 'ok', way: 'browser', ...event },
    isOfApp: true,
    begunAtMs: undefined,
    ...more,
  }
}

const failed = (reason: string, more: Partial<CountedEvent> = {}): CountedAttempt =>
  attempt({ outcome: 'failure', reason, ...more })

/** Those that are not zero. */
function sumsOf({ sums }: RollUp, app: string, span: Span): readonly Partial<Sums>[] {
  return sums
    .filter((period) => period.app === app && period.span === span)
    .map((period) =>
      Object.fromEntries(
        Object.entries(period.sums).filter(([, value]) => value !== 0 && typeof value === 'number'),
      ),
    )
}

test('adds a batch up by app and for all of them, by minute, hour and day, an entry for each', () => {
  const batch = [
    attempt({ isNew: true }),
    attempt({ way: 'amazon_token', atMs: NOON + 59_999 }),
    attempt({ way: 'app_token', app: 'zenith' }),
    attempt({ way: 'device', app: 'zenith' }),
    failed('access_denied'),
    failed('code_rejected'),
    failed('consent_revoked', { way: 'token_refresh' }),
  ]
  const counted = rollUp(batch, [{ app: 'acme', minuteMs: NOON, count: 5 }])
  const acme = {
    begun: 5,
    browser: 1,
    amazonToken: 1,
    newUsers: 1,
    declined: 1,
    failed: 1,
    revoked: 1,
  }
  const zenith = { appToken: 1, device: 1 }
  for (const span of ['minute', 'hour', 'day'] as const) {
    expect(sumsOf(counted, 'acme', span)).toEqual([acme])
    expect(sumsOf(counted, 'zenith', span)).toEqual([zenith])
    expect(sumsOf(counted, ALL_APPS, span)).toEqual([{ ...acme, ...zenith }])
  }
  expect(counted.failures).toHaveLength(6)
  expect(counted.failures[0]).toMatchObject({ reason: 'code_rejected', way: 'browser', count: 1 })
})

test('parts at the minute, the hour and the day of UTC, to the millisecond', () => {
  const lastMs = Date.UTC(2026, 10, 29, 23, 59, 59, 999)
  const counted = rollUp([attempt({ atMs: lastMs }), attempt({ atMs: lastMs + 1 })])
  const times = (span: Span) =>
    counted.sums.filter((period) => period.span === span && period.app === 'acme')
  expect(times('minute').map(({ atMs }) => atMs)).toEqual([lastMs - 59_999, lastMs + 1])
  expect(times('hour').map(({ atMs }) => atMs)).toEqual([lastMs + 1 - 3_600_000, lastMs + 1])
  expect(times('day').map(({ atMs }) => atMs)).toEqual([lastMs + 1 - 86_400_000, lastMs + 1])
})

test('names that no app has are counted under one name, and for all', () => {
  const invented = Array.from({ length: 50 }, (_, n) =>
    attempt(
      { app: `invented-${n}`, outcome: 'failure', reason: 'app_not_found' },
      { isOfApp: false },
    ),
  )
  const counted = rollUp(invented)
  expect(new Set(counted.sums.map(({ app }) => app))).toEqual(new Set([NO_APP, ALL_APPS]))
  expect(counted.sums).toHaveLength(6)
  expect(counted.failures).toHaveLength(6)
  expect(sumsOf(counted, NO_APP, 'hour')).toEqual([{ failed: 50 }])
})

test('a return is counted where its sign-in began, not where it ended', () => {
  const counted = rollUp([attempt({ atMs: NOON }, { begunAtMs: NOON - 1 })])
  expect(sumsOf(counted, 'acme', 'minute')).toEqual([{ returned: 1 }, { browser: 1 }])
  expect(sumsOf(counted, 'acme', 'day')).toEqual([{ returned: 1, browser: 1 }])
})

test('times are added up and sorted by size where Amazon was asked', () => {
  const counted = rollUp([
    attempt({ tookMs: 105, amazonMs: 100 }),
    failed('amazon_timeout', { tookMs: 10_004, amazonMs: 10_000 }),
    failed('state_missing', { tookMs: 1 }),
  ])
  expect(counted.sums[0]?.sums).toMatchObject({
    timed: 2,
    amazonMs: 10_100,
    ownMs: 9,
    amazonTimes: [0, 1, 0, 0, 0, 0, 0, 1],
    ownTimes: [0, 2, 0, 0, 0, 0, 0, 0],
  })
})

test('what an operator has done is no sign-in', () => {
  expect(rollUp([attempt({ way: 'operator', reason: 'setting_put' })])).toEqual({
    sums: [],
    failures: [],
  })
})

test('two nodes add in the same order, whatever the order of their events, and to what all share at last', () => {
  const events = ['b', 'a', 'd', 'c'].map((app) => attempt({ app }))
  const apps = (batch: readonly CountedAttempt[]) => rollUp(batch).sums.map(({ app }) => app)
  expect(apps(events)).toEqual(apps([...events].reverse()))
  expect(apps(events).slice(-3)).toEqual([ALL_APPS, ALL_APPS, ALL_APPS])
})

describe('the counter of a process', () => {
  test('counts begins by app and minute, and gives away so many at a time', () => {
    const counter = createSignInCounter()
    for (const atMs of [0, 1, 59_999, 60_000]) counter.begin('acme', atMs)
    counter.begin('zenith', 0)
    expect(counter.takeBegins(1)).toEqual([{ app: 'acme', minuteMs: 0, count: 3 }])
    expect(counter.hasBegins()).toBe(true)
    expect(counter.takeBegins(9)).toEqual([
      { app: 'acme', minuteMs: 60_000, count: 1 },
      { app: 'zenith', minuteMs: 0, count: 1 },
    ])
    expect(counter.hasBegins()).toBe(false)
  })

  test('a begin has come back once, however often its return is opened', () => {
    const counter = createSignInCounter()
    const { event } = attempt()
    const facts = { isOfApp: true, begin: { nonce: 'one', createdAtMs: 7 } }
    expect(counter.note(event, facts).begunAtMs).toBe(7)
    expect(counter.note(event, facts).begunAtMs).toBeUndefined()
    expect(counter.note(event, { isOfApp: true, begin: undefined }).begunAtMs).toBeUndefined()
  })
})
