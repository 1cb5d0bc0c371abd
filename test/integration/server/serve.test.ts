import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

import { decode } from 'jsonwebtoken'

import { PEOPLE, startEmulator, type Emulator } from '../../../src/emulator'
import { browserAt, Workplace, type Listening, type Running } from './command-line'

const CLIENT = { clientId: 'amzn1.application-oa2-client.root', clientSecret: 'root-az-secret' }
const SHOP = { clientId: 'amzn1.application-oa2-client.shop', clientSecret: 'shop-az-secret' }

let emulator: Emulator
let place: Workplace

beforeAll(async () => {
  emulator = await startEmulator({
    clients: [CLIENT, SHOP].map((client) => ({
      ...client,
      allowedReturnUrls: [],
      allowAnyReturnUrl: true,
    })),
  })
})
afterAll(() => emulator.close())
beforeEach(() => {
  place = workplace()
  emulator.faults.clear()
  emulator.journal.clear()
})
afterEach(() => place.clear())

function workplace(): Workplace {
  const place = new Workplace()
  place.write('application.conf', [
    'para.port = 0',
    'para.host = "127.0.0.1"',
    `para.az_app_id = "${CLIENT.clientId}"`,
    `para.az_secret = "${CLIENT.clientSecret}"`,
    `para.amazon.authorize_url = "${emulator.authorizeUrl}"`,
    `para.amazon.api_url = "${emulator.apiUrl}"`,
    'para.apps.shop {',
    `  az_app_id = "${SHOP.clientId}"`,
    `  az_secret = "${SHOP.clientSecret}"`,
    '  signin_success = "https://shop.example/in?jwt=id"',
    '}',
  ])
  return place
}

const SERVE = ['serve', '--allow-emulator']

describe('what it answers', () => {
  let server: Listening
  let sharedPlace: Workplace
  beforeAll(async () => {
    sharedPlace = workplace()
    server = await sharedPlace.listen(SERVE)
  })
  afterAll(() => sharedPlace.clear())

  test('the log says where it listens, and health is 200', async () => {
    const answer = await browserAt(server).get('/v1/_health')
    expect(answer).toMatchObject({ status: 200, body: '{"message":"healthy"}' })
  })

  test('an app is signed in to from the configuration alone, and lands on a page', async () => {
    const browser = browserAt(server)
    const begun = await browser.get('/amazon_auth')
    const landed = await browser.get(await emulator.allow(begun.location))
    expect(landed).toMatchObject({ status: 302, location: '/' })
    expect((await browser.get('/')).body).toContain('Signed in as <b><bdi>Ada Lindqvist</bdi></b>')

    const out = await browser.send('/amazon_auth/logout', { method: 'POST' })
    expect(out).toMatchObject({ status: 303, location: '/' })
    const { body } = await browser.get('/')
    expect(body).toContain('Not signed in')
    const [, path = ''] = /href="([^"]+)" data-testid="operators"/.exec(body) ?? []
    const pages = await browser.get(new URL(path, server.origin).pathname, { accept: 'text/html' })
    expect(pages).toMatchObject({ status: 302, location: '/admin/sign-in' })
  })

  test.each([{ para_admin_enabled: 'false' }, { para_admin_origin: 'https://ops.example.com' }])(
    'the first page does not name pages for operators that are not there: %j',
    async (environment) => {
      const { body } = await browserAt(await place.listen(SERVE, environment)).get('/')
      expect(body).toContain('Not signed in')
      expect(body).not.toContain('/admin')
      expect(body).not.toContain('Pages for operators')
    },
  )

  test('a child app of the configuration hands its page an ID token', async () => {
    const browser = browserAt(server)
    const begun = await browser.get('/amazon_auth?appid=shop')
    const landed = await browser.get(await emulator.allow(begun.location, PEOPLE[3]?.userId))
    const target = new URL(landed.location)
    expect(target.origin).toBe('https://shop.example')
    expect(decode(target.searchParams.get('jwt') ?? '')).toMatchObject({
      appid: 'app:shop',
      name: 'Dan Lindqvist',
    })
  })

  test('a declined sign-in lands on a page that says so and offers another try', async () => {
    const environment = { para_security_signin_failure: '/signin?cause=?' }
    const browser = browserAt(await place.listen(SERVE, environment))
    const begun = await browser.get('/amazon_auth')
    const denied = await browser.get(await emulator.deny(begun.location))
    const page = await browser.get(denied.location)
    expect(page.status).toBe(200)
    expect(page.body).toMatch(/<p role="alert">You did not allow Amazon/)
    expect(page.body).toContain('href="/amazon_auth?state=para"')
  })

  test.each([
    ['an unknown path', '/nope', 404, 'Not Found'],
    ['an unknown path below /amazon_auth', '/amazon_auth/nope', 404, 'Not Found'],
  ])(
    '%s is answered in JSON that tells nothing of the inside',
    async (_case, path, code, message) => {
      const answer = await browserAt(server).get(path, { accept: '*/*' })
      expect(answer.status).toBe(code)
      expect(JSON.parse(answer.body)).toEqual({ code, message })
      expect(answer.headers['x-powered-by']).toBeUndefined()
    },
  )

  test('a button to sign in stands only where the root app has keys', async () => {
    const button = 'href="amazon_auth"'
    const withKeys = browserAt(server)
    for (const path of ['/', '/signin']) {
      const { body } = await withKeys.get(path, { accept: 'text/html' })
      expect(body).toContain(button)
      expect(body).not.toContain('apps create')
    }
    place.write('application.conf', ['para.port = 0', 'para.host = "127.0.0.1"'])
    const without = browserAt(await place.listen(SERVE))
    for (const path of ['/', '/signin']) {
      const answer = await without.get(path, { accept: 'text/html' })
      expect(answer.status).toBe(200)
      expect(answer.body).not.toContain(button)
      expect(answer.body).toContain('open the page of the app that you want to use')
      expect(answer.body).toContain('<code>express-amazon-auth apps create</code>')
      expect(answer.body).toContain('<code>/amazon_auth?state=&lt;app&gt;</code>')
    }
  })

  test('a script that asks for a page of people gets 404 JSON', async () => {
    const answer = await browserAt(server).get('/signin', { accept: 'application/json' })
    expect(JSON.parse(answer.body)).toEqual({ code: 404, message: 'Not Found' })
  })

  test('a plain request id is taken over, any other replaced', async () => {
    const browser = browserAt(server)
    const plain = await browser.get('/', { 'x-request-id': 'trace-0001' })
    expect(plain.headers['x-request-id']).toBe('trace-0001')
    const odd = await browser.get('/', { 'x-request-id': '"},{"level":"fatal' })
    expect(odd.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/)
  })
})

