import { networkOf, MASKED, VISITOR } from '../../src/http/limits/network-of'
import { createRateLimit } from '../../src/http/limits/rate-limit'
import { startServer, type ApiAnswer, type Sending, type TestServer } from '../support/api'
import { send } from '../support/browser'
import { startHost } from '../support/host'
import { startLoginWorld, type LoginWorld } from '../support/login-world'
import { until } from '../support/until'

const SCRIPT = { accept: 'application/json' }
const MINUTE_MS = 60_000

const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of running.splice(0)) await each.close()
})
async function start(conf?: string): Promise<TestServer> {
  const server = await startServer(conf === undefined ? {} : { conf })
  running.push(server)
  return server
}

/** The server trusts proxies on this machine, so a test may come from anywhere. */
const from = (address: string) => ({ 'x-forwarded-for': address })

describe('failed sign-ins', () => {
  let server: TestServer
  beforeEach(async () => {
    server = await start('para.limits.failures_per_minute = 3')
    await server.createApp('acme')
    await server.createApp('zenith')
  })

  const fail = (app: string, address: string): Promise<ApiAnswer> =>
    server.call(`GET /amazon_auth?state=${app}&code=`, { headers: from(address) })
  const begin = (app: string, address: string): Promise<ApiAnswer> =>
    server.call(`GET /amazon_auth?state=${app}`, { headers: from(address) })
  async function failThrice(app: string, address: string): Promise<void> {
    for (let count = 0; count < 3; count += 1) expect((await fail(app, address)).status).toBe(302)
  }

  test('an address that has failed too often gets 429 with Retry-After, as text for programs', async () => {
    await failThrice('acme', '192.0.2.1')
    const refused = await begin('acme', '192.0.2.1')
    expect(refused).toMatchObject({
      status: 429,
      text: 'Too many attempts. Please try again in a minute.',
      headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60)
    expect(refused.headers.location).toBeUndefined()
  })

  test('a script that has failed too often gets 429 as JSON', async () => {
    await failThrice('acme', '192.0.2.1')
    const refused = await server.call('GET /amazon_auth?state=acme&code=x', {
      headers: { ...SCRIPT, ...from('192.0.2.1') },
    })
    expect(refused).toMatchObject({ status: 429, json: { code: 429 } })
    expect(refused.headers['retry-after']).toBeDefined()
  })

  test('Amazon is not asked for an address that is limited', async () => {
    await failThrice('acme', '192.0.2.1')
    server.emulator.journal.clear()
    await server.call('GET /amazon_auth?state=acme&code=x', { headers: from('192.0.2.1') })
    expect(server.emulator.journal.count()).toBe(0)
  })

  test('other addresses, and other apps from the same one, go on', async () => {
    await failThrice('acme', '192.0.2.1')
    expect((await begin('acme', '192.0.2.2')).status).toBe(302)
    expect((await begin('zenith', '192.0.2.1')).status).toBe(302)
  })

  test('it is over when the minute is', async () => {
    await failThrice('acme', '192.0.2.1')
    server.moveClock(MINUTE_MS)
    expect((await begin('acme', '192.0.2.1')).status).toBe(302)
  })

  test('the addresses of one /64 of IPv6 count as one', async () => {
    await fail('acme', '2001:db8:0:1::1')
    await fail('acme', '2001:db8:0:1::2')
    await fail('acme', '2001:db8:0:1:ffff::3')
    expect((await begin('acme', '2001:db8:0:1::4')).status).toBe(429)
    expect((await begin('acme', '2001:db8:0:2::4')).status).toBe(302)
  })

  test('sign-ins that succeed do not count', async () => {
    await fail('acme', '192.0.2.1')
    await fail('acme', '192.0.2.1')
    for (let count = 0; count < 10; count += 1) await server.signIn('acme')
    expect((await begin('acme', '192.0.2.1')).status).toBe(302)
  })

  test('an outage of Amazon does not count', async () => {
    server.emulator.faults.set({ endpoint: 'token', fault: 'http_503' })
    for (let count = 0; count < 5; count += 1) {
      const answer = await server.call(`GET /amazon_auth?state=acme&code=c${count}`, {
        headers: { ...SCRIPT, ...from('192.0.2.1') },
      })
      expect(answer.status).toBe(503)
    }
    expect((await begin('acme', '192.0.2.1')).status).toBe(302)
  })

  test.each([
    ['/jwt_auth', 'POST /jwt_auth', { provider: 'amazon', appid: 'acme', token: 'Atza|no' }],
    ['/passwordless_auth', 'GET /passwordless_auth?appid=acme&token=no&redirect=false', undefined],
  ])('%s counts its failures, and is refused with 429', async (_case, line, body) => {
    const sending: Sending = body === undefined ? {} : { body }
    for (let count = 0; count < 3; count += 1) {
      expect([400, 403]).toContain((await server.call(line, sending)).status)
    }
    const refused = await server.call(line, { ...sending, headers: SCRIPT })
    expect(refused).toMatchObject({ status: 429, json: { code: 429 } })
    expect(refused.headers['retry-after']).toBeDefined()
  })

  test('links to try a sign-in that are none count, and are refused with 429', async () => {
    const open = () => server.call('GET /amazon_auth/try?link=x', { headers: SCRIPT })
    for (let count = 0; count < 3; count += 1) expect((await open()).status).toBe(410)
    expect(await open()).toMatchObject({ status: 429, json: { code: 429 } })
  })

  test('app ids that do not exist share one counter', async () => {
    for (const app of ['none1', 'none2', 'none3']) await fail(app, '192.0.2.1')
    expect((await fail('none4', '192.0.2.1')).status).toBe(429)
    expect((await fail('acme', '192.0.2.1')).status).toBe(302)
  })

  test('refused tokens count by address; a good one passes all the same', async () => {
    const { token } = await server.signIn('acme')
    const me = (as: string) => server.call('GET /v1/_me', { as })
    for (let count = 0; count < 3; count += 1) expect((await me('eyJ.no.no')).status).toBe(401)
    expect((await me('eyJ.no.no')).status).toBe(429)
    expect((await me(token)).status).toBe(200)
  })
})

test('by default 1,000 failures a minute are answered as usual, and the next is 429', async () => {
  const host = await startHost()
  running.push(host)
  const fail = () => host.browser().get('/amazon_auth?error=access_denied')
  for (let count = 0; count < 1_000; count += 1) expect((await fail()).status).toBe(401)
  expect((await fail()).status).toBe(429)
})

test('a spoofed X-Forwarded-For does not help where no proxy is trusted', async () => {
  const host = await startHost({ options: { limits: { failuresPerMinute: 3 } } })
  running.push(host)
  const fail = (address: string) =>
    send(new URL('/amazon_auth?state=acme&code=', host.origin), { headers: from(address) })
  for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) await fail(address)
  expect((await fail('192.0.2.4')).status).toBe(429)
  const warnings = host.log.filter(({ message }) => message.startsWith('too many failed'))
  expect(warnings).toMatchObject([{ facts: { app: 'acme', address: '127.0.0.0/24' } }])
})

