import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { inspect, promisify } from 'node:util'

import type { Request } from 'express'
import { sign } from 'jsonwebtoken'
import Database from 'libsql'

import type { AmazonAuthOptions } from '../../src'
import { PEOPLE, startEmulator, type Emulator } from '../../src/emulator'
import type { ResealReport } from '../../src/apps/reseal-secrets'
import { VERSION } from '../../src/version'
import { browserAt, Workplace, type Listening } from '../integration/server/command-line'
import {
  callAt,
  ROOT_KEYS as SERVER_KEYS,
  signatureOf,
  startServer,
  superToken,
  type ApiAnswer,
  type Keys,
  type Sending,
  type TestServer,
} from '../support/api'
import { Browser, type Answer } from '../support/browser'
import { ACME, startHost, type Host, type LogEntry } from '../support/host'
import { row, sized } from '../support/row'
import { createSqlite } from '../support/sqlite-under-test'
import { StoreFile } from '../support/store-file'
import {
  CLIENT,
  createStoreWorld,
  manyPeople,
  MASTER_KEY,
  type StoreWorld,
} from '../support/store-world'

const ROOT_KEYS: Keys = {
  accessKey: 'app:para',
  secretKey: 'planted-root-secret-0123456789abcdefghij',
}
const ROOT = join(__dirname, '../..')
const BAKERY = { clientId: 'client.bakery', clientSecret: 'planted-az-secret-of-bakery' }
const APP_KEY = 'planted-app-secret-key-0123456789abcdef'
/** What Amazon's tokens and our own look like, whoever made them. */
const TOKEN_SHAPES = /Atz[ar]\|[\w.-]+|eyJ[\w-]{8,}/g

/** Secrets that have passed through, by what they are. */
class Planted {
  private readonly secrets = new Map<string, string>()
  readonly errorBodies: string[] = []

  add(name: string, value: string | undefined): string {
    if (value === undefined || value.length < 8) throw new Error(`nothing to plant: ${name}`)
    this.secrets.set(value, name)
    return value
  }

  get size(): number {
    return this.secrets.size
  }

  get names(): readonly string[] {
    return [...new Set(this.secrets.values())].sort()
  }

  /** The body and cookies of an answer; a failure's is also searched later. */
  see({ body, status, location }: Answer): void {
    if (status >= 400) this.errorBodies.push(body)
    const url = new URL(location || '/', 'http://none')
    const jwt = url.searchParams.get('jwt')
    if (jwt !== null) this.add('token in Location', jwt)
  }

  seeCookies({ cookies }: Browser): void {
    for (const value of cookies.values()) {
      this.add('cookie', value)
      // express-session: s:<id>.<signature>
      const [, id] = /^s:([\w-]+)\./.exec(decodeURIComponent(value)) ?? []
      if (id !== undefined) this.add('session id', id)
    }
  }

  /** Which of them stand in a text, as they are or percent-encoded. */
  leaksIn(text: string): readonly string[] {
    const leaks = [...this.secrets].filter(
      ([value]) => text.includes(value) || text.includes(encodeURIComponent(value)),
    )
    return [...leaks.map(([, name]) => name), ...(text.match(TOKEN_SHAPES) ?? [])]
  }
}

interface Target {
  readonly origin: string
  readonly emulator: Emulator
  readonly planted: Planted
}

/** Goes through all that touches secrets, well and badly. */
async function useEverything({ origin, emulator, planted }: Target): Promise<{ metrics: string }> {
  const keys = await setUp({ origin, emulator, planted })
  await signInByBrowser({ origin, emulator, planted })
  await failToSignIn({ origin, emulator, planted })
  await useTokens(keys, { origin, emulator, planted })
  const as = planted.add('super token', superToken(ROOT_KEYS))
  const { status, text } = await callAt(origin, 'GET /v1/_metrics', { as })
  expect(status).toBe(200)
  seeAtAmazon(emulator, planted)
  return { metrics: text }
}

async function setUp({ origin, emulator, planted }: Target): Promise<Keys> {
  planted.add('root secret', ROOT_KEYS.secretKey)
  planted.add('az_secret', BAKERY.clientSecret)
  planted.add('app_secret_key', APP_KEY)
  emulator.addClient({ ...BAKERY, allowedReturnUrls: [], allowAnyReturnUrl: true })
  const made = await callAt(origin, 'GET /v1/_setup/bakery', { as: ROOT_KEYS })
  const keys = made.json as Keys
  planted.add('app secret', keys.secretKey)
  const body = {
    az_app_id: BAKERY.clientId,
    az_secret: BAKERY.clientSecret,
    app_secret_key: APP_KEY,
    signin_success: 'https://bakery.example/in?jwt=?',
    signin_failure: 'https://bakery.example/out?cause=?',
  }
  expect((await callAt(origin, 'PUT /v1/_settings', { as: keys, body })).status).toBe(200)
  const unsigned = { method: 'GET', path: '/v1/_me', host: new URL(origin).host }
  const headers = signatureOf({ ...unsigned, body: Buffer.alloc(0) }, keys)
  const [, signature] = /Signature=(\w+)/.exec(headers.Authorization ?? '') ?? []
  planted.add('signature', signature)
  await callAt(origin, 'GET /v1/_me', { headers })
  await seeCall(callAt(origin, 'GET /v1/_setup/other', { headers }), planted)
  const broken = '{"value":"planted-in-broken-json'
  planted.add('broken body', 'planted-in-broken-json')
  await seeCall(callAt(origin, 'PUT /v1/_settings/x', { as: keys, body: broken }), planted)
  return keys
}

