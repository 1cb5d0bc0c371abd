import { claimsOf, ROOT_KEYS, startServer } from '../../support/api'
import type { ApiAnswer, Keys, TestServer } from '../../support/api'
import type { Browser } from '../../support/browser'
import { StoreFile } from '../../support/store-file'

const OWN_KEY = 'a-key-of-the-back-end-0123456789abcdef'
const KNOWN_SETTINGS = {
  signin_success: 'https://shop.example/in?jwt=id',
  signin_failure: 'https://shop.example/out?cause=?',
}

/** Two nodes on one store. */
let store: StoreFile
let server: TestServer
let second: TestServer
beforeAll(async () => {
  store = new StoreFile()
  server = await startServer({ conf: store.conf })
  second = await startServer({ conf: store.conf })
})
afterAll(async () => {
  await server.close()
  await second.close()
  store.remove()
})

let count = 0
/** An app of the test's own, and a way to be handed an ID token of it. */
async function startApp(settings: Parameters<TestServer['createApp']>[1] = {}) {
  const appid = `shop${count++}`
  const keys = await server.createApp(appid, { ...KNOWN_SETTINGS, ...settings })
  async function idToken(browser: Browser = server.browser()): Promise<string> {
    const begun = await browser.get(`/amazon_auth?state=${appid}`)
    const back = await browser.get(await server.emulator.allow(begun.location))
    return new URL(back.location).searchParams.get('jwt') ?? ''
  }
  const trade = (token: string, at = server, as?: Keys): Promise<ApiAnswer> =>
    at.call('POST /jwt_auth', {
      as,
      body: { provider: 'passwordless', appid: `app:${appid}`, token },
    })
  const plainly = (token: string, at = server): Promise<ApiAnswer> =>
    at.call(`GET /passwordless_auth?appid=${appid}&redirect=false&token=${token}`)
  const me = (as: string): Promise<ApiAnswer> => server.call('GET /v1/_me', { as })
  return { appid, keys, idToken, trade, plainly, me }
}

