import { createHash } from 'node:crypto'
import type { Emulator } from '../../../src/emulator'
import {
  CLIENT,
  closeAll,
  codeForm,
  OTHER_CLIENT,
  post,
  readProfile,
  REDIRECT_URI,
  start,
  type Fields,
} from './support'

const VERIFIER = 'verifier-'.repeat(6)
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')
const INVALID_CODE = {
  error_description: 'The request has an invalid grant parameter : code',
  error: 'invalid_grant',
}
let emulator: Emulator
let nowMs = Date.UTC(2026, 0, 1)

beforeAll(async () => {
  emulator = await start({ now: () => nowMs })
})
afterAll(closeAll)

const issueCode = (codeChallenge?: string) =>
  emulator.issueCode({
    clientId: CLIENT.clientId,
    redirectUri: REDIRECT_URI,
    ...(codeChallenge !== undefined && { codeChallenge }),
  })
const ask = (form: Fields | string, headers = {}) =>
  post(`${emulator.apiUrl}/auth/o2/token`, form, headers)
const askRefresh = (token: unknown, changes: Fields = {}) =>
  ask({
    grant_type: 'refresh_token',
    refresh_token: String(token),
    client_id: CLIENT.clientId,
    client_secret: CLIENT.clientSecret,
    ...changes,
  })
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
})
const WITHOUT_CLIENT = { client_id: undefined, client_secret: undefined }

test('a code answers tokens in Amazon’s form', async () => {
  const { status, headers, json } = await ask(codeForm(issueCode()))
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('application/json')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(Object.keys(json)).toEqual(['access_token', 'refresh_token', 'token_type', 'expires_in'])
  expect(json).toMatchObject({ token_type: 'bearer', expires_in: 3600 })
  expect(json.access_token).toMatch(/^Atza\|[\w-]{345,2043}$/)
  expect(json.refresh_token).toMatch(/^Atzr\|[\w-]{345,2043}$/)
})

test('a used code answers invalid_grant and leaves the first tokens alone', async () => {
  const form = codeForm(issueCode())
  const first = await ask(form)
  const second = await ask(form)
  expect(second.status).toBe(400)
  expect(second.json).toEqual(INVALID_CODE)
  expect((await readProfile(emulator, String(first.json.access_token))).status).toBe(200)
})

test('errors name the description first, as Amazon does', async () => {
  const { text } = await ask(codeForm('unknown'))
  expect(text).toBe(JSON.stringify(INVALID_CODE))
})

test('a code lives up to five minutes and not longer', async () => {
  const inTime = issueCode()
  const late = issueCode()
  nowMs += 299_999
  expect((await ask(codeForm(inTime))).status).toBe(200)
  nowMs += 1
  expect((await ask(codeForm(late))).json).toEqual(INVALID_CODE)
})

test('a code of another client answers invalid_grant', async () => {
  const { clientId, clientSecret } = OTHER_CLIENT
  const form = codeForm(issueCode(), { client_id: clientId, client_secret: clientSecret })
  expect((await ask(form)).json).toEqual(INVALID_CODE)
})

test('another redirect_uri than the consent’s answers invalid_grant and names it', async () => {
  const form = codeForm(issueCode(), { redirect_uri: 'http://127.0.0.1:8080/amazon_auth' })
  expect((await ask(form)).json).toEqual({
    error_description: 'The request has an invalid grant parameter : redirect_uri',
    error: 'invalid_grant',
  })
})

test('a refused request does not spend the code', async () => {
  const code = issueCode()
  await ask(codeForm(code, { redirect_uri: 'http://127.0.0.1:8080/amazon_auth' }))
  expect((await ask(codeForm(code))).status).toBe(200)
})

test.each([
  ['the verifier of another login', CHALLENGE, 'x'.repeat(43)],
  ['a verifier too short', CHALLENGE, 'x'],
  ['a verifier for a code without challenge', undefined, VERIFIER],
])('%s answers invalid_grant', async (_case, challenge, verifier) => {
  const { status, json } = await ask(codeForm(issueCode(challenge), { code_verifier: verifier }))
  expect(status).toBe(400)
  expect(json).toEqual({
    error_description: 'The request has an invalid grant parameter : code_verifier',
    error: 'invalid_grant',
  })
})

test('a challenge without verifier answers invalid_request', async () => {
  const { json } = await ask(codeForm(issueCode(CHALLENGE)))
  expect(json).toEqual({
    error_description: 'The request is missing a required parameter : code_verifier',
    error: 'invalid_request',
  })
})