async function signInByBrowser({ origin, emulator, planted }: Target): Promise<void> {
  for (const app of ['bakery', 'para']) {
    const browser = new Browser(origin)
    const begun = await browser.get(`/amazon_auth?state=${app}`)
    planted.seeCookies(browser)
    const back = new URL(await emulator.allow(begun.location))
    planted.add('code', back.searchParams.get('code') ?? undefined)
    planted.see(await browser.get(back.href))
    planted.seeCookies(browser)
    planted.see(await browser.get('/whoami'))
    planted.see(await browser.get(back.href))
  }
}

/** Every way in which Amazon, the browser or the app may spoil a login. */
async function failToSignIn({ origin, emulator, planted }: Target): Promise<void> {
  const faults = ['http_500', 'reset', 'html_captcha', 'invalid_client', 'token_crlf'] as const
  for (const endpoint of ['token', 'profile'] as const) {
    for (const fault of faults) {
      emulator.faults.set({ endpoint, fault })
      const browser = new Browser(origin)
      const begun = await browser.get('/amazon_auth?state=bakery')
      const back = new URL(await emulator.allow(begun.location))
      planted.add('code', back.searchParams.get('code') ?? undefined)
      planted.see(await browser.get(back.href, { accept: 'application/json' }))
      emulator.faults.clear()
    }
  }
  const code = planted.add('unknown code', 'planted-code-0123')
  const cookie = `amazon-login.0123456789=${planted.add('foreign cookie', 'planted-cookie-0123')}`
  for (const query of [`code=${code}`, `state=bakery&code=${code}`, `code=${code}&code=${code}`]) {
    planted.see(await new Browser(origin).get(`/amazon_auth?${query}`, { cookie }))
  }
}

async function useTokens(keys: Keys, { origin, emulator, planted }: Target): Promise<void> {
  const jwtAuth = (token: string): Promise<ApiAnswer> =>
    callAt(origin, 'POST /jwt_auth', {
      body: { provider: 'amazon', appid: 'bakery', token: planted.add('Amazon token', token) },
    })
  const good = await jwtAuth(emulator.issueAccessToken({ clientId: BAKERY.clientId }))
  const session = planted.add('session token', good.json.jwt.access_token)
  await seeCall(jwtAuth(emulator.issueAccessToken({ clientId: 'another' })), planted)
  await seeCall(jwtAuth('Atza|planted-and-unknown'), planted)
  await callAt(origin, 'GET /v1/_me', { as: session })
  await callAt(origin, `GET /jwt_auth?Authorization=Bearer%20${session}`)
  for (const token of [session, `${session}x`, superToken(keys, {}, { expiresIn: -1 })]) {
    planted.add('refused token', token)
    await seeCall(callAt(origin, 'GET /v1/_settings', { as: token }), planted)
  }
  const person = { email: 'eve@example.com', identifier: 'crm:7' }
  for (const key of [APP_KEY, 'a key that is not its own']) {
    const token = planted.add('app token', sign(person, key, { expiresIn: 60 }))
    planted.see(await new Browser(origin).get(`/passwordless_auth?appid=bakery&token=${token}`))
    const line = `GET /passwordless_auth?appid=bakery&redirect=false&token=${token}`
    const { status, text } = await callAt(origin, line)
    if (status === 200) planted.add('session token', text)
    else planted.errorBodies.push(text)
  }
}

async function seeCall(call: Promise<ApiAnswer>, planted: Planted): Promise<void> {
  const { status, text } = await call
  expect(status).toBeGreaterThanOrEqual(400)
  planted.errorBodies.push(text)
}

/** What only Amazon has seen: access tokens and code verifiers. */
function seeAtAmazon(emulator: Emulator, planted: Planted): void {
  for (const { headers, body } of emulator.journal.entries()) {
    const token = headers['x-amz-access-token']
    if (typeof token === 'string') planted.add('Amazon token', token)
    if (typeof body.code_verifier === 'string') planted.add('code verifier', body.code_verifier)
  }
}

/** Paths and queries of what the server itself has asked Amazon. */
function urlsToAmazon(emulator: Emulator): string {
  const entries = emulator.journal.entries().filter(({ path }) => path !== '/ap/oa')
  expect(entries.length).toBeGreaterThan(10)
  return entries.map(({ path, query }) => path + JSON.stringify(query)).join('\n')
}

/** The bytes of the database, its log included; not the key file beside it. */
function bytesOfStore(folder: string): string {
  const files = readdirSync(folder).filter((name) => /\.db(-wal|-shm)?$/.test(name))
  expect(files.length).toBeGreaterThan(0)
  return files.map((name) => readFileSync(join(folder, name), 'latin1')).join('\n')
}

