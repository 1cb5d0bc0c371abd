import { readFileSync, statSync, writeFileSync } from 'node:fs'

import Database from 'libsql'

import { formatCells, parseCells } from '../../../src/server/relink/csv'
import { describeOnPostgres, reuseDatabases, runSql } from '../../support/postgres'
import { buildUser, openStore } from '../store/open-store'
import type { User } from '../../../src/users/user'
import { Workplace, type Ended } from './command-line'

// Some tests run several processes.
jest.setTimeout(120_000)

const SWITCH = Date.UTC(2026, 10, 1)
const BEFORE = SWITCH - 86_400_000
const AFTER = SWITCH + 86_400_000

let place: Workplace
let url: string
beforeEach(() => {
  place = new Workplace()
})
afterEach(() => place.clear())

async function useStore(storeUrl: string, users: readonly Partial<User>[]): Promise<void> {
  url = storeUrl
  place.write('application.conf', [
    `para.store.url = "${storeUrl}"`,
    'para.secret_key = "master-key-of-these-tests-0123456789"',
  ])
  await place.run(['apps', 'create', 'shop'])
  const store = openStore(storeUrl.replace('sqlite:', `sqlite:${place.folder}/`))
  for (const user of users) await store.users.upsert(buildUser(user), {})
  await store.close()
}

const relink = (...args: string[]): Promise<Ended> => place.run(['users', 'relink', ...args])

async function done(...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await relink(...args)
  // What takes long tells how far it is.
  expect([stderr.replace(/^\d+ of \d+ [a-z ]+\n/gm, ''), exitCode]).toEqual(['', 0])
  return stdout
}

async function refused(...args: string[]): Promise<string> {
  const { stderr, exitCode } = await relink(...args)
  expect(exitCode).toBe(1)
  expect(stderr).not.toMatch(/^\s+at /m)
  return stderr
}

const plan = () => done('plan', 'shop', '--since', '2026-11-01', '--out', 'pairs.csv', '--force')

const linesOf = (): string[] => readFileSync(place.path('pairs.csv'), 'utf8').trimEnd().split('\n')

function pairs(): Record<string, string>[] {
  const [header = '', ...rest] = linesOf()
  const names = parseCells(header.replace('\ufeff', ''), ',') ?? []
  return rest.map((line) => {
    const cells = parseCells(line, ',') ?? []
    return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']))
  })
}

function edit(change: (text: string) => string): void {
  writeFileSync(place.path('pairs.csv'), change(readFileSync(place.path('pairs.csv'), 'utf8')))
}

async function users(): Promise<Map<string, User>> {
  const store = openStore(url.replace('sqlite:', `sqlite:${place.folder}/`))
  const page = { offset: 0, limit: 100, sort: 'id', descending: false } as const
  const { users: all } = await store.users.list('shop', page)
  await store.close()
  return new Map(all.map((user) => [user.id, user]))
}

const identifierOf = async (id: string) => (await users()).get(id)?.identifier

const old = (id: string, values: Partial<User> = {}): Partial<User> => ({
  id,
  identifier: `az:OLD.${id}`,
  createdAtMs: BEFORE,
  updatedAtMs: BEFORE,
  ...values,
})
const fresh = (id: string, values: Partial<User> = {}): Partial<User> => ({
  id,
  identifier: `az:NEW.${id}`,
  createdAtMs: AFTER,
  updatedAtMs: AFTER,
  ...values,
})

const ANN = [old('1'), fresh('2')]

