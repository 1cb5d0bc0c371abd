import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, IncomingMessage } from 'node:http'
import { Socket, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { sign } from 'aws4'

import {
  createAuthHandler,
  type AuthHandler,
  type AuthHandlerOptions,
} from '../../src/auth-handler'
import { startEmulator, type Emulator } from '../../src/emulator'
import { Browser } from '../support/browser'
import { postEndless } from '../support/endless-post'
import { StoreFile } from '../support/store-file'

const SHOP = { azAppId: 'client.shop', azSecret: 'secret.shop' }
const ORIGIN = 'http://localhost:3000'
const ROOT_SECRET = 'a root secret of the tests, of 32 characters or more'

let emulator: Emulator
const open: AuthHandler[] = []
const lines: string[] = []

beforeAll(async () => {
  emulator = await startEmulator({
    clients: [
      {
        clientId: SHOP.azAppId,
        clientSecret: SHOP.azSecret,
        allowedReturnUrls: [],
        allowAnyReturnUrl: true,
      },
    ],
  })
})
afterAll(async () => {
  await Promise.all(open.map((auth) => auth.close()))
  await emulator.close()
})

function start(options: AuthHandlerOptions = {}): AuthHandler {
  const write = (_facts: object, message: string) => void lines.push(message)
  const auth = createAuthHandler({
    store: { url: 'sqlite::memory:' },
    apps: { shop: SHOP },
    rootSecretKey: ROOT_SECRET,
    logger: { debug: () => undefined, info: () => undefined, warn: write, error: write },
    ...options,
    amazon: { authorizeUrl: emulator.authorizeUrl, apiUrl: emulator.apiUrl },
  })
  open.push(auth)
  return auth
}

/** A browser that asks by `Request`s. */
class FetchBrowser {
  readonly cookies = new Map<string, string>()
  constructor(readonly auth: Pick<AuthHandler, 'fetch'>) {}

  async ask(path: string, init: RequestInit = {}, address = '192.0.2.1') {
    const cookie = Array.from(this.cookies, (pair) => pair.join('=')).join('; ')
    const headers = new Headers({ accept: 'text/html', ...(cookie && { cookie }) })
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value)
    const request = new Request(new URL(path, ORIGIN), { ...init, headers })
    const found = await this.auth.fetch(request, { address })
    if (found instanceof Response) this.keep(found.headers)
    return found
  }

  /** An answer is expected. */
  async answer(path: string, init?: RequestInit, address?: string): Promise<Response> {
    const found = await this.ask(path, init, address)
    if (found instanceof Response) return found
    throw new Error(`${path} was not answered`)
  }

  async visitor(path = '/') {
    const found = await this.ask(path)
    if (found instanceof Response) throw new Error(`${path} was answered: ${found.status}`)
    return found
  }

  async signIn(begin = '/amazon_auth?state=shop'): Promise<Response> {
    const begun = await this.answer(begin)
    return this.answer(await emulator.allow(begun.headers.get('location') ?? ''))
  }

  keep(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1)
      const name = pair.slice(0, pair.indexOf('='))
      const value = pair.slice(name.length + 1)
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
  }
}

