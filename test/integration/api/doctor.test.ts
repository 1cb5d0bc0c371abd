import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Result } from '../../../src/doctor/check'
import {
  ROOT_KEYS,
  startServer,
  superToken,
  type ApiAnswer,
  type Keys,
  type TestServer,
} from '../../support/api'

let server: TestServer
afterEach(() => server.close())

function resultsOf({ json }: ApiAnswer, check: string): readonly Result[] {
  return (json.results as readonly Result[]).filter((result) => result.check === check)
}

function tokenCalls(): number {
  return server.emulator.journal.count('/auth/o2/token')
}

describe('an app that asks', () => {
  let acme: Keys
  beforeEach(async () => {
    server = await startServer({ conf: 'para.public_url = "https://auth.example.com"' })
    acme = await server.createApp('acme', { signin_success: '/in' })
    await server.createApp('zenith')
  })

  test('is told of itself, and of nothing inside of the host: no paths, no variables, no other app, no secret', async () => {
    const answer = await server.call('GET /v1/_doctor', { as: acme })
    expect(answer.status).toBe(200)
    const results = answer.json.results as readonly Result[]
    expect(new Set(results.map(({ app }) => app))).toEqual(new Set([undefined, 'acme']))
    expect(results.filter(({ app }) => app === undefined).map(({ check }) => check)).toEqual([
      'proxy_headers',
    ])
    expect(new Set(results.map(({ origin }) => origin))).toEqual(
      new Set([undefined, 'stored setting', 'configuration', 'default']),
    )
    expect(answer.text).not.toMatch(/application\.conf|secret\.acme|zenith|sqlite|trust_proxy/)
    expect(resultsOf(answer, 'credentials')).toMatchObject([{ level: 'ok' }])
    expect(resultsOf(answer, 'return_address')).toMatchObject([
      { seen: 'https://auth.example.com/amazon_auth', origin: 'configuration' },
    ])
  })

  test('is refused for another app, by its signature and by a super token, and told of itself by name', async () => {
    for (const as of [acme, superToken(acme)]) {
      expect(await server.call('GET /v1/_doctor?app=zenith', { as })).toMatchObject({ status: 403 })
      expect(await server.call('GET /v1/_doctor?app=app:acme', { as })).toMatchObject({
        status: 200,
      })
    }
    expect(await server.call('GET /v1/_doctor')).toMatchObject({ status: 401 })
    expect(
      await server.call('GET /v1/_doctor', { as: (await server.signIn('acme')).token }),
    ).toMatchObject({ status: 403 })
  })

  test('makes Amazon be asked once in ten seconds, however often and at once it asks', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => server.call('GET /v1/_doctor', { as: acme })),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(tokenCalls()).toBe(1)
    expect(server.emulator.journal.count('/ap/oa')).toBe(1)
    const later = await server.call('GET /v1/_doctor', { as: acme })
    expect(resultsOf(later, 'credentials')[0]?.seen).toMatch(/ \(asked \d+ s ago\)$/)
    // Another setting makes no difference.
    await server.call('PUT /v1/_settings/signin_failure', { as: acme, body: { value: '/oops' } })
    await server.call('GET /v1/_doctor', { as: acme })
    expect(tokenCalls()).toBe(1)
  })

  test('asks nobody with offline=true', async () => {
    const answer = await server.call('GET /v1/_doctor?offline=true', { as: acme })
    expect(resultsOf(answer, 'credentials')).toEqual([])
    expect(server.emulator.journal.count()).toBe(0)
  })

  test('counts no login and no request: metrics and audit trail know nothing of it', async () => {
    const before = await server.call('GET /v1/_metrics', { as: superToken(ROOT_KEYS) })
    await server.call('GET /v1/_doctor', { as: acme })
    const after = await server.call('GET /v1/_metrics', { as: superToken(ROOT_KEYS) })
    const counted = (text: string) =>
      text.split('\n').filter((line) => /^(logins|amazon|login)_/.test(line))
    expect(counted(after.text)).toEqual(counted(before.text))
  })

  test('opens no breaker, whatever Amazon answers: logins go on', async () => {
    server.emulator.faults.set({ endpoint: 'token', fault: 'http_503' })
    const all = Array.from({ length: 30 }, (_, number) => `app-${number}`)
    for (const name of all) {
      const keys = await server.createApp(name)
      await server.call('GET /v1/_doctor', { as: keys })
    }
    expect(tokenCalls()).toBe(30)
    server.emulator.faults.clear()
    expect((await server.signIn('acme')).token).toMatch(/^ey/)
  }, 60_000)
})

