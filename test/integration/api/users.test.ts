import type { Json } from '../../../src/apps/settings'
import { PEOPLE } from '../../../src/emulator'
import { startServer, type Keys, type SignedIn, type TestServer } from '../../support/api'

const PERSONS = PEOPLE.map(({ userId }) => userId)

let server: TestServer
let shop: Keys
let other: Keys
let users: SignedIn[]
beforeEach(async () => {
  server = await startServer()
  shop = await server.createApp('shop')
  other = await server.createApp('other')
  users = []
  for (const userId of PERSONS) {
    users.push(await server.signIn('shop', userId))
    server.moveClock(1000)
  }
})
afterEach(() => server.close())

const pathOf = (n: number): string => `/v1/users/${users[n]?.user.id ?? ''}`

describe('GET /v1/users', () => {
  test('answers items, page, totalHits and lastKey; page is 0 when it was not given', async () => {
    const { json } = await server.call('GET /v1/users', { as: shop })
    expect(json).toEqual({
      items: users.map(({ user }) => user).reverse(),
      page: 0,
      totalHits: 4,
      lastKey: users[0]?.user.id,
    })
    expect(JSON.stringify(json)).not.toMatch(/secret/i)
  })

  test('gives pages that hold every user once', async () => {
    const pages = await Promise.all(
      [1, 2, 3].map((page) => server.call(`GET /v1/users?page=${page}&limit=2`, { as: shop })),
    )
    expect(pages.map(({ json }) => [json.page, json.items.length, json.totalHits])).toEqual([
      [1, 2, 4],
      [2, 2, 4],
      [3, 0, 4],
    ])
    const ids = pages.flatMap(({ json }) => json.items.map(({ id }: { id: string }) => id))
    expect(ids).toEqual(users.map(({ user }) => user.id).reverse())
    expect(pages[2]?.json.lastKey).toBeNull()
  })

  test.each(['timestamp', 'updated', 'name', 'email', 'id'])(
    'sorts by %s, both ways',
    async (key) => {
      const sorted = async (desc: boolean): Promise<(string | number)[]> => {
        const { json } = await server.call(`GET /v1/users?sort=${key}&desc=${desc}`, { as: shop })
        return json.items.map((user: Record<string, string | number>) => user[key])
      }
      const up = await sorted(false)
      expect(up).toHaveLength(4)
      expect(up).toEqual(up.toSorted((a, b) => (a < b ? -1 : 1)))
      expect(await sorted(true)).toEqual(up.toReversed())
    },
  )

  test.each([
    'page=-1',
    'page=x',
    'page=1.5',
    'page=1e9',
    'limit=0',
    'limit=101',
    'limit=',
    'sort=token_secret',
    'sort=name;drop',
    'desc=maybe',
    'page=1&page=2',
    'limit=1&limit=1',
  ])('with %s is 400 that names the parameter', async (query) => {
    const answer = await server.call(`GET /v1/users?${query}`, { as: shop })
    expect(answer).toMatchObject({ status: 400, json: { code: 400 } })
    expect(answer.json.message).toContain(query.slice(0, query.indexOf('=')))
  })

  test('ignores parameters that it does not know', async () => {
    const answer = await server.call('GET /v1/users?appid=other&x=1&x=2', { as: shop })
    expect(answer.json.totalHits).toBe(4)
  })
})

describe('a user of another app', () => {
  test.each(['GET', 'PATCH', 'DELETE'])('is 404 to %s, and stays as it was', async (method) => {
    const line = `${method} ${pathOf(0)}`
    const answer = await server.call(line, { as: other, body: { active: false } })
    expect(answer).toMatchObject({ status: 404, json: { code: 404 } })
    expect((await server.call(`GET ${pathOf(0)}`, { as: shop })).json).toEqual(users[0]?.user)
  })

  test.each(['nobody', '1', '__proto__', "1' OR '1'='1", '%00', 'a%2Fb'])(
    'and an id that nobody has, %s, are 404 alike',
    async (id) => {
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        const line = `${method} /v1/users/${id.includes('%') ? id : encodeURIComponent(id)}`
        const answer = await server.call(line, { as: shop, body: { name: 'x' } })
        expect(answer).toMatchObject({ status: 404, json: { code: 404 } })
      }
    },
  )
})

