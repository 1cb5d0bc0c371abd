import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'

import type { AmazonAuthOptions } from '../../../src'
import { startHost, type Host } from '../../support/host'
import {
  paraApp,
  paraIdentifier,
  paraSecret,
  paraToken,
  paraUser,
  writeParaBackup,
  type ParaFields,
} from '../../support/para-backup'
import { createTestDatabase, describeOnPostgres } from '../../support/postgres'
import { callAt } from '../../support/api'
import { Workplace, type Ended } from './command-line'

jest.setTimeout(60_000)

const KEY = 'key-0123456789-abcdefghijklmnopqrstuvwxyz'
const ACME = {
  az_app_id: 'amzn1.application-oa2-client.acme',
  az_secret: 'acme-secret',
  signin_success: '/in?jwt=?',
  fb_app_id: '123',
}

const EMILY = paraUser('acme', 1, { identifier: 'az:amzn1.account.EMILY', name: 'Émile "E" 🧀' })
/** Signed in by Facebook last, and has an account of Amazon beside it. */
const BOTH = paraUser('acme', 2, { identifier: 'fb:4711', identityProvider: 'facebook' })
const FACEBOOK = paraUser('acme', 3, { identifier: 'fb:4712' })
const PASSWORD = paraUser('acme', 4, { identifier: 'user4@example.com', active: false })
const LOCKED = paraUser('acme', 5, { active: false })
const CUSTOM = paraUser('acme', 6, { id: 'my-own-id' })

const ACME_OBJECTS: readonly ParaFields[] = [
  EMILY,
  paraIdentifier('acme', 'az:amzn1.account.EMILY', EMILY.id),
  // Before the user whom it leads to.
  paraIdentifier('acme', 'az:amzn1.account.BOTH', BOTH.id),
  paraIdentifier('acme', 'fb:4711', BOTH.id),
  BOTH,
  FACEBOOK,
  PASSWORD,
  LOCKED,
  CUSTOM,
  { id: 't1', type: 'tag', appid: 'acme', tag: 'x' },
  ...Array.from({ length: 70 }, (_none, at) => paraUser('acme', 100 + at)),
]
const ROOT_OBJECTS: readonly ParaFields[] = [
  paraApp('para', { settings: { signin_success: '/home' } }),
  paraApp('acme', { name: 'Acme Inc.', settings: ACME, tokenValiditySec: 7_200 }),
  paraUser('para', 1),
]

let origin: Workplace
let place: Workplace
beforeAll(async () => {
  origin = new Workplace()
  await writeParaBackup(origin.path('para.zip'), 'para', ROOT_OBJECTS)
  await writeParaBackup(origin.path('acme.zip'), 'acme', ACME_OBJECTS)
})
afterAll(() => origin.clear())
beforeEach(() => {
  place = new Workplace()
  for (const name of ['para.zip', 'acme.zip']) copyFileSync(origin.path(name), place.path(name))
})
afterEach(() => place.clear())

let storeUrl = 'sqlite:new.db'
function run(args: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
  return place.run(['import-para', ...args], '', {
    para_store_url: storeUrl,
    para_secret_key: KEY,
    ...environment,
  })
}

