import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import axios, { type AxiosInstance } from 'axios'

import type { AmazonOptions } from '../../src/config/options'
import { startEmulator, type Emulator, type Fault } from '../../src/emulator'
import type { Answer } from '../support/browser'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy'
import { ACME, startHost, type Host, type LogEntry } from '../support/host'
import type { ChildReport } from './upstream-child'

const TOKEN = '/auth/o2/token'
const TOKEN_INFO = '/auth/o2/tokeninfo'
const PROFILE = '/user/profile'
const UNREACHABLE = 'Amazon could not be reached. Please try again in a moment.'
const BREAKER_OPENS = 'Amazon is failing: not asked for now'
const BREAKER_CLOSES = 'Amazon answers again'

let host: Host
let proxy: FaultProxy
let skippedMs = 0
const realNow = Date.now
jest.spyOn(Date, 'now').mockImplementation(() => realNow() + skippedMs)

/** A host whose Amazon is an emulator behind the proxy; each has a breaker of its own. */
async function start(
  amazon: AmazonOptions = {},
  options: { axios?: AxiosInstance; scheme?: string; name?: string } = {},
): Promise<void> {
  proxy = await startFaultProxy()
  const { scheme = 'http', name = '127.0.0.1', axios: client } = options
  const apiUrl = `${scheme}://${proxy.host.replace('127.0.0.1', name)}`
  host = await startHost({
    options: {
      security: { signinFailure: '/failed?cause=?' },
      apps: appsOf('acme', ...TENANTS),
      amazon: { apiUrl, ...amazon },
      ...(client && { axios: client }),
    },
  })
  proxy.forwardTo(host.emulator.origin)
  for (const tenant of TENANTS) host.emulator.addClient(clientOf(tenant))
}

afterEach(async () => {
  skippedMs = 0
  await host.close()
  await proxy.close()
})

const TENANTS = Array.from({ length: 10 }, (_, n) => `tenant${n}`)

function clientOf(app: string) {
  const clientId = app === 'acme' ? ACME.clientId : `amzn1.application-oa2-client.${app}`
  const clientSecret = app === 'acme' ? ACME.clientSecret : `secret of ${app}`
  return { clientId, clientSecret, allowedReturnUrls: [], allowAnyReturnUrl: true }
}

function appsOf(...names: readonly string[]) {
  const entries = names.map((name) => {
    const { clientId: azAppId, clientSecret: azSecret } = clientOf(name)
    return [name, { azAppId, azSecret, signinSuccess: '/in' }] as const
  })
  return Object.fromEntries(entries)
}

/** The return leg of a login with a good code. */
function signIn(app = 'acme'): Promise<Answer> {
  const { clientId } = clientOf(app)
  const code = host.emulator.issueCode({ clientId, redirectUri: `${host.origin}/amazon_auth` })
  return host.browser().get(`/amazon_auth?code=${code}&state=${app}`)
}

function signInAll(count: number): Promise<readonly Answer[]> {
  return Promise.all(Array.from({ length: count }, () => signIn()))
}

function expectSignedIn(answer: Answer): void {
  expect(answer).toMatchObject({ status: 302, location: '/in' })
}

function expectUnreachable(answer: Answer): void {
  const location = `/failed?cause=${encodeURIComponent(UNREACHABLE)}`
  expect(answer).toMatchObject({ status: 302, location })
  expect(answer.setCookies.filter((line) => /^(__Host-)?amazon-auth=/.test(line))).toEqual([])
}

function lastFailure(): LogEntry['facts'] | undefined {
  return host.log.findLast(({ message }) => message === 'sign-in failed')?.facts
}

function logged(message: string): number {
  return host.log.filter((entry) => entry.message === message).length
}

function set(endpoint: 'token' | 'profile' | 'tokeninfo' | 'all', fault: Fault, times?: number) {
  host.emulator.faults.set({ endpoint, fault, ...(times !== undefined && { times }) })
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; !isTrue(); tries += 1) {
    if (tries > 500) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const startedAtMs = performance.now()
  await work()
  return (performance.now() - startedAtMs) / 1000
}

/** Looks names up as told, one answer after the other. */
function lookupsOf(...errors: (string | undefined)[]) {
  const seen: string[] = []
  const client = axios.create({
    proxy: false,
    lookup: (name, _options, done) => {
      seen.push(name)
      const code = errors.shift()
      if (code === undefined) done(null, '127.0.0.1', 4)
      else done(Object.assign(new Error(code), { code }), '', 4)
    },
  })
  return { seen, client }
}

