import { createHash } from 'node:crypto'

import { decode } from 'jsonwebtoken'

import { PEOPLE, type Person } from '../../src/emulator'
import { Workplace } from '../integration/server/command-line'
import { startServer, type Keys, type TestServer } from '../support/api'
import { Browser, type Answer, type Ask } from '../support/browser'
import { ACME, ROOT, startHost, ZENITH, type HostOptions } from '../support/host'
import {
  APPS,
  FAILED,
  SAYS,
  startLoginWorld,
  withParameter,
  type LoginWorld,
} from '../support/login-world'
import { row } from '../support/row'

const [ada, ben] = PEOPLE.map(({ userId }) => userId)
const EXPIRED = FAILED + encodeURIComponent(SAYS.expired)

let skippedMs = 0
/** Where no time passes but what is skipped: on a busy machine a second is soon gone. */
let stoppedAtMs: number | undefined
const realNow = Date.now
jest.spyOn(Date, 'now').mockImplementation(() => (stoppedAtMs ?? realNow()) + skippedMs)

/** As it comes, and with `security.strict` for all apps. */
let open: LoginWorld
let strict: LoginWorld
beforeAll(async () => {
  open = await startLoginWorld()
  strict = await startLoginWorld({ options: { security: { strict: true } } })
})
afterAll(async () => {
  await open.close()
  await strict.close()
})
afterEach(() => {
  skippedMs = 0
  stoppedAtMs = undefined
  open.emulator.faults.clear()
})

/** Runs with a world of its own. */
async function withWorld<T>(
  setup: HostOptions,
  work: (world: LoginWorld) => Promise<T>,
): Promise<T> {
  const world = await startLoginWorld(setup)
  try {
    return await work(world)
  } finally {
    await world.close()
  }
}

const isSignedIn = async (browser: Browser, app = 'acme'): Promise<boolean> =>
  (await browser.get(`/${app}`)).status === 200
const tokenIn = (answer: Answer): string =>
  new URL(answer.location, 'http://none').searchParams.get('jwt') ?? ''
const encoded = (text: string): string => encodeURIComponent(text)
const base64 = (text: string): string => encoded(Buffer.from(text).toString('base64'))
const redirectUriOf = (answer: Answer): string =>
  new URL(answer.location).searchParams.get('redirect_uri') ?? ''

