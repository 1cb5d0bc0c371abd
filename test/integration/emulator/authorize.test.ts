import { createHash } from 'node:crypto'
import type { Emulator } from '../../../src/emulator'
import {
  authorizeUrl,
  CLIENT,
  closeAll,
  codeForm,
  post,
  REDIRECT_URI,
  send,
  start,
} from './support'

let emulator: Emulator

beforeAll(async () => {
  emulator = await start()
})
afterAll(closeAll)

const open = (changes = {}) => send(authorizeUrl(emulator, changes))

test('Allow sends the browser back with code, scope and state', async () => {
  const location = new URL(await emulator.allow(authorizeUrl(emulator)))
  expect(location.origin + location.pathname).toBe(REDIRECT_URI)
  expect([...location.searchParams.keys()]).toEqual(['code', 'scope', 'state'])
  expect(location.searchParams.get('code')).toMatch(/^[A-Za-z0-9]{20}$/)
  expect(location.searchParams.get('scope')).toBe('profile')
  expect(location.searchParams.get('state')).toBe('app~1')
})

test('Cancel sends the browser back with Amazon’s words for it', async () => {
  expect(await emulator.deny(authorizeUrl(emulator))).toBe(
    `${REDIRECT_URI}?error_description=Access+not+permitted.&state=app%7E1&error=access_denied`,
  )
})

test('a request without state is answered without state', async () => {
  const location = await emulator.allow(authorizeUrl(emulator, { state: undefined }))
  expect(new URL(location).searchParams.has('state')).toBe(false)
})

test('a redirect_uri with a query keeps it and gets the answer behind it', async () => {
  const redirectUri = 'http://localhost:8080/amazon_auth?appid=books'
  const client = { ...CLIENT, clientId: 'with-query', allowedReturnUrls: [redirectUri] }
  emulator.addClient(client)
  const changes = { client_id: 'with-query', redirect_uri: redirectUri }
  const location = await emulator.allow(authorizeUrl(emulator, changes))
  expect(location).toMatch(/^http:\/\/localhost:8080\/amazon_auth\?appid=books&code=\w{20}&/)
})

test.each([
  ['an unknown scope', { scope: 'openid' }, 'invalid_scope', 'An unknown scope was requested'],
  [
    'two blanks in scope',
    { scope: 'profile  postal_code' },
    'invalid_scope',
    'An unknown scope was requested',
  ],
  [
    'no scope',
    { scope: undefined },
    'invalid_request',
    'The request is missing a required parameter : scope',
  ],
  [
    'response_type=token',
    { response_type: 'token' },
    'unsupported_response_type',
    'The authorization server does not support this response type',
  ],
  [
    'no response_type',
    { response_type: undefined },
    'invalid_request',
    'The request is missing a required parameter : response_type',
  ],
  [
    'a challenge too short',
    { code_challenge: 'short' },
    'invalid_request',
    'The request has an invalid parameter : code_challenge',
  ],
  [
    'an unknown method',
    { code_challenge: 'a'.repeat(43), code_challenge_method: 'S512' },
    'invalid_request',
    'The request has an invalid parameter : code_challenge',
  ],
  [
    'a method without challenge',
    { code_challenge_method: 'S256' },
    'invalid_request',
    'The request has an invalid parameter : code_challenge',
  ],
])('%s goes back to the app as an error', async (_case, changes, error, description) => {
  const { status, headers } = await open(changes)
  expect(status).toBe(302)
  const location = new URL(headers.get('location') ?? '')
  expect(Object.fromEntries(location.searchParams)).toEqual({
    error_description: description,
    state: 'app~1',
    error,
  })
})

test('an unknown scope is named in the very bytes Amazon uses', async () => {
  const { headers } = await open({ scope: 'openid', state: 's' })
  expect(headers.get('location')).toBe(
    `${REDIRECT_URI}?error_description=An+unknown+scope+was+requested&state=s&error=invalid_scope`,
  )
})

