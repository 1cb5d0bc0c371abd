import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

import Database from 'libsql'

import { ALL_CHECKS } from '../../../src/doctor/all-checks'
import type { Result } from '../../../src/doctor/check'
import type { Report } from '../../../src/doctor/report'
import { startEmulator, type Emulator } from '../../../src/emulator'
import { MIGRATIONS } from '../../../src/store/sql/migrations'
import { makeCertificate } from '../../support/certificate'
import { startConnectProxy } from '../../support/connect-proxy'
import { createTestDatabase, describeOnPostgres } from '../../support/postgres'
import { inDatabase, Workplace } from './command-line'

const ID = 'amzn1.application-oa2-client.5e0a7b1c2d3f48609a1b2c3d4e5f6071'
const SECRET = `amzn1.oa2-cs.v1.${'5e0a7b1c2d3f4860'.repeat(4)}`
const PUBLIC_URL = 'http://localhost:8080'

let emulator: Emulator
let place: Workplace
let closing: (() => Promise<void>)[]

beforeAll(async () => {
  emulator = await startEmulator({
    clients: [
      { clientId: ID, clientSecret: SECRET, allowedReturnUrls: [`${PUBLIC_URL}/amazon_auth`] },
    ],
  })
})
afterAll(() => emulator.close())
beforeEach(() => {
  place = new Workplace()
  closing = []
  emulator.faults.clear()
  emulator.journal.clear()
})
afterEach(async () => {
  await Promise.all(closing.map((close) => close()))
  await place.clear()
})

type Settings = Readonly<Record<string, string | undefined>>

/** Writes a configuration in which all is well, but for what is said here. Undefined leaves a line out. */
function configure(keys: Settings = {}, shop: Settings = {}): void {
  const all = {
    public_url: PUBLIC_URL,
    'store.url': 'sqlite:store.db',
    'amazon.authorize_url': emulator.authorizeUrl,
    'amazon.api_url': emulator.apiUrl,
    ...keys,
  }
  const settings = { az_app_id: ID, az_secret: SECRET, signin_success: '/welcome', ...shop }
  place.write('application.conf', [
    ...linesOf('para.', all),
    'para.apps.shop {}',
    ...linesOf('para.apps.shop.', settings),
  ])
}

function linesOf(prefix: string, values: Settings): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`${prefix}${name} = ${JSON.stringify(value)}`],
  )
}

/** Makes the store, as a first start does. */
async function makeStore(): Promise<void> {
  const { exitCode } = await place.run(['apps', 'list'])
  expect(exitCode).toBe(0)
}

interface Told extends Report {
  readonly exitCode: number | null
  readonly text: string
}

async function ask(
  args: readonly string[] = ['shop'],
  environment: Readonly<Record<string, string>> = {},
): Promise<Told> {
  const { stdout, stderr, exitCode } = await place.run(
    ['doctor', ...args, '--json'],
    '',
    environment,
  )
  if (!stdout.startsWith('{')) throw new Error(stdout + stderr)
  return { ...(JSON.parse(stdout) as Report), exitCode, text: stdout + stderr }
}

function resultsOf({ results }: Report, check: string): readonly Result[] {
  return results.filter((result) => result.check === check)
}

function notOk({ results }: Report): readonly string[] {
  return results
    .filter(({ level }) => level !== 'ok')
    .map(({ check, level, seen }) => `${level} ${check}: ${seen}`)
}

