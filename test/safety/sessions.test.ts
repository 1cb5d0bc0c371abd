import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { decode, sign, type JwtPayload } from 'jsonwebtoken'

import { requireUser } from '../../src'
import { PEOPLE, startEmulator } from '../../src/emulator'
import {
  callAt,
  claimsOf,
  ROOT_KEYS,
  startServer,
  type ApiAnswer,
  type Keys,
  type TestServer,
} from '../support/api'
import { Browser, type Answer } from '../support/browser'
import { startHost, ZENITH, type Host, type HostOptions } from '../support/host'
import { row, sized } from '../support/row'
import { withStoppedClock } from '../support/stop-clock'
import { StoreFile } from '../support/store-file'
import { Workplace } from '../integration/server/command-line'

const [ada, ben] = PEOPLE.map(({ userId }) => userId)
const DAY_MS = 86_400_000
const COOKIE = 'amazon-auth'

let file: StoreFile
let server: TestServer
let shop: Keys
const running: { close(): Promise<void> }[] = []

beforeAll(async () => {
  file = new StoreFile()
  server = await startServer({ conf: file.conf })
  shop = await server.createApp('shop')
  await server.createApp('other')
})
afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.close()
})
afterAll(async () => {
  await server.close()
  file.remove()
})

async function start(conf = ''): Promise<TestServer> {
  const started = await startServer({ conf })
  running.push(started)
  return started
}
async function startHostWith(setup: HostOptions): Promise<Host> {
  const host = await startHost(setup)
  running.push(host)
  return host
}
function storeFile(): StoreFile {
  const made = new StoreFile()
  running.push({
    close() {
      made.remove()
      return Promise.resolve()
    },
  })
  return made
}

