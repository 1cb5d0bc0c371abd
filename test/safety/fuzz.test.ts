import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import express, { type Express, type RequestHandler } from 'express'
import express4 from 'express4'
import fc from 'fast-check'
import { sign } from 'jsonwebtoken'

import { KNOWN_SETTINGS } from '../../src/apps/known-settings'
import type { Json } from '../../src/apps/settings'
import { loadConfig } from '../../src/config/load-config'
import { startEmulator, type Emulator } from '../../src/emulator'
import { Workplace, type Listening } from '../integration/server/command-line'
import { callAt, ROOT_KEYS, signatureOf, startServer, superToken, type Keys } from '../support/api'
import { Browser } from '../support/browser'
import { ACME, startHost, type Host, type HostOptions } from '../support/host'
import { createTestDatabase, describeOnPostgres } from '../support/postgres'
import { RawConnection, type RawAnswer } from '../support/raw-connection'
import { row, sized } from '../support/row'
import { anyRequest, damaged, EVIL, type FuzzCookie, type FuzzRequest } from './fuzz-requests'

const PUBLIC = 'https://auth.example'
const WATCH = join(__dirname, '../support/watch-process.cjs')

/** A stand-alone server in a process of its own, and everything a good caller of it has. */
interface World {
  readonly server: Listening
  readonly emulator: Emulator
  readonly place: Workplace
  readonly keys: Readonly<Record<'shop' | 'root' | 'nobody', Keys>>
  readonly tokens: Readonly<Record<'session' | 'id' | 'super' | 'root super', string>>
  readonly cookies: Readonly<Record<'session' | 'login' | 'garbage', string>>
  /** Memory and longest hold of the event loop, by half seconds. */
  watched(): readonly { readonly rssBytes: number; readonly heldMs: number }[]
  close(): Promise<void>
}

const clientOf = (app: string) => ({ clientId: `client.${app}`, clientSecret: `secret.${app}` })