/** What stands in the place of a web site, or of Amazon. */
function serve(answer: RequestListener): Promise<string> {
  return listen(createServer(answer))
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Looks for one planted mistake: found by this check, at this level, with this fix, and told where it stands. */
async function found(
  check: string,
  level: string,
  expected: { readonly seen: RegExp; readonly fix: RegExp; readonly origin?: RegExp },
): Promise<Told> {
  const told = await ask()
  const hit = resultsOf(told, check).find(
    (result) => result.level === level && expected.seen.test(result.seen),
  )
  expect({ hit, all: notOk(told) }).toMatchObject({
    hit: {
      fix: expect.stringMatching(expected.fix),
      ...(expected.origin && { origin: expect.stringMatching(expected.origin) }),
    },
  })
  expect(told.exitCode).toBe(told.level === 'failure' ? 1 : 0)
  expect(told.text).not.toContain(SECRET)
  return told
}

const HALF_MOVED =
  "create table moves (name text primary key, source text not null, position text); insert into moves values ('apps', 'x', null)"
const FILE = /^application\.conf:\d+$/

describe('where all is well', () => {
  test('doctor finds nothing, tells the address for Amazon, ends with 0, and shows no secret', async () => {
    configure()
    await makeStore()
    const told = await ask()
    expect(notOk(told)).toEqual([])
    expect(told).toMatchObject({ level: 'ok', exitCode: 0 })
    expect(resultsOf(told, 'return_address')).toMatchObject([
      { seen: `${PUBLIC_URL}/amazon_auth`, origin: 'application.conf:1', app: 'shop' },
    ])
    expect(resultsOf(told, 'credentials')[0]?.seen).toMatch(/^Amazon takes/)
    expect(resultsOf(told, 'consent_page')[0]?.seen).toMatch(/takes az_app_id and the return/)
    expect(told.text).not.toContain(SECRET)
  })

  test('it asks Amazon for one made-up code an app, which is no login: none in the audit trail', async () => {
    configure()
    await makeStore()
    await ask()
    const [probe, ...more] = emulator.journal.entries({ path: '/auth/o2/token' })
    expect(more).toEqual([])
    expect(probe?.body).toMatchObject({
      grant_type: 'authorization_code',
      client_id: ID,
      redirect_uri: `${PUBLIC_URL}/amazon_auth`,
    })
    expect((await place.run(['audit', '--json'])).stdout).toBe('')
  })

  test('all apps are looked at where none is named, and the consent page is asked for none of them', async () => {
    configure()
    await makeStore()
    const told = await ask([])
    expect(notOk(told)).toEqual([])
    expect(new Set(told.results.map(({ app }) => app))).toEqual(
      new Set([undefined, 'para', 'shop']),
    )
    const asked = emulator.journal.entries({ path: '/ap/oa' })
    expect(asked.map(({ method, query }) => ({ method, query }))).toEqual([
      { method: 'HEAD', query: {} },
    ])
  })

  test('--offline asks nobody', async () => {
    configure()
    await makeStore()
    const told = await ask(['shop', '--offline'])
    expect(emulator.journal.count()).toBe(0)
    expect(told.results.map(({ check }) => check)).toEqual(
      expect.not.arrayContaining(['credentials', 'amazon_hosts', 'clock', 'consent_page']),
    )
    expect(resultsOf(told, 'return_address')).toHaveLength(1)
  })

  test('each result is one line, its fix another, without colours where nobody sits', async () => {
    configure({}, { az_secret: ID })
    await makeStore()
    const { stdout, exitCode } = await place.run(['doctor', 'shop'])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(
      /^failure {2}shop\/client_keys +az_secret looks like a Client ID {2}\(application\.conf:\d+\)\n {9}Take the Client Secret/m,
    )
    expect(stdout).toMatch(/\n1 app: 2 failures, 0 warnings\.\n$/)
    expect(stdout).not.toContain('\u001b')
  })

  test('no store is made, no key, and nothing in a store is changed', async () => {
    configure()
    const told = await ask([])
    expect(resultsOf(told, 'store')[0]).toMatchObject({
      level: 'warning',
      origin: FILE.source && expect.stringMatching(FILE),
    })
    expect(existsSync(place.path('store.db'))).toBe(false)
    expect(existsSync(place.path('store.db.key'))).toBe(false)
    await makeStore()
    const before = dump()
    await ask([])
    expect(dump()).toEqual(before)
  })

  test('a warning ends with 0, and with --strict with 1', async () => {
    configure({ prot: '80' })
    await makeStore()
    expect(await ask()).toMatchObject({ level: 'warning', exitCode: 0 })
    expect(await ask(['shop', '--strict'])).toMatchObject({ level: 'warning', exitCode: 1 })
  })

  test('an app that is not there is said to be none', async () => {
    configure()
    await makeStore()
    const { exitCode, stderr } = await place.run(['doctor', 'shpo'])
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('There is no app shpo'),
    })
  })
})

function dump(): unknown {
  const database = new Database(place.path('store.db'))
  const rows = ['apps', 'settings', 'used_once', 'audit', 'sealing_keys', 'serving_nodes'].map(
    (table) => database.prepare(`select * from ${table}`).all(),
  )
  database.close()
  return rows
}

