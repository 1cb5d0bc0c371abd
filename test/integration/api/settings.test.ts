import type { Json } from '../../../src/apps/settings'
import { clientIdOf, startServer, type Keys, type TestServer } from '../../support/api'

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
  test('an alias that is no web origin picks no front end, and stays as it was put', async () => {
    const settings = {
      'security.hosturl_aliases': 'ftp://b.example, https://a.example',
      signin_success: 'https://shop.example/in?jwt=id',
      az_app_id: 'client.shop',
      az_secret: 'secret.shop',
    }
    const answer = await server.call('PUT /v1/_settings', { as: shop, body: settings })
    expect(answer.headers['x-settings-ignored']).toMatch(/^security\.hosturl_aliases="lists one /)
    expect(await read()).toMatchObject({
      'security.hosturl_aliases': settings['security.hosturl_aliases'],
    })
    const browser = server.browser()
    const { location } = await browser.get('/amazon_auth?state=shop%7C0')
    const done = await browser.get(await server.emulator.allow(location))
    expect(done.location).toMatch(/^https:\/\/a\.example\/in\?jwt=/)
  })
})

describe('a value that could only do harm, or is none of its kind,', () => {
  test.each<[string, Json]>([
    ['security.strict', 'maybe'],
    ['signin_success', 'ftp://a.example/in'],
    ['signin_success', 'mailto:a@a.example'],
    ['signin_success', 'intent://a.example#Intent;end'],
    ['signin_success', 'in'],
    ['signin_failure', `/${'x'.repeat(2048)}`],
    ['public_url', 'javascript:alert(1)'],
    ['security.hosturl_aliases', 'https://a.example,//b.example'],
    ['security.hosturl_aliases', [1]],
    ['az_app_id', ['x']],
    ['az_app_id', 'x'.repeat(257)],
    ['az_secret', 'clé'],
    ['session_timeout', [5]],
    ['app_secret_key', { key: 'x' }],
  ])('is refused, and not told: %s = %j', async (key, value) => {
    const answer = await server.call(`PUT /v1/_settings/${key}`, { as: shop, body: { value } })
    expect(answer.status).toBe(400)
    expect(answer.json.message).toMatch(new RegExp(`^Setting ${key} must`))
    expect(answer.json.message).not.toMatch(/a\.example|xxx|clé/)
    expect(await read()).toEqual({})
  })
})

describe('a value that has no effect', () => {
  test.each<[string, Json]>([
    ['session_timeout', 0],
    ['session_timeout', -1],
    ['session_timeout', 'soon'],
    ['one_session_per_user', 'maybe'],
    ['security.one_session_per_user', 2],
    ['app_secret_key', 'short'],
    ['public_url', 'ftp://a.example'],
    ['security.hosturl_aliases', 'shop.example, https://a.example b'],
    ['security.app_schemes', 'javascript'],
    ['signin_success', 'myapp://in'],
    ['signin_failure', 'http://a.example/in'],
  ])('is stored as sent and named in the answer: %s = %j', async (key, value) => {
    const path = `/v1/_settings/${key}`
    const answer = await server.call(`PUT ${path}`, { as: shop, body: { value } })
    expect(answer).toMatchObject({ status: 200, text: '' })
    const { 'x-settings-ignored': ignored = '' } = answer.headers
    expect(ignored).toMatch(new RegExp(`^${key}="[^"]+"$`))
    expect(ignored).not.toMatch(/soon|short|a\.example/)
    const text = await server.call(`GET ${path}`, { as: shop })
    const isSecret = key === 'app_secret_key'
    expect(text.json).toEqual({ value: isSecret ? '********' : value })
  })

  test('is told of once more only when it is put once more', async () => {
    await server.call('PUT /v1/_settings/session_timeout', { as: shop, body: { value: 0 } })
    const other = await server.call('PUT /v1/_settings/colour', { as: shop, body: { value: 1 } })
    expect(other.headers).not.toHaveProperty('x-settings-ignored')
    const again = await server.call('PUT /v1/_settings', { as: shop, body: await read() })
    expect(again.headers['x-settings-ignored']).toMatch(/^session_timeout=/)
  })

  test('of an app scheme has one when the scheme is named, whichever comes first', async () => {
    const keys = { az_app_id: 'client.shop', az_secret: 'secret.shop' }
    const landing = async (): Promise<string> => {
      const browser = server.browser()
      const { location } = await browser.get('/amazon_auth?state=shop')
      return (await browser.get(await server.emulator.allow(location))).location
    }
    await server.call('PUT /v1/_settings', {
      as: shop,
      body: { ...keys, signin_success: 'myapp://in' },
    })
    expect(await landing()).toBe('/')
    const body = { value: 'MyApp://, other' }
    const named = await server.call('PUT /v1/_settings/security.app_schemes', { as: shop, body })
    expect(named.headers).not.toHaveProperty('x-settings-ignored')
    expect(await landing()).toBe('myapp://in')
  })
})

