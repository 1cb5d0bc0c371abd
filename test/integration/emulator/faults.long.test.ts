import { Agent } from 'node:http'
import { gunzipSync } from 'node:zlib'
import {
  FAULT_NAMES,
  PEOPLE,
  type Emulator,
  type Fault,
  type FaultName,
} from '../../../src/emulator'
import {
  authorizeUrl,
  CLIENT,
  closeAll,
  codeForm,
  OTHER_CLIENT,
  post,
  send,
  sendRaw,
  start,
} from './support'

const ada = PEOPLE[0]
const MB = 1024 * 1024
let emulator: Emulator
let token: string

beforeAll(async () => {
  emulator = await start()
  token = emulator.issueAccessToken({ clientId: CLIENT.clientId })
})
afterEach(() => emulator.faults.clear())
afterAll(closeAll)

const url = (endpoint: 'profile' | 'tokeninfo') =>
  `${emulator.apiUrl}${endpoint === 'profile' ? '/user/profile' : '/auth/o2/tokeninfo'}`
const headers = () => ({ 'x-amz-access-token': token })
const profile = (options = {}) => sendRaw(url('profile'), headers(), options)
const issueCode = ({ clientId, allowedReturnUrls: [redirectUri = ''] } = CLIENT) =>
  emulator.issueCode({ clientId, redirectUri })
const askToken = (client = CLIENT) =>
  post(`${emulator.apiUrl}/auth/o2/token`, {
    ...codeForm(issueCode(client)),
    redirect_uri: client.allowedReturnUrls[0],
    client_id: client.clientId,
    client_secret: client.clientSecret,
  })

/** What a client sees of the profile endpoint under a fault. */
function profileUnder(fault: FaultName | Fault, options = {}) {
  emulator.faults.set({ endpoint: 'profile', fault })
  return profile(options)
}

async function profileJsonUnder(fault: FaultName | Fault): Promise<unknown> {
  const { status, body } = await profileUnder(fault)
  expect(status).toBe(200)
  return JSON.parse(body.toString())
}

const trueProfile = () => ({ user_id: ada?.userId, name: ada?.name, email: ada?.email })
const trueBody = () => JSON.stringify(trueProfile())

describe('U1–U4, U17: the connection', () => {
  test('reset breaks the connection and leaves the code unspent', async () => {
    emulator.faults.set({ endpoint: 'token', fault: 'reset' })
    const form = codeForm(issueCode())
    const tokenUrl = `${emulator.apiUrl}/auth/o2/token`
    await expect(post(tokenUrl, form)).rejects.toThrow('fetch failed')
    emulator.faults.clear()
    expect((await post(tokenUrl, form)).status).toBe(200)
  })

  test('reset_after_read breaks the connection after the code is spent', async () => {
    emulator.faults.set({ endpoint: 'token', fault: 'reset_after_read' })
    const form = codeForm(issueCode())
    const tokenUrl = `${emulator.apiUrl}/auth/o2/token`
    await expect(post(tokenUrl, form)).rejects.toThrow('fetch failed')
    emulator.faults.clear()
    expect((await post(tokenUrl, form)).json.error).toBe('invalid_grant')
  })

  test.each(['reset', 'reset_after_read'] as const)('%s is a TCP reset', async (fault) => {
    expect(await profileUnder(fault)).toMatchObject({ status: undefined, end: 'ECONNRESET' })
  })

  test.each(['hang', 'hang_headers'] as const)('%s brings no status', async (fault) => {
    const reply = await profileUnder(fault, { patienceMs: 300 })
    expect(reply).toMatchObject({ status: undefined, end: 'waiting' })
  })

  test('hang_body brings the headers and half of the body', async () => {
    const { status, headers, body, end } = await profileUnder('hang_body', { patienceMs: 1000 })
    expect({ status, end }).toEqual({ status: 200, end: 'waiting' })
    expect(Number(headers['content-length'])).toBe(trueBody().length)
    expect(body.toString()).toBe(trueBody().slice(0, trueBody().length / 2))
  })

  test('drip brings a body that is whole at last but not at once', async () => {
    const some = await profileUnder({ name: 'drip', ms: 60_000 }, { patienceMs: 1000 })
    expect(some).toMatchObject({ status: 200, end: 'waiting' })
    expect(some.body.toString()).toBe('{')
    const all = await profileUnder({ name: 'drip', ms: 1 })
    expect(all.body.toString()).toBe(trueBody())
  })

  test('latency keeps the true answer back', async () => {
    const early = await profileUnder({ name: 'latency', ms: 60_000 }, { patienceMs: 300 })
    expect(early).toMatchObject({ status: undefined, end: 'waiting' })
    expect(await profileJsonUnder({ name: 'latency', ms: 1 })).toEqual(trueProfile())
  })

  test('idle_close answers as if to keep the connection and then closes it', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const closed = new Promise((resolve) => {
      agent.on('free', (socket: NodeJS.EventEmitter) => void socket.once('close', resolve))
    })
    const { status, headers } = await profileUnder('idle_close', { agent })
    expect(status).toBe(200)
    expect(headers.connection).toBe('keep-alive')
    await closed
    agent.destroy()
  })
})