describe('a value that does what nobody wants', () => {
  test.each<[string, Settings, RegExp, RegExp]>([
    ['5 ms for Amazon', { 'amazon.timeout': '5' }, /amazon\.timeout is 5 ms/, /as 5s/],
    [
      'an ID token of a second',
      { id_token_expires_after: '1' },
      /id_token_expires_after is 1 s/,
      /30 s/,
    ],
    [
      'a session token of twelve seconds',
      { jwt_expires_after: '12' },
      /jwt_expires_after is 12 s/,
      /hours/,
    ],
    [
      'three failures a minute',
      { 'limits.failures_per_minute': '3' },
      /limits\.failures_per_minute is 3/,
      /0 is no limit/,
    ],
    [
      'an idle time longer than the whole one',
      { 'session.idle_timeout': '2h', 'session.absolute_timeout': '1h' },
      /idle_timeout is 7200 s.* after 3600 s/,
      /the shorter one/,
    ],
    [
      'sign_out without kept tokens',
      { 'amazon.on_revoked': 'sign_out' },
      /on_revoked is sign_out/,
      /keep_tokens/,
    ],
  ])('%s is a warning, and told where it stands', async (_, keys, seen, fix) => {
    configure(keys)
    await found('odd_values', 'warning', { seen, fix, origin: FILE })
  })

  test.each<[string, Settings, RegExp, RegExp]>([
    ['sessions of a second', { session_timeout: '1' }, /session_timeout is 1 s/, /hours/],
    [
      'sign_out without kept tokens',
      { 'amazon.on_revoked': 'sign_out' },
      /on_revoked is sign_out/,
      /keep_tokens/,
    ],
    [
      'a secret of devices without its id',
      { az_device_secret: SECRET },
      /az_device_secret is set without az_device_app_id/,
      /az_app_id/,
    ],
  ])('%s of an app is a warning, and told where it stands', async (_, shop, seen, fix) => {
    configure({}, shop)
    await found('odd_settings', 'warning', { seen, fix, origin: FILE })
  })

  test('no limit, kept tokens and a shorter whole time alone are none', async () => {
    configure(
      {
        'limits.failures_per_minute': '0',
        'session.absolute_timeout': '1h',
        'amazon.on_revoked': 'sign_out',
      },
      { 'amazon.keep_tokens': 'true', 'amazon.on_revoked': 'sign_out', session_timeout: '1h' },
    )
    const told = await ask(['shop', '--offline'])
    expect(resultsOf(told, 'odd_values')).toMatchObject([{ level: 'ok' }])
    expect(resultsOf(told, 'odd_settings')).toEqual([])
  })
})

describe('a login that leads into the next one', () => {
  test.each([
    ['/amazon_auth?state=shop', /which begins the next one/],
    [`${PUBLIC_URL}/amazon_auth?state=shop&jwt=id`, /which begins the next one/],
    ['/auth/Amazon_Auth/', /which begins the next one/],
    ['/amazon_auth/logout', /signs people out again/],
  ])('signin_success = %s is a failure', async (signin_success, seen) => {
    configure({}, { signin_success })
    await found('signin_success', 'failure', { seen, fix: /Let signin_success lead/, origin: FILE })
  })

  test.each(['/amazon_auth?state=shop', `${PUBLIC_URL}/auth/amazon_auth?cause=?`])(
    'signin_failure = %s is a failure',
    async (signin_failure) => {
      configure({}, { signin_failure })
      await found('signin_failure', 'failure', {
        seen: /which begins the next one/,
        fix: /a page that begins no login by itself/,
        origin: FILE,
      })
    },
  )

  test.each([
    'https://other.example/amazon_auth?jwt=id',
    '/amazon_auth_done',
    '/amazon_auth/device',
  ])('signin_success = %s is none', async (signin_success) => {
    configure({}, { signin_success })
    const told = await ask(['shop', '--offline'])
    expect(resultsOf(told, 'signin_success')).toMatchObject([{ level: 'ok' }])
  })
})

