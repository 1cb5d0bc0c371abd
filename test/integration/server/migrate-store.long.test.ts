import { copyFileSync, readFileSync } from 'node:fs'

import { buildUser, openStore } from '../store/open-store'
import { describeOnPostgres, reuseDatabases } from '../../support/postgres'
import { inDatabase, Workplace, type Ended, type Running } from './command-line'
import { killAt } from './kill-at'

const USERS = 3_000

// Each test runs the command several times.
jest.setTimeout(120_000)

let place: Workplace
beforeEach(async () => {
  place = new Workplace()
  await place.run(['apps', 'create', 'shop', '--signin-success', '/in', '--set', 'motto="é 🧀"'])
  await place.run(['apps', 'create', 'news'])
  await addUsers()
})
afterEach(() => place.clear())

const OLD = 'sqlite:data/amazon-auth.db'

async function addUsers(): Promise<void> {
  const store = openStore(`sqlite:${place.path('data/amazon-auth.db')}`)
  await store.users.upsert(buildUser({ name: 'Zoë \u202e', email: "o'hara@example.com" }), {})
  await store.sessions.put('hash', { data: '{}', expiresAtMs: 1_900_000_000_000 })
  await store.close()
  inOld(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${USERS - 1})
    INSERT INTO users SELECT CASE i % 2 WHEN 0 THEN 'shop' ELSE 'news' END, CAST(5000 + i AS TEXT), 'az:' || i,
      'u' || i || '@example.com', 'User ' || i, '', 'users', 1, 'secret' || i, 0, i, i,
      CASE i % 3 WHEN 0 THEN '{"postal_code":"' || i || '"}' END, CASE i % 2 WHEN 0 THEN 'profile' END FROM n`)
}

function inOld(sql: string): void {
  inDatabase(place.path('data/amazon-auth.db'), sql)
}

const masterKey = (): string => readFileSync(place.path('data/amazon-auth.db.key'), 'utf8').trim()

const moveTo = (to: string, from = OLD) => ['migrate-store', '--from', from, '--to', to, '--json']

/** In a process of its own. */
function start(to: string): Running {
  return place.start(moveTo(to), { para_secret_key: masterKey() })
}

function migrate(to: string, from = OLD, para_secret_key = masterKey()): Promise<Ended> {
  return place.run(moveTo(to, from), '', { para_secret_key })
}

interface Report {
  readonly name: string
  readonly rows: number
  readonly checksum: string
  readonly differing: readonly string[]
}

const reportOf = ({ stdout }: Ended) => JSON.parse(stdout) as readonly Report[]

function describeMoves(
  kind: string,
  create: () => Promise<{ url: string; drop(): Promise<void> }>,
) {
  describe(`migrate-store to ${kind}`, () => {
    let target: Awaited<ReturnType<typeof create>>
    beforeEach(async () => {
      target = await create()
    })
    afterEach(() => target.drop())

    test('moves all tables, proves it by counts and checksums, and back again', async () => {
      const there = await migrate(target.url)
      expect(there.stderr).toBe('')
      expect(there.exitCode).toBe(0)
      const rows = Object.fromEntries(reportOf(there).map(({ name, rows: count }) => [name, count]))
      expect(rows).toMatchObject({ apps: 3, settings: 2, users: USERS, sessions: 1 })
      const back = await migrate('sqlite:back.db', target.url)
      expect(back.exitCode).toBe(0)
      expect(reportOf(back)).toEqual(reportOf(there))
    })

    test('killed again and again, it goes on where it stopped', async () => {
      let kills = 0
      for (const users of [1, USERS / 3, USERS - 10]) {
        if (await killAt(start(target.url), users, { url: target.url, place })) kills += 1
      }
      expect(kills).toBeGreaterThan(0)
      expect((await migrate(target.url)).exitCode).toBe(0)
    })

    test('a target that holds other data is refused, and stays as it is', async () => {
      expect((await migrate(target.url)).exitCode).toBe(0)
      const again = await migrate(target.url)
      expect(again.exitCode).toBe(1)
      expect(again.stderr).toContain('a move needs an empty store')
    })

    test('what was written to the source behind its back is reported, and moved by the next run', async () => {
      const running = start(target.url)
      const deadline = Date.now() + 15_000
      while (running.exitCode === null && Date.now() < deadline) {
        await new Promise((again) => setTimeout(again, 30))
        inOld(`UPDATE users SET name = name || 'x' WHERE id = '5002'`)
      }
      // The last change may have come before its page was read.
      if ((await running.exit()) === 1) {
        expect(running.stderr).toContain('users: shop')
        expect((await migrate(target.url)).exitCode).toBe(0)
      }
      expect(running.stderr).not.toMatch(/^\s+at /m)
    })

    test('without the key that opens the secrets nothing is moved', async () => {
      const refused = await migrate(target.url, OLD, 'another-key-0123456789-abcdefghijklmnop')
      expect(refused.exitCode).toBe(1)
      expect(refused.stderr).toContain('none of the keys of para.secret_key opens')
      expect((await migrate(target.url)).exitCode).toBe(0)
    })
  })
}

describeMoves('SQLite', () =>
  Promise.resolve({ url: 'sqlite:new/store.db', drop: () => Promise.resolve() }),
)
describeOnPostgres('with a server', () => describeMoves('PostgreSQL', reuseDatabases()))

test('an SQLite file with the key of the old one beside it needs no configured key', async () => {
  await place.run(['migrate-store', '--from', OLD, '--to', 'sqlite:new.db'])
  const without = await place.run(['migrate-store', '--from', OLD, '--to', 'sqlite:new.db'])
  expect(without.exitCode).toBe(1)
  expect(without.stderr).toContain('new.db.key')
  copyFileSync(place.path('data/amazon-auth.db.key'), place.path('new.db.key'))
  const moved = await place.run(['migrate-store', '--from', OLD, '--to', 'sqlite:new.db'])
  expect(moved.stdout).toMatch(/^users +3000 +[0-9a-f]{16} +the same$/m)
  expect(moved.exitCode).toBe(0)
})

test.each([
  ['a file that is not there', 'sqlite:gone.db', 'sqlite:new.db', '--from: there is no file'],
  ['itself', OLD, OLD, 'are the same store'],
  ['memory', OLD, 'sqlite::memory:', 'A store in memory ends'],
  ['no store', OLD, 'mysql://x', '--to: store.url must be'],
])('refuses %s', async (_what, from, to, problem) => {
  const refused = await place.run(['migrate-store', '--from', from, '--to', to])
  expect(refused.exitCode).toBe(1)
  expect(refused.stderr).toContain(problem)
})
