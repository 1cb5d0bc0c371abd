import express, { type Express, type Request } from 'express'
import express4 from 'express4'

import { keepRawBody } from '../../../src'
import { callAt, ROOT_KEYS, signatureOf, startServer, type Sending } from '../../support/api'
import { startHost, type Host, type HostOptions } from '../../support/host'

let hosts: Host[] = []
afterEach(async () => {
  await Promise.all(hosts.map((host) => host.close()))
  hosts = []
})
async function start(setup: HostOptions = {}): Promise<Host> {
  const options = { rootSecretKey: ROOT_KEYS.secretKey, ...setup.options }
  const host = await startHost({ ...setup, options })
  hosts.push(host)
  return host
}
const call = (host: Host, line: string, sending?: Sending) => callAt(host.origin, line, sending)
const asRoot = { as: ROOT_KEYS }

/** Routes of the host's own, next to ours. */
function ownRoutes(app: Express): void {
  const tell = (req: Request, res: express.Response): void => {
    res.json({ host: req.path, body: req.body as unknown, who: req.amazonAuth.user?.name ?? null })
  }
  app.all(['/v1/users', '/v1/apps', '/v1/orders', '/jwt_auth/mine', '/v1/_settings/a/b'], tell)
}

describe('a host with the middleware in it', () => {
  test('answers its own paths itself, below /v1 too', async () => {
    const host = await start({ after: ownRoutes })
    for (const path of ['/v1/users', '/v1/apps', '/v1/orders', '/jwt_auth/mine']) {
      expect(await call(host, `GET ${path}`)).toMatchObject({ status: 200, json: { host: path } })
    }
    const deep = await call(host, 'PUT /v1/_settings/a/b', { as: ROOT_KEYS, body: { value: 1 } })
    expect(deep.json).toMatchObject({ host: '/v1/_settings/a/b' })
  })

  test('has users and apps of ours only with api.manage', async () => {
    const without = await start()
    for (const line of ['GET /v1/users', 'GET /v1/apps', 'DELETE /v1/apps/acme']) {
      expect((await call(without, line, asRoot)).status).toBe(404)
    }
    const answer = await call(without, 'GET /v1/_me', asRoot)
    expect(answer.json.id).toBe('app:para')
    const managed = await start({ options: { api: { manage: true } } })
    expect((await call(managed, 'GET /v1/users', asRoot)).json.totalHits).toBe(0)
    expect((await call(managed, 'GET /v1/apps', asRoot)).json.totalHits).toBe(4)
  })

  test('has the API where api.path says', async () => {
    const host = await start({ options: { api: { path: '/api/auth' } }, after: ownRoutes })
    expect((await call(host, 'GET /api/auth/_me', asRoot)).status).toBe(200)
    expect((await call(host, 'GET /v1/_me', asRoot)).status).toBe(404)
    expect((await call(host, 'GET /v1/orders')).json.host).toBe('/v1/orders')
    expect((await call(host, 'GET /jwt_auth')).status).toBe(401)
  })

  test('may mount it below a path; what is signed is the whole path', async () => {
    const host = await start({ mount: '/auth' })
    expect((await call(host, 'GET /auth/v1/_me', asRoot)).json.id).toBe('app:para')
    const put = { as: ROOT_KEYS, body: { value: '/in' } }
    expect((await call(host, 'PUT /auth/v1/_settings/signin_success', put)).status).toBe(200)
    expect((await call(host, 'GET /auth/jwt_auth')).status).toBe(401)
    expect((await call(host, 'GET /v1/_me', asRoot)).status).toBe(404)
  })

  test('leaves paths that it does not know, in any method, to the host', async () => {
    const host = await start({ after: ownRoutes })
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await call(host, `${method} /v1/orders`, { body: 'x' })
      expect(answer).toMatchObject({ status: 200, json: { host: '/v1/orders' } })
    }
    expect((await call(host, 'GET /v1/_unknown', asRoot)).status).toBe(404)
    expect((await call(host, 'GET /v1/_ME', asRoot)).status).toBe(404)
  })
})