describe('a mistake in the keys', () => {
  test.each<[string, Settings, RegExp, RegExp]>([
    ['a swapped pair', { az_app_id: SECRET, az_secret: ID }, /swapped/, /each in the place/],
    [
      'the App ID in place of the Client ID',
      { az_app_id: 'amzn1.application.5e0a7b1c2d3f48609a1b2c3d4e5f6071' },
      /is the App ID/,
      /Take the Client ID/,
    ],
    [
      'the id of an Alexa skill',
      { az_app_id: 'amzn1.ask.skill.5e0a7b1c-2d3f-4860-9a1b-2c3d4e5f6071' },
      /Alexa skill/,
      /Take the one/,
    ],
    [
      'the id of a Selling Partner application',
      { az_app_id: 'amzn1.sp.solution.5e0a7b1c' },
      /Selling Partner/,
      /Take the one/,
    ],
    [
      'white space in the secret',
      { az_secret: SECRET.replace('v1.', 'v1. ') },
      /white space/,
      /copy|Copy/,
    ],
    [
      'a pasted quote',
      { az_secret: `"${SECRET}"` },
      /begins or ends with a quote/,
      /Quote it once/,
    ],
    ['typographic quotes', { az_app_id: `“${ID}”` }, /typographic quotes/, /Leave them out/],
    ['a placeholder', { az_secret: 'changeme' }, /placeholder/, /Put in what the console shows/],
  ])('%s is a failure with its fix, and where it stands', async (_, shop, seen, fix) => {
    configure({}, shop)
    await found('client_keys', 'failure', { seen, fix, origin: FILE })
  })

  test('an id that was cut off is a warning that counts its digits', async () => {
    configure({}, { az_app_id: ID.slice(0, -1) })
    await found('client_keys', 'warning', {
      seen: /az_app_id has 31 hexadecimal digits at its end for 32/,
      fix: /Copy it once more/,
    })
  })

  test('no keys at all are a failure', async () => {
    configure({}, { az_app_id: undefined, az_secret: undefined })
    await found('client_keys', 'failure', {
      seen: /az_app_id and az_secret are not set/,
      fix: /settings set shop az_secret -/,
    })
  })

  test('a stored id without a secret hides the pair of the file, and that is told', async () => {
    configure()
    await makeStore()
    await place.run(['settings', 'set', 'shop', 'az_app_id', ID])
    await found('client_keys', 'failure', {
      seen: /az_secret is not set/,
      fix: /not taken from a weaker one/,
      origin: /^stored setting$/,
    })
  })

  test('a secret that Amazon refuses is a failure', async () => {
    configure({}, { az_secret: SECRET.replace(/5e/g, 'aa') })
    await found('credentials', 'failure', {
      seen: /Amazon refuses az_app_id and az_secret \(invalid_client\)/,
      fix: /Copy Client ID and Client Secret once more/,
      origin: FILE,
    })
  })

  test('a client that may not sign people in is a failure with another fix', async () => {
    configure()
    emulator.faults.set({ endpoint: 'token', fault: 'unauthorized_client' })
    await found('credentials', 'failure', {
      seen: /unauthorized_client/,
      fix: /Enable Login with Amazon/,
    })
  })

  test('a value from a variable is told by its name', async () => {
    configure()
    const told = await ask(['shop'], {
      para_apps_shop_az_app_id: SECRET,
      para_apps_shop_az_secret: SECRET,
    })
    expect(resultsOf(told, 'client_keys')).toMatchObject([
      { level: 'failure', origin: 'environment para_apps_shop_az_app_id' },
    ])
  })
})

describe('a mistake in addresses', () => {
  test('a return address that Amazon does not have on its list', async () => {
    configure({ public_url: 'http://localhost:8081' })
    await found('consent_page', 'warning', {
      seen: /most likely http:\/\/localhost:8081\/amazon_auth is not among the Allowed Return URLs/,
      fix: /Paste http:\/\/localhost:8081\/amazon_auth, as it stands/,
      origin: FILE,
    })
  })

  test('plain http', async () => {
    configure({ public_url: 'http://auth.example.com' })
    await found('https', 'failure', { seen: /by http/, fix: /https address/, origin: FILE })
  })

  test('this machine by its number', async () => {
    configure({ public_url: 'http://127.0.0.1:8080' })
    await found('https', 'warning', { seen: /localhost alone/, fix: /http:\/\/localhost:8080/ })
  })

  test('this machine in production', async () => {
    configure({ env: 'production' })
    await found('https', 'failure', { seen: /their own machine/, fix: /Set public_url/ })
    await found('amazon_hosts', 'failure', { seen: /an emulator/, fix: /Leave amazon\.api_url/ })
  })

  test('the whole return address in the place of the public one', async () => {
    configure({ public_url: `${PUBLIC_URL}/amazon_auth/` })
    await found('return_address', 'warning', {
      seen: /come back to http:\/\/localhost:8080\/amazon_auth\/amazon_auth$/,
      fix: /^Set public_url to http:\/\/localhost:8080, /,
      origin: FILE,
    })
  })

  test('no public address at all', async () => {
    configure({ public_url: undefined })
    await found('return_address', 'warning', {
      seen: /follows the Host header/,
      fix: /Set public_url .* enter https:\/\/auth\.example\.com\/amazon_auth at Amazon/,
    })
    await found('query_string', 'warning', {
      seen: /appid= and host_url= of a request become part/,
      fix: /Begin logins at \/amazon_auth\?state=shop/,
    })
  })

  test('no public address where security.strict demands it', async () => {
    configure({ public_url: undefined, 'security.strict': 'true' })
    await found('return_address', 'failure', { seen: /security\.strict/, fix: /Set public_url/ })
  })

  test('a cookie whose name browsers take by https alone', async () => {
    configure({ 'session.cookie_name': '__Secure-shop' })
    await found('cookies', 'failure', {
      seen: /__Secure-shop is sent over http/,
      fix: /leave the prefix out of session\.cookie_name/,
      origin: FILE,
    })
  })
})