async function startWorld(): Promise<World> {
  const emulator = await startEmulator({
    clients: ['para', 'acme', 'zenith', 'shop'].map((app) => ({
      ...clientOf(app),
      allowedReturnUrls: [],
      allowAnyReturnUrl: true,
    })),
  })
  const place = new Workplace()
  place.write('application.conf', [
    'para.port = 0',
    'para.host = "127.0.0.1"',
    `para.public_url = "${PUBLIC}"`,
    `para.root_secret_key = "${ROOT_KEYS.secretKey}"`,
    `para.amazon.authorize_url = "${emulator.authorizeUrl}"`,
    `para.amazon.api_url = "${emulator.apiUrl}"`,
    // All of it comes from one address, and most of it is refused.
    'para.limits.failures_per_minute = 0',
    'para.limits.bad_signatures_per_minute = 0',
    'para.apps.acme { az_app_id = client.acme, az_secret = secret.acme, signin_success = "/home" }',
    'para.apps.zenith { az_app_id = client.zenith, az_secret = secret.zenith',
    '  signin_success = "https://zenith.example/in?jwt=id" }',
  ])
  const server = await place.listen(['serve', '--allow-emulator'], {
    NODE_OPTIONS: `--require ${WATCH}`,
    WATCH_FILE: place.path('watch.jsonl'),
  })
  const { origin } = server
  const shop: Keys = (await callAt(origin, 'GET /v1/_setup/shop', { as: ROOT_KEYS })).json
  const browser = new Browser(origin)
  await signIn(emulator, browser, 'acme')
  const landed = await signIn(emulator, new Browser(origin), 'zenith')
  const exchanged = await callAt(origin, 'POST /jwt_auth', {
    body: {
      provider: 'amazon',
      appid: 'acme',
      token: emulator.issueAccessToken({ clientId: 'client.acme' }),
    },
  })
  await browser.get('/amazon_auth?state=acme', { host: new URL(PUBLIC).host })
  const cookies = Array.from(browser.cookies, (pair) => pair.join('='))
  return {
    server,
    emulator,
    place,
    keys: {
      shop,
      root: ROOT_KEYS,
      nobody: { accessKey: 'app:nobody', secretKey: ROOT_KEYS.secretKey },
    },
    tokens: {
      session: exchanged.json.jwt.access_token,
      id: new URL(landed.location).searchParams.get('jwt') ?? '',
      super: superToken(shop, {}, { expiresIn: 7200 }),
      'root super': superToken(ROOT_KEYS, {}, { expiresIn: 7200 }),
    },
    cookies: {
      session: cookies.find((pair) => pair.includes('amazon-auth=')) ?? '',
      login: cookies.findLast((pair) => pair.includes('amazon-login.')) ?? '',
      garbage: '__Host-amazon-auth=s%3Ax.y; amazon-login.x=a.b; =; ;; a; b="c; __proto__=1',
    },
    watched: () =>
      readFileSync(place.path('watch.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { rssBytes: number; heldMs: number }),
    async close() {
      await Promise.all([place.clear(), emulator.close()])
    },
  }
}

async function signIn(emulator: Emulator, browser: Browser, app: string) {
  const { host } = new URL(PUBLIC)
  const begun = await browser.get(`/amazon_auth?state=${app}`, { host })
  const back = new URL(await emulator.allow(begun.location))
  expect(back.origin).toBe(PUBLIC)
  return browser.get(back.pathname + back.search)
}

/** A request as it goes over the wire. */
function bytesOf(request: FuzzRequest, world: World): Buffer {
  const body = Buffer.from(request.body.text, request.body.encoding)
  const { type } = request.body
  const length =
    body.length > 0 || request.method === 'POST' ? [['content-length', body.length]] : []
  const lines = [
    ...request.headers,
    ...(type === undefined ? [] : [['content-type', type]]),
    ...length,
    ...authorizationOf(request, body, world),
    ...cookieOf(request.cookie, world),
  ].map(([name, value]) => `${String(name)}: ${String(value)}\r\n`)
  const host = new URL(world.server.origin).host
  const head = `${request.method} ${request.target} HTTP/1.1\r\nhost: ${host}\r\n${lines.join('')}\r\n`
  return Buffer.concat([Buffer.from(head), body])
}

type Lines = readonly (readonly [string, string])[]

function authorizationOf(request: FuzzRequest, body: Buffer, world: World): Lines {
  const { authorization: sent, method, target: path } = request
  if (sent.kind === 'none') return []
  if (sent.kind === 'text') return [['authorization', sent.text]]
  if (sent.kind === 'bearer') {
    return [['authorization', `Bearer ${damaged(world.tokens[sent.token], sent.damage)}`]]
  }
  const { host } = new URL(world.server.origin)
  const signed = lowerCased(signed4({ method, path, host, body }, world.keys[sent.as]))
  const pairs = Object.entries(signed).filter(([name]) => name.startsWith('x-amz-'))
  return [...pairs, ['authorization', damaged(signed.authorization ?? '', sent.damage)]]
}

/** What the signing library cannot take (a path that cannot be decoded) goes out with a signature of something else. */
function signed4(request: Parameters<typeof signatureOf>[0], keys: Keys) {
  try {
    return signatureOf(request, keys)
  } catch {
    return signatureOf({ ...request, path: '/' }, keys)
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
}

function cookieOf(cookie: FuzzCookie | undefined, { cookies }: World): Lines {
  if (cookie === undefined) return []
  const sent = damaged(cookies[cookie.of], cookie.damage)
  return [['cookie', cookie.isTwice ? `${sent}; ${cookies[cookie.of]}` : sent]]
}

const ALLOWED = [400, 401, 403, 404, 405, 410, 413, 414, 415, 429, 431, 503]
const INSIDE = /\n\s+at |node_modules|\.[tj]s:\d|SQLITE|SqliteError|TypeError|SELECT /
/** They show a page to whoever does not ask for JSON. */
const PAGES = /\/amazon_auth\/(?:try|device)\b/i
const GUARDED = /^\/v1\/(?:_settings|_metrics|_newkeys|_setup\/[^?]|users|apps)/

/** What must be true of each answer. */
function check(answer: RawAnswer | undefined, request: FuzzRequest): void {
  if (answer === undefined) throw new Error('closed without an answer')
  const { status, headers, body } = answer
  if (!(status >= 200 && status < 400) && !ALLOWED.includes(status)) {
    throw new Error(`answered ${status}: ${body}`)
  }
  if (status >= 400) checkError(answer, request)
  const leadsTo = headers.location ?? '/'
  if (new URL(leadsTo, PUBLIC).hostname.endsWith(EVIL)) throw new Error(`leads to ${leadsTo}`)
  const isAnonymous = request.authorization.kind === 'none' && request.cookie === undefined
  if (isAnonymous && status === 200 && GUARDED.test(request.target)) {
    throw new Error(`let nobody in: ${body}`)
  }
}

/** JSON by the contract, a sentence or a page for people, or nothing: never a word about the inside. */
function checkError({ status, headers, body }: RawAnswer, request: FuzzRequest): void {
  if (body === '') return
  if (INSIDE.test(body)) throw new Error(`tells of the inside: ${body}`)
  const type = headers['content-type'] ?? ''
  if (type.startsWith('text/plain')) return
  const isPageWanted =
    PAGES.test(request.target) ||
    request.headers.some(([name, value]) => name === 'accept' && value.includes('html'))
  if (type.startsWith('text/html') && isPageWanted) return
  // What a page includes must not break it.
  if (
    /^(?:https?:\/\/[^/?]*)?\/[^?]*\/button\b/i.test(request.target) &&
    /^<!-- [^>]* -->\s*$/.test(body)
  )
    return
  const { code, message } = JSON.parse(body) as { code: unknown; message: unknown }
  if (code !== status || typeof message !== 'string') throw new Error(`not an error: ${body}`)
}

const LANES = 4
const MIB = 2 ** 20

describe('a server in a process of its own', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.close())

  row(
    'F1',
    'random requests to all routes, near and beside them, many with good signatures, tokens and cookies or almost good ones: fast-check, over kept connections',
    async () => {
      const runs = sized({ short: 3_000, long: 100_000 })
      const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31)
      const counts = new Map<number, number>()
      await fuzz(world, { runs: runs / 10, seed: seed + 1000, counts: new Map() })
      const warm = world.watched().length
      await fuzz(world, { runs, seed, counts })

      expect(world.server.child.exitCode).toBeNull()
      expect(world.server.stdout).not.toContain('"level":"error"')
      expect((await callAt(world.server.origin, 'GET /v1/_health')).status).toBe(200)
      const browser = new Browser(world.server.origin)
      expect(await signIn(world.emulator, browser, 'acme')).toMatchObject({ location: '/home' })
      // Not all that is sent is refused: the good callers have been served.
      for (const status of [200, 302, 400, 401, 403, 404, 405]) {
        expect(counts.get(status) ?? 0).toBeGreaterThan(0)
      }
      const watched = world.watched().slice(warm - 1)
      const [before = 0, after = 0] = [watched.at(0), watched.at(-1)].map((at) => at?.rssBytes)
      const grownMib = (after - before) / MIB
      expect(grownMib).toBeLessThan(128)
      const held = Math.max(...watched.slice(1).map(({ heldMs }) => heldMs))
      const told = Array.from(counts)
        .sort(([a], [b]) => a - b)
        .map(([status, count]) => `${count} × ${status}`)
      return `seed ${seed}: ${told.join(', ')}; no other, nothing logged as an error; an honest login works; memory ${(before / MIB).toFixed(0)} MiB, then ${grownMib >= 0 ? '+' : ''}${grownMib.toFixed(0)} MiB; event loop held for ${held} ms at most`
    },
    sized({ short: 120_000, long: 1_800_000 }),
  )

  const send = (line: string, sending: Parameters<typeof callAt>[2] = {}) =>
    callAt(world.server.origin, line, sending)
  /** Calls to Amazon that come of something. */
  async function callsOf(work: () => Promise<unknown>): Promise<number> {
    const before = world.emulator.journal.count()
    await work()
    return world.emulator.journal.count() - before
  }

  row(
    'F2',
    'percent-encoding that is broken, in the path of every kind of route, in queries and in cookies',
    async () => {
      const broken = ['%E0%A4%A', '%', '%zz', '%C0%AF', '%ff']
      const below = ['', 'amazon_auth/', 'passwordless_auth/', 'v1/_settings/', 'v1/_setup/']
      for (const path of below.flatMap((start) => broken.map((end) => `/${start}${end}`))) {
        const answer = await send(`GET ${path}`, { as: ROOT_KEYS })
        expect(answer).toMatchObject({ status: 400, json: { code: 400 } })
      }
      const calls = await callsOf(async () => {
        for (const text of broken) {
          const unknown = await send(`GET /amazon_auth?state=${text}&code=x`)
          expect(unknown).toMatchObject({ status: 302, headers: { location: '/signin?error' } })
          const begun = await send(`GET /amazon_auth?state=acme&sent_on=1&x=${text}`)
          expect(begun.headers.location).toContain(world.emulator.authorizeUrl)
          expect((await send(`GET /v1/_me?Authorization=${text}`)).status).toBe(401)
          expect((await send(`GET /signin?cause=${text}`)).status).toBe(200)
        }
      })
      for (const text of broken) {
        const cookie = ['__Host-amazon-auth', '__Host-amazon-login.x', 'para-returnto', 'x']
          .map((name) => `${name}=${text}`)
          .join('; ')
        expect((await send('GET /v1/_me', { headers: { cookie } })).status).toBe(401)
        const begun = await send('GET /amazon_auth?state=acme&sent_on=1', {
          headers: { cookie },
        })
        expect(begun.headers.location).toContain(world.emulator.authorizeUrl)
      }
      expect(calls).toBe(0)
      return `${below.length * broken.length} paths: 400 JSON; in queries it is text that names nothing, in cookies nothing at all: as without it, 0 calls to Amazon`
    },
  )

  /** The server does not wait for the rest, and its reset may overtake its answer; then it is asked again. */
  async function tooLarge(request: string): Promise<number | undefined> {
    for (let tries = 0; tries < 50; tries += 1) {
      const connection = new RawConnection(world.server.origin)
      const answer = await connection.exchange(`GET ${request}\r\nhost: x\r\n\r\n`)
      await connection.closed()
      if (answer !== undefined) return answer.status
    }
    return undefined
  }

  row('F4', 'headers of 17 and 20 KiB, 200 cookies, addresses of 9 and 64 KiB', async () => {
    const filled = (bytes: number) => 'a'.repeat(bytes)
    const cookies = (bytes: number) =>
      Array.from({ length: 200 }, (_none, number) => `c${number}=${filled(bytes)}`).join('; ')
    for (const kib of [17, 20]) {
      expect(await tooLarge(`/ HTTP/1.1\r\nx-long: ${filled(kib * 1024)}`)).toBe(431)
    }
    expect(await tooLarge(`/v1/_me HTTP/1.1\r\ncookie: ${cookies(100)}`)).toBe(431)
    expect(await tooLarge(`/?${filled(64 * 1024)} HTTP/1.1`)).toBe(431)
    expect((await send('GET /v1/_me', { headers: { cookie: cookies(10) } })).status).toBe(401)
    const names = Array.from({ length: 200 }, (_none, number) => `amazon-login.${number}=x`)
    const begun = await send('GET /amazon_auth?state=acme', {
      headers: { cookie: names.join('; ') },
    })
    expect(begun.status).toBe(302)
    const long = await send(`GET /?${filled(9 * 1024)}`)
    expect(long).toMatchObject({ status: 414, json: { code: 414, message: 'URI Too Long' } })
    expect((await send('GET /v1/_health')).status).toBe(200)
    return 'headers 431; 200 cookies of 10 bytes are read, of 100 bytes 431; 9 KiB of address 414, 64 KiB 431; then it serves on'
  })

  row(
    'F5',
    'POST /jwt_auth with arrays, numbers, null, objects and operators for each field, and bodies that are no object',
    async () => {
      const good = { provider: 'amazon', appid: 'acme', token: 'Atza|x' }
      const odd: Json[] = [null, 1, 1.5, true, [], ['amazon'], {}, { $gt: '' }, { $ne: null }]
      const fields = Object.keys(good)
      const calls = await callsOf(async () => {
        for (const [field, value] of fields.flatMap((of) => odd.map((as) => [of, as] as const))) {
          const answer = await send('POST /jwt_auth', { body: { ...good, [field]: value } })
          expect(answer).toMatchObject({ status: 400, json: { code: 400, message: MISSING } })
        }
        for (const field of fields) {
          const body = JSON.stringify({ ...good, [field]: undefined })
          expect((await send('POST /jwt_auth', { body })).json.message).toBe(MISSING)
          const blank = await send('POST /jwt_auth', { body: { ...good, [field]: '' } })
          expect(blank).toMatchObject({ status: 400, json: { code: 400 } })
        }
        for (const body of ['[]', '"x"', '{"provider"', '', 'null', '1', '{"a":1}{"a":1}']) {
          const answer = await send('POST /jwt_auth', { body })
          expect(answer).toMatchObject({ status: 400, json: { code: 400 } })
        }
        for (const appid of ['__proto__', 'constructor', '///', 'app:', 'nobody']) {
          const answer = await send('POST /jwt_auth', { body: { ...good, appid } })
          expect(answer).toMatchObject({ status: 400, json: { code: 400 } })
        }
      })
      expect(calls).toBe(0)
      const refused = await send('POST /jwt_auth', { body: good })
      expect(refused).toMatchObject({ status: 400, json: { message: REFUSED } })
      return `${fields.length * (odd.length + 1)} bodies: 400 "${MISSING}"; 12 others 400; 0 calls to Amazon`
    },
  )

  row(
    'F6',
    'POST of the return leg as multipart, JSON, text, in a wrong charset, compressed, and of 1 MiB',
    async () => {
      const form = 'state=acme&code=x'
      const type = 'application/x-www-form-urlencoded'
      const cases: readonly [status: number, type: string, body: string, encoding?: string][] = [
        [415, 'multipart/form-data; boundary=x', '--x\r\n\r\n1\r\n--x--\r\n'],
        [415, 'multipart/form-data', form],
        [415, 'application/json', '{"state":"acme","code":"x"}'],
        [415, 'text/plain', form],
        [415, '', form],
        [415, `${type}; charset=utf-16`, form],
        [415, `${type}; charset=klingon`, form],
        [415, type, form, 'klingon'],
        [400, type, form, 'gzip'],
        [413, type, `code=${'a'.repeat(2 ** 20)}`],
        [413, type, `code=${'a'.repeat(40 * 1024)}`],
        [413, type, Array.from({ length: 1_500 }, (_none, n) => `a${n}=`).join('&')],
      ]
      let kinds = 0
      const calls = await callsOf(async () => {
        for (const path of ['/amazon_auth', '/passwordless_auth']) {
          for (const [status, contentType, body, encoding] of cases) {
            const answer = await send(`POST ${path}`, {
              body: Buffer.from(body),
              headers: {
                'content-type': contentType,
                ...(encoding !== undefined && { 'content-encoding': encoding }),
              },
            })
            expect([contentType, encoding, answer.status]).toEqual([contentType, encoding, status])
            expect(answer.json.code).toBe(status)
            expect(answer.headers['set-cookie']).toBeUndefined()
            kinds += 1
          }
        }
      })
      expect(calls).toBe(0)
      const plain = await send('POST /amazon_auth?state=acme&code=', { body: '' })
      expect(plain).toMatchObject({ status: 303, headers: { location: '/signin?error' } })
      return `${kinds} forms: 415 other kinds and charsets, 413 over 16 KiB or 1,000 fields, 400 what cannot be read; 0 calls to Amazon, no cookie`
    },
  )

  row(
    'F7',
    'request smuggling over raw sockets: both lengths, two lengths, odd lengths and chunks, bare LF and CR, folded headers, two hosts',
    async () => {
      for (const [what, bytes] of SMUGGLED) {
        const connection = new RawConnection(world.server.origin)
        const answer = await connection.exchange(bytes)
        await connection.closed()
        expect([what, answer?.status]).toEqual([what, 400])
        // What was hidden behind it is not answered.
        expect(await connection.nextAnswer()).toBeUndefined()
        connection.end()
      }
      return `${SMUGGLED.length} requests: 400, the connection closed, nothing behind them answered`
    },
  )
})

