import { ROOT_KEYS, startServer, superToken, type TestServer } from '../../support/api'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())
const asRoot = { as: ROOT_KEYS }

describe('who I am', () => {
  test('GET /v1/ tells name and version to an app, and 401 to nobody', async () => {
    const about = await server.call('GET /v1/', asRoot)
    expect(about.json).toEqual({ info: expect.any(String), version: expect.stringMatching(/^\d/) })
    expect((await server.call('GET /v1', asRoot)).json).toEqual(about.json)
    expect((await server.call('GET /v1/')).status).toBe(401)
  })

  test('GET /v1/_health is open, and 503 once the store is gone', async () => {
    const dying = await startServer()
    const up = await dying.call('GET /v1/_health')
    expect(up).toMatchObject({ status: 200, text: '{"message":"healthy"}' })
    await dying.composition.close()
    const down = await dying.call('GET /v1/_health')
    expect(down).toMatchObject({ status: 503, json: { code: 503 } })
    expect(down.headers['retry-after']).toMatch(/^\d+$/)
    expect((await dying.call('GET /v1/_me', asRoot)).status).toBe(503)
    await dying.close()
  })

  test('GET /v1/_live is 200 without the store, GET /v1/_ready 503', async () => {
    const dying = await startServer()
    expect((await dying.call('GET /v1/_ready')).text).toBe('{"message":"ready"}')
    await dying.composition.close()
    const alive = await dying.call('GET /v1/_live')
    expect(alive).toMatchObject({ status: 200, text: '{"message":"alive"}' })
    expect((await dying.call('GET /v1/_ready')).status).toBe(503)
    await dying.close()
  })

  test('GET /v1/_me answers the app’s record without its secret', async () => {
    const { json, text } = await server.call('GET /v1/_me', asRoot)
    expect(json).toEqual({
      id: 'app:para',
      type: 'app',
      plural: 'apps',
      objectURI: '/app/app%3Apara',
      appid: 'para',
      appIdentifier: 'para',
      name: 'para',
      active: true,
      timestamp: expect.any(Number),
      updated: expect.any(Number),
    })
    expect(text).not.toContain(ROOT_KEYS.secretKey)
  })

  test('GET /v1/_me for nobody is 401 without a body', async () => {
    const answer = await server.call('GET /v1/_me')
    expect(answer).toMatchObject({ status: 401, text: '' })
    expect(answer.headers['www-authenticate']).toBe('Bearer')
  })

  test('GET /v1/_me answers the user of a session', async () => {
    await server.createApp('sessions')
    const browser = server.browser()
    const begun = await browser.get('/amazon_auth?state=sessions')
    await browser.get(await server.emulator.allow(begun.location))
    const mine = JSON.parse((await browser.get('/v1/_me')).body)
    expect(mine).toMatchObject({ type: 'user', appid: 'sessions', name: 'Ada Lindqvist' })
    expect((await browser.get('/v1/_me?appid=app:sessions')).status).toBe(200)
    expect((await browser.get('/v1/_me?appid=para')).status).toBe(401)
  })
})

describe('GET /v1/_setup', () => {
  test('never tells keys', async () => {
    const answer = await server.call('GET /v1/_setup')
    expect(answer.json).toEqual({ message: expect.any(String) })
    expect(answer.text).not.toContain(ROOT_KEYS.secretKey)
  })
})