describe('a mistake in where logins end', () => {
  test('another host without a token', async () => {
    configure({}, { signin_success: 'https://shop.example.com/in' })
    await found('signin_success', 'warning', {
      seen: /without a token, and the session cookie belongs to localhost: at shop\.example\.com nobody/,
      fix: /Add jwt=id/,
      origin: FILE,
    })
  })

  test('a token place that is misspelt', async () => {
    configure({}, { signin_success: 'http://localhost:3000/in?jwt=token' })
    await found('signin_success', 'warning', { seen: /not known, and gets none/, fix: /jwt=id/ })
  })

  test('a path, on front ends that have no cookie', async () => {
    configure({}, { 'security.hosturl_aliases': 'https://one.example.com,https://two.example.com' })
    await found('signin_success', 'warning', {
      seen: /at one\.example\.com, two\.example\.com nobody is signed in/,
      fix: /Add jwt=id/,
    })
  })

  test('front ends by http', async () => {
    configure({}, { 'security.hosturl_aliases': 'http://one.example.com' })
    await found('javascript_origins', 'warning', {
      seen: /http:\/\/one\.example\.com/,
      fix: /by https/,
    })
  })

  test('a page that is not there', async () => {
    const site = await serve((_req, res) => void res.writeHead(404).end())
    configure({}, { signin_success: `${site}/inn?jwt=id` })
    await found('target_pages', 'warning', { seen: /answers 404/, fix: /Compare the address/ })
  })

  test('a page whose site fails', async () => {
    const site = await serve((_req, res) => void res.writeHead(500).end())
    configure({}, { signin_success: `${site}/in?jwt=id` })
    await found('target_pages', 'warning', { seen: /answers 500/, fix: /log of that site/ })
  })

  test('a redirect that loses the token', async () => {
    const site = await serve((req, res) => {
      if (req.url?.startsWith('/in?') === true) res.writeHead(301, { location: '/in/' }).end()
      else res.end()
    })
    configure({}, { signin_success: `${site}/in?jwt=id` })
    await found('target_pages', 'warning', {
      seen: /without its query, where the token would be/,
      fix: /Name the address that it ends at/,
    })
  })

  test('a host that does not exist', async () => {
    configure({}, { signin_success: 'https://shop.invalid/in?jwt=id' })
    await found('target_pages', 'warning', { seen: /cannot be reached from here/, fix: /browser/ })
  })
})

describe('a mistake in settings', () => {
  test('scopes that Amazon does not know', async () => {
    configure({ 'amazon.scope': 'profile emial' })
    await found('scope', 'warning', {
      seen: /profile emial/,
      fix: /"emial", which is not known/,
      origin: FILE,
    })
    await found('consent_page', 'failure', { seen: /invalid_scope/, fix: /Correct amazon\.scope/ })
  })

  test('scopes of the app itself, told where they stand by either check', async () => {
    configure({}, { 'amazon.scope': 'profile email' })
    const told = await ask()
    expect([...resultsOf(told, 'scope'), ...resultsOf(told, 'consent_page')]).toMatchObject([
      { level: 'warning', origin: 'application.conf:9' },
      { level: 'failure', origin: 'application.conf:9', fix: 'Correct amazon.scope.' },
    ])
  })

  test('a scope that people may leave out, told by its own setting', async () => {
    configure({}, { 'amazon.voluntary_scope': 'postal-code' })
    const told = await ask()
    expect([...resultsOf(told, 'scope'), ...resultsOf(told, 'consent_page')]).toMatchObject([
      {
        origin: 'application.conf:9',
        fix: expect.stringMatching(/^Correct amazon.voluntary_scope: /),
      },
      { origin: 'application.conf:9', fix: 'Correct amazon.voluntary_scope.' },
    ])
  })

  test.each([
    ['para_apps_shpo_az_secret', 'para_apps_shop_az_secret'],
    ['PARA_AZ_APP_ID', 'para_az_app_id'],
  ])('a key of Amazon in the variable %s, which nothing reads', async (variable, meant) => {
    configure()
    const told = await ask(['shop'], { [variable]: SECRET })
    expect(resultsOf(told, 'configuration')).toMatchObject([
      {
        level: 'warning',
        seen: `The environment variable ${variable} is not known`,
        fix: `Write ${meant}.`,
      },
    ])
    expect(told.text).not.toContain(SECRET)
  })

  test('scopes by commas', async () => {
    configure({ 'amazon.scope': 'profile,postal_code' })
    await found('scope', 'warning', { seen: /,/, fix: /separated by spaces/ })
  })

  test('a stored setting without effect', async () => {
    configure()
    await makeStore()
    await place.run(['settings', 'set', 'shop', 'session_timeout', '0'])
    await found('ignored_settings', 'warning', {
      seen: /session_timeout must be a whole number/,
      fix: /Correct or remove session_timeout/,
      origin: /^stored setting$/,
    })
  })

  test('a stored setting that is misspelt', async () => {
    configure()
    await makeStore()
    await place.run(['settings', 'set', 'shop', 'sigin_failure', '/oops'])
    await found('ignored_settings', 'warning', {
      seen: /did you mean signin_failure/,
      fix: /Rename/,
    })
  })

  test('a secret of an app that is too short to count', async () => {
    configure()
    await makeStore()
    await place.run(['settings', 'set', 'shop', 'app_secret_key', '-'], 'too-short')
    await found('ignored_settings', 'warning', {
      seen: /app_secret_key must have at least 32 characters/,
      fix: /Correct or remove/,
    })
  })

  test('a key that is misspelt', async () => {
    configure({ prot: '80' })
    await found('configuration', 'warning', {
      seen: /para\.prot is not known/,
      fix: /Write para\.port/,
      origin: FILE,
    })
  })

  test('a value of the wrong kind, which would stop a start', async () => {
    configure({ port: 'eighty' })
    await found('configuration', 'failure', {
      seen: /^para\.port /,
      fix: /Correct it/,
      origin: FILE,
    })
  })

  test('one of two keys in the file', async () => {
    configure({}, { az_secret: undefined })
    await found('configuration', 'failure', {
      seen: /needs para\.apps\.shop\.az_secret too/,
      fix: /Correct it/,
    })
  })
})

