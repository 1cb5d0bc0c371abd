import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sign } from 'jsonwebtoken'
import Database from 'libsql'

import { callAt, ROOT_KEYS, signatureOf, startServer, superToken } from '../../support/api'
import type { Keys, TestServer } from '../../support/api'

let server: TestServer
let shop: Keys
let other: Keys
beforeAll(async () => {
  server = await startServer()
  shop = await server.createApp('shop', { colour: 'red' })
  other = await server.createApp('other')
})
afterAll(() => server.close())

/** The settings that no refused request may have changed. */
const settings = async (): Promise<unknown> =>
  (await server.call('GET /v1/_settings', { as: shop })).json
const PUT = 'PUT /v1/_settings/colour'
const BLUE = { value: 'blue' }

describe('a call is the app’s own', () => {
  test('when aws4 signs it with the app secret', async () => {
    expect(await server.call('GET /v1/_me', { as: shop })).toMatchObject({
      status: 200,
      json: { id: 'app:shop', appIdentifier: 'shop', appid: 'para', type: 'app' },
    })
  })

  test('when a percent-encoded path or a query is signed', async () => {
    const put = await server.call('PUT /v1/_settings/a%3Ab%20c', { as: shop, body: { value: 1 } })
    expect(put.status).toBe(200)
    const listed = await server.call('GET /v1/users?limit=2&sort=name&page=1', { as: shop })
    expect(listed.status).toBe(200)
    expect((await server.call('DELETE /v1/_settings/a%3Ab%20c', { as: shop })).status).toBe(200)
  })

  test('when it carries a super token, whose appid may leave out app:', async () => {
    for (const appid of ['app:shop', 'shop']) {
      const token = superToken(shop, { appid })
      expect((await server.call('GET /v1/_me', { as: token })).json).toMatchObject({
        id: 'app:shop',
      })
    }
  })

  test('and an access key without app: is the same app', async () => {
    const bare = { ...shop, accessKey: 'shop' }
    expect((await server.call('GET /v1/_me', { as: bare })).json.id).toBe('app:shop')
  })

  test('T10 whatever other app its query and headers name', async () => {
    const answer = await server.call('GET /v1/_me?appid=app:other', {
      as: shop,
      headers: { 'x-para-app': 'other', 'x-forwarded-host': 'other' },
    })
    expect(answer.json.id).toBe('app:shop')
  })
})

describe('S1 a call is refused, and changes nothing', () => {
  test('without credentials: 401 with WWW-Authenticate', async () => {
    await refused(await server.call(PUT, { body: BLUE }), 401, 'Bearer')
  })

  test('with a signature by another secret: 403', async () => {
    const forged = { ...shop, secretKey: other.secretKey }
    await refused(await server.call(PUT, { as: forged, body: BLUE }), 403)
  })

  test('S2 with a body that was changed after signing: 403', async () => {
    const headers = sign4('PUT', '/v1/_settings/colour', '{"value":"gray"}')
    await refused(await server.call(PUT, { body: '{"value":"blue"}', headers }), 403)
  })

  test('S6 with a path or query that was changed after signing: 403', async () => {
    const headers = sign4('PUT', '/v1/_settings/color', JSON.stringify(BLUE))
    await refused(await server.call(PUT, { body: BLUE, headers }), 403)
    const signed = sign4('GET', '/v1/users?limit=1&limit=2', '')
    expect((await server.call('GET /v1/users?limit=1&limit=3', { headers: signed })).status).toBe(
      403,
    )
  })

  test.each([
    ['S3 more than 15 minutes old', -901_000],
    ['S4 more than 5 minutes ahead', 301_000],
    ['S4 of the year 2099', Date.parse('2099-01-01') - Date.now()],
  ])('with a date %s: 400', async (_when, aheadMs) => {
    const nowMs = Date.now() + aheadMs
    const answer = await server.call(PUT, { as: shop, body: BLUE, nowMs })
    await refused(answer, 400)
    expect(answer.json.message).toBe('Request has expired.')
  })

  test('S11 with an access key that nobody has: 404', async () => {
    const unknown = { ...shop, accessKey: 'app:nobody' }
    const answer = await server.call(PUT, { as: unknown, body: BLUE })
    await refused(answer, 404)
    expect(answer.json.message).toBe('App not found.')
  })

  test.each([
    ['AWS4-HMAC-SHA256', 400],
    ['AWS4-HMAC-SHA256 Credential=app:shop, SignedHeaders=host, Signature=00', 400],
    ['AWS4-HMAC-SHA512 Credential=a/b, SignedHeaders=host, Signature=c', 400],
    ['Bearer', 401],
    ['Basic cGFyYTpwYXJh', 401],
  ])('S5 with Authorization %s: %i', async (authorization, status) => {
    await refused(await server.call(PUT, { body: BLUE, headers: { authorization } }), status)
  })

  test('S9 with x-amz-content-sha256 UNSIGNED-PAYLOAD: 403', async () => {
    const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
    await refused(await server.call(PUT, { as: shop, body: BLUE, headers }), 403)
  })

  test('by an inactive app: 403, and its super token 401', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'amazon-auth-api-'))
    const file = join(folder, 'store.db')
    const stored = await startServer({ conf: `para.store.url = "sqlite:${file}"` })
    const keys = await stored.createApp('closed')
    const database = new Database(file)
    database.exec("UPDATE apps SET active = 0 WHERE app_id = 'closed'")
    database.close()
    stored.composition.services.apps.forget('closed')
    expect((await stored.call('GET /v1/_me', { as: keys })).status).toBe(403)
    expect((await stored.call('GET /v1/_me', { as: superToken(keys) })).status).toBe(401)
    await stored.close()
    rmSync(folder, { recursive: true })
  })

  test('by a user, where an app is needed: 403', async () => {
    const { token } = await server.signIn('shop')
    await refused(await server.call(PUT, { as: token, body: BLUE }), 403)
  })

  test('by an app, where a user is needed: 403', async () => {
    expect((await server.call('DELETE /jwt_auth', { as: shop })).status).toBe(403)
  })

  test('by a child, where the root app is needed: 403', async () => {
    for (const line of ['GET /v1/_setup/mine', 'GET /v1/apps']) {
      expect((await server.call(line, { as: shop })).status).toBe(403)
    }
    const apps = await server.call('GET /v1/apps', { as: ROOT_KEYS })
    expect(apps.json.items.map(({ id }: { id: string }) => id)).not.toContain('app:mine')
  })

  async function refused(
    answer: Awaited<ReturnType<TestServer['call']>>,
    status: number,
    challenge?: string,
  ): Promise<void> {
    expect(answer).toMatchObject({ status, json: { code: status, message: expect.any(String) } })
    if (status === 401) {
      expect(answer.headers['www-authenticate']).toMatch(challenge ?? /^Bearer/)
    }
    expect(await settings()).toMatchObject({ colour: 'red' })
  }
})

