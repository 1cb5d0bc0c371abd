import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { inspect } from 'node:util'

import { importInto } from '../../../src/store/import-into'
import { ImportError } from '../../../src/store/sql/read-export'
import { buildUser, openStore, silentLogger } from '../store/open-store'
import {
  createTestDatabase,
  describeOnPostgres,
  reuseDatabases,
  runSql,
} from '../../support/postgres'
import { inDatabase, Workplace, type Ended, type Running } from './command-line'
import { killAt } from './kill-at'

const USERS = 3_000
/** Lines of an export of shop without secrets: header, app, three settings, users, end. */
const COUNT = 1 + 1 + 3 + USERS / 2 + 1
const KEY = 'key-0123456789-abcdefghijklmnopqrstuvwxyz'
const OTHER_KEY = 'other-0123456789-abcdefghijklmnopqrstuvwxyz'
const OLD = 'sqlite:old.db'

// Each test runs the command several times.
jest.setTimeout(120_000)

let place: Workplace
let origin: Workplace
/** The store is made once: each test has a copy. */
beforeAll(async () => {
  place = origin = new Workplace()
  const settings = ['motto="é\u2028🧀"', 'az_app_id=id', 'az_secret=planted', 'a={"z":1}']
  await on(OLD, ['apps', 'create', 'shop', ...settings.flatMap((setting) => ['--set', setting])])
  await on(OLD, ['apps', 'create', 'Zoo'])
  await on(OLD, ['apps', 'create', 'empty'])
  await addUsers()
})
afterAll(() => origin.clear())
beforeEach(() => {
  place = new Workplace()
  copyFileSync(origin.path('old.db'), place.path('old.db'))
})
afterEach(() => place.clear())

/** Runs a command on a store to its end. */
function on(store: string, args: readonly string[], input = '', key = KEY): Promise<Ended> {
  return place.run(args, input, { para_store_url: store, para_secret_key: key })
}

/** Starts it in a process of its own. */
function start(store: string, args: readonly string[]): Running {
  return place.start(args, { para_store_url: store, para_secret_key: KEY })
}

