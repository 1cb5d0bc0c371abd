import { startServer } from '../support/api'
import type { Answer, Browser } from '../support/browser'
import { startFaultProxy } from '../support/fault-proxy'
import { startHost, type Host } from '../support/host'
import { row } from '../support/row'
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server'

const JSON_ONLY = { accept: 'application/json' }
/** A second is promised; a busy machine gets two more. */
const SOON_MS = 3_000
const RECOVERY_MS = 10_000

describeWithRedis('Redis gone', () => {
  const closing: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const each of closing.splice(0).reverse()) await each.close()
  })
  const closeLater = <T extends { close(): Promise<void> }>(opened: T): T => {
    closing.push(opened)
    return opened
  }

  let slowestMs = 0
  beforeEach(() => (slowestMs = 0))
  async function soon(answer: Promise<Answer>): Promise<Answer> {
    const startedAtMs = performance.now()
    const answered = await answer
    slowestMs = Math.max(slowestMs, performance.now() - startedAtMs)
    expect(slowestMs).toBeLessThan(SOON_MS)
    return answered
  }
  const slowest = (): string => `slowest answer ${Math.round(slowestMs)} ms`

  async function expectNoSessions(host: Host, signedIn: Browser): Promise<void> {
    const whoami = await soon(signedIn.get('/whoami'))
    expect(whoami).toMatchObject({ status: 200, body: '{"isAuthenticated":false}' })
    expect((await soon(signedIn.get('/acme'))).status).toBe(503)
    expect((await soon(host.browser().get('/acme'))).status).toBe(401)

    const begun = await host.browser().get('/amazon_auth?state=acme')
    expect(begun.status).toBe(302)
    const browser = host.browser()
    const failed = await soon(host.signIn(browser, '/amazon_auth?state=acme'))
    expect(failed).toMatchObject({ status: 503, location: '' })
    expect(browser.cookies.has('amazon-auth')).toBe(false)

    const token = await soon(host.signIn(host.browser(), '/amazon_auth?state=zenith'))
    expect(token.location).toMatch(/^https:\/\/zenith\.example\/in\?jwt=eyJ/)
  }

  async function untilBack(isBack: () => Promise<boolean>): Promise<string> {
    const sinceMs = performance.now()
    while (!(await isBack())) {
      if (performance.now() - sinceMs > RECOVERY_MS) throw new Error('it was not seen to be back')
      await new Promise((again) => setTimeout(again, 50))
    }
    return `back in use after ${Math.round(performance.now() - sinceMs)} ms`
  }

  async function startBoth(): Promise<{ readonly redis: RedisServer; readonly host: Host }> {
    const redis = closeLater(await startRedis())
    const host = closeLater(await startHost({ options: { session: { storeUrl: redis.url } } }))
    return { redis, host }
  }

  const warnings = (host: Host) =>
    host.log.filter(({ message }) => message === 'Redis is not reachable')

  row('D14', 'Redis killed and started again, empty', async () => {
    const { redis, host } = await startBoth()
    const signedIn = host.browser()
    await host.signIn(signedIn, '/amazon_auth?state=acme')
    await redis.kill()
    await expectNoSessions(host, signedIn)
    await redis.start()
    // It has kept nothing, so the browser is signed in no more, and may sign in again.
    const recovery = await untilBack(async () => (await signedIn.get('/acme')).status === 401)
    await host.signIn(signedIn, '/amazon_auth?state=acme')
    expect((await signedIn.get('/acme')).status).toBe(200)
    // Each of both connections, for each reason once: that it has ended, and that nobody listens any more.
    const told = warnings(host).map(({ facts }) => [facts.purpose, facts.reason].join(' '))
    expect(new Set(told.map((each) => each.slice(0, 8))).size).toBe(2)
    expect(new Set(told).size).toBe(told.length)
    return `anonymous, 503 where a session is needed or made, tokens go on; ${slowest()}; ${recovery}`
  })

  row('D14', 'Redis silent on connections that stand', async () => {
    const { redis, host } = await startBoth()
    const signedIn = host.browser()
    await host.signIn(signedIn, '/amazon_auth?state=acme')
    redis.freeze()
    await expectNoSessions(host, signedIn)
    redis.thaw()
    const recovery = await untilBack(async () => (await signedIn.get('/acme')).status === 200)
    return `anonymous, 503 where a session is needed or made; ${slowest()}; sessions ${recovery}`
  })

  row('D14', '50 requests at once to a silent Redis', async () => {
    const { redis, host } = await startBoth()
    const signedIn = host.browser()
    await host.signIn(signedIn, '/amazon_auth?state=acme')
    redis.freeze()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => soon(signedIn.clone().get('/acme'))),
    )
    redis.thaw()
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
    return `50 times 503, ${slowest()}`
  })

  test('a script is told 503 with Retry-After when its sign-in cannot be kept', async () => {
    const { redis, host } = await startBoth()
    await redis.kill()
    const browser = host.browser()
    const begun = await browser.get('/amazon_auth?state=acme')
    const answer = await browser.get(await host.emulator.allow(begun.location), JSON_ONLY)
    expect(answer.status).toBe(503)
    expect(answer.headers['retry-after']).toBeDefined()
  })

  test('a server starts without it, and takes it when it comes', async () => {
    const redis = closeLater(await startRedis())
    await redis.kill()
    const host = closeLater(await startHost({ options: { session: { storeUrl: redis.url } } }))
    await host.auth.ready()
    expect(warnings(host).map(({ facts }) => facts.reason)).toEqual([
      'ECONNREFUSED',
      'ECONNREFUSED',
    ])
    const browser = host.browser()
    await redis.start()
    await untilBack(
      async () => (await host.signIn(browser, '/amazon_auth?state=acme')).location === '/',
    )
    expect((await browser.get('/acme')).status).toBe(200)
  })

  test('a server starts, and ends, when Redis takes connections and never says a word', async () => {
    const proxy = closeLater(await startFaultProxy())
    proxy.setFault({ stall: true })
    const conf = `para.session.store_url = "redis://${proxy.host}"`
    const server = await startServer({ conf })
    expect((await server.call('GET /v1/_health')).status).toBe(200)
    await server.close()
    expect(proxy.accepted).toBeGreaterThanOrEqual(2)
  })

  row('K1', 'Redis refuses the password of its address', async () => {
    const redis = closeLater(await startRedis('--requirepass', 'right-password'))
    const storeUrl = `redis://:wrong-password@127.0.0.1:${redis.port}`
    const host = closeLater(await startHost({ options: { session: { storeUrl } } }))
    await host.auth.ready()
    await host.signIn(host.browser(), '/amazon_auth?state=acme')
    expect(warnings(host)[0]).toMatchObject({ level: 'warn', facts: { reason: 'WRONGPASS' } })
    expect(JSON.stringify(host.log)).not.toMatch(/wrong-password|right-password/)
    return 'the log has WRONGPASS, and no password'
  })
})
