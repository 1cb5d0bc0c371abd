import { startHost } from '../../support/host'
import { Workplace, type Ended } from './command-line'

jest.setTimeout(60_000)

const ENVIRONMENT = {
  para_store_url: 'sqlite:a.db',
  para_secret_key: 'key-0123456789-abcdefghijklmnopqrstuvwxyz',
}
const ADA = {
  amazon_user_id: 'amzn1.account.ADA',
  id: '8d6f1c3e-b2a4-4d55-9a51-6f0b1f0c9a11',
  email: 'Ada@Example.com',
  name: 'Ada',
  created_at: '2024-05-01T10:00:00Z',
}
/** As a database gives them: an id of digits, and nulls. */
const BOB = { identifier: 'az:amzn1.account.BOB', id: 4711, email: null, name: ' ', active: true }

let place: Workplace
beforeEach(async () => {
  place = new Workplace()
  await place.run(['apps', 'create', 'acme'], '', ENVIRONMENT)
})
afterEach(() => place.clear())

function run(args: readonly string[], input = ''): Promise<Ended> {
  return place.run(['users', 'import', ...args], input, ENVIRONMENT)
}

test('users of another system are the same people at their next sign-in, and a second time there is nothing to do', async () => {
  place.write('users.json', [JSON.stringify([ADA, BOB])])
  expect((await run(['acme', 'users.json'])).stdout).toContain('users: 2 to add')
  expect((await run(['acme', 'users.json', '--apply'])).stdout).toContain('users: 2 added')
  expect((await run(['acme', 'users.json'])).stdout).toContain('There is nothing to change.')
  const { stdout } = await place.run(['users', 'list', 'acme', '--json'], '', ENVIRONMENT)
  const { items } = JSON.parse(stdout) as { items: readonly Record<string, unknown>[] }
  const [ada, bob] = items.toSorted((one, other) =>
    String(one.name).localeCompare(String(other.name)),
  )
  expect(ada).toMatchObject({ identifier: 'az:amzn1.account.ADA', email: ADA.email })
  expect(ada).toMatchObject({ timestamp: Date.parse(ADA.created_at) })
  expect(bob).toMatchObject({ id: '4711', name: 'No Name', email: '4711@amazon.com' })
  const host = await startHost({
    options: {
      store: { url: `sqlite:${place.path('a.db')}` },
      secretKey: ENVIRONMENT.para_secret_key,
    },
    people: [{ userId: 'amzn1.account.BOB', name: 'Bob', email: 'bob@example.com' }],
  })
  try {
    await place.run(
      ['settings', 'set', 'acme', 'az_app_id', 'amzn1.application-oa2-client.acme'],
      '',
      ENVIRONMENT,
    )
    await place.run(['settings', 'set', 'acme', 'az_secret', '-'], 'acme-secret', ENVIRONMENT)
    await host.signIn(host.browser(), '/amazon_auth?state=acme', 'amzn1.account.BOB')
  } finally {
    await host.close()
  }
  const after = await place.run(['users', 'list', 'acme', '--json'], '', ENVIRONMENT)
  expect(JSON.parse(after.stdout)).toMatchObject({ totalHits: 2 })
  expect(after.stdout).toContain('"name": "Bob"')
})

test.each([
  ['{"email":"a@example.com"}', 'standard input, line 1: a user needs "amazon_user_id"'],
  ['{"amazon_user_id":"A","tier":1}', 'standard input, line 1: a user has no field "tier"'],
  ['{"amazon_user_id":"A"}\n{"amazon_user_id":', 'standard input, line 2: it is not whole JSON'],
  ['{"amazon_user_id":"A","created_at":"soon"}', '"created_at" must be milliseconds since 1970'],
])('%s is refused with its place, and nothing is changed', async (line, message) => {
  const { stderr, exitCode } = await run(['acme', '-', '--apply'], line)
  expect(exitCode).toBe(1)
  expect(stderr).toContain(message)
})

test('who has no id of its own is told from whose id cannot be kept, and neither at a second time', async () => {
  const lines = ['{"amazon_user_id":"A"}', '{"amazon_user_id":"B","id":"b"}'].join('\n')
  const { stdout } = await run(['acme', '-', '--apply'], lines)
  expect(stdout).toContain('1 with no id of their own get one here')
  expect(stdout).toContain('1 whose id is not made of digits get a new one')
  expect((await run(['acme', '-'], lines)).stdout).not.toContain('get')
})

test('times that are yet to come are as good as none', async () => {
  const far = { created_at: Number.MAX_SAFE_INTEGER, updated_at: '9999-01-01T00:00:00Z' }
  await run(['acme', '-', '--apply'], JSON.stringify({ ...ADA, ...far }))
  const { stdout } = await place.run(['users', 'list', 'acme', '--json'], '', ENVIRONMENT)
  const { items } = JSON.parse(stdout) as { items: readonly { timestamp: number }[] }
  expect(Math.abs((items[0]?.timestamp ?? 0) - Date.now())).toBeLessThan(60_000)
})

test('users of an app that is not there are refused', async () => {
  expect((await run(['other', '-'], JSON.stringify(ADA))).stderr).toContain(
    'There is no app other.',
  )
})