/** A whole login in a browser; gives the answer of the return leg. */
async function signIn(
  browser: Browser,
  {
    at = server,
    app = 'shop',
    userId = ada,
  }: { at?: TestServer; app?: string; userId?: string | undefined } = {},
): Promise<Answer> {
  const begun = await browser.get(`/amazon_auth?state=${app}`)
  return browser.get(pathOf(await at.emulator.allow(begun.location, userId)))
}
/** A browser that has been through it. */
async function signedIn(of: Parameters<typeof signIn>[1] = {}): Promise<Browser> {
  const browser = (of.at ?? server).browser()
  await signIn(browser, of)
  return browser
}
/** Where the address leads on our own server, whatever host it names. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}
const whoIs = async (browser: Browser, app = 'shop'): Promise<number> =>
  (await browser.get(`/v1/_me?appid=${app}`)).status
const sessionLine = (lines: readonly string[]): string =>
  lines.find((line) => /^(__Host-)?amazon-auth=/.test(line)) ?? ''
const me = (token: string, at = server): Promise<ApiAnswer> => at.call('GET /v1/_me', { as: token })
const status = async (answer: Promise<ApiAnswer>): Promise<number> => (await answer).status

describe('the session cookie', () => {
  row(
    'J1',
    'planted session ids before a login: invented, well signed, and an attacker’s own',
    async () => {
      const attacker = await signedIn({ userId: ben })
      const stranger = await (await start()).browser().get('/')
      expect(stranger.setCookies).toEqual([])
      const own = attacker.cookies.get(COOKIE) ?? ''
      const planted = ['s%3Aplanted.signature', 'planted', own, own.slice(0, -3)]
      for (const value of planted) {
        const victim = server.browser()
        victim.cookies.set(COOKIE, value)
        await signIn(victim)
        expect(victim.cookies.get(COOKIE)).not.toBe(value)
        expect(await whoIs(victim)).toBe(200)
      }
      // The attacker's session was taken over by the victim's browser, and is over for the attacker.
      expect(await whoIs(attacker)).toBe(401)

      const browser = await signedIn()
      const ids = [browser.cookies.get(COOKIE)]
      for (let again = 0; again < 3; again += 1) {
        const old = browser.clone()
        await signIn(browser)
        ids.push(browser.cookies.get(COOKIE))
        expect(await whoIs(old)).toBe(401)
      }
      expect(new Set(ids).size).toBe(4)
      return `${planted.length} planted ids never used; 3 logins again gave 3 new ids, each ended the one before`
    },
  )

  row('J2', 'read the flags of every cookie, over http, https and behind a TLS proxy', async () => {
    const secure = await start('para.public_url = "https://auth.example.com"')
    await secure.createApp('shop')
    const forwarded = { 'x-forwarded-proto': 'https' }
    const seen: Record<string, readonly string[]> = {}
    for (const [name, at, headers] of [
      ['http', server, {}],
      ['https', secure, { host: 'auth.example.com' }],
      ['proxy', server, forwarded],
    ] as const) {
      const browser = at.browser()
      const begun = await browser.get('/amazon_auth?state=shop', headers)
      const back = await browser.get(pathOf(await at.emulator.allow(begun.location)), headers)
      expect(sessionLine(back.setCookies)).not.toBe('')
      const lines = [...begun.setCookies, ...back.setCookies]
      expect(lines.length).toBeGreaterThanOrEqual(3)
      for (const line of lines) {
        const [pair = '', ...flags] = line.split('; ')
        const isSecure = name !== 'http'
        expect([line, pair.startsWith('__Host-amazon-')]).toEqual([line, isSecure])
        expect(flags.includes('Secure')).toBe(isSecure)
        expect(flags).toEqual(expect.arrayContaining(['HttpOnly', 'Path=/', 'SameSite=Lax']))
        expect(flags.filter((flag) => flag.startsWith('Domain'))).toEqual([])
      }
      seen[name] = lines
      expect((await browser.get('/v1/_me?appid=shop', headers)).status).toBe(200)
    }
    return `${Object.values(seen).flat().length} cookies HttpOnly, Path=/, SameSite=Lax, no Domain; over https also Secure and named __Host-…`
  })

  row(
    'J14',
    'began and finished logins with the longest names, addresses and tokens that are taken',
    async () => {
      const app = 'a'.repeat(128)
      const at = await start('para.public_url = "https://auth.example.com"')
      const plain = await start()
      const longest = { name: '名'.repeat(256), email: `${'e'.repeat(242)}@example.com` }
      const hostile = ['a', '"', '\\', '\u0001', '%01', 'é', '名', '👤', '&']
      let longestLine = 0
      let cookies = 0
      for (const each of [at, plain]) {
        await each.createApp(app, {
          'security.hosturl_aliases': `https://${'h'.repeat(60)}.example`,
        })
        for (const text of hostile) {
          for (const size of [200, 500, 2_000]) {
            const filler = encodeURIComponent(
              text.repeat(Math.floor(size / Buffer.byteLength(text))),
            )
            const query = `appid=${app}&host_url=${filler}&returnto=%2F${filler}`
            const browser = each.browser()
            const headers = each === at ? { host: 'auth.example.com' } : {}
            const begun = await browser.get(`/amazon_auth?${query}`, headers)
            const lines = [...begun.setCookies]
            if (begun.location.startsWith(each.emulator.authorizeUrl)) {
              const back = await each.emulator.allow(begun.location)
              lines.push(...(await browser.get(pathOf(back))).setCookies)
            }
            cookies += lines.length
            for (const line of lines) {
              longestLine = Math.max(longestLine, line.length)
              expect([query.slice(-40), line.length <= 4_096]).toEqual([query.slice(-40), true])
            }
          }
        }
      }
      const tokens = await signedInToMany(plain, longest)
      expect(tokens.cookie.length).toBeLessThanOrEqual(4_096)
      expect(longestLine).toBeGreaterThan(1_000)
      return `${cookies} cookies, the longest ${longestLine} bytes with its flags; the session of ${tokens.apps} apps and of users with the longest names ${tokens.cookie.length}; ID tokens of ${tokens.tokenLength} bytes lie in no cookie`
    },
  )

  /** One browser signed in to ten apps, by users with long names. */
  async function signedInToMany(at: TestServer, user: object) {
    const browser = at.browser()
    let cookie = ''
    let tokenLength = 0
    for (let n = 0; n < 10; n += 1) {
      const keys = await at.createApp(`${'b'.repeat(120)}${n}`)
      const identifier = `u${'i'.repeat(200)}${n}`
      const assertion = sign(
        { identifier, picture: `https://${'p'.repeat(200)}`, ...user },
        keys.secretKey,
        { expiresIn: 60 },
      )
      const path = `/passwordless_auth?appid=${keys.accessKey}&token=${assertion}`
      cookie = sessionLine((await browser.get(path)).setCookies)
      expect(cookie).not.toBe('')
      await at.call('PUT /v1/_settings/signin_success', { as: keys, body: { value: '/in?jwt=id' } })
      const { location } = await browser.get(path)
      tokenLength = Math.max(tokenLength, location.length)
    }
    expect(tokenLength).toBeGreaterThan(2_048)
    return { apps: 10, cookie, tokenLength }
  }

  row('J15', 'sent the cookie twice, and cookies that are none', async () => {
    const victim = await signedIn()
    const attacker = await signedIn({ userId: ben })
    const good = `${COOKIE}=${victim.cookies.get(COOKIE) ?? ''}`
    const tossed = `${COOKIE}=${attacker.cookies.get(COOKIE) ?? ''}`
    const headers = [
      `${good}; ${tossed}`,
      `${tossed}; ${good}`,
      `${good}; ${good}`,
      `${good}; a=b; ${COOKIE}=`,
      `${COOKIE}=x; ${good}`,
      `${COOKIE} =x; ${good}`,
      `${COOKIE}=x`,
      `${COOKIE}=`,
      `${COOKIE}=s%3Aa.b; ${COOKIE}=%E0%A4%A`,
      `__Host-${good}`,
      `${COOKIE}=s%3A${'a'.repeat(5_000)}.x`,
    ]
    for (const cookie of headers) {
      const answer = await server.browser().get('/v1/_me?appid=shop', { cookie })
      expect([cookie, answer.status]).toEqual([cookie, 401])
    }
    const begun = await server
      .browser()
      .get('/amazon_auth?state=shop', { cookie: `${good}; ${tossed}` })
    expect(begun.status).toBe(302)
    expect([await whoIs(victim), await whoIs(attacker)]).toEqual([200, 200])
    return `${headers.length} Cookie headers 401, none 500; each cookie alone 200`
  })

  row('J15', 'wrote garbage into rows of the session table', async () => {
    const own = storeFile()
    const at = await start(own.conf)
    await at.createApp('shop')
    await signedIn({ at })
    const [{ data: session } = {}] = own.rows('SELECT data FROM sessions')
    const whole = JSON.parse(String(session)) as { cookie: object; amazonAuth: { list: object[] } }
    const [entry] = whole.amazonAuth.list
    const garbage: unknown[] = [
      ...['', '{', 'null', '[]', '1', '"x"', '{}', '\u0000'],
      ...[null, 5, 'x', []].map((cookie) => ({ ...whole, cookie })),
      ...[
        { expires: 'never' },
        { expires: {} },
        { originalMaxAge: 'long' },
        { path: 5 },
        { domain: {} },
      ].map((wrong) => ({ ...whole, cookie: { ...whole.cookie, ...wrong } })),
      ...[null, 5, [], {}, { list: 5 }, { list: [null] }, { list: [{}], seenAtMs: 1 }].map(
        (amazonAuth) => ({ ...whole, amazonAuth }),
      ),
      { ...whole, amazonAuth: { ...whole.amazonAuth, list: [{ ...entry, userId: 5 }] } },
      { ...whole, amazonAuth: { ...whole.amazonAuth, list: [{ ...entry, userId: '999' }] } },
      { ...whole, amazonAuth: { ...whole.amazonAuth, list: [{ ...entry, appId: '__proto__' }] } },
      { ...whole, amazonAuth: { ...whole.amazonAuth, seenAtMs: 'now' } },
    ]
    let anonymous = 0
    for (const data of garbage) {
      own.run('DELETE FROM sessions')
      const browser = await signedIn({ at })
      const id = browser.cookies.get(COOKIE)
      own.run(
        'UPDATE sessions SET data = ?',
        typeof data === 'string' ? data : JSON.stringify(data),
      )
      at.moveClock(DAY_MS / 10)
      const answer = await browser.get('/v1/_me?appid=shop')
      at.moveClock(-DAY_MS / 10)
      expect([data, answer.status === 401 || answer.status === 200 ? 'fine' : answer]).toEqual([
        data,
        'fine',
      ])
      if (answer.status === 401) anonymous += 1
      const again = await signIn(browser, { at })
      expect([data, again.status, again.location]).toEqual([data, 302, '/'])
      expect(browser.cookies.get(COOKIE)).not.toBe(id)
      expect(await whoIs(browser)).toBe(200)
    }
    // Odd options of the cookie alone say nothing of who is signed in.
    expect(anonymous).toBeGreaterThanOrEqual(garbage.length - 3)
    return `${garbage.length} kinds: ${anonymous} anonymous, the others harmless, none 500; the next login works, under a new id`
  })

  row(
    'J5',
    'looked at the ids of many logins',
    async () => {
      const at = await start()
      const keys = await at.createApp('many')
      const logins = sized({ short: 1_000, long: 100_000 })
      const token = sign({ identifier: 'u1' }, keys.secretKey, { expiresIn: '1h' })
      const ids = new Set<string>()
      const ones = Array<number>(192).fill(0)
      const login = async (): Promise<void> => {
        const url = `/passwordless_auth?appid=many&token=${token}`
        let answer = await at.browser().get(url)
        // Twenty at a time for minutes, in the process of the server: it may say that it is behind, and is asked again.
        while (answer.status === 503) answer = await at.browser().get(url)
        const [, id = ''] = /amazon-auth=s%3A([\w-]+)\./.exec(sessionLine(answer.setCookies)) ?? []
        const bytes = Buffer.from(id, 'base64url')
        expect(bytes).toHaveLength(24)
        ids.add(id)
        ones.forEach(
          (count, bit) => (ones[bit] = count + (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1)),
        )
      }
      for (let done = 0; done < logins; done += 20)
        await Promise.all(Array.from({ length: 20 }, login))
      expect(ids.size).toBe(logins)
      // Each bit is a coin: six standard deviations away it is none.
      const shares = ones.map((count) => count / logins)
      for (const share of shares) expect(Math.abs(share - 0.5)).toBeLessThan(3 / Math.sqrt(logins))
      const [least, most] = [Math.min(...shares), Math.max(...shares)].map((share) =>
        (100 * share).toFixed(1),
      )
      return `${logins} logins, no id twice; 192 bits, each set in ${least ?? ''}–${most ?? ''} %`
    },
    900_000,
  )
})

