import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import Database from 'libsql'

import { ROOT_KEYS, startServer, superToken } from '../../support/api'
import type { Keys, TestServer } from '../../support/api'

let server: TestServer
let shop: Keys
beforeAll(async () => {
  server = await startServer()
  shop = await server.createApp('shop', { colour: 'red' })
  await server.createApp('other')
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
})

describe('a call is refused, and changes nothing', () => {
  test.each(['Bearer', 'Basic cGFyYTpwYXJh'])(
    'with Authorization %s: 401',
    async (authorization) => {
      await refused(await server.call(PUT, { body: BLUE, headers: { authorization } }), 401)
    },
  )

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

test('a root secret that is configured cannot be renewed over the API', async () => {
  const answer = await server.call('POST /v1/_newkeys', { as: ROOT_KEYS })
  expect(answer).toMatchObject({ status: 403, json: { code: 403 } })
  expect((await server.call('GET /v1/_me', { as: ROOT_KEYS })).status).toBe(200)
})