describe('fetch', () => {
  test('signs in and out, each time with all of its cookies', async () => {
    const auth = start()
    const told: unknown[] = []
    auth.on('login', ({ user }) => void told.push(user.name))
    const browser = new FetchBrowser(auth)
    expect((await browser.visitor()).isAuthenticated()).toBe(false)
    const landed = await browser.signIn()
    expect(landed.status).toBe(302)
    expect(landed.headers.getSetCookie()).toHaveLength(2)
    const visitor = await browser.visitor()
    expect(visitor.user).toMatchObject({ appid: 'shop', name: 'Ada Lindqvist' })
    expect(visitor.app).toMatchObject({ id: 'app:shop' })
    expect(told).toEqual(['Ada Lindqvist'])
    await expect(visitor.accessToken()).rejects.toMatchObject({ code: 'amazon_token_missing' })
    const other = await visitor.signOut({ app: 'another' })
    expect(other.getSetCookie().join()).not.toContain('amazon-auth=')
    const headers = await visitor.signOut()
    expect(headers.getSetCookie().length).toBeGreaterThan(1)
    browser.keep(headers)
    expect(browser.cookies.size).toBe(0)
  })

  test('a guard answers who is not signed in, by page, script and token', async () => {
    const auth = start()
    const guard = auth.requireUser({ app: 'shop', signIn: true })
    const browser = new FetchBrowser(guard)
    const page = await browser.answer('/orders?year=2026')
    expect([page.status, page.headers.get('location')]).toEqual([
      302,
      '/amazon_auth?state=shop&returnto=%2Forders%3Fyear%3D2026',
    ])
    const bearer = await browser.answer('/orders', { headers: { authorization: 'Bearer x.y.z' } })
    expect([bearer.status, bearer.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="invalid_token"',
    ])
    const token = emulator.issueAccessToken({ clientId: SHOP.azAppId })
    const issued = await new FetchBrowser(auth).answer('/jwt_auth', {
      method: 'POST',
      body: JSON.stringify({ provider: 'amazon', appid: 'shop', token }),
    })
    const { jwt } = (await issued.json()) as { jwt: { access_token: string } }
    const authorization = `Bearer ${jwt.access_token}`
    const found = await browser.ask('/orders', { headers: { authorization } })
    if (found instanceof Response) throw new Error(`refused: ${found.status}`)
    expect(found.user?.name).toBe('Ada Lindqvist')
    await found.signOut({ everywhere: true })
    expect((await browser.answer('/orders', { headers: { authorization } })).status).toBe(401)
  })

  test('leaves the body of a request to the host, and reads the bytes of its own', async () => {
    const auth = start()
    const own = new Request(`${ORIGIN}/orders`, { method: 'POST', body: '{"basket":1}' })
    expect(await auth.fetch(own, { address: '192.0.2.1' })).not.toBeInstanceOf(Response)
    expect([own.bodyUsed, await own.json()]).toEqual([false, { basket: 1 }])

    // A signature covers the very bytes, however they are sent.
    const body = '{ "value":  "Ünïcode" }'
    const path = '/v1/_settings/signin_success'
    const { headers = {} } = sign(
      { host: 'localhost:3000', path, method: 'PUT', body, service: 'para', region: 'us-east-1' },
      { accessKeyId: 'app:para', secretAccessKey: ROOT_SECRET },
    )
    const chunks = new ReadableStream({
      async start(controller) {
        for (const byte of Buffer.from(body)) {
          controller.enqueue(Uint8Array.of(byte))
          await Promise.resolve()
        }
        controller.close()
      },
    })
    const init = { method: 'PUT', body: chunks, duplex: 'half', headers: headers as never }
    const browser = new FetchBrowser(auth)
    const put = await browser.answer(path, init)
    expect([put.status, await put.text()]).toEqual([400, expect.stringContaining('signin_success')])
    const tampered = {
      method: 'PUT',
      body: body.replace('value', 'Value'),
      headers: headers as never,
    }
    expect((await browser.answer(path, tampered)).status).toBe(403)
  })

  test('a body that was read before says what to do', async () => {
    const auth = start()
    const request = new Request(`${ORIGIN}/jwt_auth`, { method: 'POST', body: '{}' })
    await request.text()
    await expect(auth.fetch(request, { address: '192.0.2.1' })).rejects.toThrow(
      'the body of this request has been read already',
    )
  })

  describe.each(['/jwt_auth', '/amazon_auth'])('of a body for %s', (path) => {
    const type =
      path === '/jwt_auth' ? 'application/json' : 'application/x-www-form-urlencoded; charset=utf-8'
    const post = (auth: AuthHandler, body: ReadableStream<Uint8Array>) => {
      const init = { method: 'POST', headers: { 'content-type': type }, body, duplex: 'half' }
      return auth.fetch(new Request(new URL(path, ORIGIN), init), { address: '192.0.2.1' })
    }

    test('without an end answers 413, and leaves the rest unread and open', async () => {
      let pulls = 0
      let isCancelled = false
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          pulls += 1
          controller.enqueue(new Uint8Array(65_536))
        },
        cancel: () => void (isCancelled = true),
      })
      const answer = (await post(start(), body)) as Response
      expect(await answer.json()).toEqual({ code: 413, message: 'The body is too large.' })
      await new Promise((resolve) => setTimeout(resolve, 20))
      const pullsBefore = pulls
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect([pulls, isCancelled]).toEqual([pullsBefore, false])
      expect(pulls).toBeLessThan(100)
    })

    test('that does not go on answers 408 after 30 seconds', async () => {
      const auth = start()
      await auth.ready()
      jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'Date', 'performance'] })
      try {
        let hasBegun: () => void
        const begun = new Promise<void>((resolve) => (hasBegun = resolve))
        const stuck = new ReadableStream<Uint8Array>(
          {
            pull() {
              hasBegun()
              return new Promise<void>(() => undefined)
            },
          },
          { highWaterMark: 0 },
        )
        const answering = post(auth, stuck)
        await begun
        let isAnswered = false
        void answering.then(() => (isAnswered = true))
        await jest.advanceTimersByTimeAsync(29_000)
        expect(isAnswered).toBe(false)
        await jest.advanceTimersByTimeAsync(1_000)
        const answer = (await answering) as Response
        expect(await answer.json()).toEqual({
          code: 408,
          message: 'The body did not come in time.',
        })
      } finally {
        jest.useRealTimers()
      }
    })

    test.each(['gone', undefined, null, 0])(
      'that breaks off with %p rejects with an error',
      async (reason) => {
        const body = new ReadableStream<Uint8Array>({
          pull: (controller) => controller.error(reason),
        })
        await expect(post(start(), body)).rejects.toMatchObject({
          message: 'the body of the request broke off',
          cause: reason,
        })
      },
    )
  })

  test('an address that is no text is refused by name; null is none', async () => {
    const auth = start()
    const ask = (from: unknown) => auth.fetch(new Request(ORIGIN), from as { address: string })
    await expect(ask({ address: {} })).rejects.toThrow(
      new TypeError('fetch: "address" must be a text such as "192.0.2.1".'),
    )
    for (const from of [null, undefined, {}, { address: null }]) {
      expect(await ask(from)).not.toBeInstanceOf(Response)
    }
  })

  test('HEAD burns no code and has no body; 204, 304 and what has no body have none', async () => {
    const browser = new FetchBrowser(start())
    const head = await browser.answer('/amazon_auth?code=x&state=shop', { method: 'HEAD' })
    expect([head.status, head.headers.get('allow'), await head.text()]).toEqual([
      405,
      'GET, POST',
      '',
    ])
    const out = await browser.answer('/amazon_auth/logout', {
      method: 'POST',
      headers: { accept: 'application/json', origin: ORIGIN },
    })
    expect([out.status, out.body]).toEqual([204, null])
    for (const name of ['connection', 'keep-alive', 'transfer-encoding'])
      expect(out.headers.has(name)).toBe(false)
  })

  test('the address of a visitor is what the host says; headers count from named proxies alone', async () => {
    const fail = async (browser: FetchBrowser, forwarded: string, address: string) =>
      (
        await browser.answer(
          '/amazon_auth?code=bad&state=shop',
          { headers: { accept: 'application/json', 'x-forwarded-for': forwarded } },
          address,
        )
      ).status
    const limits = { failuresPerMinute: 3 }
    const direct = new FetchBrowser(start({ limits }))
    const tries = ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4', '5.5.5.5']
    const statuses: number[] = []
    for (const claimed of tries) statuses.push(await fail(direct, claimed, '192.0.2.1'))
    expect(statuses.at(-1)).toBe(429)
    expect(await fail(direct, '1.1.1.1', '192.0.2.2')).not.toBe(429)

    const behind = new FetchBrowser(start({ limits, trustProxy: ['192.0.2.1'] }))
    for (let tried = 0; tried < 5; tried += 1) await fail(behind, '1.1.1.1', '192.0.2.1')
    expect(await fail(behind, '1.1.1.1', '192.0.2.1')).toBe(429)
    expect(await fail(behind, '2.2.2.2', '192.0.2.1')).not.toBe(429)

    lines.length = 0
    const silent = start()
    await silent.fetch(new Request(ORIGIN))
    await silent.fetch(new Request(ORIGIN))
    await silent.ready()
    expect(lines.filter((line) => line.includes('was not told the address'))).toHaveLength(1)
  })

  test('https of the URL makes cookies secure, without a header that says so', async () => {
    const auth = start()
    const begun = (url: string, headers = {}) =>
      auth.fetch(new Request(url, { headers }), { address: '192.0.2.1' }) as Promise<Response>
    const secure = await begun('https://shop.example.com/amazon_auth?state=shop')
    expect(secure.headers.getSetCookie().join()).toMatch(/^__Host-.*; Secure/i)
    const redirectUri = (answer: Response) =>
      new URL(answer.headers.get('location') ?? '').searchParams.get('redirect_uri')
    expect(redirectUri(secure)).toBe('https://shop.example.com/amazon_auth')
    const claimed = await begun(`${ORIGIN}/amazon_auth?state=shop`, {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
    })
    expect(claimed.headers.getSetCookie().join()).not.toMatch(/; Secure/i)
    expect(redirectUri(claimed)).toBe(`${ORIGIN}/amazon_auth`)
  })

  test('a base path holds for all paths, from the first request on', async () => {
    const auth = start({ basePath: '/prod' })
    const page = await new FetchBrowser(auth.requireUser({ app: 'shop', signIn: true })).answer(
      '/prod/orders',
    )
    expect(page.headers.get('location')).toMatch(/^\/prod\/amazon_auth\?/)
    const browser = new FetchBrowser(auth)
    await browser.signIn('/prod/amazon_auth?state=shop')
    expect((await browser.visitor('/anywhere')).user?.name).toBe('Ada Lindqvist')
    expect((await browser.visitor('/amazon_auth')).isAuthenticated()).toBe(true)
    const { results } = await auth.doctor({ offline: true })
    expect(results.length).toBeGreaterThan(5)
  })

  test('an aborted request ends, and hooks see a request of node:http', async () => {
    const seen: unknown[] = []
    const gone = new AbortController()
    const auth = start({
      hooks: {
        resolveApp(req) {
          seen.push(req instanceof IncomingMessage, req.headers['x-shop'])
          gone.abort()
          return new Promise(() => undefined)
        },
      },
    })
    const init = { headers: { 'x-shop': '1' }, signal: gone.signal }
    const request = new Request(`${ORIGIN}/amazon_auth`, init)
    await expect(auth.fetch(request, { address: '192.0.2.1' })).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(seen).toEqual([true, '1'])
  })
})

