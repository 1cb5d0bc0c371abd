import type { StatsReport } from '../../../src/stats/create-stats'
import { createClient } from '../../../src/client'
import { ROOT_KEYS, startServer, superToken, type Keys, type TestServer } from '../../support/api'
import type { Browser } from '../../support/browser'

const MINUTE = 60_000

let server: TestServer
let acme: Keys
beforeEach(async () => {
  server = await startServer()
  acme = await server.createApp('acme', { signin_success: '/in' })
  await server.createApp('zenith')
})
afterEach(() => server.close())

const written = () => server.composition.services.audit.flush()

async function read(query = 'period=hour', as: Keys = acme): Promise<StatsReport> {
  await written()
  const { status, json, text } = await server.call(`GET /v1/_stats?${query}`, { as })
  if (status !== 200) throw new Error(text)
  return json as StatsReport
}

async function begin(browser: Browser, app = 'acme'): Promise<string> {
  const { status, location } = await browser.get(`/amazon_auth?state=${app}`)
  expect(status).toBe(302)
  return location
}

async function signIn(userId?: string): Promise<string> {
  const browser = server.browser()
  const back = await server.emulator.allow(await begin(browser), userId)
  expect((await browser.get(back)).location).toBe('/in')
  return back
}

test('tells an app what has come of its sign-ins, by every way', async () => {
  await signIn()
  await signIn()
  await server.signIn('acme')
  const denied = server.browser()
  await denied.get(await server.emulator.deny(await begin(denied)))
  await begin(server.browser())
  await server.browser().get('/amazon_auth?state=acme&code=invented')
  const { totals, failures, points, app, step } = await read()
  expect({ app, step, points: points.length }).toEqual({ app: 'acme', step: 'minute', points: 60 })
  expect(totals).toMatchObject({
    ...{ begun: 4, open: 1, abandoned: 0, succeeded: 3, declined: 1, failed: 1, newUsers: 1 },
    ways: { browser: 2, amazon_token: 1, app_token: 0, device: 0 },
  })
  expect(failures).toEqual([{ reason: 'code_rejected', way: 'browser', count: 1 }])
  expect(totals.amazonMs.count).toBe(4)
  server.moveClock(11 * MINUTE)
  expect((await read()).totals).toMatchObject({ begun: 4, open: 0, abandoned: 1 })
})

test('a return that is forged, opened twice, or opened twice in vain makes no begin come back twice', async () => {
  const browser = server.browser()
  const location = await begin(browser)
  await begin(server.browser())
  const copy = browser.clone()
  const denied = await server.emulator.deny(location)
  for (const opened of [browser, copy, copy, server.browser()]) await opened.get(denied)
  for (let n = 0; n < 5; n += 1) await server.browser().get(`/amazon_auth?state=acme~${n}&code=x`)
  const { totals } = await read()
  expect(totals).toMatchObject({ begun: 2, open: 1, declined: 4, failed: 5 })
  server.moveClock(11 * MINUTE)
  expect((await read()).totals).toMatchObject({ begun: 2, open: 0, abandoned: 1 })
})

test('what comes back after its ten minutes has failed, and is not abandoned as well', async () => {
  const browser = server.browser()
  const back = await server.emulator.allow(await begin(browser))
  server.moveClock(11 * MINUTE)
  await browser.get(back)
  expect((await read()).totals).toMatchObject({ begun: 1, open: 0, abandoned: 0, failed: 1 })
})

test('what begins no sign-in is not counted: a script, a login that is only tried, a page fetched ahead', async () => {
  const { json } = await server.call('POST /v1/_try', { as: acme })
  const link = new URL(json.url as string)
  await server.browser().get(link.pathname + link.search)
  await server.browser().get('/amazon_auth?state=acme', { 'x-requested-with': 'XMLHttpRequest' })
  await server.browser().get('/amazon_auth?state=acme', { 'sec-purpose': 'prefetch' })
  expect((await read()).totals).toMatchObject({ begun: 0, failed: 0, declined: 0 })
})

test('an app reads its own alone; the root app reads any, and all together with names that no app has', async () => {
  await signIn()
  await server.signIn('zenith')
  for (let n = 0; n < 3; n += 1) await server.browser().get(`/amazon_auth?state=no-app-${n}&code=x`)
  for (const as of [acme, superToken(acme)]) {
    expect(await server.call('GET /v1/_stats?app=zenith', { as })).toMatchObject({ status: 403 })
    expect(await server.call('GET /v1/_stats?app=nobody', { as })).toMatchObject({ status: 403 })
    expect(await server.call('GET /v1/_stats?app=app:acme', { as })).toMatchObject({ status: 200 })
  }
  const { token } = await server.signIn('acme')
  expect(await server.call('GET /v1/_stats', { as: token })).toMatchObject({ status: 403 })
  expect(await server.call('GET /v1/_stats')).toMatchObject({ status: 401 })
  expect(await server.call('GET /v1/_stats?app=nobody', { as: ROOT_KEYS })).toMatchObject({
    status: 404,
  })
  expect((await read('app=zenith', ROOT_KEYS)).totals).toMatchObject({ begun: 0, succeeded: 1 })
  const all = await read('', ROOT_KEYS)
  expect(all).toMatchObject({ app: null, step: 'hour', totals: { succeeded: 3, failed: 3 } })
  expect(all.failures).toMatchObject([{ reason: 'app_not_found', count: 3 }])
})

test.each([
  'period=week',
  'period=hour&from=1',
  'to=1',
  'step=day',
  'from=5&to=5',
  'from=-1',
  'from=1e400',
  'from=0.5',
  'from=tomorrow',
  `from=0&to=${Number.MAX_SAFE_INTEGER}`,
  `from=0&step=minute&to=${1_500 * MINUTE}`,
  'from=9007199254740991',
  'period=hour&period=day',
])('refuses %s with 400', async (query) => {
  expect(await server.call(`GET /v1/_stats?${query}`, { as: acme })).toMatchObject({ status: 400 })
})

test('any stretch of time, rounded outwards to its steps', async () => {
  await signIn()
  const nowMs = Date.now()
  const { points, from, to, totals } = await read(`from=${nowMs - MINUTE}&to=${nowMs + 1}&step=day`)
  expect([from % 86_400_000, to % 86_400_000]).toEqual([0, 0])
  expect(points.length).toBe((to - from) / 86_400_000)
  expect(totals.succeeded).toBe(1)
})

test('the client of the package reads them', async () => {
  await signIn()
  await written()
  const client = createClient({ url: server.origin, ...acme })
  expect((await client.stats()).totals.succeeded).toBe(1)
  expect((await client.stats({ period: 'month' })).points).toHaveLength(31)
  await expect(client.stats({ app: 'zenith' })).rejects.toMatchObject({ status: 403 })
})
