import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEMO_CLIENTS, FAULT_NAMES, startEmulator } from '../../../src/emulator'
import { Journal } from '../../../src/emulator/journal'
import {
  authorizeUrl,
  CLIENT,
  closeAll,
  codeForm,
  post,
  readProfile,
  REDIRECT_URI,
  send,
  sendRaw,
  start,
} from './support'

afterEach(closeAll)

const json = (method: string, body: unknown): RequestInit => ({
  method,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})

describe('the journal', () => {
  test('holds each request with its parameters, headers and status', async () => {
    const emulator = await start({ now: () => 1234 })
    await post(
      `${emulator.apiUrl}/auth/o2/token?a=1&a=2`,
      codeForm('c=1&x', { code_verifier: 'é' }),
    )
    expect(emulator.journal.entries()).toEqual([
      {
        method: 'POST',
        path: '/auth/o2/token',
        query: { a: ['1', '2'] },
        headers: expect.objectContaining({ 'content-type': 'application/x-www-form-urlencoded' }),
        body: codeForm('c=1&x', { code_verifier: 'é' }),
        status: 400,
        atMs: 1234,
      },
    ])
  })

  test('filters, counts and forgets', async () => {
    const emulator = await start()
    await readProfile(emulator, 'unknown')
    await readProfile(emulator, emulator.issueAccessToken({ clientId: CLIENT.clientId }))
    await send(authorizeUrl(emulator))
    const { journal } = emulator
    expect(journal.entries({ path: '/user/profile', status: 400 })).toHaveLength(1)
    expect(journal.count('/user/profile')).toBe(2)
    expect(journal.count()).toBe(3)
    journal.clear()
    expect([journal.count(), journal.count('/user/profile'), journal.entries()]).toEqual([0, 0, []])
  })

  test('holds a request that never gets an answer, without a status', async () => {
    const emulator = await start()
    emulator.faults.set({ endpoint: 'profile', fault: 'hang' })
    await sendRaw(`${emulator.apiUrl}/user/profile`, {}, { patienceMs: 200 })
    expect(emulator.journal.entries()).toMatchObject([{ path: '/user/profile', status: undefined }])
  })

  test('holds requests to paths that nothing answers, but not those to the controls', async () => {
    const emulator = await start()
    await send(`${emulator.origin}/auth/o2/tokens`)
    await send(`${emulator.origin}/`)
    await send(`${emulator.origin}/emulator/journal`)
    expect(emulator.journal.entries()).toMatchObject([{ path: '/auth/o2/tokens', status: 404 }])
  })
})

describe('what it keeps', () => {
  test('the journal keeps the newest entries and counts all', () => {
    const journal = new Journal(10)
    const row = { method: 'GET', query: {}, headers: {}, body: {}, readStatus: () => 200 }
    for (let at = 0; at < 25; at += 1) journal.write({ ...row, path: '/user/profile', atMs: at })
    expect(journal.entries().map(({ atMs }) => atMs)).toEqual([
      15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
    ])
    expect(journal.count('/user/profile')).toBe(25)
  })

  test('a form of more than 100 kB answers 413', async () => {
    const emulator = await start()
    const { status, json } = await post(
      `${emulator.apiUrl}/auth/o2/token`,
      codeForm('x'.repeat(200_000)),
    )
    expect(status).toBe(413)
    expect(json.error).toBe('invalid_request')
  })
})

