import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import axios from 'axios'

import type { Fault, FaultRule } from '../../src/emulator'
import { row, sized } from '../support/row'
import {
  showAborts,
  showBadCertificate,
  showMemoryOfHugeBodies,
  showOutageUnderLoad,
} from '../support/upstream-processes'
import { until } from '../support/until'
import {
  clientOf,
  expectFailed,
  expectSignedIn,
  PROFILE,
  REFUSED,
  secondsOf,
  TENANTS,
  TOKEN,
  TOKEN_INFO,
  UpstreamWorld,
  type WorldOptions,
} from '../support/upstream-world'

const BREAKER_OPENS = 'Amazon is failing: not asked for now'
const BREAKER_CLOSES = 'Amazon answers again'

let skippedMs = 0
const realNow = Date.now
jest.spyOn(Date, 'now').mockImplementation(() => realNow() + skippedMs)

const worlds: UpstreamWorld[] = []
async function start(options: WorldOptions = {}): Promise<UpstreamWorld> {
  const world = await UpstreamWorld.start(options)
  worlds.push(world)
  return world
}
afterEach(async () => {
  skippedMs = 0
  for (const world of worlds.splice(0)) await world.close()
})

/** Looks names up as told, one answer after the other. */
function lookupsOf(...errors: readonly (string | undefined)[]) {
  const left = [...errors]
  const seen: string[] = []
  const client = axios.create({
    proxy: false,
    lookup: (name, _options, done) => {
      seen.push(name)
      const code = left.shift()
      if (code === undefined) done(null, '127.0.0.1', 4)
      else done(Object.assign(new Error(code), { code }), '', 4)
    },
  })
  return { seen, client }
}

const shown = (seconds: number): string => `${seconds.toFixed(1)} s`