describe('U4–U7, U13, U15: the status', () => {
  test.each([
    ['status', 503],
    ['http_401', 401],
    ['http_403', 403],
    ['http_429', 429],
    ['http_500', 500],
    ['http_502', 502],
    ['http_503', 503],
  ] as const)('%s answers %i', async (fault, status) => {
    expect((await profileUnder(fault)).status).toBe(status)
  })

  test('status takes the number and a Retry-After', async () => {
    const reply = await profileUnder({ name: 'status', status: 429, retryAfter: 60 })
    expect(reply.status).toBe(429)
    expect(reply.headers['retry-after']).toBe('60')
  })

  test('redirect_other_host keeps method and body by default and goes where it is told', async () => {
    expect(await profileUnder('redirect_other_host')).toMatchObject({
      status: 307,
      headers: { location: 'https://other-host.invalid/' },
    })
    const location = 'http://127.0.0.2:9/'
    expect(
      await profileUnder({ name: 'redirect_other_host', status: 302, location }),
    ).toMatchObject({ status: 302, headers: { location } })
  })

  test.each([
    ['invalid_client', 401],
    ['unauthorized_client', 400],
  ] as const)('%s hits one client and spares the others', async (fault, status) => {
    emulator.faults.set({ endpoint: 'token', fault, clientId: CLIENT.clientId })
    expect(await askToken()).toMatchObject({ status, json: { error: fault } })
    expect((await askToken(OTHER_CLIENT)).status).toBe(200)
    emulator.faults.clear()
    expect((await askToken()).status).toBe(200)
  })
})