describe('the pages that logins of an app end on', () => {
  let site: Server
  let origin: string
  let hits: string[]
  let acme: Keys
  beforeEach(async () => {
    hits = []
    site = createServer((req, res) => {
      hits.push(`${String(req.method)} ${String(req.url)}`)
      res.end()
    }).listen(0, '127.0.0.1')
    await once(site, 'listening')
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
    server = await startServer()
    acme = await server.createApp('acme')
  })
  afterEach(async () => {
    site.close()
    await once(site, 'close')
  })

  async function askedBy(as: Keys, target: string): Promise<Result | undefined> {
    const put = await server.call('PUT /v1/_settings/signin_success', {
      as: acme,
      body: { value: target },
    })
    expect(put.status).toBe(200)
    return resultsOf(await server.call('GET /v1/_doctor?app=acme', { as }), 'target_pages')[0]
  }

  test.each([
    ['by number', () => `${origin}/admin`],
    ['by a name that leads there', () => `http://localhost:${new URL(origin).port}/admin`],
    ['by a number in another form', () => `http://2130706433:${new URL(origin).port}/admin`],
    ['by IPv6 that maps it', () => `https://[::ffff:127.0.0.1]:${new URL(origin).port}/admin`],
  ])('are not asked of this machine for an app, %s', async (_, target) => {
    expect(await askedBy(acme, target().replace('https:', 'https:'))).toMatchObject({
      level: 'warning',
      seen: 'signin_success leads to a page that is not asked, or not reached, from here',
    })
    expect(hits).toEqual([])
  })

  test('are told alike whether there is nothing, or something that must not be asked', async () => {
    const private_ = await askedBy(acme, 'https://10.0.0.1/in')
    server.moveClock(0)
    const other = await server.createApp('other', { signin_success: 'https://nowhere.invalid/in' })
    const nothing = resultsOf(
      await server.call('GET /v1/_doctor', { as: other }),
      'target_pages',
    )[0]
    expect(nothing?.seen).toBe(private_?.seen)
    expect(nothing?.fix).toBe(private_?.fix)
  })

  test('are asked for the root app, by HEAD alone', async () => {
    expect(await askedBy(ROOT_KEYS, `${origin}/admin`)).toMatchObject({ level: 'ok' })
    expect(hits).toEqual(['HEAD /admin'])
  })

  test('are asked for nobody where clouds keep credentials', async () => {
    expect(await askedBy(ROOT_KEYS, 'https://169.254.169.254/latest/meta-data')).toMatchObject({
      seen: 'signin_success leads to a page that is not asked: at such an address clouds keep the credentials of machines',
    })
  })
})

