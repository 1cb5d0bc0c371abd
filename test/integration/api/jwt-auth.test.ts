import type { Json } from '../../../src/apps/settings'
import { PEOPLE, type FaultRule } from '../../../src/emulator'
import { claimsOf, startServer, superToken } from '../../support/api'
import type { ApiAnswer, Keys, TestServer } from '../../support/api'

const [ada, ben] = PEOPLE.map(({ userId }) => userId)
const REFUSED = "Failed to authenticate user with 'amazon'. Check if user is active."

let server: TestServer
let shop: Keys
beforeAll(async () => {
  server = await startServer()
  shop = await server.createApp('shop')
})
afterEach(async () => {
  server.emulator.faults.clear()
  await server.call('PUT /v1/_settings/one_session_per_user', { as: shop, body: { value: null } })
})
afterAll(() => server.close())

const post = (body: Json | Buffer): Promise<ApiAnswer> => server.call('POST /jwt_auth', { body })
const me = (token: string): Promise<ApiAnswer> => server.call('GET /v1/_me', { as: token })
const countUsers = async (): Promise<number> =>
  (await server.call('GET /v1/users', { as: shop })).json.totalHits

describe('POST /jwt_auth with an Amazon access token', () => {
  test('answers a session token, its times in milliseconds, and the user without secrets', async () => {
    const { status, json, text, headers } = await post({
      provider: 'amazon',
      appid: 'app:shop',
      token: server.amazonToken('shop', ada),
    })
    expect(status).toBe(200)
    expect(headers['cache-control']).toBe('no-store')
    expect(json.user).toEqual({
      id: expect.stringMatching(/^\d+$/),
      type: 'user',
      plural: 'users',
      objectURI: `/user/${String(json.user.id)}`,
      appid: 'shop',
      identifier: `az:${String(ada)}`,
      identityProvider: 'amazon',
      email: 'ada@example.com',
      name: 'Ada Lindqvist',
      picture: expect.stringContaining('gravatar'),
      groups: 'users',
      active: true,
      scopes: ['profile'],
      timestamp: expect.any(Number),
      updated: expect.any(Number),
    })
    const claims = claimsOf(json.jwt.access_token)
    expect(claims).toMatchObject({ appid: 'app:shop', sub: json.user.id, idp: 'amazon' })
    expect(json.jwt.expires).toBe(Number(claims.exp) * 1000)
    expect(json.jwt.refresh).toBe(claims.refresh)
    expect(text).not.toMatch(/secret|password|Atza/i)
    expect((await me(json.jwt.access_token)).json).toEqual(json.user)
  })

  test.each(['AMAZON', 'Amazon', 'aMaZoN'])('takes the provider %s', async (provider) => {
    const answer = await post({ provider, appid: 'shop', token: server.amazonToken('shop', ada) })
    expect(answer.status).toBe(200)
  })

  test('never puts the token into a URL', async () => {
    server.emulator.journal.clear()
    const { token } = await server.signIn('shop', ada)
    expect(token).not.toBe('')
    const entries = server.emulator.journal.entries()
    expect(entries.map(({ path }) => path)).toEqual(['/auth/o2/tokeninfo', '/user/profile'])
    for (const { query, headers } of entries) {
      expect(query).toEqual({})
      expect(headers['x-amz-access-token']).toMatch(/^Atza\|/)
    }
  })

  test('for an app or a provider that is not known is 400', async () => {
    const token = server.amazonToken('shop')
    expect((await post({ provider: 'amazon', appid: 'nope', token })).status).toBe(400)
    expect((await post({ provider: 'google', appid: 'shop', token })).status).toBe(400)
    for (const appid of ['__proto__', 'constructor', '///', 'app:']) {
      expect((await post({ provider: 'amazon', appid, token })).status).toBe(400)
    }
  })

  test.each(['para', 'app:para'])('for the root app %s is 403', async (appid) => {
    const token = server.emulator.issueAccessToken({ clientId: 'client.root' })
    expect(await post({ provider: 'amazon', appid, token })).toMatchObject({
      status: 403,
      json: { code: 403 },
    })
  })
})

