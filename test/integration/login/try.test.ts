import type { AmazonAuthOptions } from '../../../src'
import { createClient, type Client } from '../../../src/client'
import type { TryReport } from '../../../src/pages/try-report'
import { callAt } from '../../support/api'
import type { Answer, Browser } from '../../support/browser'
import { ACME, ZENITH } from '../../support/host'
import { startLoginWorld, type LoginWorld } from '../../support/login-world'

const ROOT_SECRET = 'the-root-secret-of-the-try-tests-0123456789'
const JSON_HEADERS = { accept: 'application/json' }
const ADA = 'amzn1.account.AEMUL2ORDINARY3PERSON4ADA'

const apps = {
  acme: {
    azAppId: ACME.clientId,
    azSecret: ACME.clientSecret,
    amazon: { scope: 'profile postal_code', keepTokens: true },
    claims: { displayName: 'name', zip: 'postal_code', idp2: { value: 'amazon.com' } },
  },
  zenith: {
    azAppId: ZENITH.clientId,
    azSecret: ZENITH.clientSecret,
    signinSuccess: 'https://app.example.com/in?jwt=?',
  },
  wrong: { azAppId: ACME.clientId, azSecret: 'not-the-secret-of-acme' },
} satisfies AmazonAuthOptions['apps']

let world: LoginWorld
let hooks: NonNullable<AmazonAuthOptions['hooks']>

async function start(options: AmazonAuthOptions = {}): Promise<void> {
  world = await startLoginWorld({
    options: { apps, hooks, rootSecretKey: ROOT_SECRET, api: { manage: true }, ...options },
  })
}
beforeEach(() => void (hooks = {}))
afterEach(async () => {
  jest.restoreAllMocks()
  await world.close()
})

function client(): Client {
  return createClient({ url: world.origin, accessKey: 'app:para', secretKey: ROOT_SECRET })
}

async function linkTo(app: string): Promise<string> {
  return (await client().tryLink({ app })).url
}

/** Opens a link and presses the button; gives the address of Amazon's page. */
async function begin(browser: Browser, link: string): Promise<string> {
  const { location } = JSON.parse((await browser.get(link, JSON_HEADERS)).body) as {
    location: string
  }
  const begun = await browser.get(location)
  expect(begun.status).toBe(302)
  return begun.location
}

/** All that a login may store. */
const stored = (): string => world.store.dump('users', 'sessions', 'amazon_tokens', 'used_once')

async function tryIt(
  app: string,
  come: (authorizeUrl: string) => Promise<string> = (url) => world.emulator.allow(url, ADA),
): Promise<{ report: TryReport; page: Answer; answers: readonly Answer[] }> {
  const link = await linkTo(app)
  const before = stored()
  const answers: Answer[] = []
  for (const headers of [JSON_HEADERS, {}]) {
    const browser = world.browser()
    answers.push(await browser.get(await come(await begin(browser, link)), headers))
    expect(JSON.parse((await browser.get('/whoami')).body)).toMatchObject({
      isAuthenticated: false,
    })
  }
  expect(stored()).toBe(before)
  const [json, page] = answers as [Answer, Answer]
  for (const answer of answers) {
    expect(answer.status).toBe(200)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.setCookies.filter((line) => /^(__Host-)?amazon-auth=/.test(line))).toEqual([])
    expect(answer.body).not.toMatch(/Atz[ar]\||acme-secret|zen-secret|eyJ[\w-]+\.eyJ/)
  }
  return { report: JSON.parse(json.body) as TryReport, page, answers }
}