describe('U8, U11, U12: the body', () => {
  test('html_captcha is a page with status 200', async () => {
    const { status, headers, body } = await profileUnder('html_captcha')
    expect(status).toBe(200)
    expect(headers['content-type']).toContain('text/html')
    expect(body.toString()).toMatch(/^<!doctype html>/)
  })

  test.each([
    ['empty', () => Buffer.alloc(0)],
    ['cut_json', () => Buffer.from(trueBody().slice(0, trueBody().length / 2))],
    ['bom', () => Buffer.from(`\uFEFF${trueBody()}`)],
    ['utf16', () => Buffer.from(`\uFEFF${trueBody()}`, 'utf16le')],
  ] as const)('%s sends just these bytes, whole by their length', async (fault, bytes) => {
    const reply = await profileUnder(fault)
    expect(reply).toMatchObject({ status: 200, end: 'whole' })
    expect(reply.body.equals(bytes())).toBe(true)
  })

  test('gzip sends the true answer packed', async () => {
    const { headers, body } = await profileUnder('gzip')
    expect(headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(body).toString()).toBe(trueBody())
  })

  test('huge_body sends 100 MB in chunks', async () => {
    const { status, headers, end } = await profileUnder('huge_body', { maxBytes: 100 * MB - 1 })
    expect({ status, end }).toEqual({ status: 200, end: 'too much' })
    expect(headers['transfer-encoding']).toBe('chunked')
  })

  test('huge_body is the true answer to a client that reads all', async () => {
    const { body } = await profileUnder({ name: 'huge_body', bytes: MB })
    expect(body.length).toBe(MB + trueBody().length)
    expect(JSON.parse(body.toString())).toEqual(trueProfile())
  })

  test('gzip_bomb is small on the wire and 100 MB when unpacked', async () => {
    const { headers, body, end } = await profileUnder('gzip_bomb')
    expect(headers['content-encoding']).toBe('gzip')
    expect(end).toBe('whole')
    expect(body.length).toBeLessThan(MB)
    expect(gunzipSync(body).length).toBe(100 * MB + trueBody().length)
  })

  test('endless goes on past the size of huge_body', async () => {
    expect((await profileUnder('endless', { maxBytes: 110 * MB })).end).toBe('too much')
  })
})

describe('U9: the JSON', () => {
  test('error_in_200 is an error with status 200', async () => {
    expect(await profileJsonUnder('error_in_200')).toMatchObject({ error: 'invalid_grant' })
  })

  test.each([
    ['json_object_empty', {}],
    ['json_number', 5],
  ] as const)('%s answers just that', async (fault, json) => {
    expect(await profileJsonUnder(fault)).toEqual(json)
  })

  test.each([
    ['no_token', undefined],
    ['empty_token', ''],
    ['token_crlf', 'Atza|split\r\nx-injected: 1'],
  ] as const)('%s changes the access token and nothing else', async (fault, accessToken) => {
    emulator.faults.set({ endpoint: 'token', fault })
    const { status, json } = await askToken()
    expect(status).toBe(200)
    expect(json.access_token).toBe(accessToken)
    expect(json).toMatchObject({ token_type: 'bearer', expires_in: 3600 })
  })

  test('an error passes a fault of fields as it is', async () => {
    emulator.faults.set({ endpoint: 'token', fault: 'empty_token' })
    const { status, json } = await post(`${emulator.apiUrl}/auth/o2/token`, codeForm('unknown'))
    expect(status).toBe(400)
    expect(json).not.toHaveProperty('access_token')
  })
})

describe('U10: the profile', () => {
  test.each([
    ['user_id_missing', 'user_id', undefined],
    ['user_id_number', 'user_id', 42],
    ['user_id_object', 'user_id', { id: 'amzn1.account.A' }],
    ['user_id_array', 'user_id', ['amzn1.account.A']],
    ['user_id_huge', 'user_id', 'a'.repeat(MB)],
    ['user_id_with_colon', 'user_id', expect.stringContaining(':')],
    ['user_id_with_spaces', 'user_id', expect.stringMatching(/^ .* .* $/)],
    ['user_id_mismatch', 'user_id', expect.not.stringContaining(ada?.userId ?? '')],
    ['name_null', 'name', null],
    ['email_null', 'email', null],
    ['long_name', 'name', 'a'.repeat(10_000)],
    ['nul_name', 'name', expect.stringContaining('\u0000')],
    ['emoji_name', 'name', expect.stringMatching(/\p{Emoji_Presentation}/u)],
  ] as const)('%s changes %s and nothing else', async (fault, field, value) => {
    expect(await profileJsonUnder(fault)).toEqual({ ...trueProfile(), [field]: value })
  })

  test('a long field takes its size', async () => {
    const json = await profileJsonUnder({ name: 'user_id_huge', bytes: 257 })
    expect(json).toHaveProperty('user_id', 'a'.repeat(257))
  })

  test('nested_profile has the old shape', async () => {
    expect(await profileJsonUnder('nested_profile')).toEqual({
      Profile: { CustomerId: ada?.userId, Name: ada?.name, PrimaryEmail: ada?.email },
    })
  })
})