describe('a mistake in the store', () => {
  test('a store that cannot be made where it should be', async () => {
    place.write('file', [''])
    configure({ 'store.url': 'sqlite:file/data/store.db' })
    const folder = place.path('file')
    await found('store', 'failure', {
      seen: new RegExp(
        `it is not there, and cannot be made in ${folder} .* let this user write there`,
      ),
      fix: /Correct store\.url/,
      origin: FILE,
    })
  })

  test('a file that is no database', async () => {
    configure()
    writeFileSync(
      place.path('store.db'),
      'not a database at all, but a text of some length'.repeat(100),
    )
    await found('store', 'failure', {
      seen: /cannot be used: .*(not a database|move the file away)/,
      fix: /Correct store\.url/,
      origin: FILE,
    })
  })

  test('a schema of a later release', async () => {
    configure()
    await makeStore()
    inDatabase(place.path('store.db'), 'insert into schema_versions values (9000)')
    await found('store', 'failure', {
      seen: /schema 9000 where this release has \d+/,
      fix: /Run the release that wrote it/,
    })
  })

  test('a schema of an earlier release stays as it is', async () => {
    configure()
    await makeStore()
    inDatabase(place.path('store.db'), 'delete from schema_versions where version > 2')
    await found('store', 'warning', {
      seen: /schema 2 where this release has \d+/,
      fix: /next start of this release/,
    })
    inDatabase(place.path('store.db'), 'insert into schema_versions values (3)')
  })

  test('a key file that is gone', async () => {
    configure()
    await makeStore()
    rmSync(place.path('store.db.key'))
    await found('master_keys', 'failure', {
      seen: /do not open what is stored/,
      fix: /Restore it from a backup/,
    })
    expect(existsSync(place.path('store.db.key'))).toBe(false)
  })

  test('another master key', async () => {
    configure()
    await makeStore()
    configure({ secret_key: 'another-master-key-0123456789-abcdefgh' })
    await found('master_keys', 'failure', {
      seen: /para\.secret_key do not open/,
      fix: /Start with the key they were sealed with/,
      origin: FILE,
    })
  })

  test('a Redis where nobody listens', async () => {
    configure({ 'session.store_url': 'redis://:hush-hush@127.0.0.1:1' })
    await makeStore()
    const told = await found('session_store', 'failure', {
      seen: /Redis does not answer/,
      fix: /correct session\.store_url/,
      origin: FILE,
    })
    expect(told.text).not.toContain('hush-hush')
  })

  test('a PostgreSQL where nobody listens, with what the file says of its apps all the same', async () => {
    configure({
      'store.url': 'postgres://me:hush-hush@127.0.0.1:1/shop',
      secret_key: 'a-master-key-0123456789-abcdefghijklmnop',
    })
    const told = await found('store', 'failure', {
      seen: /ECONNREFUSED/,
      fix: /Correct store\.url/,
    })
    expect(resultsOf(told, 'credentials')).toMatchObject([{ level: 'ok' }])
    expect(resultsOf(told, 'app_state')).toMatchObject([
      { level: 'ok', seen: 'configured; the store was not looked into' },
    ])
    expect(told.text).not.toContain('hush-hush')
  })

  test('a store that another is being moved into', async () => {
    configure()
    await makeStore()
    inDatabase(place.path('store.db'), HALF_MOVED)
    await found('store', 'failure', {
      seen: /cannot be used: .*another store is being moved into it/,
      fix: /Correct store\.url/,
    })
  })

  describeOnPostgres('PostgreSQL', () => {
    test('an empty database is a warning, one in use is in order, and another master key is found', async () => {
      const database = await createTestDatabase()
      closing.push(() => database.drop())
      const keys = {
        'store.url': database.url,
        secret_key: 'a-master-key-0123456789-abcdefghijklmnop',
      }
      configure(keys)
      await found('store', 'warning', { seen: /holds nothing yet/, fix: /first start/ })
      await makeStore()
      expect(notOk(await ask())).toEqual([])
      configure({ ...keys, secret_key: 'another-master-key-0123456789-abcdefgh' })
      await found('master_keys', 'failure', { seen: /do not open/, fix: /Start with the key/ })
    })
  })

  test('a file that another process keeps locked', async () => {
    configure()
    await makeStore()
    const other = new Database(place.path('store.db'))
    other.exec('BEGIN IMMEDIATE')
    closing.push(() => Promise.resolve(void other.close()))
    await found('store', 'failure', { seen: /takes no write/, fix: /end what holds a lock/ })
    other.exec('ROLLBACK')
  })
})