describe('the state of a login', () => {
  row('L1', 'a good code and state=<app> in a browser that began nothing', async () => {
    for (let n = 0; n < 3; n++) {
      const browser = open.browser()
      await browser.get(`/amazon_auth?code=${open.codeFor()}&state=acme`)
      expect(await isSignedIn(browser)).toBe(true)
    }
    const said = open.log.filter(({ facts }) => facts.state === 'unbound' && facts.app === 'acme')
    expect(said.filter(({ level }) => level === 'warn')).toHaveLength(1)
    expect(said.filter(({ level }) => level === 'debug')).toHaveLength(3)
    const bare = (world: LoginWorld, app: string) =>
      world.refused(SAYS.expired, (headers) =>
        world.browser().get(`/amazon_auth?code=${world.codeFor()}&state=${app}`, headers),
      )
    await bare(open, 'strict')
    await bare(strict, 'acme')
    return 'compat: 3 of 3 signed in, 1 warning with state=unbound; strict app, strict server: refused, 0 calls to Amazon'
  })

  row('L2', 'no state, an empty one, and only appid, on strict apps and servers', async () => {
    const attempts: [LoginWorld, string][] = [
      [open, 'appid=strict'],
      [open, 'appid=strict&state='],
      [open, 'appid=strict&state=%20'],
      [open, 'appid=strict&state=~'],
      [strict, 'appid=acme'],
      [strict, 'appid=acme&state='],
      [strict, ''],
      [strict, 'state='],
    ]
    for (const [world, query] of attempts) {
      await world.refused(SAYS.expired, (headers) =>
        world.browser().get(`/amazon_auth?code=${world.codeFor()}&${query}`, headers),
      )
      await world.refused(SAYS.expired, (headers) => {
        const form = `code=${world.codeFor()}&${query}`
        return world.browser().send('/amazon_auth', { form, headers })
      })
    }
    return `${attempts.length} forms, by GET and POST: refused, 0 calls to Amazon`
  })

  row('L3', 'a return URL opened again after signing out, also from copied cookies', async () => {
    for (const begin of ['/amazon_auth?state=acme', '/amazon_auth?state=zenith']) {
      const browser = open.browser()
      const url = await open.returnUrl(browser, begin)
      const before = browser.clone()
      const first = await browser.get(url)
      expect(first.location).not.toContain(FAILED)
      const after = browser.clone()
      await browser.send('/amazon_auth/logout', { method: 'POST' })
      for (const jar of [browser, before, after]) {
        await open.refused(SAYS.expired, (headers) => jar.clone().get(url, headers))
      }
    }
    return 'own cookies, and copies from before and after the return: refused, 0 calls to Amazon'
  })

  row('L3', 'a state taken on one node and shown to another, on a strict server', async () => {
    const { emulator, store } = strict
    const other = await startHost({
      options: {
        apps: APPS,
        store: { url: store.url },
        security: { strict: true, signinFailure: '/failed?cause=?' },
        amazon: { authorizeUrl: emulator.authorizeUrl, apiUrl: emulator.apiUrl },
      },
    })
    const browser = strict.browser()
    const { pathname, search } = new URL(await strict.returnUrl(browser))
    const copy = new Browser(other.origin)
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
    const first = await browser.get(pathname + search)
    expect(first.location).toBe('/')
    await strict.refused(SAYS.expired, (headers) => copy.clone().get(pathname + search, headers))
    await other.close()
    return 'two nodes on one store: the second refuses, 0 calls to Amazon'
  })

  row('L4', 'a return after 9:59 and after 10:00 minutes', async () => {
    stoppedAtMs = realNow()
    const inTime = open.browser()
    const begun = await inTime.get('/amazon_auth?state=acme')
    skippedMs = 599_000
    expect((await inTime.get(await open.emulator.allow(begun.location))).location).toBe('/')
    const late = open.browser()
    const lateBegun = await late.get('/amazon_auth?state=acme')
    const [name = ''] = late.cookies.keys()
    skippedMs += 600_000
    const url = await open.emulator.allow(lateBegun.location)
    await open.refused(SAYS.expired, (headers) => late.clone().get(url, headers))
    const answer = await late.get(url)
    expect(answer.setCookies).toEqual([
      expect.stringMatching(new RegExp(`^${name}=; .*Expires=Thu, 01 Jan 1970`)),
    ])
    return 'signed in at 9:59; at 10:00 refused, 0 calls to Amazon, the cookie cleared'
  })

  row('L5', 'each bit of the state flipped, and each byte of its cookie', async () => {
    const counts = { states: 0, cookies: 0 }
    for (const [app, masks] of [
      ['acme', [1, 2, 4, 8, 16, 32, 64, 128]],
      ['strict', [1, 2]],
    ] as const) {
      const browser = open.browser()
      const url = await open.returnUrl(browser, `/amazon_auth?state=${app}`)
      const state = Buffer.from(new URL(url).searchParams.get('state') ?? '')
      const before = open.store.dump('users', 'sessions')
      for (const flipped of flips(state, masks)) {
        const query = Array.from(flipped, (byte) => `%${byte.toString(16).padStart(2, '0')}`)
        const answer = await browser
          .clone()
          .get(url.replace(/state=[^&]*/, `state=${query.join('')}`))
        expect(answer).toMatchObject({ status: 302 })
        expect(answer.location).toMatch(/^\/failed\?cause=./)
        counts.states += 1
      }
      const [[name, value] = ['', '']] = browser.cookies
      open.emulator.journal.clear()
      for (const flipped of flips(Buffer.from(value), [1])) {
        const copy = browser.clone()
        copy.cookies.set(name, flipped.toString())
        expect((await copy.get(url)).location).toBe(EXPIRED)
        counts.cookies += 1
      }
      expect(open.callsToAmazon()).toBe(0)
      expect(open.store.dump('users', 'sessions')).toBe(before)
    }
    return `${counts.states} states and ${counts.cookies} cookies: all refused, none 500, nothing stored`
  })

  row('L6', "another browser's return URL, in one that has begun a login of its own", async () => {
    for (const world of [open, strict]) {
      const url = await world.returnUrl(world.browser())
      const other = world.browser()
      await other.get('/amazon_auth?state=acme')
      await world.refused(SAYS.expired, (headers) => other.get(url, headers))
      await world.refused(SAYS.expired, (headers) => world.browser().get(url, headers))
    }
    return 'refused, 0 calls to Amazon, compat and strict'
  })

  row('L7', 'a bare state on a strict app, in a browser that has begun there', async () => {
    const browser = open.browser()
    const url = await open.returnUrl(browser, '/amazon_auth?state=strict')
    const bare = ['strict', 'strict|0', 'strict|', 'app:strict', 'strict&#124;0']
    for (const state of bare) {
      await open.refused(SAYS.expired, (headers) =>
        browser.clone().get(withParameter(url, 'state', state), headers),
      )
    }
    expect((await browser.get(url)).location).toBe('/')
    return `${bare.length} bare forms refused, 0 calls to Amazon; the login itself still works`
  })

  row('L8', 'the codes of two browsers swapped', async () => {
    const swapped = async (headers: Record<string, string>): Promise<Answer> => {
      const [mine, foreign] = [open.browser(), open.browser()]
      const [own, stolen] = [await open.returnUrl(mine), await open.returnUrl(foreign)]
      const code = new URL(stolen).searchParams.get('code') ?? ''
      return mine.get(withParameter(own, 'code', code), headers)
    }
    await open.refused(SAYS.bad, swapped, { calls: 1 })
    return 'refused by the verifier'
  })

  row('L8', 'challenge and verifier of a login', async () => {
    open.emulator.journal.clear()
    await open.signIn(open.browser(), '/amazon_auth?state=acme')
    const [consent] = open.emulator.journal.entries({ path: '/ap/oa' })
    const [exchange] = open.emulator.journal.entries({ path: '/auth/o2/token' })
    const verifier = String(exchange?.body.code_verifier)
    expect(exchange?.body).toEqual({
      grant_type: 'authorization_code',
      code: expect.any(String),
      redirect_uri: `${open.origin}/amazon_auth`,
      client_id: ACME.clientId,
      client_secret: ACME.clientSecret,
      code_verifier: verifier,
    })
    expect(verifier).toMatch(/^[\w.~-]{43,128}$/)
    expect(consent?.query).toMatchObject({
      code_challenge_method: 'S256',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    })
    return `S256, a verifier of ${verifier.length} characters`
  })

  row('L13', 'the same return URL twice, in turn and ten at once', async () => {
    const browser = open.browser()
    const urls = [
      await open.returnUrl(browser),
      `${open.origin}/amazon_auth?code=${open.codeFor()}&state=acme`,
    ]
    for (const url of urls) {
      open.emulator.journal.clear()
      expect(await browser.get(url)).toMatchObject({ status: 302, location: '/' })
      const session = browser.cookies.get('amazon-auth')
      expect(await browser.get(url)).toMatchObject({ status: 302, location: '/' })
      expect(browser.cookies.get('amazon-auth')).toBe(session)
      expect(open.exchanges()).toBe(1)
    }
    const again = open.browser()
    for (const url of [
      await open.returnUrl(again),
      `${open.origin}/amazon_auth?code=${open.codeFor()}&state=acme`,
    ]) {
      open.emulator.journal.clear()
      const hits = Array.from({ length: 10 }, () => again.clone().get(url))
      for (const answer of await Promise.all(hits)) {
        expect(answer).toMatchObject({ status: 302, location: '/' })
      }
      expect(open.exchanges()).toBe(1)
    }
    return 'begun here or not: every hit ends at the target, 1 exchange'
  })

  row('L14', 'a used code from another browser', async () => {
    const path = `/amazon_auth?code=${open.codeFor()}&state=acme`
    const first = open.browser()
    await first.get(path)
    await open.refused(SAYS.bad, (headers) => open.browser().get(path, headers), { calls: 1 })
    expect(await isSignedIn(first)).toBe(true)
    return "refused; the first user's session still opens its page"
  })

  row('L37', 'state that comes back HTML-encoded or percent-encoded once more', async () => {
    const states = ['zenith|1', 'zenith&#124;1', 'zenith%7C1', 'zenith%7c1']
    for (const state of states) {
      const code = open.codeFor(ZENITH.clientId)
      const answer = await open.browser().get(`/amazon_auth?code=${code}&state=${encoded(state)}`)
      expect(answer.location).toMatch(/^https:\/\/two\.example\.com:8443\/in\?jwt=ey/)
      expect(decode(tokenIn(answer), { json: true })).toMatchObject({ appid: 'app:zenith' })
    }
    return `${states.length} spellings: the same app and front end`
  })

  row('L38', 'twelve tabs, in turn and at once; long addresses to return to', async () => {
    let longest = 0
    const measure = ({ cookies }: Browser): number => {
      const length = Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ').length
      longest = Math.max(longest, length)
      return length
    }
    for (const world of [open, strict]) {
      const browser = world.browser()
      await world.signIn(browser, '/amazon_auth?state=acme')
      const urls: string[] = []
      for (let tab = 0; tab < 12; tab++) urls.push(await world.returnUrl(browser))
      expect(loginCookies(browser)).toHaveLength(5)
      expect(measure(browser)).toBeLessThan(4096)
      const [oldest = '', first = '', last = ''] = [urls[6], urls[7], urls[11]]
      expect(await browser.get(last)).toMatchObject({ location: '/' })
      expect(await browser.get(first)).toMatchObject({ location: '/' })
      expect(await browser.get(oldest)).toMatchObject({ location: EXPIRED })

      // At once, each tab sends the cookies of before: the next begin makes room.
      const answers = await Promise.all(
        Array.from({ length: 12 }, () => browser.clone().get('/amazon_auth?state=acme')),
      )
      const newest = answers.flatMap(({ setCookies }) =>
        setCookies.flatMap(
          (line) => /^(amazon-login\.[\w-]+)=([\w.-]+);/.exec(line)?.slice(1, 3) ?? [],
        ),
      )
      for (let at = 0; at < newest.length; at += 2) {
        browser.cookies.set(newest[at] ?? '', newest[at + 1] ?? '')
      }
      await browser.get('/amazon_auth?state=acme')
      expect(loginCookies(browser)).toHaveLength(5)

      for (const letter of ['x', '林', '"']) {
        const path = `/${letter.repeat(500)}`
        for (const long of [`returnto=${encoded(path)}`, `host_url=${encoded(path)}`]) {
          for (let tab = 0; tab < 6; tab++) {
            const { setCookies } = await browser.get(`/amazon_auth?state=acme&${long}`)
            for (const line of setCookies) expect(line.length).toBeLessThan(4096)
          }
          expect(measure(browser)).toBeLessThan(4096)
        }
        const long = `/amazon_auth?state=acme&returnto=${encoded(path)}`
        expect((await world.signIn(browser, long)).location).not.toContain(FAILED)
      }
    }
    return `5 kept; the first and the last of them finish, the oldest does not; Cookie header at most ${longest} bytes`
  })

  row('L38', 'login cookies of foreign names and shapes', async () => {
    const odd = ['amazon-login.é=1', 'amazon-login.a b=1', 'amazon-login.=1', 'amazon-login.@[]=1']
    const shapes = ['x', '', 'j:{"content":1}', '%E0%A4%A', 'a.b', 'a'.repeat(3000)]
    const cookies = [...odd, ...shapes.map((value) => `amazon-login.AAAAAAAAAA=${value}`)]
    for (const cookie of cookies) {
      const state = encoded(`acme~${/login\.([^=]*)=/.exec(cookie)?.[1] ?? ''}`)
      const raw = Buffer.from(cookie).toString('latin1')
      const answer = await open.browser().get(`/amazon_auth?code=1&state=${state}`, { cookie: raw })
      expect(answer).toMatchObject({ status: 302, location: EXPIRED })
      const many = Array.from({ length: 4 }, () => raw).join('; ')
      const begun = await open.browser().get('/amazon_auth?state=acme', { cookie: many })
      expect(begun.location).toContain('/ap/oa?')
    }
    return `${cookies.length} cookies: none 500, a login begins beside them`
  })
})

