import type { Browser as Chromium, BrowserContext, Page } from 'playwright-core'

import { PEOPLE } from '../../../src/emulator'
import { Browser } from '../../support/browser'
import { describeInBrowser, launchChromium } from '../../support/chromium'
import { freePort } from '../../support/free-port'
import { ACME, startHost, type Host } from '../../support/host'
import { describeWith, hasWordPress, startWordPress, type WordPress } from '../../support/wordpress'

const START_MS = 120_000
const BEGIN = '/wp-login.php?action=amazon_auth'
const ADMIN = { name: 'owner', password: 'a-password-of-the-owner', email: 'owner@blog.example' }
const SAYS = {
  failed: /did not work/,
  expired: /took too long/,
  taken: /account with your email/,
  closed: /new ones are not made/,
}
/** Somebody at Amazon with the owner's address, one with no email, one whose name is no login. */
const PEOPLE_HERE = [
  ...PEOPLE,
  { userId: 'amzn1.account.IMPOSTOR', name: 'Owner', email: ADMIN.email },
  { userId: 'amzn1.account.impostor', name: 'Admin', email: 'not-the-owner@example.com' },
  { userId: 'amzn1.account.KANJI', name: '山田 太郎', email: 'taro@example.com' },
  {
    userId: 'amzn1.account.LONG',
    name: 'Élodie '.repeat(36),
    email: `${'e'.repeat(240)}@example.com`,
  },
  { userId: 'amzn1.account.MARKUP', name: '<script>alert(1)</script>', email: 'no email' },
]