describe('a mistake on the way to Amazon', () => {
  test('a host where nobody listens', async () => {
    const gone = await serve((_req, res) => void res.end())
    await closing.pop()?.()
    configure({ 'amazon.api_url': gone })
    await found('amazon_hosts', 'failure', {
      seen: /ECONNREFUSED/,
      fix: /Let this host connect/,
      origin: FILE,
    })
    await found('credentials', 'warning', { seen: /did not say/, fix: /again in a minute/ })
  })

  test('a host that does not exist', async () => {
    configure({ 'amazon.api_url': 'https://api.amazon.invalid' })
    await found('amazon_hosts', 'failure', { seen: /cannot be reached/, fix: /name is not found/ })
  })

  test('a proxy of the environment that is not used', async () => {
    configure({ 'amazon.api_url': 'https://api.amazon.invalid' })
    const told = await ask(['shop'], { HTTPS_PROXY: 'http://me:hush-hush@127.0.0.1:3128' })
    expect(resultsOf(told, 'amazon_hosts')).toMatchObject([
      { level: 'failure', fix: expect.stringMatching(/^HTTPS_PROXY is set and not used/) },
    ])
    expect(told.text).not.toContain('hush-hush')
  })

  test('a proxy that is not there is told by its name, without its password', async () => {
    configure({
      'amazon.proxy': 'http://me:hush-hush@127.0.0.1:9',
      'amazon.api_url': 'https://api.amazon.com',
    })
    const told = await found('amazon_hosts', 'failure', {
      seen: /^https:\/\/api\.amazon\.com cannot be reached through the proxy 127\.0\.0\.1:9: .*ECONNREFUSED/,
      fix: /^The proxy 127\.0\.0\.1:9 itself cannot be reached: start it, or correct amazon\.proxy/,
      origin: FILE,
    })
    expect(told.text).not.toMatch(/hush-hush|set amazon\.proxy/)
  })

  test('a certificate that does not hold', async () => {
    const { key, cert } = makeCertificate(place.folder)
    const amazon = await listen(createTlsServer({ key, cert }, (_req, res) => void res.end('{}')))
    configure({ 'amazon.api_url': amazon.replace('http:', 'https:') })
    await found('amazon_hosts', 'failure', {
      seen: /cannot be reached: .*SELF_SIGNED/,
      fix: /certificate does not hold/,
    })
  })

  test.each([
    [407, /PROXY_407/],
    [403, /PROXY_403/],
  ])('a proxy that refuses with %s', async (status, seen) => {
    const proxy = await startConnectProxy()
    closing.push(() => proxy.close())
    proxy.behave(status)
    configure({
      'amazon.proxy': `http://me:hush-hush@${proxy.host}`,
      'amazon.api_url': 'https://api.amazon.com',
    })
    const told = await found('amazon_hosts', 'failure', { seen, fix: /amazon\.proxy/ })
    expect(told.text).not.toContain('hush-hush')
  })

  test('an Amazon that is slow takes no longer than --timeout, and what was not asked is told', async () => {
    const ids = Array.from({ length: 150 }, (_, n) => `app-${String(n).padStart(3, '0')}`)
    configure()
    await makeStore()
    appendFileSync(
      place.path('application.conf'),
      ids
        .map((id) => `para.apps.${id} { az_app_id = "${ID}", az_secret = "${SECRET}" }\n`)
        .join(''),
    )
    emulator.faults.set({ endpoint: 'token', fault: { name: 'latency', ms: 200 } })
    const told = await ask(['--timeout', '1'])
    expect(emulator.journal.count('/auth/o2/token')).toBeLessThan(60)
    expect(resultsOf(told, 'credentials').at(-1)).toMatchObject({
      level: 'warning',
      seen: expect.stringMatching(
        /^Amazon was not asked about the apps behind app-\d+: the time was over$/,
      ),
      fix: 'Give it longer: --timeout 600.',
    })
    expect(new Set(told.results.map(({ app }) => app)).size).toBe(153)
    const { stdout } = await place.run(['doctor', '--offline'])
    expect(stdout).toMatch(
      /\n\d+ results of apps are in order, and not shown\.\n152 apps: 0 failures, 0 warnings\.\n$/,
    )
  })

  test('an answer of 503 is no verdict on the keys', async () => {
    configure()
    emulator.faults.set({ endpoint: 'token', fault: 'http_503' })
    await found('credentials', 'warning', { seen: /it answered 503/, fix: /again in a minute/ })
  })

  test.each([
    ['a minute', 60_000, 'warning', /6\d s ahead of|5\d s ahead of/],
    ['ten minutes', 600_000, 'failure', /ahead of/],
    ['minus ten minutes', -600_000, 'failure', /behind/],
  ])('a clock that is wrong by %s', async (_, ms, level, seen) => {
    const amazon = await serve((_req, res) => {
      res.writeHead(404, { date: new Date(Date.now() - ms).toUTCString() }).end('{}')
    })
    configure({ 'amazon.api_url': amazon })
    await found('clock', level, { seen, fix: /NTP/ })
  })
})