describe('a refused Amazon token makes no user', () => {
  const cases: [string, () => string, FaultRule?][] = [
    ['that Amazon does not know', () => 'Atza|made-up'],
    ['with a line end in it', () => 'Atza|a\r\nx-injected: 1'],
    [
      'whose profile has no user_id',
      () => server.amazonToken('shop', ben),
      { endpoint: 'profile', fault: 'user_id_missing' },
    ],
  ]
  test.each(cases)('%s: 400', async (...[, token, fault]) => {
    const before = await countUsers()
    if (fault !== undefined) server.emulator.faults.set(fault)
    const answer = await post({ provider: 'amazon', appid: 'shop', token: token() })
    expect(answer).toMatchObject({ status: 400, json: { code: 400, message: REFUSED } })
    expect(await countUsers()).toBe(before)
  })

  test.each([4_097, 9_000, 500_000])(
    'of %d characters: 400, and nobody is asked',
    async (length) => {
      server.emulator.journal.clear()
      const answer = await post({ provider: 'amazon', appid: 'shop', token: 'a'.repeat(length) })
      expect(answer).toMatchObject({ status: 400, json: { code: 400, message: REFUSED } })
      expect(server.emulator.journal.count()).toBe(0)
    },
  )

  test.each([400, 403, 404, 413, 431, 494])(
    'that is refused by %d and a page: 400',
    async (status) => {
      for (const endpoint of ['tokeninfo', 'profile'] as const) {
        server.emulator.faults.clear()
        server.emulator.faults.set({ endpoint, fault: { name: 'html_error', status } })
        const token = server.amazonToken('shop', ben)
        const answer = await post({ provider: 'amazon', appid: 'shop', token })
        expect(answer).toMatchObject({ status: 400, json: { message: REFUSED } })
      }
    },
  )

  test.each([408, 429, 500])(
    'that %d answers instead says nothing of the token: 503',
    async (status) => {
      server.emulator.faults.set({ endpoint: 'all', fault: { name: 'html_error', status } })
      const answer = await post({
        provider: 'amazon',
        appid: 'shop',
        token: server.amazonToken('shop'),
      })
      expect(answer.status).toBe(503)
    },
  )

  test('counts as a failure', async () => {
    const strictOne = await startServer({ conf: 'para.limits.failures_per_minute = 2' })
    await strictOne.createApp('shop')
    strictOne.emulator.faults.set({ endpoint: 'all', fault: { name: 'html_error' }, times: 1 })
    const statuses: number[] = []
    for (const token of [
      strictOne.amazonToken('shop'),
      'a'.repeat(9_000),
      strictOne.amazonToken('shop'),
    ]) {
      const body = { provider: 'amazon', appid: 'shop', token }
      statuses.push((await strictOne.call('POST /jwt_auth', { body })).status)
    }
    await strictOne.close()
    expect(statuses).toEqual([400, 400, 429])
  })

  test('of a locked user: 400, and the user stays as it was', async () => {
    const { user } = await server.signIn('shop', ada)
    const path = `/v1/users/${user.id}`
    const locked = await server.call(`PATCH ${path}`, { as: shop, body: { active: false } })
    const answer = await post({
      provider: 'amazon',
      appid: 'shop',
      token: server.amazonToken('shop', ada),
    })
    expect(answer).toMatchObject({ status: 400, json: { message: REFUSED } })
    expect((await server.call(`GET ${path}`, { as: shop })).json).toEqual(locked.json)
    await server.call(`PATCH ${path}`, { as: shop, body: { active: true } })
  })
})

describe('GET /jwt_auth', () => {
  test('gives a new token, and by default ends the old one', async () => {
    const { token, user } = await server.signIn('shop', ada)
    const renewed = await server.call('GET /jwt_auth', { as: token })
    expect(renewed).toMatchObject({ status: 200, json: { user: { id: user.id } } })
    expect((await me(token)).status).toBe(401)
    expect((await me(renewed.json.jwt.access_token)).json).toMatchObject({ id: user.id })
  })

  test.each([
    ['nothing', undefined],
    ['an app’s signature', 'keys'],
    ['a super token', 'super'],
    ['rubbish', 'a.b.c'],
  ])('with %s is 401 with error="invalid_token"', async (_case, sender) => {
    const as = sender === 'keys' ? shop : sender === 'super' ? superToken(shop) : sender
    const answer = await server.call('GET /jwt_auth', { as })
    expect(answer).toMatchObject({ status: 401, json: { code: 401 } })
    expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
  })
})

describe('one_session_per_user', () => {
  test('by default ends the older tokens of a user at the next sign-in', async () => {
    const first = await server.signIn('shop', ada)
    const second = await server.signIn('shop', ada)
    expect((await me(first.token)).status).toBe(401)
    expect((await me(second.token)).status).toBe(200)
  })

  test('as false leaves the older ones alone', async () => {
    await server.call('PUT /v1/_settings/one_session_per_user', {
      as: shop,
      body: { value: false },
    })
    const first = await server.signIn('shop', ada)
    const second = await server.signIn('shop', ada)
    const renewed = await server.call('GET /jwt_auth', { as: first.token })
    for (const token of [first.token, second.token, renewed.json.jwt.access_token]) {
      expect((await me(token)).status).toBe(200)
    }
  })
})

describe('DELETE /jwt_auth', () => {
  test('without a live token is 401 with a Bearer challenge', async () => {
    const answer = await server.call('DELETE /jwt_auth')
    expect(answer).toMatchObject({ status: 401, json: { code: 401 } })
    expect(answer.headers['www-authenticate']).toBe('Bearer')
  })
})

test.each(['HEAD', 'PUT', 'PATCH', 'OPTIONS'])('%s /jwt_auth is 405 with Allow', async (method) => {
  const answer = await server.call(`${method} /jwt_auth`)
  expect(answer.status).toBe(405)
  expect(answer.headers.allow).toBe('POST, GET, DELETE')
})

describe('the life of a token', () => {
  let timed: TestServer
  let keys: Keys
  beforeEach(async () => {
    timed = await startServer()
    keys = await timed.createApp('timed', { signin_success: 'https://timed.example/in?jwt=id' })
  })
  afterEach(() => timed.close())

  async function lifeOf(token: string): Promise<number | undefined> {
    // Ten seconds less than its end: this process has some of them to lose.
    for (const seconds of [0, 50, 60, 3600, 86_390, 86_400]) {
      timed.moveClock(seconds * 1000)
      const { status } = await timed.call('GET /v1/_me', { as: token })
      timed.moveClock(-seconds * 1000)
      if (status === 401) return seconds
    }
    return undefined
  }

  test('a session token lives a day, and is to be renewed after an hour', async () => {
    const { token } = await timed.signIn('timed')
    const { iat = 0, exp, refresh } = claimsOf(token)
    expect(exp).toBe(iat + 86_400)
    expect(refresh).toBe((iat + 3600) * 1000)
    expect(await lifeOf(token)).toBe(86_400)
  })

  test('session_timeout shortens it; refresh is half of it then', async () => {
    const body = { value: 60 }
    await timed.call('PUT /v1/_settings/session_timeout', { as: keys, body })
    const { token } = await timed.signIn('timed')
    const { iat = 0, exp, refresh } = claimsOf(token)
    expect(exp).toBe(iat + 60)
    expect(refresh).toBe((iat + 30) * 1000)
    expect(await lifeOf(token)).toBe(60)
  })
})