describe('GET /v1/_setup/{app}', () => {
  test('creates a child of the root app, whose keys work at once', async () => {
    const made = await server.call('GET /v1/_setup/books?name=The%20Books', asRoot)
    expect(made.json).toEqual({
      accessKey: 'app:books',
      secretKey: expect.stringMatching(/^[\w-]{43}$/),
      message: expect.any(String),
    })
    const me = await server.call('GET /v1/_me', { as: made.json })
    expect(me.json).toMatchObject({ id: 'app:books', appid: 'para', name: 'The Books' })
  })

  test('without a name, or with a blank one, names it after its id', async () => {
    for (const line of ['GET /v1/_setup/plain', 'GET /v1/_setup/blank?name=']) {
      const { json: keys } = await server.call(line, asRoot)
      const { json } = await server.call('GET /v1/_me', { as: keys })
      expect(json.name).toBe(json.appIdentifier)
    }
  })

  test('of one that exists is 200 with a message alone, and changes nothing', async () => {
    const first = await server.call('GET /v1/_setup/once', asRoot)
    for (const path of ['once', 'app%3Aonce', 'app:once', '%20once%20']) {
      const again = await server.call(`GET /v1/_setup/${path}?name=Other`, asRoot)
      expect(again.json).toEqual({ message: expect.any(String) })
    }
    const { json } = await server.call('GET /v1/_me', { as: first.json })
    expect(json).toMatchObject({ id: 'app:once', name: 'once' })
  })

  test('by 10 at once creates it once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => server.call('GET /v1/_setup/raced', asRoot)),
    )
    expect(answers.filter(({ json }) => 'secretKey' in json)).toHaveLength(1)
    expect(answers.every(({ status }) => status === 200)).toBe(true)
  })

  test.each(['%2F%2F', 'app%3A', '%00', 'a'.repeat(129)])('named %s is 400', async (name) => {
    expect(await server.call(`GET /v1/_setup/${name}`, asRoot)).toMatchObject({
      status: 400,
      json: { code: 400 },
    })
  })

  test.each(['__proto__', 'constructor', 'toString'])(
    'named %s makes an app like any other',
    async (name) => {
      const { json: keys } = await server.call(`GET /v1/_setup/${name}`, asRoot)
      expect((await server.call('GET /v1/_settings', { as: keys })).json).toEqual({})
    },
  )

  test('by a child is 403, unsigned 401', async () => {
    const keys = await server.createApp('child')
    expect((await server.call('GET /v1/_setup/grandchild', { as: keys })).status).toBe(403)
    expect((await server.call('GET /v1/_setup/grandchild')).status).toBe(401)
    expect((await server.call('GET /v1/_setup/grandchild', asRoot)).json.accessKey).toBe(
      'app:grandchild',
    )
  })
})

describe('GET /v1/apps', () => {
  test('lists all apps to the root app, page by page and from a key on', async () => {
    const own = await startServer()
    for (const name of ['a', 'b', 'c']) await own.createApp(name)
    const idsOf = async (query: string): Promise<unknown> => {
      const { json } = await own.call(`GET /v1/apps${query}`, asRoot)
      return json.items.map(({ id }: { id: string }) => id)
    }
    expect((await own.call('GET /v1/apps', asRoot)).json).toMatchObject({
      page: 0,
      totalHits: 4,
      lastKey: 'app:para',
    })
    expect(await idsOf('')).toEqual(['app:a', 'app:b', 'app:c', 'app:para'])
    expect(await idsOf('?page=2&limit=3')).toEqual(['app:para'])
    expect(await idsOf('?lastKey=app:b')).toEqual(['app:c', 'app:para'])
    expect((await own.call('GET /v1/apps')).status).toBe(401)
    await own.close()
  })
})

