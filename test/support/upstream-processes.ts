import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { setTimeout } from 'node:timers/promises'

import { startEmulator } from '../../src/emulator'
import { Workplace } from '../integration/server/command-line'
import { send } from './browser'
import {
  clientIdOf,
  serverConf,
  startLoadRig,
  type LoadRig,
  type RigOptions,
} from './load/load-rig'
import { openLoop, percentile, type Sample } from './load/open-loop'
import { sized } from './row'
import { StoreFile } from './store-file'
import { TOKEN, UNREACHABLE } from './upstream-world'

const FAILED = `failed: ${UNREACHABLE}`

async function withRig<T>(options: RigOptions, work: (rig: LoadRig) => Promise<T>): Promise<T> {
  const rig = await startLoadRig({ ...options, conf: ['para.limits.failures_per_minute = 0'] })
  try {
    return await work(rig)
  } finally {
    await rig.close()
  }
}

const AT_ONCE = 50
const MOST_MEGABYTES = 20

/** U11, U12: what reading the beginning of bodies without end costs the server in memory. */
export function showMemoryOfHugeBodies(): Promise<string> {
  return withRig({}, async (rig) => {
    const grown: string[] = []
    for (const name of ['huge_body', 'endless', 'gzip_bomb'] as const) {
      await rig.amazon.ask({ kind: 'fault', endpoint: 'profile', fault: { name } })
      // Code that runs for the first time takes memory, too; and a breaker must not be in the way.
      for (let round = 0; round < 3; round += 1) await failAll(rig)
      const megabytes = await growthWhile(rig, () => failAll(rig))
      expect(megabytes).toBeLessThan(MOST_MEGABYTES)
      grown.push(`${name} ${megabytes.toFixed(1)} MB`)
    }
    return `${AT_ONCE} at once: ${grown.join(', ')} more`
  })
}

async function failAll(rig: LoadRig): Promise<void> {
  const results = await Promise.all(
    Array.from({ length: AT_ONCE }, (_none, n) => rig.signInByCode(n)),
  )
  expect(new Set(results)).toEqual(new Set([FAILED]))
}

async function growthWhile(rig: LoadRig, work: () => Promise<void>): Promise<number> {
  const before = rig.figures().rssMegabytes
  let peak = before
  const sampler = setInterval(() => (peak = Math.max(peak, rig.figures().rssMegabytes)), 5)
  await work().finally(() => clearInterval(sampler))
  return Math.max(peak, rig.figures().rssMegabytes) - before
}

/** U14: a server in production, told by its environment not to check certificates; then one that has the right to trust. */
export async function showBadCertificate(): Promise<string> {
  const place = new Workplace()
  const tls = makeCertificate(place)
  const client = { clientId: clientIdOf('acme'), clientSecret: 'secret.acme' }
  const emulator = await startEmulator({
    tls,
    clients: [{ ...client, allowedReturnUrls: [], allowAnyReturnUrl: true }],
  })
  const app = `az_app_id = "${client.clientId}", az_secret = "${client.clientSecret}"`
  const conf = ['para.env = production', `para.apps.acme { ${app}, signin_success = "/in" }`]
  place.write('application.conf', serverConf(emulator.origin, { conf }))
  const signIn = async (environment: Readonly<Record<string, string>>) => {
    const server = await place.listen(['serve', '--allow-emulator'], environment)
    const redirectUri = `${server.origin}/amazon_auth`
    const code = emulator.issueCode({ clientId: client.clientId, redirectUri })
    const url = new URL(`/amazon_auth?code=${code}&state=acme`, server.origin)
    const answer = await send(url, { headers: { accept: 'application/json' } })
    server.child.kill('SIGTERM')
    await server.exit()
    return { ...answer, said: server.stdout }
  }
  try {
    const refused = await signIn({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })
    expect(refused.status).toBe(503)
    expect(refused.said).toContain('"reason":"DEPTH_ZERO_SELF_SIGNED_CERT"')
    expect(emulator.journal.count()).toBe(0)
    const trusted = await signIn({ NODE_EXTRA_CA_CERTS: place.path('cert.pem') })
    expect(trusted).toMatchObject({ status: 302, location: '/in' })
    return 'FAIL although NODE_TLS_REJECT_UNAUTHORIZED=0, Amazon got no request; signed in with NODE_EXTRA_CA_CERTS'
  } finally {
    await place.clear()
    await emulator.close()
  }
}