function describeHaul(planted: Planted, log: string): string {
  const lines = log.split('\n').length
  return `${planted.size} secrets of ${planted.names.length} kinds went through; none in ${lines} lines of log, the bytes of the store (audit included), metrics, ${planted.errorBodies.length} error bodies, or URLs to Amazon. No app here keeps Amazon's tokens: what those that do leave in the store is looked at in kept-tokens.long.test.ts`
}

/** Hooks of a careless host: what they throw holds all that they were given. */
const CRASHING: NonNullable<AmazonAuthOptions['hooks']> = {
  resolveApp: crashIfAsked,
  onLogin({ req }) {
    crashIfAsked(req, 'onLogin')
  },
  onFailure({ req }) {
    crashIfAsked(req, 'onFailure')
  },
}

function crashIfAsked(req: Request, hook = 'resolveApp'): undefined {
  if (req.get('x-crash') !== hook) return
  const cause = new Error(`cookies were ${String(req.headers.cookie)}`)
  throw new Error(`${hook} failed at ${req.originalUrl} with ${req.get('x-token') ?? ''}`, {
    cause,
  })
}

async function crashHooks({ origin, emulator, log }: Host, planted: Planted): Promise<void> {
  const token = planted.add('Amazon token', 'Atza|planted-in-a-hook')
  for (const hook of ['resolveApp', 'onLogin', 'onFailure']) {
    const browser = new Browser(origin)
    const begun = await browser.get('/amazon_auth?state=zenith')
    const back = new URL(await emulator.allow(begun.location))
    planted.seeCookies(browser)
    planted.add('code', back.searchParams.get('code') ?? undefined)
    planted.add('state', back.searchParams.get('state') ?? undefined)
    if (hook === 'resolveApp') back.searchParams.delete('state')
    if (hook === 'onFailure') back.searchParams.set('error', 'access_denied')
    planted.see(await browser.get(back.href, { 'x-crash': hook, 'x-token': token }))
  }
  expect(log.filter(({ facts }) => facts.code === 'hook_failed')).toHaveLength(3)
}

const KINDS = [
  'Amazon token',
  'app secret',
  'app token',
  'app_secret_key',
  'az_secret',
  'broken body',
  'code',
  'code verifier',
  'cookie',
  'foreign cookie',
  'refused token',
  'root secret',
  'session id',
  'session token',
  'signature',
  'super token',
  'token in Location',
  'unknown code',
]

row(
  ['K1', 'K2', 'K5', 'K6'],
  'a host at debug level is signed in to in every way, well and badly, with hooks that crash',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'amazon-auth-secrets-'))
    const planted = new Planted()
    const host = await startHost({
      options: {
        store: { url: `sqlite:${join(folder, 'auth.db')}` },
        rootSecretKey: ROOT_KEYS.secretKey,
        hooks: CRASHING,
      },
    })
    await crashHooks(host, planted)
    const { metrics } = await useEverything({ ...host, planted })
    const stored = bytesOfStore(folder)
    const urls = urlsToAmazon(host.emulator)
    await host.close()
    const log = inspect(host.log, { depth: null, maxArrayLength: null, maxStringLength: null })
    const rest = bytesOfStore(folder)
    rmSync(folder, { recursive: true })

    expect(planted.names).toEqual([...KINDS, 'state'].sort())
    for (const written of ["'login steps'", "'sign-in failed'", "'call refused'", "'audit'"]) {
      expect(log).toContain(written)
    }
    expect(planted.leaksIn(log)).toEqual([])
    expect(planted.leaksIn(stored)).toEqual([])
    expect(planted.leaksIn(rest)).toEqual([])
    expect(rest).toContain('code_rejected')
    expect(planted.leaksIn(metrics)).toEqual([])
    expect(planted.leaksIn(urls)).toEqual([])
    expect(planted.leaksIn(planted.errorBodies.join('\n'))).toEqual([])
    return describeHaul(planted, log)
  },
)

row(
  ['K1', 'K2', 'K5', 'K6'],
  'the stand-alone server at debug level goes through the same',
  async () => {
    const place = new Workplace()
    const planted = new Planted()
    const root = {
      clientId: 'client.root',
      clientSecret: planted.add('az_secret', 'planted-az-secret-of-root'),
    }
    const emulator = await startEmulator({
      clients: [{ ...root, allowedReturnUrls: [], allowAnyReturnUrl: true }],
    })
    place.write('application.conf', [
      'para.port = 0',
      'para.host = "127.0.0.1"',
      'para.store.url = "sqlite:auth.db"',
      `para.root_secret_key = "${ROOT_KEYS.secretKey}"`,
      `para.az_app_id = "${root.clientId}"`,
      `para.az_secret = "${root.clientSecret}"`,
      `para.amazon.authorize_url = "${emulator.authorizeUrl}"`,
      `para.amazon.api_url = "${emulator.apiUrl}"`,
    ])
    const server = await place.listen(['serve', '--allow-emulator', '--log-level', 'debug'])
    const { origin } = browserAt(server)
    const { metrics } = await useEverything({ origin, emulator, planted })
    const stored = bytesOfStore(place.folder)
    const urls = urlsToAmazon(emulator)
    server.child.kill('SIGTERM')
    await server.exit()
    const rest = bytesOfStore(place.folder)
    await place.clear()
    await emulator.close()

    expect(planted.names).toEqual(KINDS)
    for (const written of ['"login steps"', '"sign-in failed"', '"audit"', '"request"']) {
      expect(server.stdout).toContain(written)
    }
    expect(planted.leaksIn(server.stdout + server.stderr)).toEqual([])
    expect(planted.leaksIn(stored)).toEqual([])
    expect(planted.leaksIn(rest)).toEqual([])
    expect(planted.leaksIn(metrics)).toEqual([])
    expect(planted.leaksIn(urls)).toEqual([])
    expect(planted.leaksIn(planted.errorBodies.join('\n'))).toEqual([])
    return describeHaul(planted, server.stdout)
  },
)

