import { inspect } from 'node:util'

import axios from 'axios'
import { sign } from 'jsonwebtoken'

import {
  ApiError,
  createClient,
  type AppKeys,
  type Client,
  type SettingKey,
} from '../../../src/client'
import { PEOPLE, startEmulator, type Emulator } from '../../../src/emulator'
import { Workplace, type Listening } from '../server/command-line'
import { closeStubs, refusal, stub, type Stub } from './support'

const ROOT_SECRET = 'root-secret-0123456789-abcdefghijklmnopqr'
const CLIENT_ID = 'amzn1.application-oa2-client.shop'

let emulator: Emulator
let place: Workplace
let server: Listening
let root: Client

beforeAll(async () => {
  emulator = await startEmulator({ clients: [] })
  place = new Workplace()
  place.write('application.conf', [
    'para.port = 0',
    'para.host = "127.0.0.1"',
    `para.root_secret_key = "${ROOT_SECRET}"`,
    `para.amazon.authorize_url = "${emulator.authorizeUrl}"`,
    `para.amazon.api_url = "${emulator.apiUrl}"`,
  ])
  server = await place.listen(['serve', '--allow-emulator'])
  root = connect({ accessKey: 'app:para', secretKey: ROOT_SECRET })
})
afterAll(() => Promise.all([place.clear(), emulator.close()]))
afterEach(async () => {
  jest.useRealTimers()
  await closeStubs()
})

function connect(keys: AppKeys): Client {
  return createClient({ url: server.origin, ...keys })
}

/** A new app with a client of its own. */
async function newApp(name: string): Promise<{ app: Client; keys: AppKeys }> {
  const keys = await root.apps.create(name)
  return { app: connect(keys), keys }
}

describe('apps and keys', () => {
  test('about tells the version, me the app that calls', async () => {
    expect((await root.about()).version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(await root.me()).toMatchObject({ id: 'app:para', type: 'app' })
  })

  test('the root app creates an app, finds it in the list and deletes it', async () => {
    const { app } = await newApp('short-lived')
    expect(await app.me()).toMatchObject({ id: 'app:short-lived', appid: 'para' })
    const { items, totalHits } = await root.apps.list({ limit: 100 })
    expect(items.map(({ id }) => id)).toContain('app:short-lived')
    expect(totalHits).toBe(items.length)
    await root.apps.delete('short-lived')
    expect(await refusal(app.me())).toMatchObject({ status: 404, message: 'App not found.' })
  })

  test('a name for people is kept, whatever it is written in', async () => {
    const displayName = 'Zoë & Söhne + 100% = 👍'
    const keys = await root.apps.create('named', { displayName })
    expect(await connect(keys).me()).toMatchObject({ name: displayName })
  })

  test('creating an app that is there rejects with what the server says, not with keys', async () => {
    await newApp('twice')
    expect(await refusal(root.apps.create('twice'))).toMatchObject({
      message: 'App twice exists already.',
      path: '/v1/_setup/twice',
    })
  })

  test('an app is renamed, switched off and on', async () => {
    await root.apps.create('client-switched')
    const off = await root.apps.patch('app:client-switched', { active: false, name: 'Off' })
    expect(off).toMatchObject({ id: 'app:client-switched', name: 'Off', active: false })
    const on = await root.apps.patch('client-switched', { active: true })
    expect(on).toMatchObject({ name: 'Off', active: true })
    expect(await refusal(root.apps.patch('para', { active: false }))).toMatchObject({ status: 403 })
  })

  test('apps are listed behind the last one of the page before', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await newApp(name)
    const first = await root.apps.list({ lastKey: 'app:page-', limit: 2 })
    expect(first).toMatchObject({ lastKey: 'app:page-b' })
    const next = await root.apps.list({ lastKey: first.lastKey ?? '', limit: 1 })
    expect(next.items.map(({ id }) => id)).toEqual(['app:page-c'])
  })

  test('after a rotation the client goes on with the new secret, and the old one is refused', async () => {
    const { app, keys } = await newApp('rotated')
    const other = connect(keys)
    const renewed = await app.keys.rotate()
    expect(renewed.secretKey).not.toBe(keys.secretKey)
    expect(await app.me()).toMatchObject({ id: 'app:rotated' })
    expect(await connect(renewed).me()).toMatchObject({ id: 'app:rotated' })
    expect(await refusal(other.me())).toMatchObject({
      status: 403,
      message: 'The request signature is not valid.',
    })
  })

  test('a rotation whose answer has no key leaves the client with the secret it has', async () => {
    setClock(Date.now())
    const odd = await stub((res) => res.end('{"accessKey":"app:x"}'))
    const client = createClient({ url: odd.url, accessKey: 'app:x', secretKey: 'kept-secret' })
    await refusal(client.me())
    expect(await refusal(client.keys.rotate())).toMatchObject({ status: 200 })
    await refusal(client.me())
    const [before, , after] = odd.requests
    expect(after).toBe(before)
  })
})