function makeCertificate(place: Workplace): { readonly key: Buffer; readonly cert: Buffer } {
  const [key, cert] = [place.path('key.pem'), place.path('cert.pem')]
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const named = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1']
  execFileSync('openssl', [...made, ...named, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { key: readFileSync(key), cert: readFileSync(cert) }
}

/** Seconds after the begin of the load. */
const OUTAGE = sized({
  short: { from: 1, seesNothing: [6, 10], to: 8, end: 18 },
  long: { from: 2, seesNothing: [8, 11.5], to: 45, end: 75 },
})
const PER_SECOND = 30
const BACK_WITHIN_SECONDS = 15

/** U16: an outage in the middle of steady logins, in real time. */
export function showOutageUnderLoad(): Promise<string> {
  return withRig({ latencyMs: 20 }, async (rig) => {
    // The first logins of a process take longer than the quiet before the outage lasts. Few, as each that is good keeps the breaker shut.
    for (let n = 0; n < 5; n += 1) await rig.signInByCode(n)
    const samples = openLoop({ perSecond: PER_SECOND, seconds: OUTAGE.end }, (n) =>
      rig.signInByCode(n),
    )
    const asked = () => rig.amazon.ask({ kind: 'count', path: TOKEN }).then(Number)
    const began = performance.now()
    const at = (seconds: number) => setTimeout(began + seconds * 1000 - performance.now())
    await at(OUTAGE.from)
    await rig.amazon.ask({ kind: 'fault', endpoint: 'token', fault: { name: 'http_503' } })
    await at(OUTAGE.seesNothing[0] ?? 0)
    const before = await asked()
    await at((OUTAGE.seesNothing[0] ?? 0) + 1.5)
    const whileOpen = (await asked()) - before
    await at(OUTAGE.to)
    await rig.amazon.ask({ kind: 'clear' })
    return describeOutage(await samples, whileOpen)
  })
}

function describeOutage(samples: readonly Sample[], whileOpen: number): string {
  const isOk = ({ result }: Sample): boolean => result === 'ok'
  const within = (from: number, to: number) =>
    samples.filter(({ dueMs }) => dueMs >= from * 1000 && dueMs < to * 1000)
  const open = within(OUTAGE.seesNothing[0] ?? 0, OUTAGE.to)
  expect(new Set(samples.map(({ result }) => result))).toEqual(new Set(['ok', FAILED]))
  const before = samples.filter(({ dueMs, ms }) => dueMs + ms < OUTAGE.from * 1000)
  expect(before.length).toBeGreaterThan(0)
  expect(before.every(isOk)).toBe(true)
  expect(open.some(isOk)).toBe(false)
  expect(whileOpen).toBe(0)
  const lastFailed = Math.max(...samples.filter((each) => !isOk(each)).map(({ dueMs }) => dueMs))
  const back = lastFailed / 1000 - OUTAGE.to
  expect(back).toBeLessThan(BACK_WITHIN_SECONDS)
  return `${PER_SECOND}/s, 503 for ${OUTAGE.to - OUTAGE.from} s: no request to Amazon while open, answers p95 ${percentile(open, 0.95).toFixed(0)} ms; all signed in again ${back.toFixed(1)} s after it was over`
}

const ABORTS = sized({ short: 120, long: 2_000 })
const LANES = 20
const LONGEST_MS = 450
/** What a login writes of a user. */
const PARTS = ['id', 'identifier', 'email', 'name', 'picture', 'groups', 'token_secret']

/** U18: browsers and scripts that hang up at any moment of a login. */
export async function showAborts(): Promise<string> {
  const store = new StoreFile()
  const options = { storeUrl: store.url, latencyMs: 100, signinSuccess: '/in' }
  try {
    return await withRig(options, async (rig) => {
      await Promise.all(Array.from({ length: LANES }, (_none, lane) => abortSome(rig, lane)))
      // What was under way comes to its end.
      await setTimeout(1_000)
      const users = store.rows('SELECT * FROM users')
      const halves = users.filter((user) =>
        PARTS.some((part) => user[part] === null || user[part] === ''),
      )
      expect(halves).toEqual([])
      for (const { data } of store.rows('SELECT data FROM sessions')) JSON.parse(String(data))
      expect(await rig.login(0)).toBe('ok')
      const odd = rig.warnings.filter((line) => /unhandled|"level":"error"/i.test(line))
      expect(odd).toEqual([])
      return `${ABORTS} cut off after 0 to ${LONGEST_MS} ms of some 250: ${users.length} whole users, 0 half ones, no error, process alive`
    })
  } finally {
    store.remove()
  }
}

async function abortSome(rig: LoadRig, lane: number): Promise<void> {
  for (let n = lane; n < ABORTS; n += LANES) {
    const afterMs = Math.random() * LONGEST_MS
    await abort(rig, await KINDS_OF_REQUEST[n % KINDS_OF_REQUEST.length]?.(rig, n), afterMs)
  }
}

interface Cut {
  readonly method: string
  readonly path: string
  /** Sent whole, or but half of it. */
  readonly body?: string
}

const KINDS_OF_REQUEST: readonly ((rig: LoadRig, n: number) => Promise<Cut>)[] = [
  () => Promise.resolve({ method: 'GET', path: '/amazon_auth?state=acme' }),
  returnLeg,
  returnLeg,
  tokenSignIn,
  async (rig, n) => {
    const whole = await tokenSignIn(rig, n)
    return { ...whole, body: whole.body?.slice(0, 20) ?? '' }
  },
]

async function returnLeg(rig: LoadRig, n: number): Promise<Cut> {
  const code = await rig.issueCode(n)
  return { method: 'GET', path: `/amazon_auth?code=${code}&state=acme` }
}

async function tokenSignIn(rig: LoadRig, n: number): Promise<Cut> {
  const token = await rig.issueToken(n)
  const body = JSON.stringify({ provider: 'amazon', appid: 'acme', token })
  return { method: 'POST', path: '/jwt_auth', body }
}

function abort({ origin }: LoadRig, cut: Cut | undefined, afterMs: number): Promise<void> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'content-length': 200 }
    const { method = 'GET', path = '/', body } = cut ?? {}
    const url = new URL(path, origin)
    const req = request(url, { method, ...(body && { headers }) }, (res) => res.resume())
    req.on('error', () => undefined).once('close', resolve)
    req.write(body?.padEnd(body.length < 30 ? 0 : 200) ?? '')
    if (body === undefined) req.end()
    void setTimeout(afterMs).then(() => req.destroy())
  })
}
