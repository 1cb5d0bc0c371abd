import { setTimeout } from 'node:timers/promises'

import type { Listening } from '../integration/server/command-line'
import { callAt, superToken } from './api'
import { row, sized } from './row'
import {
  CLIENT,
  createStoreWorld,
  manyPeople,
  ROOT_KEYS,
  type SignInAnswer,
  type StoreKind,
  type StoreWorld,
} from './store-world'
import { until } from './until'
import type { Person } from '../../src/emulator'

/** The rows of the safety table that every kind of SQL store has to pass, seen by HTTP, SQL and processes. */
export function describeStoreRows(kind: StoreKind): void {
  describe(kind.name, () => {
    let shared: Four | undefined
    const four = async (): Promise<Four> => (shared ??= await startFour(kind))
    afterAll(() => shared?.world.close())

    row('D11', 'four servers start at once on an empty store', async () =>
      showOneSchema(await four()),
    )

    row(
      'D1',
      'fifty first logins of one person return at once, to one server and to two',
      async () => showOneUser(await four()),
      ROUNDS * 15_000,
    )

    row(
      'D2',
      'two people with one email sign in for the first time at once, to one server and to two',
      async () => showTwoUsers(await four()),
      60_000,
    )

    row(
      'D9',
      'new user ids are taken at random, half of the time and always',
      async () => showBoundedRetries(await four()),
      60_000,
    )

    let world: StoreWorld | undefined
    afterEach(async () => {
      await world?.close()
      world = undefined
    })
    const open = async (people: readonly Person[]): Promise<StoreWorld> =>
      (world = await createStoreWorld(await kind.create(), people))

    row(
      'D3',
      'servers are killed (-9) at random moments of first logins',
      async () => showWholeUsers(await open(manyPeople(KILLS * PEOPLE_PER_KILL))),
      60_000 + KILLS * 8_000,
    )

    row(
      'D15',
      `signing in among 1,000 users of 2 apps, and among ${MANY.users.toLocaleString('en')} of ${MANY.apps.toLocaleString('en')}`,
      async () => {
        const few = await measureLogins(await open(manyPeople(MEASURED)), { users: 1_000, apps: 2 })
        await world?.close()
        const many = await measureLogins(await open(manyPeople(MEASURED)), MANY)
        return `median ${ms(few.median)} and ${ms(many.median)}, p95 ${ms(few.p95)} and ${ms(many.p95)} (${(many.p95 / few.p95).toFixed(2)} times)`
      },
      600_000,
    )

    row(
      'D16',
      `people sign in while ${EXPIRED.toLocaleString('en')} expired sessions are purged`,
      async () => showPurge(await open(manyPeople(1))),
      600_000,
    )

    row(
      'D16',
      `an app of ${DELETED.toLocaleString('en')} users is deleted, the server killed meanwhile, and people sign in to another`,
      async () => showDeletion(await open(manyPeople(1))),
      600_000,
    )
  })
}

const ROUNDS = sized({ short: 4, long: 20 })
const AT_ONCE = 50
const PAIRS = sized({ short: 20, long: 200 })
const TRIES = 300

/** Whom a row signs in, of the people of all rows: each once. */
const FIRST_OF_ROUNDS = 1
const FIRST_OF_PAIRS = FIRST_OF_ROUNDS + ROUNDS
const FIRST_OF_TRIES = FIRST_OF_PAIRS + PAIRS * 2
const ALL = FIRST_OF_TRIES + TRIES

/** What rows share that need servers which live: four that have started at once on an empty store. */
interface Four {
  readonly world: StoreWorld
  readonly servers: readonly Listening[]
}

async function startFour(kind: StoreKind): Promise<Four> {
  const world = await createStoreWorld(await kind.create(), manyPeople(ALL, emailOf))
  return { world, servers: await Promise.all([0, 1, 2, 3].map(() => world.serve())) }
}

/** The two of a pair share theirs. */
function emailOf(index: number): string {
  const isOfPair = index >= FIRST_OF_PAIRS && index < FIRST_OF_TRIES
  return isOfPair
    ? `pair-${Math.floor((index - FIRST_OF_PAIRS) / 2)}@example.com`
    : `person-${index}@example.com`
}

