import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { inspect, promisify } from 'node:util'

import axios from 'axios'

import {
  createAmazonClient,
  type AmazonClient,
  type AmazonClientOptions,
  type BegunLogin,
} from '../../src/amazon'
import { PEOPLE, startEmulator, type Emulator } from '../../src/emulator'

const SHOP = { clientId: 'client.shop', clientSecret: 'secret.shop' }
const OTHER = { clientId: 'client.other', clientSecret: 'secret.other' }
const TV = { clientId: 'client.tv' }
const REDIRECT_URI = 'https://shop.example.com/return'
const [ada] = PEOPLE

let emulator: Emulator
let amazon: AmazonClient
const hosts = () => ({ authorizeUrl: emulator.authorizeUrl, apiUrl: emulator.apiUrl })
const clientOf = (options: Partial<AmazonClientOptions> = {}): AmazonClient =>
  createAmazonClient({ ...SHOP, ...hosts(), ...options })

beforeAll(async () => {
  const allowedReturnUrls = [REDIRECT_URI]
  emulator = await startEmulator({
    clients: [
      { ...SHOP, allowedReturnUrls },
      { ...OTHER, allowedReturnUrls },
      { ...TV, clientSecret: 'unused', allowedReturnUrls },
    ],
    pollIntervalSeconds: 1,
  })
  amazon = clientOf()
})
beforeEach(() => {
  emulator.journal.clear()
  emulator.faults.clear()
})
afterAll(() => emulator.close())

/** As a browser goes: what was kept lies as JSON in a session meanwhile. */
async function visit(
  client = amazon,
  scope?: string,
): Promise<{ readonly address: string; readonly login: BegunLogin }> {
  const { url, login } = client.beginLogin({ redirectUri: REDIRECT_URI, scope })
  const address = await emulator.allow(url, ada?.userId)
  return { address, login: JSON.parse(JSON.stringify(login)) as BegunLogin }
}

async function failureOf(work: () => unknown): Promise<unknown> {
  const error: unknown = await Promise.resolve()
    .then(work)
    .catch((reason: unknown) => reason)
  expect(inspect(error, { depth: null })).not.toMatch(/Atz[ar]\||secret\.(shop|other)/)
  return error
}

describe('a login', () => {
  test('gives profile, tokens and scopes, and sends the verifier of its challenge', async () => {
    const { address, login } = await visit(amazon, 'profile postal_code')
    const finished = await amazon.finishLogin(address, login)
    expect(finished.profile).toMatchObject({ userId: ada?.userId, name: ada?.name })
    expect(finished.tokens).toMatchObject({ accessToken: expect.stringMatching(/^Atza\|/) })
    expect(finished.scopes).toEqual(['profile', 'postal_code'])
    const [sent] = emulator.journal.entries({ path: '/auth/o2/token' })
    expect(sent?.body).toMatchObject({
      code_verifier: login.codeVerifier,
      redirect_uri: REDIRECT_URI,
    })
  })

  test('makes another state and verifier each time, of 128 bits and more', () => {
    const begun = Array.from({ length: 50 }, () => amazon.beginLogin({ redirectUri: 'https://x' }))
    const secrets = begun.flatMap(({ login }) => [login.state, login.codeVerifier])
    expect(new Set(secrets).size).toBe(100)
    for (const secret of secrets) expect(secret).toMatch(/^[\w-]{32,128}$/)
  })

  test('reads the return as URL, path, query and form alike', async () => {
    const { address, login } = await visit()
    const { pathname, search, searchParams } = new URL(address)
    for (const form of [address, new URL(address), pathname + search, search, searchParams])
      expect(amazon.readReturn(form, login)).toMatchObject({ scope: 'profile', login })
  })

  test('asks Amazon for nothing where the state is another, missing or not kept', async () => {
    const { address, login } = await visit()
    const stateless = new URL(address)
    stateless.searchParams.delete('state')
    const flipped = { ...login, state: login.state.replace(/^./, (c) => (c === 'a' ? 'b' : 'a')) }
    const cases = [
      [address, flipped, 'state_mismatch'],
      [address, { ...login, state: `${login.state}x` }, 'state_mismatch'],
      [address, undefined, 'state_missing'],
      [address, null, 'state_missing'],
      [stateless, login, 'state_missing'],
      [`${address}&code=another`, login, 'callback_invalid'],
      [`/return?state=${login.state}`, login, 'callback_invalid'],
      [`/return?state=${login.state}&code=%20`, login, 'callback_invalid'],
      ['/return', login, 'state_missing'],
    ] as const
    emulator.journal.clear()
    for (const [shown, kept, code] of cases)
      expect(await failureOf(() => amazon.finishLogin(shown, kept))).toMatchObject({ code })
    expect(emulator.journal.count()).toBe(0)
  })

  test('that was not kept whole, and what is no code or token, is told without a request', async () => {
    const { address, login } = await visit()
    emulator.journal.clear()
    for (const kept of [{ ...login, codeVerifier: undefined }, { ...login, state: 5 }, {}])
      expect(
        await failureOf(() => amazon.finishLogin(address, kept as unknown as BegunLogin)),
      ).toMatchObject({
        name: 'TypeError',
        message: expect.stringContaining('keep what beginLogin() returns'),
      })
    const none = undefined as unknown as string
    expect(() => amazon.beginLogin({ redirectUri: none })).toThrow('redirectUri must be')
    expect(await failureOf(() => amazon.exchangeCode(none, login))).toBeInstanceOf(TypeError)
    expect(await failureOf(() => amazon.refreshToken(none))).toBeInstanceOf(TypeError)
    for (const ask of ['fetchProfile', 'verifyAudience', 'fetchVerifiedProfile'] as const)
      for (const token of ['', none])
        expect(await failureOf(() => amazon[ask](token))).toMatchObject({
          code: 'profile_rejected',
        })
    expect(emulator.journal.count()).toBe(0)
  })

  test('that the person declines, or that Amazon refuses, says so by code', async () => {
    const { url, login } = amazon.beginLogin({ redirectUri: REDIRECT_URI })
    const denied = await emulator.deny(url)
    expect(await failureOf(() => amazon.finishLogin(denied, login))).toMatchObject({
      code: 'access_denied',
    })
    const unknown = `/return?error=Invalid_Scope&state=${login.state}`
    expect(await failureOf(() => amazon.readReturn(unknown, login))).toMatchObject({
      code: 'invalid_scope',
    })
  })

  test('works once, and never with the verifier or the keys of another', async () => {
    const used = await visit()
    await amazon.finishLogin(used.address, used.login)
    expect(await failureOf(() => amazon.finishLogin(used.address, used.login))).toMatchObject({
      code: 'code_rejected',
    })
    const { address, login } = await visit()
    const { code } = amazon.readReturn(address, login)
    const foreign = amazon.beginLogin({ redirectUri: REDIRECT_URI }).login
    expect(await failureOf(() => amazon.exchangeCode(code, foreign))).toMatchObject({
      code: 'code_rejected',
    })
    const wrong = amazon.withKeys({ ...SHOP, clientSecret: 'wrong' })
    const again = await visit()
    expect(await failureOf(() => wrong.finishLogin(again.address, again.login))).toMatchObject({
      code: 'client_rejected',
    })
    const keyless = amazon.withKeys({ clientId: SHOP.clientId })
    const third = await visit()
    expect(await failureOf(() => keyless.finishLogin(third.address, third.login))).toMatchObject({
      code: 'app_not_configured',
    })
  })
})