test.each([
  ['unknown client_id', { client_id: 'nobody' }],
  ['no client_id', { client_id: undefined }],
  ['unlisted redirect_uri', { redirect_uri: 'http://localhost:8080/other' }],
  ['redirect_uri with one letter in upper case', { redirect_uri: REDIRECT_URI.replace('l', 'L') }],
  ['redirect_uri with a slash more', { redirect_uri: `${REDIRECT_URI}/` }],
  ['redirect_uri * without permission', { redirect_uri: '*' }],
  ['no redirect_uri', { redirect_uri: undefined }],
])('%s stays on a 400 page', async (_case, changes) => {
  const { status, headers, text } = await open(changes)
  expect(status).toBe(400)
  expect(headers.get('location')).toBeNull()
  expect(text).toContain('data-testid="error"')
})

test('the page for an unlisted redirect_uri says which one to add', async () => {
  const { text } = await open({ redirect_uri: 'http://localhost:8080/other' })
  expect(text).toContain('Allowed Return URLs')
  expect(text).toMatch(
    /<pre data-testid="missing-return-url"[^>]*>http:\/\/localhost:8080\/other<\/pre>/,
  )
})

test('a repeated parameter stays on a 400 page, whichever it is', async () => {
  const { status, text } = await send(`${authorizeUrl(emulator)}&state=other`)
  expect(status).toBe(400)
  expect(text).toContain('<code>state</code>')
})

test('only allowAnyReturnUrl takes an unlisted redirect_uri, and then only one fit for a header', async () => {
  emulator.addClient({
    clientId: 'any',
    clientSecret: 'secret',
    allowedReturnUrls: [],
    allowAnyReturnUrl: true,
  })
  const anywhere = { client_id: 'any', redirect_uri: 'https://example.com/back' }
  expect(await emulator.allow(authorizeUrl(emulator, anywhere))).toContain('example.com/back?code=')
  const split = { client_id: 'any', redirect_uri: 'https://example.com/\r\nx: 1' }
  expect((await open(split)).status).toBe(400)
})

test('the consent page escapes what the request brings', async () => {
  const attack = `"><script>alert('1')</script>`
  const { text } = await open({ state: attack })
  expect(text).not.toContain('<script')
  expect(text).toContain('&#34;&#62;&#60;script&#62;alert(&#39;1&#39;)')
})

test('the consent page says what each scope shows', async () => {
  const { text } = await open({ scope: 'profile postal_code' })
  expect(text).toContain('your account id, name and e-mail address')
  expect(text).toContain('your postal code')
  expect(text).not.toContain('Only an id is shared')
})

test('the consent page for profile:user_id alone says that only an id is shared', async () => {
  const { text } = await open({ scope: 'profile:user_id' })
  expect(text).toContain('Only an id is shared')
})

test('every page forbids scripts, frames and caches, and says that it is not Amazon', async () => {
  const pages = [authorizeUrl(emulator), `${emulator.origin}/`, `${emulator.origin}/us/code`]
  for (const page of [...pages, authorizeUrl(emulator, { client_id: 'nobody' })]) {
    const { headers, text } = await send(page)
    expect(headers.get('content-security-policy')).toContain(
      "default-src 'none'; style-src 'sha256-",
    )
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('cache-control')).toBe('no-store')
    expect(text).toContain('This is an emulator for development. It is not Amazon.')
    expect(text).toContain('<html lang="en" dir="ltr">')
  }
})

test('a decision is checked anew: a form with another redirect_uri stays on a 400 page', async () => {
  const form = Object.fromEntries(new URL(authorizeUrl(emulator)).searchParams)
  const changed = { ...form, redirect_uri: 'https://evil.test/', decision: 'allow' }
  const { status, headers } = await post(emulator.authorizeUrl, changed)
  expect(status).toBe(400)
  expect(headers.get('location')).toBeNull()
})

