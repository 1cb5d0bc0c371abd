import express4 from 'express4'
import express, { type Express } from 'express'
import session from 'express-session'

import { amazonAuth, type DoctorReport, type DoctorResult } from '../../src'
import { startHost, type Host, type HostOptions } from '../support/host'
import { callAt, superToken } from '../support/api'

const ROOT_SECRET = 'the-root-secret-of-the-tests-0123456789'
const ROOT = superToken({ accessKey: 'app:para', secretKey: ROOT_SECRET })

let host: Host
afterEach(() => host.close())

function resultsOf({ results }: DoctorReport, check: string): readonly DoctorResult[] {
  return results.filter((result) => result.check === check)
}

const withSession =
  (cookie: session.CookieOptions = {}) =>
  (app: Express): void =>
    void app.use(
      session({ secret: 'x'.repeat(20), resave: false, saveUninitialized: true, cookie }),
    )

async function start(setup: HostOptions = {}): Promise<void> {
  host = await startHost({
    ...setup,
    options: { rootSecretKey: ROOT_SECRET, ...setup.options },
  })
}

/** As the root app sees it by a request through the host. */
async function overHttp(query = '?app=acme&offline=true'): Promise<DoctorReport> {
  const { json, status } = await callAt(host.origin, `GET /v1/_doctor${query}`, { as: ROOT })
  expect(status).toBe(200)
  return json as DoctorReport
}

describe('auth.doctor()', () => {
  test('looks at every app before the first request, and tells options as the place of values', async () => {
    await start({ options: { publicUrl: 'https://shop.example.com' } })
    const report = await host.auth.doctor()
    expect(new Set(report.results.map(({ app }) => app))).toEqual(
      new Set([undefined, 'acme', 'keyless', 'zenith', 'para']),
    )
    const [address] = resultsOf(report, 'return_address')
    expect(address).toMatchObject({
      level: 'warning',
      seen: expect.stringMatching(
        /^https:\/\/shop\.example\.com\/amazon_auth, if amazonAuth\(\) is mounted at the root/,
      ),
      fix: expect.stringMatching(/express: app/),
      origin: 'option publicUrl',
    })
    expect(resultsOf(report, 'client_keys').find(({ app }) => app === 'keyless')).toMatchObject({
      level: 'failure',
    })
    expect(JSON.stringify(report)).not.toContain('acme-secret')
  })

  test('asked before the first request, it hides no app from those who sign in to it', async () => {
    await start()
    await host.auth.doctor({ app: 'acme', offline: true })
    expect((await host.browser().get('/amazon_auth?state=acme')).status).toBe(302)
  })

  test('a store that cannot be opened is what it tells', async () => {
    await start()
    const auth = amazonAuth({
      secretKey: ROOT_SECRET,
      store: { url: 'postgres://nobody@127.0.0.1:9/none' },
      logger: silent(),
    })
    const report = await auth.doctor({ offline: true })
    expect(resultsOf(report, 'store')[0]).toMatchObject({
      level: 'failure',
    })
    await auth.close()
  })

  test('knows the path of the mount once a request has come', async () => {
    await start({ mount: '/auth', options: { publicUrl: 'https://shop.example.com' } })
    await host.browser().get('/auth/v1/_live')
    expect(resultsOf(await host.auth.doctor({ app: 'acme' }), 'return_address')).toMatchObject([
      { seen: 'https://shop.example.com/auth/amazon_auth' },
    ])
  })

  test('pages by limit and lastKey, and rejects for an app that is not there', async () => {
    await start()
    const first = await host.auth.doctor({ limit: 2, offline: true })
    expect(first.lastKey).toBe('keyless')
    const next = await host.auth.doctor({ limit: 2, offline: true, lastKey: 'keyless' })
    expect([...new Set(next.results.map(({ app }) => app))]).toEqual(['para', 'zenith'])
    await expect(host.auth.doctor({ app: 'nobody' })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a configuration that cannot be used is what it tells', async () => {
    await start()
    const broken = amazonAuth({ config: '/nowhere/application.conf', logger: silent() })
    expect(await broken.doctor()).toMatchObject({
      level: 'failure',
      results: [{ check: 'configuration', origin: expect.stringContaining('application.conf') }],
    })
  })

  test.each([
    ['4', () => express4() as unknown as Express],
    ['5', () => express()],
  ])('tells of Express %s that it trusts everybody', async (_, createApp) => {
    let app: Express | undefined
    await start({
      createApp,
      before: (made) => void (app = made).set('trust proxy', true),
    })
    const report = await host.auth.doctor({ express: app, offline: true })
    expect(resultsOf(report, 'trust_proxy')).toMatchObject([
      { level: 'warning', seen: expect.stringMatching(/true/), fix: expect.stringMatching(/1\)/) },
    ])
  })

  test.each([
    ['4', () => express4() as unknown as Express],
    ['5', () => express()],
  ])('tells of Express %s that express-session stands behind it', async (_, createApp) => {
    await start({ createApp, after: withSession() })
    await host.browser().get('/whoami')
    expect(resultsOf(await host.auth.doctor({ offline: true }), 'host_session')[0]).toMatchObject({
      level: 'warning',
      seen: expect.stringMatching(/express-session is mounted behind amazonAuth\(\)/),
      fix: 'Mount express-session before amazonAuth() where both are to be one session.',
    })
  })

  test('tells that express-session stands before it', async () => {
    await start({ before: withSession() })
    await host.browser().get('/whoami')
    expect(resultsOf(await host.auth.doctor({ offline: true }), 'host_session')[0]).toMatchObject({
      level: 'ok',
    })
  })
})