test('a stream of events begins at once, and ends with whoever reads it', async () => {
  const auth = start({ admin: { enabled: true } })
  const browser = new FetchBrowser(auth)
  const signedIn = await browser.answer('/admin/sign-in', {
    method: 'POST',
    body: new URLSearchParams({ access_key: 'app:para', secret_key: ROOT_SECRET }),
    headers: { origin: ORIGIN },
  })
  expect(signedIn.status).toBe(303)
  const follow = (signal?: AbortSignal) =>
    browser.answer('/admin/sign-ins/live', {
      headers: { accept: 'text/event-stream' },
      ...(signal && { signal }),
    })
  const gone = new AbortController()
  const reader = (await follow(gone.signal)).body?.getReader()
  const read = async () => Buffer.from((await reader?.read())?.value ?? []).toString()
  expect(await read()).toBe('retry: 3000\n\n')
  await browser.answer('/amazon_auth?code=&state=shop')
  expect(await read()).toMatch(/^id: /)
  gone.abort()
  await expect(read()).rejects.toMatchObject({ name: 'AbortError' })
  // Forty may be open at a time: those that are given up take no place.
  for (let round = 0; round < 50; round += 1) {
    const answer = await follow()
    expect(answer.status).toBe(200)
    await answer.body?.cancel()
  }
})