describe('mounted in a host', () => {
  /** Spellings of a path of ours that lead to us, by the documentation; all others are the host's. */
  const OURS = [
    '/amazon_auth',
    '/amazon_auth/',
    '/AMAZON_AUTH',
    '/Amazon_Auth/',
    '/v1/_me',
    '/v1/_me/',
  ]
  const OURS_TOO = ['/V1/_me', '/jwt_auth', '/jwt_auth/', '/passwordless_auth/', '/v1/_settings/']
  const NOT_OURS = [
    ...['//amazon_auth', '/amazon_auth//', '/./amazon_auth', '/x/../amazon_auth', '/amazon%5Fauth'],
    ...['/%61mazon_auth', '/amazon_auth%2F', '/amazon_auth%20', '/amazon_auth;x', '/amazon_auth.'],
    ...['/amazon_authx', '/amazon_auth/x', '/\\amazon_auth', '/amazon_auth\\', '/amazon-auth'],
    ...['//v1/_me', '/v1//_me', '/v1/_ME', '/v1/%5Fme', '/v1/./_me', '/v1/_me/x', '/v1/_me;x'],
    ...[
      '//jwt_auth',
      '/JWT_auth',
      '/v1/jwt_auth',
      '/amazon_auth/jwt_auth',
      '/v1/_Settings',
      '/v1/_settings//',
    ],
  ]
  const hosts: readonly [string, HostOptions][] = [
    ['a plain host', {}],
    ['case sensitive and strict routing', { createApp: strictHost(express) }],
    ['Express 4', { createApp: express4 }],
    ['Express 4, case sensitive and strict', { createApp: strictHost(express4) }],
    ['mounted below /auth', { mount: '/auth' }],
  ]
  function strictHost(create: () => Express): () => Express {
    return () => create().enable('case sensitive routing').enable('strict routing')
  }
  const options = {
    rootSecretKey: ROOT_KEYS.secretKey,
    apps: {
      acme: { azAppId: ACME.clientId, azSecret: ACME.clientSecret, 'security.strict': true },
    },
  }

  row(
    'F9',
    'our paths in other case, with slashes doubled, left out and added, dots, encodings and backslashes, in five kinds of host',
    async () => {
      for (const [what, setup] of hosts) {
        const isHosts: RequestHandler = (_req, res) => void res.status(404).send('of the host')
        const host = await startHost({ ...setup, options, after: (app) => void app.use(isHosts) })
        const mount = setup.mount ?? ''
        const at = (path: string) => callAt(host.origin, `GET ${mount}${path}`)
        const beyond = mount === '' ? [] : ['/amazon_auth', '/v1/_me', '//auth/amazon_auth']
        for (const path of [...NOT_OURS, ...beyond]) {
          const asked = beyond.includes(path) ? callAt(host.origin, `GET ${path}`) : at(path)
          expect([what, path, (await asked).text]).toEqual([what, path, 'of the host'])
        }
        for (const path of [...OURS, ...OURS_TOO]) {
          const { status, text } = await at(path)
          expect([what, path, text]).not.toEqual([what, path, 'of the host'])
          expect([what, path, status === 401 || status === 302]).toEqual([what, path, true])
        }
        // The strict app takes no login that was not begun here, however the path is spelt.
        for (const path of OURS.filter((of) => /auth/i.test(of))) {
          const bare = await at(`${path}?state=acme&code=x`)
          expect(bare).toMatchObject({ status: 401 })
          expect(bare.headers['content-type']).toContain('text/html')
        }
        expect(host.emulator.journal.count()).toBe(0)
        await host.close()
      }
      return `${NOT_OURS.length} spellings fall through to the host, ${OURS.length + OURS_TOO.length} (any case, one slash at the end) lead to the same guarded routes, alike in ${hosts.length} hosts; 0 calls to Amazon for a strict app`
    },
  )

  row(
    ['F2', 'F6'],
    'a path of ours that cannot be decoded and forms that cannot be read, where the host has no error handler of its own',
    async () => {
      for (const createApp of [express, express4]) {
        const host = await startHost({ createApp, options })
        const ask = (line: string, sending = {}) => callAt(host.origin, line, sending)
        const odd = await ask('GET /v1/_settings/%E0%A4%A', { as: ROOT_KEYS })
        expect(odd).toMatchObject({ status: 400, json: { code: 400 } })
        for (const [status, type, body] of [
          [415, 'multipart/form-data; boundary=x', '--x--'],
          [415, 'application/x-www-form-urlencoded; charset=klingon', 'code=x'],
          [413, 'application/x-www-form-urlencoded', `code=${'a'.repeat(2 ** 20)}`],
        ] as const) {
          const headers = { 'content-type': type }
          const answer = await ask('POST /amazon_auth', { body: Buffer.from(body), headers })
          expect(answer).toMatchObject({ status, json: { code: status } })
        }
        expect(host.emulator.journal.count()).toBe(0)
        await host.close()
      }
      return 'on Express 4 and 5: 400, 415 and 413 as JSON without a stack, 0 calls to Amazon'
    },
  )
})