test.each([{ decision: 'allow', person: 'nobody' }, { decision: 'allow' }, { decision: 'maybe' }])(
  'the decision %j stays on a 400 page',
  async (decision) => {
    const form = Object.fromEntries(new URL(authorizeUrl(emulator)).searchParams)
    expect((await post(emulator.authorizeUrl, { ...form, ...decision })).status).toBe(400)
  },
)

test('allow() rejects with the page’s text when there is nowhere to go', async () => {
  const url = authorizeUrl(emulator, { client_id: 'nobody' })
  await expect(emulator.allow(url)).rejects.toThrow(/answered 400.*No client has the id/)
  // In words: no markup, and none of the page's style.
  await expect(emulator.allow(url)).rejects.not.toThrow(/[<{}]|&#|font/)
})

test('allow() and deny() say so when an app has answered without a Location', async () => {
  const { headers } = new Response('no redirect')
  const location = headers.get('location')
  for (const decided of [emulator.allow(location), emulator.deny(location)]) {
    await expect(decided).rejects.toThrow(/without a Location header/)
  }
})

test('allow() refuses to go to another origin', async () => {
  await expect(emulator.allow('https://www.amazon.com/ap/oa')).rejects.toThrow(TypeError)
})

test('the S256 challenge of the authorize request binds the code to its verifier', async () => {
  const verifier = 'v'.repeat(43)
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const url = authorizeUrl(emulator, { code_challenge: challenge, code_challenge_method: 'S256' })
  const code = new URL(await emulator.allow(url)).searchParams.get('code') ?? ''
  const tokenUrl = `${emulator.apiUrl}/auth/o2/token`
  const wrong = await post(tokenUrl, codeForm(code, { code_verifier: 'w'.repeat(43) }))
  expect(wrong.json).toMatchObject({ error: 'invalid_grant' })
  const right = await post(tokenUrl, codeForm(code, { code_verifier: verifier }))
  expect(right.status).toBe(200)
})

test('a challenge without method is plain, as RFC 7636 says', async () => {
  const url = authorizeUrl(emulator, { code_challenge: 'v'.repeat(43) })
  const code = new URL(await emulator.allow(url)).searchParams.get('code') ?? ''
  const form = codeForm(code, { code_verifier: 'v'.repeat(43) })
  expect((await post(`${emulator.apiUrl}/auth/o2/token`, form)).status).toBe(200)
})

const SCOPE_DATA = '{"profile":{"essential":true},"postal_code":{"essential":false}}'
const VOLUNTARY = { scope: 'profile postal_code', scope_data: SCOPE_DATA }

test('an essential scope stands on the page, a voluntary one can be unticked', async () => {
  const { text } = await open(VOLUNTARY)
  expect(text).toMatch(/<li>your account id, name and e-mail address<\/li>/)
  expect(text).toMatch(/type="checkbox" id="grant:postal_code" name="grant:postal_code" checked/)
  expect((await open({ scope: 'profile postal_code' })).text).not.toContain('type="checkbox"')
})

test.each([
  [[], 'profile postal_code'],
  [['postal_code'], 'profile'],
  [['profile'], 'profile postal_code'],
])('who takes the ticks of %j away grants %s', async (without, scope) => {
  const url = authorizeUrl(emulator, VOLUNTARY)
  const back = new URL(await emulator.allow(url, undefined, { without }))
  expect(back.searchParams.get('scope')).toBe(scope)
})

test('who leaves out all there is shares the id alone', async () => {
  const scope_data = '{"profile":{"essential":false}}'
  const url = authorizeUrl(emulator, { scope: 'profile', scope_data })
  const back = new URL(await emulator.allow(url, undefined, { without: ['profile'] }))
  expect(back.searchParams.get('scope')).toBe('profile:user_id')
})

test.each([
  'no JSON',
  '[]',
  'null',
  '{"profile":true}',
  '{"profile":{"essential":"yes"}}',
  '{"alexa:all":{"essential":true}}',
])('the scope_data %s is refused', async (scope_data) => {
  const { headers } = await open({ scope: 'profile', scope_data })
  expect(headers.get('location')).toContain('error=invalid_request')
})
