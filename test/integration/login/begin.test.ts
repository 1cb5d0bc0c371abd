import { ACME, startHost, ZENITH, type Host, type HostOptions } from '../../support/host'

const APEX = 'https://shop.example'
const WWW = 'www.shop.example'
const acme = { azAppId: ACME.clientId, azSecret: ACME.clientSecret }

let host: Host
afterEach(() => host.close())

async function start(options: HostOptions['options'], setup: HostOptions = {}): Promise<void> {
  host = await startHost({
    ...setup,
    options: { publicUrl: APEX, apps: { acme }, ...options },
  })
}

/** Follows a redirect as a browser does that finds every host at this server. */
async function follow(browser: ReturnType<Host['browser']>, location: string) {
  const { pathname, search, host: at } = new URL(location)
  return browser.get(pathname + search, { host: at })
}

describe('begun under another host than public_url', () => {
  test('www in place of the apex is sent to the apex first, and signs in there', async () => {
    await start({})
    const browser = host.browser()
    const sentOn = await browser.get('/amazon_auth?state=acme&returnto=%2Forders%3Fa%3D1', {
      host: WWW,
    })
    expect(sentOn).toMatchObject({ status: 302, setCookies: [] })
    expect(sentOn.location).toBe(
      `${APEX}/amazon_auth?state=acme&returnto=%2Forders%3Fa%3D1&sent_on=1`,
    )
    const begun = await follow(browser, sentOn.location)
    expect(begun.location).toMatch(host.emulator.authorizeUrl)
    const back = await follow(browser, await host.emulator.allow(begun.location))
    expect(back).toMatchObject({ status: 302, location: '/orders?a=1' })
    expect((await browser.get('/acme')).status).toBe(200)
  })

  test.each([
    ['the same host', 'shop.example'],
    ['another port', 'shop.example:8080'],
    ['other case', 'SHOP.example'],
  ])('%s is begun at once, whatever scheme is told', async (_case, at) => {
    await start({})
    const begun = await host.browser().get('/amazon_auth?state=acme', { host: at })
    expect(begun.location).toMatch(host.emulator.authorizeUrl)
  })

  test.each([
    ['127.0.0.1', 'http://localhost:3000', '127.0.0.1:3000'],
    ['localhost', 'http://127.0.0.1:3000', 'localhost:3000'],
  ])('%s is another host than that of %s', async (_case, publicUrl, at) => {
    await start({ publicUrl })
    const sentOn = await host.browser().get('/amazon_auth?state=acme', { host: at })
    expect(sentOn.location).toBe(`${publicUrl}/amazon_auth?state=acme&sent_on=1`)
  })

  test('a proxy that rewrites Host is told of once, and people sign in all the same', async () => {
    await start({})
    for (let again = 0; again < 2; again += 1) {
      const browser = host.browser()
      const at = { host: 'node-1.internal:3000' }
      const sentOn = await browser.get('/amazon_auth?state=acme', at)
      const begun = await browser.get(
        new URL(sentOn.location).search.replace(/^/, '/amazon_auth'),
        at,
      )
      expect(begun.location).toMatch(host.emulator.authorizeUrl)
      const back = new URL(await host.emulator.allow(begun.location))
      expect(await browser.get(back.pathname + back.search, at)).toMatchObject({ location: '/' })
    }
    const warnings = host.log.filter(({ message }) => message.includes('rewrites'))
    expect(warnings).toMatchObject([
      { level: 'warn', facts: { app: 'acme', host: 'node-1.internal:3000', publicUrl: APEX } },
    ])
  })

  test('the app that the host name stands for goes along', async () => {
    await start({
      hooks: { resolveApp: (req) => (req.hostname === 'acme.example' ? 'acme' : undefined) },
    })
    const sentOn = await host.browser().get('/amazon_auth', { host: 'acme.example' })
    expect(sentOn.location).toBe(`${APEX}/amazon_auth?sent_on=1&appid=acme`)
  })

  test("a tenant's own public_url counts, under the path where the middleware lies", async () => {
    await start(
      { apps: { acme: { ...acme, publicUrl: 'https://acme.example/base' } } },
      { mount: '/auth' },
    )
    const path = '/auth/amazon_auth?state=acme'
    const browser = host.browser()
    const sentOn = await browser.get(path, { host: 'shop.example' })
    expect(sentOn.location).toBe('https://acme.example/base/auth/amazon_auth?state=acme&sent_on=1')
    const begun = await browser.get(path, { host: 'acme.example' })
    expect(begun.location).toMatch(host.emulator.authorizeUrl)
  })

  test.each([
    [
      'a page of the host that it came from, where the app has named that host',
      'acme.example',
      'https://acme.example/orders',
    ],
    ['a page of the public host elsewhere', WWW, '/orders'],
  ])('a path to return to is %s', async (_case, at, expected) => {
    await start({
      apps: { acme: { ...acme, security: { hosturlAliases: 'https://acme.example' } } },
    })
    const browser = host.browser()
    const sentOn = await browser.get('/amazon_auth?state=acme&returnto=/orders', { host: at })
    const begun = await follow(browser, sentOn.location)
    const back = await follow(browser, await host.emulator.allow(begun.location))
    expect(back.location).toBe(expected)
  })

  test('what a page of the other host has left in its para-returnto cookie is not lost', async () => {
    await start({})
    const browser = host.browser()
    const cookie = `para-returnto=${Buffer.from('/cart').toString('base64')}`
    const sentOn = await browser.get('/amazon_auth?state=acme', { host: WWW, cookie })
    expect(sentOn.setCookies.join()).toMatch(/^para-returnto=; /)
    expect(new URL(sentOn.location).searchParams.get('returnto')).toBe('/cart')
  })

  test('a return, a form and a host that cannot be read are not sent on', async () => {
    await start({})
    const browser = host.browser()
    const back = await browser.get('/amazon_auth?state=acme&code=no', { host: WWW })
    expect([back.status, back.location]).toEqual([401, ''])
    const form = await browser.send('/amazon_auth', {
      form: { state: 'acme' },
      headers: { host: WWW },
    })
    expect([form.status, form.location]).toEqual([401, ''])
    const begun = await browser.get('/amazon_auth?state=acme', { host: 'a b' })
    expect(begun.location).toMatch(host.emulator.authorizeUrl)
  })

  test.each(['x'.repeat(6_000), '%F0%9F%98%80'.repeat(500)])(
    'whatever is asked for, the address stays below 2 KB',
    async (long) => {
      await start({})
      const path = `/amazon_auth?state=acme&returnto=/${long.slice(0, 2_000)}&b=${long}`
      const sentOn = await host.browser().get(path, { host: WWW })
      expect(sentOn.location).toBe(`${APEX}/amazon_auth?appid=acme&sent_on=1`)
    },
  )
})