describe.each([
  ['4', express4],
  ['5', express],
])('before a request has come, Express %s tells doctor', (_, expressOf) => {
  const auth = amazonAuth({
    store: { url: 'sqlite::memory:' },
    publicUrl: 'https://shop.example.com',
    apps: { acme: {} },
    logger: silent(),
  })
  beforeAll(() => start())
  afterAll(() => auth.close())

  async function ask(mount: (app: Express) => void) {
    const app = expressOf()
    mount(app)
    const report = await auth.doctor({ app: 'acme', express: app, offline: true })
    const [address] = resultsOf(report, 'return_address')
    const [mounted] = resultsOf(report, 'mount')
    return { address, mounted }
  }

  const inRouter = (app: Express): void => {
    const router = expressOf.Router()
    router.use('/in', auth)
    app.use('/api.v1', router)
  }
  test.each<[string, (app: Express) => void, string]>([
    ['at the root', (app) => void app.use(auth), ''],
    ['under a path', (app) => void app.use('/auth', auth), '/auth'],
    ['under a path with a slash at its end', (app) => void app.use('/sign-in/', auth), '/sign-in'],
    ['in a router', inRouter, '/api.v1/in'],
    [
      'before the page for 404',
      (app) => void app.use('/auth', auth).use((_req, res) => void res.sendStatus(404)),
      '/auth',
    ],
    [
      'behind a handler of another path',
      (app) => void app.use('/other', (_req, res) => void res.sendStatus(404)).use('/auth', auth),
      '/auth',
    ],
  ])('what it is mounted under: %s', async (_where, mount, path) => {
    const { address, mounted } = await ask(mount)
    expect(address).toMatchObject({
      level: 'ok',
      seen: `https://shop.example.com${path}/amazon_auth`,
      fix: expect.stringMatching(/as it stands/),
    })
    expect(mounted).toMatchObject({ level: 'ok', seen: expect.stringContaining(path || '/') })
  })

  test('that a path which is a pattern is known by a request alone', async () => {
    const { address, mounted } = await ask((app) => void app.use('/:tenant', auth))
    expect(address).toMatchObject({ level: 'warning', seen: expect.stringMatching(/not known/) })
    expect(mounted).toMatchObject({ level: 'ok', seen: expect.stringMatching(/only a request/) })
  })

  test('that it is not mounted', async () => {
    const { address, mounted } = await ask((app) => void app.get('/', (_req, res) => res.end()))
    expect(mounted).toMatchObject({
      level: 'warning',
      seen: expect.stringMatching(/not among what is mounted/),
      fix: expect.stringMatching(/app\.use\(auth\)/),
    })
    expect(address?.level).toBe('warning')
  })

  test.each<[string, (app: Express) => void]>([
    ['a page for 404', (app) => void app.use((_req, res) => void res.sendStatus(404))],
    ['a route for all', (app) => void app.get(/.*/, (_req, res) => void res.end())],
  ])('that it is mounted behind %s', async (_what, before) => {
    const { mounted } = await ask((app) => {
      before(app)
      app.use('/auth', auth)
    })
    expect(mounted).toMatchObject({
      level: 'failure',
      seen: expect.stringMatching(/answers every request/),
      fix: expect.stringMatching(/before that one/),
    })
  })
})

describe('GET /v1/_doctor of a host', () => {
  test.each<[string, session.CookieOptions, RegExp, RegExp]>([
    [
      'SameSite=Strict',
      { sameSite: 'strict' },
      /sameSite 'strict'/,
      /Set cookie\.sameSite to 'lax'/,
    ],
    [
      'SameSite=None without Secure',
      { sameSite: 'none' },
      /without secure/,
      /'lax', or cookie\.secure/,
    ],
    ['Secure over http', { secure: true }, /set to secure/, /trust proxy/],
    ['another domain', { domain: 'example.org' }, /domain/, /Leave cookie\.domain out/],
  ])('tells of a session cookie of the host with %s', async (_, cookie, seen, fix) => {
    await start({ before: withSession(cookie) })
    const [result] = resultsOf(await overHttp(), 'host_session')
    expect(result).toMatchObject({
      level: 'warning',
      app: 'acme',
      seen: expect.stringMatching(seen),
    })
    expect(`${String(result?.seen)}. ${String(result?.fix)}`).toMatch(fix)
  })

  test('tells of a req.session that cannot keep a sign-in', async () => {
    await start({
      before: (app) =>
        void app.use((req, _res, next) => {
          Object.assign(req, { session: {} })
          next()
        }),
    })
    expect(resultsOf(await overHttp(), 'host_session')[0]).toMatchObject({
      level: 'warning',
      seen: expect.stringMatching(/cannot keep a sign-in/),
    })
  })

  test('begins logins where it says: its return address is the redirect_uri of a login', async () => {
    await start({ mount: '/auth' })
    const { json } = await callAt(host.origin, 'GET /auth/v1/_doctor?app=acme', { as: ROOT })
    const [address] = resultsOf(json as DoctorReport, 'return_address')
    const begun = await host.browser().get('/auth/amazon_auth?state=acme')
    const redirectUri = new URL(begun.location).searchParams.get('redirect_uri')
    expect(address?.seen.split(' ')[0]).toBe(redirectUri)
  })
})

function silent() {
  const nothing = (): void => undefined
  return { debug: nothing, info: nothing, warn: nothing, error: nothing }
}