describe('the end of a session', () => {
  row(
    'J3',
    'signed out, locked and deleted people, and asked two processes over one store',
    async () => {
      const emulator = await startEmulator({
        clients: [
          {
            clientId: 'client.shop',
            clientSecret: 'secret.shop',
            allowedReturnUrls: [],
            allowAnyReturnUrl: true,
          },
        ],
      })
      const store = storeFile()
      const place = new Workplace()
      running.push(emulator, { close: () => place.clear() })
      place.write('application.conf', [
        `para.root_secret_key = "${ROOT_KEYS.secretKey}"`,
        'para.port = 0',
        'para.host = "127.0.0.1"',
        store.conf,
        `para.amazon.authorize_url = "${emulator.authorizeUrl}"`,
        `para.amazon.api_url = "${emulator.apiUrl}"`,
        'para.apps.shop { az_app_id = "client.shop", az_secret = "secret.shop" }',
      ])
      const serve = ['serve', '--allow-emulator']
      const nodes = await Promise.all([place.listen(serve), place.listen(serve)])
      const origins = nodes.map(({ origin }) => origin)

      /** A person with a session and a token, as seen by both processes. */
      async function enter(userId: string | undefined) {
        const browser = new Browser(origins[0] ?? '')
        const begun = await browser.get('/amazon_auth?state=shop')
        await browser.get(await emulator.allow(begun.location, userId))
        const accessToken = emulator.issueAccessToken({
          clientId: 'client.shop',
          ...(userId && { userId }),
        })
        const body = { provider: 'amazon', appid: 'shop', token: accessToken }
        const { json } = await callAt(origins[0] ?? '', 'POST /jwt_auth', { body })
        const cookie = `${COOKIE}=${browser.cookies.get(COOKIE) ?? ''}`
        const ask = (origin: string) => [
          status(callAt(origin, 'GET /v1/_me?appid=shop', { headers: { cookie } })),
          status(callAt(origin, 'GET /v1/_me', { as: json.jwt.access_token })),
        ]
        return {
          browser,
          id: json.user.id as string,
          statuses: () => Promise.all(origins.flatMap(ask)),
        }
      }

      const leaving = await enter(ada)
      const locked = await enter(ben)
      const deleted = await enter(PEOPLE[2]?.userId)
      for (const person of [leaving, locked, deleted])
        expect(await person.statuses()).toEqual([200, 200, 200, 200])
      await leaving.browser.send('/amazon_auth/logout', { method: 'POST' })
      store.run('UPDATE users SET active = 0 WHERE id = ?', locked.id)
      store.run('DELETE FROM users WHERE id = ?', deleted.id)
      // Signing out ends the session of that browser, not what other devices hold.
      expect(await leaving.statuses()).toEqual([401, 200, 401, 200])
      expect(await locked.statuses()).toEqual([401, 401, 401, 401])
      expect(await deleted.statuses()).toEqual([401, 401, 401, 401])
      return 'the next request is 401 on both: the session after a sign-out, session and token of a user locked or deleted by SQL'
    },
    60_000,
  )

  row(
    'J4',
    'left sessions unused, and used one until its end, at the defaults and at short limits',
    () =>
      withStoppedClock(async () => {
        const example = readFileSync(join(__dirname, '../../application.conf.example'), 'utf8')
        expect(example).toContain('para.session.idle_timeout = 86400\n')
        expect(example).toContain('para.session.absolute_timeout = 2592000\n')
        const short = 'para.session.idle_timeout = 60\npara.session.absolute_timeout = 200'
        const limits: [string, number, number][] = [
          ['', DAY_MS, 30 * DAY_MS],
          [short, 60_000, 200_000],
        ]
        for (const [conf, idleMs, absoluteMs] of limits) {
          const at = await start(conf)
          await at.createApp('shop')
          const unused = await signedIn({ at })
          at.moveClock(idleMs - 1_000)
          expect(await whoIs(unused)).toBe(200)
          at.moveClock(idleMs + 1_000)
          expect(await whoIs(unused)).toBe(401)

          const used = await signedIn({ at })
          const step = idleMs * 0.9
          let age = 0
          for (; age + step < absoluteMs; age += step) {
            at.moveClock(step)
            expect([age, await whoIs(used)]).toEqual([age, 200])
          }
          at.moveClock(absoluteMs - age)
          expect(await whoIs(used)).toBe(401)
        }
        return 'documented defaults of a day unused and 30 days in all, and limits of 60 s and 200 s: 200 until then, 401 after'
      }),
  )

  row('J12', 'revoked everything of a user on three devices', async () => {
    await server.call('PUT /v1/_settings/one_session_per_user', {
      as: shop,
      body: { value: false },
    })
    const browser = await signedIn()
    const [phone, tablet, other] = [
      await server.signIn('shop', ada),
      await server.signIn('shop', ada),
      await server.signIn('shop', ben),
    ]
    const elsewhere = await signedIn({ userId: ben })
    const everybody = async () => [
      await whoIs(browser),
      ...(await Promise.all([phone, tablet, other].map(({ token }) => status(me(token))))),
      await whoIs(elsewhere),
    ]
    expect(await everybody()).toEqual([200, 200, 200, 200, 200])
    const revoked = await server.call('DELETE /jwt_auth', { as: phone.token })
    expect(revoked).toMatchObject({ status: 200, json: { code: 200 } })
    expect(await everybody()).toEqual([401, 401, 401, 200, 200])
    expect(await status(server.call('GET /jwt_auth', { as: tablet.token }))).toBe(401)
    await server.call('DELETE /v1/_settings/one_session_per_user', { as: shop })
    return "cookie and both tokens 401; another user's cookie and token 200"
  })

  row('J12', 'revoked while the same token was being renewed', async () => {
    let [revoked, refused] = [0, 0]
    for (let round = 0; round < 10; round += 1) {
      const { token } = await server.signIn('shop', ada)
      const renew = (): Promise<ApiAnswer> => server.call('GET /jwt_auth', { as: token })
      // All are let in while nobody can write; who writes first is left to chance.
      const [ended, ...renewals] = await file
        .locked(async () => {
          const calls = [server.call('DELETE /jwt_auth', { as: token }), renew(), renew(), renew()]
          await sleep(100)
          return calls
        })
        .then((calls) => Promise.all(calls))
      expect(ended?.status).toBe(200)
      revoked += 1
      const tokens = renewals.flatMap(({ json }) =>
        json.jwt ? [String(json.jwt.access_token)] : [],
      )
      refused += renewals.length - tokens.length
      for (const each of [token, ...tokens]) expect(await status(me(each))).toBe(401)
    }
    return `${revoked} × revoked among renewals: no token, old or new, was left; ${refused} of ${3 * revoked} renewals 401`
  })

  row('J16', 'let sessions and tokens live for 60 days', async () => {
    const warnings: Error[] = []
    const warn = (warning: Error): void => void warnings.push(warning)
    process.on('warning', warn)
    const life = 60 * DAY_MS
    const at = await start(
      'para.session.idle_timeout = "60 days"\npara.session.absolute_timeout = "60 days"',
    )
    await at.createApp('shop', { session_timeout: life / 1_000 })
    const browser = at.browser()
    const line = sessionLine((await signIn(browser, { at })).setCookies)
    const expiresMs = Date.parse(/Expires=([^;]+)/.exec(line)?.[1] ?? '')
    expect(Math.abs(expiresMs - Date.now() - life)).toBeLessThan(60_000)
    const { token } = await at.signIn('shop', ben)
    expect(claimsOf(token).exp).toBe(Number(claimsOf(token).iat) + life / 1_000)
    for (const days of [24, 25, 30, 59]) {
      at.moveClock(days * DAY_MS)
      expect([days, await whoIs(browser.clone()), await status(me(token, at))]).toEqual([
        days,
        200,
        200,
      ])
      at.moveClock(-days * DAY_MS)
    }
    at.moveClock(life + 60_000)
    expect([await whoIs(browser), await status(me(token, at))]).toEqual([401, 401])
    await sleep(50)
    process.off('warning', warn)
    expect(warnings.filter(({ name }) => name === 'TimeoutOverflowWarning')).toEqual([])
    return 'Expires in 60 days; cookie and token 200 on day 24, 25, 30 and 59, 401 on day 61; no timer overflowed'
  })
})

