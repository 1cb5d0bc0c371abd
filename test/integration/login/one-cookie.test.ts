import expressSession from 'express-session'

import { Browser, type Answer } from '../../support/browser'
import { ACME, startHost, ZENITH, type Host, type HostOptions } from '../../support/host'
import { startOneCookieCdn, type OneCookieCdn } from '../../support/one-cookie-cdn'

const apps = {
  acme: { azAppId: ACME.clientId, azSecret: ACME.clientSecret },
  zenith: { azAppId: ZENITH.clientId, azSecret: ZENITH.clientSecret },
}
const BOTH = { cookieName: '__session', loginCookieName: '__session' }
const HTTPS = 'https://shop.example'

/** A browser that reaches a host by way of the network. */
interface Visitor {
  readonly host: Host
  readonly browser: Browser
  /** Answers of the host to this browser. */
  readonly answers: readonly Answer[]
  get(path: string): Promise<Answer>
  begin(app: string, more?: string): Promise<string>
  allow(location: string): Promise<Answer>
  signOut(): Promise<Answer>
}

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

async function visit(setup: HostOptions = {}): Promise<Visitor> {
  const options = { apps, session: BOTH, ...setup.options }
  const host = await startHost({ ...setup, options })
  open.push(host)
  const cdn: OneCookieCdn = await startOneCookieCdn(host.origin)
  open.push(cdn)
  const { publicUrl } = options as { publicUrl?: string }
  const browser = new Browser(cdn.origin)
  const answers: Answer[] = []
  const headers = publicUrl === undefined ? {} : { host: new URL(publicUrl).host }
  const send = async (path: string, method = 'GET'): Promise<Answer> => {
    const answer = await browser.send(path, { method, headers })
    answers.push(answer)
    return answer
  }
  return {
    host,
    browser,
    answers,
    get: (path) => send(path),
    async begin(app, more = '') {
      const begun = await send(`/amazon_auth?state=${app}${more}`)
      expect(begun.status).toBe(302)
      return begun.location
    },
    async allow(location) {
      const { pathname, search } = new URL(await host.emulator.allow(location))
      return send(pathname + search)
    },
    signOut: () => send('/amazon_auth/logout', 'POST'),
  }
}
const statuses = async (visitor: Visitor): Promise<number[]> => [
  (await visitor.get('/acme')).status,
  (await visitor.get('/zenith')).status,
]

describe.each([
  ['http', {}],
  ['an https public_url', { publicUrl: HTTPS }],
])('behind a network that passes the cookie __session alone, over %s', (_name, options) => {
  const start = (): Promise<Visitor> => visit({ options })

  test('a person signs in to two apps and out of both', async () => {
    const visitor = await start()
    expect(await visitor.allow(await visitor.begin('acme'))).toMatchObject({ location: '/' })
    expect(await statuses(visitor)).toEqual([200, 401])
    expect(await visitor.allow(await visitor.begin('zenith'))).toMatchObject({ location: '/' })
    expect(await statuses(visitor)).toEqual([200, 200])
    const copy = visitor.browser.cookies.get('__session') ?? ''
    expect(await visitor.signOut()).toMatchObject({ status: 303, location: '/' })
    expect(visitor.browser.cookies.size).toBe(0)
    visitor.browser.cookies.set('__session', copy)
    expect(await statuses(visitor)).toEqual([401, 401])
  })

  test('logins of two tabs both end well, beside a session and after each other', async () => {
    const visitor = await start()
    const first = await visitor.begin('acme')
    const second = await visitor.begin('acme')
    const third = await visitor.begin('zenith')
    expect(await visitor.allow(second)).toMatchObject({ location: '/' })
    expect(await statuses(visitor)).toEqual([200, 401])
    expect(await visitor.allow(third)).toMatchObject({ location: '/' })
    expect(await visitor.allow(first)).toMatchObject({ location: '/' })
    expect(await statuses(visitor)).toEqual([200, 200])
  })

  test('a return opened twice succeeds twice, and no more once signed out', async () => {
    const visitor = await start()
    const returned = await visitor.host.emulator.allow(await visitor.begin('acme'))
    const { pathname, search } = new URL(returned)
    const landed = { status: 302, location: '/' }
    expect(await visitor.get(pathname + search)).toMatchObject(landed)
    expect(await visitor.get(pathname + search)).toMatchObject(landed)
    await visitor.signOut()
    expect((await visitor.get(pathname + search)).status).not.toBe(302)
    expect(await statuses(visitor)).toEqual([401, 401])
  })

  test('each answer sets that cookie alone, shorter than 4096 bytes; the oldest login gives way', async () => {
    const visitor = await start()
    const oldest = await visitor.begin('acme')
    await visitor.allow(await visitor.begin('acme'))
    const begun: string[] = []
    for (let tab = 0; tab < 12; tab++) {
      begun.push(await visitor.begin('acme', `&returnto=/${'p'.repeat(tab * 90)}`))
    }
    expect(await statuses(visitor)).toEqual([200, 401])
    expect(await visitor.allow(begun.at(-1) ?? '')).toMatchObject({ status: 302 })
    expect((await visitor.allow(oldest)).location).not.toBe('/')
    const lines = visitor.answers.flatMap(({ setCookies }) => setCookies)
    for (const line of lines) {
      expect(line).toMatch(/^__session=.*; Path=\/;.*HttpOnly/)
      expect(line.includes('; Secure')).toBe('publicUrl' in options)
      expect(line.length).toBeLessThan(4096)
    }
    expect(Math.max(...visitor.answers.map(({ setCookies }) => setCookies.length))).toBe(1)
  })
})