const HOSTILE = [
  'a b',
  'a/b',
  'é',
  '%2F',
  '%252F',
  'a+b',
  "~*'()!",
  'a?b#c',
  '//',
  '\\',
  ';=&,:@$',
].concat(['日本語 👍', '...', '.a', '__proto__', 'constructor', '%', '%zz', '<b>"', 'a\nb\u007f'])

describe('settings', () => {
  test.each(HOSTILE)(
    'a setting of the name %j is put, read and deleted, and no other',
    async (name) => {
      const key = name as SettingKey
      const { app } = await newApp(`hostile-${HOSTILE.indexOf(name)}`)
      await app.settings.put('a' as SettingKey, 'stays')
      await app.settings.put(key, { is: [key] })
      expect(Object.entries(await app.settings.read()).sort()).toEqual(
        [
          ['a', 'stays'],
          [key, { is: [key] }],
        ].sort(),
      )
      expect(await app.settings.get(key)).toEqual({ is: [key] })
      await app.settings.delete(key)
      expect(await app.settings.get(key)).toBeUndefined()
      expect(await app.settings.read()).toEqual({ a: 'stays' })
    },
  )

  test.each(['', '.', '..'])(
    'a name %j, which an address cannot hold, is refused and nothing is changed',
    async (name) => {
      const key = name as SettingKey
      const { app } = await newApp(`dots${key.length}`)
      await app.settings.put('a' as SettingKey, 1)
      for (const call of [app.settings.put(key, 2), app.settings.delete(key)]) {
        expect(await refusal(call)).toMatchObject({ status: undefined })
      }
      expect(await refusal(root.apps.delete(key))).toBeInstanceOf(ApiError)
      expect(await app.settings.read()).toEqual({ a: 1 })
    },
  )

  test('replacing keeps a secret whose mask is put back, and drops what is left out', async () => {
    const { app } = await newApp('replaced')
    await app.settings.put('az_secret', 'amzn1.kept')
    await app.settings.put('my_motto', 'gone')
    await app.settings.replace({ ...(await app.settings.read()), my_motto: null })
    expect(await app.settings.read()).toEqual({ az_secret: '********', my_motto: null })
    await app.settings.replace({})
    expect(await app.settings.read()).toEqual({})
  })

  test('a value of the wrong form is refused with the reason', async () => {
    const { app } = await newApp('strict')
    expect(await refusal(app.settings.put('security.strict', 'perhaps' as never))).toMatchObject({
      status: 400,
      message: expect.stringContaining('security.strict must be true or false') as string,
      method: 'PUT',
      path: '/v1/_settings/security.strict',
    })
  })
})

