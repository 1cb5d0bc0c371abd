import { amazonAuth, servicesOf } from '../../../src/amazon-auth'
import { fillHistory } from '../../../src/server/demo/history/fill-history'
import { inventVisits } from '../../../src/server/demo/history/invent-visits'
import { LOCKED_VISITOR } from '../../../src/server/demo/history/visitors'

const NOW_MS = Date.UTC(2026, 10, 29, 12)
const DAY_MS = 86_400_000
const keysOf = (id: string) => ({
  azAppId: `amzn1.application-oa2-client.${id}`,
  azSecret: 'secret',
})

test('visits are of the past, in order, and the same at each start', () => {
  const visits = inventVisits(NOW_MS)
  const times = visits.map(({ atMs }) => atMs)
  expect(times).toEqual([...times].sort((one, other) => one - other))
  expect(Math.max(...times)).toBeLessThanOrEqual(NOW_MS)
  expect(Math.min(...times)).toBeGreaterThan(NOW_MS - 32 * DAY_MS)
  expect(inventVisits(NOW_MS)).toEqual(visits)
  expect(inventVisits(NOW_MS + DAY_MS).map(({ end }) => end)).toEqual(visits.map(({ end }) => end))
})

test('both shops have a past: users who were new once, figures, reasons, and one who is locked', async () => {
  const auth = amazonAuth({
    store: { url: 'sqlite::memory:' },
    apps: { acme: keysOf('acme'), zenith: keysOf('zenith') },
  })
  await auth.ready()
  const services = await servicesOf(auth)
  const nowMs = Date.now()
  await fillHistory(services, nowMs)
  const question = { step: 'day', fromMs: nowMs - 40 * DAY_MS, toMs: nowMs + DAY_MS } as const
  // It is written half a second later, in batches.
  const totals = async (app?: string) => (await services.stats.report({ ...question, app })).totals
  const visits = inventVisits(nowMs)
  while ((await totals()).begun < visits.length) await new Promise((go) => setTimeout(go, 50))

  for (const app of ['acme', 'zenith'] as const) {
    const page = { offset: 0, limit: 100, sort: 'name', descending: false } as const
    const { users, total } = await services.userAdmin.list(app, page)
    const figures = await totals(app)
    expect(total).toBeGreaterThan(20)
    expect(figures.newUsers).toBe(total)
    expect(figures.succeeded).toBe(
      visits.filter((visit) => visit.app === app && visit.end === 'ok').length,
    )
    expect(figures.declined * figures.failed * figures.abandoned).toBeGreaterThan(0)
    const locked = users.filter(({ active }) => !active).map(({ name }) => name)
    expect(locked).toEqual(app === 'acme' ? [LOCKED_VISITOR] : [])
    expect(Math.min(...users.map(({ createdAtMs }) => createdAtMs))).toBeLessThan(
      nowMs - 20 * DAY_MS,
    )
  }
  await auth.close()
})