describe('what is sent', () => {
  row('L9', 'codes that hold further parameters and signs of forms', async () => {
    const codes = [
      'x&client_id=evil&redirect_uri=y',
      "a+b % = {3} '",
      'x%26client_secret%3Dz',
      'x;grant_type=refresh_token',
      'x\r\nx-evil: 1',
      'x#&code=y',
      '林 é',
    ]
    for (const code of codes) {
      open.emulator.journal.clear()
      await open.browser().get(`/amazon_auth?code=${encoded(code)}&state=acme`)
      const [exchange] = open.emulator.journal.entries({ path: '/auth/o2/token' })
      expect(exchange?.body).toEqual({
        grant_type: 'authorization_code',
        code,
        redirect_uri: `${open.origin}/amazon_auth`,
        client_id: ACME.clientId,
        client_secret: ACME.clientSecret,
      })
    }
    return `${codes.length} codes: each field of the token request once, the code as it was sent`
  })

  row('L10', 'a blank and a missing code', async () => {
    for (const world of [open, strict]) {
      for (const query of ['code=', 'code=%20', 'code=%09%0a']) {
        await world.refused(SAYS.bad, (headers) =>
          world.browser().get(`/amazon_auth?${query}&state=acme`, headers),
        )
      }
      for (const form of ['state=acme', 'code=&state=acme', 'code=+&state=acme']) {
        await world.refused(SAYS.bad, (headers) =>
          world.browser().send('/amazon_auth', { form, headers }),
        )
      }
    }
    return '6 forms, GET and POST: refused, 0 calls to Amazon (a GET with neither code nor error begins a login)'
  })

  row('L11', 'consent denied, with markup and line ends in the reason', async () => {
    await withWorld({}, async (world) => {
      const hostile = encoded('<script>\r\nX-Evil:1')
      const path = `/amazon_auth?error=access_denied&error_description=${hostile}&state=acme`
      await world.refused(SAYS.denied, async (headers) => {
        const answer = await world.browser().get(path, headers)
        expect(answer.headers['x-evil']).toBeUndefined()
        expect(answer.body + answer.location).not.toContain('script')
        return answer
      })
      const browser = world.browser()
      const begun = await browser.get('/amazon_auth?state=acme')
      const back = await world.emulator.deny(begun.location)
      await world.refused(SAYS.denied, (headers) => browser.clone().get(back, headers))
      const failure = { app: 'acme', code: 'access_denied', reason: 'access_denied' }
      const logged = world.log.filter(({ message }) => message === 'sign-in failed')
      expect(logged.map(({ facts }) => facts)).toEqual(
        Array(4).fill(expect.objectContaining(failure)),
      )
      await world.auth.close()
      const audited = world.store.rows('SELECT DISTINCT outcome, reason FROM audit')
      expect(audited).toEqual([{ outcome: 'failure', reason: 'access_denied' }])
    })
    return 'refused, 0 calls to Amazon, reason=access_denied in log and audit trail'
  })

  row('L11', "markup in the reason, on the stand-alone server's page", async () => {
    const server = await startServer()
    const page = await server.browser().get('/signin?cause=%3Cscript%3Ealert(1)%3C/script%3E')
    await server.close()
    expect(page.body).not.toMatch(/script>|alert\(1/)
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    return 'not shown at all, and no script may run'
  })

  row('L12', 'error beside a code, repeated, array and object parameters', async () => {
    const code = (): string => open.codeFor()
    const queries = [
      () => 'code=1&code=2&state=acme',
      () => `code=${code()}&code=${code()}&state=acme`,
      () => `code[]=${code()}&state=acme`,
      () => `code[a]=${code()}&state=acme`,
      () => `code=${code()}&state[a]=b`,
      () => `code=${code()}&state=acme&state=acme`,
      () => `code=${code()}&state=acme&appid=acme&appid=acme`,
      () => `code=${code()}&state=acme&host_url[]=x`,
      () => `error=access_denied&error=x&state=acme&code=${code()}`,
    ]
    for (const query of queries) {
      await open.refused(SAYS.bad, (headers) =>
        open.browser().get(`/amazon_auth?${query()}`, headers),
      )
      await open.refused(SAYS.bad, (headers) =>
        open.browser().send('/amazon_auth', { form: query(), headers }),
      )
    }
    await open.refused(SAYS.bad, (headers) =>
      open
        .browser()
        .send(`/amazon_auth?code=${code()}`, { form: `code=${code()}&state=acme`, headers }),
    )
    await open.refused(SAYS.denied, (headers) =>
      open.browser().get(`/amazon_auth?error=access_denied&code=${code()}&state=acme`, headers),
    )
    return `${queries.length + 2} forms, GET and POST: refused, 0 calls to Amazon`
  })

  row('L15', 'a code of more than 2 KiB, a state of more than 1 KiB', async () => {
    const queries = [
      `code=${'x'.repeat(2049)}&state=acme`,
      `code=1&state=acme~${'x'.repeat(1020)}`,
      `code=1&state=acme&appid=${'x'.repeat(1025)}`,
    ]
    for (const query of queries) {
      await open.refused(SAYS.bad, (headers) =>
        open.browser().get(`/amazon_auth?${query}`, headers),
      )
      await open.refused(SAYS.bad, (headers) =>
        open.browser().send('/amazon_auth', { form: query, headers }),
      )
    }
    const server = await startServer()
    const answer = await server.browser().get(`/amazon_auth?code=${'x'.repeat(9000)}`)
    const calls = server.emulator.journal.count()
    await server.close()
    expect([answer.status, calls]).toEqual([414, 0])
    return 'refused, 0 calls to Amazon; an address of 9 KiB is 414'
  })

  row('L16', 'redirect_uri of both legs, however the server is mounted and reached', async () => {
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.example.com' }
    const own = { acme: { ...APPS.acme, publicUrl: 'https://own.example.com/' } }
    const cases: [HostOptions, string, string, Record<string, string>?][] = [
      [{}, '/amazon_auth?state=acme', '<origin>/amazon_auth'],
      [{}, '/amazon_auth?appid=acme', '<origin>/amazon_auth?appid=acme'],
      [
        {},
        '/amazon_auth?state=acme&host_url=https://a.example/x%20y&appid=app%3Aacme',
        '<origin>/amazon_auth?host_url=https%3A%2F%2Fa.example%2Fx+y&appid=app%3Aacme',
      ],
      [{ mount: '/auth' }, '/auth/amazon_auth?state=acme', '<origin>/auth/amazon_auth'],
      [
        { options: { publicUrl: 'https://auth.example.com/base/' }, mount: '/auth' },
        '/auth/amazon_auth?state=acme&appid=acme',
        'https://auth.example.com/base/auth/amazon_auth',
        { host: 'auth.example.com' },
      ],
      [
        { options: { apps: own } },
        '/amazon_auth?state=acme',
        'https://own.example.com/amazon_auth',
        { host: 'own.example.com' },
      ],
      [
        { before: (app) => app.set('trust proxy', 'loopback') },
        '/amazon_auth?state=acme',
        'https://shop.example.com/amazon_auth',
        forwarded,
      ],
    ]
    for (const [setup, begin, expected, headers] of cases) {
      await withWorld(setup, async (world) => {
        const browser = world.browser()
        const begun = await browser.get(begin, headers)
        const { search } = new URL(await world.emulator.allow(begun.location))
        // A proxy in front may take off the first part of the path.
        await browser.get(begin.replace(/\?.*/, search), headers)
        const [first] = world.emulator.journal.entries({ path: '/ap/oa' })
        const [second] = world.emulator.journal.entries({ path: '/auth/o2/token' })
        expect(first?.query.redirect_uri).toBe(expected.replace('<origin>', world.origin))
        expect(second?.body.redirect_uri).toBe(first?.query.redirect_uri)
      })
    }
    return `${cases.length} ways: identical bytes in both requests`
  })

  row('L16', 'the stand-alone server with a public_url', async () => {
    const place = new Workplace()
    const { emulator } = open
    place.write('application.conf', [
      'para.port = 0',
      'para.host = "127.0.0.1"',
      'para.public_url = "https://auth.example.com/sign-in"',
      `para.az_app_id = "${ROOT.clientId}"`,
      `para.az_secret = "${ROOT.clientSecret}"`,
      `para.amazon.authorize_url = "${emulator.authorizeUrl}"`,
      `para.amazon.api_url = "${emulator.apiUrl}"`,
      'para.apps.own { public_url = "https://own.example.com" }',
    ])
    const server = await place.listen(['serve', '--allow-emulator'])
    const printed = Array.from(
      server.stdout.matchAll(/"redirect_uri":"([^"]*)"/g),
      ([, uri]) => uri,
    )
    expect(printed).toEqual([
      'https://auth.example.com/sign-in/amazon_auth',
      'https://own.example.com/amazon_auth',
    ])
    const host = 'auth.example.com'
    const begun = await new Browser(server.origin).get('/amazon_auth', { host })
    await place.clear()
    expect(redirectUriOf(begun)).toBe(printed[0])
    return `printed at start: ${printed.join(' and ')}`
  })
})

