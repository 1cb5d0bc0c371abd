import type { Hooks } from '../../../src'
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

test('a failed login is told of the app that resolveApp has chosen', async () => {
  await startWith({ resolveApp: () => 'acme' })
  await host.browser().get('/amazon_auth?code=bad')
  const told = host.log.filter(({ message }) => /^(?:audit|sign-in failed)$/.test(message))
  expect(told.map(({ facts }) => facts.app)).toEqual(['acme', 'acme'])
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

test.each(['resolveApp', 'mapProfile', 'onLogin'] as const)(
  'a %s that throws fails that login, with an alarm, and not the process',
  async (name) => {
    await startWith({ [name]: () => Promise.reject(new Error('boom')) })
    const begin = name === 'resolveApp' ? '/amazon_auth' : '/amazon_auth?state=acme'
    const browser = host.browser()
    const answer =
      name === 'resolveApp' ? await browser.get(begin) : await host.signIn(browser, begin)
    expect(answer).toMatchObject({ status: 302, location: '/signin?error' })
    expect(host.log).toContainEqual(
      expect.objectContaining({
        level: 'error',
        facts: expect.objectContaining({ code: 'hook_failed' }),
      }),
    )
    expect((await browser.get('/acme')).status).toBe(401)
  },
)

test('onFailure learns why, and may throw', async () => {
  const codes: string[] = []
  await startWith({
    onFailure: ({ error, appId }) => {
      codes.push(`${String(appId)} ${error.code}`)
      throw new Error('boom')
    },
  })
  const answer = await host.browser().get('/amazon_auth?code=bad&state=acme')
  expect(answer).toMatchObject({ status: 302, location: '/signin?error' })
  expect(codes).toEqual(['acme code_rejected'])
})