test('without client_secret, a code with PKCE answers no refresh token', async () => {
  const form = codeForm(issueCode(CHALLENGE), { client_secret: undefined, code_verifier: VERIFIER })
  const { status, json } = await ask(form)
  expect(status).toBe(200)
  expect(json).not.toHaveProperty('refresh_token')
})

test.each(['grant_type', 'code', 'redirect_uri', 'client_id', 'client_secret'])(
  'a request without %s answers invalid_request',
  async (name) => {
    const { status, json } = await ask(codeForm(issueCode(), { [name]: undefined }))
    expect(status).toBe(400)
    expect(json).toEqual({
      error_description: `The request is missing a required parameter : ${name}`,
      error: 'invalid_request',
    })
  },
)

test('a repeated parameter answers invalid_request and does not spend the code', async () => {
  const code = issueCode()
  const { clientId, clientSecret } = CLIENT
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
    client_id: clientId,
    client_secret: clientSecret,
  })
  form.append('code', 'other')
  expect((await ask(form.toString())).json).toMatchObject({ error: 'invalid_request' })
  expect((await ask(codeForm(code))).status).toBe(200)
})

test('an unknown grant type answers unsupported_grant_type', async () => {
  const { status, json } = await ask({ grant_type: 'password' })
  expect(status).toBe(400)
  expect(json).toEqual({
    error_description: 'The authorization grant type is not supported by the authorization server',
    error: 'unsupported_grant_type',
  })
})

test.each([
  ['a wrong secret', { client_secret: 'wrong' }],
  ['an empty secret', { client_secret: '' }],
  ['an unknown client', { client_id: 'nobody' }],
])('%s answers invalid_client 401', async (_case, changes) => {
  const { status, json } = await ask(codeForm(issueCode(), changes))
  expect(status).toBe(401)
  expect(json).toEqual({
    error_description: 'Client authentication failed',
    error: 'invalid_client',
  })
})

test('a Basic header stands for id and secret', async () => {
  const { clientId, clientSecret } = CLIENT
  const right = await ask(codeForm(issueCode(), WITHOUT_CLIENT), basic(clientId, clientSecret))
  expect(right.status).toBe(200)
  expect(right.json).toHaveProperty('refresh_token')
  const wrong = await ask(codeForm(issueCode(), WITHOUT_CLIENT), basic(clientId, 'wrong'))
  expect(wrong.status).toBe(401)
})

test('a secret in header and form answers invalid_request', async () => {
  const { clientId, clientSecret } = CLIENT
  const { json } = await ask(codeForm(issueCode()), basic(clientId, clientSecret))
  expect(json).toMatchObject({ error: 'invalid_request' })
})

test('a JSON body is no form', async () => {
  const body = JSON.stringify(codeForm(issueCode()))
  const { status, json } = await ask(body, { 'content-type': 'application/json' })
  expect(status).toBe(400)
  expect(json).toMatchObject({ error: 'invalid_request' })
})

test('a refresh token answers a new pair and goes on working', async () => {
  const first = await ask(codeForm(issueCode()))
  const second = await askRefresh(first.json.refresh_token)
  expect(second.status).toBe(200)
  expect(second.json.access_token).not.toBe(first.json.access_token)
  expect(second.json.refresh_token).not.toBe(first.json.refresh_token)
  expect((await askRefresh(first.json.refresh_token)).status).toBe(200)
})

test.each([
  ['unknown', undefined],
  ['of another client', OTHER_CLIENT],
])('a refresh token that is %s answers invalid_grant', async (_case, client) => {
  const issued = await ask(codeForm(issueCode()))
  const token = client === undefined ? 'Atzr|nonsense' : issued.json.refresh_token
  const as = client && { client_id: client.clientId, client_secret: client.clientSecret }
  const { status, json } = await askRefresh(token, as)
  expect(status).toBe(400)
  expect(json).toEqual({
    error_description:
      "The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission.",
    error: 'invalid_grant',
  })
})

test('a refresh without refresh_token or without secret answers invalid_request', async () => {
  expect((await askRefresh('', {})).json).toEqual({
    error_description: 'The request is missing a required parameter : refresh_token',
    error: 'invalid_request',
  })
  const issued = await ask(codeForm(issueCode()))
  const { json } = await askRefresh(issued.json.refresh_token, { client_secret: undefined })
  expect(json).toMatchObject({ error: 'invalid_request' })
})

