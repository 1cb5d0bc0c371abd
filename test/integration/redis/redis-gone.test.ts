import { startServer } from '../../support/api'
import type { Answer, Browser } from '../../support/browser'
import { startFaultProxy } from '../../support/fault-proxy'
import { startHost, type Host } from '../../support/host'
import { describeWithRedis, startRedis, type RedisServer } from '../../support/redis-server'

const JSON_ONLY = { accept: 'application/json' }
/** A second is promised; a busy machine gets another. */
const SOON_MS = 2_000
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

  async function soon(answer: Promise<Answer>): Promise<Answer> {
    const startedAtMs = performance.now()
    const answered = await answer
    expect(performance.now() - startedAtMs).toBeLessThan(SOON_MS)
    return answered
  }

  async function expectNoSessions(host: Host, signedIn: Browser): Promise<void> {
    const whoami = await soon(signedIn.get('/whoami'))
    expect(whoami).toMatchObject({ status: 200, body: '{"isAuthenticated":false}' })
    expect((await soon(signedIn.get('/acme'))).status).toBe(503)
    expect((await soon(host.browser().get('/acme'))).status).toBe(401)

    const begun = await host.browser().get('/amazon_auth?state=acme')
    expect(begun.status).toBe(302)
    const browser = host.browser()
    const failed = await soon(host.signIn(browser, '/amazon_auth?state=acme'))
    expect(failed).toMatchObject({ status: 302, location: '/signin?error' })
    expect(browser.cookies.has('amazon-auth')).toBe(false)

    const token = await soon(host.signIn(host.browser(), '/amazon_auth?state=zenith'))
    expect(token.location).toMatch(/^https:\/\/zenith\.example\/in\?jwt=eyJ/)
  }

  async function untilBack(isBack: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + RECOVERY_MS
    while (!(await isBack())) {
      if (Date.now() > deadline) throw new Error('Redis is back, and the server has not seen it')
      await new Promise((again) => setTimeout(again, 50))
    }
  }

  async function startBoth(): Promise<{ readonly redis: RedisServer; readonly host: Host }> {
    const redis = closeLater(await startRedis())
    const host = closeLater(await startHost({ options: { session: { storeUrl: redis.url } } }))
    return { redis, host }
  }

  const warnings = (host: Host) =>
    host.log.filter(({ message }) => message === 'Redis is not reachable')

  test('D14 killed: anonymous, 503 where a session is needed or made, tokens go on; it recovers alone', async () => {
    const { redis, host } = await startBoth()
    const signedIn = host.browser()
    await host.signIn(signedIn, '/amazon_auth?state=acme')
    await redis.kill()
    await expectNoSessions(host, signedIn)
    await redis.start()
    // It has kept nothing, so the browser is signed in no more, and may sign in again.
    await untilBack(async () => (await signedIn.get('/acme')).status === 401)
    await host.signIn(signedIn, '/amazon_auth?state=acme')
    expect((await signedIn.get('/acme')).status).toBe(200)
    expect(warnings(host)).toHaveLength(2)
  })

  test('D14 silent on connections that stand: the same, and the sessions are there when it speaks again', async () => {
    const { redis, host } = await startBoth()
    const signedIn = host.browser()
    await host.signIn(signedIn, '/amazon_auth?state=acme')
    redis.freeze()
    await expectNoSessions(host, signedIn)
    redis.thaw()
    await untilBack(async () => (await signedIn.get('/acme')).status === 200)
  })

  test('D14 fifty requests at once are all answered, and none of them waits for another', async () => {
    const { redis, host } = await startBoth()
    const signedIn = host.browser()
    await host.signIn(signedIn, '/amazon_auth?state=acme')
    redis.freeze()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => soon(signedIn.clone().get('/acme'))),
    )
    redis.thaw()
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
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

  test('K1 a wrong password is told to the log by its code, without the password', async () => {
    const redis = closeLater(await startRedis('--requirepass', 'right-password'))
    const storeUrl = `redis://:wrong-password@127.0.0.1:${redis.port}`
    const host = closeLater(await startHost({ options: { session: { storeUrl } } }))
    await host.auth.ready()
    await host.signIn(host.browser(), '/amazon_auth?state=acme')
    expect(warnings(host)[0]).toMatchObject({ level: 'warn', facts: { reason: 'WRONGPASS' } })
    expect(JSON.stringify(host.log)).not.toMatch(/wrong-password|right-password/)
  })
})
