import { sign } from 'jsonwebtoken'

import { SignInRefused, type Hooks } from '../../../src'
import { PEOPLE } from '../../../src/emulator'
import { startHost, ACME, type Host } from '../../support/host'

const apps = { acme: { azAppId: ACME.clientId, azSecret: ACME.clientSecret } }
let host: Host
afterEach(() => host.close())
async function startWith(hooks: Hooks): Promise<void> {
  host = await startHost({ options: { apps, hooks } })
}

test('resolveApp names the app of a request that names none, and only then', async () => {
  await startWith({ resolveApp: (req) => Promise.resolve(req.headers['x-tenant']?.toString()) })
  const tenant = await host.browser().get('/amazon_auth', { 'x-tenant': 'acme' })
  expect(tenant.location).toContain('state=acme%7E')
  const named = await host.browser().get('/amazon_auth?state=acme', { 'x-tenant': 'nope' })
  expect(named.location).toContain('state=acme%7E')
  expect((await host.browser().get('/amazon_auth')).location).toContain('state=para%7E')
})

test.each(['half \ud83d', 'a\0b'])(
  'mapProfile that gives %j, which no store keeps, fails that login',
  async (name) => {
    await startWith({ mapProfile: () => ({ name }) })
    const failed = await host.signIn(host.browser(), '/amazon_auth?state=acme')
    expect(failed.status).toBe(500)
    const told = host.log.filter(({ message }) => message === 'sign-in failed')
    expect(told.map(({ facts }) => facts)).toEqual([
      expect.objectContaining({ code: 'hook_failed', hook: 'mapProfile', field: 'name' }),
    ])
    expect(told[0]?.facts.advice).toContain('may each be text in whole Unicode without NUL')
  },
)

test('a failed login is told of the app that resolveApp has chosen', async () => {
  await startWith({ resolveApp: () => 'acme' })
  await host.browser().get('/amazon_auth?code=bad')
  const told = host.log.filter(({ message }) => /^(?:audit|sign-in failed)$/.test(message))
  expect(told.map(({ facts }) => facts.app)).toEqual(['acme', 'acme'])
})

test('the app that resolveApp has chosen is asked for once a request, and everyone is told of it', async () => {
  const asked: string[] = []
  const told: unknown[] = []
  host = await startHost({
    options: {
      apps: { shop: { ...apps.acme, signinFailure: '/shop-failed?cause=?' } },
      hooks: {
        resolveApp: (req) => {
          asked.push(req.path)
          return ' app:shop '
        },
        onFailure: ({ appId }) => void told.push(appId),
      },
    },
  })
  const browser = host.browser()
  const denied = await browser.get('/amazon_auth?error=access_denied')
  expect(denied.location).toBe('/shop-failed?cause=Access%20denied.')
  const spoilt = await browser.get('/amazon_auth?code=1&code=2')
  expect(spoilt.location).toBe('/shop-failed?cause=Bad%20credentials.')
  const forged = await browser.get('/passwordless_auth?token=no')
  expect(forged.location).toMatch(/^\/shop-failed\?cause=/)
  expect(told).toEqual(['shop', 'shop', 'shop'])
  expect(asked).toEqual(['/amazon_auth', '/amazon_auth', '/passwordless_auth'])
})

test('a name that resolveApp makes up is no app, and never the root app', async () => {
  await startWith({ resolveApp: () => 'nobody' })
  await host.browser().get('/amazon_auth')
  const failed = host.log.find(({ message }) => message === 'sign-in failed')
  expect(failed?.facts).toMatchObject({ app: 'nobody', code: 'app_not_found' })
})

test('the limit of the app that resolveApp has chosen holds before anybody is sent to Amazon', async () => {
  host = await startHost({
    options: { apps, hooks: { resolveApp: () => 'acme' }, limits: { loginsPerMinute: 1 } },
  })
  await host.signIn(host.browser(), '/amazon_auth')
  expect(await host.browser().get('/amazon_auth')).toMatchObject({ status: 429, location: '' })
  expect((await host.browser().get('/amazon_auth?state=para')).status).toBe(302)
})