describe('connections', () => {
  row('U1', 'nobody listens where Amazon should be', async () => {
    const world = await start({ amazon: { apiUrl: 'http://127.0.0.1:1' } })
    const seconds = await secondsOf(() => world.fails())
    expect(world.lastFailure()).toMatchObject({
      code: 'amazon_unreachable',
      reason: 'ECONNREFUSED',
    })
    await world.failsForAll()
    expect(seconds).toBeLessThan(3)
    return `FAIL after ${shown(seconds)}; 503 with Retry-After to scripts; reason ECONNREFUSED in the log`
  })

  row('U1', 'connecting fails once, by refusal or for want of a name', async () => {
    const errors = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']
    for (const error of errors) {
      const { seen, client } = lookupsOf(error)
      const world = await start({ name: 'localhost', axios: client })
      await world.succeeds()
      expect(seen.length).toBeGreaterThanOrEqual(2)
      expect(world.asked(TOKEN)).toBe(1)
    }
    return `${errors.join(', ')}: signed in by the second try, 1 token POST each`
  })

  row('U1', 'the name of Amazon is not found at all', async () => {
    const { seen, client } = lookupsOf(...Array.from({ length: 8 }, () => 'ENOTFOUND'))
    const world = await start({ name: 'localhost', axios: client })
    const seconds = await secondsOf(() => world.fails())
    expect(world.lastFailure()).toMatchObject({ code: 'amazon_unreachable', reason: 'ENOTFOUND' })
    expect(seen).toEqual(['localhost', 'localhost'])
    expect(seconds).toBeLessThan(3)
    return `FAIL after two look-ups and ${shown(seconds)}`
  })

  row('U1', 'the connection is reset as soon as it is there', async () => {
    const world = await start()
    world.proxy.setFault({ drop: true })
    const seconds = await secondsOf(() => world.fails())
    expect(world.proxy.accepted).toBe(1)
    expect(await world.failsForAll()).toMatchObject({ code: 'amazon_unreachable' })
    expect(seconds).toBeLessThan(3)
    return `FAIL after ${shown(seconds)}, one connection a login`
  })

  row('U2', 'connecting (TLS) does not end', async () => {
    const world = await start({ scheme: 'https' })
    world.proxy.setFault({ stall: true })
    const seconds = await secondsOf(() => world.fails())
    expect(world.lastFailure()).toMatchObject({ code: 'amazon_timeout', reason: 'ETIMEDOUT' })
    expect(seconds).toBeLessThan(4.5)
    expect(world.proxy.accepted).toBe(1)
    await until(() => world.proxy.open === 0)
    return `FAIL after ${shown(seconds)}, socket closed`
  })

  row('U2', 'headers never come, or stop half-way', async () => {
    const ends = await Promise.all(
      (['hang', 'hang_headers', 'hang_body'] as const).map(async (name) => {
        const world = await start()
        world.set('token', { name })
        const seconds = await secondsOf(() => world.fails())
        expect(world.lastFailure()).toMatchObject({ code: 'amazon_timeout' })
        expect(seconds).toBeLessThan(8)
        await until(() => world.proxy.open === 0)
        return `${name} ${shown(seconds)}`
      }),
    )
    return `FAIL: ${ends.join(', ')}; sockets closed`
  })

  row('U3', 'Amazon answers a byte a second', async () => {
    const limits = [{}, { timeout: '60s' }]
    const ends = await Promise.all(
      limits.map(async (amazon) => {
        const world = await start({ amazon })
        world.proxy.setFault({ dripMs: 1000 })
        const seconds = await secondsOf(() => world.fails())
        expect(world.lastFailure()).toMatchObject({ code: 'amazon_timeout' })
        expect(seconds).toBeLessThan(13)
        await until(() => world.proxy.open === 0)
        return shown(seconds)
      }),
    )
    return `FAIL after ${ends[0] ?? ''} by the limit of an answer, ${ends[1] ?? ''} by that of a login; sockets closed`
  })

  row('U4', 'the token endpoint fails once it has the code', async () => {
    const faults = [
      ...[429, 500, 502, 503].map((status) => ({ name: 'status', status }) as const),
      ...(['reset', 'reset_after_read'] as const).map((name) => ({ name })),
    ]
    for (const fault of faults) {
      const world = await start()
      // So that there are connections to be kept.
      await world.succeeds()
      world.emulator.journal.clear()
      world.set('token', fault)
      await world.fails()
      expect(world.asked(TOKEN)).toBe(1)
      expect(world.asked(PROFILE)).toBe(0)
      await world.failsForAll()
    }
    const cut = await start()
    cut.proxy.setFault({ cutAfterBytes: 300 })
    await cut.fails()
    expect(cut.lastFailure()).toMatchObject({ code: 'amazon_unreachable' })
    expect(cut.asked(TOKEN)).toBe(1)
    return '429, 500, 502, 503, reset before and after reading, answer cut off: FAIL, 1 POST each'
  })

  row(
    'U17',
    'kept connections are closed by the peer, 0 to 1200 ms after they were used',
    async () => {
      const shows = await Promise.all(IDLE_MS.map((idleMs) => signInAround(idleMs)))
      const logins = shows.reduce((sum, show) => sum + show.logins, 0)
      const connections = shows.reduce((sum, show) => sum + show.connections, 0)
      // Fewer than one for each request: some were kept, and used again.
      expect(connections).toBeLessThan(logins * 2)
      return `${logins} logins, 0 failed; ${connections} connections for ${logins * 2} requests`
    },
    sized({ short: 120_000, long: 600_000 }),
  )

  row(
    'U17',
    'Amazon closes each connection right after its answer, without a word',
    async () => {
      const rounds = sized({ short: 25, long: 200 })
      const world = await start()
      world.set('all', { name: 'idle_close' })
      for (let round = 0; round < rounds; round += 1) {
        for (const answer of await world.signInAll(10)) expectSignedIn(answer)
      }
      expect(world.asked(TOKEN)).toBe(rounds * 10)
      return `${rounds * 10} logins, 0 failed, 1 token POST each`
    },
    sized({ short: 60_000, long: 300_000 }),
  )

  row('U17', 'a connection is not used again', async () => {
    const world = await start()
    await world.succeeds()
    const seconds = await secondsOf(() => until(() => world.proxy.open === 0))
    return `closed by this side after ${shown(seconds)}`
  })
})