/** An ID token of an app that asks for one, through a login. */
async function idTokenOf(at: TestServer, app: string, userId = ada): Promise<string> {
  const { location } = await signIn(at.browser(), { at, app, userId })
  return new URL(location).searchParams.get('jwt') ?? ''
}
const TO_ID = { signin_success: 'https://shop.example/in?jwt=id' }
const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url')

describe('tokens', () => {
  row('J6', 'let an ID token age', () =>
    withStoppedClock(async () => {
      const at = await start()
      await at.createApp('shop', TO_ID)
      const token = await idTokenOf(at, 'shop')
      const { iat = 0, nbf = 0, exp = 0 } = claimsOf(token)
      expect(exp - iat).toBe(60)
      expect(nbf).toBeLessThanOrEqual(iat)
      at.moveClock(-(Date.now() % 1_000) + 58_000)
      expect(await status(me(token, at))).toBe(200)
      at.moveClock(3_000)
      expect(await status(me(token, at))).toBe(401)
      return 'exp = iat + 60, nbf <= iat; 200 at 58 s, 401 at 61 s'
    }),
  )

  row('J7', 'changed the algorithm, the key, the form and each character of tokens', async () => {
    const keys = await server.createApp('forged', TO_ID)
    const tokens = [(await server.signIn('forged')).token, await idTokenOf(server, 'forged')]
    let forgeries = 0
    for (const token of tokens) {
      const [header = '', payload = '', signature = ''] = token.split('.')
      const claims = claimsOf(token)
      const jwk = { kty: 'oct', k: Buffer.from('x'.repeat(32)).toString('base64url') }
      const by = (algorithm: 'HS256' | 'HS384' | 'HS512', key: string, extra = {}) =>
        sign(claims, key, { algorithm, header: { alg: algorithm, ...extra } })
      const forged = [
        ...['none', 'None', 'nOnE', '', 'RS256', 'ES256', 'PS256', 'HS384', 'HS512'].flatMap(
          (alg) => [
            `${encode({ alg, typ: 'JWT' })}.${payload}.`,
            `${encode({ alg, typ: 'JWT' })}.${payload}.${signature}`,
          ],
        ),
        by('HS256', keys.secretKey),
        by('HS384', keys.secretKey),
        by('HS512', keys.secretKey),
        by('HS256', 'x'.repeat(32), { jwk }),
        by('HS256', 'x'.repeat(32), { jku: 'https://evil.example/keys' }),
        by('HS256', 'x'.repeat(32), { kid: '/dev/null' }),
        by('HS256', 'x'.repeat(32), { kid: "' UNION SELECT 'x" }),
        by('HS256', 'x'.repeat(32), { x5u: 'https://evil.example', crit: ['exp'] }),
        ...[null, [], 'x', 1].map((none) => `${header}.${encode(none)}.${signature}`),
        `${header}.${payload}`,
        `${header}.${payload}.`,
        `.${payload}.${signature}`,
        `${header}..${signature}`,
        `${token}.`,
        `${token}..`,
        `.${token}`,
        `${token}=`,
        `${token}==`,
        `${header}=.${payload}.${signature}`,
        `${header}.${payload}==.${signature}`,
        `${token}.${signature}`,
        ...[1, 5, 20, 42].map((cut) => token.slice(0, -cut)),
        Buffer.from(token).toString('base64url'),
        ...Array.from(token, (character, at) =>
          character === '.'
            ? []
            : [token.slice(0, at) + (character === 'A' ? 'B' : 'A') + token.slice(at + 1)],
        ).flat(),
      ]
      for (const each of forged) {
        const answer = await me(each)
        expect([each, answer.status]).toEqual([each, 401])
        expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
      }
      forgeries += forged.length
      expect(await status(me(token))).toBe(200)
    }
    return `${forgeries} forgeries of a session and an ID token 401; the tokens themselves 200`
  })

  row('J8', 'forged claims, signed with the right key of the user', async () => {
    const twin = await server.createApp('twin')
    const { token, user } = await server.signIn('shop', ada)
    const [secret] = file.rows(
      "SELECT token_secret AS text FROM users WHERE app_id = 'shop' AND id = ?",
      user.id,
    )
    const key = shop.secretKey + String(secret?.text)
    const typ = decode(token, { complete: true })?.header.typ ?? ''
    const signed = (changes: JwtPayload, by = key): string => {
      const claims = Object.entries({ ...claimsOf(token), ...changes }).filter(
        ([, value]) => value !== undefined,
      )
      return sign(JSON.stringify(Object.fromEntries(claims)), by, { header: { alg: 'HS256', typ } })
    }
    expect(await status(me(signed({})))).toBe(200)
    const odd: JwtPayload[] = [
      ...[undefined, '', 'app:twin', 'twin', 'app:nobody', 'app:para', '__proto__'].map(
        (appid) => ({ appid }),
      ),
      ...[null, 5, ['app:shop'], { $gt: '' }].map((appid) => ({ appid })),
      ...[undefined, '', '1', `${user.id} `, `0${user.id}`, '__proto__'].map((sub) => ({ sub })),
      ...[null, Number(user.id), [user.id], { $gt: '' }].map(
        (sub) => ({ sub }) as unknown as JwtPayload,
      ),
      { exp: undefined },
      { exp: 'never' as unknown as number },
      { exp: 1 },
      { nbf: Math.floor(Date.now() / 1_000) + 60 },
    ]
    const forged = [
      ...odd.map((changes) => signed(changes)),
      // One that names nobody is what an app may sign for itself.
      ...odd
        .filter((changes) => !('sub' in changes) || changes.sub !== undefined)
        .map((changes) => signed(changes, shop.secretKey)),
      signed({}, twin.secretKey),
      signed({ appid: 'app:twin' }, twin.secretKey),
      signed({ appid: 'app:twin' }, twin.secretKey + String(secret?.text)),
      signed({}, shop.secretKey),
      sign({ appid: 'app:shop', sub: user.id, exp: Math.floor(Date.now() / 1_000) + 60 }, key),
    ]
    const asApp = (as: string) => server.call('GET /v1/_settings', { as })
    for (const each of forged) {
      const answers = [await status(me(each)), await status(asApp(each))]
      expect([claimsOf(each), answers]).toEqual([claimsOf(each), [401, 401]])
    }
    expect(await status(asApp(signed({})))).toBe(403)
    return `${forged.length} tokens 401, as a user's and as the app's own; the same with nothing changed 200 as the user's, 403 as the app's`
  })

  row('J17', 'asked a node whose clock is behind that of the issuer', async () => {
    const at = await start()
    await at.createApp('shop')
    const seen: Record<number, number> = {}
    for (const ahead of [0, 5, 60]) {
      at.moveClock(ahead * 1_000)
      const { token } = await at.signIn('shop')
      at.moveClock(-ahead * 1_000)
      seen[ahead] = await status(me(token, at))
    }
    expect(seen).toEqual({ 0: 200, 5: 200, 60: 401 })
    return 'a fresh token of a clock 5 s ahead 200, of one 60 s ahead 401'
  })

  row('J13', 'renewed one token 20 times at once, on two nodes of one store', async () => {
    const store = storeFile()
    const [first, second] = [await start(store.conf), await start(store.conf)]
    await first.createApp('shop')
    let [renewals, rounds] = [0, 0]
    for (; rounds < 5; rounds += 1) {
      const { token } = await first.signIn('shop', ada)
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          (n % 2 ? first : second).call('GET /jwt_auth', { as: token }),
        ),
      )
      const statuses = new Set(answers.map((answer) => answer.status))
      expect([...statuses].filter((each) => each !== 200 && each !== 401)).toEqual([])
      const tokens = answers.flatMap(({ json }) =>
        json.jwt ? [String(json.jwt.access_token)] : [],
      )
      const alive = await Promise.all(tokens.map((each) => status(me(each, second))))
      expect(alive.filter((each) => each === 200)).toHaveLength(1)
      expect(await status(me(token, first))).toBe(401)
      renewals += tokens.length
    }
    const signIns = await Promise.all(Array.from({ length: 20 }, () => first.signIn('shop', ada)))
    const alive = await Promise.all(signIns.map(({ token }) => status(me(token, first))))
    expect(alive.filter((each) => each === 200)).toHaveLength(1)
    return `${rounds} rounds: ${renewals} renewed, the others 401, none 500; each time one token is left, the last; so of 20 sign-ins at once`
  })

  row('J18', 'sent a token in the query', async () => {
    const strict = await start('para.security.strict = true')
    const own = await start()
    const [byConfig, bySetting, compat] = [
      await signInAt(strict, {}),
      await signInAt(own, { 'security.strict': true }),
      (await server.signIn('shop')).token,
    ]
    const inQuery = (at: TestServer, token: string, line = 'GET /jwt_auth') =>
      status(at.call(`${line}?Authorization=${encodeURIComponent(`Bearer ${token}`)}`))
    expect(await inQuery(strict, byConfig)).toBe(401)
    expect(await inQuery(own, bySetting)).toBe(401)
    for (const [at, token] of [
      [strict, byConfig],
      [own, bySetting],
    ] as const) {
      expect(await status(at.call('GET /jwt_auth', { as: token }))).toBe(200)
    }
    for (const line of ['GET /v1/_me', 'DELETE /jwt_auth'])
      expect(await inQuery(server, compat, line)).toBe(401)
    expect(await inQuery(server, compat)).toBe(200)
    return 'strict, by configuration or setting: 401, and good in the header; otherwise 200 for GET /jwt_auth alone'
  })

  async function signInAt(
    at: TestServer,
    settings: Readonly<Record<string, boolean>>,
  ): Promise<string> {
    await at.createApp('shop', settings)
    return (await at.signIn('shop')).token
  }

  row('J19', 'read every answer that tells of a user or an app', async () => {
    const browser = await signedIn()
    const { token, user } = await server.signIn('shop', ada)
    const [secrets = {}] = file.rows(
      "SELECT token_secret FROM users WHERE app_id = 'shop' AND id = ?",
      user.id,
    )
    const body = { provider: 'amazon', appid: 'shop', token: server.amazonToken('shop', ada) }
    const texts = [
      (await server.call('POST /jwt_auth', { body })).text,
      (await browser.get('/v1/_me?appid=shop')).body,
      (await server.call('GET /v1/users', { as: shop })).text,
      (await server.call(`GET /v1/users/${user.id}`, { as: shop })).text,
      (await server.call(`PATCH /v1/users/${user.id}`, { as: shop, body: { groups: 'users' } }))
        .text,
      (await server.call('GET /v1/_me', { as: shop })).text,
      (await server.call('GET /v1/apps', { as: ROOT_KEYS })).text,
    ]
    const renewable = await server.signIn('shop', ben)
    texts.push((await me(renewable.token)).text)
    texts.push((await server.call('GET /jwt_auth', { as: renewable.token })).text)
    for (const text of texts) {
      expect(text).toMatch(/"type":"(user|app)"/)
      expect(text).not.toMatch(/password|secret|epoch|idpAccess|idpToken|Atza|Atzr/i)
      for (const value of [shop.secretKey, secrets.token_secret, body.token])
        expect(text).not.toContain(value)
    }
    expect(token).not.toContain(String(secrets.token_secret))
    return `${texts.length} answers without password, token secret, app secret, session epoch or Amazon's token`
  })
})

