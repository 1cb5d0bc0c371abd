import { PEOPLE } from '../../../src/emulator'
import type { Answer, Browser } from '../../support/browser'
import { startHost, ACME, ZENITH, type Host } from '../../support/host'

const NOT_SET_UP_WELL = 'Signing in with Amazon is not set up correctly for this app.'
const BUSY = 'Amazon is busy. Please try again in a moment.'
const UNREACHABLE = 'Amazon could not be reached. Please try again in a moment.'

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

  test('a code that Amazon refuses is Bad credentials', async () => {
    expectFailure(
      await host.browser().get('/amazon_auth?code=unknown&state=acme'),
      'Bad credentials.',
    )
  })

  test('an app whose secret Amazon refuses fails, and an alarm names the app and the way out', async () => {
    const path = `/amazon_auth?code=${codeFor(ACME.clientId)}&state=wrongkeys`
    expectFailure(await host.browser().get(path), 'Bad credentials.')
    const alarm = host.log.findLast(({ level }) => level === 'error')
    expect(alarm?.facts).toMatchObject({ app: 'wrongkeys', code: 'client_rejected' })
    expect(JSON.stringify(alarm)).toContain('Security Profile')
  })

  test.each([
    ['access_denied', 'access_denied', 'info', 'Access denied.'],
    ['invalid_scope', 'invalid_scope', 'warn', NOT_SET_UP_WELL],
    ['unauthorized_client', 'unauthorized_client', 'warn', NOT_SET_UP_WELL],
    ['invalid_client', 'unauthorized_client', 'warn', NOT_SET_UP_WELL],
    ['invalid_request', 'invalid_request', 'warn', NOT_SET_UP_WELL],
    ['unsupported_response_type', 'invalid_request', 'warn', NOT_SET_UP_WELL],
    ['server_error', 'server_error', 'warn', BUSY],
    ['ServerError', 'server_error', 'warn', BUSY],
    ['temporarily_unavailable', 'temporarily_unavailable', 'warn', BUSY],
    ['x'.repeat(500), 'consent_failed', 'warn', 'Amazon did not complete the sign-in.'],
    ['', 'consent_failed', 'warn', 'Amazon did not complete the sign-in.'],
  ])(
    "Amazon's error %.30s is %s to those who keep count, level %s, and says so to the person",
    async (error, code, level, message) => {
      const query = new URLSearchParams({
        error,
        error_description: 'An unknown scope was requested',
      })
      const told = host.log.length
      const path = `/amazon_auth?${query.toString()}&state=acme`
      expectFailure(await host.browser().get(path), message)
      const lines = host.log.slice(told)
      const failed = lines.find((line) => line.message === 'sign-in failed')
      expect(failed).toMatchObject({
        level,
        facts: { app: 'acme', code, advice: expect.any(String) },
      })
      const audited = lines.find((line) => line.message === 'audit')
      expect(audited?.facts).toMatchObject({
        app: 'acme',
        reason: code,
        tookMs: expect.any(Number),
      })
    },
  )

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
      expect(JSON.parse(answer.body)).toEqual({
        code: 401,
        message: 'Sign in first.',
        location: `${host.origin}/amazon_auth?state=acme`,
      })
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

  test('no secret, code or token stands in a log entry or in a URL to Amazon', async () => {
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