async function addUsers(): Promise<void> {
  const store = openStore(`sqlite:${place.path('old.db')}`)
  await store.users.upsert(buildUser({ name: 'Zoë \u2028\u202e', active: false }), {})
  await store.sessions.put('hash', { data: '{}', expiresAtMs: 1_900_000_000_000 })
  await store.close()
  inDatabase(
    place.path('old.db'),
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${USERS - 1})
    INSERT INTO users SELECT CASE i % 2 WHEN 0 THEN 'shop' ELSE 'Zoo' END, CAST(5000 + i AS TEXT), 'az:' || i,
      'u' || i || '@example.com', 'User ' || i, '', 'users', 1, 'secret' || i, i, i, i,
      CASE i % 3 WHEN 0 THEN '{"a-flag":true,"postal_code":"' || i || '","tier":7}' END,
      CASE i % 5 WHEN 0 THEN NULL ELSE 'profile postal_code' END FROM n`,
  )
}

async function exportOf(store: string, args: readonly string[] = []): Promise<readonly string[]> {
  const { stdout, stderr, exitCode } = await on(store, ['export', ...args])
  if (!args.includes('--out')) expect(stderr).toMatch(/^Exported \d+ apps? and \d+ users?, with/)
  expect(exitCode).toBe(0)
  return stdout.split('\n').slice(0, -1)
}

/** All but the header, which tells the time. */
const bodyOf = (lines: readonly string[]) => lines.slice(1)
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')

async function pipeInto(
  store: string,
  lines: readonly string[],
  args: readonly string[] = [],
): Promise<Ended> {
  return on(store, ['import', '--yes', ...args], textOf(lines))
}

/** Index of the n-th line that holds this. */
function find(lines: readonly string[], part: string, n = 0): number {
  const found = lines.flatMap((line, index) => (line.includes(part) ? [index] : []))
  return found.at(n) ?? -1
}

function describeImports(
  kind: string,
  create: () => Promise<{ url: string; drop(): Promise<void> }>,
) {
  describe(`export and import, by way of ${kind}`, () => {
    let target: Awaited<ReturnType<typeof create>>
    beforeEach(async () => {
      target = await create()
    })
    afterEach(() => target.drop())

    test.each([[[]], [['--with-secrets']]])(
      'there and back again an export is the same, byte for byte (%j)',
      async (args) => {
        const first = await exportOf(OLD, args)
        expect(first.length).toBe(USERS + 1 + 4 + 4 + Number(args.length > 0) - 1 + 1)
        expect((await pipeInto(target.url, first)).exitCode).toBe(0)
        const there = await exportOf(target.url, args)
        expect(bodyOf(there)).toEqual(bodyOf(first))
        expect((await pipeInto('sqlite:back.db', there)).exitCode).toBe(0)
        const back = await exportOf('sqlite:back.db', args)
        expect(textOf(bodyOf(back))).toBe(textOf(bodyOf(first)))
        const withoutTime = ([header = '']: readonly string[]) =>
          header.replace(/"exported_at":"[^"]+",/, '')
        expect(withoutTime(back)).toBe(withoutTime(first))
      },
    )

    test('killed again and again, the same import ends with all that was exported', async () => {
      const lines = await exportOf(OLD, ['--with-secrets'])
      writeFileSync(place.path('all.jsonl'), textOf(lines))
      const command = ['import', '--in', 'all.jsonl']
      let kills = 0
      for (const users of [1, USERS / 3, USERS - 10]) {
        const isKilled = await killAt(start(target.url, command), users, { url: target.url, place })
        if (isKilled) kills += 1
      }
      expect(kills).toBeGreaterThan(0)
      const { exitCode, stderr } = await on(target.url, command)
      // One that was killed when its last step was stored, but before it could say so, has left nothing to do.
      if (!stderr.includes('the store has this app already')) {
        expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
      }
      expect(bodyOf(await exportOf(target.url, ['--with-secrets']))).toEqual(bodyOf(lines))
    })

    test('an app that is there fails the import, is kept, or is replaced with its users', async () => {
      const lines = await exportOf(OLD, ['shop'])
      expect((await pipeInto(target.url, lines)).stdout).toContain('Keys of the app shop')
      const failed = await pipeInto(target.url, lines)
      expect(failed.exitCode).toBe(1)
      expect(failed.stderr).toMatch(/^Line 2, app shop: the store has this app already; choose/m)
      expect(failed.stderr).not.toContain('apps before it')
      const renamed = lines.map((line) =>
        line.replace('User 2"', 'Renamed"').replace('az:4"', 'az:x"'),
      )
      const skipped = await pipeInto(target.url, renamed, ['--existing', 'skip'])
      expect(skipped.stdout).toBe(
        `shop: was here already and stays as it is, ${USERS / 2} users in the file\n`,
      )
      expect(bodyOf(await exportOf(target.url, ['shop']))).toEqual(bodyOf(lines))
      const before = await exportOf(target.url, ['shop', '--with-secrets'])
      // The identifier of one user goes to another: only when the old ones are gone it can.
      const swapped = renamed.map((line) => line.replace('az:6"', 'az:4"'))
      const replaced = await pipeInto(target.url, swapped, ['--existing', 'replace'])
      expect(replaced.stdout).toContain('shop: replaced')
      expect(replaced.stdout).not.toContain('Keys of')
      expect(bodyOf(await exportOf(target.url, ['shop']))).toEqual(bodyOf(swapped))
      const after = await exportOf(target.url, ['shop', '--with-secrets'])
      expect(after[1]).toBe(before[1])
    })

    test('a broken line stops it there, and the corrected file finishes it', async () => {
      const lines = [...(await exportOf(OLD))]
      const whole = [...lines]
      const at = find(lines, '"app_id":"shop","id"', 700)
      lines[at] = (lines[at] ?? '').slice(0, 60)
      const broken = await pipeInto(target.url, lines)
      expect(broken.exitCode).toBe(1)
      const said = broken.stderr.split('\n').slice(1)
      expect(said.filter((line) => !line.endsWith(' users imported'))).toEqual([
        `Line ${at + 1}, app shop: it is not whole JSON: the line was cut off or changed.`,
        '',
      ])
      const half = await exportOf(target.url)
      expect(half[find(half, '"type":"app","app_id":"shop"')]).toContain('"active":false')
      expect(find(half, '"app_id":"shop","id"', 699)).toBe(-1)
      const finished = await pipeInto(target.url, whole)
      expect(finished.stdout).toContain('Zoo: was imported by the run before')
      expect(finished.exitCode).toBe(0)
      expect(bodyOf(await exportOf(target.url))).toEqual(bodyOf(whole))
    })

    test('without the key that opens its secrets nothing of an app is written', async () => {
      const text = textOf(await exportOf(OLD, ['--with-secrets']))
      const wrong = await on(target.url, ['import'], text, OTHER_KEY)
      expect(wrong.exitCode).toBe(1)
      expect(wrong.stderr).toMatch(/^Line 2, app Zoo: none of the keys of para.secret_key opens/)
      expect(bodyOf(await exportOf(target.url))).toEqual(['{"type":"end","apps":0,"users":0}'])
      expect((await on(target.url, ['import'], text)).exitCode).toBe(0)
      const start = await on(target.url, ['apps', 'list'], '', OTHER_KEY)
      expect(start.stdout).toBe('')
      expect(start.stderr).toContain('none of the keys of para.secret_key opens')
    })
  })
}

describeImports('SQLite', () =>
  Promise.resolve({ url: 'sqlite:new/store.db', drop: () => Promise.resolve() }),
)
describeOnPostgres('with a server', () => {
  describeImports('PostgreSQL', reuseDatabases())

  test('a store whose move was not finished is refused, until it is', async () => {
    const database = await createTestDatabase()
    const { url } = database
    const move = ['migrate-store', '--from', OLD, '--to', url]
    const moving = start(OLD, move)
    const isBegun = () => runSql(url, 'SELECT * FROM moves').catch(() => [])
    while ((await isBegun()).length === 0) await new Promise((again) => setTimeout(again, 5))
    moving.child.kill('SIGKILL')
    expect(await moving.exit()).toBe(null)
    const text = textOf(await exportOf(OLD, ['empty', '--with-secrets']))
    for (const command of [['serve'], ['export'], ['import']]) {
      const refused = start(url, command)
      // It may end before it has read all of it.
      refused.child.stdin?.on('error', () => undefined).end(text)
      expect(await refused.exit()).toBe(1)
      expect(refused.stderr).toContain('Run migrate-store again, from the same store, to finish')
    }
    expect((await on(OLD, move)).exitCode).toBe(0)
    expect((await on(url, ['apps', 'list'])).exitCode).toBe(0)
    await database.drop()
  })
})

test('without secrets there is nothing secret in it, and each app gets keys of its own', async () => {
  const lines = await exportOf(OLD, ['shop'])
  expect(textOf(lines)).not.toMatch(/secret"|sealed|planted/)
  const imported = await pipeInto('sqlite:new.db', lines, ['--json'])
  const { keys, ...report } = JSON.parse(imported.stdout)
  expect(report).toEqual({
    app: 'shop',
    outcome: 'added',
    users: USERS / 2,
    lacksAmazonSecret: true,
  })
  expect(keys).toEqual({ accessKey: 'app:shop', secretKey: expect.stringMatching(/^[\w-]{43}$/) })
  const shop = await place.listen(['serve'], {
    para_store_url: 'sqlite:new.db',
    para_secret_key: KEY,
    para_port: '0',
  })
  const list = ['users', 'list', 'shop', '--url', shop.origin, '--access-key', 'app:shop', '--json']
  const listed = place.start(list, { AMAZON_AUTH_SECRET_KEY: keys.secretKey })
  expect(await listed.exit()).toBe(0)
  expect(JSON.parse(listed.stdout)).toMatchObject({ totalHits: USERS / 2 })
})

test('a new SQLite store gets a key beside it, but not for secrets that this could not open', async () => {
  const plain = textOf(await exportOf(OLD, ['Zoo']))
  const sealed = textOf(await exportOf(OLD, ['Zoo', '--with-secrets']))
  const place2 = { para_store_url: 'sqlite:new.db' }
  const refused = place.start(['import'], place2)
  // It may end before it has read all of it.
  refused.child.stdin?.on('error', () => undefined).end(sealed)
  expect(await refused.exit()).toBe(1)
  expect(refused.stderr).toContain('new.db.key is missing')
  expect(existsSync(place.path('new.db.key'))).toBe(false)
  const taken = place.start(['import', '--yes'], place2)
  taken.child.stdin?.end(plain)
  expect(await taken.exit()).toBe(0)
  expect(existsSync(place.path('new.db.key'))).toBe(true)
})

test('the export names apps, leaves out deleted ones, and writes files for the owner alone', async () => {
  await on(OLD, ['apps', 'delete', 'empty', '--yes'])
  const all = await exportOf(OLD)
  expect(
    all.filter((line) => line.includes('"type":"app"')).map((line) => JSON.parse(line).app_id),
  ).toEqual(['Zoo', 'para', 'shop'])
  await exportOf(OLD, ['app:Zoo', 'shop', 'Zoo', '--out', 'two.jsonl'])
  expect(statSync(place.path('two.jsonl')).mode & 0o777).toBe(0o600)
  const before = readFileSync(place.path('two.jsonl'), 'utf8')
  expect(before.trimEnd().split('\n').at(-1)).toBe(`{"type":"end","apps":2,"users":${USERS}}`)
  const unknown = await on(OLD, ['export', 'shop', 'empty', '--out', 'two.jsonl', '--force'])
  expect(unknown.exitCode).toBe(1)
  expect(unknown.stderr).toMatch(/^There is no app empty\. express-amazon-auth apps list/)
  expect(readFileSync(place.path('two.jsonl'), 'utf8')).toBe(before)
  const missing = await on('sqlite:gone.db', ['export'])
  expect(missing.stderr).toContain('There is no store')
  expect(existsSync(place.path('gone.db'))).toBe(false)
})

describe('an import of a changed file', () => {
  let shop: readonly string[]
  let lines: string[]
  beforeAll(async () => {
    place = origin
    shop = await exportOf(OLD, ['shop'])
  })
  beforeEach(() => {
    lines = [...shop]
  })

  /** As the command does, without a process of its own. */
  function importHere(text: string): Promise<void> {
    return importInto({
      text: Readable.from([Buffer.from(text)]),
      storeUrl: 'sqlite::memory:',
      secretKeys: [KEY],
      configuredSecret: () => undefined,
      existing: 'fail',
      onHeader: () => Promise.resolve(),
      logger: silentLogger,
      onApp: () => undefined,
      onProgress: () => undefined,
    })
  }

  function put(index: number, ...change: readonly [string, string]): void {
    lines[index] = (lines[index] ?? '').replace(...change)
  }

  function settingLine(name: string, value: unknown): string {
    return JSON.stringify({ type: 'setting', app_id: 'shop', name, value })
  }

  const CHANGES: readonly [string, string, () => unknown][] = [
    [
      'without its last line',
      `Line ${COUNT - 1}, app shop: the file ends after this line`,
      () => lines.pop(),
    ],
    ['that lacks a user', 'lines are missing', () => lines.splice(20, 1)],
    ['with a user twice', 'each of them once', () => lines.splice(20, 0, lines[20] ?? '')],
    [
      'with an app twice',
      'the app shop is in this file twice',
      () => lines.splice(-1, 0, lines[1] ?? ''),
    ],
    ['without a header', 'Line 1: an export begins with its header', () => lines.shift()],
    [
      'of another version',
      'Line 1: the export is of format version 2, and this release knows version 1',
      () => put(0, '"version":1', '"version":2'),
    ],
    [
      'of another program',
      'Line 1: it is no export of express-amazon-auth',
      () => put(0, 'express-amazon-auth', 'other'),
    ],
    [
      'with a field that nobody knows',
      'Line 10, app shop: a line of type user has no field x',
      () => put(9, '{', '{"x":1,'),
    ],
    [
      'with a wrong type',
      'Line 10, app shop: in a line of type user active must be boolean',
      () => put(9, '"active":true', '"active":1'),
    ],
    [
      'with a user of elsewhere',
      'it belongs to the app news',
      () => put(9, '"app_id":"shop"', '"app_id":"news"'),
    ],
    [
      'with a setting that is not valid',
      'Line 3, app shop: Setting signin_success',
      () =>
        (lines[2] =
          '{"type":"setting","app_id":"shop","name":"signin_success","value":"javascript:alert(1)"}'),
    ],
    [
      'with a plain secret',
      'Line 3, app shop: the setting az_secret is a secret',
      () => (lines[2] = '{"type":"setting","app_id":"shop","name":"az_secret","value":"planted"}'),
    ],
    [
      'with one identifier for two users',
      'another user of this app has the identifier of the user',
      () => put(8, 'az:6"', 'az:4"'),
    ],
    [
      'with a name that no store can hold',
      'Line 10, app shop: in a line of type user name must be well-formed text without NUL',
      () => put(9, '"name":"', '"name":"\\u0000'),
    ],
    [
      'with an identifier of half a character',
      'in a line of type user identifier must be well-formed text without NUL',
      () => put(9, '"identifier":"', '"identifier":"\\ud83d'),
    ],
    [
      'with a name longer than the API takes',
      'in a line of type user name must NOT have more than 256 characters',
      () => put(9, '"name":"', `"name":"${'x'.repeat(256)}`),
    ],
    [
      'with an email longer than the API takes',
      'in a line of type user email must NOT have more than 256 characters',
      () => put(9, '"email":"', `"email":"${'x'.repeat(256)}`),
    ],
    [
      'with an app name longer than the API takes',
      'Line 2: in a line of type app name must NOT have more than 256 characters',
      () => put(1, '"name":"', `"name":"${'x'.repeat(257)}`),
    ],
    [
      'with more settings than an app may have',
      'Line 1003, app shop: An app has at most 1000 settings',
      () => lines.splice(2, 0, ...Array.from({ length: 1_001 }, (_, i) => settingLine(`s${i}`, i))),
    ],
    [
      'with settings of more bytes than an app may have',
      'Line 5, app shop: An app has at most 1000 settings, of 256 KB in all',
      () =>
        lines.splice(2, 0, ...[0, 1, 2].map((i) => settingLine(`s${i}`, 'x'.repeat(90 * 1024)))),
    ],
    ['with a line behind the end', `behind the end`, () => lines.push(lines[9] ?? '')],
    ['of something else', 'Line 1: it is no line of an export', () => (lines = ['{"a":1}'])],
    ['of nothing', 'Line 0: the file ends after this line', () => (lines = [])],
  ]

  test.each(CHANGES)('%s is refused: %s', async (_what, problem, change) => {
    expect(lines).toHaveLength(COUNT)
    change()
    const refusal: unknown = await importHere(textOf(lines)).catch((thrown: unknown) => thrown)
    expect(refusal).toBeInstanceOf(ImportError)
    expect(String(refusal)).toContain(problem)
    expect(inspect(refusal, { depth: null })).not.toContain('planted')
  })
})

