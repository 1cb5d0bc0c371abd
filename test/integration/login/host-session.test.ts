import cookieSession from 'cookie-session'
import type { Express, RequestHandler } from 'express'
import expressSession, { type CookieOptions } from 'express-session'

import type { AmazonAuthOptions } from '../../../src'
import type { Browser } from '../../support/browser'
import { ACME, startHost, ZENITH, type Host } from '../../support/host'
import { until } from '../../support/until'

const apps = {
  acme: { azAppId: ACME.clientId, azSecret: ACME.clientSecret },
  zenith: { azAppId: ZENITH.clientId, azSecret: ZENITH.clientSecret },
}
let hosts: Host[] = []
afterEach(async () => {
  await Promise.all(hosts.map((host) => host.close()))
  hosts = []
})
async function startBehind(
  before: readonly RequestHandler[],
  options: AmazonAuthOptions = {},
  prepare: (app: Express) => unknown = () => undefined,
): Promise<Host> {
  const host = await startHost({
    options: { apps, ...options },
    before(app) {
      prepare(app)
      before.forEach((handler) => app.use(handler))
    },
    after: (app) =>
      app.get('/visits', (req, res) => {
        const session = req.session as unknown as { visits?: number }
        session.visits = (session.visits ?? 0) + 1
        res.json(session.visits)
      }),
  })
  hosts.push(host)
  return host
}
const warningsOf = (host: Host): string[] =>
  host.log.filter(({ level }) => level === 'warn').map(({ message }) => message)
