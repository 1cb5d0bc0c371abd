import { PEOPLE } from '../../../src/emulator'
import type { Answer, Browser } from '../../support/browser'
import { startHost, ACME, ZENITH, type Host } from '../../support/host'

const UNREACHABLE = 'Amazon could not be reached. Please try again in a moment.'
const NOT_SET_UP = 'Signing in with Amazon is not set up for this app.'

describe('a login that fails', () => {
  let host: Host
  beforeAll(async () => {
    host = await startHost({
      options: {
        security: { signinFailure: '/signin?cause=?' },
        amazon: { timeout: 300 },
        apps: {
          acme: { azAppId: ACME.clientId, azSecret: ACME.clientSecret },
          zenith: {
            azAppId: ZENITH.clientId,
            azSecret: ZENITH.clientSecret,
            signinSuccess: 'https://zenith.example/in?jwt=id',
            signinFailure: 'https://zenith.example/failed?cause=?&keep=1',
          },
          wrongkeys: { azAppId: ACME.clientId, azSecret: 'not the secret' },
          keyless: {},
        },
      },
    })
  })
  afterAll(() => host.close())
  beforeEach(() => {
    host.emulator.journal.clear()
    host.emulator.faults.clear()
  })

  function codeFor(clientId: string): string {
    return host.emulator.issueCode({ clientId, redirectUri: `${host.origin}/amazon_auth` })
  }
  function callsToAmazon(): number {
    return host.emulator.journal.entries().filter(({ path }) => path !== '/ap/oa').length
  }
  function expectFailure(answer: Answer, message: string): void {
    expect(answer).toMatchObject({
      status: 302,
      location: `/signin?cause=${encodeURIComponent(message)}`,
    })
    expectNoSignIn(answer)
  }
  function expectNoSignIn(answer: Answer): void {
    expect(answer.setCookies.filter((line) => /^(__Host-)?amazon-auth=/.test(line))).toEqual([])
    expect(answer.location).not.toMatch(/jwt=ey/)
    expect(answer.headers['cache-control']).toBe('no-store')
  }

  test.each([
    ['blank code', '/amazon_auth?code=&state=acme'],
    ['L10 code of blanks', '/amazon_auth?code=%20&state=acme'],
    ['L12 code twice', '/amazon_auth?code=1&code=2&state=acme'],
    ['L12 code as an array', '/amazon_auth?code[]=1&state=acme'],
    ['L12 state as an object', '/amazon_auth?code=1&state[a]=acme'],
    ['L15 code of 3 KiB', `/amazon_auth?code=${'x'.repeat(3000)}&state=acme`],
    ['L15 state of 2 KiB', `/amazon_auth?code=1&state=${'x'.repeat(2000)}`],
  ])('%s fails before Amazon is asked', async (_name, path) => {
    expectFailure(await host.browser().get(path), 'Bad credentials.')
    expect(callsToAmazon()).toBe(0)
  })

  test('L11 consent declined says so, at the target of the app, and asks Amazon nothing', async () => {
    const browser = host.browser()
    const begun = await browser.get('/amazon_auth?state=zenith')
    const answer = await browser.get(await host.emulator.deny(begun.location))
    expect(answer.location).toBe('https://zenith.example/failed?cause=Access%20denied.&keep=1')
    expectNoSignIn(answer)
    expect(callsToAmazon()).toBe(0)
  })

  test('L11 L27 what Amazon says of the refusal reaches neither header nor page', async () => {
    const hostile = encodeURIComponent('<script>\r\nX-Evil: 1')
    const path = `/amazon_auth?error=access_denied&error_description=${hostile}&state=acme`
    const answer = await host.browser().get(path)
    expectFailure(answer, 'Access denied.')
    expect(answer.headers['x-evil']).toBeUndefined()
  })

  test('L12 error and code together fail, and the code is not used', async () => {
    const path = `/amazon_auth?error=x&code=${codeFor(ACME.clientId)}&state=acme`
    expectFailure(await host.browser().get(path), 'Access denied.')
    expect(callsToAmazon()).toBe(0)
  })

  test.each([
    ['T3 an unknown app', 'nope'],
    ['T3 an app without keys', 'keyless'],
    ['T13 __proto__', '__proto__'],
    ['T13 constructor', 'constructor'],
    ['T13 a path', '../x'],
    ['T13 SQL', "a'--"],
    ['T13 10 kB', 'a'.repeat(900)],
  ])(
    'T15 %s fails with the same words, with and without a code, before Amazon is asked',
    async (_name, app) => {
      const state = encodeURIComponent(app)
      const code = codeFor(ACME.clientId)
      expectFailure(
        await host.browser().get(`/amazon_auth?code=${code}&state=${state}`),
        NOT_SET_UP,
      )
      expectFailure(await host.browser().get(`/amazon_auth?state=${state}`), NOT_SET_UP)
      expect(callsToAmazon()).toBe(0)
    },
  )

  test('a code that Amazon refuses is Bad credentials', async () => {
    expectFailure(
      await host.browser().get('/amazon_auth?code=unknown&state=acme'),
      'Bad credentials.',
    )
  })

  test('L14 a code that has been used is refused from another browser', async () => {
    const path = `/amazon_auth?code=${codeFor(ACME.clientId)}&state=acme`
    const first = host.browser()
    await first.get(path)
    expectFailure(await host.browser().get(path), 'Bad credentials.')
    expect((await first.get('/acme')).status).toBe(200)
  })

  test("T2 a code of one app with another app's state uses only the other app's keys", async () => {
    const path = `/amazon_auth?code=${codeFor(ACME.clientId)}&state=zenith`
    const answer = await host.browser().get(path)
    expect(answer.location).toBe('https://zenith.example/failed?cause=Bad%20credentials.&keep=1')
    const [exchange] = host.emulator.journal.entries({ path: '/auth/o2/token' })
    expect(exchange?.body).toMatchObject({ client_id: ZENITH.clientId })
  })

  test('L9 a code cannot smuggle parameters into the token request', async () => {
    const code = "x&client_id=evil&redirect_uri=y+ % = {3} '"
    await host.browser().get(`/amazon_auth?code=${encodeURIComponent(code)}&state=acme`)
    const [exchange] = host.emulator.journal.entries({ path: '/auth/o2/token' })
    expect(exchange?.body).toMatchObject({ code, client_id: ACME.clientId })
  })

  test('an app whose secret Amazon refuses fails, and an alarm names the app and the way out', async () => {
    const path = `/amazon_auth?code=${codeFor(ACME.clientId)}&state=wrongkeys`
    expectFailure(await host.browser().get(path), 'Bad credentials.')
    const alarm = host.log.findLast(({ level }) => level === 'error')
    expect(alarm?.facts).toMatchObject({ app: 'wrongkeys', code: 'client_rejected' })
    expect(JSON.stringify(alarm)).toContain('Security Profile')
  })

  test.each([
    'gzip',
    'emoji_name',
    'long_name',
    'nested_profile',
    'name_null',
    'email_null',
  ] as const)('a profile answered as %s signs in', async (fault) => {
    host.emulator.faults.set({ endpoint: 'profile', fault })
    const browser = host.browser()
    await browser.get(`/amazon_auth?code=${codeFor(ACME.clientId)}&state=acme`)
    expect((await browser.get('/acme')).status).toBe(200)
  })

  describe('answered to a script', () => {
    const ajax = { 'x-requested-with': 'XMLHttpRequest' }

    test.each([
      ['Ajax', ajax],
      ['JSON only', { accept: 'application/json' }],
    ])('%s without a code gets 401 and no redirect', async (_name, headers) => {
      const answer = await host.browser().get('/amazon_auth?state=acme', headers)
      expect(answer.status).toBe(401)
      expect(answer.headers['content-type']).toContain('application/json')
      expect(JSON.parse(answer.body)).toEqual({ code: 401, message: 'Sign in first.' })
    })

    test('a refused code is 401 with its message where the app names no target', async () => {
      const answer = await host.browser().get('/amazon_auth?code=bad&state=acme', ajax)
      expect(answer.status).toBe(401)
      expect(JSON.parse(answer.body)).toEqual({ code: 401, message: 'Bad credentials.' })
    })

    test('an app with signin_failure redirects scripts too', async () => {
      const answer = await host.browser().get('/amazon_auth?code=bad&state=zenith', ajax)
      expect(answer.location).toBe('https://zenith.example/failed?cause=Bad%20credentials.&keep=1')
    })

    test('an Amazon that cannot be reached is 503 with Retry-After', async () => {
      host.emulator.faults.set({ endpoint: 'token', fault: 'reset' })
      const path = `/amazon_auth?code=${codeFor(ACME.clientId)}&state=acme`
      const answer = await host.browser().get(path, ajax)
      expect(answer.status).toBe(503)
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
      expect(JSON.parse(answer.body)).toEqual({ code: 503, message: UNREACHABLE })
    })
  })

  test.each(['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    'L28 %s is refused and leaves the code unused',
    async (method) => {
      const path = `/amazon_auth?code=${codeFor(ACME.clientId)}&state=acme`
      const refused = await host.browser().send(path, { method })
      expect(refused.status).toBe(405)
      expect(refused.headers.allow).toBe('GET, POST')
      expect(callsToAmazon()).toBe(0)
      const browser = host.browser()
      await browser.get(path)
      expect((await browser.get('/acme')).status).toBe(200)
    },
  )

  test('K1 K6 no secret, code or token stands in a log entry or in a URL to Amazon', async () => {
    const browser: Browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=zenith', PEOPLE[0]?.userId)
    host.emulator.faults.set({ endpoint: 'profile', fault: 'http_401' })
    await host.signIn(host.browser(), '/amazon_auth?state=acme')
    const urls = host.emulator.journal
      .entries()
      .map(({ path, query }) => path + JSON.stringify(query))
    const calls = urls.filter((url) => !url.startsWith('/ap/oa'))
    const exchange = host.emulator.journal.entries({ path: '/auth/o2/token' })
    const codes = exchange.map(({ body }) => String(body.code))
    const written = JSON.stringify(host.log) + calls.join()
    for (const secret of [ACME.clientSecret, ZENITH.clientSecret, 'Atza|', 'eyJ', ...codes]) {
      expect(written).not.toContain(secret)
    }
    expect(codes).toHaveLength(2)
  })
})