describe('body parsers of the host', () => {
  const body = { value: { text: 'käse 🧀', list: [1, 2.5, null], nested: { a: true } } }
  const parsers: [string, () => Express, (app: Express) => void][] = [
    ['none', express, () => undefined],
    ['express.json of Express 5', express, (app) => app.use(express.json())],
    ['express.json with keepRawBody', express, verifying],
    ['express.text and express.urlencoded', express, forms],
    ['express.raw', express, (app) => app.use(express.raw({ type: () => true }))],
    ['none, on Express 4', express4, () => undefined],
    ['express.json of Express 4', express4, (app) => app.use(express4.json())],
  ]
  function verifying(app: Express): void {
    app.use(express.json({ verify: keepRawBody }))
  }
  function forms(app: Express): void {
    app.use(express.text({ type: '*/*' }), express.urlencoded({ extended: true }))
  }

  test.each(parsers)('before it, %s: a signed PUT is taken', async (_name, createApp, before) => {
    const host = await start({ createApp, before })
    const stored = await call(host, 'PUT /v1/_settings/any', { as: ROOT_KEYS, body })
    expect(stored).toMatchObject({ status: 200, text: '' })
    const read = await call(host, 'GET /v1/_settings/any', asRoot)
    expect(read.json).toEqual(body)
    expect((await call(host, 'DELETE /v1/_settings/any', asRoot)).status).toBe(200)
    const posted = { ...asRoot, body: { provider: 'amazon', appid: 'para', token: 'x' } }
    expect((await call(host, 'POST /jwt_auth', posted)).status).toBe(403)
  })

  test.each([
    ['as Python writes it', '{"value": ["k\\u00e4se", 1, true]}'],
    ['indented', '{\n  "value": [\n    "käse",\n    1,\n    true\n  ]\n}'],
  ])('before it: a body %s is taken', async (_form, text) => {
    const host = await start({ before: (app) => app.use(express.json()) })
    const put = await call(host, 'PUT /v1/_settings/any', { as: ROOT_KEYS, body: text })
    expect(put.status).toBe(200)
    const { json } = await call(host, 'GET /v1/_settings/any', asRoot)
    expect(json).toEqual({ value: ['käse', 1, true] })
  })

  test('before it: a body in a form that cannot be guessed needs keepRawBody', async () => {
    const odd = { as: ROOT_KEYS, body: '{ "value" :1e2}' }
    const parsed = await start({ before: (app) => app.use(express.json()) })
    expect((await call(parsed, 'PUT /v1/_settings/any', odd)).status).toBe(403)
    const kept = await start({ before: verifying })
    expect((await call(kept, 'PUT /v1/_settings/any', odd)).status).toBe(200)
    const { json } = await call(kept, 'GET /v1/_settings/any', asRoot)
    expect(json).toEqual({ value: 100 })
  })

  test('before it: a body that was changed after signing is refused', async () => {
    const host = await start({ before: (app) => app.use(express.json()) })
    const signed = signatureOf(
      {
        method: 'PUT',
        path: '/v1/_settings/any',
        host: new URL(host.origin).host,
        body: Buffer.from('{"value":1}'),
      },
      ROOT_KEYS,
    )
    const changed = { body: { value: 2 }, headers: signed }
    expect((await call(host, 'PUT /v1/_settings/any', changed)).status).toBe(403)
    expect((await call(host, 'GET /v1/_settings', asRoot)).json).toEqual({})
  })

  test('before it: JSON too deep for recursion is 400', async () => {
    const host = await start({ before: (app) => app.use(express.json()) })
    const deep = `{"token":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    expect((await call(host, 'POST /jwt_auth', { body: deep })).status).toBe(400)
  })

  test('after it still read what is the host’s', async () => {
    const host = await start({
      after: (app) => {
        app.use(express.json())
        ownRoutes(app)
      },
    })
    const answer = await call(host, 'POST /v1/orders', { body: { item: 1 } })
    expect(answer.json).toMatchObject({ host: '/v1/orders', body: { item: 1 } })
  })
})

describe('on Express 4', () => {
  test('signs in with a token, and answers 404, 405 and CORS as on Express 5', async () => {
    const host = await start({ createApp: express4, options: { api: { manage: true } } })
    const token = host.emulator.issueAccessToken({ clientId: 'amzn1.application-oa2-client.acme' })
    const body = { provider: 'amazon', appid: 'acme', token }
    const signedIn = await call(host, 'POST /jwt_auth', { body })
    expect(signedIn.status).toBe(200)
    const me = await call(host, 'GET /v1/_me', { as: signedIn.json.jwt.access_token })
    expect(me.json).toEqual(signedIn.json.user)
    expect((await call(host, 'GET /v1/nope', asRoot)).status).toBe(404)
    expect((await call(host, 'POST /v1/_me', asRoot)).headers.allow).toBe('GET')
    const key = '/v1/_settings/a%2Fb%20%C3%A9'
    await call(host, `PUT ${key}`, { as: ROOT_KEYS, body: { value: 1 } })
    expect((await call(host, 'GET /v1/_settings', asRoot)).json).toEqual({ 'a/b é': 1 })
  })
})

describe('pages of other sites', () => {
  const PAGE = 'https://page.example'
  const asked = { origin: PAGE, 'access-control-request-method': 'PUT' }

  test('that security.corsOrigins names may call, without cookies', async () => {
    const host = await start({ options: { security: { corsOrigins: [PAGE] } }, after: ownRoutes })
    const answer = await call(host, 'GET /v1/_me', { headers: { origin: PAGE } })
    expect(answer.status).toBe(401)
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': PAGE, vary: 'Origin' })
    expect(answer.headers['access-control-expose-headers']).toContain('WWW-Authenticate')
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
    const preflight = await call(host, 'OPTIONS /v1/_settings', { headers: asked })
    expect(preflight.status).toBe(204)
    expect(preflight.headers['access-control-allow-origin']).toBe(PAGE)

    const stranger = await call(host, 'GET /v1/_me', { headers: { origin: 'https://page.exam' } })
    expect(stranger.headers['access-control-allow-origin']).toBeUndefined()
    const own = await call(host, 'OPTIONS /v1/orders', { headers: asked })
    expect(own).toMatchObject({ status: 200, json: { host: '/v1/orders' } })
    expect(own.headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('every error', () => {
  const lines: [string, number][] = [
    ['GET /v1/', 401],
    ['GET /v1/_settings', 401],
    ['POST /v1/_newkeys', 401],
    ['GET /v1/_setup/x', 401],
    ['GET /v1/users', 401],
    ['PATCH /v1/users/1', 401],
    ['GET /v1/apps', 401],
    ['DELETE /v1/apps/x', 401],
    ['GET /jwt_auth', 401],
    ['DELETE /jwt_auth', 401],
    ['POST /jwt_auth', 400],
    ['GET /v1/nope', 404],
    ['GET /nope', 404],
    ['GET /v1/_settings/a/b', 404],
    ['POST /v1/_settings', 405],
    ['PUT /v1/_me', 405],
    ['DELETE /v1/users', 405],
    ['POST /v1/users/1', 405],
    ['HEAD /v1/_me', 405],
    ['HEAD /jwt_auth', 405],
    ['GET /v1/_newkeys', 405],
  ]
  test('of the stand-alone server is {code, message} with a fitting status', async () => {
    const server = await startServer()
    for (const [line, status] of lines) {
      const answer = await server.call(line)
      expect([line, answer.status]).toEqual([line, status])
      if (line.startsWith('HEAD')) expect(answer.text).toBe('')
      else {
        expect(answer.json).toEqual({ code: status, message: expect.stringMatching(/\w/) })
        expect(answer.headers['content-type']).toMatch(/^application\/json/)
      }
      if (status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
      if (status === 405) expect(answer.headers.allow).toMatch(/^[A-Z, ]+$/)
      expect(answer.text).not.toMatch(/ at |\.ts|node_modules|SQL/)
    }
    await server.close()
  })
})