describe('connections', () => {
  test('U1 nobody at the address of Amazon fails with the reason in the log', async () => {
    await start({ apiUrl: 'http://127.0.0.1:1' })
    const seconds = await secondsOf(async () => expectUnreachable(await signIn()))
    expect(lastFailure()).toMatchObject({ code: 'amazon_unreachable', reason: 'ECONNREFUSED' })
    expect(seconds).toBeLessThan(3)
  })

  test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])(
    'U1 %s once when connecting is tried once more, and signs in by one POST',
    async (error) => {
      const { seen, client } = lookupsOf(error)
      await start({}, { name: 'localhost', axios: client })
      expectSignedIn(await signIn())
      expect(seen.length).toBeGreaterThanOrEqual(2)
      expect(host.emulator.journal.count(TOKEN)).toBe(1)
    },
  )

  test('U1 a name that is not found twice fails after the second try', async () => {
    const { seen, client } = lookupsOf('ENOTFOUND', 'ENOTFOUND')
    await start({}, { name: 'localhost', axios: client })
    expectUnreachable(await signIn())
    expect(lastFailure()).toMatchObject({ code: 'amazon_unreachable', reason: 'ENOTFOUND' })
    expect(seen).toEqual(['localhost', 'localhost'])
  })

  test('U1 U4 a connection that is closed at once fails without a second try', async () => {
    await start()
    proxy.setFault({ drop: true })
    expectUnreachable(await signIn())
    expect(lastFailure()).toMatchObject({ code: 'amazon_unreachable' })
    expect(proxy.accepted).toBe(1)
  })

  test('U2 a connection that does not come about fails by the limit for connecting', async () => {
    await start({}, { scheme: 'https' })
    proxy.setFault({ stall: true })
    const seconds = await secondsOf(async () => expectUnreachable(await signIn()))
    expect(lastFailure()).toMatchObject({ code: 'amazon_timeout', reason: 'ETIMEDOUT' })
    expect(seconds).toBeLessThan(4.5)
    expect(proxy.accepted).toBe(1)
    await until(() => proxy.open === 0)
  })

  test('U2 headers that never come fail by the limit for an answer, and the socket is closed', async () => {
    await start()
    set('token', { name: 'hang_headers' })
    const seconds = await secondsOf(async () => expectUnreachable(await signIn()))
    expect(lastFailure()).toMatchObject({ code: 'amazon_timeout', reason: 'ERR_CANCELED' })
    expect(seconds).toBeLessThan(8)
    await until(() => proxy.open === 0)
  })

  test('U3 answers that drip end with the deadline of the login, and the socket is closed', async () => {
    await start({ timeout: '60s' })
    proxy.setFault({ dripMs: 1000 })
    const seconds = await secondsOf(async () => expectUnreachable(await signIn()))
    expect(lastFailure()).toMatchObject({ code: 'amazon_timeout' })
    expect(seconds).toBeLessThan(13)
    await until(() => proxy.open === 0)
  })

  test.each(['reset', 'reset_after_read'] as const)(
    'U4 a token request that ends in %s, on a host that has signed in before, is sent once',
    async (name) => {
      await start()
      expectSignedIn(await signIn())
      host.emulator.journal.clear()
      set('token', { name })
      expectUnreachable(await signIn())
      expect(lastFailure()).toMatchObject({ code: 'amazon_unreachable' })
      expect(host.emulator.journal.count(TOKEN)).toBe(1)
    },
  )

  test('U4 a token answer that is cut off is amazon_unreachable after one POST', async () => {
    await start()
    proxy.setFault({ cutAfterBytes: 300 })
    expectUnreachable(await signIn())
    expect(lastFailure()).toMatchObject({ code: 'amazon_unreachable' })
    expect(host.emulator.journal.count(TOKEN)).toBe(1)
  })

  test('U17 connections closed while idle fail none of 1500 logins', async () => {
    await start()
    proxy.setFault({ idleCloseMs: 5 })
    for (let round = 0; round < 60; round += 1) {
      for (const answer of await signInAll(25)) expectSignedIn(answer)
      await new Promise((resolve) => setTimeout(resolve, round % 12))
    }
  })

  test('U17 connections closed right after an answer fail none of 500 logins', async () => {
    await start()
    set('all', { name: 'idle_close' })
    for (let round = 0; round < 50; round += 1) {
      for (const answer of await signInAll(10)) expectSignedIn(answer)
    }
    expect(host.emulator.journal.count(TOKEN)).toBe(500)
  })
})

test('U17 a connection that is not used again is closed by this side', async () => {
  await start()
  expectSignedIn(await signIn())
  expect(proxy.open).toBe(1)
  await until(() => proxy.open === 0)
})