describe.each([
  ['as it comes', {}],
  ['with an app_secret_key', { app_secret_key: OWN_KEY }],
  ['with several sessions of a user', { one_session_per_user: false }],
  ['with strict', { 'security.strict': true }],
  ['with strict and an app_secret_key', { 'security.strict': true, app_secret_key: OWN_KEY }],
])('an ID token of an app %s', (_name, settings) => {
  test('is traded at /jwt_auth, signed or not, for a session token of the very user it names', async () => {
    const { idToken, trade, me, appid, keys } = await startApp(settings)
    for (const as of [undefined, keys]) {
      const token = await idToken()
      const { sub } = claimsOf(token)
      const record = (): unknown =>
        store.rows('SELECT id, identifier, email, name, picture, groups, updated_at FROM users')
      const before = record()
      const answer = await trade(token, server, as)
      expect(answer.status).toBe(200)
      expect(answer.json.user).toMatchObject({ id: sub, appid, name: 'Ada Lindqvist' })
      expect(record()).toEqual(before)
      const { access_token: session } = answer.json.jwt
      expect(claimsOf(session)).toMatchObject({ idp: 'amazon', sub, appid: `app:${appid}` })
      expect((await me(session)).json).toMatchObject({ id: sub, type: 'user' })
    }
  })

  test('is good once, on all nodes and at both doors', async () => {
    const { idToken, trade, plainly } = await startApp(settings)
    const traded = await idToken()
    expect((await trade(traded)).status).toBe(200)
    for (const node of [server, second]) {
      expect(await trade(traded, node)).toMatchObject({ status: 400, json: { code: 400 } })
      expect((await plainly(traded, node)).status).toBe(403)
    }
    const asText = await idToken()
    expect((await plainly(asText, second)).status).toBe(200)
    expect((await trade(asText)).status).toBe(400)
    const raced = await idToken()
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => trade(raced, n % 2 === 0 ? server : second)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(400)])
  })

  test('is taken by GET and POST of /passwordless_auth, plainly and with a redirect', async () => {
    const { idToken, plainly, appid, me } = await startApp(settings)
    const { text, headers } = await plainly(await idToken())
    expect(headers['content-type']).toMatch('text/plain')
    expect(claimsOf(text)).toMatchObject({ idp: 'amazon' })
    expect((await me(text)).status).toBe(200)
    const form = { appid, token: await idToken(), redirect: 'false' }
    const posted = await server.browser().send('/passwordless_auth', { form })
    expect(claimsOf(posted.body)).toMatchObject({ idp: 'amazon' })
    const path = `/passwordless_auth?appid=${appid}&token=`
    const token = await idToken()
    const led = await server.browser().get(path + token)
    expect(led.location).toMatch(/^https:\/\/shop\.example\/in\?jwt=ey/)
    const again = await server.browser().get(path + token)
    expect(again.location).toBe('https://shop.example/out?cause=Bad%20credentials.')
  })

  test('is refused when it is expired, or is none of this app', async () => {
    const { idToken, trade, plainly } = await startApp(settings)
    const other = await startApp(settings)
    const refused: Record<string, string> = {
      'of another app': await other.idToken(),
      'a session token': (await trade(await idToken())).json.jwt.access_token,
      changed: (await idToken()).replace(/.$/, (end) => (end === 'A' ? 'E' : 'A')),
      expired: await idToken(),
    }
    for (const [which, token] of Object.entries(refused)) {
      if (which === 'expired') server.moveClock(61_000)
      const answers = [(await trade(token)).status, (await plainly(token)).status]
      expect([which, ...answers]).toEqual([which, 400, 403])
    }
    server.moveClock(-61_000)
    expect((await other.trade(refused['of another app'] ?? '')).status).toBe(200)
  })

  test('of a locked user, or one who is gone, is refused', async () => {
    const { idToken, trade, keys } = await startApp(settings)
    const token = await idToken()
    const path = `/v1/users/${String(claimsOf(token).sub)}`
    await server.call(`PATCH ${path}`, { as: keys, body: { active: false } })
    expect((await trade(token)).status).toBe(400)
    await server.call(`DELETE ${path}`, { as: keys })
    expect((await trade(token)).status).toBe(400)
  })
})

test('an ID token that is traded for another one ends no later for that', async () => {
  const { idToken, appid } = await startApp()
  const first = await idToken()
  server.moveClock(30_000)
  const path = `/passwordless_auth?appid=${appid}&token=${first}`
  const { location } = await server.browser().get(path)
  server.moveClock(-30_000)
  const second = claimsOf(new URL(location).searchParams.get('jwt') ?? '')
  expect(second.jti).not.toBe(claimsOf(first).jti)
  expect(second.exp).toBe(claimsOf(first).exp)
})

test('an ID token stays good as a Bearer until it expires', async () => {
  const { idToken, trade, me } = await startApp({ one_session_per_user: false })
  const token = await idToken()
  expect((await me(token)).status).toBe(200)
  expect((await trade(token)).status).toBe(200)
  expect((await me(token)).status).toBe(200)
  server.moveClock(61_000)
  expect((await me(token)).status).toBe(401)
  server.moveClock(-61_000)
})

test('a trade ends older session tokens of the user, unless the app lets them be several', async () => {
  for (const several of [false, true]) {
    const { idToken, trade, me } = await startApp({ one_session_per_user: !several })
    const older = (await trade(await idToken())).json.jwt.access_token
    expect((await me(older)).status).toBe(200)
    expect((await trade(await idToken())).status).toBe(200)
    expect((await me(older)).status).toBe(several ? 200 : 401)
  }
})

test('the root app has no users to trade for at /jwt_auth: 403', async () => {
  const browser = server.browser()
  const set = { as: ROOT_KEYS, body: { value: '/in?jwt=id' } }
  await server.call('PUT /v1/_settings/signin_success', set)
  const begun = await browser.get('/amazon_auth')
  const { location } = await browser.get(await server.emulator.allow(begun.location))
  const body = { provider: 'passwordless', appid: 'app:para', token: location.slice(8) }
  expect((await server.call('POST /jwt_auth', { body })).status).toBe(403)
})