async function planOf(args: readonly string[]): Promise<PlanJson> {
  const { stdout, stderr, exitCode } = await run([...args, '--json'])
  if (exitCode !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as PlanJson
}

interface PlanJson {
  readonly apps: readonly {
    readonly app: string
    readonly outcome: string
    readonly why?: string
    readonly users: Readonly<Record<string, number>>
    readonly left: Readonly<Record<string, { count: number; examples: readonly string[] }>>
    readonly settings: readonly string[]
  }[]
  readonly others: Readonly<Record<string, number>>
}

const FILES = ['para.zip', 'acme.zip']

/** The store as a host meets it. */
function hostOn(
  url = `sqlite:${place.path('new.db')}`,
  more: AmazonAuthOptions = {},
): Promise<Host> {
  return startHost({
    options: { store: { url }, secretKey: KEY, ...more },
    people: [
      { userId: 'amzn1.account.EMILY', name: 'Emily', email: 'user1@example.com' },
      { userId: 'amzn1.account.BOTH', name: 'Both', email: 'user2@example.com' },
    ],
  })
}

test('a plan says what would come and what would not, and makes no store', async () => {
  const plan = await planOf(FILES)
  const [acme, para] = plan.apps
  expect(acme).toMatchObject({
    app: 'acme',
    outcome: 'added',
    users: { added: 74, changed: 0, same: 0, kept: 0, left: 2 },
    left: { other_provider: { count: 2, examples: [FACEBOOK.id, PASSWORD.id] } },
  })
  expect(acme?.settings.toSorted()).toEqual([...Object.keys(ACME), 'session_timeout'].toSorted())
  expect(para).toMatchObject({ app: 'para', outcome: 'added', users: { added: 1 } })
  expect(plan.others).toEqual({ sysprop: 1, tag: 1 })
  expect(readdirSync(place.folder).toSorted()).toEqual(['acme.zip', 'para.zip'])
})

test('no secret is shown, by a plan or by its doing', async () => {
  const texts = [await run(FILES), await run([...FILES, '--apply'])].flatMap((ended) => [
    ended.stdout,
    ended.stderr,
  ])
  expect(texts.join('')).not.toMatch(/acme-secret|token-secret|planted|c2VjcmV0/)
})

test('tokens of Para are good afterwards, as the same user, and were not before', async () => {
  const tokens = [EMILY, BOTH].map((user) => paraToken('acme', user))
  const before = await hostOn('sqlite::memory:')
  const me = (host: Host, token: string) =>
    callAt(host.origin, 'GET /v1/_me', { headers: { authorization: `Bearer ${token}` } })
  expect((await me(before, tokens[0] ?? '')).status).not.toBe(200)
  await before.close()
  expect(await run([...FILES, '--apply'])).toMatchObject({ exitCode: 0 })
  const host = await hostOn()
  try {
    const answers = await Promise.all(tokens.map((token) => me(host, token)))
    expect(answers.map(({ status, json }) => [status, (json as ParaFields).id])).toEqual([
      [200, EMILY.id],
      [200, BOTH.id],
    ])
    expect(answers[0]?.json).toMatchObject({
      name: 'Émile "E" 🧀',
      email: 'user1@example.com',
      picture: EMILY.picture,
      timestamp: EMILY.timestamp,
    })
    const locked = await me(host, paraToken('acme', LOCKED))
    expect(locked.status).toBe(401)
    // What tells of a person is an ID token, and none that was made here.
    const other = await me(host, paraToken('acme', EMILY, { identifier: EMILY.identifier }))
    expect(other.status).toBe(401)
  } finally {
    await host.close()
  }
})

test('who signs in at Amazon afterwards is the user of before, also one who last came by another provider', async () => {
  await run([...FILES, '--apply'])
  const host = await hostOn()
  try {
    for (const [person, user] of [
      ['amzn1.account.EMILY', EMILY],
      ['amzn1.account.BOTH', BOTH],
    ] as const) {
      const answer = await host.signIn(host.browser(), '/amazon_auth?state=acme', person)
      const token = new URL(answer.location, host.origin).searchParams.get('jwt') ?? ''
      const claims = JSON.parse(
        Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
      ) as ParaFields
      expect(claims.sub).toBe(user.id)
      expect(Number(claims.exp) - Number(claims.iat)).toBe(7_200)
    }
  } finally {
    await host.close()
  }
})

test('the keys of an app sign requests as before', async () => {
  await run([...FILES, '--apply'])
  const host = await hostOn()
  try {
    const answer = await callAt(host.origin, 'GET /v1/_settings', {
      as: { accessKey: 'app:acme', secretKey: paraSecret('acme') },
    })
    expect(answer.json).toMatchObject({ ...ACME, az_secret: '********', session_timeout: 7_200 })
  } finally {
    await host.close()
  }
})

test('a second run changes nothing', async () => {
  await run([...FILES, '--apply'])
  const plan = await planOf([...FILES, '--apply'])
  expect(plan.apps.map(({ outcome, users }) => [outcome, users.same, users.added])).toEqual([
    ['same', 74, 0],
    ['same', 1, 0],
  ])
  expect((await run(FILES)).stdout).toContain('There is nothing to change.')
})

test('of a user who was changed on both sides the later change counts', async () => {
  await run([...FILES, '--apply'])
  const later = { ...EMILY, name: 'Emilia', tokenSecret: 'renewed', updated: 1_700_000_000_001 }
  const older = { ...LOCKED, name: 'Older', updated: 1_600_000_000_001 }
  await writeParaBackup(place.path('later.zip'), 'acme', [later, older])
  const { apps } = await planOf(['later.zip'])
  expect(apps).toMatchObject([{ outcome: 'same', users: { changed: 1, kept: 1 } }])
  const { apps: forced } = await planOf(['later.zip', '--existing', 'incoming'])
  expect(forced).toMatchObject([{ users: { changed: 2, kept: 0 } }])
  const { apps: kept } = await planOf(['later.zip', '--existing', 'here'])
  expect(kept).toMatchObject([{ users: { changed: 0, kept: 2 } }])
})

test('somebody who has signed in here already stays as they are, and is told of', async () => {
  await run(['para.zip', '--apply'])
  const host = await hostOn()
  await host.signIn(host.browser(), '/amazon_auth?state=acme', 'amzn1.account.EMILY')
  await host.close()
  const { apps } = await planOf([...FILES, '--apply'])
  const [acme] = apps
  expect(acme).toMatchObject({ outcome: 'same', users: { added: 73, left: 3 } })
  expect(acme?.left.identifier_taken).toMatchObject({
    count: 1,
    examples: [expect.stringMatching(new RegExp(`^${String(EMILY.id)} \\(here \\d+\\)$`))],
  })
})

test('an app that is here with another key is left out until it is said whose counts', async () => {
  await place.run(['apps', 'create', 'acme'], '', {
    para_store_url: storeUrl,
    para_secret_key: KEY,
  })
  expect((await planOf(FILES)).apps[0]).toMatchObject({ outcome: 'left', why: 'other_secret' })
  await run([...FILES, '--secret', 'incoming', '--apply'])
  const host = await hostOn()
  try {
    const answer = await callAt(host.origin, 'GET /v1/_me', {
      headers: { authorization: `Bearer ${paraToken('acme', EMILY)}` },
    })
    expect(answer.json).toMatchObject({ id: EMILY.id })
  } finally {
    await host.close()
  }
})

test('what could only do harm does not come: a key that can be guessed, times to come, a script as picture', async () => {
  const far = { timestamp: Number.MAX_SAFE_INTEGER, updated: Number.MAX_SAFE_INTEGER }
  const app = paraApp('acme', { secret: 'short', credentials: null, ...far })
  const user = paraUser('acme', 1, { picture: 'javascript:x', ...far })
  place.write('acme.jsonl', [JSON.stringify([app, user])])
  const told = 'secret key of before not taken: it must have at least 32 characters'
  expect((await run(['acme.jsonl'])).stdout).toContain(`${told}; a new one is made`)
  expect((await run(['acme.jsonl', '--apply'])).stdout).toMatch(/secret key {2}[\w-]{43}\n/)
  const again = (await run(['acme.jsonl'])).stdout
  expect(again).toContain(`${told}; the one here stays`)
  expect(again).toContain('1 the same')
  const environment = { para_store_url: storeUrl, para_secret_key: KEY }
  const { stdout } = await place.run(['users', 'list', 'acme', '--json'], '', environment)
  expect(JSON.parse(stdout)).toMatchObject({
    items: [{ timestamp: 1, picture: expect.stringMatching(/^https:/) }],
  })
  const apps = await place.run(['apps', 'list'], '', environment)
  expect(apps).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('acme') })
})