function describeRelinking(
  kind: string,
  create: () => Promise<{ url: string; drop(): Promise<void> }>,
): void {
  describe(`users relink on ${kind}`, () => {
    let store: Awaited<ReturnType<typeof create>>
    beforeEach(async () => {
      store = await create()
    })
    afterEach(() => store.drop())

    test('plans, applies and undoes; each may be run again', async () => {
      await useStore(store.url, [...ANN, old('3', { email: 'x@example.com' })])
      const before = await users()
      expect(await plan()).toBe(
        '1 pair of 3 users, 0 of them doubtful and set to no. Nothing was changed yet: look at the pairs, then apply them.\n',
      )
      expect(await users()).toEqual(before)
      expect(await refused('apply', 'pairs.csv')).toContain(
        'users relink undo gives back what they had, but no session or token that has ended. If you mean it, say so with --yes',
      )
      expect(await refused('undo', 'pairs.csv')).toContain(
        'users relink apply does the pairs again',
      )
      expect(await done('apply', 'pairs.csv', '--yes')).toBe(
        '1 pair relinked, 0 were already, 0 left as they are.\n',
      )
      const after = await users()
      expect(after.get('1')).toMatchObject({ identifier: 'az:NEW.2', active: true })
      expect(after.get('2')).toMatchObject({ identifier: 'relinked:1:2', active: false })
      expect(after.get('3')).toEqual(before.get('3'))
      expect((await place.run(['users', 'list', 'shop'])).stdout).toMatch(
        /^2 +locked, relinked +since /m,
      )
      expect(await done('apply', 'pairs.csv', '--yes')).toContain('0 pairs relinked, 1 was already')
      expect(await done('undo', 'pairs.csv', '--yes')).toContain('1 pair undone, 0 were already')
      expect(await done('undo', 'pairs.csv', '--yes')).toContain('0 pairs undone, 1 was already')
      const back = await users()
      for (const id of ['1', '2']) {
        const { identifier, active, name, email } = before.get(id) ?? buildUser()
        expect(back.get(id)).toMatchObject({ identifier, active, name, email })
      }
    })

    test('two at once with the same file do each pair once', async () => {
      const many = Array.from({ length: 120 }, (_, n) => [
        old(`1${n}`, { email: `u${n}@example.com` }),
        fresh(`2${n}`, { email: `u${n}@example.com` }),
      ])
      await useStore(store.url, many.flat())
      await plan()
      const both = [0, 1].map(() => place.start(['users', 'relink', 'apply', 'pairs.csv', '--yes']))
      expect(await Promise.all(both.map((one) => one.exit()))).toEqual([0, 0])
      const counts = both.map(({ stdout }) => {
        const [, now, already] =
          /^(\d+) pairs? relinked, (\d+) (?:was|were) already, 0 left/.exec(stdout) ?? []
        return [Number(now), Number(already)]
      })
      expect(counts.map(([now = 0, already = 0]) => now + already)).toEqual([120, 120])
      expect(counts.reduce((sum, [now = 0]) => sum + now, 0)).toBe(120)
      const all = [...(await users()).values()]
      expect(
        all.every(({ active, identifier }) => active === identifier.startsWith('az:NEW')),
      ).toBe(true)
    })

    test('killed (-9) half-way, it goes on when it is run again', async () => {
      const count = 3000
      await useStore(store.url, [])
      await fill(count)
      await plan()
      const first = place.start(['users', 'relink', 'apply', 'pairs.csv', '--yes'])
      while (first.exitCode === null && (await relinked()) < 300) await pause()
      first.child.kill('SIGKILL')
      await first.exit()
      const half = await relinked()
      expect(half % 50).toBe(0)
      const told = await done('apply', 'pairs.csv', '--yes')
      expect(told).toBe(
        `${count - half} pairs relinked, ${half} were already, 0 left as they are.\n`,
      )
      expect(await relinked()).toBe(count)
      expect(await done('undo', 'pairs.csv', '--yes')).toContain(`${count} pairs undone`)
      expect(await relinked()).toBe(0)
    })

    const pause = () => new Promise((again) => setTimeout(again, 2))
    const RELINKED =
      "SELECT count(*) AS n FROM users WHERE active = 0 AND identifier LIKE 'relinked:%'"

    async function relinked(): Promise<number> {
      if (url.startsWith('postgres')) return Number((await runSql(url, RELINKED))[0]?.n)
      const database = new Database(place.path('store.db'), { readonly: true })
      try {
        return (database.prepare(RELINKED).get() as { n: number }).n
      } finally {
        database.close()
      }
    }

    async function fill(count: number): Promise<void> {
      const rows = (side: 'OLD' | 'NEW', first: number, at: number) =>
        `INSERT INTO users SELECT 'shop', CAST(${first} + i AS TEXT), 'az:${side}.' || i, 'u' || i || '@example.com',
          'User ' || i, '', 'users', 1, 'secret' || i, 0, ${at}, ${at}, NULL, NULL FROM n`
      for (const [side, first, at] of [
        ['OLD', 100_000, BEFORE],
        ['NEW', 200_000, AFTER],
      ] as const) {
        const numbers = `n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`
        const text = `WITH RECURSIVE ${numbers} ${rows(side, first, at)}`
        if (url.startsWith('postgres')) await runSql(url, text)
        else {
          const database = new Database(place.path('store.db'))
          database.exec(text)
          database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
          database.close()
        }
      }
    }
  })
}