describe('the token’s description', () => {
  test.each([
    ['wrong_aud', 'aud'],
    ['wrong_iss', 'iss'],
    ['user_id_mismatch', 'user_id'],
  ] as const)('%s changes %s and nothing else', async (fault, field) => {
    const before = await send(url('tokeninfo'), { headers: headers() })
    emulator.faults.set({ endpoint: 'tokeninfo', fault })
    const after = await send(url('tokeninfo'), { headers: headers() })
    expect(after.json[field]).not.toBe(before.json[field])
    expect(after.json).toMatchObject({ app_id: before.json.app_id, iat: before.json.iat })
  })
})

describe('the switches', () => {
  test('U5: a fault with times is gone after so many requests', async () => {
    emulator.faults.set({ endpoint: 'profile', fault: 'http_503', times: 2 })
    const statuses = [await profile(), await profile(), await profile()].map(({ status }) => status)
    expect(statuses).toEqual([503, 503, 200])
    expect(emulator.faults.list()).toEqual([])
  })

  test('a fault hits its endpoint alone, and all hits every one', async () => {
    emulator.faults.set({ endpoint: 'profile', fault: 'http_503' })
    expect((await askToken()).status).toBe(200)
    emulator.faults.set({ endpoint: 'all', fault: 'http_502' })
    expect((await askToken()).status).toBe(502)
    expect((await send(authorizeUrl(emulator))).status).toBe(502)
  })

  test('a fault for a client finds that client by its access token, too', async () => {
    emulator.faults.set({ endpoint: 'profile', fault: 'http_503', clientId: CLIENT.clientId })
    expect((await profile()).status).toBe(503)
    const { clientId } = OTHER_CLIENT
    token = emulator.issueAccessToken({ clientId })
    expect((await profile()).status).toBe(200)
    token = emulator.issueAccessToken({ clientId: CLIENT.clientId })
  })

  test('a later rule takes the place of the one for the same endpoint and client', async () => {
    emulator.faults.set({ endpoint: 'profile', fault: 'http_503' })
    emulator.faults.set({ endpoint: 'profile', fault: 'http_401' })
    expect((await profile()).status).toBe(401)
  })

  test('an unknown fault throws TypeError that lists the known ones', () => {
    const fault = 'resett' as FaultName
    const set = () => emulator.faults.set({ endpoint: 'token', fault })
    expect(set).toThrow(TypeError)
    expect(set).toThrow(`unknown fault "resett"; known: ${FAULT_NAMES.join(', ')}`)
  })

  test.each(['__proto__', 'constructor', 'toString'])('%s is no fault', (name) => {
    const set = () => emulator.faults.set({ endpoint: 'token', fault: name as FaultName })
    expect(set).toThrow('unknown fault')
  })

  test.each([
    [{ endpoint: 'nowhere', fault: 'reset' }, 'endpoint must be one of'],
    [{ endpoint: 'token', fault: 'reset', times: 0 }, 'times'],
    [{ endpoint: 'token', fault: 'reset', clientId: 5 }, 'clientId'],
    [{ endpoint: 'token', fault: { name: 'status', status: 99 } }, 'status'],
    [{ endpoint: 'token', fault: { name: 'status', retryAfter: '1\r\nx: 1' } }, 'retryAfter'],
    [{ endpoint: 'token', fault: { name: 'drip', ms: -1 } }, 'ms'],
    [{ endpoint: 'token', fault: { name: 'huge_body', bytes: 1.5 } }, 'bytes'],
    [null, 'a fault rule must be an object'],
  ])('the rule %j is refused by name', (rule, message) => {
    expect(() => emulator.faults.set(rule as never)).toThrow(message)
  })
})