test('names of Object’s own fields are parameters like any other', async () => {
  const { json } = await ask(codeForm('__proto__', { constructor: '1', toString: '2' }))
  expect(json).toEqual(INVALID_CODE)
  expect((await ask(codeForm('x', { client_id: '__proto__' }))).status).toBe(401)
})

describe('rules of tokens', () => {
  afterEach(() =>
    emulator.tokenRules.set({ refreshRotation: 'added', accessTokenLifeSeconds: 3600 }),
  )

  test('replaced: a refresh token is good for one refresh', async () => {
    emulator.tokenRules.set({ refreshRotation: 'replaced' })
    const first = await ask(codeForm(issueCode()))
    const second = await askRefresh(first.json.refresh_token)
    expect((await askRefresh(first.json.refresh_token)).json.error).toBe('invalid_grant')
    expect((await askRefresh(second.json.refresh_token)).status).toBe(200)
  })

  test('kept: a refresh answers no refresh token, and the one before goes on working', async () => {
    emulator.tokenRules.set({ refreshRotation: 'kept' })
    const first = await ask(codeForm(issueCode()))
    const second = await askRefresh(first.json.refresh_token)
    expect(Object.keys(second.json)).toEqual(['access_token', 'token_type', 'expires_in'])
    expect((await askRefresh(first.json.refresh_token)).status).toBe(200)
  })

  test('an access token lives as long as they say', async () => {
    emulator.tokenRules.set({ accessTokenLifeSeconds: 90 })
    const { json } = await ask(codeForm(issueCode()))
    expect(json.expires_in).toBe(90)
    const access = String(json.access_token)
    nowMs += 89_000
    expect((await readProfile(emulator, access)).status).toBe(200)
    nowMs += 1_000
    expect((await readProfile(emulator, access)).status).toBe(400)
  })

  test('over HTTP they are read and changed, and nonsense changes nothing', async () => {
    const rules = `${emulator.origin}/emulator/tokens`
    const put = (body: object) =>
      fetch(rules, {
        method: 'PUT',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      })
    expect((await put({ refreshRotation: 'kept', accessTokenLifeSeconds: 5 })).status).toBe(200)
    for (const nonsense of [{ refreshRotation: 'often' }, { accessTokenLifeSeconds: 0 }]) {
      expect((await put(nonsense)).status).toBe(400)
    }
    expect(await (await fetch(rules)).json()).toEqual({
      refreshRotation: 'kept',
      accessTokenLifeSeconds: 5,
    })
  })
})

describe('a withdrawn consent', () => {
  const revoked = {
    error_description:
      "The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission.",
    error: 'invalid_grant',
  }

  test('ends every code and token of that person for that client, and no others', async () => {
    const { json } = await ask(codeForm(issueCode()))
    const code = issueCode()
    const others = emulator.issueAccessToken({ clientId: OTHER_CLIENT.clientId })
    emulator.withdrawConsent({ clientId: CLIENT.clientId })
    expect((await askRefresh(json.refresh_token)).json).toEqual(revoked)
    expect((await readProfile(emulator, String(json.access_token))).json.error).toBe(
      'invalid_token',
    )
    expect((await ask(codeForm(code))).json).toEqual(INVALID_CODE)
    expect((await readProfile(emulator, others)).status).toBe(200)
  })

  test('is withdrawn over HTTP and on the page of the person, too', async () => {
    const consents = `${emulator.origin}/emulator/consents`
    const { json: first } = await ask(codeForm(issueCode()))
    const [consent] = ((await (await fetch(consents)).json()) as { consents: Fields[] }).consents
    const ofClient = { clientId: CLIENT.clientId, userId: consent?.userId }
    const removed = await fetch(consents, {
      method: 'DELETE',
      body: JSON.stringify(ofClient),
      headers: { 'content-type': 'application/json' },
    })
    expect(removed.status).toBe(204)
    expect((await askRefresh(first.refresh_token)).json).toEqual(revoked)

    const { json: second } = await ask(codeForm(issueCode()))
    const page = `${emulator.origin}/ap/adam`
    expect(await (await fetch(page)).text()).toContain('Remove')
    const gone = await post(page, { client_id: CLIENT.clientId, person: ofClient.userId })
    expect(gone.status).toBe(302)
    expect((await askRefresh(second.refresh_token)).json).toEqual(revoked)
  })
})