describe('S18 a super token is refused with 401', () => {
  const claims = { appid: 'app:shop' }
  const soon = { expiresIn: 60 } as const
  test.each([
    ['without exp', () => sign(claims, shop.secretKey)],
    ['past its exp', () => sign(claims, shop.secretKey, { expiresIn: -1 })],
    ['not yet valid', () => sign(claims, shop.secretKey, { ...soon, notBefore: 60 })],
    ['with alg none', () => sign(claims, '', { ...soon, algorithm: 'none' })],
    ['with HS384', () => sign(claims, shop.secretKey, { ...soon, algorithm: 'HS384' })],
    ['with HS512', () => sign(claims, shop.secretKey, { ...soon, algorithm: 'HS512' })],
    ['signed by another app', () => sign(claims, other.secretKey, soon)],
    ['that names a person by sub', () => sign({ ...claims, sub: '1' }, shop.secretKey, soon)],
    ['that names a person by email', () => superToken(shop, { email: 'ada@example.com' })],
    ['that names a person by identifier', () => superToken(shop, { identifier: 'az:x' })],
    ['of an app that is not there', () => superToken({ ...shop, accessKey: 'app:nobody' })],
    ['without appid', () => sign({}, shop.secretKey, soon)],
    ['with a cut signature', () => superToken(shop).slice(0, -4)],
    ['that is no JWT', () => 'a.b.c'],
    ['of 10 kB', () => superToken(shop, { filler: 'a'.repeat(10_000) })],
  ])('%s', async (_case, token) => {
    const answer = await server.call(PUT, { as: token(), body: BLUE })
    expect(answer).toMatchObject({ status: 401, json: { code: 401 } })
    expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
    expect(await settings()).toMatchObject({ colour: 'red' })
  })

  test('once its user is deleted: a user token never becomes an app’s', async () => {
    const { token, user } = await server.signIn('shop')
    expect((await server.call('GET /v1/_me', { as: token })).json.id).toBe(user.id)
    await server.call(`DELETE /v1/users/${user.id}`, { as: shop })
    expect((await server.call('GET /v1/_me', { as: token })).status).toBe(401)
  })
})

test('S11 with security.strict an unknown access key is answered like a wrong signature', async () => {
  const strict = await startServer({ conf: 'para.security.strict = true' })
  const unknown = { accessKey: 'app:nobody', secretKey: 'x' }
  const forged = { ...ROOT_KEYS, secretKey: 'x' }
  const [first, second] = await Promise.all(
    [unknown, forged].map((as) => strict.call('GET /v1/_me', { as })),
  )
  expect(first?.status).toBe(403)
  expect(first?.json).toEqual(second?.json)
  await strict.close()
})

test('S23 new keys end the old ones, every super token and every token of a user at once', async () => {
  const keys = await server.createApp('renewing')
  const { token } = await server.signIn('renewing')
  const before = superToken(keys)
  const renewed = await server.call('POST /v1/_newkeys', { as: keys })
  expect(renewed.json).toMatchObject({ accessKey: 'app:renewing', info: expect.any(String) })
  expect(renewed.json.secretKey).toMatch(/^[\w-]{43}$/)
  expect((await server.call('GET /v1/_me', { as: keys })).status).toBe(403)
  expect((await server.call('GET /v1/_me', { as: before })).status).toBe(401)
  expect((await server.call('GET /v1/_me', { as: token })).status).toBe(401)
  expect((await server.call('GET /v1/_me', { as: renewed.json })).status).toBe(200)
})

test('a root secret that is configured cannot be renewed over the API', async () => {
  const answer = await server.call('POST /v1/_newkeys', { as: ROOT_KEYS })
  expect(answer).toMatchObject({ status: 403, json: { code: 403 } })
  expect((await server.call('GET /v1/_me', { as: ROOT_KEYS })).status).toBe(200)
})

function sign4(method: string, path: string, body: string): Readonly<Record<string, string>> {
  const { host } = new URL(server.origin)
  return signatureOf({ method, path, host, body: Buffer.from(body) }, shop)
}

test('S8 a signature for another host is refused', async () => {
  const headers = signatureOf(
    { method: 'GET', path: '/v1/_me', host: 'other.example', body: Buffer.alloc(0) },
    shop,
  )
  const { host } = new URL(server.origin)
  const answer = await callAt(server.origin, 'GET /v1/_me', { headers: { ...headers, Host: host } })
  expect(answer.status).toBe(403)
})