test('times yet to come and pictures that are no web address are told, and not taken', async () => {
  const lines = [...(await exportOf(OLD, ['shop']))]
  const edit = (at: number, change: object) =>
    (lines[at] = JSON.stringify({ ...JSON.parse(lines[at] ?? ''), ...change }))
  edit(1, { created_at: Number.MAX_SAFE_INTEGER })
  edit(8, { created_at: 7, updated_at: 9e15, picture: 'https://pictures.example.com/1' })
  edit(9, { created_at: 9e15, updated_at: 8, picture: 'javascript:alert(1)' })
  edit(10, { picture: 'data:image/png;base64,AA==' })
  const imported = await pipeInto('sqlite:new.db', lines)
  expect(imported.stdout).toContain('3 of them with a time yet to come, or a picture')
  const there = (await exportOf('sqlite:new.db', ['shop'])).map((line) => JSON.parse(line))
  expect(there[1].created_at).toBe(there[1].updated_at)
  expect(there[8]).toMatchObject({
    created_at: 7,
    updated_at: 7,
    picture: 'https://pictures.example.com/1',
  })
  expect(there[9]).toMatchObject({ created_at: 8, updated_at: 8 })
  for (const { picture } of [there[9], there[10]])
    expect(picture).toMatch(/^https:\/\/www\.gravatar/)
})