describe('users and tokens', () => {
  let app: Client
  let keys: AppKeys

  beforeAll(async () => {
    ;({ app, keys } = await newApp('shop'))
    await app.settings.replace({ az_app_id: CLIENT_ID, az_secret: 'amzn1.secret' })
  })

  function amazonToken(userId?: string): string {
    return emulator.issueAccessToken({ clientId: CLIENT_ID, ...(userId && { userId }) })
  }

  test('an Amazon token signs a user in; the session token is renewed and then revoked', async () => {
    const { token, user, expiresAtMs, refreshAtMs } = await app.signIn.withAmazonToken({
      app: 'shop',
      token: amazonToken(),
    })
    expect(user).toMatchObject({ appid: 'shop', name: 'Ada Lindqvist', active: true })
    expect(expiresAtMs).toBeGreaterThan(refreshAtMs)
    const renewed = await app.signIn.renew(token)
    expect(renewed.user.id).toBe(user.id)
    await app.signIn.revoke(renewed.token)
    expect(await refusal(app.signIn.renew(renewed.token))).toMatchObject({ status: 401 })
  })

  test("a token of the app's own back end signs a user in", async () => {
    const token = sign({ email: 'eve@example.com', name: 'Eve' }, keys.secretKey)
    const { user } = await app.signIn.withAppToken({ app: 'app:shop', token })
    expect(user).toMatchObject({ email: 'eve@example.com', name: 'Eve' })
  })

  test('users are listed in order, renamed, locked and deleted', async () => {
    const [ada, dan] = [PEOPLE[0], PEOPLE[3]]
    for (const person of [ada, dan]) {
      await app.signIn.withAmazonToken({ app: 'shop', token: amazonToken(person?.userId) })
    }
    const { items } = await app.users.list({ sort: 'name', desc: false, limit: 100 })
    const names = items.map(({ name }) => name)
    expect(names).toEqual([...names].sort())
    const user = items.find(({ name }) => name === dan?.name)
    const id = user?.id ?? ''
    expect(await app.users.get(id)).toEqual(user)
    expect(await app.users.patch(id, { name: 'Daniel', active: false })).toMatchObject({
      name: 'Daniel',
      active: false,
    })
    const locked = app.signIn.withAmazonToken({ app: 'shop', token: amazonToken(dan?.userId) })
    expect(await refusal(locked)).toMatchObject({ status: 400 })
    await app.users.delete(id)
    expect(await refusal(app.users.get(id))).toMatchObject({ status: 404 })
  })

  test('a user is signed out everywhere, exported and unlinked from Amazon', async () => {
    const grant = { app: 'shop', token: amazonToken() }
    const { user, token } = await app.signIn.withAmazonToken(grant)
    expect((await app.signIn.export(token)).user).toEqual(user)
    expect(await app.users.signOut(user.id)).toMatchObject({ id: user.id, active: true })
    expect(await refusal(app.signIn.export(token))).toMatchObject({ status: 401 })
    const exported = await app.users.export(user.id)
    expect(exported.kept.sign_ins).toEqual(expect.any(Array))
    expect(await app.users.unlinkAmazon(user.id)).toMatchObject({
      id: user.id,
      identifier: `unlinked:${user.id}`,
    })
    const again = await app.signIn.withAmazonToken({ app: 'shop', token: amazonToken() })
    expect(again.user.id).not.toBe(user.id)
  })

  test('a user of another app is not there', async () => {
    const { user } = await app.signIn.withAmazonToken({ app: 'shop', token: amazonToken() })
    const { app: stranger } = await newApp('stranger')
    expect(await refusal(stranger.users.get(user.id))).toMatchObject({ status: 404 })
  })

  test('no failure holds the secret, a token or a signature', async () => {
    const token = 'Atza|planted-token'
    const wrong = connect({ ...keys, secretKey: 'planted-secret' })
    const gone = await stub((res) => res.end())
    await closeStubs()
    const down = createClient({ url: gone.url, accessKey: 'app:shop', secretKey: 'planted-secret' })
    const page = await stub((res) => res.writeHead(502).end('<h1>Authorization: planted</h1>'))
    const proxied = createClient({ url: page.url, accessKey: 'app:x', secretKey: 'planted-secret' })
    const failures = await Promise.all(
      [wrong, down, proxied].flatMap((client) => [
        refusal(client.keys.rotate()),
        refusal(client.settings.put('az_secret', 'planted-value')),
        refusal(client.signIn.withAmazonToken({ app: 'shop', token })),
        refusal(client.signIn.renew(token)),
      ]),
    )
    for (const failure of failures) {
      const shown = inspect(failure, { depth: null, showHidden: true })
      expect(shown).not.toMatch(/planted|Signature=|Credential=/)
    }
    expect(inspect(wrong, { depth: null, showHidden: true })).not.toContain('planted')
  })
})

describe('what keeps a call from its answer', () => {
  test('a wrong secret is 403, an unknown app 404', async () => {
    const wrong = connect({ accessKey: 'app:para', secretKey: 'wrong' })
    expect(await refusal(wrong.settings.read())).toMatchObject({
      status: 403,
      message: 'The request signature is not valid.',
    })
    const unknown = connect({ accessKey: 'app:nobody', secretKey: 'wrong' })
    expect(await refusal(unknown.about())).toMatchObject({ status: 404 })
  })

  test('a clock that is an hour slow is 400 with the reason', async () => {
    setClock(Date.now() - 3_600_000)
    expect(await refusal(root.about())).toMatchObject({
      status: 400,
      message: 'Request has expired.',
    })
  })

  test('a server that is down is told by its host and the code of the failure', async () => {
    const gone = await stub((res) => res.end())
    await closeStubs()
    const client = createClient({ url: gone.url, accessKey: 'app:x', secretKey: 's' })
    expect(await refusal(client.me())).toMatchObject({
      status: undefined,
      method: 'GET',
      path: '/v1/_me',
      message: `${new URL(gone.url).host} could not be reached (ECONNREFUSED).`,
    })
  })

  test('a server that does not answer is given up after the time given', async () => {
    const silent = await stub(() => undefined)
    const client = createClient({
      url: silent.url,
      accessKey: 'app:x',
      secretKey: 's',
      timeoutMs: 100,
    })
    expect((await refusal(client.me())).message).toContain('did not answer within 100 ms')
  })

  test('a redirect is not followed', async () => {
    const other = await stub((res) => res.end('{"info":"","version":""}'))
    const first = await stub((res) => res.writeHead(302, { location: other.url }).end())
    const client = createClient({ url: first.url, accessKey: 'app:x', secretKey: 's' })
    expect(await refusal(client.about())).toMatchObject({ status: 302 })
    expect(other.requests).toEqual([])
  })

  test.each([
    ['a page', 200, '<html>'],
    ['JSON of another server', 200, '{"status":"ok"}'],
    ['a list', 200, '[]'],
    ['a page', 502, '<html>'],
    ['nothing', 401, ''],
  ])('%s with status %i is no answer', async (_what, status, body) => {
    const odd = await stub((res) => res.writeHead(status).end(body))
    const client = createClient({ url: odd.url, accessKey: 'app:x', secretKey: 's' })
    expect(await refusal(client.me())).toMatchObject({ status })
  })
})