describe('secrets at rest', () => {
  let world: StoreWorld | undefined
  afterEach(async () => {
    await world?.close()
    world = undefined
  })
  async function open(file: StoreFile): Promise<StoreWorld> {
    return (world = await createStoreWorld(createSqlite(file), manyPeople(3)))
  }
  const SECRETS = `SELECT app_id, value FROM settings WHERE name = 'az_secret' ORDER BY app_id`
  const alarmOf = (app: string): RegExp =>
    new RegExp(`"level":"error".*"code":"secret_unreadable","app":"${app}"`)

  row(
    'K2',
    'sealed secrets of two apps are swapped by SQL',
    async () => {
      const file = new StoreFile()
      const { serve, signIn, createApp } = await open(file)
      const server = await serve()
      const apps = ['one', 'two']
      for (const app of apps) {
        await createApp(server, app)
        expect((await signIn(server, undefined, app)).status).toBe(200)
      }
      const [first, second] = file.rows(SECRETS).map(({ value }) => String(value))
      const [keyId, body = ''] = String(first).split('.')
      expect(keyId).toMatch(/^[\w-]{6}$/)
      expect(Buffer.from(body, 'base64url')).toHaveLength(
        12 + JSON.stringify(CLIENT.clientSecret).length + 16,
      )
      // The same secret, and nothing alike but the key's id: each has a nonce of its own.
      expect(String(second).slice(7, 23)).not.toBe(body.slice(0, 16))
      const swap = `UPDATE settings SET value = CASE app_id WHEN 'one' THEN ? ELSE ? END WHERE name = 'az_secret'`
      file.run(swap, second, first)
      await setTimeout(CACHE_LIFE_MS)
      for (const app of apps) {
        expect((await signIn(server, 'amzn1.account.1', app)).status).toBe(503)
        await server.said(alarmOf(app))
      }
      file.run(swap, first, second)
      await setTimeout(CACHE_LIFE_MS)
      for (const app of apps) expect((await signIn(server, undefined, app)).status).toBe(200)
      return 'AES-256-GCM with nonces of 96 bits of their own, the id of the key in front; both apps answered 503 with an alarm, and 200 when swapped back. On always, not by option: the key is made when none is set'
    },
    60_000,
  )

  row(
    'K4',
    'bytes of a sealed secret are flipped by SQL, one after the other',
    async () => {
      const file = new StoreFile()
      const { serve, signIn, createApp } = await open(file)
      const server = await serve()
      for (const app of ['one', 'two']) await createApp(server, app)
      const [{ value } = {}] = file.rows(SECRETS)
      const sealed = String(value)
      const places = [0, 6, 7, 30, sealed.length - 1]
      for (const place of places) {
        const flipped = sealed[place] === 'A' ? 'B' : 'A'
        const tampered = sealed.slice(0, place) + flipped + sealed.slice(place + 1)
        file.run(
          `UPDATE settings SET value = ? WHERE app_id = 'one' AND name = 'az_secret'`,
          tampered,
        )
        await setTimeout(CACHE_LIFE_MS)
        const told = server.stdout.length
        expect((await signIn(server, undefined, 'one')).status).toBe(503)
        await server.said(new RegExp(`^[^]{${told}}[^]*${alarmOf('one').source}`))
        expect((await signIn(server, undefined, 'two')).status).toBe(200)
      }
      const next = await serve()
      expect((await signIn(next, undefined, 'one')).status).toBe(503)
      expect((await signIn(next, undefined, 'two')).status).toBe(200)
      return `${places.length} places (key id, dot, nonce, text, tag): each 503 for that app with an alarm that names it, 200 for the other; the server starts all the same`
    },
    90_000,
  )

  const NEW_KEY = 'another-master-key-of-a-store-row-0123456789'
  const [OLD, NEW, BOTH] = [MASTER_KEY, NEW_KEY, `${NEW_KEY},${MASTER_KEY}`].map((keys) => ({
    para_secret_key: keys,
  }))
  const APPS = sized({ short: 60, long: 2_000 })

  row(
    'K3',
    'servers start with a wrong key, without one, and with a new one in front; the old one is retired',
    async () => {
      const file = new StoreFile()
      const { serve, place, signIn, createApp } = await open(file)
      const stop = async (server: Listening): Promise<void> => {
        server.child.kill('SIGTERM')
        expect(await server.exit()).toBe(0)
      }
      const refused = async (key: string | undefined, why: RegExp): Promise<void> => {
        const before = readFileSync(file.file)
        const start = place.start(
          ['serve', '--allow-emulator', ...(key === undefined ? ['--config', 'keyless.conf'] : [])],
          key === undefined ? {} : { para_secret_key: key },
        )
        expect(await start.exit()).toBe(1)
        expect(start.stdout).not.toContain('listening')
        expect(start.stderr).toMatch(why)
        expect(start.stderr).not.toMatch(/^\s+at /m)
        expect(readFileSync(file.file).equals(before)).toBe(true)
        expect(existsSync(`${file.file}.key`)).toBe(false)
      }
      const first = await serve(OLD)
      for (let app = 0; app < APPS; app += 1) await createApp(first, `app-${app}`)
      await stop(first)
      await refused(
        NEW_KEY,
        /secret_unreadable.*\n.*none of the keys of para\.secret_key opens.*keys reseal/,
      )
      const conf = readFileSync(place.path('application.conf'), 'utf8').split('\n')
      place.write(
        'keyless.conf',
        conf.filter((line) => !line.includes('secret_key = "' + MASTER_KEY)),
      )
      await refused(undefined, /secret_unreadable.*\n.*\.key is missing.*or set secret_key/)

      const server = await serve(BOTH)
      expect((await signIn(server, undefined, 'app-0')).status).toBe(200)
      await createApp(server, 'app-new')
      const cut = place.start(['keys', 'reseal'], BOTH)
      await setTimeout(300 + Math.random() * 200)
      cut.child.kill('SIGKILL')
      await cut.exit()
      const reseal = place.start(['keys', 'reseal', '--json'], BOTH)
      const statuses = new Set<number>()
      for (let app = 0; reseal.child.exitCode === null; app = (app + 1) % APPS) {
        statuses.add((await signIn(server, undefined, `app-${app}`)).status)
      }
      expect([await reseal.exit(), statuses]).toEqual([0, new Set([200])])
      const report = JSON.parse(reseal.stdout) as ResealReport
      const unsealed = `NOT LIKE '${report.keyId}.%'`
      const left = [
        ...file.rows(`SELECT 1 FROM apps WHERE sealed_secret ${unsealed}`),
        ...file.rows(`SELECT 1 FROM settings WHERE name = 'az_secret' AND value ${unsealed}`),
      ]
      expect(left).toEqual([])
      const again = place.start(['keys', 'reseal', '--json'], BOTH)
      expect(await again.exit()).toBe(0)
      expect(JSON.parse(again.stdout)).toMatchObject({ resealed: 0, unreadable: [] })
      await stop(server)
      await refused(MASTER_KEY, /none of the keys of para\.secret_key opens/)
      const last = await serve(NEW)
      for (const app of ['app-0', 'app-new', `app-${APPS - 1}`]) {
        expect((await signIn(last, undefined, app)).status).toBe(200)
      }
      return `wrong and missing: exit 1 with the key and what to do, no byte changed; new in front: all ${APPS} apps sign in; resealed (killed once, then ${report.resealed} secrets) beside a server that went on; the old key alone is refused then, the new one alone does`
    },
    240_000,
  )
})

