import { sign, type SignOptions } from 'jsonwebtoken'

import { claimsOf, startServer, type ApiAnswer, type Keys, type TestServer } from '../support/api'
import type { Answer, Browser } from '../support/browser'
import { row } from '../support/row'
import { StoreFile } from '../support/store-file'

/** Two nodes on one store. */
const store = new StoreFile()
let server: TestServer
let second: TestServer
beforeAll(async () => {
  server = await startServer({ conf: store.conf })
  second = await startServer({ conf: store.conf })
})
afterAll(async () => {
  await server.close()
  await second.close()
  store.remove()
})

const PERSON = { identifier: 'crm:7', email: 'eve@example.com', name: 'Eve' }
let count = 0
const vouch = ({ secretKey }: Keys, options: SignOptions = { expiresIn: 60 }): string =>
  sign({ ...PERSON, jti: String(count++) }, secretKey, options)
type Headers = Readonly<Record<string, string>>

/** Opened as a link, or sent as a form. */
function open(browser: Browser, app: string, token: string, headers: Headers): Promise<Answer> {
  return browser.get(`/passwordless_auth?appid=${app}&token=${token}`, headers)
}
function post(browser: Browser, app: string, token: string, headers: Headers): Promise<Answer> {
  return browser.send('/passwordless_auth', { form: { appid: app, token }, headers })
}
/** As browsers send the form of another site: without cookies that are SameSite=Lax, which the GET after it carries. */
async function postAcross(browser: Browser, app: string, token: string, headers: Headers) {
  const first = await post(server.browser(), app, token, headers)
  expect([first.status, first.setCookies]).toEqual([303, []])
  expect(first.headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  })
  expect(first.location).toMatch(/^\?appid=[\w-]+&handoff=[\w.-]+$/)
  return browser.get(`/passwordless_auth${first.location}`, { 'sec-fetch-site': 'cross-site' })
}
const signedInTo = async (browser: Browser, app?: string): Promise<unknown> => {
  const query = app === undefined ? '' : `?appid=${app}`
  const { status, body } = await browser.get(`/v1/_me${query}`)
  return status === 200 ? (JSON.parse(body) as { appid: string }).appid : undefined
}

const FOREIGN: readonly Headers[] = [
  { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
  { referer: 'https://evil.example/page' },
  { origin: 'https://evil.example' },
  { origin: 'null' },
]

row('T22', 'assertions that another site sends', async () => {
  const victim = await server.createApp('bank')
  const attacker = await server.createApp('evil')
  let tried = 0
  for (const headers of FOREIGN) {
    for (const send of [open, post, postAcross]) {
      const browser = server.browser()
      await open(browser, 'bank', vouch(victim), {})
      expect(await signedInTo(browser)).toBe('bank')
      const answer = await send(browser, 'evil', vouch(attacker), headers)
      expect([headers, answer.location]).toEqual([headers, '/'])
      expect(await signedInTo(browser, 'bank')).toBe('bank')
      expect(await signedInTo(browser, 'evil')).toBe('evil')
      expect([headers, await signedInTo(browser)]).toEqual([headers, 'bank'])
      tried += 1
    }
  }
  const ways = [
    [{ 'sec-fetch-site': 'none' }, 'evil'],
    [{ 'sec-fetch-site': 'same-origin' }, 'evil'],
    // Another host of this site, and somebody who says nothing.
    [{ 'sec-fetch-site': 'same-site' }, 'bank'],
    [{}, 'bank'],
  ] as const
  for (const [headers, latest] of ways) {
    const browser = server.browser()
    await open(browser, 'bank', vouch(victim), headers)
    await open(browser, 'evil', vouch(attacker), headers)
    expect([headers, await signedInTo(browser)]).toEqual([headers, latest])
    expect(await signedInTo(browser, 'evil')).toBe('evil')
  }
  return `${tried} sent across sites: each beside the other app's sign-in, none in its place or over it`
})

row('T22', 'ID tokens that another site hands on, as Para does, strict or not', async () => {
  for (const strict of [false, true]) {
    const app = `forum-${String(strict)}`
    const signin_success = 'https://forum.example/in?jwt=id'
    await server.createApp(app, { 'security.strict': strict, signin_success })
    for (const headers of FOREIGN) {
      const browser = server.browser()
      const begun = await browser.get(`/amazon_auth?state=${app}`)
      const { location } = await browser.get(await server.emulator.allow(begun.location))
      const token = new URL(location).searchParams.get('jwt') ?? ''
      const handedOn = await open(server.browser(), app, token, headers)
      expect(handedOn.location).toMatch(/^https:\/\/forum\.example\/in\?jwt=ey/)
    }
  }
  return `${2 * FOREIGN.length} taken`
})

row('T22', 'assertions of a strict app: again, by a link, or with a long life', async () => {
  const keys = await server.createApp('strict', { 'security.strict': true })
  const plain = (token: string, at = server): Promise<ApiAnswer> =>
    at.call(`GET /passwordless_auth?appid=strict&redirect=false&token=${token}`)
  const jwtAuth = (token: string, at = server): Promise<ApiAnswer> =>
    at.call('POST /jwt_auth', { body: { provider: 'passwordless', appid: 'strict', token } })

  const used = vouch(keys)
  expect(claimsOf((await plain(used)).text)).toMatchObject({ idp: 'generic' })
  const again = [await plain(used), await plain(used, second), await jwtAuth(used, second)]
  expect(again.map(({ status }) => status)).toEqual([403, 403, 400])
  const respelt = used.slice(0, -1) + nextCharacter(used.at(-1))
  expect((await plain(respelt)).status).toBe(403)

  const raced = vouch(keys)
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, n) => plain(raced, n % 2 === 0 ? server : second)),
  )
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)

  const seconds = Math.floor(Date.now() / 1000)
  const lives: readonly (readonly [life: object, options: SignOptions, status: number])[] = [
    [{}, { expiresIn: 290 }, 200],
    [{}, { expiresIn: 310 }, 403],
    [{}, { expiresIn: '10y' }, 403],
    [{}, {}, 403],
    [{ iat: seconds - 3_600, exp: seconds + 60 }, {}, 403],
    [{ iat: seconds + 3_600, exp: seconds + 3_660 }, {}, 403],
    [{ exp: seconds + 60 }, { noTimestamp: true }, 403],
  ]
  for (const [life, options, status] of lives) {
    const token = sign({ ...PERSON, ...life, jti: String(count++) }, keys.secretKey, options)
    expect([life, options, (await plain(token)).status]).toEqual([life, options, status])
  }

  const own = { referer: `${server.origin}/login` }
  const link = await open(server.browser(), 'strict', vouch(keys), {})
  expect(link.location).toBe('/signin?error')
  for (const [send, headers] of [
    [open, own],
    [open, { 'sec-fetch-site': 'same-origin' }],
    [post, {}],
    [postAcross, FOREIGN[0] ?? {}],
  ] as const) {
    const browser = server.browser()
    expect((await send(browser, 'strict', vouch(keys), headers)).location).toBe('/')
    expect(await signedInTo(browser)).toBe('strict')
  }
  return `one use on two nodes; ${lives.length} lives, five minutes at most; by a form, or from a page of this host`
})