/** Lone surrogates, NUL, writing directions, forms of one letter, and what cannot be seen. */
const ODD_TEXTS = [
  ...[
    'a\ud800b',
    'a\udc00b',
    '\udc00',
    'a\0b',
    '\u202eevil\u202c',
    '\u2066x\u2069',
    'e\u0301',
    '\u00e9',
    '\ufb00',
  ],
  ...['\ufeffx', 'a\u200bb', '\u{1d4b3}', '👩‍👩‍👧‍👦', 'שלום', 'x\u0085y', 'x\ufffey', '\u007f'],
]

/** What becomes of odd texts as names and ids, by HTTP, on one store. */
async function oddTextsOn(storeUrl: string): Promise<readonly unknown[]> {
  const lines = [
    `para.store.url = ${JSON.stringify(storeUrl)}`,
    'para.secret_key = "a-master-key-of-the-tests-0123456789abcdef"',
  ]
  const server = await startServer({ conf: lines.join('\n') })
  try {
    const shop = await server.createApp('shop')
    const { user } = await server.signIn('shop')
    const seen: unknown[] = []
    for (const text of ODD_TEXTS) {
      const inPath = encodeURIComponent(text.toWellFormed())
      const patched = await server.call(`PATCH /v1/users/${user.id}`, {
        as: shop,
        body: { name: text, email: `${text}@example.com`, groups: text },
      })
      const read = await server.call(`GET /v1/users/${user.id}`, { as: shop })
      const { name, email, groups } = read.json
      seen.push([text, patched.status, name, email, groups])
      const vouched = sign({ identifier: `crm:${text}` }, shop.secretKey, { expiresIn: 60 })
      const body = { provider: 'passwordless', appid: 'shop', token: vouched }
      const assertion = await server.call('POST /jwt_auth', { body })
      seen.push([text, assertion.status, assertion.json.user?.identifier, 'by assertion'])
      const put = await server.call(`PUT /v1/_settings/${inPath}`, {
        as: shop,
        body: { value: text },
      })
      const setting = await server.call(`GET /v1/_settings/${inPath}`, { as: shop })
      seen.push([text, put.status, setting.json])
      const created = await server.call(`GET /v1/_setup/${inPath}`, { as: ROOT_KEYS })
      seen.push([text, created.status, created.json.accessKey])
      const found = await server.call(`GET /v1/users/${inPath}`, { as: shop })
      seen.push([text, found.status])
      const login = await server.call(`GET /amazon_auth?state=${inPath}&code=x`)
      seen.push([text, login.status])
    }
    const apps = await server.call('GET /v1/apps?limit=100', { as: ROOT_KEYS })
    return [
      ...seen,
      apps.json.items.map(({ appIdentifier }: { appIdentifier: string }) => appIdentifier),
    ]
  } finally {
    await server.close()
  }
}