describe('asking again', () => {
  test.each([
    ['503', { name: 'http_503' }],
    ['500', { name: 'http_500' }],
    ['429', { name: 'http_429' }],
    ['a reset', { name: 'reset' }],
  ] as const)('U5 a profile that is %s twice is read by the third try', async (_name, fault) => {
    await start()
    set('profile', fault, 2)
    expectSignedIn(await signIn())
    expect(host.emulator.journal.count(PROFILE)).toBe(3)
    expect(host.emulator.journal.count(TOKEN)).toBe(1)
  })

  test('U5 a profile that stays 503 fails after three tries', async () => {
    await start()
    set('profile', { name: 'http_503' })
    expectUnreachable(await signIn())
    expect(lastFailure()).toMatchObject({ code: 'amazon_unavailable', upstreamStatus: 503 })
    expect(host.emulator.journal.count(PROFILE)).toBe(3)
  })

  test('U5 a token description that is 503 twice is read by the third try', async () => {
    await start()
    set('tokeninfo', { name: 'http_503' }, 2)
    const token = host.emulator.issueAccessToken({ clientId: ACME.clientId })
    const answer = await fetch(`${host.origin}/jwt_auth`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ provider: 'amazon', appid: 'acme', token }),
    })
    expect(answer.status).toBe(200)
    expect(host.emulator.journal.count(TOKEN_INFO)).toBe(3)
  })

  test.each([401, 403])('U7 a profile that is %d is asked for once', async (status) => {
    await start()
    set('profile', { name: 'status', status })
    expect((await signIn()).location).toBe('/failed?cause=Bad%20credentials.')
    expect(host.emulator.journal.count(PROFILE)).toBe(1)
  })

  test('U6 Retry-After: 1 is waited for', async () => {
    await start()
    set('profile', { name: 'status', status: 429, retryAfter: 1 }, 1)
    expectSignedIn(await signIn())
    const [first, second] = host.emulator.journal.entries({ path: PROFILE })
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(1000)
  })

  test('U6 Retry-After: 1 is waited for once', async () => {
    await start()
    set('profile', { name: 'status', status: 429, retryAfter: 1 })
    expectUnreachable(await signIn())
    expect(host.emulator.journal.count(PROFILE)).toBe(2)
  })

  test('U6 Retry-After: 60 fails at once', async () => {
    await start()
    set('profile', { name: 'status', status: 429, retryAfter: 60 })
    expectUnreachable(await signIn())
    expect(host.emulator.journal.count(PROFILE)).toBe(1)
  })

  test('U6 100 logins at once under 429 are retried in part only', async () => {
    await start()
    set('profile', { name: 'http_429' })
    for (const answer of await signInAll(100)) expectUnreachable(answer)
    const asked = host.emulator.journal.count(PROFILE)
    expect(asked).toBeGreaterThan(100)
    expect(asked).toBeLessThanOrEqual(150)
    expect(host.emulator.journal.count(TOKEN)).toBe(100)
  })
})