describe('many pairs of keys', () => {
  test('are served by one client, each by its own keys and region', async () => {
    const other = amazon.withKeys({ ...OTHER, region: 'eu' })
    const { address, login } = await visit(other)
    await other.finishLogin(address, login)
    expect(emulator.journal.entries({ path: '/auth/o2/token' }).at(-1)?.body).toMatchObject({
      client_id: OTHER.clientId,
    })
    const byRegion = (region: 'na' | 'eu' | 'fe') =>
      new URL(createAmazonClient({ ...SHOP, region }).beginLogin({ redirectUri: 'https://x' }).url)
        .host
    expect([byRegion('na'), byRegion('eu'), byRegion('fe')]).toEqual([
      'www.amazon.com',
      'eu.account.amazon.com',
      'apac.account.amazon.com',
    ])
  })
})

describe('a token from elsewhere', () => {
  const tokenOf = (clientId: string): string => emulator.issueAccessToken({ clientId })

  test('is believed when it was issued to this client, or to one that is named', async () => {
    expect(await amazon.fetchVerifiedProfile(tokenOf(SHOP.clientId))).toMatchObject({
      userId: ada?.userId,
    })
    expect(
      await amazon.verifyAudience(tokenOf(OTHER.clientId), [SHOP.clientId, OTHER.clientId]),
    ).toMatchObject({ audience: OTHER.clientId })
  })

  test('is refused when it was issued to another, before its profile is read', async () => {
    const foreign = tokenOf(OTHER.clientId)
    emulator.journal.clear()
    expect(await failureOf(() => amazon.fetchVerifiedProfile(foreign))).toMatchObject({
      code: 'audience_mismatch',
      facts: { audience: OTHER.clientId },
    })
    expect(emulator.journal.count('/user/profile')).toBe(0)
    expect(await failureOf(() => amazon.verifyAudience('Atza|unknown'))).toMatchObject({
      code: 'profile_rejected',
    })
    expect(await failureOf(() => amazon.verifyAudience('two\r\nlines'))).toMatchObject({
      code: 'profile_rejected',
    })
  })
})

test('a refresh gives a new access token, until the consent is withdrawn', async () => {
  const { address, login } = await visit()
  const { tokens } = await amazon.finishLogin(address, login)
  const refreshed = await amazon.refreshToken(tokens.refreshToken ?? '')
  expect(refreshed.accessToken).not.toBe(tokens.accessToken)
  emulator.withdrawConsent({ clientId: SHOP.clientId })
  const newest = refreshed.refreshToken ?? tokens.refreshToken ?? ''
  expect(await failureOf(() => amazon.refreshToken(newest))).toMatchObject({
    code: 'consent_revoked',
  })
})