const ODD =
  'lone surrogates, NUL, writing directions and invisible signs as names, emails, groups, settings and ids'

row('F8', ODD, async () => {
  const seen = await oddTextsOn('sqlite::memory:')
  for (const outcome of seen) {
    for (const text of [outcome]
      .flat()
      .slice(1)
      .filter((value) => typeof value === 'string')) {
      expect(text).toBe(text.toWellFormed().replaceAll('\0', ''))
    }
    const status = Array.isArray(outcome) ? outcome[1] : undefined
    if (typeof status === 'number') expect([200, 302, 400, 404]).toContain(status)
  }
  for (const text of ['a\ud800b', 'a\udc00b', 'a\0b', '\udc00']) {
    const told = seen.filter((outcome) => Array.isArray(outcome) && outcome[0] === text)
    const [patched, vouched] = told as unknown[][]
    expect(patched?.slice(0, 2)).toEqual([text, 400])
    expect(vouched).toEqual([text, 400, undefined, 'by assertion'])
  }
  const kept = seen.filter((outcome) => Array.isArray(outcome) && outcome.length === 5)
  const refused = kept.filter((outcome) => Array.isArray(outcome) && outcome[1] === 400).length
  return `${ODD_TEXTS.length} texts: ${refused} refused as names, ${kept.length - refused} stored as valid Unicode; none is an error`
})