describe('flush', () => {
  test('has each sign-in written that was answered, good or bad', async () => {
    const store = new StoreFile()
    const auth = start({ store: { url: store.url } })
    const count = () => store.rows('SELECT 1 FROM audit').length
    for (let round = 1; round <= 10; round += 1) {
      await new FetchBrowser(auth).signIn()
      await new FetchBrowser(auth).answer('/amazon_auth?code=&state=shop')
      await auth.flush()
      expect(count()).toBe(2 * round)
    }
    await auth.close()
    store.remove()
  })
})

describe('handle', () => {
  test('a body without an end has 413 while it is sent, and the connection is closed', async () => {
    const auth = start()
    const server = createServer((req, res) => void auth.handle(req, res)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await auth.ready()
    for (const kind of ['chunks', 'gigabyte'] as const) {
      for (const [line, type] of [
        ['POST /jwt_auth', 'application/json'],
        ['POST /amazon_auth', 'application/x-www-form-urlencoded'],
      ] as const) {
        const { text, answeredMs } = await postEndless(origin, line, type, kind)
        expect(text).toMatch(/^HTTP\/1\.1 413 [^]*\r\nConnection: close\r\n[^]*"code":413/)
        expect(answeredMs).toBeLessThan(2_000)
      }
    }
    server.closeAllConnections()
    server.close()
  })

  test('answers a body that a parser before has read, and refuses HTTP/2 with advice', async () => {
    const auth = start()
    const server = createServer((req, res) => {
      void (async () => {
        const chunks = (await req.toArray()) as Buffer[]
        Object.assign(req, { body: JSON.parse(Buffer.concat(chunks).toString()) as unknown })
        await auth.handle(req, res)
      })()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwt_auth`
    const token = emulator.issueAccessToken({ clientId: SHOP.azAppId })
    const body = JSON.stringify({ provider: 'amazon', appid: 'shop', token })
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(url, { method: 'POST', body, headers })).status).toBe(200)
    server.closeAllConnections()
    server.close()
    const http2 = Object.assign(new IncomingMessage(new Socket()), { httpVersionMajor: 2 })
    await expect(auth.handle(http2, {} as never)).rejects.toThrow('give fetch() a Request')
  })

  test("answers under Fastify's inject(), with the headers that other plugins have set", async () => {
    const code = `
            import Fastify from 'fastify'
      import { createAuthHandler } from 'express-amazon-auth/handler'
      const auth = createAuthHandler({ store: { url: 'sqlite::memory:' }, apps: { shop: ${JSON.stringify(SHOP)} } })
      const app = Fastify()
      const guard = auth.requireUser({ app: 'shop' })
      app.addHook('onRequest', async (request, reply) => {
        reply.raw.setHeader('access-control-allow-origin', 'https://shop.example.com')
        if ((await guard.handle(request.raw, reply.raw)) === undefined) return reply.hijack()
      })
      app.get('/orders', () => 'orders')
      const { statusCode, body, headers } = await app.inject({ url: '/orders' })
      console.log(JSON.stringify([statusCode, body, headers['access-control-allow-origin']]))
      await app.close()
      await auth.close()`
    const args = ['--input-type=module', '--eval', code]
    const root = join(__dirname, '../..')
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root })
    expect(JSON.parse(stdout)).toEqual([
      401,
      '{"code":401,"message":"Sign in first."}',
      'https://shop.example.com',
    ])
  })

  test('rejects when the configuration cannot be read, and the host has the word', async () => {
    const auth = createAuthHandler({
      config: '/nowhere/application.conf',
      logger: {
        debug: () => undefined,
        info: () => undefined,
        warn: () => undefined,
        error: () => undefined,
      },
    })
    await expect(auth.fetch(new Request(ORIGIN), { address: '192.0.2.1' })).rejects.toMatchObject({
      name: 'ConfigError',
    })
  })
})

test.each([
  [{ basePath: 'auth' }, '"basePath" must be a path such as "/auth"'],
  [{ basePth: '/auth' }, '"basePth" is not known'],
  [{ trustProxy: {} }, 'trustProxy'],
])('options %j are refused by name', (options, message) => {
  expect(() => createAuthHandler(options as unknown as AuthHandlerOptions)).toThrow(message)
})

test('one made by require() serves without a framework of the host', async () => {
  const auth = start()
  const server = createServer((req, res) => {
    void auth.handle(req, res).then((visitor) => {
      if (visitor !== undefined) res.end(visitor.user?.name ?? 'nobody')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const browser = new Browser(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const begun = await browser.get('/amazon_auth?state=shop')
  await browser.get(await emulator.allow(begun.location))
  expect((await browser.get('/')).body).toBe('Ada Lindqvist')
  expect((await browser.get('/')).headers['x-powered-by']).toBeUndefined()
  server.closeAllConnections()
  server.close()
})
