import type { Json } from '../../../src/apps/settings'
import { startServer, type Keys, type TestServer } from '../../support/api'

let server: TestServer
let shop: Keys
beforeAll(async () => {
  server = await startServer()
  shop = await server.createApp('shop')
})
beforeEach(() => put({}))
afterAll(() => server.close())

const read = async (): Promise<Record<string, Json>> =>
  (await server.call('GET /v1/_settings', { as: shop })).json
async function put(settings: Record<string, Json>): Promise<void> {
  const answer = await server.call('PUT /v1/_settings', { as: shop, body: settings })
  expect(answer).toMatchObject({ status: 200, text: '' })
}
const pathOf = (key: string): string => `/v1/_settings/${encodeURIComponent(key)}`

describe('one setting', () => {
  test.each<[Json]>([
    [null],
    [false],
    [0],
    [''],
    ['text'],
    [1.5e300],
    [[]],
    [[1, [2, { a: null }]]],
    [{}],
    [{ a: { b: { c: ['d'] } } }],
  ])('of value %j comes back as it was put', async (value) => {
    const path = '/v1/_settings/anything'
    const stored = await server.call(`PUT ${path}`, { as: shop, body: { value } })
    expect(stored).toMatchObject({ status: 200, text: '' })
    expect((await server.call(`GET ${path}`, { as: shop })).json).toEqual({ value })
    expect(await read()).toEqual({ anything: value })
  })

  test.each([
    'with.dots.in.it',
    'with spaces',
    'a/b',
    '/',
    'ключ-鍵-🔑',
    'app:x',
    'a+b&c=d?e#f',
    "quote'--",
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
  ])('named %s is put, read, listed and deleted like any other', async (key) => {
    const path = pathOf(key)
    expect((await server.call(`GET ${path}`, { as: shop })).json).toEqual({})
    await server.call(`PUT ${path}`, { as: shop, body: { value: { polluted: 1 } } })
    expect((await server.call(`GET ${path}`, { as: shop })).text).toBe('{"value":{"polluted":1}}')
    expect(Object.entries(await read())).toEqual([[key, { polluted: 1 }]])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(await server.call(`DELETE ${path}`, { as: shop })).toMatchObject({
      status: 200,
      text: '',
    })
    expect(await read()).toEqual({})
  })

  test('that is not there: GET answers {}, DELETE 200', async () => {
    expect((await server.call('GET /v1/_settings/none', { as: shop })).text).toBe('{}')
    expect((await server.call('DELETE /v1/_settings/none', { as: shop })).status).toBe(200)
  })

  test.each([
    ['longer than 256 characters', 'a'.repeat(257)],
    ['blank', ' '],
    ['with NUL', 'a\0b'],
  ])('with a name %s is refused with 400', async (_case, key) => {
    const answer = await server.call(`PUT ${pathOf(key)}`, { as: shop, body: { value: 1 } })
    expect(answer).toMatchObject({ status: 400, json: { code: 400 } })
    expect(await read()).toEqual({})
  })

  test('DELETE without a key is 405 with Allow, and changes nothing', async () => {
    await put({ a: 1 })
    for (const path of ['/v1/_settings', '/v1/_settings/']) {
      const answer = await server.call(`DELETE ${path}`, { as: shop })
      expect(answer).toMatchObject({ status: 405, json: { code: 405 } })
      expect(answer.headers.allow).toBe('GET, PUT')
    }
    expect(await read()).toEqual({ a: 1 })
  })

  test('PUT with an empty key is 400, and replaces nothing', async () => {
    await put({ a: 1 })
    const body = { value: 2 }
    const answer = await server.call('PUT /v1/_settings/', { as: shop, body })
    expect(answer).toMatchObject({ status: 400, json: { code: 400 } })
    expect(await read()).toEqual({ a: 1 })
  })

  test('is its app’s alone', async () => {
    const other = await server.createApp('other')
    await put({ mine: 1 })
    expect((await server.call('GET /v1/_settings/mine', { as: other })).json).toEqual({})
    await server.call('DELETE /v1/_settings/mine', { as: other })
    expect(await read()).toEqual({ mine: 1 })
  })
})

describe('a body', () => {
  test('that is compressed is refused', async () => {
    const headers = { 'content-encoding': 'gzip' }
    const body = Buffer.from('{"value":1}')
    const answer = await server.call('PUT /v1/_settings/a', { as: shop, body, headers })
    expect(answer.status).toBe(400)
    expect(await read()).toEqual({})
  })

  test('of 32 levels is taken', async () => {
    const body = `{"value":${'['.repeat(31)}1${']'.repeat(31)}}`
    expect((await server.call('PUT /v1/_settings/deep', { as: shop, body })).status).toBe(200)
  })
})

describe('front ends', () => {
  test('an alias that is no web origin picks no front end', async () => {
    await put({ 'security.hosturl_aliases': 'https://a.example, ftp://b.example' })
    expect(await read()).toEqual({ 'security.hosturl_aliases': 'https://a.example' })
  })
})

test.each([
  ['session_timeout', 'soon'],
  ['session_timeout', 0],
  ['security.strict', 'maybe'],
  ['app_secret_key', 'short'],
  ['public_url', 'ftp://a.example'],
  ['az_app_id', ['x']],
])('a value that setting %s cannot have is refused, and not told: %j', async (key, value) => {
  const answer = await server.call(`PUT /v1/_settings/${key}`, { as: shop, body: { value } })
  expect(answer.status).toBe(400)
  expect(answer.json.message).toMatch(new RegExp(`^Setting ${key} must`))
  expect(answer.json.message).not.toContain('short')
  expect(await read()).toEqual({})
})

test.each([null, ''])('%j stands for nothing set where a setting has a meaning', async (value) => {
  await put({ signin_success: value, az_app_id: value, session_timeout: value })
  const begun = await server.browser().get('/amazon_auth?state=shop')
  expect(begun.location).toBe('/signin?error')
})

describe('a secret', () => {
  const MASK = '********'

  test('is replaced by another text, and gone when it is left out', async () => {
    await put({ az_app_id: 'client.shop', az_secret: 'old' })
    await put({ ...(await read()), az_secret: 'secret.shop' })
    expect(await server.secretShownBy('shop')).toBe('secret.shop')
    await put({ az_app_id: 'client.shop' })
    expect(await read()).toEqual({ az_app_id: 'client.shop' })
  })

  test('is not made of a mask where there was none', async () => {
    await put({ az_secret: MASK, other: MASK })
    expect(await read()).toEqual({ other: MASK })
    await server.call('PUT /v1/_settings/az_secret', { as: shop, body: { value: MASK } })
    expect(await read()).toEqual({ other: MASK })
  })
})
