import { sign } from 'jsonwebtoken'

import { claimsOf, ROOT_KEYS, startServer, superToken } from '../../support/api'
import type { Keys, TestServer } from '../../support/api'

const OWN_KEY = 'a-key-of-the-back-end-0123456789abcdef'
const PERSON = { email: 'eve@example.com', name: 'Eve', identifier: 'crm:7', groups: 'staff' }

let server: TestServer
let shop: Keys
beforeAll(async () => {
  server = await startServer()
  shop = await server.createApp('shop', {
    app_secret_key: OWN_KEY,
    signin_success: 'https://shop.example/in?jwt=?',
    signin_failure: 'https://shop.example/out?cause=?',
  })
})
afterAll(() => server.close())

const vouch = (key = shop.secretKey, claims: object = PERSON): string =>
  sign(claims, key, { expiresIn: 60 })
const query = (token: string, more: Record<string, string> = {}): string =>
  new URLSearchParams({ appid: 'shop', token, ...more }).toString()
const plain = (token: string, more: Record<string, string> = {}) =>
  server.call(`GET /passwordless_auth?${query(token, { redirect: 'false', ...more })}`)
const countUsers = async (): Promise<number> =>
  (await server.call('GET /v1/users', { as: shop })).json.totalHits

describe('/passwordless_auth with redirect=false', () => {
  test.each([
    ['the app secret', () => shop.secretKey],
    ['the setting app_secret_key', () => OWN_KEY],
  ])('answers a session token as text to a token by %s', async (_by, key) => {
    const answer = await plain(vouch(key()))
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(claimsOf(answer.text)).toMatchObject({ idp: 'generic', appid: 'app:shop' })
    const { json } = await server.call('GET /v1/_me', { as: answer.text })
    expect(json).toMatchObject({ ...PERSON, identityProvider: 'generic', type: 'user' })
  })

  test('takes the same as a POST form', async () => {
    const form = { appid: 'app:shop', token: vouch(), redirect: 'false' }
    const answer = await server.browser().send('/passwordless_auth', { form })
    expect(answer.status).toBe(200)
    expect(claimsOf(answer.body).idp).toBe('generic')
  })

  test('finds the same person by the same identifier; groups are set once', async () => {
    const first = claimsOf((await plain(vouch())).text)
    const changed = vouch(shop.secretKey, { ...PERSON, name: 'Eva', groups: 'admins' })
    const { text } = await plain(changed)
    expect(claimsOf(text).sub).toBe(first.sub)
    const { json } = await server.call('GET /v1/_me', { as: text })
    expect(json).toMatchObject({ name: 'Eva', groups: 'staff' })
  })

  test('without an identifier goes by the email', async () => {
    const { text } = await plain(vouch(shop.secretKey, { email: 'mail@example.com' }))
    const { json } = await server.call('GET /v1/_me', { as: text })
    expect(json).toMatchObject({ identifier: 'mail@example.com', email: 'mail@example.com' })
  })

  const claims = { ...PERSON, identifier: 'crm:refused' }
  const refused: [string, () => string][] = [
    ['expired', () => sign(claims, shop.secretKey, { expiresIn: -1 })],
    ['by another key', () => vouch('another-key-0123456789-0123456789', claims)],
    ['by the root app', () => vouch(ROOT_KEYS.secretKey, claims)],
    ['alg none', () => sign(claims, '', { algorithm: 'none' })],
    ['HS512', () => sign(claims, shop.secretKey, { algorithm: 'HS512', expiresIn: 60 })],
    ['naming nobody', () => superToken(shop)],
    ['with a number for an identifier', () => vouch(shop.secretKey, { identifier: 7 })],
    ['with an identifier of 300 characters', () => vouch(OWN_KEY, { identifier: 'a'.repeat(300) })],
    ['with NUL in the name', () => vouch(OWN_KEY, { ...claims, name: 'a\0b' })],
    ['of rubbish', () => 'a.b.c'],
    ['missing', () => ''],
  ]
  test.each(refused)('is 403 for a token %s, and makes no user', async (_case, token) => {
    const before = await countUsers()
    expect(await plain(token())).toMatchObject({ status: 403, json: { code: 403 } })
    expect(await countUsers()).toBe(before)
  })

  test('is 403 for an app that is not there, and without an app', async () => {
    expect((await plain(vouch(), { appid: 'nope' })).status).toBe(403)
    expect((await plain(vouch(), { appid: '' })).status).toBe(403)
    expect((await plain(vouch(), { appid: '__proto__' })).status).toBe(403)
  })

  test('is 403 for a locked user', async () => {
    const { sub } = claimsOf((await plain(vouch(OWN_KEY, { identifier: 'crm:locked' }))).text)
    const body = { active: false }
    await server.call(`PATCH /v1/users/${String(sub)}`, { as: shop, body })
    expect((await plain(vouch(OWN_KEY, { identifier: 'crm:locked' }))).status).toBe(403)
  })

  test('with a parameter given twice is 403 or a failed login, never a token', async () => {
    const twice = `GET /passwordless_auth?${query(vouch(), { redirect: 'false' })}&token=x`
    expect((await server.call(twice)).text).not.toMatch(/^ey/)
  })
})

