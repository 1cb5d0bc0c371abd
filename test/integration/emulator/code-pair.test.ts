import type { Emulator } from '../../../src/emulator'
import { PEOPLE } from '../../../src/emulator'
import {
  CLIENT,
  closeAll,
  OTHER_CLIENT,
  post,
  readProfile,
  send,
  start,
  type Fields,
} from './support'

let emulator: Emulator
let nowMs = 1_800_000_000_000

beforeAll(async () => {
  emulator = await start({ now: () => nowMs })
})
afterAll(closeAll)

const create = (changes: Fields = {}, path = '/auth/o2/create/codepair') =>
  post(emulator.apiUrl + path, {
    response_type: 'device_code',
    client_id: CLIENT.clientId,
    scope: 'profile',
    ...changes,
  })
const poll = (pair: Record<string, unknown>, changes: Fields = {}) =>
  post(`${emulator.apiUrl}/auth/o2/token`, {
    grant_type: 'device_code',
    device_code: String(pair.device_code),
    user_code: String(pair.user_code),
    ...changes,
  })
const decide = (pair: Record<string, unknown>, decision: Fields) =>
  post(`${emulator.origin}/us/code`, { user_code: String(pair.user_code), ...decision })
const ALLOW = { decision: 'allow', person: PEOPLE[1]?.userId }

test.each(['/auth/o2/create/codepair', '/auth/O2/create/codepair'])(
  '%s answers a code pair in Amazon’s form',
  async (path) => {
    const { status, json } = await create({}, path)
    expect(status).toBe(200)
    expect(json).toEqual({
      user_code: expect.stringMatching(/^[A-Z]{6}$/),
      device_code: expect.stringMatching(/^[0-9a-f-]{36}$/),
      verification_uri: `${emulator.origin}/us/code`,
      expires_in: 600,
      interval: 30,
    })
  },
)

test.each([
  ['an unknown client', { client_id: 'nobody' }, 401, 'invalid_client'],
  ['an unknown scope', { scope: 'openid' }, 400, 'invalid_scope'],
  ['another response_type', { response_type: 'code' }, 400, 'invalid_request'],
  ['no scope', { scope: undefined }, 400, 'invalid_request'],
])('%s gets no code pair', async (_case, changes, status, error) => {
  const answer = await create(changes)
  expect(answer.status).toBe(status)
  expect(answer.json.error).toBe(error)
})

test('a device gets its tokens once the person allowed, and only once', async () => {
  const { json: pair } = await create()
  expect((await poll(pair)).json.error).toBe('authorization_pending')
  expect((await decide(pair, ALLOW)).status).toBe(200)
  nowMs += 30_000
  const { status, json } = await poll(pair)
  expect(status).toBe(200)
  const profile = await readProfile(emulator, String(json.access_token))
  expect(profile.json.user_id).toBe(PEOPLE[1]?.userId)
  nowMs += 30_000
  expect((await poll(pair)).json.error).toBe('invalid_code_pair')
})

test('a device refreshes without a secret', async () => {
  const { json: pair } = await create()
  await decide(pair, ALLOW)
  const { json } = await poll(pair)
  const refreshed = await post(`${emulator.apiUrl}/auth/o2/token`, {
    grant_type: 'refresh_token',
    refresh_token: String(json.refresh_token),
    client_id: CLIENT.clientId,
  })
  expect(refreshed.status).toBe(200)
})

test('a poll before the interval is over answers slow_down', async () => {
  const { json: pair } = await create()
  await poll(pair)
  nowMs += 29_999
  const hasty = await poll(pair)
  expect(hasty.status).toBe(400)
  expect(hasty.json.error).toBe('slow_down')
  nowMs += 30_000
  expect((await poll(pair)).json.error).toBe('authorization_pending')
})

