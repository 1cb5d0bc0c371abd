import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'

import { sign } from 'jsonwebtoken'

import { startEmulator, type Emulator } from '../../src/emulator'
import { browserAt, Workplace } from '../integration/server/command-line'
import { callAt, signatureOf, superToken, type ApiAnswer, type Keys } from '../support/api'
import { Browser, type Answer } from '../support/browser'
import { startHost } from '../support/host'

const ROOT_KEYS: Keys = {
  accessKey: 'app:para',
  secretKey: 'planted-root-secret-0123456789abcdefghij',
}
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

test('K1 K2 K5 K6 a host at debug level writes no secret: not to log, store, metrics, error or URL', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'amazon-auth-secrets-'))
  const planted = new Planted()
  const host = await startHost({
    options: {
      store: { url: `sqlite:${join(folder, 'auth.db')}` },
      rootSecretKey: ROOT_KEYS.secretKey,
    },
  })
  const { metrics } = await useEverything({ ...host, planted })
  const stored = bytesOfStore(folder)
  const urls = urlsToAmazon(host.emulator)
  await host.close()
  const log = inspect(host.log, { depth: null, maxArrayLength: null, maxStringLength: null })
  const rest = bytesOfStore(folder)
  rmSync(folder, { recursive: true })

  expect(planted.names).toEqual(KINDS)
  for (const written of ["'login step'", "'sign-in failed'", "'call refused'", "'audit'"]) {
    expect(log).toContain(written)
  }
  expect(planted.leaksIn(log)).toEqual([])
  expect(planted.leaksIn(stored)).toEqual([])
  expect(planted.leaksIn(rest)).toEqual([])
  expect(rest).toContain('code_rejected')
  expect(planted.leaksIn(metrics)).toEqual([])
  expect(planted.leaksIn(urls)).toEqual([])
  expect(planted.leaksIn(planted.errorBodies.join('\n'))).toEqual([])
})

test('K1 K2 K5 K6 the stand-alone server at debug level writes none either', async () => {
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
  for (const written of ['"login step"', '"sign-in failed"', '"audit"', '"request"']) {
    expect(server.stdout).toContain(written)
  }
  expect(planted.leaksIn(server.stdout + server.stderr)).toEqual([])
  expect(planted.leaksIn(stored)).toEqual([])
  expect(planted.leaksIn(rest)).toEqual([])
  expect(planted.leaksIn(metrics)).toEqual([])
  expect(planted.leaksIn(urls)).toEqual([])
  expect(planted.leaksIn(planted.errorBodies.join('\n'))).toEqual([])
})
