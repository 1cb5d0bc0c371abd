import { PEOPLE } from '../../../src/emulator'
import { ROOT_KEYS, startServer, superToken, type Keys, type TestServer } from '../../support/api'
import { startHost, type Host } from '../../support/host'
import { ParaClient } from '../../support/para-client'

describe('a client that was written for Para', () => {
  let server: TestServer
  let shop: Keys
  let client: ParaClient
  beforeEach(async () => {
    server = await startServer()
    shop = await server.createApp('shop')
    client = new ParaClient(server.origin, shop)
  })
  afterEach(() => server.close())

  test('deletes a user by its objectURI: record, session token and all', async () => {
    const { user, token } = await server.signIn('shop')
    expect(await client.delete(user)).toMatchObject({ status: 200, text: '' })
    expect((await client.read('user', user.id)).status).toBe(404)
    expect((await server.call(`GET /v1/users/${user.id}`, { as: shop })).status).toBe(404)
    expect((await server.call('GET /v1/_me', { as: token })).status).toBe(401)
    expect((await client.list('users')).json.totalHits).toBe(0)
  })

  test('reads, lists and changes users under either name, and by PUT too', async () => {
    const { user } = await server.signIn('shop')
    for (const type of [user.type, user.plural]) {
      expect((await client.read(type, user.id)).json).toEqual(user)
      expect((await client.list(type)).json).toMatchObject({ items: [user], totalHits: 1 })
    }
    const patched = await client.update({ ...user, name: 'Ada B.' } as typeof user)
    expect(patched).toMatchObject({ status: 200, json: { id: user.id, name: 'Ada B.' } })
    const put = await client.create({ ...patched.json, active: false, identifier: 'az:x' })
    expect(put).toMatchObject({ status: 200, json: { active: false, name: 'Ada B.' } })
    expect((await client.read('user', user.id)).json).toEqual(put.json)
    expect(put.json.identifier).toBe(user.identifier)
  })

  test('cannot touch another app’s user under these names either', async () => {
    const other = new ParaClient(server.origin, await server.createApp('other'))
    const { user } = await server.signIn('shop')
    for (const answer of [other.read('user', user.id), other.create(user), other.delete(user)]) {
      expect((await answer).status).toBe(404)
    }
    expect((await client.read('user', user.id)).json).toEqual(user)
  })

  test('searches users by what name, email or identifier begins with', async () => {
    const { user: ada } = await server.signIn('shop', PEOPLE[0]?.userId)
    await server.signIn('shop', PEOPLE[1]?.userId)
    for (const type of ['user', 'users']) {
      for (const q of [ada.name.slice(0, 3), ada.email.toUpperCase(), ada.identifier, 'Ada*']) {
        const answer = await client.find(type, 'default', { q, limit: '5', sort: 'name' })
        expect([q, answer.json]).toMatchObject([
          q,
          { items: [ada], page: 0, totalHits: 1, lastKey: ada.id },
        ])
      }
      for (const all of [{ q: '*' }, { q: '' }, { page: '1' }]) {
        expect((await client.find(type, 'default', all)).json.totalHits).toBe(2)
      }
      expect((await client.list(`${type}/search`, { q: 'ada' })).json.totalHits).toBe(1)
    }
    expect((await client.find('user', 'default', { q: 'nobody' })).json).toEqual({
      items: [],
      page: 0,
      totalHits: 0,
      lastKey: null,
    })
    const other = new ParaClient(server.origin, await server.createApp('other'))
    expect((await other.find('user', 'default', { q: 'ada' })).json.totalHits).toBe(0)
  })

  test.each([
    'name:Ada',
    'properties.age:3',
    'a AND b',
    'NOT a',
    '"Ada L"',
    'A?a',
    'a*b',
    '+ada -ben',
    'ada~2',
    '[a TO b]',
    'x'.repeat(257),
  ])('a search for %s is 400 with a sentence', async (q) => {
    const answer = await client.find('user', 'default', { q })
    expect(answer).toMatchObject({ status: 400, json: { code: 400 } })
    expect(answer.json.message).toMatch(/begins with|parameter q/)
  })

  test.each(['count', 'terms', 'tags', 'nearby', 'ids'])(
    'a search of the kind %s is 400 with a sentence',
    async (kind) => {
      const answer = await client.find('user', kind, { q: '*' })
      expect(answer).toMatchObject({ status: 400, json: { code: 400 } })
      expect(answer.json.message).toContain('begins with')
    },
  )

  test('searches apps as the root app, by id and name', async () => {
    await server.call('GET /v1/_setup/books?name=Shoppers%20Books', { as: ROOT_KEYS })
    const root = new ParaClient(server.origin, ROOT_KEYS)
    for (const q of ['shop', 'app:shop']) {
      const { json } = await root.find('app', 'default', { q })
      const ids = json.items.map(({ id }: { id: string }) => id)
      expect([q, ids, json.totalHits]).toEqual([q, ['app:books', 'app:shop'], 2])
    }
    expect((await root.find('apps', 'default', { q: '*' })).json.totalHits).toBe(3)
    expect((await client.find('app', 'default', { q: '*' })).status).toBe(403)
  })

  test('walks through all users by lastKey', async () => {
    for (const { userId } of PEOPLE) await server.signIn('shop', userId)
    const seen: string[] = []
    let query: Record<string, string> = { limit: '3', sort: 'name', desc: 'false' }
    for (;;) {
      const { json } = await client.list('user', query)
      if (json.lastKey === null) break
      seen.push(...json.items.map(({ name }: { name: string }) => name))
      query = { ...query, lastKey: json.lastKey }
    }
    expect(seen).toEqual(PEOPLE.map(({ name = 'No Name' }) => name).toSorted())
    expect((await client.list('user', { lastKey: '1' })).status).toBe(404)
  })

  test('lists apps as the root app, and deletes itself by its objectURI', async () => {
    const root = new ParaClient(server.origin, ROOT_KEYS)
    expect((await root.list('app')).json).toEqual((await root.list('apps')).json)
    const { json: me } = await client.me()
    expect((await client.delete(me)).status).toBe(200)
    expect((await client.me()).status).toBe(404)
  })

  test('asks for the time to test a connection; a bad key is told apart', async () => {
    const { status, json } = await client.timestamp()
    expect(status).toBe(200)
    expect(Math.abs(json - Date.now())).toBeLessThan(600_000)
    const { token } = await server.signIn('shop')
    expect((await server.call('GET /v1/utils/timestamp', { as: token })).status).toBe(200)
    const bad = new ParaClient(server.origin, { ...shop, secretKey: 'x'.repeat(40) })
    expect((await bad.timestamp()).status).toBe(403)
    expect((await server.call('GET /v1/utils/timestamp')).status).toBe(401)
  })

  test('is told in a sentence that keys of an app are not handed out again', async () => {
    for (const keys of [ROOT_KEYS, shop]) {
      const token = superToken(keys, { getCredentials: 'app:shop' })
      const answer = await server.call('GET /v1/_me', { as: token })
      expect(answer).toMatchObject({ status: 403, json: { code: 403 } })
      expect(answer.json.message).toContain('keys rotate')
      expect(answer.text).not.toContain(shop.secretKey)
    }
    expect((await server.call('GET /v1/_me', { as: superToken(shop) })).status).toBe(200)
  })

  test('is told that other types of objects are not kept here', async () => {
    const { json: me } = await client.me()
    const answers = [
      client.readAll(['1', '2']),
      client.list('search'),
      client.list('sysprop'),
      client.read('sysprop', '1'),
      client.create({ type: 'tag', objectURI: '/tag/tag%3Ared' }),
      client.list(`${me.type}/x/y`),
    ]
    for (const answer of await Promise.all(answers)) {
      expect(answer).toMatchObject({ status: 404, json: { code: 404 } })
      expect(answer.json.message).toContain('users and apps only')
    }
  })
})

describe('with the API elsewhere', () => {
  let host: Host
  beforeEach(async () => {
    const options = {
      rootSecretKey: ROOT_KEYS.secretKey,
      api: { path: '/auth/v1', manage: true },
    }
    host = await startHost({ options })
  })
  afterEach(() => host.close())

  test('a client signs people in beside it, and at the root', async () => {
    const clientId = 'amzn1.application-oa2-client.acme'
    for (const apiPath of ['/auth/v1', '/v1']) {
      const client = new ParaClient(host.origin, ROOT_KEYS, apiPath)
      const token = host.emulator.issueAccessToken({ clientId })
      const signedIn = await client.signIn('amazon', 'acme', token)
      expect(signedIn).toMatchObject({ status: 200, json: { user: { appid: 'acme' } } })
    }
  })

  test('/passwordless_auth answers beside it, and at the root', async () => {
    for (const path of [
      '/auth/passwordless_auth',
      '/AUTH/passwordless_auth/',
      '/passwordless_auth',
    ]) {
      const answer = await host.browser().get(`${path}?appid=acme&token=x&redirect=false`)
      expect([path, answer.status]).toEqual([path, 403])
    }
    expect((await host.browser().get('/auth/amazon_auth')).status).toBe(404)
  })
})