test('a file may lack its last line feed and have others of Windows, and must be UTF-8', async () => {
  const lines = await exportOf(OLD, ['shop'])
  writeFileSync(place.path('windows.jsonl'), lines.join('\r\n'))
  const taken = await on('sqlite:new.db', ['import', '--yes', '--in', 'windows.jsonl'])
  expect(taken.exitCode).toBe(0)
  expect(bodyOf(await exportOf('sqlite:new.db', ['shop']))).toEqual(bodyOf(lines))
  writeFileSync(place.path('latin.jsonl'), Buffer.from(textOf(lines), 'latin1'))
  const refused = await on('sqlite:other.db', ['import', '--yes', '--in', 'latin.jsonl'])
  expect(refused.stderr).toMatch(/^Line \d+(, app shop)?: it is not text in UTF-8/m)
  const gone = await on('sqlite:new.db', ['import', '--in', 'gone.jsonl'])
  expect(gone.stderr).toBe('--in: gone.jsonl cannot be read (ENOENT).\n')
})

test('an export whose reader goes away ends with an error, and no stack', async () => {
  const running = start(OLD, ['export'])
  running.child.stdout?.once('data', () => running.child.stdout?.destroy())
  expect(await running.exit()).toBe(1)
  expect(running.stderr).toBe(
    'The export is not complete: standard output cannot be written (EPIPE).\n',
  )
})