describe('the controls over HTTP', () => {
  test('PUT, GET and DELETE /emulator/faults switch, list and clear', async () => {
    const emulator = await start()
    const url = `${emulator.origin}/emulator/faults`
    const rule = { endpoint: 'profile', fault: { name: 'status', status: 500 }, times: 3 }
    expect((await send(url, json('PUT', rule))).status).toBe(200)
    expect((await readProfile(emulator, 'x')).status).toBe(500)
    const listed: unknown = JSON.parse((await send(url)).text)
    expect(listed).toEqual({ faults: [{ ...rule, times: 2 }], names: FAULT_NAMES })
    expect((await send(url, { method: 'DELETE' })).status).toBe(204)
    expect((await readProfile(emulator, 'x')).status).toBe(400)
  })

  test('an unknown fault answers 400 and lists the known ones', async () => {
    const emulator = await start()
    const rule = json('PUT', { endpoint: 'token', fault: 'nonsense' })
    const { status, text } = await send(`${emulator.origin}/emulator/faults`, rule)
    expect(status).toBe(400)
    for (const name of FAULT_NAMES) expect(text).toContain(name)
  })

  test.each(['not json', '5', ''])('the body %j answers 400', async (body) => {
    const emulator = await start()
    const init = { method: 'PUT', body, headers: { 'content-type': 'application/json' } }
    expect((await send(`${emulator.origin}/emulator/faults`, init)).status).toBe(400)
  })

  test('a form, which another site could send, changes nothing', async () => {
    const emulator = await start()
    const client = { clientId: 'x', clientSecret: 'y', allowedReturnUrls: '[]' }
    expect((await post(`${emulator.origin}/emulator/clients`, client)).status).toBe(400)
  })

  test('GET and DELETE /emulator/journal read, filter and forget', async () => {
    const emulator = await start()
    await readProfile(emulator, 'x')
    await send(authorizeUrl(emulator))
    const url = `${emulator.origin}/emulator/journal`
    const entries = async (query = '') =>
      (JSON.parse((await send(url + query)).text) as { entries: unknown[] }).entries
    expect(await entries()).toHaveLength(2)
    expect(await entries('?path=/user/profile')).toMatchObject([{ status: 400 }])
    await send(url, { method: 'DELETE' })
    expect(await entries()).toEqual([])
  })

  test('POST /emulator/clients adds a client and no answer shows a secret', async () => {
    const emulator = await start()
    const url = `${emulator.origin}/emulator/clients`
    const client = {
      clientId: 'new',
      clientSecret: 'hidden-secret',
      allowedReturnUrls: [REDIRECT_URI],
    }
    const created = await send(url, json('POST', client))
    expect(created.status).toBe(201)
    expect(await emulator.allow(authorizeUrl(emulator, { client_id: 'new' }))).toContain('code=')
    const home = await send(emulator.origin)
    expect(home.text).toContain(CLIENT.clientId)
    for (const { text } of [created, await send(url), home]) {
      expect(text).not.toContain('hidden-secret')
      expect(text).not.toContain(CLIENT.clientSecret)
    }
  })

  test.each([
    [{ clientSecret: 's', allowedReturnUrls: [] }, 'clientId'],
    [{ clientId: 'c', allowedReturnUrls: [] }, 'clientSecret'],
    [{ clientId: 'c', clientSecret: 's' }, 'allowedReturnUrls'],
    [{ clientId: 'c', clientSecret: '', kind: 'device' }, 'clientSecret'],
    [{ clientId: 'c', allowedReturnUrls: ['/relative'], kind: 'device' }, 'allowedReturnUrls'],
    [{ clientId: 'c', clientSecret: 's', allowedReturnUrls: ['/relative'] }, 'allowedReturnUrls'],
    [{ clientId: 'c', clientSecret: 's', allowedReturnUrls: ['http://a/#b'] }, 'allowedReturnUrls'],
    [{ clientId: 'c', clientSecret: 's', allowedReturnUrls: [], name: 5 }, 'name'],
  ])('the client %j is refused by the name of its field', async (client, field) => {
    const emulator = await start()
    const { status, text } = await send(`${emulator.origin}/emulator/clients`, json('POST', client))
    expect(status).toBe(400)
    expect(text).toContain(field)
  })
})

