import { createAppDirectory } from '../../src/apps/app-directory'
import { NO_NEWS } from '../../src/apps/app-changes'
import { createSealer } from '../../src/crypto/sealer'
import { startServer } from '../support/api'
import { send } from '../support/browser'
import { startHost } from '../support/host'
import { showFlood, showSlowClients, showSoak } from '../support/load/crowd-rows'
import { describeLoadRows } from '../support/load/load-rows'
import { createTestDatabase, describeOnPostgres } from '../support/postgres'
import { row, sized } from '../support/row'
import { StoreFile } from '../support/store-file'

describe('SQLite', () => {
  describeLoadRows({
    create() {
      const file = new StoreFile()
      return Promise.resolve({ url: file.url, drop: () => file.remove() })
    },
  })
})

describeOnPostgres('PostgreSQL', () => {
  describeLoadRows({ create: () => createTestDatabase() })
})

const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of running.splice(0)) await each.close()
})

row('O3', 'an address fails too often at one app', async () => {
  const server = await startServer({ conf: 'para.limits.failures_per_minute = 3' })
  running.push(server)
  for (const app of ['acme', 'zenith']) await server.createApp(app)
  const ask = (path: string, address: string) =>
    server.call(`GET ${path}`, { headers: { 'x-forwarded-for': address } })
  for (let n = 0; n < 3; n += 1) {
    expect((await ask('/amazon_auth?state=acme&code=', '192.0.2.1')).status).toBe(302)
  }
  for (const path of ['/amazon_auth?state=acme', '/amazon_auth?state=acme&code=x']) {
    const refused = await ask(path, '192.0.2.1')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  }
  expect((await ask('/amazon_auth?state=acme', '192.0.2.2')).status).toBe(302)
  expect((await ask('/amazon_auth?state=zenith', '192.0.2.1')).status).toBe(302)
  expect(server.emulator.journal.count('/auth/o2/token')).toBe(0)
  return '429 with Retry-After for that address and app; other addresses and other apps go on'
})

row('O3', 'an app has had its sign-ins of a minute', async () => {
  const server = await startServer({ conf: 'para.limits.logins_per_minute = 2' })
  running.push(server)
  for (const app of ['acme', 'zenith']) await server.createApp(app)
  await server.signIn('acme')
  await server.signIn('acme')
  const refused = await server.call('GET /amazon_auth?state=acme')
  expect(refused.status).toBe(429)
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  await server.signIn('zenith')
  server.moveClock(60_000)
  await server.signIn('acme')
  return '429 with Retry-After from anywhere until the minute is over; another app goes on'
})

row('O3', 'X-Forwarded-For is forged where no proxy is trusted', async () => {
  const host = await startHost({ options: { limits: { failuresPerMinute: 3 } } })
  running.push(host)
  const statuses: number[] = []
  for (let n = 0; n < 6; n += 1) {
    const headers = { 'x-forwarded-for': `192.0.2.${n}` }
    const url = new URL('/amazon_auth?state=acme&code=', host.origin)
    statuses.push((await send(url, { headers })).status)
  }
  expect(statuses).toEqual([401, 401, 401, 429, 429, 429])
  return 'a new address each time does not help: 429 after 3'
})

row('O6', 'clients begin requests and never end them', showSlowClients, 120_000)

row('O7', 'a flood of ids that no app has', showFlood, sized({ short: 120_000, long: 600_000 }))

row('O7', 'such ids, asked for again and again, with a store that counts', async () => {
  const ids = 15_000
  let reads = 0
  const directory = createAppDirectory({
    store: {
      find: () => {
        reads += 1
        return Promise.resolve(undefined)
      },
      list: () => Promise.resolve([]),
    },
    sealer: createSealer(() => ['a-master-key-of-the-tests-0123456789'], 'secrets at rest'),
    rootId: 'para',
    rootSecret: undefined,
    configured: { isHosted: false, find: () => Promise.resolve(undefined) },
    add: () => Promise.resolve(),
    changes: NO_NEWS,
    cacheTtlMs: 60_000,
  })
  for (let round = 0; round < 5; round += 1) {
    for (let id = 0; id < ids; id += 1) expect(await directory.find(`none${id}`)).toBeUndefined()
  }
  expect(reads).toBe(ids)
  return `${ids} ids, 5 times each within the life of the cache: ${reads} reads`
})

row('O8', 'logins go on and on', showSoak, sized({ short: 120_000, long: 3_000_000 }))