test('a pair that the person cancelled answers access_denied, or what the option says, and ends', async () => {
  const { json: pair } = await create()
  expect((await decide(pair, { decision: 'cancel' })).text).toContain('not signed in')
  expect((await poll(pair)).json.error).toBe('access_denied')
  expect((await poll(pair)).json.error).toBe('invalid_code_pair')

  const other = await start({ deviceDenial: 'invalid_code_pair' })
  const form = { response_type: 'device_code', client_id: CLIENT.clientId, scope: 'profile' }
  const { json } = await post(`${other.apiUrl}/auth/o2/create/codepair`, form)
  const { user_code, device_code } = json as Record<string, string>
  other.denyDevice(String(user_code))
  const answer = await post(`${other.apiUrl}/auth/o2/token`, {
    grant_type: 'device_code',
    device_code,
    user_code,
  })
  expect(answer.json.error).toBe('invalid_code_pair')
})

test('a client registered for the web gets no code pair, and one for devices has no consent page', async () => {
  emulator.addClient({ ...OTHER_CLIENT, clientId: 'web', kind: 'web' })
  emulator.addClient({ clientId: 'tv', kind: 'device' })
  const refused = await create({ client_id: 'web' })
  expect([refused.status, refused.json.error]).toEqual([400, 'unauthorized_client'])
  const { status, json: pair } = await create({ client_id: 'tv' })
  expect(status).toBe(200)
  expect((await poll(pair, { client_id: 'tv' })).json.error).toBe('authorization_pending')
  const withSecret = await poll(pair, { client_id: 'tv', client_secret: 'any' })
  expect(withSecret.json.error).toBe('invalid_client')
  expect((await send(emulator.origin)).text).toContain('<code>tv</code>')
  const redirectUri = encodeURIComponent(OTHER_CLIENT.allowedReturnUrls[0] ?? '')
  const page = await send(
    `${emulator.authorizeUrl}?client_id=tv&response_type=code&scope=profile&redirect_uri=${redirectUri}`,
  )
  expect(page.status).toBe(400)
})

test('a poll with the secret of another client is refused as invalid_client', async () => {
  const { json: pair } = await create()
  const answer = await poll(pair, { client_id: CLIENT.clientId, client_secret: 'wrong' })
  expect([answer.status, answer.json.error]).toEqual([401, 'invalid_client'])
})

test('an Accept-Language that is none is refused', async () => {
  const create = (language: string) =>
    fetch(`${emulator.apiUrl}/auth/o2/create/codepair`, {
      method: 'POST',
      headers: { 'accept-language': language },
      body: new URLSearchParams({
        response_type: 'device_code',
        client_id: CLIENT.clientId,
        scope: 'profile',
      }),
    })
  expect((await create('de-AT, en;q=0.8, *;q=0.1')).status).toBe(200)
  expect((await create('de_AT')).status).toBe(400)
})

test('a pair lives ten minutes, for the device and on the page', async () => {
  const { json: pair } = await create()
  nowMs += 600_000
  expect((await poll(pair)).json.error).toBe('invalid_code_pair')
  expect((await decide(pair, ALLOW)).status).toBe(400)
})

test.each([
  ['another device_code', { device_code: 'other' }],
  ['another user_code', { user_code: 'OTHER' }],
  ['another client', { client_id: OTHER_CLIENT.clientId }],
])('a poll with %s answers invalid_code_pair', async (_case, changes) => {
  const { json: pair } = await create()
  const { status, json } = await poll(pair, changes)
  expect(status).toBe(400)
  expect(json.error).toBe('invalid_code_pair')
})

test('the device page finds a code in lower case and shows what the app asks for', async () => {
  const { json: pair } = await create({ scope: 'profile postal_code' })
  const code = String(pair.user_code).toLowerCase()
  const { status, text } = await send(`${emulator.origin}/us/code?user_code=${code}`)
  expect(status).toBe(200)
  expect(text).toContain('Sign in to Demo books')
  expect(text).toContain('your postal code')
})

test('the device page refuses a code twice decided', async () => {
  const { json: pair } = await create()
  await decide(pair, ALLOW)
  expect((await decide(pair, { decision: 'cancel' })).status).toBe(400)
})