const IDLE_MS = [0, 1, 2, 5, 10, 50, 200, 500, 900, 1200]
const WAVE = 5

/** Waves of logins, with pauses up to about as long as the peer keeps idle connections: the nastiest moment to use them. */
async function signInAround(idleMs: number) {
  const world = await start()
  world.proxy.setFault({ idleCloseMs: idleMs })
  const waves = idleMs < 100 ? sized({ short: 24, long: 300 }) : sized({ short: 12, long: 50 })
  for (let wave = 0; wave < waves; wave += 1) {
    for (const answer of await world.signInAll(WAVE)) expectSignedIn(answer)
    const pauseMs = idleMs * (0.4 + 0.65 * Math.random())
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  const logins = waves * WAVE
  expect(world.asked(TOKEN)).toBe(logins)
  return { logins, connections: world.proxy.accepted }
}

describe('asking again', () => {
  row('U5', 'the profile is 503 twice, then there', async () => {
    const gaps: number[] = []
    for (const fault of ['http_503', 'http_500', 'reset'] as const) {
      const world = await start()
      for (let login = 0; login < 3; login += 1) {
        world.emulator.journal.clear()
        world.set('profile', { name: fault }, 2)
        const seconds = await secondsOf(() => world.succeeds())
        expect(seconds).toBeLessThan(10)
        expect(world.asked(TOKEN)).toBe(1)
        const times = world.emulator.journal.entries({ path: PROFILE }).map(({ atMs }) => atMs)
        expect(times).toHaveLength(3)
        gaps.push((times[1] ?? 0) - (times[0] ?? 0))
      }
    }
    expect(new Set(gaps).size).toBeGreaterThan(1)
    return `503, 500 and resets: signed in by the third GET; first waits ${gaps.join(', ')} ms`
  })

  row('U5', 'the profile stays 503', async () => {
    const world = await start()
    world.set('profile', { name: 'http_503' })
    await world.fails()
    expect(world.lastFailure()).toMatchObject({ code: 'amazon_unavailable', upstreamStatus: 503 })
    expect(world.asked(PROFILE)).toBe(3)
    return 'FAIL after 3 GETs'
  })

  row('U5', 'tokeninfo is 503 twice, then there', async () => {
    const world = await start()
    world.set('tokeninfo', { name: 'http_503' }, 2)
    expect((await world.signInByToken()).status).toBe(200)
    expect(world.asked(TOKEN_INFO)).toBe(3)
    return 'signed in by the third GET'
  })

  row('U6', 'the profile is 429 with Retry-After: 1, once and for good', async () => {
    const world = await start()
    const fault: Fault = { name: 'status', status: 429, retryAfter: 1 }
    world.set('profile', fault, 1)
    await world.succeeds()
    const [first, second] = world.emulator.journal.entries({ path: PROFILE })
    const waitedMs = (second?.atMs ?? 0) - (first?.atMs ?? 0)
    expect(waitedMs).toBeGreaterThanOrEqual(1000)
    world.emulator.journal.clear()
    world.set('profile', fault)
    await world.fails()
    expect(world.asked(PROFILE)).toBe(2)
    return `signed in after ${waitedMs} ms; when it stays, FAIL after 2 GETs`
  })

  row('U6', 'the profile is 429 with Retry-After: 60', async () => {
    const world = await start()
    world.set('profile', { name: 'status', status: 429, retryAfter: 60 })
    const seconds = await secondsOf(() => world.fails())
    expect(world.asked(PROFILE)).toBe(1)
    expect(seconds).toBeLessThan(3)
    await world.failsForAll()
    return `FAIL after 1 GET and ${shown(seconds)}`
  })

  row('U6', 'a hundred logins at once meet 429', async () => {
    const world = await start()
    world.set('profile', { name: 'http_429' })
    for (const answer of await world.signInAll(100)) expectFailed(answer)
    const asked = world.asked(PROFILE)
    expect(asked).toBeGreaterThan(100)
    expect(asked).toBeLessThanOrEqual(150)
    expect(world.asked(TOKEN)).toBe(100)
    return `${asked} GETs for 100 logins: no storm`
  })

  row('U7', 'the profile is 401 or 403', async () => {
    for (const status of [401, 403]) {
      const world = await start()
      world.set('profile', { name: 'status', status })
      for (let login = 0; login < 30; login += 1) await world.fails(REFUSED)
      expect(world.asked(PROFILE)).toBe(30)
      expect(world.logged(BREAKER_OPENS)).toBe(0)
      await world.failsForAll(REFUSED)
    }
    return '30 logins each: FAIL, 1 GET each, breaker shut'
  })
})

describe('answers', () => {
  const NO_JSON = ['html_captcha', 'empty', 'cut_json', 'bom', 'utf16'] as const
  row('U8', 'captcha page, nothing, half of the JSON, BOM, UTF-16', async () => {
    const world = await start()
    for (const endpoint of ['token', 'profile'] as const) {
      for (const name of NO_JSON) {
        world.emulator.faults.clear()
        world.set(endpoint, { name })
        expect(await world.failsForAll()).toMatchObject({ code: 'amazon_malformed' })
      }
    }
    world.emulator.faults.clear()
    for (const name of NO_JSON) {
      world.set('tokeninfo', { name })
      expect((await world.signInByToken()).status).toBe(503)
    }
    return 'FAIL at the token and the profile endpoint, 503 at tokeninfo; nothing stored'
  })

  row('U9', 'answer 200 with an error, without a token, with a broken one', async () => {
    const world = await start()
    const faults = [
      'error_in_200',
      'no_token',
      'empty_token',
      'json_object_empty',
      'json_number',
      'token_crlf',
    ] as const
    for (const name of faults) {
      world.set('token', { name })
      expect(await world.failsForAll()).toMatchObject({ code: 'amazon_malformed' })
    }
    expect(world.asked(PROFILE)).toBe(0)
    return `${faults.length} kinds: FAIL, no profile asked for`
  })

  row(
    'U10',
    'user_id missing, a number, an object, a list, huge, with colon or blanks',
    async () => {
      const world = await start()
      const faults: readonly Fault[] = [
        { name: 'user_id_missing' },
        { name: 'user_id_number' },
        { name: 'user_id_object' },
        { name: 'user_id_array' },
        { name: 'user_id_with_colon' },
        { name: 'user_id_with_spaces' },
        { name: 'user_id_huge', bytes: 257 },
        { name: 'user_id_huge', bytes: 60_000 },
      ]
      for (const fault of faults) {
        world.set('profile', fault)
        await world.failsForAll(REFUSED)
      }
      world.set('profile', { name: 'user_id_huge' })
      await world.failsForAll()
      world.set('profile', { name: 'user_id_huge', bytes: 256 })
      await world.succeeds()
      return `${faults.length + 1} kinds (1 MB, too): FAIL, nothing stored; 256 characters sign in`
    },
  )

  row(['U11', 'U12'], 'bodies of 100 MB, without end, and packed to a thousandth', async () => {
    for (const endpoint of ['token', 'profile'] as const) {
      for (const name of ['huge_body', 'endless', 'gzip_bomb'] as const) {
        const world = await start()
        world.set(endpoint, { name })
        await world.fails()
        expect(world.lastFailure()).toMatchObject({ code: 'amazon_malformed' })
        expect(world.asked(endpoint === 'token' ? TOKEN : PROFILE)).toBe(1)
        await until(() => world.proxy.open === 0)
      }
    }
    return 'FAIL, asked once, socket closed'
  })

  row(['U11', 'U12'], 'a server reads 50 such bodies at once', showMemoryOfHugeBodies, 120_000)

  row('U12', 'packed answers', async () => {
    const world = await start()
    world.set('all', { name: 'gzip' })
    await world.succeeds()
    return 'signed in'
  })

  row('U13', 'redirects to another host, 302 and 307, by each endpoint', async () => {
    const heard: string[] = []
    const other = createServer((req, res) => {
      heard.push(`${req.method ?? ''} ${req.url ?? ''}`)
      res.end('{}')
    }).listen(0, '127.0.0.1')
    await once(other, 'listening')
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`
    const world = await start()
    for (const endpoint of ['token', 'profile'] as const) {
      for (const status of [302, 307]) {
        world.emulator.faults.clear()
        world.set(endpoint, { name: 'redirect_other_host', status, location })
        const facts = await world.failsForAll()
        expect(facts).toMatchObject({ code: 'amazon_malformed', upstreamStatus: status })
      }
    }
    other.close()
    expect(heard).toEqual([])
    return 'FAIL; the other host heard nothing'
  })
})

row('U14', 'the certificate of Amazon is one that nobody vouches for', showBadCertificate, 60_000)

row('U18', 'clients hang up in the middle of logins', showAborts, 300_000)

describe('the breaker', () => {
  row('U16', 'an outage in the middle of steady logins', showOutageUnderLoad, 180_000)

  row('U15', "Amazon refuses one app's keys, of ten apps", async () => {
    for (const fault of ['invalid_client', 'unauthorized_client'] as const) {
      const world = await start()
      const [bad = '', ...good] = TENANTS
      failFor(world, bad, fault)
      for (let n = 0; n < 30; n += 1) await world.fails(REFUSED, bad)
      for (const tenant of good) await world.succeeds(tenant)
      const alarm = world.host.log.find(({ level }) => level === 'error')
      expect(alarm?.facts).toMatchObject({ app: bad, code: 'client_rejected' })
      expect(world.logged(BREAKER_OPENS)).toBe(0)
    }
    return '30 logins: FAIL and an error in the log that names the app; the nine others sign in'
  })

  row('U15', 'Amazon answers 429 to one app', async () => {
    const world = await start()
    failFor(world, 'tenant0', 'http_429')
    for (let n = 0; n < 30; n += 1) await world.fails(undefined, 'tenant0')
    await world.succeeds('tenant1')
    expect(world.logged(BREAKER_OPENS)).toBe(0)
    return '30 logins FAIL; others sign in, breaker shut'
  })

  row('U16', 'an outage by 503, by resets, by silence (the clock moved on)', async () => {
    for (const name of ['http_503', 'reset', 'hang'] as const) {
      skippedMs = 0
      const world = await start({ amazon: { timeout: '1s' } })
      world.set('token', { name })
      for (const answer of await world.signInAll(20)) expectFailed(answer)
      expect(world.logged(BREAKER_OPENS)).toBe(1)
      world.emulator.journal.clear()
      for (const answer of await world.signInAll(20)) expectFailed(answer)
      expect(world.lastFailure()).toMatchObject({ reason: 'breaker_open' })
      expect(world.asked(TOKEN)).toBe(0)

      skippedMs += 10_000
      for (const answer of await world.signInAll(20)) expectFailed(answer)
      expect(world.asked(TOKEN)).toBe(1)

      world.emulator.faults.clear()
      await world.fails()
      skippedMs += 10_000
      await world.succeeds()
      expect(world.logged(BREAKER_CLOSES)).toBe(1)
      for (let n = 0; n < 20; n += 1) await world.succeeds()
    }
    return 'open after 20 failures, then 0 requests; 1 probe of 20 logins after 10 s; shut by one that succeeds'
  })
})

function failFor(world: UpstreamWorld, app: string, fault: FaultRule['fault']): void {
  const { clientId } = clientOf(app)
  world.emulator.faults.set({ endpoint: 'token', fault, clientId })
}