describe('addresses that a request names', () => {
  row('L17', 'forged and malformed Host headers, with public_url', async () => {
    const publicUrl = 'https://auth.example.com'
    const seen = new Set<string>()
    await withWorld({ options: { publicUrl } }, async (world) => {
      for (const host of [
        'evil.test',
        'evil.test:443',
        '[::1]',
        'a b',
        'evil.test/x',
        '@evil.test',
      ]) {
        const browser = world.browser()
        const sentOn = await browser.get('/amazon_auth?state=acme', { host })
        const isReadable = /^(?:evil\.test(?::443)?|\[::1\])$/.test(host)
        if (isReadable) expect(sentOn.location).toMatch(`${publicUrl}/amazon_auth?state=acme&`)
        const query = isReadable ? new URL(sentOn.location).search : '?state=acme'
        const begun = await browser.get(`/amazon_auth${query}`, { host })
        seen.add(redirectUriOf(begun))
        expect(begun.setCookies.join()).not.toMatch(/domain/i)
        const back = new URL(await world.emulator.allow(begun.location))
        const answer = await browser.get(back.pathname + back.search, { host })
        expect(answer).toMatchObject({ status: 302, location: '/' })
        expect(answer.setCookies.join()).not.toMatch(/domain|evil/i)
      }
    })
    expect([...seen]).toEqual([`${publicUrl}/amazon_auth`])
    return '6 hosts: one redirect_uri, cookies without Domain'
  })

  row('L17', 'forged and malformed Host headers, without public_url', async () => {
    await withWorld({}, async (world) => {
      for (let n = 0; n < 3; n++) {
        const begun = await world.browser().get('/amazon_auth?state=acme', { host: 'other.test' })
        expect(redirectUriOf(begun)).toBe('http://other.test/amazon_auth')
      }
      const warnings = world.log.filter(({ message }) => message.includes('public_url is not set'))
      expect(warnings).toMatchObject([{ level: 'warn', facts: { app: 'acme' } }])
      for (const host of ['a b', 'a/b', '@evil.test', 'x".test', 'evil.test?', 'evil.test#']) {
        await world.refused(SAYS.bad, (headers) =>
          world.browser().get('/amazon_auth?code=1&state=acme', { ...headers, host }),
        )
      }
      const foreign = await world.browser().get('/amazon_auth?state=strict', { host: 'evil.test' })
      expect(foreign).toMatchObject({ status: 302, location: FAILED + encoded(SAYS.bad) })
      const local = await world.browser().get('/amazon_auth?state=strict')
      expect(redirectUriOf(local)).toBe(`${world.origin}/amazon_auth`)
    })
    return 'compat: followed, 1 warning; strict: refused, but for this machine itself; malformed: refused'
  })

  row('L18', 'forged forwarding headers, from trusted and untrusted addresses', async () => {
    const forged = [
      { 'x-forwarded-proto': 'javascript' },
      { 'x-forwarded-proto': 'https,http' },
      { 'x-forwarded-proto': 'evil://x' },
      { 'x-forwarded-proto': 'https' },
      { 'x-forwarded-host': 'evil.test' },
      { 'cloudfront-forwarded-proto': 'https' },
      { forwarded: 'host=evil.test;proto=https' },
    ]
    await withWorld({}, async (world) => {
      for (const headers of forged) {
        const begun = await world.browser().get('/amazon_auth?state=acme', headers)
        expect(redirectUriOf(begun)).toBe(`${world.origin}/amazon_auth`)
        expect(begun.setCookies.join()).not.toContain('Secure')
      }
    })
    const trusting: HostOptions = { before: (app) => app.set('trust proxy', 'loopback') }
    await withWorld(trusting, async (world) => {
      const uriWith = async (headers: Record<string, string>) =>
        redirectUriOf(await world.browser().get('/amazon_auth?state=acme', headers))
      const own = `${world.origin}/amazon_auth`
      for (const proto of ['javascript', 'evil://x', 'ftp', 'HTTPS://', '', ',https']) {
        expect(await uriWith({ 'x-forwarded-proto': proto })).toBe(own)
      }
      expect(await uriWith({ 'x-forwarded-proto': 'https,http' })).toBe(
        own.replace('http', 'https'),
      )
      expect(await uriWith({ 'cloudfront-forwarded-proto': 'https', host: 'x.test' })).toBe(
        'https://x.test/amazon_auth',
      )
      expect(await uriWith({ 'x-forwarded-host': 'a.test, b.test' })).toBe(
        'http://a.test/amazon_auth',
      )
    })
    return `untrusted: ${forged.length} forgeries change nothing; trusted: only http and https, the first of several`
  })

  row('L19', 'https public_url, reached by http from a proxy on this machine', async () => {
    const lines: string[] = []
    const setup = { options: { publicUrl: 'https://auth.example.com' } }
    await withWorld(setup, async (world) => {
      for (const proto of [{}, { 'x-forwarded-proto': 'https' }, { 'x-forwarded-proto': 'http' }]) {
        const browser = world.browser()
        const headers = { host: 'auth.example.com', ...proto }
        const begun = await browser.get('/amazon_auth?state=acme', headers)
        const back = new URL(await world.emulator.allow(begun.location))
        const answer = await browser.get(back.pathname + back.search, headers)
        lines.push(...begun.setCookies, ...answer.setCookies)
        expect(await isSignedIn(browser)).toBe(true)
      }
    })
    const held = lines.filter((line) => !line.includes('1970'))
    expect(held.length).toBeGreaterThanOrEqual(9)
    for (const line of held) expect(line).toMatch(/^__Host-.*; Secure/)
    return `${held.length} cookies: all Secure and __Host-`
  })
})