describe('what is shown and shipped', () => {
  const running: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const each of running.splice(0)) await each.close()
  })

  /** What no visitor needs to know. */
  const INSIDE =
    /\bat [\w.<>]+ \(|node_modules|\/tmp\/|\.[tj]s:\d|SELECT|INSERT|SQLITE|sqlite_|libsql|express\/|x-powered-by|<script>/i

  row(
    'K7',
    'every kind of error page is provoked, on the stand-alone server and in a host',
    async () => {
      const server = await startServer({ conf: 'para.limits.failures_per_minute = 4' })
      running.push(server)
      const keys = await server.createApp('acme')
      const host = await startHost({
        // Whether Express names itself is for the host to say.
        before: (app) => void app.disable('x-powered-by'),
        options: {
          hooks: {
            resolveApp: () => {
              throw new Error('SELECT * FROM hooks')
            },
          },
        },
      })
      running.push(host)
      const seen = new Map<number, number>()
      const look = ({
        status,
        headers,
        text,
      }: Pick<ApiAnswer, 'status' | 'headers' | 'text'>): void => {
        seen.set(status, (seen.get(status) ?? 0) + 1)
        const shown = `${JSON.stringify(headers)}\n${text}`
        expect(shown).not.toMatch(INSIDE)
        expect(shown).not.toContain(VERSION)
        expect(headers.server).toBeUndefined()
      }
      const long = 'a'.repeat(20 * 1024)
      const calls: readonly [string, Sending?][] = [
        ['GET /nope'],
        ['GET /v1/nope'],
        ['GET /%E0%A4%A'],
        [`GET /?${long.slice(0, 9 * 1024)}`],
        ['GET /', { headers: { 'x-long': long } }],
        ['DELETE /amazon_auth'],
        ['GET /v1/_settings'],
        ['GET /v1/_settings', { as: 'eyJ.no.no' }],
        ['GET /v1/apps', { as: keys }],
        ['GET /v1/_me', { as: { ...keys, secretKey: 'wrong' } }],
        ['GET /v1/_me', { as: { ...keys, accessKey: "app:'; DROP TABLE apps; --" } }],
        ['PUT /v1/_settings/x', { as: keys, body: '{"value":' }],
        ['PUT /v1/_settings/x', { as: keys, body: `{"value":"${long.repeat(60)}"}` }],
        ['GET /v1/users/1%27', { as: keys }],
        ['POST /jwt_auth', { body: '{' }],
        ['POST /jwt_auth', { body: { provider: 'amazon', appid: "x' OR 1", token: 'Atza|x' } }],
        [
          'POST /amazon_auth',
          {
            body: long.repeat(3),
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
          },
        ],
        ['GET /passwordless_auth?appid=acme&token=x&redirect=false'],
        ['GET /signin?cause=%3Cscript%3E'],
      ]
      for (const [line, sending] of calls) look(await server.call(line, sending))
      const failing = { headers: { accept: 'application/json' } }
      for (let tries = 0; tries < 6; tries += 1) {
        look(await server.call('GET /amazon_auth?state=acme&code=', failing))
      }
      server.emulator.faults.set({ endpoint: 'tokeninfo', fault: 'http_503' })
      const body = { provider: 'amazon', appid: 'para', token: 'Atza|x' }
      look(await server.call('POST /jwt_auth', { body }))
      look(await callAt(host.origin, 'GET /amazon_auth', failing))
      look(await callAt(host.origin, 'GET /acme', {}))
      look(await callAt(host.origin, 'PUT /v1/_settings', { body: '[' }))
      await server.composition.close()
      look(await server.call('GET /v1/_settings', { as: keys }))
      look(await server.call('GET /v1/_health'))
      look(
        await server.call('GET /amazon_auth?state=acme', {
          headers: { ...failing.headers, 'x-forwarded-for': '192.0.2.9' },
        }),
      )
      const statuses = Array.from(seen.keys()).sort()
      expect(statuses).toEqual(
        expect.arrayContaining([400, 401, 403, 404, 405, 413, 414, 429, 431, 503]),
      )
      const count = Array.from(seen.values()).reduce((sum, times) => sum + times, 0)
      return `${count} answers of ${statuses.join(', ')}: no stack, path, SQL, module or version in body or headers`
    },
  )

  row(
    'K10',
    'the package is packed, and servers start with the secrets of manuals',
    async () => {
      const { stdout } = await promisify(execFile)(
        'npm',
        ['pack', '--dry-run', '--json', '--ignore-scripts'],
        { cwd: ROOT },
      )
      const [pack] = JSON.parse(stdout) as [{ files: { path: string }[] }]
      const paths = pack.files.map(({ path }) => path)
      for (const path of NEEDED) expect(paths).toContain(path)
      expect(
        paths.filter((path) => /^(test|src|\.ci|artifacts)\/|\.(key|db|pem|conf)$/.test(path)),
      ).toEqual(['config/default.conf', 'examples/nginx/nginx.conf'])
      const KEY_SHAPES =
        /-----BEGIN [A-Z ]*PRIVATE KEY|amzn1\.oa2-cs\.v1\.[\da-f]{32}|Atz[ar]\|[\w-]{30}/
      const leaking = paths.filter((path) =>
        KEY_SHAPES.test(readFileSync(join(ROOT, path), 'utf8')),
      )
      expect(leaking).toEqual([])

      const place = new Workplace()
      for (const name of ['para_secret_key', 'para_root_secret_key', 'para_session_secret']) {
        for (const secret of ['change-me-change-me-change-me-change-me', 'x'.repeat(40), 'short']) {
          const start = place.start(['serve'], { [name]: secret, para_port: '0' })
          expect(await start.exit()).toBe(1)
          expect(start.stdout).not.toContain('listening')
          expect(start.stderr).toContain(name)
          expect(start.stderr).not.toContain(secret)
        }
      }
      await place.clear()
      return `${paths.length} files, no key and no test among them; 9 starts with a default, flat or short secret: exit 1, the key named, its value not. Known holes of dependencies (npm audit) are no part of this row`
    },
    120_000,
  )

  row(
    'T23',
    'C1 and marks of direction, sent as app, error and key of the configuration: no log line and no message holds one',
    async () => {
      const steer = '\u009b31m\u202eevil\u2066\u061c\u200f'
      const place = new Workplace()
      place.write('application.conf', ['para.port = 0', `para."az_${steer}" = 1`])
      const server = await place.listen(['serve', '--log-level', 'debug'])
      const sent = encodeURIComponent(steer)
      const paths = [`code=x&state=${sent}`, `error=${sent}&state=para`, `code=x&appid=${sent}`]
      for (const path of paths) await fetch(`${server.origin}/amazon_auth?${path}`, ON_THE_SPOT)
      const body = JSON.stringify({ provider: 'amazon', appid: steer, token: steer })
      const headers = { 'content-type': 'application/json' }
      await fetch(`${server.origin}/jwt_auth`, { method: 'POST', headers, body })
      await server.said(/"path":"\/jwt_auth"/)
      place.write('broken.conf', [`para.port = "${steer}"`])
      const broken = place.start(['serve', '--config', 'broken.conf'])
      expect(await broken.exit()).toBe(1)
      const written = [server.stdout, server.stderr, broken.stdout, broken.stderr]
      await place.clear()
      for (const text of written) expect(text).not.toMatch(/[\p{Bidi_Control}\u0080-\u009f]/u)
      const shown = server.stdout.split('\\u009b31m').length - 1
      expect(shown).toBeGreaterThanOrEqual(1)
      return `${server.stdout.split('\n').length} lines of log and ${broken.stderr.length} characters of an error: none raw, shown as \\u009b ${shown} times`
    },
    60_000,
  )
})

