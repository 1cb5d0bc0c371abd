import type { Logger } from '../../../src/logger'
import { openRedis, type Redis } from '../../../src/store/redis/open-redis'
import { startServer, type TestServer } from '../../support/api'
import { describeWithRedis, startRedis, type RedisServer } from '../../support/redis-server'
import { until } from '../../support/until'

const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

describeWithRedis('what nodes share over Redis', () => {
  let redis: RedisServer
  const closing: { close(): Promise<void> }[] = []
  beforeEach(async () => (redis = await startRedis()))
  afterEach(async () => {
    for (const each of closing.splice(0)) await each.close()
    await redis.close()
  })

  describe('news of changed apps', () => {
    async function listen(): Promise<{ readonly node: Redis; readonly news: unknown[] }> {
      const node = openRedis({ url: redis.url, name: 'para', idleSeconds: 60, logger: SILENT })
      closing.push(node)
      const news: unknown[] = []
      node.changes.subscribe((appId) => news.push(appId))
      await node.ready()
      return { node, news }
    }

    test('reach every node, the one that tells them too', async () => {
      const [a, b] = [await listen(), await listen()]
      const before = b.news.length
      a.node.changes.publish('acme')
      a.node.changes.publish('zenith')
      await until(() => b.news.length === before + 2)
      expect(b.news.slice(before)).toEqual(['acme', 'zenith'])
      await until(() => a.news.includes('zenith'))
    })

    test('stay within installations of one name', async () => {
      const a = await listen()
      const other = openRedis({ url: redis.url, name: 'other', idleSeconds: 60, logger: SILENT })
      closing.push(other)
      await other.ready()
      other.changes.publish('acme')
      a.node.changes.publish('zenith')
      await until(() => a.news.includes('zenith'))
      expect(a.news).not.toContain('acme')
    })

    test('after a connection was lost a node is told that it may have missed some', async () => {
      const { news } = await listen()
      await redis.kill()
      await redis.start()
      await until(() => news.length === 2)
      expect(news).toEqual([undefined, undefined])
    })

    test('what is published just before closing still arrives', async () => {
      const b = await listen()
      const a = openRedis({ url: redis.url, name: 'para', idleSeconds: 60, logger: SILENT })
      await a.ready()
      a.changes.publish('acme')
      await a.close()
      await until(() => b.news.includes('acme'))
    })
  })

  describe('limits', () => {
    const FAIL = 'GET /amazon_auth?state=acme&code='
    let a: TestServer
    let b: TestServer
    async function startTwo(conf: string): Promise<void> {
      const shared = `para.session.store_url = "${redis.url}"\n${conf}`
      a = await startServer({ conf: shared })
      b = await startServer({ conf: shared })
      closing.push(a, b)
      await a.createApp('acme')
      await b.createApp('acme')
    }
    const counted = async (count: number): Promise<boolean> =>
      Array.from((await redis.contents()).values()).includes(String(count))

    test('O3 failures on one node count on the others; an address that has had them all is refused there', async () => {
      await startTwo('para.limits.failures_per_minute = 3')
      for (let count = 0; count < 3; count += 1) expect((await a.call(FAIL)).status).toBe(302)
      expect((await a.call(FAIL)).status).toBe(429)
      await until(() => counted(3))
      // The first one there is let through, and brings the news.
      expect((await b.call(FAIL)).status).toBe(302)
      await until(async () => (await b.call(FAIL)).status === 429)
      const refused = await b.call(FAIL)
      expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60)
      expect((await b.call(FAIL, { headers: { 'x-forwarded-for': '192.0.2.9' } })).status).toBe(302)
    })

    test('O3 without Redis each node goes on counting by itself', async () => {
      await startTwo('para.limits.failures_per_minute = 3')
      await redis.kill()
      for (let count = 0; count < 3; count += 1) expect((await a.call(FAIL)).status).toBe(302)
      expect((await a.call(FAIL)).status).toBe(429)
      expect((await b.call(FAIL)).status).toBe(302)
    })
  })
})