describe('the one cookie', () => {
  test.each([
    ['cut', (value: string) => value.slice(0, -9)],
    ['of another program', () => 'eyJhbGciOiJub25lIn0'],
    ['of no known shape', (value: string) => `${value}&&`],
    ['in wrong percent-encoding', () => 's=%E0%A4%A&.AAAAAAAAAA=%E0'],
  ])('counts as none when it is %s, and the next sign-in works', async (_name, damage) => {
    const visitor = await visit()
    await visitor.allow(await visitor.begin('acme'))
    const whole = visitor.browser.cookies.get('__session') ?? ''
    visitor.browser.cookies.set('__session', damage(whole.replace(/^(.*)(s=[^&]*)$/, '$2')))
    expect(await statuses(visitor)).toEqual([401, 401])
    expect(await visitor.allow(await visitor.begin('zenith'))).toMatchObject({ location: '/' })
    expect(await statuses(visitor)).toEqual([401, 200])
  })

  test('that comes twice counts as none', async () => {
    const visitor = await visit()
    await visitor.allow(await visitor.begin('acme'))
    const pair = `__session=${visitor.browser.cookies.get('__session')}`
    const ask = (cookie: string): Promise<Answer> => visitor.browser.get('/acme', { cookie })
    expect((await ask(pair)).status).toBe(200)
    expect((await ask(`${pair}; ${pair}`)).status).toBe(401)
  })

  test('holds logins alone beside a session of the host', async () => {
    const session = expressSession({ secret: 'h', resave: false, saveUninitialized: false })
    const host = await startHost({
      options: { apps, session: BOTH },
      before: (app) => app.use(session),
    })
    open.push(host)
    const browser = host.browser()
    const other = (await browser.get('/amazon_auth?state=zenith')).location
    await host.signIn(browser, '/amazon_auth?state=acme')
    expect(Array.from(browser.cookies.keys()).sort()).toEqual(['__session', 'connect.sid'])
    expect(browser.cookies.get('__session')).not.toMatch(/(^|&)s=/)
    await browser.get(await host.emulator.allow(other))
    for (const path of ['/acme', '/zenith']) expect((await browser.get(path)).status).toBe(200)
    await browser.send('/amazon_auth/logout', { method: 'POST' })
    expect(browser.cookies.has('__session')).toBe(false)
    expect((await browser.get('/acme')).status).toBe(401)
  })

  test('is cleared when the only login in it was declined', async () => {
    const visitor = await visit()
    const begun = await visitor.begin('acme')
    const { pathname, search } = new URL(await visitor.host.emulator.deny(begun))
    expect(visitor.browser.cookies.size).toBe(1)
    await visitor.get(pathname + search)
    expect(visitor.browser.cookies.size).toBe(0)
  })

  test('holds logins that end in a token, whatever the session is called', async () => {
    const session = { loginCookieName: '__session' }
    const tokens = {
      ...apps,
      acme: { ...apps.acme, signinSuccess: 'https://acme.example/in?jwt=id' },
    }
    const visitor = await visit({ options: { session, apps: tokens } })
    const { location } = await visitor.allow(await visitor.begin('acme'))
    expect(location).toMatch(/^https:\/\/acme\.example\/in\?jwt=ey/)
  })
})