describe('a warning in the answer', () => {
  test.each<[string, Json, RegExp]>([
    ['sigin_success', '/in', /^sigin_success=".*signin_success/],
    ['strict', true, /^strict=".*security\.strict/],
    ['az_app_id', 'amzn1.application.5e0a', /^az_app_id="is the App ID: take the Client ID/],
    ['az_app_id', '“amzn1.application-oa2-client.5e0a”', /^az_app_id=".*typographic quotes/],
    ['az_secret', 'amzn1.oa2-cs.v1.5e0a;', /^az_secret="ends with a semicolon/],
  ])('is given for %s = %j, which is stored', async (key, value, warning) => {
    const answer = await server.call('PUT /v1/_settings', { as: shop, body: { [key]: value } })
    expect(answer).toMatchObject({ status: 200, text: '' })
    expect(answer.headers['x-settings-warning']).toMatch(warning)
    expect(answer.headers['x-settings-warning']).not.toContain('5e0a')
    expect(Object.keys(await read())).toEqual([key])
  })

  test('names both keys that are swapped, put one after the other', async () => {
    const put = (key: string, value: string) =>
      server.call(`PUT /v1/_settings/${key}`, { as: shop, body: { value } })
    await put('az_app_id', 'amzn1.oa2-cs.v1.5e0a')
    const { headers } = await put('az_secret', 'amzn1.application-oa2-client.5e0a')
    expect(headers['x-settings-warning']).toBe(
      'az_app_id="and az_secret are swapped: put each in the place of the other"',
    )
  })

  test('is not given for keys and settings of Para', async () => {
    const body = Object.fromEntries(
      ['fb', 'gp', 'in', 'tw', 'gh', 'ms', 'sl', 'mm', 'oa2'].flatMap((provider) => [
        [`${provider}_app_id`, ''],
        [`${provider}_secret`, 'x'],
      ]),
    )
    const answer = await server.call('PUT /v1/_settings', { as: shop, body })
    expect(answer.status).toBe(200)
    expect(answer.headers).not.toHaveProperty('x-settings-warning')
  })
})

describe('a whole configuration of a forum that signs in through Para', () => {
  /** As Scoold puts it at each start: most of it is of other providers, and much of it blank. */
  const FORUM: Record<string, Json> = {
    ...Object.fromEntries(
      ['fb', 'gp', 'in', 'tw', 'gh', 'ms', 'sl', 'mm', 'oa2', 'oa2second', 'oa2third'].flatMap(
        (provider) => [
          [`${provider}_app_id`, ''],
          [`${provider}_secret`, ''],
        ],
      ),
    ),
    ...Object.fromEntries(
      ['server_url', 'base_dn', 'bind_dn', 'bind_pass', 'user_search_filter'].map((name) => [
        `security.ldap.${name}`,
        name === 'user_search_filter' ? '(cn={0})' : '',
      ]),
    ),
    'security.allow_unverified_emails': true,
    'security.one_session_per_user': false,
    'security.hosturl_aliases': ' http://127.0.0.1:8000,forum.example , https://forum.example/qa',
    session_timeout: -1,
    app_secret_key: 'md5-of-something',
    public_url: '',
    az_app_id: 'client.shop',
    az_secret: 'secret.shop',
    signin_success: 'http://localhost:8000/signin/success?jwt=id',
    signin_failure: 'http://localhost:8000/signin?code=3&error=true',
    'größe 😀': { a: [1, 2.5, null, 'x'], b: ' spaces ' },
  }

  test('is taken, signs people in, and is read back as it was put', async () => {
    const answer = await server.call('PUT /v1/_settings', { as: shop, body: FORUM })
    expect(answer).toMatchObject({ status: 200, text: '' })
    const ignored = Array.from(
      String(answer.headers['x-settings-ignored']).matchAll(/([\w.]+)="/g),
      ([, name]) => name,
    )
    expect(ignored.sort()).toEqual([
      'app_secret_key',
      'security.hosturl_aliases',
      'session_timeout',
    ])
    const browser = server.browser()
    const { location } = await browser.get('/amazon_auth?state=shop')
    const done = await browser.get(await server.emulator.allow(location))
    expect(done.location).toMatch(/^http:\/\/localhost:8000\/signin\/success\?jwt=ey/)
    expect(await read()).toEqual({
      ...FORUM,
      app_secret_key: '********',
      az_secret: '********',
    })
  })

  test('is the same after it was read and put back', async () => {
    await put(FORUM)
    const first = await read()
    await put(first)
    expect(await read()).toEqual(first)
    expect(await server.secretShownBy('shop')).toBe('secret.shop')
  })

  test('what it names by Para’s name counts, and wins over ours', async () => {
    await put({ ...FORUM, one_session_per_user: true })
    const [one, other] = [await server.signIn('shop'), await server.signIn('shop')]
    expect(one.user.id).toBe(other.user.id)
    expect((await server.call('GET /v1/_me', { as: one.token })).status).toBe(200)
    await put({ ...FORUM, 'security.one_session_per_user': '' })
    await server.signIn('shop')
    expect((await server.call('GET /v1/_me', { as: other.token })).status).toBe(401)
  })
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

describe('claims, regions and scopes', () => {
  const set = (name: string, value: Json) =>
    server.call(`PUT ${pathOf(name)}`, { as: shop, body: { value } })

  test('a mapping comes back as it was put', async () => {
    const claims = { displayName: 'name', identityProvider: { value: 'amazon.com' } }
    const answer = await set('claims', claims)
    expect(answer.status).toBe(200)
    expect(answer.headers).not.toHaveProperty('x-settings-warning')
    expect(await read()).toEqual({ claims })
  })

  test.each<[string, Json, RegExp]>([
    ['sets what the server sets', { sub: 'user_id' }, /must not set "sub"/],
    ['sets it in JSON text', '{"exp": {"value": 9}}', /must not set "exp"/],
    ['names a method of every object', { constructor: 'name' }, /must not set "constructor"/],
    ['names another, as text', '{"a": "name", "valueOf": "name"}', /must not set "valueOf"/],
    ['names a prototype', '{"__proto__": "name"}', /a claim whose name is none/],
    ['has a constant without its value', { idp_name: 'amazon.com' }, /take "idp_name" from/],
    ['is a list', ['name'], /must be an object/],
    ['is broken JSON', '{bad', /must be an object/],
    ['is a text as JSON', '"name"', /must be an object/],
    ['is no JSON', 'name=displayName', /must be an object/],
    ['is a number', 5, /must be an object/],
    ['names no field, as text', '{"a": "b.c"}', /take "a" from/],
    ['names no field', { a: 'b.c' }, /take "a" from/],
    ['is too long as text', JSON.stringify({ a: { value: 'x'.repeat(5000) } }), /claims/],
    [
      'is too large',
      Object.fromEntries(
        Array(33)
          .fill(0)
          .map((_, n) => [`c${n}`, 'name']),
      ),
      /32/,
    ],
  ])('a mapping that %s is refused, and nothing changed', async (_what, value, said) => {
    const claims = { displayName: 'name' }
    await put({ claims })
    const answer = await set('claims', value)
    expect([answer.status, answer.json.message]).toEqual([400, expect.stringMatching(said)])
    expect(await read()).toEqual({ claims })
  })

  test.each<[string, Json, RegExp]>([
    ['claims', { tier: 'tier' }, /^claims="takes 'tier' from 'tier', which is no known field/],
    ['amazon.scope', 'openid profile', /^amazon\.scope="asks for 'openid'/],
    ['amazon.scope', 'profil openid', /^amazon\.scope="asks for the scopes 'profil', 'openid', /],
    ['amazon.scope', 'profile \u043a\r\n', /^amazon\.scope="asks for the scope '\?'/],
    ['amazon.voluntary_scope', 'zip', /^amazon\.voluntary_scope="asks for the scope 'zip'/],
  ])('%s %j is taken, with a warning', async (name, value, said) => {
    const answer = await set(name, value)
    expect(answer.status).toBe(200)
    expect(answer.headers).not.toHaveProperty('x-settings-ignored')
    expect(answer.headers['x-settings-warning']).toMatch(said)
  })

  test.each(['amazon.keep_tokens', 'security.strict'])(
    '%s is refused in other words than yes and no',
    async (name) => {
      await put({ [name]: true })
      const answer = await set(name, 'maybe')
      expect([answer.status, answer.json.message]).toEqual([
        400,
        `Setting ${name} must be true or false.`,
      ])
      expect(await read()).toEqual({ [name]: true })
    },
  )

  test('a region that is none is kept without effect, and told', async () => {
    const answer = await set('amazon.region', 'mars')
    expect(answer.status).toBe(200)
    expect(answer.headers['x-settings-ignored']).toBe('amazon.region="must be one of na, eu, fe"')
    expect((await set('amazon.region', 'EU')).headers).not.toHaveProperty('x-settings-ignored')
  })

  test('an app names no host of its own', async () => {
    const hosts = 'authorize_url api_url token_url profile_url tokeninfo_url codepair_url'.split(
      ' ',
    )
    const own = hosts.map((host) => [`amazon.${host}`, 'http://127.0.0.1:1'] as const)
    const client = { az_app_id: clientIdOf('shop'), az_secret: 'secret.shop' }
    const body = { ...client, ...Object.fromEntries(own) }
    const answer = await server.call('PUT /v1/_settings', { as: shop, body })
    for (const [host] of own) {
      expect(answer.headers['x-settings-warning']).toContain(
        `${host}="has no effect for an app: hosts of Amazon are set for all apps, by para.${host}"`,
      )
    }
    expect(await server.secretShownBy('shop')).toBe('secret.shop')
    expect((await server.signIn('shop')).user.appid).toBe('shop')
  })
})