describe('PATCH /v1/users/{id}', () => {
  test('changes name, email and groups, and answers the record', async () => {
    const body = { name: 'Zoë 林', email: 'zoe@example.com', groups: 'admins' }
    const { status, json } = await server.call(`PATCH ${pathOf(0)}`, { as: shop, body })
    expect(status).toBe(200)
    expect(json).toEqual({ ...users[0]?.user, ...body, updated: json.updated })
    expect((await server.call(`GET ${pathOf(0)}`, { as: shop })).json).toEqual(json)
  })

  test.each<[Record<string, Json>]>([
    [{ active: 'false' }],
    [{ active: 0 }],
    [{ active: null }],
    [{ name: '' }],
    [{ name: ['x'] }],
    [{ name: 'a\0b' }],
    [{ name: 'a'.repeat(257) }],
    [{ email: 'a'.repeat(255) }],
    [{ groups: { admin: true } }],
    [{ name: 'fine', active: 'no' }],
  ])('with %j is 400, and changes nothing', async (body) => {
    const answer = await server.call(`PATCH ${pathOf(0)}`, { as: shop, body })
    expect(answer).toMatchObject({ status: 400, json: { code: 400 } })
    expect((await server.call(`GET ${pathOf(0)}`, { as: shop })).json).toEqual(users[0]?.user)
  })

  test.each(['[]', '"x"', 'null', '{"name"', ''])('with the body %j is 400', async (body) => {
    const answer = await server.call(`PATCH ${pathOf(0)}`, { as: shop, body })
    expect(answer).toMatchObject({ status: 400, json: { code: 400 } })
  })
})

describe('a locked user', () => {
  test('loses session and tokens with the next request, and for good', async () => {
    const browser = server.browser()
    const begun = await browser.get('/amazon_auth?state=shop')
    await browser.get(await server.emulator.allow(begun.location, PERSONS[0]))
    const token = users[0]?.token ?? ''
    const both = async (): Promise<number[]> => [
      (await browser.get('/v1/_me?appid=shop')).status,
      (await server.call('GET /v1/_me', { as: token })).status,
    ]
    expect(await both()).toEqual([200, 200])
    const locked = await server.call(`PATCH ${pathOf(0)}`, { as: shop, body: { active: false } })
    expect(locked.json.active).toBe(false)
    expect(await both()).toEqual([401, 401])
    await server.call(`PATCH ${pathOf(0)}`, { as: shop, body: { active: true } })
    expect(await both()).toEqual([401, 401])
    expect((await server.signIn('shop', PERSONS[0])).user.id).toBe(users[0]?.user.id)
  })
})

describe('DELETE /v1/users/{id}', () => {
  test('answers 200 without a body; the user, session and tokens are gone', async () => {
    const deleted = await server.call(`DELETE ${pathOf(0)}`, { as: shop })
    expect(deleted).toMatchObject({ status: 200, text: '' })
    expect((await server.call(`GET ${pathOf(0)}`, { as: shop })).status).toBe(404)
    expect((await server.call(`DELETE ${pathOf(0)}`, { as: shop })).status).toBe(404)
    expect((await server.call('GET /v1/_me', { as: users[0]?.token ?? '' })).status).toBe(401)
    expect((await server.call('GET /v1/users', { as: shop })).json.totalHits).toBe(3)
  })

  test('a deleted person who signs in again is a new user', async () => {
    await server.call(`DELETE ${pathOf(0)}`, { as: shop })
    const again = await server.signIn('shop', PERSONS[0])
    expect(again.user.id).not.toBe(users[0]?.user.id)
  })
})