describe('the start page', () => {
  test('shows endpoints, people, clients, faults and the last requests', async () => {
    const emulator = await start()
    await readProfile(emulator, 'x')
    emulator.faults.set({ endpoint: 'token', fault: 'hang' })
    const { text } = await send(emulator.origin)
    const shown = [emulator.authorizeUrl, 'Ada Lindqvist', 'GET /user/profile', 'gzip_bomb']
    for (const part of shown) expect(text).toContain(part)
    expect(text).toContain('{&#34;endpoint&#34;:&#34;token&#34;')
  })
})

describe('starting and closing', () => {
  test('two emulators share nothing', async () => {
    const [one, two] = [await start(), await start()]
    const token = one.issueAccessToken({ clientId: CLIENT.clientId })
    expect((await readProfile(two, token)).status).toBe(400)
    expect(two.origin).not.toBe(one.origin)
  })

  test('U1: after close() the port refuses, though requests were hanging', async () => {
    const emulator = await startEmulator()
    emulator.faults.set({ endpoint: 'profile', fault: { name: 'latency', ms: 600_000 } })
    const url = `${emulator.apiUrl}/user/profile`
    const hanging = sendRaw(url, {})
    while (emulator.journal.count() === 0) await new Promise(setImmediate)
    await emulator.close()
    expect((await hanging).end).toBe('ECONNRESET')
    expect((await sendRaw(url, {})).end).toBe('ECONNREFUSED')
  })

  test('a port that is taken rejects with EADDRINUSE', async () => {
    const { origin } = await start()
    const port = Number(new URL(origin).port)
    await expect(startEmulator({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test('latencyMs keeps every answer of Amazon back, but not the controls', async () => {
    const emulator = await start({ latencyMs: 60_000 })
    const reply = await sendRaw(`${emulator.apiUrl}/user/profile`, {}, { patienceMs: 200 })
    expect(reply.end).toBe('waiting')
    expect((await send(`${emulator.origin}/emulator/faults`)).status).toBe(200)
  })

  test.each([
    ['no people', { people: [] }],
    ['a client without id', { clients: [{ ...CLIENT, clientId: '' }] }],
  ])('%s rejects with TypeError', async (_case, options) => {
    await expect(startEmulator(options)).rejects.toThrow(TypeError)
  })

  test('issueCode and issueAccessToken refuse what no consent could have brought', async () => {
    const emulator = await start()
    const { clientId } = CLIENT
    const other = 'http://localhost:8080/other'
    expect(() => emulator.issueCode({ clientId: 'x', redirectUri: REDIRECT_URI })).toThrow(
      TypeError,
    )
    expect(() => emulator.issueCode({ clientId, redirectUri: other })).toThrow(TypeError)
    expect(() => emulator.issueAccessToken({ clientId, userId: 'nobody' })).toThrow(TypeError)
  })

  test('the demo clients have ids and secrets of Amazon’s form, each its own', () => {
    const [one, two] = DEMO_CLIENTS
    for (const { clientId, clientSecret } of DEMO_CLIENTS) {
      expect(clientId).toMatch(/^amzn1\.application-oa2-client\.[0-9a-f]{32}$/)
      expect(clientSecret).toMatch(/^amzn1\.oa2-cs\.v1\.[0-9a-f]{64}$/)
    }
    expect(one.clientId).not.toBe(two.clientId)
  })

  test('U14: with tls it serves https under the certificate given', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emulator-tls-'))
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    const named = ['-subj', '/CN=localhost', '-days', '1', '-keyout', keyFile, '-out', certFile]
    execFileSync('openssl', [...made, ...named], { stdio: 'ignore' })
    const tls = { key: readFileSync(keyFile), cert: readFileSync(certFile) }
    rmSync(folder, { recursive: true })

    const emulator = await start({ tls })
    expect(emulator.origin).toMatch(/^https:/)
    expect(await emulator.allow(authorizeUrl(emulator))).toContain('code=')
    const strict = new Promise((resolve) => get(emulator.origin, resolve).on('error', resolve))
    expect(await strict).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })

    emulator.faults.set({ endpoint: 'authorize', fault: 'reset' })
    await expect(emulator.allow(authorizeUrl(emulator))).rejects.toThrow()
  })
})