describe('what it logs', () => {
  test('every line of a login has its request id, and no code, state, token, secret or cookie', async () => {
    const server = await place.listen([...SERVE, '--log-level', 'debug'])
    const browser = browserAt(server)
    const begun = await browser.get('/amazon_auth', { 'x-request-id': 'login-begin' })
    const back = new URL(await emulator.allow(begun.location))
    await browser.get(back.href, { 'x-request-id': 'login-return' })
    await server.said(/"requestId":"login-return".*"status":302/)
    expect(server.stdout).toMatch(/"requestId":"login-return".*"msg":"login steps"/)

    const [, secretKey = ''] = await server.said(/secret key {2}(\S+)/)
    const log = server.stdout.split('\n').filter((line) => line.startsWith('{'))
    const cookies = Array.from(browser.cookies.values())
    const { code, state } = Object.fromEntries(back.searchParams)
    expect(cookies.length).toBeGreaterThan(0)
    for (const secret of [code, state, CLIENT.clientSecret, secretKey, 'Atza|', ...cookies]) {
      expect(secret).toMatch(/.{5}/)
      expect(log.join('\n')).not.toContain(secret)
    }
  })

  test('a sign-in is one line: its request, and what came of it', async () => {
    const server = await place.listen(SERVE)
    const browser = browserAt(server)
    const begun = await browser.get('/amazon_auth', { 'x-request-id': 'login-begin' })
    const back = await emulator.allow(begun.location)
    await browser.get(back, { 'x-request-id': 'login-return' })
    await server.said(/"requestId":"login-return"/)
    const lines = server.stdout.split('\n').filter((line) => line.includes('"login-return"'))
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        atMs: expect.any(Number),
        app: 'para',
        outcome: 'success',
        reason: 'ok',
        way: 'browser',
        userId: expect.stringMatching(/^\d+$/),
        requestId: 'login-return',
        network: '127.0.0.0/24',
        step: 'start_session',
        tookMs: expect.any(Number),
        amazonMs: expect.any(Number),
        isNew: true,
        method: 'GET',
        path: '/amazon_auth',
        ms: expect.any(Number),
        status: 302,
        msg: 'audit',
      },
    ])
    expect(lines[0]?.match(/"requestId"/g)).toHaveLength(1)
  })

  test('in production without public_url it warns', async () => {
    const server = await place.listen(SERVE, { para_env: 'production' })
    expect(server.stdout).toContain('para.public_url is not set')
  })
})

describe('the root secret', () => {
  test('is shown at the first start and at no other', async () => {
    const first = await place.listen(SERVE)
    expect(first.stdout).toMatch(/access key {2}app:para\n {2}secret key {2}[\w-]{43}\n/)
    first.child.kill('SIGTERM')
    expect(await first.exit()).toBe(0)
    const second = await place.listen(SERVE)
    expect(second.stdout).not.toContain('secret key')
  })

  test('is not shown when the configuration has it', async () => {
    const secret = 'kept-by-the-operator-0123456789-abcdef'
    const server = await place.listen(SERVE, { para_root_secret_key: secret })
    expect(server.stdout).not.toContain('secret key')
    expect(server.stdout).not.toContain(secret)
  })
})

