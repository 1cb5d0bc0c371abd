import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sign } from 'jsonwebtoken'
import Database from 'libsql'

import type { AmazonAuthOptions } from '../../src'
import { PEOPLE } from '../../src/emulator'
import { callAt, startServer, superToken, ROOT_KEYS, type TestServer } from '../support/api'
import { ACME, startHost, type Host, type LogEntry } from '../support/host'

const APP_KEY = 'a-key-of-the-back-end-0123456789abcdef'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'amazon-auth-audit-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Trail {
  readonly events: readonly LogEntry[]
  readonly log: readonly LogEntry[]
  /** As they lie in the store once the host is closed. */
  readonly rows: readonly Record<string, unknown>[]
}

async function record(
  use: (host: Host) => Promise<void>,
  options: AmazonAuthOptions = {},
): Promise<Trail> {
  const host = await startHost({
    options: {
      store: { url: `sqlite:${join(folder, 'auth.db')}` },
      apps: {
        acme: {
          azAppId: ACME.clientId,
          azSecret: ACME.clientSecret,
          appSecretKey: APP_KEY,
          signinSuccess: '/in',
        },
      },
      ...options,
    },
  })
  await use(host).finally(() => host.close())
  const events = host.log.filter(({ message }) => message === 'audit')
  return { events, log: host.log, rows: inStore('SELECT * FROM audit ORDER BY rowid') }
}

function inStore(sql: string): readonly Record<string, unknown>[] {
  const database = new Database(join(folder, 'auth.db'))
  try {
    return database.prepare(sql).all() as Record<string, unknown>[]
  } finally {
    database.close()
  }
}

const signIn = async (host: Host): Promise<void> => {
  const answer = await host.signIn(host.browser(), '/amazon_auth?state=acme')
  expect(answer).toMatchObject({ status: 302, location: '/in' })
}

/** Each way to sign in, good and failed. */
async function tryAllWays(host: Host): Promise<void> {
  await signIn(host)
  await host.browser().get('/amazon_auth?state=acme&code=used', { 'x-request-id': 'request-0001' })
  await host.browser().get('/amazon_auth?state=nobody')
  const good = host.emulator.issueAccessToken({ clientId: ACME.clientId })
  for (const token of [good, 'Atza|another']) {
    const body = { provider: 'amazon', appid: 'acme', token }
    await callAt(host.origin, 'POST /jwt_auth', { body })
  }
  const person = { email: 'eve@example.com', identifier: 'crm:7' }
  for (const token of [sign(person, APP_KEY, { expiresIn: 60 }), 'forged']) {
    await host.browser().get(`/passwordless_auth?appid=acme&token=${token}`)
  }
}

/** What it leaves in the trail: app, outcome, reason, way. */
const TRIES = [
  ['acme', 'success', 'ok', 'browser'],
  ['acme', 'failure', 'code_rejected', 'browser'],
  ['nobody', 'failure', 'app_not_found', 'browser'],
  ['acme', 'success', 'ok', 'amazon_token'],
  ['acme', 'failure', 'profile_rejected', 'amazon_token'],
  ['acme', 'success', 'ok', 'app_token'],
  ['acme', 'failure', 'token_invalid', 'app_token'],
]

describe('the audit trail', () => {
  test('K8 has one event for each try, good or failed, in the log and in the store', async () => {
    const { events, rows } = await record(tryAllWays)
    expect(events.map(({ facts }) => [facts.app, facts.outcome, facts.reason, facts.way])).toEqual(
      TRIES,
    )
    expect(rows.map((row) => [row.app_id, row.outcome, row.reason, row.way])).toEqual(TRIES)
    expect(new Set(events.map(({ level }) => level))).toEqual(new Set(['info']))
  })

  test('K8 names who has signed in by our own id, where from by network, and the request', async () => {
    const { rows } = await record(tryAllWays)
    expect(rows[0]).toMatchObject({ user_id: expect.stringMatching(/^\d+$/), request_id: null })
    expect(rows[1]).toMatchObject({ user_id: null, request_id: 'request-0001' })
    expect(new Set(rows.map(({ network }) => network))).toEqual(new Set(['127.0.0.0/24']))
    const text = JSON.stringify(rows)
    const [ada] = PEOPLE
    for (const personal of [ada?.userId, ada?.email, ada?.name, 'crm:7', '127.0.0.1']) {
      expect(text).not.toContain(personal)
    }
  })

  test('K8 a return URL opened again is no second event', async () => {
    const { rows } = await record(async (host) => {
      const browser = host.browser()
      const begun = await browser.get('/amazon_auth?state=acme')
      const back = await host.emulator.allow(begun.location)
      expect((await browser.get(back)).status).toBe(302)
      expect((await browser.get(back)).status).toBe(302)
    })
    expect(rows).toHaveLength(1)
  })

  test('what a limit refuses is no event, so that a flood fills no store', async () => {
    const flood = async (host: Host): Promise<void> => {
      for (let count = 0; count < 10; count += 1) {
        await host.browser().get('/amazon_auth?state=acme&code=')
      }
    }
    const { rows } = await record(flood, { limits: { failuresPerMinute: 2 } })
    expect(rows).toHaveLength(2)
  })

  test('with a retention of 0 nothing is stored', async () => {
    const { events, rows } = await record(signIn, { audit: { retention: 0 } })
    expect(events).toHaveLength(1)
    expect(rows).toEqual([])
  })

  test('a store that cannot take it fails no login: events are lost with one warning', async () => {
    const { log, rows } = await record(async (host) => {
      await host.auth.ready()
      inStore("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(FAIL, 'full'); END")
      await signIn(host)
    })
    expect(rows).toEqual([])
    const lost = log.filter(({ message }) => message.startsWith('audit events are lost'))
    expect(lost).toMatchObject([{ level: 'warn', facts: { count: 1 } }])
  })
})

describe('GET /v1/_metrics', () => {
  let server: TestServer
  beforeEach(async () => {
    server = await startServer()
  })
  afterEach(() => server.close())

  test('K9 gives the root app what was counted; unknown apps and broken tries have one label', async () => {
    await server.createApp('acme')
    await server.signIn('acme')
    for (const query of [
      'state=none1',
      'state=none2&code=',
      'state=none3&error=x',
      'code=a&code=b',
    ]) {
      await server.call(`GET /amazon_auth?${query}`)
    }
    const as = superToken(ROOT_KEYS)
    const { status, text, headers } = await server.call('GET /v1/_metrics', { as })
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(text).toContain('logins_total{app="acme",outcome="success",reason="ok"} 1')
    expect(text).toContain('logins_total{app="unknown",outcome="failure",reason="app_not_found"} 1')
    expect(text).toContain('amazon_requests_total{endpoint="tokeninfo",result="ok"} 1')
    expect(text).toMatch(/login_step_seconds_count\{step="parse_request"\} 4/)
    expect(text).not.toContain('none')
  })

  test('is for the root app alone', async () => {
    const acme = await server.createApp('acme')
    expect((await server.call('GET /v1/_metrics')).status).toBe(401)
    expect((await server.call('GET /v1/_metrics', { as: acme })).status).toBe(403)
  })
})
