import { startHost, type Host } from '../../support/host'
import { describeWithRedis, startRedis, type RedisServer } from '../../support/redis-server'

const IDLE_SECONDS = 1_000

describeWithRedis('browser sessions in Redis', () => {
  let redis: RedisServer
  let host: Host
  beforeEach(async () => {
    redis = await startRedis()
    host = await startHost({
      options: { session: { storeUrl: redis.url, idleTimeout: IDLE_SECONDS } },
    })
  })
  afterEach(async () => {
    await host.close()
    await redis.close()
  })

  const sessionKeys = async () =>
    Array.from((await redis.contents()).keys()).filter((key) => key.includes(':session:'))

  test('a sign-in lies there for as long as it may be idle, and signing out removes it', async () => {
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=acme')
    expect((await browser.get('/acme')).status).toBe(200)
    const [key = '', ...others] = await sessionKeys()
    expect(others).toEqual([])
    const lifeMs = await redis.lifeOf(key)
    expect(lifeMs).toBeGreaterThan((IDLE_SECONDS - 60) * 1000)
    expect(lifeMs).toBeLessThanOrEqual(IDLE_SECONDS * 1000)

    await browser.send('/amazon_auth/logout', { method: 'POST' })
    expect(await sessionKeys()).toEqual([])
    expect((await browser.get('/acme')).status).toBe(401)
  })

  test('K2 a copy of Redis opens no session: it has the id hashed only', async () => {
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=acme')
    const cookie = decodeURIComponent(browser.cookies.get('amazon-auth') ?? '')
    const [id = ''] = cookie.slice('s:'.length).split('.')
    expect(id).toMatch(/^[\w-]{32}$/)
    const everything = JSON.stringify(Array.from(await redis.contents()))
    expect(everything).toContain('amazon-auth:para:session:')
    expect(everything).not.toContain(id)
  })

  test('J1 signing in again renews the session id, and the old one is gone', async () => {
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=acme')
    const before = browser.clone()
    await host.signIn(browser, '/amazon_auth?state=acme')
    expect((await before.get('/acme')).status).toBe(401)
    expect((await browser.get('/acme')).status).toBe(200)
    expect(await sessionKeys()).toHaveLength(1)
  })

  test.each([['not JSON'], ['{"no":"cookie"}'], ['5']])(
    'J15 a session that reads %s leaves its browser anonymous',
    async (text) => {
      const browser = host.browser()
      await host.signIn(browser, '/amazon_auth?state=acme')
      const [key = ''] = await sessionKeys()
      await redis.put(key, text)
      expect((await browser.get('/acme')).status).toBe(401)
      expect((await browser.get('/whoami')).body).toContain('"isAuthenticated":false')
    },
  )
})
