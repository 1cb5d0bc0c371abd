import express, { type Express, type RequestHandler } from 'express'
import express4 from 'express4'

import { amazonAuth, requireUser, type RequireUserOptions } from '../../src'
import { ACME, startHost, ZENITH, type Host, type HostOptions } from '../support/host'
import { StoreFile } from '../support/store-file'

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
    [{ role: 'admin' }, 'There are: app, token'],
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
    const host = await start({
      after: (app) => app.get('/bare', requireUser as unknown as RequestHandler, show),
    })
    expect((await host.browser().get('/bare')).status).toBe(500)
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