test('an app that has had its sign-ins of a minute gets 429, the others go on', async () => {
  const server = await start('para.limits.logins_per_minute = 2')
  await server.createApp('acme')
  await server.createApp('zenith')
  await server.signIn('acme')
  await server.signIn('acme')
  await expect(server.signIn('acme')).rejects.toThrow('"code":429')
  await server.signIn('zenith')
  server.moveClock(MINUTE_MS)
  await server.signIn('acme')
})

test('a return for which there is no slot gets 503 with Retry-After, and is finished when it is sent again', async () => {
  const world = await startLoginWorld()
  running.push(world)
  const browser = world.browser()
  const url = await world.returnUrl(browser)
  world.emulator.faults.set({ endpoint: 'token', fault: { name: 'latency', ms: 4_000 } })
  const crowd: Promise<number>[] = []
  // Few at a time, so that none is refused because this process, which plays everybody, is too busy.
  while (crowd.length < 342) {
    for (let count = 0; count < 38; count += 1) crowd.push(returnOfSomebody(world))
    await until(() => world.exchanges() === crowd.length)
  }
  const refused = await browser.get(url)
  const exchanges = world.exchanges()
  expect(new Set(await Promise.all(crowd))).toEqual(new Set([302]))
  expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': expect.any(String) } })
  expect(exchanges).toBe(342)
  world.emulator.faults.clear()
  expect(await browser.get(url)).toMatchObject({ status: 302, location: '/' })
}, 30_000)

async function returnOfSomebody(world: LoginWorld): Promise<number> {
  const { status } = await world.browser().get(`/amazon_auth?state=acme&code=${world.codeFor()}`)
  return status
}

describe('memory', () => {
  test('a limit forgets the names that were quiet for longest', () => {
    const limit = createRateLimit(1, () => 0)
    limit.count('first')
    expect(limit.waitSeconds('first')).toBe(60)
    for (let name = 0; name < 20_000; name += 1) limit.count(String(name))
    expect(limit.waitSeconds('first')).toBe(0)
    expect(limit.waitSeconds('19999')).toBe(60)
  })

  test('a limit of 0 is none', () => {
    const limit = createRateLimit(0, () => 0)
    limit.count('name')
    expect(limit.waitSeconds('name')).toBe(0)
  })
})

test.each([
  ['192.0.2.77', '192.0.2.77/32', '192.0.2.0/24'],
  ['::ffff:192.0.2.77', '192.0.2.77/32', '192.0.2.0/24'],
  ['2001:0DB8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:db8::6', '2001:db8:0:0::/64', '2001:db8:0::/48'],
  ['::1', '0:0:0:0::/64', '0:0:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0::/48'],
  ['nonsense', 'unknown', 'unknown'],
  [undefined, 'unknown', 'unknown'],
])('the address %s is counted as %s and recorded as %s', (address, visitor, masked) => {
  expect(networkOf(address, VISITOR)).toBe(visitor)
  expect(networkOf(address, MASKED)).toBe(masked)
})