describeOnPostgres('on both stores', () => {
  row('F8', `${ODD}, on SQLite and on PostgreSQL`, async () => {
    const database = await createTestDatabase()
    try {
      const onPostgres = await oddTextsOn(database.url)
      expect(onPostgres).toEqual(await oddTextsOn('sqlite::memory:'))
      return `${onPostgres.length} answers, the same on both`
    } finally {
      await database.drop()
    }
  })
})

/** Texts that make careless patterns try for ever. */
const SLOW = [' ', '|', ',', '~', '/', '=', ';', '%', '&', '.', '\t', '"', '(', 'a', '0', 'é', '-']
const LONGER_SLOW = ['app:', '&#124;', '../', ' x', 'a.', '=;', '%2F', ', ', '\\"', '${', '//']
const PARTS = ['state', 'appid', 'code', 'host_url', 'returnto', 'error', 'token', 'cause', 'x']
const HEADERS = [
  ...['accept', 'cookie', 'host', 'origin', 'x-request-id', 'x-requested-with', 'content-type'],
  ...['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-amz-date', 'if-none-match'],
]
const AUTHORIZATION_STARTS = ['', 'Bearer ', 'AWS4-HMAC-SHA256 ', 'AWS4-HMAC-SHA256 Credential=']
const QUARTER = 25_000