async function showOneUser({ world, servers }: Four): Promise<string> {
  const [users, sessions] = [await world.count('users'), await world.count('sessions')]
  for (let round = 0; round < ROUNDS; round += 1) {
    const used = servers.slice(0, round % 2 === 0 ? 2 : 1)
    const person = `amzn1.account.${FIRST_OF_ROUNDS + round}`
    const logins = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => world.begin(pick(used, index), person)),
    )
    const answers = await Promise.all(logins.map((login) => login.finish()))
    expect(new Set(answers.map(({ status, location }) => `${status} ${location}`))).toEqual(
      new Set(['302 /in']),
    )
    expect(await world.count('users', `identifier = 'az:${person}'`)).toBe(1)
    expect(await world.count('users')).toBe(users + round + 1)
    expect(await world.count('sessions')).toBe(sessions + (round + 1) * AT_ONCE)
  }
  return `${ROUNDS} rounds of ${AT_ONCE}: all signed in, 1 user and 1 identifier each`
}

async function showTwoUsers({ world, servers }: Four): Promise<string> {
  const users = await world.count('users')
  const ids: (string | undefined)[] = []
  for (let index = 0; index < PAIRS * 2; index += 2) {
    const first = FIRST_OF_PAIRS + index
    const second = pick(servers.slice(0, 2), index / 2)
    const pair = await Promise.all([
      world.signIn(pick(servers, 0), `amzn1.account.${first}`),
      world.signIn(second, `amzn1.account.${first + 1}`),
    ])
    ids.push(...pair.map(({ userId }) => userId))
  }
  expect(ids).not.toContain(undefined)
  expect(new Set(ids).size).toBe(PAIRS * 2)
  expect(await world.count('users')).toBe(users + PAIRS * 2)
  const [emails] = await world.store.query(
    "SELECT count(DISTINCT email) AS n FROM users WHERE email LIKE 'pair-%'",
  )
  expect(Number(emails?.n)).toBe(PAIRS)
  return `${PAIRS} pairs: all signed in, 2 users each, none linked to the other`
}

const KILLS = sized({ short: 4, long: 200 })
const PEOPLE_PER_KILL = 200
const LANES = 8
/** Long enough for some logins, and a moment nobody chose. */
const KILL_WITHIN_MS = 150
/** What a login writes of a user; a row that lacks one of them is half a user. */
const PARTS = ['id', 'identifier', 'email', 'name', 'picture', 'groups', 'token_secret']

async function showWholeUsers(world: StoreWorld): Promise<string> {
  const answered: SignInAnswer[] = []
  for (let kill = 0; kill < KILLS; kill += 1) {
    const server = await world.serve()
    const first = kill * PEOPLE_PER_KILL
    const before = answered.length
    const lanes = Array.from({ length: LANES }, (_, lane) =>
      signInUntilKilled(world, server, { first: first + lane, answered }),
    )
    // Every other one while the first logins are still under way.
    if (kill % 2 === 1) await until(() => answered.length > before)
    await setTimeout(Math.random() * KILL_WITHIN_MS)
    server.child.kill('SIGKILL')
    await Promise.all(lanes)
    await server.exit()
  }
  expect(answered.length).toBeGreaterThanOrEqual(KILLS / 2)
  await expectAllWhole(world, answered)
  const sound = await world.store.check()
  const server = await world.serve()
  for (const index of [0, KILLS * PEOPLE_PER_KILL - 1]) {
    expect((await world.signIn(server, `amzn1.account.${index}`)).status).toBe(200)
  }
  return `${KILLS} kills, ${answered.length} logins answered before: all of them stored, no half user; ${sound}; the next logins work`
}

/** One after the other, each a new person, until the connection breaks. */
async function signInUntilKilled(
  world: StoreWorld,
  server: Listening,
  { first, answered }: { readonly first: number; readonly answered: SignInAnswer[] },
): Promise<void> {
  try {
    for (let index = first; index % PEOPLE_PER_KILL < PEOPLE_PER_KILL - LANES; index += LANES) {
      answered.push(await world.signIn(server, `amzn1.account.${index}`))
    }
  } catch {
    // Killed.
  }
}