describeRelinking('SQLite', () =>
  Promise.resolve({ url: 'sqlite:store.db', drop: () => Promise.resolve() }),
)

describeOnPostgres('a PostgreSQL server', () => {
  describeRelinking('PostgreSQL', reuseDatabases())
})

describe('a plan', () => {
  const use = (all: readonly Partial<User>[]) => useStore('sqlite:store.db', all)

  test('says yes where nothing speaks against a pair, and no with the reason elsewhere', async () => {
    const doubts: Record<string, Partial<User>[]> = {
      'same@example.com': [old('10'), fresh('20')],
      'names@example.com': [old('11'), fresh('21', { name: 'Bob' })],
      'spaces@example.com': [old('12', { name: 'ANN  B' }), fresh('22', { name: ' Ann b' })],
      'noname@example.com': [old('13', { name: 'No Name' }), fresh('23', { name: 'Bob' })],
      'nonames@example.com': [old('17', { name: 'No Name' }), fresh('27', { name: 'no  name' })],
      'nonew@example.com': [old('18'), fresh('28', { name: ' ' })],
      'locked@example.com': [old('14', { active: false }), fresh('24')],
      'lockednew@example.com': [old('15'), fresh('25', { active: false })],
      'edited@example.com': [old('16', { updatedAtMs: AFTER }), fresh('26')],
    }
    const all = Object.entries(doubts).flatMap(([email, both]) =>
      both.map((user) => ({ email, ...user })),
    )
    await use(all)
    expect(await plan()).toMatch(/^9 pairs of 18 users, 7 of them doubtful/)
    expect(pairs().map(({ apply, email, doubts: why }) => [email, apply, why])).toEqual([
      ['edited@example.com', 'no', 'the old one was changed after the switch'],
      ['locked@example.com', 'no', 'the old one is locked'],
      [
        'lockednew@example.com',
        'no',
        'the new one is locked, and is passed over until it is unlocked',
      ],
      ['names@example.com', 'no', 'names differ'],
      ['noname@example.com', 'no', 'the old one has no name'],
      ['nonames@example.com', 'no', 'neither has a name'],
      ['nonew@example.com', 'no', 'the new one has no name'],
      ['same@example.com', 'yes', ''],
      ['spaces@example.com', 'yes', ''],
    ])
    expect(statSync(place.path('pairs.csv')).mode & 0o777).toBe(0o600)
  })

  test('pairs emails of different case, and says so; several users of an email are all shown', async () => {
    await use([
      old('1', { email: 'Ann@Example.com' }),
      fresh('2', { email: 'ann@example.com' }),
      old('3', { email: 'many@example.com' }),
      old('4', { email: 'many@example.com' }),
      fresh('5', { email: 'many@example.com' }),
    ])
    await plan()
    expect(pairs().map((pair) => [pair.old_user, pair.new_user, pair.apply, pair.doubts])).toEqual([
      ['user/1', 'user/2', 'no', 'the emails differ in case'],
      ['user/3', 'user/5', 'no', '3 users have this email'],
      ['user/4', 'user/5', 'no', '3 users have this email'],
    ])
  })

  test('says when the old one signed in after the new one was made', async () => {
    await use(ANN)
    const store = openStore(`sqlite:${place.path('store.db')}`)
    const event = { app: 'shop', outcome: 'success', reason: 'ok', way: 'browser' } as const
    const rest = { userId: '1', requestId: undefined, network: '192.0.2.0/24' }
    await store.audit.append([{ ...event, ...rest, atMs: AFTER + 1 }])
    await store.close()
    await plan()
    expect(pairs()[0]).toMatchObject({
      apply: 'no',
      doubts: 'the old one signed in after the new one was made',
      old_last_sign_in: '2026-11-02',
    })
  })

  test('pairs nobody by an email that only stands for one, and none but users of Amazon', async () => {
    await use([
      old('1', { email: '77@amazon.com' }),
      fresh('2', { email: '77@amazon.com' }),
      old('3', { email: 'amzn1.account.X@amazon.com' }),
      fresh('4', { email: 'amzn1.account.X@amazon.com' }),
      old('5', { identifier: 'x:1' }),
      fresh('6'),
      old('7', { identifier: 'unlinked:7' }),
    ])
    expect(await plan()).toBe('0 pairs of 7 users, 0 of them doubtful and set to no.\n')
  })

  test('holds no name that a spreadsheet would run, and none that breaks its line', async () => {
    const name = '=HYPERLINK("http://evil",\n"x")'
    await use([old('1', { name }), fresh('2', { name })])
    await plan()
    expect(linesOf()).toHaveLength(2)
    expect(pairs()[0]?.new_name).toBe(`'=HYPERLINK("http://evil",\\n"x")`)
    expect(await done('apply', 'pairs.csv', '--yes')).toContain('1 pair relinked')
  })

  test('of an app that there is not, or without the time of the switch, is refused', async () => {
    await use([])
    expect(await refused('plan', 'nope', '--since', '1d', '--out', 'x.csv')).toContain(
      'no app nope',
    )
    expect(await refused('plan', 'shop', '--out', 'x.csv')).toContain('--since')
  })
})