const aboutSession = (host: Host): string[] =>
  warningsOf(host).filter((message) => /req\.session|host's session/.test(message))

/** Puts something in the place of the host's session on each request. */
const setSession =
  (make: () => unknown): RequestHandler =>
  (req, _res, next) => {
    ;(req as { session: unknown }).session = make()
    next()
  }
/** Of a return URL: the test's server has no other name, and no TLS. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}
const calledBack = (done?: unknown): void => {
  if (typeof done === 'function') done()
}

describe('signing in and out is answered, and works, beside', () => {
  const noMethods = (): object => ({ visits: 0 })
  const ironSession = (): object => ({ save: () => Promise.resolve(), destroy: () => undefined })
  test.each<[string, RequestHandler, string | undefined]>([
    ['cookie-session', cookieSession({ keys: ['a key'] }), 'regenerate()'],
    ['a bare object', setSession(noMethods), 'regenerate()'],
    ['null', setSession(() => null), undefined],
    ['a text', setSession(() => 'session'), undefined],
    ['a frozen object', setSession(() => Object.freeze({})), 'regenerate()'],
    [
      'a frozen one with all methods',
      setSession(() =>
        Object.freeze({ regenerate: calledBack, save: calledBack, destroy: calledBack }),
      ),
      'frozen',
    ],
    ['one that saves by promise', setSession(ironSession), 'regenerate()'],
    ['one that has only regenerate', setSession(() => ({ regenerate: calledBack })), 'save()'],
    [
      'one without destroy',
      setSession(() => ({ regenerate: calledBack, save: calledBack })),
      'destroy()',
    ],
    [
      'one without save',
      setSession(() => ({ regenerate: calledBack, destroy: calledBack })),
      'save()',
    ],
    ['one without a prototype', setSession(() => Object.create(null)), 'regenerate()'],
  ])('%s', async (_which, session, reason) => {
    const host = await startBehind([session])
    const browser = host.browser()
    for (let round = 0; round < 2; round += 1) {
      const answer = await host.signIn(browser, '/amazon_auth?state=acme')
      expect(answer).toMatchObject({ status: 302, location: '/' })
      expect((await browser.get('/acme')).status).toBe(200)
      const out = await browser.send('/amazon_auth/logout', { method: 'POST' })
      expect(out).toMatchObject({ status: 303, location: '/' })
      expect((await browser.get('/acme')).status).toBe(401)
    }
    const told = aboutSession(host)
    expect(told).toHaveLength(reason === undefined ? 0 : 1)
    if (reason !== undefined) expect(told[0]).toContain(reason)
  })

  test.each([
    ['never call back', () => undefined],
    ['throw', () => fail('broken')],
    ['fail', (done: (error: Error) => void) => done(new Error('broken'))],
    ['reject', () => Promise.reject(new Error('broken'))],
  ])(
    'an express-session of its own whose methods %s: refused, and nobody is signed in',
    async (_how, method) => {
      const broken = { regenerate: method, save: method, destroy: method, cookie: {} }
      const host = await startBehind([setSession(() => ({ ...broken }))])
      const browser = host.browser()
      const answer = await host.signIn(browser, '/amazon_auth?state=acme')
      expect(answer.status).toBe(503)
      expect((await browser.get('/acme')).status).toBe(401)
      const out = await browser.send('/amazon_auth/logout', { method: 'POST' })
      expect(out.status).toBe(303)
    },
  )

  test('one whose methods give promises, where it is the session that keeps the sign-in', async () => {
    const kept: { amazonAuth?: object } = {}
    const byPromise = setSession(() =>
      Object.assign(Object.create({ cookie: {} }), kept, {
        regenerate: () => Promise.resolve(),
        save(this: { amazonAuth?: object }) {
          delete kept.amazonAuth
          if (this.amazonAuth !== undefined) kept.amazonAuth = this.amazonAuth
          return Promise.resolve()
        },
        destroy: () => Promise.resolve(),
      }),
    )
    const host = await startBehind([byPromise])
    const browser = host.browser()
    const answer = await host.signIn(browser, '/amazon_auth?state=acme')
    expect(answer).toMatchObject({ status: 302, location: '/' })
    expect(answer.setCookies.filter((line) => line.startsWith('amazon-auth='))).toEqual([])
    expect((await browser.get('/acme')).status).toBe(200)
    await browser.send('/amazon_auth/logout', { method: 'POST' })
    expect((await browser.get('/acme')).status).toBe(401)
  })
})

function fail(message: string): never {
  throw new Error(message)
}

describe("the host's session", () => {
  const withCookie = (cookie: CookieOptions, saveUninitialized = false): RequestHandler =>
    expressSession({ secret: 'host', name: 'host.sid', resave: false, saveUninitialized, cookie })

  test.each([
    [false, { keep: false }, 1],
    [true, { keep: true }, 3],
  ])('keeps its data over a sign-in: %s, with %j', async (_keeps, session, visits) => {
    const host = await startBehind([withCookie({})], { session })
    const browser = host.browser()
    await browser.get('/visits')
    await browser.get('/visits')
    const before = browser.cookies.get('host.sid')
    await host.signIn(browser, '/amazon_auth?state=acme')
    expect(browser.cookies.get('host.sid')).not.toBe(before)
    expect((await browser.get('/acme')).status).toBe(200)
    expect(JSON.parse((await browser.get('/visits')).body)).toBe(visits)
    // The old id is worth nothing: fixation.
    const planted = host.browser()
    planted.cookies.set('host.sid', before ?? '')
    expect((await planted.get('/acme')).status).toBe(401)
    expect(JSON.parse((await planted.get('/visits')).body)).toBe(1)
  })

  const LOSSES: [string, CookieOptions, RegExp | undefined][] = [
    ['plain', {}, undefined],
    ['lax', { sameSite: 'lax' }, undefined],
    ['secure without trust proxy', { secure: true }, /secure.*trust proxy/],
    ['secure as it comes', { secure: 'auto' }, undefined],
    ['strict', { sameSite: 'strict' }, /sameSite 'strict'.*saveUninitialized.*'lax'/],
    ['strict by true', { sameSite: true }, /sameSite 'strict'/],
    ['none without secure', { sameSite: 'none' }, /sameSite 'none'.*secure/],
    ['of the path of the login', { path: '/amazon_auth' }, /path.*cookie\.path/],
    ['of another domain', { domain: 'example.com' }, /domain.*cookie\.domain/],
  ]
  test.each(LOSSES)('%s: warned of once, naming setting and fix', async (_how, cookie, warning) => {
    const host = await startBehind([withCookie(cookie)])
    for (let login = 0; login < 2; login += 1) {
      await host.signIn(host.browser(), '/amazon_auth?state=acme')
    }
    if (warning === undefined) {
      expect(aboutSession(host)).toEqual([])
      return
    }
    await until(() => aboutSession(host).length > 0)
    expect(aboutSession(host)).toEqual([expect.stringMatching(warning)])
    expect(host.log).toContainEqual(
      expect.objectContaining({ facts: expect.objectContaining({ app: 'acme' }) }),
    )
  })

  test('secure behind a proxy that is trusted and speaks https: no warning, and signed in', async () => {
    const trust = (app: Express): unknown => app.set('trust proxy', 'loopback')
    const host = await startBehind([withCookie({ secure: true })], {}, trust)
    const browser = host.browser()
    const forwarded = { 'x-forwarded-proto': 'https' }
    const begun = await browser.get('/amazon_auth?state=acme', forwarded)
    await browser.get(pathOf(await host.emulator.allow(begun.location)), forwarded)
    expect((await browser.get('/acme', forwarded)).status).toBe(200)
    expect(aboutSession(host)).toEqual([])
  })

  test.each([true, false])('with saveUninitialized %s keeps the sign-in', async (save) => {
    const host = await startBehind([withCookie({}, save)])
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=acme')
    expect((await browser.get('/acme')).status).toBe(200)
    expect(aboutSession(host)).toEqual([])
  })

  test('that is mounted later takes over, and a sign-out ends both', async () => {
    let isMounted = false
    const own = withCookie({})
    const later: RequestHandler = (req, res, next) =>
      isMounted ? void own(req, res, next) : next()
    const host = await startBehind([later])
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=acme')
    isMounted = true
    expect((await browser.get('/acme')).status).toBe(200)
    await host.signIn(browser, '/amazon_auth?state=zenith')
    for (const path of ['/acme', '/zenith']) expect((await browser.get(path)).status).toBe(200)
    expect(browser.cookies.has('amazon-auth')).toBe(false)
    await browser.send('/amazon_auth/logout', { method: 'POST' })
    for (const path of ['/acme', '/zenith']) expect((await browser.get(path)).status).toBe(401)
  })
})

describe('names of cookies', () => {
  const https = { 'x-forwarded-proto': 'https' }
  const trust = (app: Express): unknown => app.set('trust proxy', 'loopback')
  async function signInOver(
    host: Host,
    browser: Browser,
    headers: Record<string, string>,
    app = 'acme',
  ) {
    const begun = await browser.get(`/amazon_auth?state=${app}`, headers)
    return browser.get(pathOf(await host.emulator.allow(begun.location)), headers)
  }

  test('are chosen, with __Host- before them over https', async () => {
    const session = { cookieName: 'team-a', loginCookieName: 'team-a-login' }
    const host = await startBehind([], { session }, trust)
    const names = async (headers: Record<string, string>): Promise<string[]> => {
      const browser = host.browser()
      await signInOver(host, browser, headers)
      expect((await browser.get('/acme', headers)).status).toBe(200)
      return Array.from(browser.cookies.keys(), (name) => name.replace(/\..*/, '')).sort()
    }
    expect(await names({})).toEqual(['team-a', 'team-a-login'])
    expect(await names(https)).toEqual(['__Host-team-a', '__Host-team-a-login'])
  })

  test('that differ let two servers on one host name keep out of each other’s way', async () => {
    const one = await startBehind([], {
      session: { cookieName: 'one', loginCookieName: 'one-login' },
    })
    const two = await startBehind([])
    const browser = one.browser()
    const at = (host: Host, path: string): string => host.origin + path
    await one.signIn(browser, at(one, '/amazon_auth?state=acme'))
    const begun = await browser.get(at(one, '/amazon_auth?state=zenith'))
    await two.signIn(browser, at(two, '/amazon_auth?state=acme'))
    for (const host of [one, two]) expect((await browser.get(at(host, '/acme'))).status).toBe(200)
    await browser.send(at(two, '/amazon_auth/logout'), { method: 'POST' })
    expect((await browser.get(at(two, '/acme'))).status).toBe(401)
    expect((await browser.get(at(one, '/acme'))).status).toBe(200)
    // A login that was under way at the other is not lost either.
    await browser.get(await one.emulator.allow(begun.location))
    expect((await browser.get(at(one, '/zenith'))).status).toBe(200)
  })

  test("follow an app's own public_url, and one of __Host- wins", async () => {
    const secured = { ...apps.acme, publicUrl: 'https://acme.example' }
    const host = await startBehind([], { apps: { ...apps, acme: secured } })
    const browser = host.browser()
    const named = { host: 'acme.example' }
    const answer = await signInOver(host, browser, named)
    const [line] = answer.setCookies.filter((each) => each.includes('amazon-auth='))
    expect(line).toMatch(/^__Host-amazon-auth=.*; Secure/)
    expect((await browser.get('/acme', named)).status).toBe(200)
    await signInOver(host, browser, {}, 'zenith')
    expect(Array.from(browser.cookies.keys())).toEqual(
      expect.arrayContaining(['__Host-amazon-auth', 'amazon-auth']),
    )
    for (const path of ['/acme', '/zenith']) expect((await browser.get(path)).status).toBe(200)
    // What is sent in the clear proves nothing for an app that is reached by https.
    const planted = host.browser()
    planted.cookies.set('amazon-auth', browser.cookies.get('__Host-amazon-auth') ?? '')
    expect((await planted.get('/acme')).status).toBe(401)
    await browser.send('/amazon_auth/logout', { method: 'POST' })
    for (const path of ['/acme', '/zenith']) expect((await browser.get(path)).status).toBe(401)
  })
})