async function expectAllWhole(world: StoreWorld, answered: readonly SignInAnswer[]): Promise<void> {
  expect(new Set(answered.map(({ status }) => status))).toEqual(new Set([200]))
  const stored = await world.store.query(
    `SELECT app_id, ${PARTS.map(quoted).join(', ')} FROM users`,
  )
  const ids = new Set(stored.map(({ id }) => id))
  expect(answered.filter(({ userId }) => !ids.has(userId))).toEqual([])
  expect(new Set(stored.map(({ identifier }) => identifier)).size).toBe(stored.length)
  const isHalf = (user: Readonly<Record<string, unknown>>): boolean =>
    PARTS.some((part) => user[part] === null || user[part] === '')
  expect(stored.filter(isHalf)).toEqual([])
}

/** `groups` is a word of SQL. */
function quoted(column: string): string {
  return `"${column}"`
}

async function showBoundedRetries({ world, servers }: Four): Promise<string> {
  const server = pick(servers, 0)
  const users = await world.count('users')
  await world.store.takeIds(0.5)
  const statuses: number[] = []
  for (let index = FIRST_OF_TRIES; index < ALL - 1; index += 1) {
    statuses.push((await world.signIn(server, `amzn1.account.${index}`)).status)
  }
  const failed = statuses.filter((status) => status === 503).length
  const good = statuses.filter((status) => status === 200).length
  expect(good + failed).toBe(statuses.length)
  // Four tries fail together once in 16; one try alone, or two, far more often, and eight hardly ever.
  expect(failed).toBeGreaterThan(statuses.length / 100)
  expect(failed).toBeLessThan(statuses.length / 8)
  expect(await world.count('users')).toBe(users + good)

  await world.store.takeIds(1)
  const last = `amzn1.account.${ALL - 1}`
  expect((await world.signIn(server, last)).status).toBe(503)
  await world.store.takeIds(0)
  expect((await world.signIn(server, last)).status).toBe(200)
  return `half of the time: ${good} signed in, ${failed} answered 503 after 3 retries; always: 503, nothing stored; then 200`
}

async function showOneSchema({ world, servers }: Four): Promise<string> {
  for (const server of servers) expect((await world.signIn(server)).status).toBe(200)
  const versions = await world.store.query('SELECT version FROM schema_versions ORDER BY version')
  expect(versions.length).toBeGreaterThan(0)
  expect(versions.map(({ version }) => Number(version))).toEqual(versions.map((_, at) => at + 1))
  expect(await world.count('apps')).toBe(2)
  expect(await world.count('users')).toBe(1)
  return `4 servers up, schema ${versions.length} made once, each signs the same user in`
}

const MANY = sized({
  short: { users: 20_000, apps: 200 },
  long: { users: 1_000_000, apps: 2_000 },
})
const MEASURED = 100

interface Measured {
  /** Milliseconds. */
  readonly median: number
  readonly p95: number
}

async function measureLogins(
  world: StoreWorld,
  size: { readonly users: number; readonly apps: number },
): Promise<Measured> {
  const server = await world.serve()
  await seedUsers(world, size)
  expect(await world.count('users')).toBe(size.users)
  const times: number[] = []
  for (let index = 0; index < MEASURED * 3; index += 1) {
    const startedMs = performance.now()
    const { status } = await world.signIn(server, `amzn1.account.${index % MEASURED}`)
    expect(status).toBe(200)
    times.push(performance.now() - startedMs)
  }
  expect(await world.count('users', `app_id = 'acme'`)).toBe(MEASURED + size.users / size.apps)
  // The first of each person, and those before the code is warm, stay out.
  const warm = times.slice(MEASURED).sort((a, b) => a - b)
  const at = (share: number): number => warm[Math.floor(warm.length * share)] ?? NaN
  return { median: at(0.5), p95: at(0.95) }
}

/** Users in equal parts in one app and in apps that are there for their number alone. */
async function seedUsers(
  { store }: StoreWorld,
  { users, apps, appId: one = 'acme' }: { users: number; apps: number; appId?: string },
): Promise<void> {
  const appId = (n: string): string => `CASE WHEN ${n} = 1 THEN '${one}' ELSE 'app-' || ${n} END`
  await store.query(
    `INSERT INTO apps (app_id, name, active, sealed_secret, created_at, updated_at)
    ${numbers(apps)} SELECT ${appId('n')}, 'An app', 1, '', 0, 0 FROM numbers WHERE n > 1`,
  )
  await store.query(
    `INSERT INTO users (app_id, id, identifier, email, name, picture, "groups", active, token_secret,
    session_epoch, created_at, updated_at)
    ${numbers(users)} SELECT ${appId(`(1 + n % ${apps})`)}, '1' || n, 'az:seed-' || n,
    'seed-' || n || '@example.com', 'Seed', 'https://example.com/p', 'users', 1, 'secret', 0, n, n FROM numbers`,
  )
}