const ON_THE_SPOT = { redirect: 'manual' } as const

/** What of an app a server remembers, it reads anew after this long at most. */
const CACHE_LIFE_MS = 2_200
const NEEDED = [
  'dist/index.js',
  'dist/index.d.ts',
  'dist/server/cli.js',
  'README.md',
  'LICENSE',
  'application.conf.example',
]

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'amazon-auth-audit-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Trail {
  readonly events: readonly LogEntry[]
  readonly log: readonly LogEntry[]
  /** As they lie in the store once the host is closed. */
  readonly rows: readonly Record<string, unknown>[]
}

async function record(
  use: (host: Host) => Promise<void>,
  options: AmazonAuthOptions = {},
): Promise<Trail> {
  const host = await startHost({
    options: {
      store: { url: `sqlite:${join(folder, 'auth.db')}` },
      apps: {
        acme: {
          azAppId: ACME.clientId,
          azSecret: ACME.clientSecret,
          appSecretKey: APP_KEY,
          signinSuccess: '/in',
        },
      },
      ...options,
    },
  })
  try {
    await use(host)
  } finally {
    await host.close()
  }
  const events = host.log.filter(({ message }) => message === 'audit')
  return { events, log: host.log, rows: inStore('SELECT * FROM audit ORDER BY rowid') }
}