describe('a file in which somebody stands in more than one pair that says yes', () => {
  const SHARED = [old('1'), old('2'), fresh('3'), fresh('4')]
  const allYes = () => edit((text) => text.replace(/^no/gm, 'yes'))

  test('is refused with the lines, by apply and undo, and nothing is changed', async () => {
    await useStore('sqlite:store.db', [
      ...SHARED,
      old('5', { email: 'b@example.com' }),
      fresh('6', { email: 'b@example.com' }),
    ])
    await plan()
    expect(pairs().filter(({ apply }) => apply === 'no')).toHaveLength(4)
    allYes()
    const before = await users()
    for (const way of ['apply', 'undo']) {
      const told = await refused(way, 'pairs.csv', '--yes')
      expect(told).toContain('Pick one pair, and say no to the others. Nothing was changed.\n')
      expect(told).toMatch(/^ {2}user\/1 {2}lines 2, 3$/m)
      expect(told).toMatch(/^ {2}user\/2 {2}lines 4, 5$/m)
      expect(told).toMatch(/^ {2}user\/3 {2}lines 2, 4$/m)
      expect(told).toMatch(/^ {2}user\/4 {2}lines 3, 5$/m)
      expect(told).not.toMatch(/user\/5|az:/)
      expect(await users()).toEqual(before)
    }
  })

  test('is done once each stands in one', async () => {
    await useStore('sqlite:store.db', SHARED)
    await plan()
    edit((text) => text.replace(/^no(?=.*user\/(1,.*user\/4|2,.*user\/3),)/gm, 'yes'))
    expect(await done('apply', 'pairs.csv', '--yes')).toContain('2 pairs relinked')
    expect([await identifierOf('1'), await identifierOf('2')]).toEqual(['az:NEW.4', 'az:NEW.3'])
  })

  test('is refused, whether as old and as new, or by the identifier alone', async () => {
    await useStore('sqlite:store.db', [
      ...ANN,
      old('3', { email: 'b@example.com' }),
      fresh('4', { email: 'b@example.com' }),
    ])
    await plan()
    const before = await users()
    const text = readFileSync(place.path('pairs.csv'), 'utf8')
    for (const [from, to, told] of [
      ['user/3', 'user/2', 'user/2  lines 2, 3'],
      ['az:NEW.4', 'az:NEW.2', 'az:NEW.2  lines 2, 3'],
      ['user/3', 'user/4', 'user/4  lines 3, 3'],
    ] as const) {
      writeFileSync(place.path('pairs.csv'), text.replace(from, to))
      expect(await refused('apply', 'pairs.csv', '--yes')).toContain(told)
      expect(await users()).toEqual(before)
    }
  })
})