const withWordPress = describeWith('wordpress, php-mysql and mariadb-server', hasWordPress)
;(withWordPress === describe ? describeInBrowser : withWordPress)('examples/wordpress', () => {
  let host: Host & { readonly publicUrl: string }
  let blog: WordPress
  let chromium: Chromium
  let context: BrowserContext
  let page: Page

  beforeAll(async () => {
    const [port, blogPort] = [await freePort(), await freePort()]
    const signIn = `http://127.0.0.1:${blogPort}/wp-login.php?action=amazon_auth`
    const app = {
      azAppId: ACME.clientId,
      azSecret: ACME.clientSecret,
      signinSuccess: `${signIn}&jwt=id`,
      signinFailure: `${signIn}&cause=?`,
      oneSessionPerUser: false,
      security: { strict: true },
    }
    const publicUrl = `http://localhost:${port}`
    const constants = { AMAZON_AUTH_URL: `'${publicUrl}'`, AMAZON_AUTH_APP: "'blog'" }
    const options = { publicUrl, apps: { blog: app, other: app } }
    const [started, ...rest] = await Promise.all([
      startHost({ port, people: PEOPLE_HERE, options }),
      startWordPress({ port: blogPort, constants, admin: ADMIN }),
      launchChromium(),
    ])
    host = { ...started, publicUrl }
    ;[blog, chromium] = rest
  }, START_MS)
  beforeEach(async () => {
    context = await chromium.newContext()
    // The dashboard loads a hundred files that nothing here needs; Amazon's picture cannot be had.
    await context.route(/load-styles|load-scripts|wp-includes|images-amazon/, (route) =>
      route.abort(),
    )
    page = await context.newPage()
  })
  afterEach(() => context.close())
  afterAll(async () => {
    await chromium.close()
    await blog.close()
    await host.close()
  })

  const at = (path: string): string => `${blog.origin}${path}`

  /** Presses the button on the sign-in page, and allows at Amazon. */
  async function signIn(userId?: string, from = '/wp-login.php'): Promise<void> {
    await page.goto(at(from))
    await page.getByAltText('Login with Amazon').click()
    await allow(userId)
  }

  async function allow(userId = PEOPLE[0]?.userId): Promise<void> {
    const place = PEOPLE_HERE.findIndex((person) => person.userId === userId) + 1
    await page.getByTestId(`person-${place}`).click()
    await page.getByTestId('allow').click()
    await page.waitForURL((url) => url.origin === blog.origin && !url.search.includes('jwt='))
  }

  async function signInByPassword(): Promise<void> {
    await page.goto(at('/wp-login.php'))
    // A script of the page puts the cursor there a moment after, in the middle of what is typed.
    await page.waitForSelector('#user_login:focus')
    await page.fill('#user_login', ADMIN.name)
    await page.fill('#user_pass', ADMIN.password)
    await page.click('#wp-submit')
    await page.waitForURL(/wp-admin/)
  }

  /** Goes through a sign-in without a screen; gives the path where it ends. */
  async function visit({
    visitor = new Browser(blog.origin),
    userId,
    redirectTo = '',
  }: {
    readonly visitor?: Browser
    readonly userId?: string | undefined
    readonly redirectTo?: string
  }): Promise<string> {
    const begun = await visitor.get(`${BEGIN}&redirect_to=${encodeURIComponent(redirectTo)}`)
    const landed = await visitor.get(await returnAddress(begun.location, userId))
    const { pathname, search } = new URL(landed.location)
    return pathname + search
  }

  /** Where the server sends a browser that began there; `nobody` cancels at Amazon. */
  async function returnAddress(begin: string, userId = PEOPLE[0]?.userId): Promise<string> {
    const browser = new Browser(host.publicUrl)
    const { location } = await browser.get(begin)
    const back = await (userId === 'nobody'
      ? host.emulator.deny(location)
      : host.emulator.allow(location, userId))
    return (await browser.get(back)).location
  }

  const users = async (): Promise<readonly Record<string, unknown>[]> =>
    JSON.parse(
      await blog.php(
        `echo json_encode(array_map(fn($user) => [
           'login' => $user->user_login, 'name' => $user->display_name, 'email' => $user->user_email,
           'roles' => array_values($user->roles), 'amazon' => get_user_meta($user->ID, 'amazon_auth_identifier', true),
         ], get_users(['orderby' => 'ID'])));`,
      ),
    ) as readonly Record<string, unknown>[]
  const signedInAs = (): Promise<string> => page.inputValue('#user_login')

  const openRegistration = (isOpen: boolean): Promise<string> =>
    blog.php(`update_option('users_can_register', ${isOpen ? 1 : 0});`)

  test('a new site, where nobody can register, makes no users, and says so', async () => {
    const before = await users()
    const visitor = new Browser(blog.origin)
    const landed = await visit({ visitor })
    expect(landed).toContain('amazon_auth=closed')
    expect((await visitor.get(landed)).body).toMatch(SAYS.closed)
    expect((await visitor.get('/wp-admin/profile.php')).location).toContain('/wp-login.php')
    expect(await users()).toEqual(before)
    await openRegistration(true)
  })

  test('makes a user of a visitor at the first sign-in, and finds the same one after', async () => {
    await signIn()
    expect(page.url()).toBe(at('/wp-admin/profile.php'))
    expect(await signedInAs()).toBe('ada-lindqvist')
    await context.clearCookies()
    await signIn(undefined, '/wp-login.php?redirect_to=%2Fwp-admin%2Fprofile.php%3Fa%3D1%26b%3D2')
    expect(page.url()).toBe(at('/wp-admin/profile.php?a=1&b=2'))
    expect(await users()).toEqual([
      expect.objectContaining({ login: ADMIN.name, roles: ['administrator'], amazon: '' }),
      {
        login: 'ada-lindqvist',
        name: 'Ada Lindqvist',
        email: 'ada@example.com',
        roles: ['subscriber'],
        amazon: `az:${String(PEOPLE[0]?.userId)}`,
      },
    ])
  })

  test('leads nowhere but to this site', async () => {
    expect(await visit({ redirectTo: 'https://evil.example/' })).toBe('/wp-admin/profile.php')
  })

  test('gives nobody an account because of its email', async () => {
    const before = await users()
    const visitor = new Browser(blog.origin)
    const landed = await visit({ visitor, userId: 'amzn1.account.IMPOSTOR' })
    expect((await visitor.get(landed)).body).toMatch(SAYS.taken)
    expect(await users()).toEqual(before)
    expect((await visitor.get('/wp-admin/profile.php')).location).toContain('/wp-login.php')
  })

  test('tells identifiers apart that differ in the size of a letter, and makes logins that are free', async () => {
    for (const userId of ['amzn1.account.impostor', 'amzn1.account.KANJI']) await visit({ userId })
    const made = (await users()).slice(-2)
    expect(made.map(({ login, name }) => [login, name])).toEqual([
      ['amazon-user', 'Admin'],
      ['amazon-user-2', '山田 太郎'],
    ])
  })

  test('makes do with names and emails that WordPress has no room for', async () => {
    for (const userId of ['amzn1.account.LONG', 'amzn1.account.MARKUP']) {
      expect(await visit({ userId })).toBe('/wp-admin/profile.php')
    }
    const made = (await users()).slice(-2)
    expect(made).toEqual([
      expect.objectContaining({ name: 'Élodie '.repeat(36).slice(0, 100), email: '' }),
      expect.objectContaining({ login: 'amazon-user-3', name: 'amazon-user-3', email: '' }),
    ])
    expect(made[0]?.login).toMatch(/^elodie-elodie-[a-z-]{20,40}$/)
  })

  test('connects an account that is there, by its own profile alone', async () => {
    await signInByPassword()
    await page.goto(at('/wp-login.php?action=amazon_auth&connect=1&_wpnonce=made-up'))
    await page.getByText(SAYS.expired).waitFor()
    await page.goto(at('/wp-admin/profile.php'))
    await page.getByAltText('Login with Amazon').click()
    await allow('amzn1.account.IMPOSTOR')
    await page.getByText('Your Amazon account signs you in here.').waitFor()
    await context.clearCookies()
    await signIn('amzn1.account.IMPOSTOR')
    expect(page.url()).toBe(at('/wp-admin/'))

    await page.goto(at('/wp-admin/profile.php'))
    await page.check('[name=amazon_auth_disconnect]')
    await page.click('#submit')
    await page.getByAltText('Login with Amazon').click()
    await allow(PEOPLE[0]?.userId)
    await page.getByText('connected to another account').waitFor()
    expect((await users())[0]).toMatchObject({ login: ADMIN.name, amazon: '' })
  })

  test("an address with an attacker's token signs nobody in, begun or not", async () => {
    const evil = `${host.publicUrl}/amazon_auth?state=blog&nonce=of-the-attacker`
    for (const begins of [false, true]) {
      const visitor = new Browser(blog.origin)
      if (begins) await visitor.get(BEGIN)
      const refused = await visitor.get(await returnAddress(evil, PEOPLE[1]?.userId))
      expect((await visitor.get(refused.location)).body).toMatch(SAYS.expired)
      expect((await visitor.get('/wp-admin/profile.php')).location).toContain('/wp-login.php')
    }
  })

  test('the address that signed a visitor in is worth nothing after, in this browser and in others', async () => {
    const visitor = new Browser(blog.origin)
    const address = await returnAddress((await visitor.get(BEGIN)).location)
    const copy = visitor.clone()
    const landed = await visitor.get(address)
    expect(landed.location).toBe(at('/wp-admin/profile.php'))
    expect(landed.headers).toMatchObject({
      'cache-control': expect.stringContaining('no-store'),
      'referrer-policy': 'no-referrer',
    })
    for (const other of [copy, new Browser(blog.origin)]) {
      const refused = await other.get(address)
      expect(refused.location).toMatch(/amazon_auth=(token|expired)/)
      expect((await other.get('/wp-admin/profile.php')).location).toContain('/wp-login.php')
    }
  })

  test('who cancels at Amazon is told so, and no text of an address is shown', async () => {
    const visitor = new Browser(blog.origin)
    const denied = await returnAddress((await visitor.get(BEGIN)).location, 'nobody')
    const told = await visitor.get((await visitor.get(denied)).location)
    expect(told.body).toContain('you have not agreed')
    const { location } = await visitor.get(`${BEGIN}&cause=Call%200900-EVIL`)
    const failed = await visitor.get(location)
    expect(failed.body).toMatch(SAYS.failed)
    expect(failed.body).not.toContain('EVIL')
    expect((await visitor.get('/wp-login.php?amazon_auth=%3Cb%3EEVIL')).body).not.toContain('EVIL')
  })

  test('where registration is closed again, those who are here sign in; a role that the operator has set lets new ones in', async () => {
    await openRegistration(false)
    expect(await visit({})).toBe('/wp-admin/profile.php')
    const before = await users()
    expect(await visit({ userId: PEOPLE[2]?.userId })).toContain('amazon_auth=closed')
    expect(await users()).toEqual(before)
    const create = (role: string): Promise<string> =>
      blog.php(
        `define('AMAZON_AUTH_ROLE', ${role});
         try {
           $person = ['identifier' => 'az:amzn1.account.ROLE', 'name' => 'Role', 'email' => ''];
           echo implode(',', AmazonAuth\\find_or_create_user($person)->roles);
         } catch (AmazonAuth\\Refused $refused) { echo $refused->getMessage(); }`,
      )
    expect(await create('false')).toBe('closed')
    expect(await create("'no-such-role'")).toBe('closed')
    expect(await create("'author'")).toBe('author')
    expect(await users()).toHaveLength(before.length + 1)
    await openRegistration(true)
  })

  test('four visitors of one Amazon account at once are one user', async () => {
    const userId = PEOPLE[2]?.userId
    const landed = await Promise.all(Array.from({ length: 4 }, () => visit({ userId })))
    expect(new Set(landed)).toEqual(new Set(['/wp-admin/profile.php']))
    const theirs = (await users()).filter(({ amazon }) => amazon === `az:${String(userId)}`)
    expect(theirs).toHaveLength(1)
  })

  test('the cookie of a begun sign-in is kept from pages, and made by nobody else', async () => {
    const visitor = new Browser(blog.origin)
    const [line = ''] = (await visitor.get(BEGIN)).setCookies.filter((each) =>
      each.includes('begun'),
    )
    expect(line).toMatch(/HttpOnly; SameSite=Lax$/)
    const [name, value] = Array.from(visitor.cookies).find(([each]) => each.includes('begun')) ?? [
      '',
      '',
    ]
    // A sign-in turned into a connection to the account of the owner.
    const forged = new Browser(blog.origin)
    forged.cookies.set(name, value.replace(/^([0-9a-f]{64})\.0\./, '$1.1.'))
    expect(forged.cookies.get(name)).not.toBe(value)
    const begun = await visitor.get(BEGIN)
    const refused = await forged.get(await returnAddress(begun.location))
    expect(refused.location).toContain('amazon_auth=expired')
  })

  test('over https the cookie is one that no other host can set', async () => {
    const https = { 'x-forwarded-proto': 'https' }
    const visitor = new Browser(blog.origin)
    const begun = await visitor.get(BEGIN, https)
    const line = begun.setCookies.find((each) => each.startsWith('__Host-amazon-auth-begun-'))
    // The hash is of the site: others in folders of this host have one of their own.
    expect(line).toMatch(/^[\w-]+-[\da-f]{32}=.*; path=\/; secure; HttpOnly; SameSite=Lax$/)
    const landed = await visitor.get(await returnAddress(begun.location), https)
    expect(landed.location).toMatch(/\/wp-admin\/profile\.php$/)
    expect(landed.setCookies.filter((each) => each.startsWith('wordpress_')).join('\n')).toContain(
      '; secure',
    )
  })

  test('PHP has warned of nothing', async () => {
    expect(await blog.log()).not.toMatch(/PHP (Warning|Notice|Deprecated|Fatal)[^\n]*amazon-auth/)
  })
})