describe('a device', () => {
  test('is told how it stands, and gets its tokens once a person has allowed it', async () => {
    const tv = amazon.withKeys(TV)
    const pair = await tv.createCodePair()
    expect(pair).toMatchObject({ expiresInSeconds: 600, intervalSeconds: 1 })
    expect(await tv.pollDevice(pair)).toEqual({ state: 'pending' })
    const waiting = tv.waitForDevice(pair)
    emulator.allowDevice(pair.userCode, ada?.userId)
    const { accessToken } = await waiting
    expect(await tv.fetchProfile(accessToken)).toMatchObject({ userId: ada?.userId })
  })

  test('that is denied, has waited too long, or is given up, is told so', async () => {
    const tv = amazon.withKeys(TV)
    const denied = await tv.createCodePair()
    emulator.denyDevice(denied.userCode)
    const pending = await tv.createCodePair()
    const given = AbortSignal.timeout(20)
    const [no, late, stopped] = await Promise.all([
      failureOf(() => tv.waitForDevice({ ...denied, intervalSeconds: 0.01 })),
      failureOf(() =>
        tv.waitForDevice({ ...pending, intervalSeconds: 0.01, expiresInSeconds: 0.005 }),
      ),
      failureOf(() => tv.waitForDevice(pending, { signal: given })),
    ])
    expect(no).toMatchObject({ code: 'access_denied' })
    expect(late).toMatchObject({ code: 'device_expired' })
    expect(stopped).toMatchObject({ name: 'AbortError' })
  })
})

describe('limits', () => {
  test('of one answer and of a whole call are those of the options', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const startedMs = performance.now()
    const slow = clientOf({ apiUrl, timeoutMs: 60_000, deadlineMs: 150 })
    const slower = clientOf({ apiUrl, timeoutMs: 100 })
    const codes = await Promise.all([
      failureOf(() => slow.fetchProfile('Atza|x')),
      failureOf(() => slower.exchangeCode('code', { redirectUri: REDIRECT_URI })),
    ])
    for (const error of codes) expect(error).toMatchObject({ code: 'amazon_timeout' })
    expect(performance.now() - startedMs).toBeLessThan(1_500)
    server.closeAllConnections()
    server.close()
  })

  test("an axios of one's own sends the requests, and a logger hears of an outage without secrets", async () => {
    const own = axios.create()
    const sent: string[] = []
    own.interceptors.request.use((config) => {
      sent.push(`${String(config.baseURL)}${String(config.url)}`)
      return config
    })
    const { address, login } = await visit()
    await clientOf({ axios: own }).finishLogin(address, login)
    expect(sent).toEqual([`${emulator.apiUrl}/auth/o2/token`, `${emulator.apiUrl}/user/profile`])

    const lines: string[] = []
    const write = (facts: object, message: string) => void lines.push(message + inspect(facts))
    const logger = { debug: write, info: write, warn: write, error: write }
    emulator.faults.set({ endpoint: 'token', fault: 'http_503' })
    const told = clientOf({ logger })
    for (let tries = 0; tries < 25; tries += 1)
      await failureOf(() => told.exchangeCode('secret-code', login))
    expect(await failureOf(() => told.exchangeCode('secret-code', login))).toMatchObject({
      code: 'amazon_unavailable',
      facts: { reason: 'breaker_open', sent: false },
    })
    expect(lines.join()).toContain('Amazon is failing: not asked for now')
    expect(lines.join()).not.toMatch(/secret[.-]/)
  })
})

test.each([
  [{}, 'option "clientId" must be the Client ID'],
  [{ ...SHOP, clientID: 'x' }, 'option "clientID" is not known. Did you mean "clientId"?'],
  [{ ...SHOP, region: 'us' }, 'option "region" must be one of na, eu, fe'],
  [{ ...SHOP, clientSecret: '' }, 'option "clientSecret" must be a text'],
  [{ ...SHOP, apiUrl: 'http://api.amazon.com' }, 'option "apiUrl" must be an https URL'],
  [{ ...SHOP, timeoutMs: '5s' }, 'option "timeoutMs" must be milliseconds'],
  [{ ...SHOP, proxy: 'proxy:8080' }, 'option "proxy" must be a URL'],
  [{ ...SHOP, axios: {} }, 'option "axios.request" must be a function'],
  [{ ...SHOP, logger: console.log }, 'option "logger.debug" must be a function'],
  [undefined, 'the options must be an object'],
])('options %j are refused by name', (options, message) => {
  expect(() => createAmazonClient(options as unknown as AmazonClientOptions)).toThrow(
    `createAmazonClient: ${message}`,
  )
})

test('requiring it loads no Express, no session and no database', async () => {
  const code =
    'require("express-amazon-auth/amazon"); console.log(Object.keys(require.cache).join("\\n"))'
  const root = join(__dirname, '../..')
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', code], { cwd: root })
  expect(stdout).toContain('/dist/amazon/index.js')
  expect(stdout).not.toMatch(
    /node_modules\/(express|express-session|libsql|@libsql|pg|kysely|redis|jsonwebtoken)\//,
  )
  expect(stdout).not.toMatch(/\/dist\/(http|store|compose|config|apps|users)\//)
})
