import { createClient } from '../../../src/client'
import { openSqlStore, type SqlStore } from '../../../src/store/sql/open-sql-store'
import type { AuditEvent } from '../../../src/audit/audit-event'
import { describeOnPostgres, reuseDatabases } from '../../support/postgres'
import { silentLogger } from '../store/open-store'
import { Workplace, type Running } from './command-line'

const HOUR_MS = 3_600_000
const KEY = 'key-0123456789-abcdefghijklmnopqrstuvwxyz'

// Each test runs the command several times.
jest.setTimeout(120_000)

let place: Workplace
let url: string
let store: SqlStore

function build(values: Partial<AuditEvent> = {}): AuditEvent {
  return {
    atMs: Date.now(),
    app: 'shop',
    outcome: 'success',
    reason: 'ok',
    way: 'browser',
    userId: '1001',
    requestId: 'r-1',
    network: '192.0.2.0/24',
    ...values,
  }
}

function start(...args: readonly string[]): Running {
  return place.start(['audit', ...args], { para_store_url: url, para_secret_key: KEY })
}

async function events(
  ...args: readonly string[]
): Promise<readonly (AuditEvent & { time: string })[]> {
  const running = start(...args, '--json')
  expect([await running.exit(), running.stderr]).toEqual([0, ''])
  return running.stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

const idsOf = (told: readonly AuditEvent[]) => told.map(({ requestId }) => requestId)

function describeAudits(
  kind: string,
  create: (place: Workplace) => Promise<{ url: string; drop(): Promise<void> }>,
) {
  describe(`the audit trail in ${kind}`, () => {
    let target: Awaited<ReturnType<typeof create>>
    beforeEach(async () => {
      place = new Workplace()
      target = await create(place)
      url = target.url
      store = openSqlStore({
        url: url.replace(':', `:${url.startsWith('sqlite') ? `${place.folder}/` : ''}`),
        logger: silentLogger,
      })
      await store.ready()
    })
    afterEach(async () => {
      await store.close()
      await place.clear()
      await target.drop()
    })

    test('is told latest last, of one app, of one outcome, from and until a time, and the latest so many', async () => {
      const now = Date.now()
      await store.audit.append([
        build({ requestId: 'old', atMs: now - 5 * HOUR_MS }),
        build({
          requestId: 'failed',
          atMs: now - HOUR_MS,
          outcome: 'failure',
          reason: 'state_mismatch',
        }),
        build({ requestId: 'other', atMs: now - 60_000, app: 'news' }),
      ])
      expect(idsOf(await events())).toEqual(['old', 'failed', 'other'])
      expect(idsOf(await events('--since', '2h'))).toEqual(['failed', 'other'])
      expect(idsOf(await events('--since', '6h', '--until', '30m'))).toEqual(['old', 'failed'])
      expect(idsOf(await events('--app', 'app:news'))).toEqual(['other'])
      expect(idsOf(await events('--app', 'shop', '--outcome', 'failure'))).toEqual(['failed'])
      expect(idsOf(await events('--limit', '2'))).toEqual(['failed', 'other'])
      const [first] = await events('--since', new Date(now - 6 * HOUR_MS).toISOString())
      expect(first).toEqual({
        id: expect.any(String),
        time: new Date(now - 5 * HOUR_MS).toISOString(),
        ...build({ requestId: 'old', atMs: now - 5 * HOUR_MS }),
      })
    })

    test('is told whole where many happened in one millisecond', async () => {
      const atMs = Date.now() - 1_000
      const names = Array.from({ length: 1_203 }, (_, n) => `r-${n}`)
      await store.audit.append(names.map((requestId) => build({ requestId, atMs })))
      const told = idsOf(await events('--since', '1h'))
      expect(told).toHaveLength(names.length)
      expect(new Set(told)).toEqual(new Set(names))
    })

    test('followed, tells each event once, a late one, too, until Ctrl+C', async () => {
      const now = Date.now()
      await store.audit.append([build({ requestId: 'before-1' }), build({ requestId: 'before-2' })])
      const following = start('--follow', '--json')
      await following.said(/before-2/)
      await store.audit.append([build({ requestId: 'during' })])
      await following.said(/during/)
      await store.audit.append([build({ requestId: 'late', atMs: now - 3_000 })])
      await following.said(/"late"/)
      await store.audit.append([build({ requestId: 'last' })])
      await following.said(/"last"/)
      following.child.kill('SIGINT')
      expect([await following.exit(), following.stderr]).toEqual([0, ''])
      const told = following.stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line))
      expect(idsOf(told)).toEqual(
        ['before-1', 'before-2', 'during', 'late', 'last'].sort((a, b) =>
          // Two of the same millisecond have no order.
          a.startsWith('before') && b.startsWith('before')
            ? idsOf(told).indexOf(a) - idsOf(told).indexOf(b)
            : 0,
        ),
      )
    })
  })
}

describeAudits('SQLite', () =>
  Promise.resolve({ url: 'sqlite:store.db', drop: () => Promise.resolve() }),
)
describeOnPostgres('with a server', () => describeAudits('PostgreSQL', reuseDatabases()))

describe('the audit command', () => {
  beforeEach(() => {
    place = new Workplace()
    url = 'sqlite:store.db'
  })
  afterEach(() => place.clear())

  test('tells what a server that runs has just written, as a table that steers no terminal', async () => {
    const server = await place.listen(['serve'], { para_store_url: url, para_port: '0' })
    const client = createClient({ url: server.origin, accessKey: 'app:x', secretKey: KEY })
    await client.signIn.withAmazonToken({ app: 'nosuch', token: 'Atza|x' }).catch(() => undefined)
    const following = start('--follow')
    await following.said(/nosuch/)
    const beside = openSqlStore({ url: `sqlite:${place.path('store.db')}`, logger: silentLogger })
    await beside.audit.append([
      build({ app: 'evil\u001b[2J\u202e\nroot', step: 'issue_token', tookMs: 312, amazonMs: 290 }),
    ])
    await beside.close()
    await following.said(/evil/)
    following.child.kill('SIGINT')
    expect(await following.exit()).toBe(0)
    expect(following.stdout).toMatch(/^time +app +outcome +reason/)
    expect(following.stdout).toMatch(/^\d{4}-\S+Z {2}nosuch +failure +request_invalid /m)
    expect(following.stdout).toContain('evil\\u001b[2J\\u202e\\nroot')
    expect(following.stdout).toMatch(/ issue_token +312 +290$/m)
  })

  test('ends quietly when its reader has seen enough', async () => {
    await place.start(['apps', 'list'], { para_store_url: url }).exit()
    const running = start('--follow')
    running.child.stdout?.destroy()
    expect([await running.exit(), running.stderr]).toEqual([0, ''])
  })

  test.each([
    ['a time that is none', ['--since', 'yesterday'], 'how long ago: 30m, 2h, 7d'],
    ['a day that is none', ['--since', '2026-13-01'], 'a date such as'],
    ['a server', ['--url', 'https://auth.example.com'], 'audit reads the store'],
    ['a store that is not there', [], 'There is no store'],
  ])('refuses %s', async (_what, args, told) => {
    const running = start(...args)
    expect(await running.exit()).toBe(1)
    expect(running.stderr).toContain(told)
  })
})