describe('without a file', () => {
  test('the first thing told is that options in code are not seen, and where to ask', async () => {
    const { results } = await ask(['--offline'])
    expect(results[0]).toMatchObject({
      check: 'configuration',
      level: 'warning',
      seen: expect.stringContaining('options in code are not seen'),
      fix: expect.stringContaining('await auth.doctor({ express: app })'),
    })
    const { stderr } = await place.run(['doctor', 'shop', '--offline'])
    expect(stderr).toMatch(/^There is no app shop\..*\nOf a host with options in code ask there/)
  })

  test('it is no warning where the environment says something', async () => {
    const { results } = await ask(['--offline'], { para_public_url: PUBLIC_URL })
    expect(results[0]).toMatchObject({ level: 'ok', seen: expect.stringContaining('in code') })
    configure()
    const told = await ask(['--offline'], { para_public_url: PUBLIC_URL })
    expect(told.text).not.toContain('options in code')
  })
})

describe('a server that runs', () => {
  const ROOT = { accessKey: 'app:para', secretKey: 'root-secret-0123456789-abcdefghijklmnopqr' }

  test('tells what it sees by --url: the root app all, with where values stand', async () => {
    configure({ root_secret_key: ROOT.secretKey, port: '0', host: '127.0.0.1' })
    const { origin } = await place.listen(['serve', '--allow-emulator'])
    const at = ['--url', origin, '--access-key', ROOT.accessKey]
    const told = await ask(['shop', ...at], { AMAZON_AUTH_SECRET_KEY: ROOT.secretKey })
    expect(notOk(told)).toEqual([])
    expect(resultsOf(told, 'proxy_headers')).toHaveLength(1)
    expect(resultsOf(told, 'return_address')).toMatchObject([{ origin: 'application.conf:1' }])
    const none = await place.run(['doctor', 'nobody', ...at], '', {
      AMAZON_AUTH_SECRET_KEY: ROOT.secretKey,
    })
    expect(none).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no app nobody') })
  })
})

test('every check has its section in docs/doctor.md, in the order of reports, and no other has', () => {
  const text = readFileSync(`${__dirname}/../../../docs/doctor.md`, 'utf8')
  const sections = [...text.matchAll(/^### `(\w+)`/gm)].map(([, id]) => id)
  expect(sections).toEqual(ALL_CHECKS.map(({ id }) => id))
  expect(text).toContain(`schema ${MIGRATIONS.length},`)
})