describe('a file of pairs', () => {
  beforeEach(async () => {
    await useStore('sqlite:store.db', [
      ...ANN,
      old('3', { email: 'b@example.com' }),
      fresh('4', { email: 'b@example.com', name: 'Bea' }),
    ])
    await plan()
  })

  test.each<[string, (text: string) => string]>([
    ['line ends of Windows', (text) => text.replaceAll('\n', '\r\n')],
    ['semicolons', (text) => text.replaceAll(',', ';')],
    ['tabs', (text) => text.replaceAll(',', '\t')],
    ['no byte order mark', (text) => text.replace('\ufeff', '')],
    ['no line end at its end', (text) => text.trimEnd()],
    ['empty lines', (text) => text.replaceAll('\n', '\n\r\n')],
    ['every cell in quotation marks', (text) => text.replace(/[^,\n\ufeff]+/g, '"$&"')],
    ['columns in another order, and fewer', reorder],
  ])('with %s is read as it is', async (_fact, change) => {
    edit(change)
    expect(await done('apply', 'pairs.csv', '--yes')).toContain('1 pair relinked')
    expect([await identifierOf('1'), await identifierOf('3')]).toEqual(['az:NEW.2', 'az:OLD.3'])
  })

  test('does what the operator has decided, either way', async () => {
    const flipped: Record<string, string> = { yes: 'No', no: ' YES ' }
    edit((text) => text.replace(/^(yes|no),/gm, (_all, word: string) => `${flipped[word] ?? ''},`))
    expect(await done('apply', 'pairs.csv', '--yes')).toContain('1 pair relinked')
    expect([await identifierOf('1'), await identifierOf('3')]).toEqual(['az:OLD.1', 'az:NEW.4'])
  })

  test.each<[string, (text: string) => string, string]>([
    [
      'an id that a spreadsheet has rounded',
      (text) => text.replace('user/3', '1.79E+18'),
      'line 3: old_user must be user/',
    ],
    ['another word for yes', (text) => text.replace(/^yes/m, 'perhaps'), 'apply must be yes or no'],
    ['no header', (text) => text.split('\n').slice(1).join('\n'), 'the header has no apply, app'],
    ['an open quotation mark', (text) => text.replace('shop', '"shop'), 'line 2: a quotation mark'],
    ['a missing column', (text) => text.replace('new_identifier', 'x'), 'no new_identifier'],
    ['a line cut off', (text) => text.slice(0, -5 - 'az:NEW.4'.length), 'line 3: new_'],
    [
      'two apps',
      (text) => text.replace(/shop(?=[^\n]*$)/, 'news').replace(/shop(?=[^\n]*\n$)/, 'news'),
      'one app at a time',
    ],
    ['nothing', () => '', 'it is empty'],
  ])('with %s is refused, and nothing is changed', async (_fact, change, told) => {
    const before = await users()
    edit((text) => text.replace(/^no/m, 'yes'))
    edit(change)
    expect(await refused('apply', 'pairs.csv', '--yes')).toContain(told)
    expect(await users()).toEqual(before)
  })

  test('that is not UTF-8 is refused with what to do', async () => {
    const bytes = Buffer.concat([readFileSync(place.path('pairs.csv')), Buffer.from([0xe9, 10])])
    writeFileSync(place.path('pairs.csv'), bytes)
    expect(await refused('apply', 'pairs.csv', '--yes')).toContain('Save it as "CSV UTF-8"')
    expect(await refused('apply', 'nowhere.csv', '--yes')).toContain('cannot be read (ENOENT)')
  })

  test('whose users have been deleted meanwhile leaves those pairs, does the others, and tells', async () => {
    edit((text) => text.replace(/^no/m, 'yes'))
    await place.run(['users', 'delete', 'shop', '2', '--yes'])
    const { stdout, stderr, exitCode } = await relink('apply', 'pairs.csv', '--yes')
    expect([stdout, exitCode]).toEqual(['1 pair relinked, 0 were already, 1 left as it is.\n', 1])
    expect(stderr).toContain('  line 2, user/1 and user/2: the new one has been deleted\n')
    expect([await identifierOf('1'), await identifierOf('3')]).toEqual(['az:OLD.1', 'az:NEW.4'])
  })

  function reorder(text: string): string {
    const rows = text.trimEnd().replace('\ufeff', '').split('\n')
    const cells = rows.map((row) => (parseCells(row, ',') ?? []).toReversed())
    const kept = (cells[0] ?? []).map((name) => !/^(email|.*_name|.*_since)$/.test(name))
    return cells.map((row) => formatCells(row.filter((_cell, at) => kept[at]))).join('\n')
  }
})