function inStore(sql: string): readonly Record<string, unknown>[] {
  const database = new Database(join(folder, 'auth.db'))
  try {
    return database.prepare(sql).all() as Record<string, unknown>[]
  } finally {
    database.close()
  }
}

/** Where it ends depends on the app. */
async function signInTo(host: Host): Promise<void> {
  const { location } = await host.signIn(host.browser(), '/amazon_auth?state=acme')
  expect(location).toContain('/in')
}

const signIn = async (host: Host): Promise<void> => {
  const answer = await host.signIn(host.browser(), '/amazon_auth?state=acme')
  expect(answer).toMatchObject({ status: 302, location: '/in' })
}

/** Each way to sign in, good and failed. */
async function tryAllWays(host: Host): Promise<void> {
  await signIn(host)
  await host.browser().get('/amazon_auth?state=acme&code=used', { 'x-request-id': 'request-0001' })
  await host.browser().get('/amazon_auth?state=nobody')
  const good = host.emulator.issueAccessToken({ clientId: ACME.clientId })
  for (const token of [good, 'Atza|another']) {
    const body = { provider: 'amazon', appid: 'acme', token }
    await callAt(host.origin, 'POST /jwt_auth', { body })
  }
  const person = { email: 'eve@example.com', identifier: 'crm:7' }
  for (const token of [sign(person, APP_KEY, { expiresIn: 60 }), 'forged']) {
    await host.browser().get(`/passwordless_auth?appid=acme&token=${token}`)
  }
}

/** What it leaves in the trail: app, outcome, reason, way. */
const TRIES = [
  ['acme', 'success', 'ok', 'browser'],
  ['acme', 'failure', 'code_rejected', 'browser'],
  ['nobody', 'failure', 'app_not_found', 'browser'],
  ['acme', 'success', 'ok', 'amazon_token'],
  ['acme', 'failure', 'profile_rejected', 'amazon_token'],
  ['acme', 'success', 'ok', 'app_token'],
  ['acme', 'failure', 'token_invalid', 'app_token'],
]