describe('a start that cannot be', () => {
  async function failure(running: Running): Promise<string> {
    expect(await running.exit()).toBe(1)
    expect(running.stderr).not.toMatch(/^\s+at /m)
    expect(running.stdout).not.toContain('listening')
    return running.stderr
  }

  test('a bad value exits 1 and names key, file and line', async () => {
    place.write('bad.conf', ['para.app_name = "para"', 'para.port = "many"'])
    const error = await failure(place.start(['serve', '--config', 'bad.conf']))
    expect(error).toContain('para.port (bad.conf:2) must be a whole number from 0 to 65535')
  })

  test('a missing file exits 1 and names it', async () => {
    const error = await failure(place.start(['serve', '--config', 'gone.conf']))
    expect(error).toBe('gone.conf: cannot be read (there is no such file)\n')
  })

  test('a port in use exits 1 and names it', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const failed = place.start(SERVE, { para_port: String(port) })
    const error = await failure(failed)
    other.close()
    expect(error).toBe(`http://127.0.0.1:${port} is in use by another program.\n`)
    expect(failed.stdout).not.toContain('secret key')
    // Its keys are shown by the start that can use them.
    const started = await place.listen(SERVE)
    expect(started.stdout).toMatch(
      /Keys of the root app, shown only now[^]*secret key {2}[\w-]{43}\n/,
    )
  })

  test('a store that cannot be opened exits 1, though it listens before it opens the store', async () => {
    const error = await failure(place.start(SERVE, { para_store_url: 'sqlite:/sys/no.db' }))
    expect(error).toContain('/sys/no.db cannot be opened')
  })

  test('the emulator without --allow-emulator exits 1 and names the flag', async () => {
    const error = await failure(place.start(['serve']))
    expect(error).toContain(`${emulator.origin} is the emulator of Amazon`)
    expect(error).toContain('--allow-emulator')
  })
})

test('an Amazon on this machine that is not the emulator needs no flag', async () => {
  const stub = createServer((_req, res) => void res.writeHead(404).end('{}')).listen(0, '127.0.0.1')
  await once(stub, 'listening')
  const url = `http://127.0.0.1:${(stub.address() as AddressInfo).port}`
  const addresses = { para_amazon_api_url: url, para_amazon_authorize_url: `${url}/ap/oa` }
  const server = await place.listen(['serve'], addresses)
  stub.close()
  expect((await browserAt(server).get('/')).status).toBe(200)
})

describe('SIGTERM', () => {
  test('lets a login under way finish, refuses new connections and exits 0', async () => {
    const server = await place.listen(SERVE)
    const browser = browserAt(server)
    const begun = await browser.get('/amazon_auth')
    const back = await emulator.allow(begun.location)
    emulator.faults.set({ endpoint: 'token', fault: { name: 'latency', ms: 1500 } })
    const underWay = browser.get(back)
    await untilAsked('/auth/o2/token')

    server.child.kill('SIGTERM')
    await server.said(/SIGTERM received/)
    await expect(browserAt(server).get('/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    const landed = await underWay
    expect(landed).toMatchObject({ status: 302, location: '/' })
    expect(landed.setCookies.join('\n')).toContain('amazon-auth=')
    expect(await server.exit()).toBe(0)
  })

  test('with shutdown.delay readiness is 503 first, while everything else goes on', async () => {
    const server = await place.listen(SERVE, { para_shutdown_delay: '2s' })
    const browser = browserAt(server)
    expect((await browser.get('/v1/_ready')).status).toBe(200)
    server.child.kill('SIGTERM')
    await server.said(/no longer ready/)
    expect(await browser.get('/v1/_ready')).toMatchObject({
      status: 503,
      body: '{"code":503,"message":"The server is stopping."}',
    })
    for (const probe of ['/v1/_live', '/v1/_health']) {
      expect((await browser.get(probe)).status).toBe(200)
    }
    const begun = await browser.get('/amazon_auth')
    const landed = await browser.get(await emulator.allow(begun.location))
    expect(landed).toMatchObject({ status: 302, location: '/' })
    expect(await server.exit()).toBe(0)
    expect(server.stdout).not.toContain('"level":"error"')
  })

  test('a second signal exits 1 at once', async () => {
    const server = await place.listen(SERVE)
    const browser = browserAt(server)
    const begun = await browser.get('/amazon_auth')
    const back = await emulator.allow(begun.location)
    emulator.faults.set({ endpoint: 'token', fault: { name: 'hang' } })
    const cutOff = expect(browser.get(back)).rejects.toThrow(/hang up|ECONNRESET/)
    await untilAsked('/auth/o2/token')
    server.child.kill('SIGINT')
    await server.said(/SIGINT received/)
    server.child.kill('SIGINT')
    expect(await server.exit()).toBe(1)
    await cutOff
  })

  async function untilAsked(path: string): Promise<void> {
    while (emulator.journal.entries({ path }).length === 0) {
      await new Promise((again) => setTimeout(again, 10))
    }
  }
})