describe('PATCH /v1/apps/{id}', () => {
  test('off, an app signs nobody in and its keys, tokens and sessions are worth nothing; on again, they are as before', async () => {
    const keys = await server.createApp('switched')
    const { token } = await server.signIn('switched')
    const browser = server.browser()
    const begun = await browser.get('/amazon_auth?state=switched')
    await browser.get(await server.emulator.allow(begun.location))

    const off = await server.call('PATCH /v1/apps/app%3Aswitched', {
      ...asRoot,
      body: { active: false },
    })
    expect(off).toMatchObject({ status: 200, json: { id: 'app:switched', active: false } })
    expect((await server.call('GET /v1/_me', { as: keys })).status).toBe(403)
    expect((await server.call('GET /v1/_me', { as: token })).status).toBe(401)
    expect((await browser.get('/v1/_me?appid=switched')).status).toBe(401)
    const login = await server.browser().get('/amazon_auth?state=switched')
    expect(login.location).not.toContain(server.emulator.authorizeUrl)
    const body = {
      provider: 'amazon',
      appid: 'switched',
      token: server.amazonToken('switched'),
    }
    expect((await server.call('POST /jwt_auth', { body })).status).toBe(400)

    await server.call('PATCH /v1/apps/switched', { ...asRoot, body: { active: true } })
    expect((await server.call('GET /v1/_me', { as: keys })).json.active).toBe(true)
    expect((await server.call('GET /v1/_me', { as: token })).status).toBe(200)
    expect((await browser.get('/v1/_me?appid=switched')).status).toBe(200)
  })

  test('renames an app, by the root app or by itself; what clients of Para send besides is left alone', async () => {
    const keys = await server.createApp('renamed')
    const { json: record } = await server.call('GET /v1/_me', { as: keys })
    const own = { ...record, name: '  Bücher & Söhne ', appIdentifier: 'other', secret: 'x' }
    const put = await server.call('PUT /v1/app/app%3Arenamed', { as: keys, body: own })
    const { updated, ...rest } = record
    expect(put.json).toEqual({ ...rest, name: 'Bücher & Söhne', updated: expect.any(Number) })
    expect(put.json.updated).toBeGreaterThanOrEqual(updated)
    const by = await server.call('PATCH /v1/apps/renamed', { ...asRoot, body: { name: 'Books' } })
    expect(by.json).toMatchObject({ name: 'Books', active: true })
  })

  test('the root app stays on, an app switches not even itself, and of others it changes nothing', async () => {
    const keys = await server.createApp('own')
    await server.createApp('others')
    const { token } = await server.signIn('own')
    const off = { body: { active: false } }
    const calls = [
      ['PATCH /v1/apps/para', { ...asRoot, ...off }, 403],
      ['PATCH /v1/apps/own', { as: keys, ...off }, 403],
      ['PATCH /v1/apps/others', { as: keys, body: { name: 'mine' } }, 403],
      ['PATCH /v1/apps/own', { as: token, body: { name: 'mine' } }, 403],
      ['PATCH /v1/apps/own', off, 401],
      ['PATCH /v1/apps/nobody', { ...asRoot, ...off }, 404],
      ['PATCH /v1/apps/own', { ...asRoot, body: { active: 'no' } }, 400],
      ['PATCH /v1/apps/own', { ...asRoot, body: { name: '' } }, 400],
      ['PATCH /v1/apps/own', { ...asRoot, body: { name: '  ' } }, 400],
      ['PATCH /v1/apps/own', { ...asRoot, body: { name: 'x'.repeat(257) } }, 400],
      ['PATCH /v1/apps/own', { ...asRoot, body: { name: 'a\ud800' } }, 400],
    ] as const
    for (const [line, sending, status] of calls) {
      const answer = await server.call(line, sending)
      expect([line, sending.body, answer.status]).toEqual([line, sending.body, status])
    }
    for (const name of ['para', 'own', 'others']) {
      const { json } = await server.call(`GET /v1/apps/search?q=${name}`, asRoot)
      expect(json.items[0]).toMatchObject({ name, active: true })
    }
  })
})

describe('DELETE /v1/apps/{id}', () => {
  test('by the app itself takes its users and settings along', async () => {
    const keys = await server.createApp('leaving', { colour: 'red' })
    await server.signIn('leaving')
    const deleted = await server.call('DELETE /v1/apps/leaving', { as: keys })
    expect(deleted).toMatchObject({ status: 200, text: '' })
    expect((await server.call('GET /v1/_me', { as: keys })).status).toBe(404)

    const { json: again } = await server.call('GET /v1/_setup/leaving', asRoot)
    expect((await server.call('GET /v1/_settings', { as: again })).json).toEqual({})
    expect((await server.call('GET /v1/users', { as: again })).json.totalHits).toBe(0)
  })

  test('by the root app deletes any child, but neither itself nor what is not there', async () => {
    const keys = await server.createApp('dismissed')
    expect((await server.call('DELETE /v1/apps/app%3Adismissed', asRoot)).status).toBe(200)
    expect((await server.call('GET /v1/_me', { as: keys })).status).toBe(404)
    expect((await server.call('DELETE /v1/apps/dismissed', asRoot)).status).toBe(404)
    expect((await server.call('DELETE /v1/apps/para', asRoot)).status).toBe(403)
    expect((await server.call('GET /v1/_me', asRoot)).status).toBe(200)
  })

  test('by another child is 403, and by a user too', async () => {
    const keys = await server.createApp('safe')
    const stranger = await server.createApp('stranger')
    const { token } = await server.signIn('safe')
    for (const as of [stranger, superToken(stranger), token]) {
      expect((await server.call('DELETE /v1/apps/safe', { as })).status).toBe(403)
    }
    expect((await server.call('DELETE /v1/apps/safe')).status).toBe(401)
    expect((await server.call('GET /v1/_me', { as: keys })).status).toBe(200)
  })
})
