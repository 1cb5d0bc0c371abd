import { inspect } from 'node:util'

import { createAmazonCalls, type AmazonCalls } from '../../../src/amazon/amazon-calls'
import { buildEndpoints } from '../../../src/amazon/endpoints'
import { startEmulator, type Emulator } from '../../../src/emulator'
import { startOddAmazon, type OddAmazon } from './odd-amazon'

const CLIENT = { clientId: 'client.shop', clientSecret: 'secret.shop' }
const RETURN_URL = 'https://shop.example.com/amazon_auth'

let emulator: Emulator
let odd: OddAmazon
let amazon: AmazonCalls
beforeAll(async () => {
  odd = await startOddAmazon()
  emulator = await startEmulator({ clients: [{ ...CLIENT, allowedReturnUrls: [RETURN_URL] }] })
  const silence = () => undefined
  amazon = createAmazonCalls({
    timeoutMs: 1_000,
    proxy: undefined,
    unusedProxy: undefined,
    axios: undefined,
    logger: { debug: silence, info: silence, warn: silence, error: silence },
  })
})
afterAll(async () => {
  await emulator.close()
  await odd.close()
})

const callAt = (apiUrl: string) => ({
  party: 'shop',
  endpoints: buildEndpoints('na', { apiUrl }),
  deadlineMs: performance.now() + 2_000,
})

async function refreshToken(): Promise<string> {
  const code = emulator.issueCode({ clientId: CLIENT.clientId, redirectUri: RETURN_URL })
  const grant = { ...CLIENT, code, redirectUri: RETURN_URL }
  const tokens = await amazon.exchangeCode(grant, callAt(emulator.apiUrl))
  return tokens.refreshToken ?? ''
}

const failureOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.catch((reason: unknown) => reason)
  expect(inspect(error, { depth: null })).not.toMatch(/Atzr\||secret\.shop/)
  return error
}

test('a refresh answers a new pair, and sends each value form-encoded', async () => {
  emulator.journal.clear()
  const before = await refreshToken()
  const grant = { ...CLIENT, refreshToken: before }
  const tokens = await amazon.refreshToken(grant, callAt(emulator.apiUrl))
  expect(tokens).toEqual({
    accessToken: expect.stringMatching(/^Atza\|/),
    refreshToken: expect.stringMatching(/^Atzr\|/),
    expiresInSeconds: 3600,
  })
  expect(emulator.journal.entries({ path: '/auth/o2/token' }).at(-1)?.body).toEqual({
    grant_type: 'refresh_token',
    refresh_token: before,
    client_id: CLIENT.clientId,
    client_secret: CLIENT.clientSecret,
  })
})

test('where Amazon sends no refresh token, there is none', async () => {
  const grant = { ...CLIENT, refreshToken: await refreshToken() }
  emulator.tokenRules.set({ refreshRotation: 'kept' })
  const tokens = await amazon.refreshToken(grant, callAt(emulator.apiUrl))
  emulator.tokenRules.set({ refreshRotation: 'added' })
  expect(tokens).not.toHaveProperty('refreshToken')
})

test('a withdrawn consent is consent_revoked; wrong keys are refresh_refused', async () => {
  const grant = { ...CLIENT, refreshToken: await refreshToken() }
  const wrong = { ...grant, clientSecret: 'secret.shop.wrong' }
  expect(await failureOf(amazon.refreshToken(wrong, callAt(emulator.apiUrl)))).toMatchObject({
    code: 'refresh_refused',
    facts: { upstreamStatus: 401, upstreamError: 'invalid_client' },
  })
  emulator.withdrawConsent({ clientId: CLIENT.clientId })
  expect(await failureOf(amazon.refreshToken(grant, callAt(emulator.apiUrl)))).toMatchObject({
    code: 'consent_revoked',
    facts: { upstreamStatus: 400, upstreamError: 'invalid_grant' },
  })
})

test.each([
  [400, '{"error":"InvalidGrant"}', 'consent_revoked'],
  [400, '{"error":"INVALID_GRANT","error_index":"x"}', 'consent_revoked'],
  [400, '{"error":"UnauthorizedClient"}', 'refresh_refused'],
  [401, '{"error":"invalid_client"}', 'refresh_refused'],
  [400, '{"error":"invalid_request"}', 'refresh_refused'],
  [400, '{"error":"unsupported_grant_type"}', 'refresh_refused'],
  [400, '{"error":"ServerError"}', 'amazon_unavailable'],
  [403, '<html>no</html>', 'refresh_refused'],
  [400, '{"error":{"deep":1}}', 'refresh_refused'],
  [429, '{}', 'amazon_unavailable'],
  [500, '{"error":"invalid_grant"}', 'amazon_unavailable'],
  [200, '{"access_token":""}', 'amazon_malformed'],
  [200, 'Atza|x', 'amazon_malformed'],
  [302, '', 'amazon_malformed'],
])('an answer %s %s is %s, and never taken for another', async (status, body, code) => {
  odd.answers(status, body)
  const grant = { ...CLIENT, refreshToken: 'Atzr|x' }
  expect(await failureOf(amazon.refreshToken(grant, callAt(odd.origin)))).toMatchObject({ code })
  expect(odd.count()).toBe(1)
})

test.each([
  ['"3599"', 3599],
  ['0.5', 0.5],
  ['1e300', 3600],
  ['-1', 3600],
  ['0', 3600],
  ['"soon"', 3600],
  ['null', 3600],
])('a token that is said to live for %s seconds is taken to live for %d', async (life, seconds) => {
  odd.answers(200, `{"access_token":"Atza|x","expires_in":${life}}`)
  const grant = { ...CLIENT, refreshToken: 'Atzr|x' }
  const { expiresInSeconds } = await amazon.refreshToken(grant, callAt(odd.origin))
  expect(expiresInSeconds).toBe(seconds)
})

test('where nobody was reached, it is known that nothing was sent', async () => {
  const grant = { ...CLIENT, refreshToken: 'Atzr|x' }
  const nowhere = callAt('http://127.0.0.1:9')
  expect(await failureOf(amazon.refreshToken(grant, nowhere))).toMatchObject({
    code: 'amazon_unreachable',
    facts: { sent: false },
  })
})