describe('how it sends', () => {
  let proxy: Stub
  beforeEach(async () => {
    proxy = await stub((res) => res.end('{"info":"from the proxy","version":"0"}'))
  })
  afterEach(() => delete process.env.http_proxy)

  test('a proxy of the environment is left alone; one of a given axios is used', async () => {
    process.env.http_proxy = proxy.url
    expect(await root.me()).toMatchObject({ id: 'app:para' })
    expect(proxy.requests).toEqual([])
    const { hostname: host, port } = new URL(proxy.url)
    const client = createClient({
      url: server.origin,
      accessKey: 'app:para',
      secretKey: ROOT_SECRET,
      axios: axios.create({ proxy: { host, port: Number(port) } }),
    })
    expect(await client.about()).toMatchObject({ info: 'from the proxy' })
  })

  test('calls one after another share a connection', async () => {
    const counted = await stub((res) => res.end('{"id":"","appIdentifier":""}'))
    const client = createClient({ url: counted.url, accessKey: 'app:x', secretKey: 's' })
    await client.me()
    await client.me()
    expect(counted.requests).toHaveLength(2)
    expect(counted.connections()).toBe(1)
  })

  test.each([
    ['no address', { url: 'auth.example.com' }],
    ['another protocol', { url: 'ftp://auth.example.com' }],
    ['a password in the address', { url: 'https://user:password@auth.example.com' }],
    ['a query in the address', { url: 'https://auth.example.com/?a=b' }],
    ['no secret', { secretKey: '' }],
    ['no access key', { accessKey: '' }],
  ])('%s is a TypeError at once, which does not repeat it', (_what, wrong) => {
    const options = { url: 'https://auth.example.com', accessKey: 'app:x', secretKey: 's' }
    expect(() => createClient({ ...options, ...wrong })).toThrow(TypeError)
    expect(() => createClient({ ...options, ...wrong })).not.toThrow(/password/)
  })
})

/** The signer reads the clock; timers go on. */
function setClock(now: number): void {
  jest.useFakeTimers({
    now,
    doNotFake: [
      'setTimeout',
      'setInterval',
      'setImmediate',
      'clearTimeout',
      'clearInterval',
      'clearImmediate',
      'nextTick',
      'queueMicrotask',
      'performance',
      'hrtime',
    ],
  })
}

test.each([
  [undefined, 'createClient: url, accessKey, secretKey must be given as text.'],
  [{ url: 'https://auth.example.com', accessKey: 'app:shop' }, 'createClient: secretKey must be'],
  [{ url: '', accessKey: 'app:shop', secretKey: 's' }, 'createClient: url must be given as text.'],
])('a client without an option it needs says which: %j', (options, problem) => {
  expect(() => createClient(options as never)).toThrow(TypeError)
  expect(() => createClient(options as never)).toThrow(problem)
})

test('a call without the name or id it is about says so, and is not sent', async () => {
  const client = createClient({ url: 'http://127.0.0.1:1', accessKey: 'app:shop', secretKey: 's' })
  const calls = {
    'GET /v1/_settings/…': client.settings.get(undefined as never),
    'DELETE /v1/users/…': client.users.delete(null as never),
    'POST /v1/_webhooks/…/test': client.webhooks.test(7 as never),
  }
  for (const [call, refused] of Object.entries(calls)) {
    await expect(refused).rejects.toEqual(
      new TypeError(`${call}: a name or an id is missing, or is no text`),
    )
  }
})