describe('kinds of token', () => {
  /** Hosts with an API and a page where an ID token is traded, over one store. */
  async function twoHosts(
    strict: boolean,
  ): Promise<{ readonly hosts: readonly [Host, Host]; readonly store: StoreFile }> {
    const store = storeFile()
    const make = () =>
      startHostWith({
        options: {
          store: { url: store.url },
          rootSecretKey: ROOT_KEYS.secretKey,
          security: { strict },
        },
        after: (app) =>
          app.get('/trade', requireUser({ app: 'zenith', token: 'id' }), (req, res) => {
            res.json(req.user)
          }),
      })
    return { hosts: [await make(), await make()], store }
  }
  const bearer = async (host: Host, path: string, as: string): Promise<number> =>
    status(callAt(host.origin, path.includes(' ') ? path : `GET ${path}`, { as }))
  async function idToken(host: Host): Promise<string> {
    const { location } = await host.signIn(host.browser(), '/amazon_auth?state=zenith')
    return new URL(location).searchParams.get('jwt') ?? ''
  }
  async function sessionToken(host: Host): Promise<string> {
    const token = host.emulator.issueAccessToken({ clientId: ZENITH.clientId })
    const body = { provider: 'amazon', appid: 'zenith', token }
    return (await callAt(host.origin, 'POST /jwt_auth', { body })).json.jwt.access_token
  }

  row(
    'J9',
    'used ID tokens twice, on two nodes and at once, and each kind at every door of a strict app',
    async () => {
      const { hosts, store } = await twoHosts(true)
      const [first, second] = hosts
      const { header, payload } = decode(await idToken(first), { complete: true }) ?? {}
      expect(header).toEqual({ alg: 'HS256', typ: 'id+jwt' })
      expect(
        Buffer.from(String((payload as JwtPayload).jti), 'base64url').length,
      ).toBeGreaterThanOrEqual(16)

      for (const door of ['/v1/_me', '/trade']) {
        const token = await idToken(first)
        const uses = [
          await bearer(first, door, token),
          await bearer(second, door, token),
          await bearer(first, '/v1/_me', token),
        ]
        expect([door, uses]).toEqual([door, [200, 401, 401]])
      }
      const token = await idToken(first)
      const atOnce = await Promise.all(
        Array.from({ length: 10 }, (_, n) => bearer(n % 2 ? first : second, '/v1/_me', token)),
      )
      expect(atOnce.sort()).toEqual([200, ...Array<number>(9).fill(401)])

      const wrongDoors = [
        '/any',
        '/zenith',
        'GET /jwt_auth',
        'DELETE /jwt_auth',
        '/v1/_settings',
        'POST /v1/_newkeys',
      ]
      const id = await idToken(first)
      for (const door of wrongDoors)
        expect([door, await bearer(first, door, id)]).toEqual([door, 401])
      // It has been refused there, not used.
      expect(await bearer(second, '/trade', id)).toBe(200)

      const session = await sessionToken(first)
      expect(decode(session, { complete: true })?.header.typ).toBe('session+jwt')
      for (let use = 0; use < 3; use += 1) {
        for (const door of ['/v1/_me', '/zenith', '/any'])
          expect(await bearer(first, door, session)).toBe(200)
        expect(await bearer(first, '/trade', session)).toBe(401)
      }
      const stale = await idToken(first)
      const locked = await store.locked(() =>
        Promise.all(['/v1/_me', '/trade'].map((door) => bearer(first, door, stale))),
      )
      expect(locked).toEqual([503, 503])
      expect(await bearer(first, '/trade', stale)).toBe(200)
      return `an ID token 200 once, then 401 on both nodes; of 10 at once one 200; at ${wrongDoors.length} doors of the API 401 and not used up; a session token 401 where an ID token is traded; store locked: 503`
    },
    60_000,
  )

  row(
    'J9',
    'did the same where nobody is strict, and where one app is by its setting',
    async () => {
      const { hosts, store } = await twoHosts(false)
      const [first] = hosts
      const doors = ['/v1/_me', '/trade', '/zenith', '/any']
      // In this order: issuing a session token ends older tokens.
      const session = await sessionToken(first)
      const id = await idToken(first)
      for (const as of [session, id]) {
        for (const door of [...doors, ...doors]) expect(await bearer(first, door, as)).toBe(200)
      }
      expect(await bearer(first, 'GET /jwt_auth', id)).toBe(401)
      expect(store.rows('SELECT * FROM used_once')).toEqual([])

      await server.createApp('careful', { ...TO_ID, 'security.strict': true })
      const token = await idTokenOf(server, 'careful')
      expect([await status(me(token)), await status(me(token))]).toEqual([200, 401])
      const uses = file.rows('SELECT DISTINCT app_id FROM used_once')
      expect(uses).toEqual([{ app_id: 'careful' }])
      return 'as Para: each kind 200 at every door until it expires (an ID token 401 at GET /jwt_auth), and no write; by its setting: once'
    },
  )
})