describe('where the answer goes', () => {
  const APP = 'https://app.example.com'
  const LISTED = [APP, 'https://one.example.com', 'https://two.example.com:8443']

  /** The return leg with a host_url, of an app that hands out ID tokens. */
  async function returnWith(hostUrl: string): Promise<Answer> {
    const query = new URLSearchParams({ host_url: hostUrl }).toString()
    const code = open.emulator.issueCode({
      clientId: ZENITH.clientId,
      redirectUri: `${open.origin}/amazon_auth?${query}`,
    })
    return open.browser().get(`/amazon_auth?${query}&code=${code}&state=zenith`)
  }

  row(
    'L20',
    'host_url that begins like a listed origin, and others that are not listed',
    async () => {
      const forms = [
        'https://app.example.co',
        'https',
        'https:',
        'https:/',
        'https://',
        'https://app',
        'https://app.example.com.evil.test',
        'https://app.example.com:444',
        'http://app.example.com',
        'https://one.example.co',
        'https://two.example.com',
        'https://evil.test',
      ]
      for (const hostUrl of forms) {
        const answer = await returnWith(hostUrl)
        expect(answer).toMatchObject({ status: 302, location: APP })
        expect(answer.setCookies.join()).not.toContain('amazon-auth=')
        const browser = open.browser()
        const begin = `/amazon_auth?state=zenith&host_url=${encoded(hostUrl)}`
        expect((await open.signIn(browser, begin)).location).toBe(APP)
        expect(await isSignedIn(browser, 'zenith')).toBe(false)
      }
      for (const origin of LISTED) {
        for (const hostUrl of [origin, `${origin}/`, `${origin}/other?x=1`]) {
          const { location } = await returnWith(hostUrl)
          expect(location).toMatch(/\/in\?jwt=ey/)
          expect(new URL(location).origin).toBe(origin)
        }
      }
      return `${forms.length} forms, on either leg: the bare origin, no token, no session; the ${LISTED.length} listed origins get theirs`
    },
  )

  row('L21', 'host_url in odd forms', async () => {
    const within = [
      'HTTPS://APP.EXAMPLE.COM',
      'https://App.Example.Com:443/',
      'https://ONE.example.com/%2e%2e/',
    ]
    const without = [
      'https://app.example.com@evil.test',
      'https://user:pw@app.example.com',
      'https://@app.example.com',
      'https://evil.test\\@app.example.com',
      'https://app.example.com\\.evil.test',
      'https:\\\\app.example.com',
      '\\\\app.example.com',
      'https://app.example\t.com',
      '\thttps://app.example.com',
      ' https://evil.test',
      'https://app.example.com\r\nX: 1',
      '//app.example.com',
      '//evil.test',
      '/app.example.com',
      '///evil.test',
      'https:///evil.test',
      'https:evil.test',
      'https://app.example.com.',
      'https://app.example.com./',
      'https://аpp.example.com',
      'https://xn--pp-6kc.example.com',
      'https://app。example。com',
      'https://app%2eexample.com',
      'https://app.example.com%2eevil.test',
      'https://app.example.com%00.evil.test',
      'https://app.example.com:8443',
      'https://one.example.com:99999',
      'https://app.example.com:443:443',
      'https://evil.test#https://app.example.com',
      'https://evil.test?https://app.example.com',
      'javascript:alert(1)//https://app.example.com',
      'data:text/html,https://app.example.com',
      'app.example.com',
      'https://[::1]',
      'https://0x7f.1',
      'null',
      'myapp://app.example.com',
      'ftp://app.example.com',
      'https://app.example.com\u0000',
      'https://app.example.com\u0085.evil.test',
    ]
    for (const hostUrl of within) {
      const { location } = await returnWith(hostUrl)
      expect(LISTED).toContain(new URL(location).origin)
      expect(location).toMatch(/\/in\?jwt=ey/)
    }
    for (const hostUrl of without) {
      const answer = await returnWith(hostUrl)
      expect({ hostUrl, status: answer.status, location: answer.location }).toEqual({
        hostUrl,
        status: 302,
        location: APP,
      })
      expect(answer.setCookies.join()).not.toContain('amazon-auth=')
    }
    return `${without.length} forms: the bare origin of the app, no token; ${within.length} spellings of listed origins: theirs`
  })

  row('L22', 'alias numbers out of range or malformed', async () => {
    const states = [
      '|99',
      '|-1',
      '|1e1',
      '|١',
      '|0|1',
      '|',
      '|x',
      '| 1',
      '|+1',
      '|0x1',
      '|1.0',
      '|99999',
    ]
    for (const suffix of states) {
      const state = `zenith${suffix}`
      const code = open.codeFor(ZENITH.clientId)
      const bare = await open.browser().get(`/amazon_auth?code=${code}&state=${encoded(state)}`)
      const begun = await open.signIn(open.browser(), `/amazon_auth?state=${encoded(state)}`)
      for (const { location } of [bare, begun]) {
        expect(location).toMatch(/^https:\/\/app\.example\.com\/in\?jwt=ey/)
      }
    }
    return `${states.length} numbers, on either leg: the default front end, no error`
  })

  row('L23', 'open redirects through returnto, para-returnto and sign-out', async () => {
    const evil = [
      '//evil.test',
      '///evil.test',
      '/\\evil.test',
      '\\\\evil.test',
      '/%09/evil.test',
      '/\t/evil.test',
      '/\u0085/evil.test',
      '/\u0085\\evil.test',
      '/%5cevil.test',
      '/%2f/evil.test',
      'https://evil.test/x',
      'http:evil.test',
      'javascript:alert(1)',
      'orders',
      '/a\r\nSet-Cookie: x=1',
      'https://app.example.com@evil.test',
      '/é\u0000',
    ]
    for (const path of evil) {
      const begin = `/amazon_auth?state=acme&returnto=${encoded(path)}`
      expect((await open.signIn(open.browser(), begin)).location).toBe('/')
      const browser = open.browser()
      browser.cookies.set('para-returnto', base64(path))
      expect((await open.signIn(browser, '/amazon_auth?state=acme')).location).toBe('/')
      expect(browser.cookies.has('para-returnto')).toBe(false)
      const out = await browser.send(`/amazon_auth/logout?returnto=${encoded(path)}`, {
        method: 'POST',
      })
      expect(out.location).toBe('/')
    }
    for (const path of ['/orders?a=1#b', `${open.origin}/orders`]) {
      const begin = `/amazon_auth?state=acme&returnto=${encoded(path)}`
      expect((await open.signIn(open.browser(), begin)).location).toBe(path)
    }
    return `${evil.length} forms in three places: /`
  })

  row('L24', 'relative, empty and missing signin_success, with and without host_url', async () => {
    const server = await startServer()
    const targets: [string, RegExp][] = [
      ['', /^\/$/],
      ['/', /^\/$/],
      ['/in?jwt=id', /^\/in\?jwt=ey/],
    ]
    let answers = 0
    for (const [n, [signinSuccess, expected]] of targets.entries()) {
      const name = `relative${n}`
      await server.createApp(name, { signin_success: signinSuccess })
      expect((await signInTo(name)).location).toMatch(expected)
      for (const hostUrl of ['https://evil.test', 'null', '/', '', server.origin]) {
        const { location } = await signInTo(name, hostUrl)
        expect(location).toMatch(hostUrl === '' || hostUrl === server.origin ? expected : /^\/$/)
        answers += 1
      }
    }
    for (const hostUrl of ['', 'https://evil.test', 'null']) {
      expect((await signInTo('root', hostUrl)).location).toBe('/')
      answers += 1
    }
    await server.close()
    return `${answers} answers: the path itself or /, never null://null`

    async function signInTo(app: string, hostUrl?: string): Promise<Answer> {
      const named = app === 'root' ? '' : `&state=${app}`
      const from = hostUrl === undefined ? '' : `&host_url=${encoded(hostUrl)}`
      const browser = server.browser()
      const begun = await browser.get(`/amazon_auth?x=1${named}${from}`)
      return browser.get(await server.emulator.allow(begun.location))
    }
  })

  row('L25', 'status of every redirect, by GET and POST', async () => {
    const seen = new Set<string>()
    for (const app of ['acme', 'zenith', 'nope']) {
      for (const good of [true, false]) {
        const code = (): string =>
          good && app !== 'nope'
            ? open.codeFor(app === 'acme' ? ACME.clientId : ZENITH.clientId)
            : 'bad'
        const got = await open.browser().get(`/amazon_auth?code=${code()}&state=${app}`)
        const posted = await open
          .browser()
          .send('/amazon_auth', { form: { code: code(), state: app } })
        expect([got.status, posted.status]).toEqual([302, 303])
        expect(got.location.replace(/jwt=.*/, '')).toBe(posted.location.replace(/jwt=.*/, ''))
        seen.add(got.location.replace(/jwt=.*/, ''))
      }
      expect((await open.browser().get(`/amazon_auth?state=${app}`)).status).toBe(302)
    }
    const out = await open.browser().send('/amazon_auth/logout', { method: 'POST' })
    expect(out.status).toBe(303)
    return `302 to GET, 303 to POST, at ${seen.size} targets; never 307 or 308`
  })

  row('L26', 'headers of every kind of answer about signing in', async () => {
    const server = await startServer()
    const shop = await server.createApp('shop', {
      signin_success: 'https://shop.example/in?jwt=id',
    })
    const asks: [string, Ask?][] = [
      ['/amazon_auth?state=shop'],
      ['/amazon_auth?code=bad&state=shop'],
      ['/amazon_auth?state=shop', { headers: { accept: 'application/json' } }],
      ['/amazon_auth?code=bad&state=nope', { headers: { accept: 'application/json' } }],
      ['/amazon_auth', { method: 'HEAD' }],
      ['/amazon_auth', { method: 'PUT' }],
      ['/amazon_auth', { method: 'OPTIONS' }],
      ['/amazon_auth?state=shop', { headers: { 'sec-purpose': 'prefetch' } }],
      ['/amazon_auth', { form: `code=${'x'.repeat(40_000)}` }],
      [
        '/amazon_auth',
        {
          form: 'code=1',
          headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-7' },
        },
      ],
      ['/amazon_auth/logout'],
      ['/amazon_auth/logout', { method: 'POST' }],
      ['/amazon_auth/logout', { method: 'POST', headers: { accept: 'application/json' } }],
      ['/passwordless_auth?appid=shop&token=x'],
      ['/passwordless_auth?appid=shop&token=x&redirect=false'],
      ['/jwt_auth'],
      ['/jwt_auth', { method: 'POST' }],
      ['/jwt_auth', { method: 'PUT' }],
      ['/jwt_auth', { method: 'DELETE' }],
      ['/v1/_me'],
      ['/v1/_setup/x'],
    ]
    const answers = await Promise.all(asks.map(([path, ask]) => server.browser().send(path, ask)))
    const browser = server.browser()
    const begun = await browser.get('/amazon_auth?state=shop')
    answers.push(await browser.get(await server.emulator.allow(begun.location)))
    server.emulator.faults.set({ endpoint: 'token', fault: 'reset' })
    answers.push(
      await server.browser().get('/amazon_auth?code=1&state=shop', { accept: 'application/json' }),
    )
    await server.close()
    expect(shop.accessKey).toBe('app:shop')
    for (const [n, { status, headers }] of answers.entries()) {
      const ask = [n, status]
      expect([ask, headers['referrer-policy']]).toEqual([ask, 'no-referrer'])
      expect([ask, headers['cache-control']]).toEqual([ask, 'no-store'])
    }
    expect(answers.at(-2)?.location).toMatch(/jwt=ey/)
    const statuses = new Set(answers.map(({ status }) => status))
    return `${answers.length} answers of ${statuses.size} statuses: no-referrer and no-store on each`
  })

  row('L26', 'the same in a host of its own error handling', async () => {
    const oversized = await open
      .browser()
      .send('/amazon_auth', { form: `code=${'x'.repeat(40_000)}` })
    expect(oversized).toMatchObject({
      status: 413,
      headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    })
    const elsewhere = await open.browser().get('/whoami')
    expect(elsewhere.headers['referrer-policy']).toBeUndefined()
    return 'a form that is too large is 413 with both headers; the pages of the host keep theirs'
  })

  row('L27', 'line ends in every parameter and in the cookie', async () => {
    const crlf = '%0d%0aSet-Cookie:%20evil=1%0d%0aX-Evil:%201'
    const paths = [
      `/amazon_auth?error=access_denied${crlf}&state=acme`,
      `/amazon_auth?error=access_denied&error_description=${crlf}&state=zenith`,
      `/amazon_auth?code=1${crlf}&state=acme`,
      `/amazon_auth?code=1&state=acme${crlf}`,
      `/amazon_auth?code=1&state=acme~${crlf}`,
      `/amazon_auth?code=1&appid=acme${crlf}`,
      `/amazon_auth?code=1&state=zenith&host_url=https://one.example.com${crlf}`,
      `/amazon_auth?code=1&state=zenith&host_url=${crlf}`,
      `/amazon_auth?state=acme${crlf}`,
      `/amazon_auth?state=acme&returnto=/a${crlf}`,
      `/amazon_auth?state=acme&host_url=https://one.example.com${crlf}`,
      `/amazon_auth?appid=acme${crlf}`,
      `/passwordless_auth?appid=acme${crlf}&token=x${crlf}`,
    ]
    for (const path of paths) expectClean(await open.browser().get(path))
    const browser = open.browser()
    browser.cookies.set('para-returnto', base64('/a\r\nSet-Cookie: evil=1'))
    expectClean(await open.signIn(browser, '/amazon_auth?state=acme'))
    const out = await browser.send(`/amazon_auth/logout?returnto=/a${crlf}`, { method: 'POST' })
    expectClean(out)
    return `${paths.length + 2} places: one clean Location each, never 500`

    function expectClean({ status, rawHeaders, location }: Answer): void {
      expect([302, 303]).toContain(status)
      const names = rawHeaders.filter((_, n) => n % 2 === 0).map((name) => name.toLowerCase())
      expect(names.filter((name) => name === 'location')).toHaveLength(1)
      expect(names).not.toContain('x-evil')
      expect(rawHeaders.join('\n')).not.toMatch(/^evil=/m)
      expect(location).toMatch(/^[\x21-\x7e]+$/)
    }
  })

  row('L28', 'HEAD, OPTIONS, PUT, DELETE, PATCH and pages fetched ahead', async () => {
    const refusals: Ask[] = [
      ...['HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH'].map((method) => ({ method })),
      ...[
        { 'sec-purpose': 'prefetch' },
        { 'sec-purpose': 'prefetch;prerender' },
        { purpose: 'prefetch' },
        { 'x-purpose': 'preview' },
        { 'x-moz': 'prefetch' },
      ].map((headers) => ({ headers })),
    ]
    for (const ask of refusals) {
      open.emulator.journal.clear()
      const bare = `/amazon_auth?code=${open.codeFor()}&state=acme`
      const browser = open.browser()
      const bound = await open.returnUrl(browser)
      const jar = new Map(browser.cookies)
      for (const path of [bare, bound]) {
        const refused = await browser.send(path, ask)
        expect(refused.status).toBe(405)
        expect(refused.headers.allow).toBe('GET, POST')
      }
      expect(open.callsToAmazon()).toBe(0)
      expect(browser.cookies).toEqual(jar)
      expect((await browser.get(bound)).location).toBe('/')
      const other = open.browser()
      await other.get(bare)
      expect(await isSignedIn(other)).toBe(true)
    }
    return `${refusals.length} kinds: 405, 0 calls to Amazon; the GET that follows signs in`
  })
})