row(
  'T22',
  'what is handed on from a form of another site, again, changed or to another app',
  async () => {
    const cross = FOREIGN[0] ?? {}
    for (const strict of [false, true]) {
      const app = `handed-${String(strict)}`
      const keys = await server.createApp(app, { 'security.strict': strict })
      await server.createApp(`${app}-other`, { 'security.strict': strict })
      const handOn = async (): Promise<string> =>
        (await post(server.browser(), app, vouch(keys), cross)).location
      const endOf = async (query: string, at = server): Promise<string> =>
        (await at.browser().get(`/passwordless_auth${query}`)).location
      const once = await handOn()
      expect(once).not.toMatch(/eyJ[\w-]+\.eyJ/)
      expect([await endOf(once), await endOf(once), await endOf(once, second)]).toEqual([
        '/',
        '/signin?error',
        '/signin?error',
      ])
      const raced = await handOn()
      const ends = await Promise.all([endOf(raced), endOf(raced), endOf(raced, second)])
      expect(ends.filter((end) => end === '/')).toHaveLength(1)
      const fresh = await handOn()
      expect(await endOf(fresh.replace(app, `${app}-other`))).toBe('/signin?error')
      expect(await endOf(fresh.slice(0, -8) + 'AAAAAAAA')).toBe('/signin?error')
      expect(await endOf(fresh)).toBe('/')
      const long = sign({ ...PERSON, jti: 'x'.repeat(3_000) }, keys.secretKey, { expiresIn: 60 })
      const refused = await post(server.browser(), app, long, cross)
      expect([refused.status, refused.location]).toEqual([303, '/signin?error'])
    }
    return 'good once on two nodes, for its app only; refused where it does not fit into an address'
  },
)

row('T22', 'assertions of an app that is not strict, with any life, as in Para', async () => {
  const keys = await server.createApp('lenient')
  for (const options of [{ expiresIn: '10y' }, {}] satisfies SignOptions[]) {
    const token = vouch(keys, options)
    for (let use = 0; use < 2; use += 1) {
      const answer = await open(server.browser(), 'lenient', token, {})
      expect(answer).toMatchObject({ status: 302, location: '/' })
    }
  }
  return 'taken, again and again: the app’s secret vouches for what it signs'
})

/** Another way to write the same last bits of a signature. */
function nextCharacter(character = ''): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return letters[letters.indexOf(character) + 1] ?? ''
}
