import { createStats } from '../../../src/stats/create-stats'
import { latest } from '../../../src/stats/latest'
import { rollUp, type Begins, type CountedAttempt } from '../../../src/stats/roll-up'
import type { SqlStore } from '../../../src/store/sql/open-sql-store'
import { openStore } from '../../integration/store/open-store'

const NOW = Date.UTC(2026, 10, 29, 12, 30, 30)
const MINUTE = 60_000

let store: SqlStore
let nowMs: number
beforeEach(() => {
  store = openStore('sqlite::memory:')
  nowMs = NOW
})
afterEach(() => store.close())

const stats = () => createStats(store.stats, () => nowMs)
const lastHour = (app?: string) => stats().report({ app, ...latest('hour', nowMs) })

function begin(minutesAgo: number, count = 1): Begins {
  const minuteMs = Math.floor((NOW - minutesAgo * MINUTE) / MINUTE) * MINUTE
  return { app: 'acme', minuteMs, count }
}

function came(more: Partial<CountedAttempt['event']> = {}, begunAtMs?: number): CountedAttempt {
  const event = {
    atMs: NOW,
    app: 'acme',
    outcome: 'success',
    reason: 'ok',
    way: 'browser',
  } as const
  return { event: { ...event, ...more }, isOfApp: true, begunAtMs }
}

async function write(attempts: readonly CountedAttempt[], begins: readonly Begins[] = []) {
  await store.audit.append([], rollUp(attempts, begins))
}

test('of an app that nobody has signed in to, every point is there, with nothing in it', async () => {
  const report = await lastHour('acme')
  expect(report.points).toHaveLength(60)
  expect(report.points.at(-1)?.at).toBe(Date.UTC(2026, 10, 29, 12, 30))
  expect(report.totals).toMatchObject({ begun: 0, open: 0, abandoned: 0, succeeded: 0, failed: 0 })
  expect(report.totals.amazonMs).toEqual({ count: 0, mean: null, p50: null, p95: null })
})

test('who has begun and not come back is open for ten minutes, and then abandoned', async () => {
  await write([came({}, NOW - 20 * MINUTE)], [begin(20, 3), begin(2, 4)])
  expect((await lastHour('acme')).totals).toMatchObject({ begun: 7, open: 4, abandoned: 2 })
  // To the end of the minute that they may have begun in.
  nowMs = NOW + 8 * MINUTE + 29_999
  expect((await lastHour('acme')).totals).toMatchObject({ begun: 7, open: 4, abandoned: 2 })
  nowMs += 31_000
  expect((await lastHour('acme')).totals).toMatchObject({ begun: 7, open: 0, abandoned: 6 })
})

test('hours and days know which of theirs are open', async () => {
  await write([], [begin(70, 5), begin(1, 2)])
  const day = await stats().report({ app: 'acme', ...latest('day', NOW) })
  expect(day.points.slice(-2)).toMatchObject([
    { begun: 5, open: 0, abandoned: 5 },
    { begun: 2, open: 2, abandoned: 0 },
  ])
  const month = await stats().report({ app: 'acme', ...latest('month', NOW) })
  expect(month.points).toHaveLength(31)
  expect(month.points.at(-1)).toMatchObject({ begun: 7, open: 2, abandoned: 5 })
})

test('abandoned is never below zero, where a process was killed that had counted begins', async () => {
  await write([came({}, NOW - 20 * MINUTE), came({}, NOW - 20 * MINUTE)], [begin(20)])
  expect((await lastHour('acme')).totals).toMatchObject({ begun: 1, abandoned: 0, succeeded: 2 })
})

test('what a clock that is ahead has told is seen when its time has come', async () => {
  await write([came({ atMs: NOW + 5 * MINUTE })], [{ ...begin(-5), count: 2 }])
  expect((await lastHour('acme')).totals).toMatchObject({ succeeded: 0, begun: 0 })
  nowMs = NOW + 5 * MINUTE
  expect((await lastHour('acme')).totals).toMatchObject({ succeeded: 1, begun: 2, open: 2 })
})

test('of all apps together, with names that no app has, and by reason', async () => {
  const no = (reason: string): CountedAttempt => came({ outcome: 'failure', reason })
  await write([no('code_rejected'), no('code_rejected'), no('state_missing')])
  await write([{ ...no('app_not_found'), isOfApp: false }])
  const report = await lastHour()
  expect(report.totals).toMatchObject({ failed: 4 })
  expect(report.failures.map(({ reason, count }) => [reason, count])).toEqual([
    ['code_rejected', 2],
    ['app_not_found', 1],
    ['state_missing', 1],
  ])
  expect(await stats().busiest('failed', NOW, 5)).toMatchObject([
    { app: 'acme', figures: { failed: 3 } },
    { app: null, figures: { failed: 1 } },
  ])
  expect(await stats().busiest('succeeded', NOW, 5)).toEqual([])
})

test('half of the attempts took no longer than p50, as far as classes of size can tell', async () => {
  const times = [150, 160, 170, 180, 190, 900]
  await write(times.map((amazonMs) => came({ amazonMs, tookMs: amazonMs + 4 })))
  const { amazonMs, ownMs } = (await lastHour('acme')).totals
  expect(amazonMs).toEqual({ count: 6, mean: 292, p50: 160, p95: 1360 })
  expect(ownMs).toMatchObject({ count: 6, mean: 4, p50: 4, p95: 5 })
})