describe('answers', () => {
  test.each(['huge_body', 'endless', 'gzip_bomb'] as const)(
    'U11 U12 %s is amazon_malformed, asked for once, and the socket is closed',
    async (name) => {
      await start()
      set('profile', { name })
      expectUnreachable(await signIn())
      expect(lastFailure()).toMatchObject({ code: 'amazon_malformed' })
      expect(host.emulator.journal.count(PROFILE)).toBe(1)
      await until(() => proxy.open === 0)
    },
  )

  test.each(['huge_body', 'gzip_bomb'] as const)(
    'U11 U12 50 times %s at once takes no more than 20 MB of memory',
    async (name) => {
      await start()
      set('profile', { name })
      const report = await askInChild(host.emulator.apiUrl, 50)
      expect(report.results).toEqual(['amazon_malformed'])
      expect(report.rssGrowthBytes).toBeLessThan(20 * 1024 * 1024)
    },
  )

  test('U12 a packed profile is read', async () => {
    await start()
    set('profile', { name: 'gzip' })
    expectSignedIn(await signIn())
  })

  test.each([
    ['token', 302],
    ['token', 307],
    ['profile', 302],
    ['profile', 307],
  ] as const)('U13 a %s endpoint that answers %d is not followed', async (endpoint, status) => {
    let visits = 0
    const other = createServer((_req, res) => {
      visits += 1
      res.end('{}')
    }).listen(0, '127.0.0.1')
    await once(other, 'listening')
    await start()
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`
    set(endpoint, { name: 'redirect_other_host', status, location })
    const answer = await signIn()
    other.close()
    expectUnreachable(answer)
    expect(lastFailure()).toMatchObject({ code: 'amazon_malformed', upstreamStatus: status })
    expect(visits).toBe(0)
  })

  test('U14 a certificate that nobody vouches for fails, whatever the environment says', async () => {
    await start()
    const emulator = await startTlsEmulator()
    const report = await askInChild(emulator.apiUrl, 1, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })
    const asked = emulator.journal.count()
    await emulator.close()
    expect(report.results).toEqual(['amazon_unreachable'])
    expect(report.reasons).toEqual(['DEPTH_ZERO_SELF_SIGNED_CERT'])
    expect(asked).toBe(0)
  })
})

describe('the breaker', () => {
  test.each(['invalid_client', 'unauthorized_client'] as const)(
    'U15 %s of one app of ten sounds an alarm and leaves the others alone',
    async (name) => {
      await start()
      const [bad = '', ...good] = TENANTS
      const { clientId } = clientOf(bad)
      host.emulator.faults.set({ endpoint: 'token', fault: name, clientId })
      for (let n = 0; n < 30; n += 1) {
        expect((await signIn(bad)).location).toBe('/failed?cause=Bad%20credentials.')
      }
      for (const tenant of good) expectSignedIn(await signIn(tenant))
      const alarm = host.log.find(({ level }) => level === 'error')
      expect(alarm?.facts).toMatchObject({ app: bad, code: 'client_rejected' })
      expect(logged(BREAKER_OPENS)).toBe(0)
    },
  )

  test('U15 429 of one app leaves the breaker shut', async () => {
    await start()
    const { clientId } = clientOf('tenant0')
    host.emulator.faults.set({ endpoint: 'token', fault: 'http_429', clientId })
    for (let n = 0; n < 30; n += 1) expectUnreachable(await signIn('tenant0'))
    expectSignedIn(await signIn('tenant1'))
    expect(logged(BREAKER_OPENS)).toBe(0)
  })

  test.each([{ name: 'http_503' }, { name: 'reset' }] as const)(
    'U16 an outage by $name opens it; 10 s later one login probes, and service is back when it succeeds',
    async (fault) => {
      await start()
      set('token', fault)
      for (let n = 0; n < 20; n += 1) expectUnreachable(await signIn())
      expect(logged(BREAKER_OPENS)).toBe(1)

      host.emulator.journal.clear()
      for (const answer of await signInAll(20)) expectUnreachable(answer)
      expect(lastFailure()).toMatchObject({ code: 'amazon_unavailable', reason: 'breaker_open' })
      expect(host.emulator.journal.count(TOKEN)).toBe(0)

      skipSeconds(10)
      for (const answer of await signInAll(20)) expectUnreachable(answer)
      expect(host.emulator.journal.count(TOKEN)).toBe(1)

      host.emulator.faults.clear()
      expectUnreachable(await signIn())
      skipSeconds(10)
      expectSignedIn(await signIn())
      expect(logged(BREAKER_CLOSES)).toBe(1)
      for (const answer of await signInAll(20)) expectSignedIn(answer)
    },
  )

  test('U16 an outage by silence opens it', async () => {
    await start({ timeout: 200 })
    set('token', { name: 'hang' })
    for (const answer of await signInAll(20)) expectUnreachable(answer)
    host.emulator.faults.clear()
    expectUnreachable(await signIn())
    expect(lastFailure()).toMatchObject({ reason: 'breaker_open' })
  })
})

test('O5 while Amazon is silent, requests under way are capped, more are refused at once, and other pages answer', async () => {
  await start({ timeout: '3s' })
  set('token', { name: 'hang' })
  const refused = () => host.log.filter(({ facts }) => facts.reason === 'too_many_in_flight').length
  const logins = signInAll(600)
  await until(() => refused() === 600 - 342)
  expect((await host.browser().get('/whoami')).status).toBe(200)
  expect(proxy.open).toBe(342)
  for (const answer of await logins) expectUnreachable(answer)
  expect(refused()).toBe(600 - 342)
})

/** Moves the clock on. */
function skipSeconds(seconds: number): void {
  skippedMs += seconds * 1000
}

/** A process of its own: memory can be told, and its environment is real. */
async function askInChild(
  apiUrl: string,
  count: number,
  env: Readonly<Record<string, string>> = {},
): Promise<ChildReport> {
  const program = ['-r', '../support/register-ts.cjs', 'upstream-child.ts', apiUrl, String(count)]
  const options = { cwd: __dirname, env: { ...process.env, ...env } }
  const { stdout } = await promisify(execFile)(process.execPath, program, options)
  return JSON.parse(stdout) as ChildReport
}

async function startTlsEmulator(): Promise<Emulator> {
  const folder = mkdtempSync(join(tmpdir(), 'upstream-tls-'))
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const named = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1']
  execFileSync('openssl', [...made, ...named, '-keyout', keyFile, '-out', certFile], {
    stdio: 'ignore',
  })
  const tls = { key: readFileSync(keyFile), cert: readFileSync(certFile) }
  rmSync(folder, { recursive: true })
  return startEmulator({ tls })
}