/** As a table `numbers (n)`, 1 to `count`: the same words for SQLite and PostgreSQL. */
function numbers(count: number): string {
  return `WITH RECURSIVE numbers (n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})`
}

const EXPIRED = sized({ short: 30_000, long: 1_000_000 })
const STEPS = 10

async function showPurge(world: StoreWorld): Promise<string> {
  const maker = await world.serve()
  maker.child.kill('SIGTERM')
  await maker.exit()
  await world.store.query(
    `INSERT INTO sessions (id_hash, data, expires_at)
    ${numbers(EXPIRED)} SELECT 'expired-' || (n * 7919 % ${EXPIRED}), '{}', n FROM numbers`,
  )
  const server = await world.serve()
  const startedMs = performance.now()
  let slowestMs = 0
  let logins = 0
  for (let left = EXPIRED; left > 0;) {
    slowestMs = Math.max(slowestMs, await timed(() => expectSignIn(world, server)))
    logins += 1
    left = await world.count('sessions', 'expires_at <= ' + EXPIRED)
  }
  expect(logins).toBeGreaterThan(STEPS)
  const seconds = (performance.now() - startedMs) / 1000
  const held = await world.eventLoop(server)
  return `purged in ${seconds.toFixed(1)} s; ${logins} logins meanwhile, the slowest took ${ms(slowestMs)}; ${held}`
}

const DELETED = sized({ short: 20_000, long: 1_000_000 })

async function showDeletion(world: StoreWorld): Promise<string> {
  const first = await world.serve()
  const keys = await world.createApp(first, 'big')
  await seedUsers(world, { users: DELETED, apps: 1, appId: 'big' })
  const token = await signInToBig(world, first)
  const asBig = [keys, token, superToken(keys)]
  const refusals = async ({ origin }: Listening): Promise<readonly number[]> =>
    Promise.all(asBig.map(async (as) => (await callAt(origin, 'GET /v1/_me', { as })).status))
  expect(await refusals(first)).toEqual([200, 200, 200])

  const deletedIn = await timed(async () => {
    const { status } = await callAt(first.origin, 'DELETE /v1/apps/big', { as: ROOT_KEYS })
    expect(status).toBe(200)
  })
  expect(await refusals(first)).toEqual([404, 401, 401])
  await expectSignIn(world, first)
  first.child.kill('SIGKILL')
  await first.exit()
  const left = await world.count('users', `app_id = 'big'`)
  expect(left).toBeGreaterThan(0)

  const second = await world.serve()
  expect(await refusals(second)).toEqual([404, 401, 401])
  const exists = await callAt(second.origin, 'GET /v1/_setup/big', { as: ROOT_KEYS })
  expect(exists.json.secretKey).toBeUndefined()
  let logins = 0
  while ((await world.count('apps', `app_id = 'big'`)) > 0) {
    await expectSignIn(world, second)
    logins += 1
  }
  expect(logins).toBeGreaterThan(STEPS)
  const held = await world.eventLoop(second)
  await world.createApp(second, 'big')
  expect(await world.count('users', `app_id = 'big'`)).toBe(0)
  return `gone in ${ms(deletedIn)}, its keys and tokens refused at once; killed with ${left.toLocaleString('en')} users left, the next start removed them during ${logins} logins to another app; ${held}; the name is free again`
}

async function signInToBig({ emulator }: StoreWorld, { origin }: Listening): Promise<string> {
  const token = emulator.issueAccessToken({ clientId: CLIENT.clientId })
  const body = { provider: 'amazon', appid: 'big', token }
  return String((await callAt(origin, 'POST /jwt_auth', { body })).json.jwt.access_token)
}

async function expectSignIn(world: StoreWorld, server: Listening): Promise<void> {
  expect((await world.signInByBrowser(server)).location).toBe('/in')
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

function ms(duration: number): string {
  return `${duration.toFixed(1)} ms`
}

function pick<T>(items: readonly T[], index: number): T {
  return items[index % items.length] as T
}