/** Everything that reads text from outside, without the limits of the stand-alone server before it. */
function placesOf(host: Host, origin: string) {
  const places = new Map<string, (text: string) => unknown>()
  const ask = (line: string, sending?: Parameters<typeof callAt>[2]) =>
    callAt(origin, line, sending)
  const encoded = (text: string): string => text.replace(/[^\x21-\x7e]|[#?]/g, encodeURIComponent)
  for (const start of ['/amazon_auth', '/v1/_settings/', '/v1/_setup/', '/']) {
    places.set(`path ${start}…`, (text) => ask(`GET ${start}${encoded(text)}`))
  }
  for (const name of PARTS) {
    for (const path of ['/amazon_auth', '/passwordless_auth']) {
      const line = (text: string) => `GET ${path}?${name}=${encoded(text)}`
      places.set(`query ${path}?${name}=`, (text) => ask(line(text)))
    }
  }
  for (const name of HEADERS) {
    const headers = (text: string) => ({ [name]: `x${text.replaceAll('é', '\xe9')}x` })
    places.set(`header ${name}`, (text) =>
      ask('GET /amazon_auth?state=acme', { headers: headers(text) }),
    )
  }
  for (const start of AUTHORIZATION_STARTS) {
    const headers = (text: string) => ({
      authorization: `${start}${text.replaceAll('é', '\xe9')}x`,
    })
    places.set(`header authorization: ${start}…`, (text) =>
      ask('GET /v1/_me', { headers: headers(text) }),
    )
  }
  for (const name of ['provider', 'appid', 'token']) {
    const body = (text: string) => ({ provider: 'amazon', appid: 'acme', token: 'x', [name]: text })
    places.set(`JSON ${name}`, (text) => ask('POST /jwt_auth', { body: body(text) }))
  }
  places.set('JSON as such', (text) => ask('POST /jwt_auth', { body: text }))
  for (const name of [...KNOWN_SETTINGS.keys(), 'free']) {
    const line = `PUT /v1/_settings/${name}`
    places.set(`setting ${name}`, (value) => ask(line, { as: ROOT_KEYS, body: { value } }))
  }
  places.set('name of a setting', (text) =>
    ask('PUT /v1/_settings', { as: ROOT_KEYS, body: { [text]: 1 } }),
  )
  for (const [what, conf] of HOCON) {
    places.set(`HOCON ${what}`, (text) =>
      loadConfig({ file: 'a.conf', text: conf(text), environment: {} }).catch(() => undefined),
    )
  }
  places.set('form', (text) => host.browser().send('/amazon_auth', { form: { state: text } }))
  return places
}

const HOCON: readonly (readonly [what: string, conf: (text: string) => string])[] = [
  ['value', (text) => `para.az_app_id = ${text}`],
  ['quoted value', (text) => `para.az_app_id = ${JSON.stringify(text)}`],
  ['key', (text) => `para.${text} = 1`],
  ['comment', (text) => `# ${text}\npara.port = 0`],
  ['as such', (text) => text],
  ['quoted values', (text) => byLines(text, (line) => `para.x = ${JSON.stringify(line)}`)],
  ['values', (text) => byLines(text, (line) => `para.x = ${line}`)],
  ['keys', (text) => byLines(text, (line) => `para.${JSON.stringify(line)} = 1`)],
  ['origins', (text) => `para.security.hosturl_aliases = ${JSON.stringify(text)}`],
]

function byLines(text: string, write: (line: string) => string): string {
  return (text.match(/.{1,1000}/g) ?? []).map(write).join('\n')
}

/** CPU time that a piece of work takes in this process, in milliseconds. */
async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/**
 * Work of linear growth takes 4 times as long for 4 times the text, of quadratic growth 16 times. Each is measured up
 * to 6 times, since what else the process does (collecting garbage) only ever adds.
 */
async function growthOf(work: (text: string) => unknown, shape: string) {
  const text = (characters: number) => shape.repeat(Math.ceil(characters / shape.length))
  const [small, large] = [text(QUARTER), text(4 * QUARTER)]
  let [smallMs, largeMs] = [Infinity, Infinity]
  for (let tries = 0; tries < 6; tries += 1) {
    smallMs = Math.min(smallMs, await cpuOf(() => work(small)))
    largeMs = Math.min(largeMs, await cpuOf(() => work(large)))
    if (largeMs < 8 * Math.max(smallMs, FLOOR_MS)) break
  }
  return { ratio: largeMs / Math.max(smallMs, FLOOR_MS), largeMs }
}

/** What less text takes is noise; quadratic work on 100 kB takes a second. */
const FLOOR_MS = 3

row(
  'F3',
  '100 kB of spaces, pipes, commas, app: and other shapes in every place that reads text: path, query, headers, cookies, JSON, settings, names, HOCON; CPU time against that of 25 kB',
  async () => {
    const host = await startHost({ options: { rootSecretKey: ROOT_KEYS.secretKey } })
    const app = express().use(host.auth)
    const server = createServer({ maxHeaderSize: 2 ** 20 }, app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      const places = placesOf(host, origin)
      const shapes = sized({
        short: [' ', '|', ',', '/', '=', 'a', 'app:', '.'],
        long: [...SLOW, ...LONGER_SLOW],
      })
      let worst = { ratio: 0, largeMs: 0, where: '' }
      let slowest = worst
      for (const [place, work] of places) {
        for (const shape of shapes) {
          const where = `${JSON.stringify(shape)} in ${place}`
          const growth = { ...(await growthOf(work, shape)), where }
          if (growth.ratio > worst.ratio) worst = growth
          if (growth.largeMs > slowest.largeMs) slowest = growth
        }
      }
      expect([worst.where, worst.ratio < 8]).toEqual([worst.where, true])
      return `${shapes.length} shapes in ${places.size} places: 4 times the text takes at most ${worst.ratio.toFixed(1)} times the time (${worst.where}); 100 kB at most ${slowest.largeMs.toFixed(0)} ms of CPU, client included (${slowest.where})`
    } finally {
      server.closeAllConnections()
      server.close()
      await host.close()
    }
  },
  sized({ short: 120_000, long: 900_000 }),
)

const MISSING = "Some of the required query parameters 'provider', 'appid', 'token', are missing."
const REFUSED = "Failed to authenticate user with 'amazon'. Check if user is active."

const HIDDEN = 'GET /v1/_health HTTP/1.1\r\nHost: x\r\n\r\n'

/** A POST whose own header lines and body are to be doubted, with a request hidden behind it. */
function posted(lines: readonly string[], body: string): string {
  const head = ['POST /amazon_auth HTTP/1.1', 'Host: x', FORM, ...lines]
  return [...head, '', body + HIDDEN].join('\r\n')
}

/** A GET with header lines that are to be doubted. */
function got(...lines: readonly string[]): string {
  return ['GET /v1/_health HTTP/1.1', 'Host: x', ...lines, '', HIDDEN].join('\r\n')
}

const FORM = 'Content-Type: application/x-www-form-urlencoded'
const CHUNKED = 'Transfer-Encoding: chunked'
const NO_CHUNKS = '0\r\n\r\n'

const SMUGGLED: readonly (readonly [what: string, bytes: string])[] = [
  ['CL.TE', posted(['Content-Length: 4', CHUNKED], NO_CHUNKS)],
  ['TE.CL', posted([CHUNKED, 'Content-Length: 4'], NO_CHUNKS)],
  ['CL.CL', posted(['Content-Length: 4', 'Content-Length: 5'], 'abcd')],
  ['CL twice the same', posted(['Content-Length: 4', 'Content-Length: 4'], 'abcd')],
  ['list of lengths', posted(['Content-Length: 4, 4'], 'abcd')],
  ['signed length', posted(['Content-Length: +4'], 'abcd')],
  ['negative length', posted(['Content-Length: -1'], '')],
  ['length beyond all numbers', posted(['Content-Length: 99999999999999999999'], 'abcd')],
  ['unknown coding', posted(['Transfer-Encoding: xchunked'], NO_CHUNKS)],
  ['coding after chunked', posted(['Transfer-Encoding: chunked, identity'], NO_CHUNKS)],
  ['two codings', posted([CHUNKED, 'Transfer-Encoding: identity'], NO_CHUNKS)],
  ['space before the colon', posted(['Transfer-Encoding : chunked'], NO_CHUNKS)],
  ['chunk ended by LF', posted([CHUNKED], '1\nZ\r\n0\r\n\r\n')],
  ['chunk of 0x1', posted([CHUNKED], '0x1\r\nZ\r\n0\r\n\r\n')],
  ['chunk longer than it says', posted([CHUNKED], '1\r\nZZ\r\n0\r\n\r\n')],
  ['LF in a chunk extension', posted([CHUNKED], '1;a\nb\r\nZ\r\n0\r\n\r\n')],
  ['bare LF throughout', got().replaceAll('\r\n', '\n')],
  ['bare LF in a header', got('A: b\nC: d')],
  ['bare LF at the end of headers', `GET /v1/_health HTTP/1.1\r\nHost: x\r\n\n${HIDDEN}`],
  ['bare CR in a header', got('A: b\rC: d')],
  ['folded by a space', got('A: b', ' Transfer-Encoding: chunked')],
  ['folded by a tab', got('A: b', '\tc')],
  ['NUL in a header', got('A: b\0c')],
  ['header without a colon', got('abc')],
  ['space in the name of a header', got('A b: c')],
  ['no host', 'GET /v1/_health HTTP/1.1\r\n\r\n'],
  ['two hosts', got('Host: y', 'Connection: close').slice(0, -HIDDEN.length)],
]

async function fuzz(
  world: World,
  {
    runs,
    seed,
    counts,
  }: { readonly runs: number; readonly seed: number; readonly counts: Map<number, number> },
): Promise<void> {
  const lane = async (number: number): Promise<void> => {
    const connection = new RawConnection(world.server.origin)
    const property = fc.asyncProperty(anyRequest, async (request) => {
      const answer = await connection.exchange(bytesOf(request, world))
      check(answer, request)
      const status = answer?.status ?? 0
      counts.set(status, (counts.get(status) ?? 0) + 1)
    })
    await fc.assert(property, { numRuns: Math.ceil(runs / LANES), seed: seed + number })
    connection.end()
  }
  await Promise.all(Array.from({ length: LANES }, (_none, number) => lane(number)))
}