test('a token of the back end of the app that resolveApp has chosen signs in to that app', async () => {
  const key = 'a-key-of-the-back-end-of-acme-with-enough-length'
  host = await startHost({
    options: {
      apps: { acme: { ...apps.acme, appSecretKey: key } },
      hooks: { resolveApp: () => 'acme' },
    },
  })
  const token = sign({ email: 'ada@example.com', identifier: 'ada' }, key, { expiresIn: 60 })
  const browser = host.browser()
  await browser.get(`/passwordless_auth?token=${token}`)
  expect((await browser.get('/acme')).status).toBe(200)
})

test('mapProfile changes what is kept, never the identifier', async () => {
  await startWith({
    mapProfile: (profile) => ({
      name: profile.name?.toUpperCase() ?? '',
      picture: 'https://x.test/p.png',
      ...{ identifier: 'az:evil' },
    }),
  })
  const browser = host.browser()
  await host.signIn(browser, '/amazon_auth?state=acme')
  expect(JSON.parse((await browser.get('/acme')).body)).toMatchObject({
    name: PEOPLE[0]?.name?.toUpperCase(),
    picture: 'https://x.test/p.png',
    identifier: `az:${String(PEOPLE[0]?.userId)}`,
  })
})

test('a field of mapProfile that is undefined leaves what Amazon sent', async () => {
  await startWith({ mapProfile: () => ({ name: undefined, email: undefined, picture: undefined }) })
  const browser = host.browser()
  await host.signIn(browser, '/amazon_auth?state=acme')
  const { name, email } = PEOPLE[0] ?? {}
  expect(JSON.parse((await browser.get('/acme')).body)).toMatchObject({ name, email })
})

test('onLogin sees app, user and profile before the browser is answered', async () => {
  const seen: unknown[] = []
  await startWith({
    onLogin: async ({ app, user, profile }) => {
      await Promise.resolve()
      seen.push([app.id, user.name, profile.userId])
    },
  })
  await host.signIn(host.browser(), '/amazon_auth?state=acme')
  expect(seen).toEqual([['app:acme', PEOPLE[0]?.name, PEOPLE[0]?.userId]])
})

test.each([
  ['undefined', undefined],
  ['null', null],
])('a field that mapProfile leaves %s stays as Amazon has it', async (_what, nothing) => {
  const mapped = { name: nothing, email: nothing, picture: nothing, groups: nothing } as never
  await startWith({ mapProfile: () => mapped })
  expect(await signedIn()).toMatchObject({ name: 'Ada Lindqvist', email: 'ada@example.com' })
})

test.each([null, undefined, 'text', []])(
  'mapProfile may answer %j: nothing is changed',
  async (answer) => {
    await startWith({ mapProfile: () => answer as never })
    expect(await signedIn()).toMatchObject({ name: 'Ada Lindqvist' })
  },
)

test('a field of mapProfile that is no text is told by its name', async () => {
  await startWith({ mapProfile: () => ({ name: 42 }) as never })
  await host.signIn(host.browser(), '/amazon_auth?state=acme')
  const failed = host.log.find(({ message }) => message === 'sign-in failed')
  expect(failed?.facts).toMatchObject({ code: 'hook_failed', hook: 'mapProfile', field: 'name' })
  expect(failed?.facts.advice).toMatch(/returned what cannot be used: name is a number\./)
})

/** Who a browser is after it has signed in. */
async function signedIn(): Promise<unknown> {
  const browser = host.browser()
  await host.signIn(browser, '/amazon_auth?state=acme')
  return JSON.parse((await browser.get('/acme')).body)
}