describe('what is configured', () => {
  row(
    'J10',
    'gave secrets of 31 characters, and placeholders, wherever a key may be given',
    async () => {
      const good = 'Zk3v9QpL0sXw7Rt2Yb6Nc1Md8Fg4Hj5T'
      const weak = [
        good.slice(1),
        'x'.repeat(40),
        'change-me-change-me-change-me-change-me',
        'short',
      ]
      const keys = [
        'para.root_secret_key',
        'para.secret_key',
        'para.session.secret',
        'para.apps.shop.app_secret_key',
      ]
      let refusals = 0
      for (const key of keys) {
        for (const value of weak) {
          await expect(startServer({ conf: `${key} = "${value}"` })).rejects.toThrow(key)
          refusals += 1
        }
        const started = await startServer({ conf: `${key} = "${good}"` })
        await started.close()
      }
      await expect(
        startServer({ conf: `para.secret_key = ["${good}", "${good.slice(1)}"]` }),
      ).rejects.toThrow('para.secret_key')

      const place = new Workplace()
      running.push({ close: () => place.clear() })
      place.write('application.conf', [`para.root_secret_key = "${good.slice(1)}"`])
      const refused = place.start(['serve'])
      const exitCode = await refused.exit()
      const { stderr } = refused
      expect([exitCode === 0, stderr.includes(good.slice(1))]).toEqual([false, false])
      expect(stderr).toContain('para.root_secret_key')

      let worthless = 0
      for (const value of weak.filter((each) => each.trim() !== '')) {
        for (const [line, body] of [
          ['PUT /v1/_settings/app_secret_key', { value }],
          ['PUT /v1/_settings', { app_secret_key: value }],
        ] as const) {
          const answer = await server.call(line, { as: shop, body })
          expect(answer.status).toBe(200)
          expect(answer.headers['x-settings-ignored']).toMatch(/^app_secret_key="must [^"]*"$/)
          const claims = { email: 'ada@example.com', name: 'Ada', identifier: 'own:ada' }
          const token = sign(claims, value, { expiresIn: 60 })
          const query = `appid=shop&redirect=false&token=${token}`
          expect((await server.call(`GET /passwordless_auth?${query}`)).status).toBe(403)
          worthless += 1
        }
      }
      expect(shop.secretKey).toMatch(/^[\w-]{43}$/)
      return `${refusals} starts refused, naming the key and not the value; ${worthless} × PUT app_secret_key named as without effect, and a token signed by it refused; secrets made here have 256 bits`
    },
  )

  const PLACES: readonly (readonly [target: string, expected: string])[] = [
    ['https://a.example/in?jwt=id', 'https://a.example/in?jwt=T'],
    ['https://a.example/in?jwt=?', 'https://a.example/in?jwt=T'],
    ['https://a.example/in?x=1&jwt=id', 'https://a.example/in?x=1&jwt=T'],
    ['https://a.example/in?jwt=id&x=1', 'https://a.example/in?jwt=T&x=1'],
    ['https://a.example/in?x=%20%2B+&jwt=id&y', 'https://a.example/in?x=%20%2B+&jwt=T&y'],
    ['https://a.example:8443/in?jwt=id', 'https://a.example:8443/in?jwt=T'],
    ['https://[::1]:8443/in?jwt=id', 'https://[::1]:8443/in?jwt=T'],
    ['https://a.example/in#jwt=id', 'https://a.example/in#jwt=T'],
    ['https://a.example/in?x=1#jwt=?', 'https://a.example/in?x=1#jwt=T'],
    ['https://a.example/in#/route?jwt=id', 'https://a.example/in#/route?jwt=T'],
    ['https://a.example/in?jwt=id#there', 'https://a.example/in?jwt=T#there'],
    ['https://a.example?jwt=id', 'https://a.example?jwt=T'],
    ['/in?jwt=id', '/in?jwt=T'],
    ['myapp://in?jwt=id', 'myapp://in?jwt=T'],
    ['com.example.app:/in?jwt=?', 'com.example.app:/in?jwt=T'],
    ['https://a.example/in?jwt=identity', ''],
    ['https://a.example/in?jwt=ID', ''],
    ['https://a.example/in?jwt=?x', ''],
    ['https://a.example/in?jwt%3Did', ''],
    ['https://a.example/in?jwt=id.x', 'https://a.example/in?jwt=T.x'],
    ['https://a.example/in?my-jwt=id', 'https://a.example/in?my-jwt=T'],
    ['https://a.example/jwt=id', 'https://a.example/jwt=T'],
    ['https://a.example/in/jwt=?/there', 'https://a.example/in/jwt=T/there'],
    ['https://a.example/in?token=jwt=id', 'https://a.example/in?token=jwt=T'],
    ['https://a.example/#/in/jwt=id', 'https://a.example/#/in/jwt=T'],
    ['https://a.example/in?next=/in?jwt=id', 'https://a.example/in?next=/in?jwt=T'],
    ['https://a.example/in?jwt=', ''],
    ['https://a.example/in?jwt=id2&y=1', ''],
  ]
  row(
    'J11',
    `signed in to ${PLACES.length} addresses that ask for a token, or only seem to`,
    async () => {
      const keys = await server.createApp('placing', {
        'security.app_schemes': 'myapp, com.example.app',
      })
      let tokens = 0
      for (const [target, expected] of PLACES) {
        const value = { as: keys, body: { value: target } }
        const put = await server.call('PUT /v1/_settings/signin_success', value)
        expect(put.status).toBe(200)
        const answer = await signIn(server.browser(), { app: 'placing' })
        const [token = ''] = /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(answer.location) ?? []
        const landed = token === '' ? answer.location : answer.location.replace(token, 'T')
        expect(landed).toBe(expected === '' ? target : expected)
        expect([target, sessionLine(answer.setCookies) === '']).toEqual([target, expected !== ''])
        if (expected !== '') {
          expect(await status(me(token))).toBe(200)
          tokens += 1
        }
      }
      return `${tokens} got their token in its place and nothing else changed; ${PLACES.length - tokens} others none, but a session cookie`
    },
  )
})
