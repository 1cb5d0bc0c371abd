import type { Json } from '../../../src/apps/settings'
import { callAt, ROOT_KEYS, startServer, type Keys, type TestServer } from '../../support/api'
import { Workplace } from '../server/command-line'

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
  ])('S15 named %s is put, read, listed and deleted like any other', async (key) => {
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

describe('a body that is refused changes nothing', () => {
  const cases: [string, string | Buffer, number][] = [
    ['S14 []', '[]', 400],
    ['S14 "x"', '"x"', 400],
    ['S14 1', '1', 400],
    ['S14 null', 'null', 400],
    ['S14 cut JSON', '{"value":', 400],
    ['S14 nothing', '', 400],
    ['S14 bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe]), 400],
    ['S16 10,000 levels', `{"value":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 400],
    ['S16 33 levels', `{"value":${'['.repeat(32)}1${']'.repeat(32)}}`, 400],
    ['S16 1 MiB', JSON.stringify({ value: 'a'.repeat(2 ** 20) }), 413],
    // A pattern that tries again at every quote would be at it for minutes.
    ['S16 quotes that never close', `{"value":"${'\\"'.repeat(500_000)}`, 400],
  ]
  test.each(cases)('%s', async (_case, body, status) => {
    await put({ value: 'kept' })
    for (const path of ['/v1/_settings', '/v1/_settings/value']) {
      const answer = await server.call(`PUT ${path}`, { as: shop, body })
      expect(answer).toMatchObject({ status, json: { code: status } })
    }
    expect(await read()).toEqual({ value: 'kept' })
  })

  test.each(['{"val":1}', '{}'])('S13 %s, which has no value', async (body) => {
    await put({ a: 'kept', b: 'too' })
    const answer = await server.call('PUT /v1/_settings/a', { as: shop, body })
    expect(answer).toMatchObject({ status: 400, json: { code: 400 } })
    expect(answer.json.message).toContain('value')
    expect(await read()).toEqual({ a: 'kept', b: 'too' })
  })

  test('S16 10,000 settings at once', async () => {
    const body = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`key${n}`, n]))
    await put({ a: 1 })
    const answer = await server.call('PUT /v1/_settings', { as: shop, body })
    expect(answer).toMatchObject({ status: 400, json: { code: 400 } })
    expect(await read()).toEqual({ a: 1 })
  })

  test('a compressed body', async () => {
    const headers = { 'content-encoding': 'gzip' }
    const body = Buffer.from('{"value":1}')
    const answer = await server.call('PUT /v1/_settings/a', { as: shop, body, headers })
    expect(answer.status).toBe(400)
    expect(await read()).toEqual({})
  })

  test('32 levels are taken', async () => {
    const body = `{"value":${'['.repeat(31)}1${']'.repeat(31)}}`
    expect((await server.call('PUT /v1/_settings/deep', { as: shop, body })).status).toBe(200)
  })

  test('S15 __proto__ and constructor in it are names like any other', async () => {
    const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'
    const answer = await server.call('PUT /v1/_settings', { as: shop, body })
    expect(answer.status).toBe(200)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(Object.keys(await read()).sort()).toEqual(['__proto__', 'constructor'])
    const inherited = '{"__proto__":{"value":1}}'
    const one = await server.call('PUT /v1/_settings/a', { as: shop, body: inherited })
    expect(one.status).toBe(400)
  })
})

describe('S17 an address that is not safe is refused with 400 that names the key', () => {
  const addresses = [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    '//evil.example',
    '/\\evil.example',
    'https://a.example/\r\nSet-Cookie: x=1',
    'https://user@evil.example',
    'https:evil.example',
    'signed-in',
  ]
  test.each(addresses)('%j', async (address) => {
    await put({ signin_success: '/in' })
    for (const key of ['signin_success', 'signin_failure']) {
      const one = await server.call(`PUT /v1/_settings/${key}`, {
        as: shop,
        body: { value: address },
      })
      const all = await server.call('PUT /v1/_settings', { as: shop, body: { [key]: address } })
      for (const answer of [one, all]) {
        expect(answer.status).toBe(400)
        expect(answer.json.message).toContain(`Setting ${key} must`)
        expect(answer.text).not.toContain('evil')
      }
    }
    expect(await read()).toEqual({ signin_success: '/in' })
  })

  test.each(['/in?jwt=id', 'https://a.example/in?jwt=?', 'myapp://in', 'com.example.app:/in'])(
    '%s is taken',
    async (address) => {
      await put({ signin_success: address, signin_failure: address })
      expect(await read()).toEqual({ signin_success: address, signin_failure: address })
    },
  )

  test.each(['javascript:alert(1)', 'data:x', 'vbscript:x', '//evil.example', 'https://a\r\nb'])(
    'S17 a list of aliases with %j is refused, and the key is named',
    async (alias) => {
      const key = 'security.hosturl_aliases'
      const body = { value: `https://a.example,${alias}` }
      const answer = await server.call(`PUT /v1/_settings/${key}`, { as: shop, body })
      expect(answer.status).toBe(400)
      expect(answer.json.message).toContain(key)
    },
  )

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

describe('S19 a secret', () => {
  const secrets = {
    az_secret: 'amazon-secret-of-the-shop',
    app_secret_key: 'a-key-of-the-back-end-0123456789abcdef',
    'smtp.password': 'letmein',
    stripe_secret: 'sk_live',
  }
  const MASK = '********'
  const masked = Object.fromEntries(Object.keys(secrets).map((key) => [key, MASK]))

  test('is masked in one and in all', async () => {
    await put({ ...secrets, az_app_id: 'open' })
    expect(await read()).toEqual({ ...masked, az_app_id: 'open' })
    const one = await server.call('GET /v1/_settings/az_secret', { as: shop })
    expect(one.json).toEqual({ value: MASK })
  })

  test('whose mask is put back stays what it was', async () => {
    await server.createApp('masked')
    await put({ ...secrets, az_app_id: 'client.masked', az_secret: 'secret.masked' })
    await put(await read())
    const body = { value: MASK }
    expect((await server.call('PUT /v1/_settings/az_secret', { as: shop, body })).status).toBe(200)
    expect(await read()).toEqual({ ...masked, az_app_id: 'client.masked' })
    expect(await exchangedSecret()).toBe('secret.masked')
  })

  test('is replaced by another text, and gone when it is left out', async () => {
    await put({ az_app_id: 'client.shop', az_secret: 'old' })
    await put({ ...(await read()), az_secret: 'secret.shop' })
    expect(await exchangedSecret()).toBe('secret.shop')
    await put({ az_app_id: 'client.shop' })
    expect(await read()).toEqual({ az_app_id: 'client.shop' })
  })

  test('is not made of a mask where there was none', async () => {
    await put({ az_secret: MASK, other: MASK })
    expect(await read()).toEqual({ other: MASK })
    await server.call('PUT /v1/_settings/az_secret', { as: shop, body: { value: MASK } })
    expect(await read()).toEqual({ other: MASK })
  })

  /** The client secret that the next login shows to Amazon. */
  async function exchangedSecret(): Promise<unknown> {
    const browser = server.browser()
    const begun = await browser.get('/amazon_auth?state=shop')
    server.emulator.journal.clear()
    await browser.get(await server.emulator.allow(begun.location))
    return server.emulator.journal.entries({ path: '/auth/o2/token' })[0]?.body.client_secret
  }
})

describe('a change', () => {
  test('T11 is used by the very next login', async () => {
    await server.createApp('second')
    for (const client of ['client.shop', 'client.second']) {
      await put({ az_app_id: client, az_secret: client.replace('client', 'secret') })
      const begun = await server.browser().get('/amazon_auth?state=shop')
      expect(new URL(begun.location).searchParams.get('client_id')).toBe(client)
    }
    const put1 = { as: shop, body: { value: 'client.third' } }
    await server.call('PUT /v1/_settings/az_app_id', put1)
    const begun = await server.browser().get('/amazon_auth?state=shop')
    expect(begun.location).toContain('client_id=client.third')
    await server.call('DELETE /v1/_settings/az_app_id', { as: shop })
    const keyless = await server.browser().get('/amazon_auth?state=shop')
    expect(keyless.location).toBe('/signin?error')
  })

  test('S24 of settings named secret, active or id changes nothing of the app', async () => {
    const before = (await server.call('GET /v1/_me', { as: shop })).json
    await put({ secret: 'x', active: false, id: 'app:other', appid: 'other', token_secret: 'y' })
    const after = (await server.call('GET /v1/_me', { as: shop })).json
    expect({ ...after, updated: 0 }).toEqual({ ...before, updated: 0 })
  })

  test('S25 of settings named like Amazon’s addresses leads no login elsewhere', async () => {
    const evil = 'http://127.0.0.1:1'
    await put({
      az_app_id: 'client.shop',
      az_secret: 'secret.shop',
      'amazon.api_url': evil,
      'amazon.authorize_url': evil,
      api_url: evil,
      token_url: evil,
      'security.oauth.token_url': evil,
    })
    const { token } = await server.signIn('shop')
    const browser = server.browser()
    const begun = await browser.get('/amazon_auth?state=shop')
    expect(begun.location.startsWith(server.emulator.authorizeUrl)).toBe(true)
    const signedIn = await browser.get(await server.emulator.allow(begun.location))
    expect(signedIn.location).toBe('/')
    expect(token).toMatch(/^ey/)
  })
})

test('S20 two processes that put different keys at once lose none', async () => {
  const place = new Workplace()
  place.write('application.conf', [
    `para.root_secret_key = "${ROOT_KEYS.secretKey}"`,
    'para.port = 0',
    'para.host = "127.0.0.1"',
  ])
  const nodes = await Promise.all([place.listen(['serve']), place.listen(['serve'])])
  const expected: Record<string, number> = {}
  for (let round = 0; round < 40; round += 1) {
    const keys = nodes.map((_, n) => `round${round}.node${n}`)
    const answers = await Promise.all(
      nodes.map(({ origin }, n) =>
        callAt(origin, `PUT /v1/_settings/${keys[n] ?? ''}`, { as: ROOT_KEYS, body: { value: n } }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    keys.forEach((key, n) => (expected[key] = n))
  }
  // Read where nothing is remembered of before.
  const third = await place.listen(['serve'])
  const { json } = await callAt(third.origin, 'GET /v1/_settings', { as: ROOT_KEYS })
  expect(json).toEqual(expected)
  await place.clear()
}, 60_000)
