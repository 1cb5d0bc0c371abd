import { PEOPLE, type Emulator } from '../../../src/emulator'
import { CLIENT, closeAll, OTHER_CLIENT, readProfile, send, start } from './support'

const [ada, ben] = PEOPLE
let emulator: Emulator
let nowMs = 1_800_000_000_000

beforeAll(async () => {
  emulator = await start({ now: () => nowMs })
})
afterAll(closeAll)

const issue = (scope = 'profile', userId = ada?.userId ?? '') =>
  emulator.issueAccessToken({ clientId: CLIENT.clientId, scope, userId })
const INVALID_TOKEN = {
  error_description: 'The request has an invalid parameter : access_token',
  error: 'invalid_token',
}

describe.each(['/user/profile', '/auth/o2/tokeninfo'])('%s', (path) => {
  test.each([
    ['x-amz-access-token', (token: string) => ({ 'x-amz-access-token': token })],
    ['Authorization: bearer', (token: string) => ({ authorization: `bearer ${token}` })],
    ['Authorization: Bearer', (token: string) => ({ authorization: `Bearer ${token}` })],
  ])('takes the token as %s', async (_case, headers) => {
    const { status, json } = await send(emulator.apiUrl + path, { headers: headers(issue()) })
    expect(status).toBe(200)
    expect(json.user_id).toBe(ada?.userId)
  })

  test('takes the token in the query', async () => {
    const query = new URLSearchParams({ access_token: issue() }).toString()
    expect((await send(`${emulator.apiUrl}${path}?${query}`)).status).toBe(200)
  })

  test('answers invalid_token for a token it never issued, and for an expired one', async () => {
    const expired = issue()
    nowMs += 3_600_000
    for (const token of ['Atza|nonsense', expired]) {
      const headers = { 'x-amz-access-token': token }
      const { status, json } = await send(emulator.apiUrl + path, { headers })
      expect(status).toBe(400)
      expect(json).toEqual(INVALID_TOKEN)
    }
  })

  test('answers invalid_request without a token', async () => {
    const { status, json } = await send(emulator.apiUrl + path)
    expect(status).toBe(400)
    expect(json).toEqual({
      error_description: 'The request is missing a required parameter : access_token',
      error: 'invalid_request',
    })
  })
})

test.each([
  ['profile', { user_id: ada?.userId, name: ada?.name, email: ada?.email }],
  ['profile:user_id', { user_id: ada?.userId }],
  ['profile:user_id postal_code', { user_id: ada?.userId, postal_code: '98101' }],
  [
    'profile postal_code',
    { user_id: ada?.userId, name: ada?.name, email: ada?.email, postal_code: '98101' },
  ],
])('the scope %s shows just its part of the profile', async (scope, profile) => {
  expect((await readProfile(emulator, issue(scope))).json).toEqual(profile)
})

test('what a person has not is absent from the profile', async () => {
  const { json } = await readProfile(emulator, issue('profile', ben?.userId))
  expect(json).toEqual({ user_id: ben?.userId, name: ben?.name })
})

test('tokeninfo tells client, person and the seconds left', async () => {
  const issuedAtSeconds = nowMs / 1000
  const headers = { 'x-amz-access-token': issue() }
  nowMs += 1_230_000
  const { json } = await send(`${emulator.apiUrl}/auth/o2/tokeninfo`, { headers })
  expect(json).toEqual({
    aud: CLIENT.clientId,
    user_id: ada?.userId,
    iss: 'https://www.amazon.com',
    exp: 2370,
    app_id: expect.stringMatching(/^amzn1\.application\.[0-9a-f]{32}$/),
    iat: issuedAtSeconds,
  })
})

test('a token minted for another client names that client', async () => {
  const { clientId } = OTHER_CLIENT
  const headers = { 'x-amz-access-token': emulator.issueAccessToken({ clientId }) }
  const { json } = await send(`${emulator.apiUrl}/auth/o2/tokeninfo`, { headers })
  expect(json.aud).toBe(clientId)
})

test('the four people are whole, without e-mail, without name, and with another’s e-mail', () => {
  const [whole, noEmail, noName, shared] = PEOPLE
  expect(whole).toEqual({
    userId: expect.stringMatching(/^amzn1\.account\.[A-Z0-9]+$/),
    name: expect.any(String),
    email: expect.any(String),
    postalCode: expect.any(String),
  })
  expect(noEmail).not.toHaveProperty('email')
  expect(noName).not.toHaveProperty('name')
  expect(shared?.email).toBe(whole?.email)
  expect(new Set(PEOPLE.map(({ userId }) => userId)).size).toBe(4)
})