describe('/passwordless_auth with a redirect', () => {
  test('leads to the app’s success target with the token in it', async () => {
    const answer = await server.browser().get(`/passwordless_auth?${query(vouch())}`)
    expect(answer.status).toBe(302)
    const url = new URL(answer.location)
    expect(url.origin + url.pathname).toBe('https://shop.example/in')
    expect(claimsOf(url.searchParams.get('jwt') ?? '').idp).toBe('generic')
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
  })

  test('leads to the failure target with the cause, and without cookie or token', async () => {
    const answer = await server.browser().get(`/passwordless_auth?${query('a.b.c')}`)
    expect(answer.status).toBe(302)
    expect(answer.location).toBe('https://shop.example/out?cause=Bad%20credentials.')
    expect(answer.setCookies).toEqual([])
  })

  test('of an app that is not there leads to the configured failure target', async () => {
    const path = `/passwordless_auth?${query(vouch(), { appid: 'nope' })}`
    expect((await server.browser().get(path)).location).toBe('/signin?error')
  })

  test('signs a browser in by a session where the target carries no token', async () => {
    const keys = await server.createApp('plain')
    const browser = server.browser()
    const token = sign(PERSON, keys.secretKey, { expiresIn: 60 })
    const answer = await browser.get(`/passwordless_auth?${query(token, { appid: 'plain' })}`)
    expect(answer).toMatchObject({ status: 302, location: '/' })
    const me = JSON.parse((await browser.get('/v1/_me?appid=plain')).body)
    expect(me).toMatchObject({ appid: 'plain', identifier: 'crm:7' })
  })
})

test.each(['HEAD', 'PUT', 'DELETE', 'PATCH'])(
  '%s /passwordless_auth is 405 with Allow',
  async (method) => {
    const answer = await server.call(`${method} /passwordless_auth?${query(vouch())}`)
    expect(answer.status).toBe(405)
    expect(answer.headers.allow).toBe('GET, POST')
  },
)

test('POST /jwt_auth takes it as provider passwordless', async () => {
  const body = { provider: 'Passwordless', appid: 'shop', token: vouch() }
  const answer = await server.call('POST /jwt_auth', { body })
  expect(answer).toMatchObject({ status: 200, json: { user: PERSON } })
  expect(claimsOf(answer.json.jwt.access_token).idp).toBe('generic')
  const refused = await server.call('POST /jwt_auth', { body: { ...body, token: 'a.b.c' } })
  expect(refused).toMatchObject({ status: 400, json: { code: 400 } })
})

test('with security.strict a token that never expires is refused', async () => {
  const strict = await startServer({ conf: 'para.security.strict = true' })
  const keys = await strict.createApp('shop')
  const path = (token: string): string =>
    `GET /passwordless_auth?${query(token, { redirect: 'false' })}`
  expect((await strict.call(path(sign(PERSON, keys.secretKey)))).status).toBe(403)
  expect((await strict.call(path(vouch(keys.secretKey)))).status).toBe(200)
  await strict.close()
})