describe('begun by a script', () => {
  const SCRIPTS: readonly (readonly [string, Record<string, string>])[] = [
    ['jQuery and others', { accept: '*/*', 'x-requested-with': 'XMLHttpRequest' }],
    ['one that takes JSON only', { accept: 'application/json' }],
    ['axios', { accept: 'application/json, text/plain, */*' }],
    ['fetch()', fetched('cors')],
    ['fetch() to its own host', fetched('same-origin')],
    ['fetch() with mode no-cors', fetched('no-cors')],
    ['htmx', { ...fetched('cors'), 'hx-request': 'true' }],
    ['Turbo', { ...fetched('cors'), accept: 'text/html, application/xhtml+xml' }],
  ]
  function fetched(mode: string): Record<string, string> {
    return { accept: '*/*', 'sec-fetch-dest': 'empty', 'sec-fetch-mode': mode }
  }

  test.each(SCRIPTS)(
    '%s is told the address to open, never sent to Amazon',
    async (_who, headers) => {
      await start({
        apps: {
          acme,
          zenith: {
            azAppId: ZENITH.clientId,
            azSecret: ZENITH.clientSecret,
            signinSuccess: 'https://z.example/?jwt=id',
            signinFailure: 'https://z.example/no',
          },
        },
      })
      for (const app of ['acme', 'zenith', 'acme']) {
        const path = `/amazon_auth?state=${app}&returnto=%2Forders`
        const answer = await host.browser().get(path, { host: WWW, ...headers })
        expect(answer).toMatchObject({ status: 401, location: '', setCookies: [] })
        expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
        expect(JSON.parse(answer.body)).toEqual({
          code: 401,
          message: 'Sign in first.',
          location: `${APEX}${path}`,
        })
      }
      const said = host.log.filter(({ message }) => message.includes('script'))
      expect(said.map(({ facts }) => facts.app)).toEqual(['acme', 'zenith'])
      expect(host.log.filter(({ message }) => message === 'sign-in failed')).toEqual([])
    },
  )

  test('a page of htmx opens the address by itself', async () => {
    await start({})
    const headers = { host: 'shop.example', ...fetched('cors'), 'hx-request': 'true' }
    const answer = await host.browser().get('/amazon_auth?state=acme', headers)
    expect(answer.headers['hx-redirect']).toBe(`${APEX}/amazon_auth?state=acme`)
  })

  test.each<readonly [string, Record<string, string>]>([
    ['a browser', { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' }],
    ['a frame', { 'sec-fetch-dest': 'iframe', 'sec-fetch-mode': 'navigate' }],
    [
      'a service worker that passes it on',
      { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'navigate' },
    ],
    [
      'a service worker that makes it anew',
      { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'same-origin' },
    ],
    ['an app that shows a page', { 'x-requested-with': 'com.example.app' }],
    ['curl', { accept: '*/*' }],
  ])('%s that opens the address is sent to Amazon', async (_who, headers) => {
    await start({})
    const answer = await host.browser().get('/amazon_auth?state=acme', {
      host: 'shop.example',
      accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
      ...headers,
    })
    expect(answer.location).toMatch(host.emulator.authorizeUrl)
  })

  test('without public_url the address is that of the request itself', async () => {
    host = await startHost({ options: { apps: { acme } } })
    const answer = await host.browser().get('/amazon_auth?appid=acme', fetched('cors'))
    expect(JSON.parse(answer.body)).toMatchObject({
      location: `${host.origin}/amazon_auth?appid=acme`,
    })
  })
})
