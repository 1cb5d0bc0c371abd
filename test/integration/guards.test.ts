import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'

import express, { type Express, type RequestHandler } from 'express'
import express4 from 'express4'

import { amazonAuth, requireUser, type RequireUserOptions } from '../../src'
import { ACME, startHost, ZENITH, type Host, type HostOptions } from '../support/host'
import { StoreFile } from '../support/store-file'
import { until } from '../support/until'

const apps = {
  acme: { azAppId: ACME.clientId, azSecret: ACME.clientSecret },
  zenith: { azAppId: ZENITH.clientId, azSecret: ZENITH.clientSecret },
}
let endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.reverse()) await end()
  endings = []
})
async function start({ options, ...setup }: HostOptions = {}): Promise<Host> {
  const host = await startHost({ ...setup, options: { apps, ...options } })
  endings.push(() => host.close())
  return host
}
const nothing = (): void => undefined
const QUIET = { debug: nothing, info: nothing, warn: nothing, error: nothing }
/** Asks for a path byte for byte, as a page; gives the Location. */
async function visit(origin: string, path: string): Promise<string> {
  const asked = request(origin, { path, headers: { accept: 'text/html' } }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.headers.location ?? ''
}
const show: RequestHandler = (req, res) => {
  res.json({ user: req.user?.appid ?? null, known: req.amazonAuth.user?.appid ?? null })
}

describe('a guard is refused when it is made', () => {
  test.each<[unknown, string]>([
    ['shop', 'requireUser({ app: "shop" })'],
    [null, 'must be an object'],
    [['shop'], 'must be an object'],
    [() => 'shop', 'must be an object'],
    [{ apps: 'shop' }, 'Did you mean "app"?'],
    [{ App: 'shop' }, 'Did you mean "app"?'],
    [{ appId: 'shop' }, 'Did you mean "app"?'],
    [{ tokens: 'id' }, 'Did you mean "token"?'],
    [{ role: 'admin' }, 'There are: app, token, signIn'],
    [{ app: undefined }, 'it is undefined'],
    [{ app: null }, 'option "app"'],
    [{ app: '' }, 'option "app"'],
    [{ app: ' ' }, 'option "app"'],
    [{ app: 'app:' }, 'option "app"'],
    [{ app: ['shop'] }, 'option "app"'],
    [{ app: 7 }, 'option "app"'],
    [{ app: 'shop', token: 'super' }, 'option "token"'],
    [{ app: 'shop', token: undefined }, 'option "token"'],
  ])('with %p', (options, hint) => {
    const auth = amazonAuth({ store: { url: 'sqlite::memory:' } })
    for (const guard of [requireUser, auth.requireUser]) {
      const make = (): unknown => guard(options as RequireUserOptions)
      expect(make).toThrow(TypeError)
      expect(make).toThrow(hint)
    }
  })

  test('when it is passed on without being called', async () => {
    const tell: express.ErrorRequestHandler = (error: Error, _req, res, _next) => {
      res.status(500).send(`${error.name}: ${error.message}`)
    }
    const host = await start({
      after(app, { auth }) {
        app.get('/bare', requireUser as unknown as RequestHandler, show)
        app.get('/own', auth.requireUser as unknown as RequestHandler, show)
        app.use(tell)
      },
    })
    for (const path of ['/bare', '/own']) {
      const { status, body } = await host.browser().get(path)
      expect(status).toBe(500)
      expect(body).toMatch(/^TypeError: .*Call it.*requireUser\(\{ app: 'shop' \}\)/)
    }
  })
})

describe('guards outside the path of the middleware', () => {
  function routes(app: Express, { auth }: Pick<Host, 'auth'>): void {
    app.get('/own-guard', auth.requireUser({ app: 'acme' }), show)
    app.get('/before-session', requireUser({ app: 'acme' }), show)
    app.use(auth.session)
    app.get('/open', show)
    app.get('/behind-session', requireUser({ app: 'acme' }), show)
    app.get('/others', requireUser({ app: 'zenith' }), show)
    const errors: express.ErrorRequestHandler = (error: Error, _req, res, _next) => {
      res.status(500).send(error.message)
    }
    app.use(errors)
  }
  test.each([
    ['Express 5', express],
    ['Express 4', express4],
  ])('on %s let in who has signed in below it', async (_name, createApp) => {
    const host = await start({ mount: '/auth', createApp, after: routes })
    const browser = host.browser()
    for (const path of ['/own-guard', '/behind-session', '/others'])
      expect((await browser.get(path)).status).toBe(401)
    expect(JSON.parse((await browser.get('/open')).body)).toEqual({ user: null, known: null })
    await host.signIn(browser, '/auth/amazon_auth?state=acme')
    for (const path of ['/own-guard', '/behind-session', '/open'])
      expect(JSON.parse((await browser.get(path)).body)).toEqual({ user: 'acme', known: 'acme' })
    expect((await browser.get('/others')).status).toBe(401)
    const unguarded = await browser.get('/before-session')
    expect(unguarded.status).toBe(500)
    expect(unguarded.body).toMatch(/auth\.requireUser\(\).*auth\.session/)
  })

  test('of two middlewares in one process know their own users only', async () => {
    const store = new StoreFile()
    const host = await start({
      mount: '/a',
      after(app, { auth: a, emulator }) {
        const b = amazonAuth({
          store: { url: store.url },
          apps,
          amazon: { authorizeUrl: emulator.authorizeUrl, apiUrl: emulator.apiUrl },
          logger: QUIET,
        })
        endings.push(
          () => store.remove(),
          () => b.close(),
        )
        app.use('/b', b)
        app.get('/of-a', a.requireUser({ app: 'acme' }), show)
        app.get('/of-b', b.requireUser({ app: 'acme' }), show)
        app.get('/a-then-b', a.requireUser({ app: 'acme' }), b.session, show)
        app.get('/either', a.session, b.session, requireUser({ app: 'acme' }), show)
      },
    })
    const ofA = host.browser()
    await host.signIn(ofA, '/a/amazon_auth?state=acme')
    const nobody = { user: null, known: null }
    expect((await ofA.get('/of-a')).status).toBe(200)
    expect((await ofA.get('/of-b')).status).toBe(401)
    expect(JSON.parse((await ofA.get('/a-then-b')).body)).toEqual(nobody)
    const ofB = host.browser()
    await host.signIn(ofB, '/b/amazon_auth?state=acme')
    expect((await ofB.get('/of-b')).status).toBe(200)
    expect((await ofB.get('/of-a')).status).toBe(401)
    expect((await ofB.get('/either')).status).toBe(500)
  })
})

test('a guard logs why it cannot tell who asks', async () => {
  const host = await start({ options: { apps, store: { url: 'sqlite:/dev/null/store.db' } } })
  const asked = { authorization: 'Bearer x.y.z' }
  expect((await host.browser().get('/acme', asked)).status).toBe(503)
  const told = host.log.filter(({ message }) => message === 'requireUser could not tell who asks')
  expect(told).toMatchObject([{ level: 'warn', facts: { code: 'store_unavailable' } }])
})

describe('an app that is not there', () => {
  const page = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  const absences = ({ log }: Host): string[] =>
    log.map(({ message }) => message).filter((message) => message.includes('there is no app'))

  test('is told once for each name, to whomever it is that is not let in', async () => {
    const host = await start({
      after(app, { auth }) {
        app.get('/typo', requireUser({ app: 'shopp' }), show)
        app.get('/typo-too', auth.requireUser({ app: 'app:shopp' }), show)
        app.get('/other', requireUser({ app: 'Acme' }), show)
      },
    })
    for (const path of ['/acme', '/typo', '/typo-too', '/typo', '/other'])
      expect((await host.browser().get(path)).status).toBe(401)
    await until(() => absences(host).length === 2)
    expect(absences(host)).toEqual([
      expect.stringMatching(/^requireUser: there is no app "shopp", so nobody gets in\..*misspelt/),
      expect.stringMatching(/"Acme".*capitals count.*apps create Acme/),
    ])
  })

  test('is no 401 less where the store does not answer', async () => {
    const options = { apps, store: { url: 'sqlite:/dev/null/store.db' } }
    const host = await start({
      options,
      after: (app) => app.get('/typo', requireUser({ app: 'shopp' })),
    })
    expect((await host.browser().get('/typo')).status).toBe(401)
    expect(absences(host)).toEqual([])
  })

  test('but is named by requests is told a few times, and printably', async () => {
    const resolveApp = (req: { query: unknown }): string =>
      String((req.query as { app?: string }).app)
    const host = await start({
      options: { apps, hooks: { resolveApp } },
      after: (app) => app.get('/hooked', requireUser({ signIn: true }), show),
    })
    const names = ['x%1b[31m', ...Array.from({ length: 20 }, (_, index) => `tenant-${index}`)]
    for (const name of [...names, ...names])
      expect((await host.browser().get(`/hooked?app=${name}`, page)).status).toBe(401)
    expect(absences(host)).toHaveLength(5)
    expect(absences(host)[0]).toMatch(
      /"x31m", which resolveApp .* names for a request.*No more than 5/,
    )
  })

  test('is told to whoever is signed in elsewhere, as a function names it', async () => {
    const nameApp = jest.fn((_req: unknown) => 'nobody')
    const host = await start({
      after: (app) => app.get('/named', requireUser({ app: nameApp }), show),
    })
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=acme')
    expect((await browser.get('/named')).status).toBe(401)
    await until(() => absences(host).length === 1)
    expect(nameApp).toHaveBeenCalledTimes(1)
  })

  test('cannot be signed in to: a browser gets a page, a script JSON', async () => {
    const host = await start({
      after: (app) => app.get('/typo', requireUser({ app: 'shopp', signIn: true }), show),
    })
    const answer = await host.browser().get('/typo', page)
    expect(answer.status).toBe(401)
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(answer.body).toContain('<p role="alert">Signing in with Amazon is not set up correctly')
    expect(answer.body).not.toContain('shopp')
    expect(absences(host)).toHaveLength(1)
    const script = await host.browser().get('/typo', { accept: 'application/json' })
    expect(JSON.parse(script.body)).toMatchObject({ code: 401 })
  })
})

test('a guard that sends people to a root app without keys says so in its one warning', async () => {
  const host = await start({
    options: { azAppId: '', azSecret: '' },
    after: (app) => app.get('/bare', requireUser({ signIn: true }), show),
  })
  const sent = await host.browser().get('/bare', { accept: 'text/html' })
  expect(sent.location).toBe('/amazon_auth?returnto=%2Fbare')
  await host.browser().get('/bare', { accept: 'text/html' })
  const told = host.log.filter(({ message }) => message.includes('nothing names the app'))
  expect(told).toHaveLength(1)
  expect(told[0]?.message).toMatch(
    /sent to sign in to the root app, which cannot be done .*az_app_id/,
  )
})

test('a guard whose app hands tokens on warns, once for each app, that no session comes of it', async () => {
  const handing = { ...apps.zenith, signinSuccess: '/in?jwt=id' }
  const host = await start({
    options: {
      apps: { acme: apps.acme, zenith: handing, third: { ...handing, signinSuccess: '/?jwt=?' } },
    },
    after(app) {
      for (const id of ['acme', 'zenith', 'third'])
        app.get(`/to-${id}`, requireUser({ app: id, signIn: true }), show)
    },
  })
  const browser = host.browser()
  for (const id of ['acme', 'zenith', 'third', 'zenith', 'third'])
    expect((await browser.get(`/to-${id}`, { accept: 'text/html' })).status).toBe(302)
  await host.signIn(browser, '/amazon_auth?state=zenith')
  expect((await browser.get('/to-zenith', { accept: 'text/html' })).status).not.toBe(200)
  const told = host.log.filter(({ message }) => message.includes('carries a token'))
  expect(told).toMatchObject([{ facts: { app: 'zenith' } }, { facts: { app: 'third' } }])
})

describe('a guard that sends people to sign in', () => {
  const page = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  const signIn = (app: Express, { auth }: Pick<Host, 'auth'>): unknown =>
    app
      .use(auth.session)
      .get('/orders', auth.requireUser({ app: 'acme', signIn: true }), show)
      .post('/orders', auth.requireUser({ app: 'acme', signIn: true }), show)
      .get('/bare', auth.requireUser({ signIn: true }), show)
      .get('/go', (req, _res, next) => {
        req.amazonAuth.signIn({ app: 'app:acme', returnTo: '/orders?page=3' }).catch(next)
      })
      .get('/here', (req, _res, next) => {
        req.amazonAuth.signIn({ app: 'zenith' }).catch(next)
      })
      .get('/nowhere', (req, _res, next) => {
        req.amazonAuth.signIn({ app: 'nobody' }).catch(next)
      })
      .post('/everywhere', auth.requireUser({ app: 'acme' }), (req, res, next) => {
        req.amazonAuth
          .signOut({ app: 'acme', everywhere: true })
          .then(() => res.json([req.user?.appid ?? null, req.amazonAuth.isAuthenticated()]), next)
      })
      .post('/leave', (req, res, next) => {
        req.amazonAuth
          .signOut(req.query as { app?: string })
          .then(() => res.json([req.user?.appid ?? null, req.amazonAuth.isAuthenticated()]), next)
      })

  test.each([undefined, '/auth'])('(mounted at %s) brings them back to the page', async (mount) => {
    const host = await start({ ...(mount !== undefined && { mount }), after: signIn })
    // Where nothing but a first request tells of the mount.
    await host.browser().get(`${mount ?? ''}/v1/_health`)
    const browser = host.browser()
    const sent = await browser.get('/orders?page=2&q=a%20b', page)
    expect(sent).toMatchObject({ status: 302 })
    expect(sent.location).toMatch(new RegExp(`^${mount ?? ''}/amazon_auth\\?state=acme&returnto=`))
    expect(sent.headers['cache-control']).toBe('no-store')
    const back = await host.signIn(browser, sent.location)
    expect(back.location).toBe('/orders?page=2&q=a%20b')
    expect((await browser.get(back.location, page)).status).toBe(200)
  })

  test('answers scripts, forms and tokens with 401 as ever', async () => {
    const host = await start({ after: signIn })
    const asked = [
      { accept: 'application/json' },
      { 'x-requested-with': 'XMLHttpRequest' },
      { ...page, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
      { ...page, authorization: 'Bearer x.y.z' },
    ]
    for (const headers of asked) {
      expect((await host.browser().get('/orders', headers as Record<string, string>)).status).toBe(
        401,
      )
    }
    expect((await host.browser().send('/orders', { form: { a: '1' } })).status).toBe(401)
  })

  test('goes to the public address, with the path that it has', async () => {
    const publicUrl = 'https://shop.example.com/auth'
    const host = await start({ mount: '/auth', options: { publicUrl }, after: signIn })
    const sent = await host.browser().get('/orders', page)
    expect(sent.location).toBe(
      'https://shop.example.com/auth/amazon_auth?state=acme&returnto=%2Forders',
    )
  })

  const CASES: [string, string, string, string | undefined, string[], string][] = [
    ['another case', '5', '/auth', undefined, ['/AUTH/zzz'], '/auth'],
    ['another case, again', '5', '/auth', undefined, ['/auth/x', '/Auth/zzz'], '/auth'],
    [
      'another case, with public_url',
      '5',
      '/Auth',
      'https://shop.example.com/Auth',
      ['/AUTH/zzz'],
      'https://shop.example.com/Auth',
    ],
    ['another host, at a pattern', '5', '/*splat/auth', undefined, ['//evil.example/auth/x'], ''],
    ['another host, on Express 4', '4', '*/auth', undefined, ['//evil.example/auth/x'], ''],
    ['a backslash', '4', '*/auth', undefined, ['/%5Cevil.example/auth/x'], ''],
    ['dots', '5', '/t/:tenant', undefined, ['/t/%2e%2e/x', '/t/../x'], ''],
    ['a later path', '5', '/t/:tenant', undefined, ['/t/a/x', '/t/b/x'], '/t/a'],
  ]
  test.each(CASES)(
    'and that nobody leads elsewhere by %s (Express %s at %s)',
    async (_by, version, mount, publicUrl, visits, expected) => {
      const createApp = version === '4' ? express4 : express
      const options = publicUrl === undefined ? {} : { publicUrl }
      const host = await start({ mount, createApp, options, after: signIn })
      for (const path of visits) await visit(host.origin, path)
      for (const path of ['/orders', '/go']) {
        const { location } = await host.browser().get(path, page)
        expect(location.split('?', 1)).toEqual([`${expected}/amazon_auth`])
      }
    },
  )

  test('goes to its own host from behind a pattern, too', async () => {
    const mount = '/*splat/auth'
    const after = (app: Express, { auth }: Pick<Host, 'auth'>): unknown =>
      app.use(mount, auth.requireUser({ app: 'acme', signIn: true }), show)
    const host = await start({ mount, after })
    expect(await visit(host.origin, '//evil.example/auth/x')).toMatch(/^\/amazon_auth\?/)
    expect(await visit(host.origin, '/shop/auth/x')).toMatch(/^\/shop\/auth\/amazon_auth\?/)
  })

  test('whose address is written in another case begins and ends a login all the same', async () => {
    const options = { publicUrl: 'http://127.0.0.1/auth' }
    const host = await start({ mount: '/auth', options, after: signIn })
    const browser = host.browser()
    const begun = await browser.get('/AUTH/amazon_auth?state=acme')
    const back = new URL(await host.emulator.allow(begun.location))
    expect(back.origin + back.pathname).toBe('http://127.0.0.1/auth/amazon_auth')
    expect(await browser.get(back.pathname + back.search)).toMatchObject({ location: '/' })
  })

  test('names the app of the host name, and in a strict host of several apps none', async () => {
    const hooks = { resolveApp: () => 'zenith' }
    const hooked = await start({ options: { apps, hooks }, after: signIn })
    expect((await hooked.browser().get('/bare', page)).location).toContain('state=zenith')
    const strict = await start({ options: { apps, security: { strict: true } }, after: signIn })
    expect((await strict.browser().get('/bare', page)).status).toBe(401)
  })

  test('sends nobody round for ever whose session is lost', async () => {
    const host = await start({ after: signIn })
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=acme')
    browser.cookies.delete('amazon-auth')
    for (let round = 0; round < 2; round += 1) {
      expect((await browser.get('/orders', page)).status).toBe(401)
    }
    const told = host.log.filter(({ message }) => message.includes('round for ever'))
    expect(told).toMatchObject([{ level: 'warn', facts: { app: 'acme' } }])
    // Another app's page is none that it has just signed in for.
    const hooked = await host.browser().get('/orders', page)
    expect(hooked.status).toBe(302)
    // Signed out, not lost.
    const leaver = host.browser()
    await host.signIn(leaver, '/amazon_auth?state=acme')
    await leaver.send('/leave', { method: 'POST' })
    expect((await leaver.get('/orders', page)).status).toBe(302)
  })

  test('sends who was signed out elsewhere to sign in, at once; not without end', async () => {
    const host = await start({ after: signIn })
    const [here, there] = [host.browser(), host.browser()]
    for (let login = 0; login < 3; login += 1) {
      for (const browser of [here, there]) await host.signIn(browser, '/amazon_auth?state=acme')
      expect((await there.get('/orders', page)).status).toBe(200)
      await here.send('/amazon_auth/logout?appid=acme&everywhere=true', { method: 'POST' })
      expect((await here.get('/orders', page)).status).toBe(302)
      expect((await there.get('/orders', page)).status).toBe(login < 2 ? 302 : 401)
    }
  })

  test.each(['UPDATE users SET active = 0', 'DELETE FROM users'])(
    'sends whose user was ended by %s to sign in, at once',
    async (ending) => {
      const store = new StoreFile()
      endings.push(() => store.remove())
      const host = await start({ options: { store: { url: store.url } }, after: signIn })
      const browser = host.browser()
      await host.signIn(browser, '/amazon_auth?state=acme')
      store.run(ending)
      expect((await browser.get('/orders', page)).status).toBe(302)
    },
  )

  test('signOut everywhere ends the sessions of all browsers, and those of who comes with a token', async () => {
    const host = await start({ after: signIn })
    const [here, there] = [host.browser(), host.browser()]
    for (const browser of [here, there]) {
      await host.signIn(browser, '/amazon_auth?state=acme')
      await host.signIn(browser, '/amazon_auth?state=zenith')
    }
    const out = await here.send('/everywhere', { method: 'POST' })
    expect(JSON.parse(out.body)).toEqual([null, false])
    const statuses = (path: string) =>
      Promise.all([here, there].map(async (browser) => (await browser.get(path)).status))
    expect([await statuses('/acme'), await statuses('/zenith')]).toEqual([
      [401, 401],
      [200, 200],
    ])
    await host.signIn(there, '/amazon_auth?state=acme')
    const token = host.emulator.issueAccessToken({ clientId: ACME.clientId })
    const granted = await fetch(`${host.origin}/jwt_auth`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ provider: 'amazon', appid: 'acme', token }),
    })
    const { jwt } = (await granted.json()) as { jwt: { access_token: string } }
    const bearer = { authorization: `Bearer ${jwt.access_token}` }
    const byToken = { method: 'POST', headers: bearer } as const
    expect((await host.browser().send('/everywhere', byToken)).status).toBe(200)
    expect((await there.get('/acme')).status).toBe(401)
    expect((await host.browser().send('/everywhere', byToken)).status).toBe(401)
  })

  test('signIn and signOut of a request do the same for handlers of the host', async () => {
    const host = await start({ after: signIn })
    const browser = host.browser()
    const sent = await browser.get('/go')
    expect(sent.location).toBe('/amazon_auth?state=acme&returnto=%2Forders%3Fpage%3D3')
    expect((await host.signIn(browser, sent.location)).location).toBe('/orders?page=3')
    const here = await browser.get('/here')
    expect(here.location).toBe('/amazon_auth?state=zenith&returnto=%2Fhere')
    await host.signIn(browser, '/amazon_auth?state=zenith')
    expect((await browser.get('/nowhere')).status).toBe(404)
    const copy = browser.clone()
    const one = await browser.send('/leave?app=zenith', { method: 'POST' })
    expect(JSON.parse(one.body)).toEqual([null, false])
    expect((await browser.get('/zenith')).status).toBe(401)
    expect((await browser.get('/acme')).status).toBe(200)
    await browser.send('/leave', { method: 'POST' })
    expect(browser.cookies.size).toBe(0)
    for (const each of [browser, copy]) expect((await each.get('/acme')).status).toBe(401)
  })
})