describe('the root app that asks', () => {
  test('is told of the host first, then of its apps, a page at a time', async () => {
    server = await startServer()
    for (const name of ['a', 'b', 'c', 'd', 'e']) await server.createApp(name)
    const pages: string[][] = []
    let lastKey: string | null = ''
    while (lastKey !== null) {
      const query: string = lastKey === '' ? '' : `&lastKey=${lastKey}`
      const answer = await server.call(`GET /v1/_doctor?limit=2${query}`, { as: ROOT_KEYS })
      const results = answer.json.results as readonly Result[]
      pages.push([...new Set(results.map(({ app = '-' }) => app))])
      lastKey = answer.json.lastKey as string | null
    }
    expect(pages).toEqual([['-', 'a', 'b'], ['c', 'd'], ['e', 'para'], []])
  })

  test('is told where values stand, of the store, and of Amazon', async () => {
    server = await startServer({ conf: 'para.public_url = "https://auth.example.com"' })
    await server.createApp('acme')
    const answer = await server.call('GET /v1/_doctor?app=acme', { as: ROOT_KEYS })
    expect(resultsOf(answer, 'store')[0]).toMatchObject({
      level: 'ok',
      seen: expect.stringMatching(/answers, schema/),
    })
    expect(resultsOf(answer, 'amazon_hosts')).toHaveLength(1)
    expect(resultsOf(answer, 'clock')).toHaveLength(1)
    expect(await server.call('GET /v1/_doctor?app=nobody', { as: ROOT_KEYS })).toMatchObject({
      status: 404,
    })
  })

  test.each(['limit=0', 'limit=101', 'limit=x', 'offline=maybe'])(
    'is refused with %s',
    async (query) => {
      server = await startServer()
      expect(await server.call(`GET /v1/_doctor?${query}`, { as: ROOT_KEYS })).toMatchObject({
        status: 400,
      })
    },
  )

  test('sees a clock that goes wrong', async () => {
    server = await startServer()
    server.moveClock(400_000)
    const answer = await server.call('GET /v1/_doctor', { as: ROOT_KEYS })
    expect(resultsOf(answer, 'clock')).toMatchObject([
      { level: 'failure', seen: expect.stringMatching(/ahead of/) },
    ])
  })
})

describe('the request that asks', () => {
  async function asked(
    conf: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<Result | undefined> {
    server = await startServer({ conf })
    const as = await server.createApp('acme')
    // Signed for the host that the server is called by; a token covers none.
    const answer = await server.call('GET /v1/_doctor?offline=true', {
      as: superToken(as),
      headers,
    })
    return resultsOf(answer, 'proxy_headers')[0]
  }
  const PUBLIC = 'para.public_url = "https://auth.example.com"'

  test('with forwarded headers of a proxy that is not trusted', async () => {
    const conf = 'para.trust_proxy = "none"'
    expect(
      await asked(conf, { 'x-forwarded-proto': 'https', 'x-forwarded-for': '10.1.2.3' }),
    ).toMatchObject({
      level: 'failure',
      seen: expect.stringMatching(
        /^x-forwarded-proto, x-forwarded-for came, from a proxy that is not trusted: ignored, so this host takes itself for http:/,
      ),
      fix: expect.stringMatching(/trust proxy.*trust_proxy/),
    })
  })

  test('with the same, where public_url is set: a warning', async () => {
    expect(
      await asked(`${PUBLIC}\npara.trust_proxy = "none"`, { 'x-forwarded-for': '10.1.2.3' }),
    ).toMatchObject({
      level: 'warning',
      seen: expect.stringMatching(/all visitors behind it count as one/),
    })
  })

  test('under a host that a proxy has put in the place of the public one', async () => {
    expect(await asked(PUBLIC, { host: 'backend.internal' })).toMatchObject({
      level: 'warning',
      seen: 'this request came under backend.internal, and public_url is auth.example.com',
      fix: expect.stringMatching(/Host header/),
    })
  })

  test('with a port that a proxy has added', async () => {
    expect(
      await asked(PUBLIC, {
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'auth.example.com:8443',
      }),
    ).toMatchObject({
      level: 'warning',
      seen: expect.stringMatching(/port 8443/),
      fix: expect.stringMatching(/X-Forwarded-Port/),
    })
  })

  test('by http as far as is told, where the public address is https', async () => {
    expect(await asked(PUBLIC, { host: 'auth.example.com' })).toMatchObject({
      level: 'warning',
      seen: expect.stringMatching(/came by http/),
      fix: expect.stringMatching(/send X-Forwarded-Proto/),
    })
  })

  test('as browsers come, through a trusted proxy', async () => {
    expect(
      await asked(PUBLIC, { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'auth.example.com' }),
    ).toMatchObject({
      level: 'ok',
      seen: expect.stringMatching(/under https:\/\/auth\.example\.com \(by/),
    })
  })
})