test('users of all providers come with --users all, and one whose id is no number gets a new one', async () => {
  const { stdout } = await run([...FILES, '--users', 'all', '--apply'])
  expect(stdout).toContain('users: 76 added')
  expect(stdout).toContain('1 whose id is not made of digits get a new one')
  expect((await run([...FILES, '--users', 'all'])).stdout).toContain('There is nothing to change.')
})

test('users alone, without the record of their app, are left out with the reason', async () => {
  const { stdout } = await run(['acme.zip'])
  expect(stdout).toMatch(/acme: is left out with its users \(76 users\): .*backup of its root app/)
})

test('a backup that was cut off is refused, and nothing is changed', async () => {
  const whole = readFileSync(place.path('acme.zip'))
  writeFileSync(place.path('acme.zip'), whole.subarray(0, whole.length - 200))
  const { stderr, exitCode } = await run([...FILES, '--apply'])
  expect(exitCode).toBe(1)
  expect(stderr).toContain('acme.zip is no whole ZIP file: it was cut off')
  expect(existsSync(place.path('new.db'))).toBe(false)
})

describe('JSON lines', () => {
  const lines = [paraApp('acme', { settings: ACME }), EMILY].map((object) => JSON.stringify(object))

  test('are read too, with a mark at their begin and the line ends of Windows', async () => {
    writeFileSync(place.path('acme.jsonl'), `\ufeff${lines.join('\r\n')}\r\n`)
    expect((await planOf(['acme.jsonl'])).apps).toMatchObject([{ users: { added: 1 } }])
  })

  test('of which one is not whole stop it with its number, or are passed over when that is said', async () => {
    const cut = (lines[1] ?? '').slice(0, 40)
    writeFileSync(place.path('acme.jsonl'), [lines[0], cut, '{"type":"user"}', lines[1]].join('\n'))
    const { stderr } = await run(['acme.jsonl'])
    expect(stderr).toContain('acme.jsonl, line 2: it is not whole JSON')
    expect(stderr).not.toContain('EMILY')
    const { stdout } = await run(['acme.jsonl', '--on-error', 'skip'])
    expect(stdout).toContain('users: 1 to add')
    expect(stdout).toContain('acme.jsonl, line 3: a user needs "appid", and has none')
  })

  test('that begin with blanks without end are refused soon', async () => {
    writeFileSync(place.path('acme.jsonl'), ' '.repeat(8 * 1024 * 1024))
    expect((await run(['acme.jsonl'])).stderr).toContain(
      'acme.jsonl: it begins with more than 64 KiB of blanks',
    )
    writeFileSync(place.path('acme.jsonl'), `${'\n'.repeat(60_000)}[${lines.join()}]`)
    expect((await planOf(['acme.jsonl'])).apps).toMatchObject([{ users: { added: 1 } }])
  })

  test('in UTF-16 are refused with a sentence', async () => {
    writeFileSync(place.path('acme.jsonl'), Buffer.from(`\ufeff${lines.join('\n')}`, 'utf16le'))
    expect((await run(['acme.jsonl'])).stderr).toMatch(
      /acme.jsonl, line 1: it is not (text in UTF-8|whole JSON)/,
    )
  })
})