describe('a sign-in that is tried', () => {
  test('shows each step, what Amazon sent, how it is read, the user and the tokens, and stores nothing', async () => {
    await start()
    const { report, page } = await tryIt('acme')
    expect(report).toMatchObject({
      app: 'acme',
      ok: true,
      failure: null,
      asked: {
        client_id: ACME.clientId,
        redirect_uri: `${world.origin}/amazon_auth`,
        scope: 'profile postal_code',
      },
      received: { expires_in: 3600, refresh_token: true },
      profile: { user_id: ADA, name: 'Ada Lindqvist', postal_code: '98101' },
      read: { name: 'Ada Lindqvist', scopes: ['profile', 'postal_code'] },
      mapped: null,
      user: { isNew: true, changes: [], record: { id: '<id>', identifier: `az:${ADA}` } },
      tokens: [
        {
          kind: 'id_token',
          claims: { sub: '<id>', displayName: 'Ada Lindqvist', zip: '98101', idp2: 'amazon.com' },
        },
      ],
      target: { url: '/', means: 'session' },
    })
    expect(String(report.received?.code)).toMatch(/^.{4}…$/)
    expect(report.steps.map(({ step }) => step)).toEqual([
      ...['parse_request', 'resolve_app', 'check_app', 'verify_state', 'read_consent'],
      ...['choose_target', 'exchange_code', 'fetch_profile', 'map_profile', 'upsert_user'],
      'issue_token',
    ])
    expect(report.steps.every(({ ok, ms }) => ok && ms >= 0)).toBe(true)
    for (const text of ['Ada Lindqvist', 'exchange_code', '98101', '&#60;id&#62;']) {
      expect(page.body).toContain(text)
    }
    expect(page.headers['content-security-policy']).toContain("script-src 'none'")
  })

  test('of a known user says what would change, also what a session token would say', async () => {
    await start()
    await world.signIn(world.browser(), '/amazon_auth?state=zenith', ADA)
    const known = await tryIt('zenith')
    expect(known.report.user).toMatchObject({ isNew: false, changes: [] })
    expect(known.report.tokens.map(({ kind }) => kind)).toEqual(['session_token', 'id_token'])
    expect(known.report.target).toEqual({
      url: 'https://app.example.com/in?jwt=?',
      means: 'session_token',
    })
    world.store.run("UPDATE users SET name = 'Another' WHERE app_id = 'zenith'")
    const changed = await tryIt('zenith')
    expect(changed.report.user?.changes).toEqual(['name'])
    expect(changed.report.user?.record).toMatchObject({ name: 'Ada Lindqvist' })
    expect(world.store.rows('SELECT name FROM users')).toEqual([{ name: 'Another' }])
  })

  test('of a user who would be found by email says that the identifier would change', async () => {
    await start({ security: { linkByEmail: true } })
    await world.signIn(world.browser(), '/amazon_auth?state=acme', ADA)
    world.store.run("UPDATE users SET identifier = 'az:amzn1.account.OLD'")
    const { report } = await tryIt('acme')
    expect(report.user).toMatchObject({
      isNew: false,
      changes: ['identifier'],
      record: { identifier: `az:${ADA}` },
    })
  })

  test('runs mapProfile, and neither onLogin nor onFailure', async () => {
    const run: string[] = []
    hooks = {
      mapProfile: ({ name }) => ({ name: `${name ?? ''} of Acme`, groups: 'staff' }),
      onLogin: () => void run.push('onLogin'),
      onFailure: () => void run.push('onFailure'),
    }
    await start()
    const { report } = await tryIt('acme')
    expect(report.mapped).toMatchObject({ name: 'Ada Lindqvist of Acme', groups: 'staff' })
    expect(report.user?.record).toMatchObject({ name: 'Ada Lindqvist of Acme' })
    await tryIt('acme', (url) => world.emulator.deny(url))
    expect(run).toEqual([])
  })

  test('is no login to metrics and audit', async () => {
    await start()
    await tryIt('acme')
    await tryIt('wrong')
    const as = { accessKey: 'app:para', secretKey: ROOT_SECRET }
    const { text } = await callAt(world.origin, 'GET /v1/_metrics', { as })
    expect(text).toContain('logins_total')
    expect(text).not.toMatch(/^logins_total\{/m)
    expect(world.log.filter(({ message }) => message === 'audit')).toEqual([])
  })

  test('counts for the limits of its app', async () => {
    await start({ limits: { failuresPerMinute: 0, loginsPerMinute: 2 } })
    await tryIt('acme')
    const third = await world.browser().get(await linkTo('acme'), JSON_HEADERS)
    expect(third.status).toBe(429)
  })
})

describe('a sign-in that is tried and fails', () => {
  test('for a wrong secret names the step, the words of Amazon and what doctor says', async () => {
    await start()
    const { report, page } = await tryIt('wrong')
    expect(report).toMatchObject({
      ok: false,
      user: null,
      failure: {
        step: 'exchange_code',
        code: 'client_rejected',
        amazon: { error: 'invalid_client' },
      },
    })
    expect(report.steps.at(-1)).toMatchObject({ step: 'exchange_code', ok: false })
    expect(report.failure?.doctor).toMatchObject([
      { check: 'credentials', level: 'failure' },
      { check: 'client_keys', level: 'warning' },
      { check: 'client_keys', level: 'warning' },
    ])
    expect(page.body).toContain('invalid_client')
    expect(page.body).not.toContain('not-the-secret-of-acme')
  })

  test('for a person who declines shows the words of Amazon, escaped', async () => {
    await start()
    const { report, page } = await tryIt('acme', async (url) => {
      const back = new URL(await world.emulator.deny(url))
      back.searchParams.set('error_description', '<script>alert(1)</script>')
      return back.href
    })
    expect(report.failure).toMatchObject({
      step: 'read_consent',
      code: 'access_denied',
      amazon: { error: 'access_denied', error_description: '<script>alert(1)</script>' },
      doctor: [],
    })
    expect(page.body).toContain('&#60;script&#62;alert(1)')
    expect(page.body).not.toContain('<script>')
  })

  test('for a scope that Amazon refuses', async () => {
    await start({ apps: { acme: { ...apps.acme, amazon: { scope: 'openid' } } } })
    const { report } = await tryIt('acme')
    expect(report.failure).toMatchObject({ step: 'read_consent', code: 'invalid_scope' })
    expect(report.failure?.doctor.map(({ check }) => check)).toContain('scope')
  })

  test('for a locked user, who stays as he is', async () => {
    await start()
    await world.signIn(world.browser(), '/amazon_auth?state=acme', ADA)
    world.store.run('UPDATE users SET active = 0')
    const { report } = await tryIt('acme')
    expect(report).toMatchObject({
      profile: { user_id: ADA },
      user: null,
      failure: { step: 'upsert_user', code: 'account_locked' },
    })
  })

  test('for a hook that throws, whose words are for the log alone', async () => {
    hooks = {
      mapProfile() {
        throw new Error('the inside of the host')
      },
    }
    await start()
    const { report, page } = await tryIt('acme')
    expect(report.failure).toMatchObject({ step: 'map_profile', code: 'hook_failed' })
    expect(report.read).toMatchObject({ name: 'Ada Lindqvist' })
    expect(page.body).not.toContain('the inside')
    expect(world.log.find(({ facts }) => facts.code === 'hook_failed')?.facts.cause).toBeDefined()
  })

  test('for an outage of Amazon', async () => {
    await start()
    const { report } = await tryIt('acme', (url) => {
      world.emulator.faults.set({ endpoint: 'profile', fault: 'http_401', times: 1 })
      return world.emulator.allow(url, ADA)
    })
    expect(report.failure).toMatchObject({
      step: 'fetch_profile',
      code: 'profile_rejected',
    })
  })
})

describe('a link to try the sign-in', () => {
  test('opens a page that says what happens, as often as one likes, in any browser, and sets no cookie', async () => {
    await start()
    const link = await linkTo('acme')
    for (let times = 0; times < 3; times += 1) {
      const page = await world.browser().get(link, { 'accept-language': 'de' })
      expect(page.status).toBe(200)
      expect(page.setCookies).toEqual([])
      expect(page.headers['referrer-policy']).toBe('no-referrer')
      expect(page.body).toContain('Anmeldung bei <bdi>acme</bdi> ausprobieren')
    }
    expect(world.emulator.journal.count()).toBe(0)
  })

  test('is over after ten minutes, also where it was opened before', async () => {
    const clock = jest.spyOn(Date, 'now')
    await start()
    const link = await linkTo('acme')
    const { location } = JSON.parse((await world.browser().get(link, JSON_HEADERS)).body) as {
      location: string
    }
    clock.mockReturnValue(Date.now() + 600_001)
    for (const address of [link, location]) {
      const page = await world.browser().get(address)
      expect(page.status).toBe(410)
      expect(page.setCookies).toEqual([])
    }
  })

  test.each(['', 'x', 'AAAAAA.AAAA', '%00'])('that is none (%j) is 410', async (link) => {
    await start()
    const answer = await world.browser().get(`/amazon_auth/try?link=${link}`)
    expect(answer.status).toBe(410)
    expect((await world.browser().get(`/amazon_auth/try?link=${link}`, JSON_HEADERS)).status).toBe(
      410,
    )
    const begun = await world.browser().get(`/amazon_auth?state=acme&try=${link}x`)
    expect(begun.status).toBe(410)
  })

  test('for one app does not try another', async () => {
    await start()
    const link = new URL(await linkTo('acme')).searchParams.get('link') ?? ''
    const query = new URLSearchParams({ state: 'zenith', try: link }).toString()
    expect((await world.browser().get(`/amazon_auth?${query}`)).status).toBe(410)
  })

  test('that is none tells a strict app without keys from none at all no more than a login does', async () => {
    await start({ apps: { ...apps, bare: {} }, security: { strict: true } })
    const [bare, absent] = await Promise.all(
      ['bare', 'nobody'].map((app) =>
        world.browser().get(`/amazon_auth?state=${app}&try=x`, JSON_HEADERS),
      ),
    )
    expect([bare?.status, bare?.body]).toEqual([401, absent?.body])
  })

  test('stays with a login that begins at another host, however long its address', async () => {
    await start({ publicUrl: 'http://auth.example.com' })
    const link = new URL(await linkTo('acme')).searchParams.get('link') ?? ''
    const query = `state=acme&try=${link}&host_url=${'x'.repeat(1_900)}`
    const { location } = await world.browser().get(`/amazon_auth?${query}`)
    expect(new URL(location).searchParams.get('try')).toBe(link)
  })

  test('of an app that was deleted since is 404', async () => {
    await start()
    await client().apps.create('shop')
    const link = await linkTo('shop')
    expect((await world.browser().get(link)).body).toContain('app_not_configured')
    await client().apps.delete('shop')
    for (const headers of [{}, JSON_HEADERS]) {
      const gone = await world.browser().get(link, headers)
      expect(gone.status).toBe(404)
      expect(gone.setCookies).toEqual([])
    }
  })

  test('of an app that was made anew since, by the same name, opens nothing', async () => {
    await start()
    const link = await linkTo('acme')
    world.store.run("UPDATE apps SET created_at = created_at - 1 WHERE app_id = 'acme'")
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect((await world.browser().get(link)).status).toBe(410)
  })

  test('to an app that is switched off says so, with what doctor says', async () => {
    await start()
    const link = await linkTo('acme')
    world.store.run("UPDATE apps SET active = 0 WHERE app_id = 'acme'")
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    const report = JSON.parse((await world.browser().get(link, JSON_HEADERS)).body) as TryReport
    expect(report.failure).toMatchObject({ code: 'app_inactive' })
    expect(report.failure?.doctor.map(({ check }) => check)).toEqual(['app_state'])
  })

  test('is made by an app for itself alone', async () => {
    await start()
    const anybody = await world.browser().send('/v1/_try', { method: 'POST' })
    expect(anybody.status).toBe(401)
  })
})

describe('the return of a sign-in that is tried', () => {
  test('in another browser is refused as that of any login is', async () => {
    await start()
    const browser = world.browser()
    const back = await world.emulator.allow(await begin(browser, await linkTo('acme')))
    await world.refused('Invalid or expired sign-in request.', (headers) =>
      world.browser().get(back, headers),
    )
  })

  test('under the name of another app tells nothing of that app, and gives no link to it', async () => {
    await start()
    const browser = world.browser()
    const begun = new URL(await begin(browser, await linkTo('acme')))
    const state = begun.searchParams.get('state') ?? ''
    const query = new URLSearchParams({ appid: 'zenith', code: 'x', state }).toString()
    await world.refused('Invalid or expired sign-in request.', (headers) =>
      browser.get(`/amazon_auth?${query}`, headers),
    )
  })

  test('opened twice at once shows the same; opened once more asks nobody, and says that it was shown already', async () => {
    await start()
    const browser = world.browser()
    const back = await world.emulator.allow(await begin(browser, await linkTo('acme')))
    const copy = browser.clone()
    const [shown, twice] = await Promise.all([browser.get(back), copy.get(back)])
    expect([shown.status, shown.body]).toEqual([200, twice.body])
    expect(world.exchanges()).toBe(1)
    world.emulator.journal.clear()
    const before = performance.now.bind(performance)
    jest.spyOn(performance, 'now').mockImplementation(() => before() + 11_000)
    const again = await browser.get(back, JSON_HEADERS)
    expect(again.status).toBe(410)
    const report = JSON.parse(again.body) as TryReport
    expect(report.failure?.code).toBe('try_link_invalid')
    expect(report.again).toContain('/amazon_auth/try?link=')
    expect(world.callsToAmazon()).toBe(0)
    expect((await browser.get(report.again ?? '')).status).toBe(200)
  })

  test('leaves who is signed in, and a login that is under way, as they are', async () => {
    await start()
    const browser = world.browser()
    await world.signIn(browser, '/amazon_auth?state=acme', ADA)
    const real = await world.returnUrl(browser, '/amazon_auth?state=zenith')
    const back = await world.emulator.allow(await begin(browser, await linkTo('acme')))
    expect((await browser.get(back)).status).toBe(200)
    expect(JSON.parse((await browser.get('/whoami')).body)).toMatchObject({
      isAuthenticated: true,
    })
    expect((await browser.get(real)).location).toMatch(/^https:\/\/app\.example\.com\/in\?jwt=ey/)
  })
})