describe('who signs in', () => {
  row('L29', 'a locked user, compat and strict', async () => {
    for (const world of [open, strict]) {
      await world.signIn(world.browser(), '/amazon_auth?state=acme', ben)
      const [user] = world.store.rows(
        'SELECT id FROM users WHERE identifier = ?',
        `az:${String(ben)}`,
      )
      world.store.run('UPDATE users SET active = 0 WHERE id = ?', user?.id)
      await world.refused(
        SAYS.bad,
        async (headers) => {
          const browser = world.browser()
          const answer = await browser.get(await world.returnUrl(browser, undefined, ben), headers)
          const told = JSON.stringify([answer.rawHeaders, answer.body])
          expect(told).not.toContain(String(user?.id))
          expect(told).not.toContain(ben)
          return answer
        },
        { calls: 2 },
      )
      const [failure] = world.log.filter(({ facts }) => facts.code === 'account_locked')
      expect(failure?.facts).toMatchObject({ app: 'acme', user: user?.id })
      world.store.run('UPDATE users SET active = 1')
    }
    return 'refused as "Bad credentials.", no id in the answer; the log names the user'
  })

  describe('by an Amazon token', () => {
    const REFUSED = "Failed to authenticate user with 'amazon'. Check if user is active."
    let server: TestServer
    let shop: Keys
    beforeAll(async () => {
      server = await startServer()
      shop = await server.createApp('shop')
      await server.createApp('other')
    })
    afterAll(() => server.close())
    beforeEach(() => {
      server.emulator.faults.clear()
      server.emulator.journal.clear()
    })

    const countUsers = async (): Promise<number> =>
      (await server.call('GET /v1/users', { as: shop })).json.totalHits
    const signInWith = (token: string) =>
      server.call('POST /jwt_auth', { body: { provider: 'amazon', appid: 'shop', token } })

    row('L30', 'a token that Amazon issued to another client', async () => {
      const foreign = server.amazonToken('other', ben)
      const answer = await signInWith(foreign)
      expect(answer).toMatchObject({ status: 400, json: { code: 400, message: REFUSED } })
      const [asked, ...rest] = server.emulator.journal.entries()
      expect(rest).toEqual([])
      expect(asked).toMatchObject({ path: '/auth/o2/tokeninfo', query: {} })
      expect(asked?.headers['x-amz-access-token']).toBe(foreign)
      expect(await countUsers()).toBe(0)
      expect((await signInWith(server.amazonToken('shop', ben))).status).toBe(200)
      return '400, asked at tokeninfo with the token in a header, nothing stored; its own token signs in'
    })

    row('L31', 'tokeninfo and profile at odds, or down', async () => {
      const before = await countUsers()
      const lies = [
        ['tokeninfo', 'wrong_aud'],
        ['tokeninfo', 'wrong_iss'],
        ['tokeninfo', 'user_id_mismatch'],
        ['tokeninfo', 'user_id_missing'],
        ['profile', 'user_id_mismatch'],
      ] as const
      for (const [endpoint, fault] of lies) {
        server.emulator.faults.set({ endpoint, fault })
        const answer = await signInWith(server.amazonToken('shop', ada))
        expect([fault, answer.status]).toEqual([fault, fault === 'user_id_missing' ? 503 : 400])
        server.emulator.faults.clear()
      }
      server.emulator.journal.clear()
      const outages = [
        'http_503',
        'http_500',
        'reset',
        'html_captcha',
        'json_object_empty',
      ] as const
      for (const fault of outages) {
        server.emulator.faults.set({ endpoint: 'tokeninfo', fault })
        const answer = await signInWith(server.amazonToken('shop', ada))
        expect([fault, answer.status]).toEqual([fault, 503])
        expect(answer.headers['retry-after']).toMatch(/^\d+$/)
        expect(server.emulator.journal.count('/user/profile')).toBe(0)
      }
      expect(await countUsers()).toBe(before)
      return `${lies.length} contradictions and ${outages.length} outages: 400 or 503, no user`
    })
  })

  /** A world whose people may change what Amazon knows of them. */
  async function withPeople<T>(
    work: (world: LoginWorld, people: Record<'first' | 'second', Mutable>) => Promise<T>,
    options: HostOptions['options'] = {},
  ): Promise<T> {
    const first: Mutable = {
      userId: 'amzn1.account.FIRST',
      name: 'First',
      email: 'one@example.com',
    }
    const second: Mutable = {
      userId: 'amzn1.account.SECOND',
      name: 'Second',
      email: 'one@example.com',
    }
    return withWorld({ people: [first, second] as Person[], options }, (world) =>
      work(world, { first, second }),
    )
  }
  interface Mutable {
    userId: string
    name?: unknown
    email?: unknown
  }
  const usersOf = (world: LoginWorld, app = 'acme') =>
    world.store.rows('SELECT * FROM users WHERE app_id = ? ORDER BY created_at, id', app)

  row('L32', "a new Amazon account with a known user's email", async () => {
    const linking = { acme: { ...APPS.acme, security: { linkByEmail: true } } }
    const both = { acme: { ...APPS.acme, security: { linkByEmail: true, strict: true } } }
    const results: number[] = []
    for (const apps of [APPS, linking, both]) {
      await withPeople(
        async (world, { first, second }) => {
          await world.signIn(world.browser(), '/amazon_auth?state=acme', first.userId)
          const [seeded] = usersOf(world)
          const browser = world.browser()
          await world.signIn(browser, '/amazon_auth?state=acme', second.userId)
          const users = usersOf(world)
          results.push(users.length)
          if (users.length === 1) {
            expect(users[0]).toMatchObject({ id: seeded?.id, identifier: `az:${second.userId}` })
          } else {
            expect(users[0]).toEqual(seeded)
            expect(users[1]).toMatchObject({
              identifier: `az:${second.userId}`,
              email: 'one@example.com',
            })
            expect(JSON.parse((await browser.get('/acme')).body).id).toBe(users[1]?.id)
          }
        },
        { apps },
      )
    }
    expect(results).toEqual([2, 1, 2])
    return 'a second user, the first as it was; linked only with security.link_by_email, and never where strict'
  })

  row('L33', "a known user whose new email is another user's", async () => {
    for (const linkByEmail of [false, true]) {
      await withPeople(
        async (world, { first, second }) => {
          second.email = 'two@example.com'
          for (const { userId } of [first, second]) {
            await world.signIn(world.browser(), '/amazon_auth?state=acme', userId)
          }
          const [owner, other] = usersOf(world)
          second.email = 'one@example.com'
          const browser = world.browser()
          await world.signIn(browser, '/amazon_auth?state=acme', second.userId)
          expect(await isSignedIn(browser)).toBe(true)
          const [ownerAfter, otherAfter, ...more] = usersOf(world)
          expect(ownerAfter).toEqual(owner)
          expect(otherAfter).toMatchObject({ id: other?.id, email: 'one@example.com' })
          expect(more).toEqual([])
        },
        { security: { linkByEmail } },
      )
    }
    return "signed in, the other user's row unchanged byte for byte, with and without link_by_email"
  })

  row('L34', 'the row of a user, which holds the identifier too, deleted by SQL', async () => {
    await withPeople(async (world, { first, second }) => {
      await world.signIn(world.browser(), '/amazon_auth?state=acme', second.userId)
      const browser = world.browser()
      const url = await world.returnUrl(browser, undefined, first.userId)
      await browser.get(url)
      const [sameEmail, victim] = usersOf(world)
      world.store.run('DELETE FROM users WHERE id = ?', victim?.id)
      expect(await isSignedIn(browser)).toBe(false)
      await world.refused(SAYS.expired, (headers) => browser.clone().get(url, headers))
      const again = world.browser()
      await world.signIn(again, '/amazon_auth?state=acme', first.userId)
      const [untouched, fresh, ...more] = usersOf(world)
      expect(untouched).toEqual(sameEmail)
      expect(fresh).toMatchObject({ identifier: `az:${first.userId}`, session_epoch: 0 })
      expect(fresh?.id).not.toBe(victim?.id)
      expect(more).toEqual([])
    })
    return 'session and return URL refused; the next login makes a new user and leaves the one of the same email alone'
  })

  row('L35', 'profiles without email or name, null and blank', async () => {
    let variants = 0
    for (const blank of [undefined, null, '', '  ', '\t\n']) {
      await withPeople(async (world, { first }) => {
        first.email = blank
        first.name = blank
        await world.signIn(world.browser(), '/amazon_auth?state=acme', first.userId)
        const [user] = usersOf(world)
        expect(user).toMatchObject({
          email: `${String(user?.id)}@amazon.com`,
          name: 'No Name',
          picture: 'https://www.gravatar.com/avatar/?d=mm&size=400',
        })
        Object.assign(first, { email: 'kept@example.com', name: 'Kept' })
        await world.signIn(world.browser(), '/amazon_auth?state=acme', first.userId)
        Object.assign(first, { email: blank, name: blank })
        await world.signIn(world.browser(), '/amazon_auth?state=acme', first.userId)
        expect(usersOf(world)).toMatchObject([{ email: 'kept@example.com', name: 'Kept' }])
        variants += 1
      })
    }
    return `${variants} variants: <id>@amazon.com, "No Name", a picture without hash; what is known is never blanked`
  })

  row('L36', 'nested, large, foreign and broken profiles', async () => {
    await withPeople(async (world, { first }) => {
      const signIn = async (): Promise<Record<string, unknown>> => {
        const answer = await world.signIn(world.browser(), '/amazon_auth?state=acme', first.userId)
        expect(answer).toMatchObject({ status: 302, location: '/' })
        return usersOf(world)[0] ?? {}
      }
      for (const fault of ['nested_profile', 'extra_fields'] as const) {
        world.emulator.faults.set({ endpoint: 'profile', fault })
        expect(await signIn()).toMatchObject({ name: 'First', email: 'one@example.com' })
      }
      world.emulator.faults.clear()
      const names = [
        'Zoë 👩‍👩‍👧‍👦 अदिति 林',
        '\u202eevil',
        "Robert'); DROP TABLE users;--",
        '<b>x</b>',
        '  spaced  ',
      ]
      for (const name of names) {
        first.name = name
        expect(await signIn()).toMatchObject({ name })
      }
      first.name = '😀'.repeat(10_000)
      expect(await signIn()).toMatchObject({ name: '😀'.repeat(256) })
      first.name = 'a'.repeat(10_240)
      expect(await signIn()).toMatchObject({ name: 'a'.repeat(256) })
      first.name = 'half \ud83d'
      expect(String((await signIn()).name)).toMatch(/^half /)
      first.name = 'Last'
      first.email = `${'a'.repeat(300)}@example.com`
      expect(await signIn()).toMatchObject({ name: 'Last', email: 'one@example.com' })
      for (const broken of [
        { name: 'a\0b' },
        { email: 'a\0@example.com' },
        { email: 'a\ud83d@example.com' },
        { userId: 'amzn1.\0' },
      ]) {
        const whole = { ...first }
        Object.assign(first, { email: 'one@example.com' }, broken)
        await world.refused(
          SAYS.bad,
          (headers) =>
            world
              .browser()
              .get(
                `/amazon_auth?code=${world.codeFor(ACME.clientId, first.userId)}&state=acme`,
                headers,
              ),
          { calls: 2 },
        )
        Object.assign(first, whole)
      }
      expect(usersOf(world)).toHaveLength(1)
    })
    return 'both shapes and any Unicode kept as sent; names cut at 256 characters, emails over 254 left out; NUL refused; never 500'
  })
})

function loginCookies({ cookies }: Browser): string[] {
  return Array.from(cookies.keys()).filter((name) => name.startsWith('amazon-login.'))
}

/** Copies of these bytes, each with one byte changed by one of the masks. */
function* flips(bytes: Buffer, masks: readonly number[]): Iterable<Buffer> {
  for (const at of bytes.keys()) {
    for (const mask of masks) {
      const copy = Buffer.from(bytes)
      copy[at] = (copy[at] ?? 0) ^ mask
      yield copy
    }
  }
}