describe("Para's configuration", () => {
  beforeEach(() => {
    place.write('para.conf', [
      'para.app_name = "Scoold"',
      'para { az_app_id = ${AZ_ID}, az_secret = "s", session_timeout = 3600, fb_app_id = "1" }',
      'para.env = "production"',
    ])
  })

  test('is told key by key, and written with the names that keys have here', async () => {
    const { stdout } = await run(['--conf', 'para.conf', '--write-conf', 'application.conf'], {
      AZ_ID: 'amzn1.application-oa2-client.x',
    })
    expect(stdout).toContain(
      'para.session_timeout (para.conf:2), which is para.session.absolute_timeout here',
    )
    expect(stdout).toContain('without a meaning here: fb_app_id')
    expect(stdout).not.toContain('"s"')
    const written = readFileSync(place.path('application.conf'), 'utf8')
    expect(written).toContain('para.az_app_id = "amzn1.application-oa2-client.x"')
    expect(written).toContain('para.session.absolute_timeout = 3600')
    expect(statSync(place.path('application.conf')).mode & 0o777).toBe(0o600)
  })

  test('tells when its root app is another one', async () => {
    const { stdout } = await run([...FILES, '--conf', 'para.conf'], { AZ_ID: 'a' })
    expect(stdout).toContain('set para.app_name = "Scoold"')
  })
})

describe('Para itself', () => {
  let server: Server
  const asked: string[] = []
  beforeEach(async () => {
    asked.length = 0
    server = createServer((req, res) => {
      const [, app = ''] = /Credential=app:(\w+)\//.exec(req.headers.authorization ?? '') ?? []
      asked.push(`${req.url ?? ''} as ${app}`)
      if (req.url === '/v1/_me')
        res.end(JSON.stringify({ type: 'app', id: `app:${app}`, name: app, active: true }))
      else if (req.url === '/v1/_settings') res.end(JSON.stringify(app === 'acme' ? ACME : {}))
      else if (req.url === '/v1/_export') res.end(readFileSync(place.path(`${app}.zip`)))
      else res.writeHead(404).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterEach(() => server.close())

  function ask(app: string): Promise<Ended> {
    const { port } = server.address() as AddressInfo
    return run(['--url', `http://127.0.0.1:${port}`, '--access-key', `app:${app}`, '--json'], {
      AMAZON_AUTH_SECRET_KEY: paraSecret(app),
    })
  }

  test('gives all its apps to the keys of the root app', async () => {
    const { stdout } = await ask('para')
    const { apps } = JSON.parse(stdout) as PlanJson
    expect(apps.map(({ app, users }) => [app, users.added])).toEqual([
      ['acme', 74],
      ['para', 1],
    ])
    expect(asked).toEqual([
      '/v1/_me as para',
      '/v1/_settings as para',
      '/v1/_export as para',
      '/v1/_export as acme',
    ])
  })

  test('gives one app to the keys of that app, and leaves nothing of it on the disk', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('express-amazon-auth-'))
    const { stdout } = await ask('acme')
    expect((JSON.parse(stdout) as PlanJson).apps).toMatchObject([
      { app: 'acme', users: { added: 74 } },
    ])
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('express-amazon-auth-'))
    expect(after.filter((name) => !before.includes(name))).toEqual([])
  })

  test('that ends a backup before its end is told of', async () => {
    writeFileSync(place.path('acme.zip'), readFileSync(place.path('acme.zip')).subarray(0, 900))
    expect((await ask('acme')).stderr).toContain('is no whole ZIP file')
  })
})

describeOnPostgres('into PostgreSQL', () => {
  test('all comes, a second time nothing', async () => {
    const database = await createTestDatabase()
    storeUrl = database.url
    try {
      expect((await run([...FILES, '--apply'])).stdout).toContain('users: 74 added')
      expect((await run([...FILES])).stdout).toContain('There is nothing to change.')
    } finally {
      storeUrl = 'sqlite:new.db'
      await database.drop()
    }
  })
})