describe('the audit trail', () => {
  row('K8', 'each way to sign in is tried, well and badly', async () => {
    const { events, rows } = await record(tryAllWays)
    expect(events.map(({ facts }) => [facts.app, facts.outcome, facts.reason, facts.way])).toEqual(
      TRIES,
    )
    expect(rows.map((row) => [row.app_id, row.outcome, row.reason, row.way])).toEqual(TRIES)
    expect(new Set(events.map(({ level }) => level))).toEqual(new Set(['info']))
    expect(events.every(({ facts }) => Math.abs(Date.now() - Number(facts.atMs)) < 60_000)).toBe(
      true,
    )
    return `${TRIES.length} tries, good ones too: one event each in the log and in the store, with time, app, outcome, reason and way`
  })

  row(
    'K8',
    'the events of people whose name, email, address and Amazon id are known are searched for them',
    async () => {
      const { rows } = await record(tryAllWays)
      expect(rows[0]).toMatchObject({ user_id: expect.stringMatching(/^\d+$/), request_id: null })
      expect(rows[1]).toMatchObject({ user_id: null, request_id: 'request-0001' })
      expect(new Set(rows.map(({ network }) => network))).toEqual(new Set(['127.0.0.0/24']))
      const text = JSON.stringify(rows)
      const [ada] = PEOPLE
      for (const personal of [ada?.userId, ada?.email, ada?.name, 'crm:7', '127.0.0.1']) {
        expect(text).not.toContain(personal)
      }
      return 'the user by our own id, the network as 127.0.0.0/24, the request by its id; nothing personal'
    },
  )

  row('K8', 'a return URL is opened twice', async () => {
    const { rows } = await record(async (host) => {
      const browser = host.browser()
      const begun = await browser.get('/amazon_auth?state=acme')
      const back = await host.emulator.allow(begun.location)
      expect((await browser.get(back)).status).toBe(302)
      expect((await browser.get(back)).status).toBe(302)
    })
    expect(rows).toHaveLength(1)
    return 'one event'
  })

  test('what a limit refuses is no event, so that a flood fills no store', async () => {
    const flood = async (host: Host): Promise<void> => {
      for (let count = 0; count < 10; count += 1) {
        await host.browser().get('/amazon_auth?state=acme&code=')
      }
    }
    const { rows } = await record(flood, { limits: { failuresPerMinute: 2 } })
    expect(rows).toHaveLength(2)
  })

  test('with a retention of 0 nothing is stored', async () => {
    const { events, rows } = await record(signIn, { audit: { retention: 0 } })
    expect(events).toHaveLength(1)
    expect(rows).toEqual([])
  })

  row('K8', 'the store takes no events', async () => {
    const { log, rows } = await record(async (host) => {
      await host.auth.ready()
      inStore("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(FAIL, 'full'); END")
      await signIn(host)
    })
    expect(rows).toEqual([])
    const lost = log.filter(({ message }) => message.startsWith('audit events are lost'))
    expect(lost).toMatchObject([{ level: 'warn', facts: { count: 1 } }])
    return 'signed in all the same; the event is in the log, and one warning counts what the store lacks'
  })

  row('K8', 'another program locks the store for 2 s while a known person signs in', async () => {
    const acme = { azAppId: ACME.clientId, azSecret: ACME.clientSecret }
    let tookMs = NaN
    const { rows } = await record(
      async (host) => {
        await signInTo(host)
        await setTimeout(700)
        const other = new Database(join(folder, 'auth.db'))
        other.exec('BEGIN IMMEDIATE')
        const startedMs = performance.now()
        await signInTo(host)
        tookMs = performance.now() - startedMs
        await setTimeout(Math.max(0, 2_000 - tookMs))
        other.exec('COMMIT')
        other.close()
      },
      { apps: { acme: { ...acme, signinSuccess: 'https://acme.example/in?jwt=id' } } },
    )
    expect(tookMs).toBeLessThan(1_900)
    expect(rows.map(({ outcome }) => outcome)).toEqual(['success', 'success'])
    return `signed in after ${tookMs.toFixed(0)} ms, without waiting; both events are stored once the store is free`
  })
})

const UNKNOWN = sized({ short: 400, long: 10_000 })

describe('GET /v1/_metrics', () => {
  let server: TestServer
  beforeEach(async () => {
    server = await startServer()
  })
  afterEach(() => server.close())

  row('K9', `${UNKNOWN.toLocaleString('en')} app ids that do not exist are tried`, async () => {
    await server.createApp('acme')
    await server.signIn('acme')
    const tries = ['code=', 'error=x', 'code=x', 'appid=none']
    for (let index = 0; index < UNKNOWN; index += 1) {
      await server.call(`GET /amazon_auth?state=none${index}&${tries[index % tries.length] ?? ''}`)
    }
    const as = superToken(SERVER_KEYS)
    const { status, text, headers } = await server.call('GET /v1/_metrics', { as })
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(text).toContain('logins_total{app="acme",outcome="success",reason="ok"} 1')
    const unknown = text.match(/logins_total\{app="unknown".*/g) ?? []
    const counted = unknown.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
    expect(counted).toBe(UNKNOWN)
    expect(text).toContain('amazon_requests_total{endpoint="tokeninfo",result="ok"} 1')
    expect(text).not.toContain('none')
    const apps = new Set(Array.from(text.matchAll(/app="([^"]*)"/g), ([, app]) => app))
    expect(apps).toEqual(new Set(['acme', 'unknown']))
    return `one label for all of them; ${text.split('\n').length} lines of metrics in all`
  })

  test('is for the root app alone', async () => {
    const acme = await server.createApp('acme')
    expect((await server.call('GET /v1/_metrics')).status).toBe(401)
    expect((await server.call('GET /v1/_metrics', { as: acme })).status).toBe(403)
  })
})