test.each(['resolveApp', 'mapProfile', 'onLogin'] as const)(
  'a %s that throws fails that login, with an alarm, and not the process',
  async (name) => {
    await startWith({ [name]: () => Promise.reject(new Error('boom')) })
    const begin = name === 'resolveApp' ? '/amazon_auth' : '/amazon_auth?state=acme'
    const browser = host.browser()
    const answer =
      name === 'resolveApp' ? await browser.get(begin) : await host.signIn(browser, begin)
    expect(answer).toMatchObject({ status: 500, location: '' })
    expect(host.log).toContainEqual(
      expect.objectContaining({
        level: 'error',
        facts: expect.objectContaining({ code: 'hook_failed' }),
      }),
    )
    expect((await browser.get('/acme')).status).toBe(401)
  },
)

describe('a hook that throws SignInRefused', () => {
  const REASON = 'Please use your work account.'
  const refuse = () => Promise.reject(new SignInRefused(REASON))
  const ajax = { 'x-requested-with': 'XMLHttpRequest' }

  test.each(['resolveApp', 'mapProfile', 'onLogin'] as const)(
    'tells the person why, from %s, and is no fault of the hook',
    async (name) => {
      host = await startHost({
        options: { apps, hooks: { [name]: refuse }, security: { signinFailure: '/out?cause=?' } },
      })
      const browser = host.browser()
      const answer =
        name === 'resolveApp'
          ? await browser.get('/amazon_auth')
          : await host.signIn(browser, '/amazon_auth?state=acme')
      expect(answer.location).toBe(`/out?cause=${encodeURIComponent(REASON)}`)
      const told = host.log.filter(({ message }) => /^(?:audit|sign-in failed)$/.test(message))
      expect(told.map(({ facts }) => facts.code ?? facts.reason)).toEqual(
        Array(2).fill('refused_by_host'),
      )
      expect(host.log.filter(({ level }) => level === 'error')).toEqual([])
      expect((await browser.get('/acme')).status).toBe(401)
    },
  )

  test('tells a script, and a program that trades a token of Amazon', async () => {
    await startWith({ mapProfile: refuse })
    const { emulator, origin } = host
    const code = emulator.issueCode({
      clientId: ACME.clientId,
      redirectUri: `${origin}/amazon_auth`,
    })
    const script = await host.browser().get(`/amazon_auth?state=acme&code=${code}`, ajax)
    expect(script.status).toBe(401)
    expect(JSON.parse(script.body)).toEqual({ code: 401, message: REASON })
    const traded = await fetch(`${origin}/jwt_auth`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        provider: 'amazon',
        appid: 'acme',
        token: emulator.issueAccessToken({ clientId: ACME.clientId }),
      }),
    })
    expect(traded.status).toBe(400)
    expect(await traded.json()).toEqual({ code: 400, message: REASON })
  })

  test.each([
    ['', 'The sign-in was refused.'],
    [' two\r\nlines\u0000\u202e and\ud800 half ', 'two lines and\ufffd half'],
    ['é'.repeat(300), 'é'.repeat(200)],
    ['😀'.repeat(300), '😀'.repeat(200)],
    ['<script>&', '<script>&'],
  ])('says %j as plain text on one line, with an end', async (reason, said) => {
    await startWith({ resolveApp: () => Promise.reject(new SignInRefused(reason)) })
    const answer = await host.browser().get('/amazon_auth?code=x', ajax)
    expect(JSON.parse(answer.body)).toEqual({ code: 401, message: said })
  })

  test('is as short when another copy of the package, or nobody, has made it', async () => {
    const named = Object.assign(new Error(`a\n${'x'.repeat(30_000)}`), { name: 'SignInRefused' })
    await startWith({ resolveApp: () => Promise.reject(named) })
    const answer = await host.browser().get('/amazon_auth?code=x', ajax)
    expect(JSON.parse(answer.body)).toEqual({ code: 401, message: `a ${'x'.repeat(198)}` })
  })
})

test('onFailure learns why, and may throw', async () => {
  const codes: string[] = []
  await startWith({
    onFailure: ({ error, appId }) => {
      codes.push(`${String(appId)} ${error.code}`)
      throw new Error('boom')
    },
  })
  const answer = await host.browser().get('/amazon_auth?code=bad&state=acme')
  expect(answer).toMatchObject({ status: 401, location: '' })
  expect(codes).toEqual(['acme code_rejected'])
})
