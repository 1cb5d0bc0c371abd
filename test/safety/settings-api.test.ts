import crypto, { createHmac, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { sign } from 'jsonwebtoken'
import Database from 'libsql'

import type { Json } from '../../src/apps/settings'
import {
  callAt,
  claimsOf,
  ROOT_KEYS,
  signatureOf,
  startServer,
  superToken,
  type ApiAnswer,
  type Keys,
  type Sender,
  type Sending,
  type TestServer,
} from '../support/api'
import { postEndless } from '../support/endless-post'
import { row, sized } from '../support/row'
import { withStoppedClock } from '../support/stop-clock'
import { signByHand, type HandSigned } from '../support/sign-by-hand'
import { StoreFile, type Row } from '../support/store-file'
import { Workplace, type Listening } from '../integration/server/command-line'

const MINUTE_MS = 60_000
const COLOUR = 'PUT /v1/_settings/colour'
const BLUE = { value: 'blue' }
/** The settings of `shop` before each row. */
const BASE = { az_app_id: 'client.shop', az_secret: 'secret.shop', colour: 'red' }

/** Processes of one store, each with every safer choice on. */
const NODE = [
  `para.root_secret_key = "${ROOT_KEYS.secretKey}"`,
  'para.port = 0',
  'para.host = "127.0.0.1"',
  'para.security.strict = true',
]

let file: StoreFile
let server: TestServer
let shop: Keys
let other: Keys
let place: Workplace | undefined
const more: TestServer[] = []

beforeAll(async () => {
  file = new StoreFile()
  server = await startServer({ conf: file.conf })
  shop = await server.createApp('shop')
  other = await server.createApp('other')
})
beforeEach(() => put(BASE))
afterEach(async () => {
  for (const each of more.splice(0)) await each.close()
  await place?.clear()
  place = undefined
})
afterAll(async () => {
  await server.close()
  file.remove()
})

/** A folder that processes of the server start in, with this configuration; gone after the row. */
function workplace(conf: readonly string[] = NODE): Workplace {
  place = new Workplace()
  place.write('application.conf', conf)
  return place
}
const startTwo = (folder: Workplace): Promise<[Listening, Listening]> =>
  Promise.all([folder.listen(['serve']), folder.listen(['serve'])])

async function start(conf: string): Promise<TestServer> {
  const started = await startServer({ conf })
  more.push(started)
  return started
}

const read = async (): Promise<Record<string, Json>> =>
  (await server.call('GET /v1/_settings', { as: shop })).json
async function put(settings: Record<string, Json>): Promise<void> {
  const answer = await server.call('PUT /v1/_settings', { as: shop, body: settings })
  expect(answer).toMatchObject({ status: 200, text: '' })
}
const stored = (): string => file.dump('apps', 'settings', 'users')

interface Refused {
  readonly name: string
  readonly send: () => Promise<ApiAnswer>
}

/** Sends each, and expects one of `statuses` in the form of every error, and a store as before. Tells how often each was. */
async function refused(all: readonly Refused[], statuses: readonly number[]): Promise<string> {
  const before = stored()
  const counts = new Map<number, number>()
  for (const { name, send } of all) {
    const { status, json, text } = await send()
    expect([name, statuses, statuses.includes(status) ? 'refused' : [status, text]]).toEqual([
      name,
      statuses,
      'refused',
    ])
    expect(json).toEqual({ code: status, message: expect.stringMatching(/\w/) })
    counts.set(status, (counts.get(status) ?? 0) + 1)
  }
  expect(stored()).toBe(before)
  return Array.from(counts, ([status, count]) => `${count} × ${status}`).join(', ')
}

/** A call whose credentials are given whole, in headers. */
function bare(line: string, sending: Sending): Refused {
  return { name: JSON.stringify([line, sending]), send: () => server.call(line, sending) }
}

/** Headers of a call that `shop` has signed, by aws4. */
function signed(line: string, body = '', nowMs = Date.now()): Record<string, string> {
  const [method = '', path = ''] = line.split(' ', 2)
  const { host } = new URL(server.origin)
  const unsigned = { method, path, host, body: Buffer.from(body) }
  // The length is not signed, and is that of what is sent.
  return without('Content-Length', signatureOf(unsigned, shop, { nowMs }))
}

function without(name: string, headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name))
}

describe('signatures', () => {
  row('S1', 'sent writes of eight kinds unsigned, and signed with four wrong secrets', async () => {
    const { user } = await server.signIn('shop')
    const lines: [string, Json?][] = [
      [COLOUR, BLUE],
      ['PUT /v1/_settings', { all: 'gone' }],
      ['DELETE /v1/_settings/colour'],
      ['POST /v1/_newkeys'],
      [`PATCH /v1/users/${user.id}`, { active: false }],
      [`DELETE /v1/users/${user.id}`],
      ['DELETE /v1/apps/shop'],
      ['GET /v1/_setup/made'],
    ]
    const secrets = [other.secretKey, '', shop.secretKey.slice(1), ROOT_KEYS.secretKey]
    const senders = secrets.map((secretKey): Sender => ({ ...shop, secretKey }))
    const calls = (as: Sender | undefined): Refused[] =>
      lines.map(([line, body]) => bare(line, { as, ...(body !== undefined && { body }) }))
    const unsigned = await refused(calls(undefined), [401])
    const forged = await refused(senders.flatMap(calls), [403])
    return `unsigned ${unsigned}, forged ${forged}, each {code, message}; the store unchanged`
  })

  row('S2', 'flipped, left out and added each byte of a signed body', async () => {
    const body = '{"value":"gray"}'
    const bytes = Array.from(body, (_, at) => at)
    const variants = bytes.flatMap((at) => [
      Buffer.from(body.slice(0, at) + body.slice(at + 1)),
      Buffer.from(`${body.slice(0, at)} ${body.slice(at)}`),
      Buffer.from(body).fill(body.charCodeAt(at) ^ 1, at, at + 1),
    ])
    const changed = variants.filter((variant) => !variant.equals(Buffer.from(body)))
    const headers = signed(COLOUR, body)
    const seen = await refused(
      changed.map((each) => bare(COLOUR, { body: each, headers })),
      [403],
    )
    expect((await server.call(COLOUR, { body, headers })).status).toBe(200)
    return `${seen}; the body as signed 200`
  })

  row('S3', 'signed 901 s ago, a day ago, in 1970, and without x-amz-date', async () => {
    const ages = [-901_000, -86_400_000, -Date.now()]
    const old = ages.map((ms) => bare(COLOUR, { as: shop, body: BLUE, nowMs: Date.now() + ms }))
    const headers = without('X-Amz-Date', signed(COLOUR, JSON.stringify(BLUE)))
    const calls = [...old, bare(COLOUR, { body: BLUE, headers })]
    const seen = await refused(calls, [400])
    await allSay('Request has expired.', calls)
    const late = { as: shop, body: BLUE, nowMs: Date.now() - 890_000 }
    expect((await server.call(COLOUR, late)).status).toBe(200)
    return `${seen} "Request has expired."; 890 s old 200`
  })

  row('S4', 'signed 301 s, a day and 73 years ahead', () =>
    withStoppedClock(async () => {
      const ahead = [301_000, 86_400_000, Date.parse('2099-01-01') - Date.now()]
      const calls = ahead.map((ms) =>
        bare(COLOUR, { as: shop, body: BLUE, nowMs: Date.now() + ms }),
      )
      const seen = await refused(calls, [400])
      await allSay('Request has expired.', calls)
      const early = { as: shop, body: BLUE, nowMs: Date.now() + 290_000 }
      expect((await server.call(COLOUR, early)).status).toBe(200)
      return `${seen} "Request has expired."; 290 s ahead 200`
    }),
  )

  async function allSay(message: string, calls: readonly Refused[]): Promise<void> {
    for (const { send } of calls) expect((await send()).json.message).toBe(message)
  }

  row('S5', 'broke credential, header list, signature and date in each way we know', async () => {
    const good = signed(COLOUR, JSON.stringify(BLUE))
    const authorization = good.Authorization ?? ''
    const date = good['X-Amz-Date'] ?? ''
    const parts = /Credential=(\S+), SignedHeaders=(\S+), Signature=(\S+)/.exec(authorization) ?? []
    const [, credential = '', names = '', signature = ''] = parts
    const built = (c: string, n: string, s: string) =>
      `AWS4-HMAC-SHA256 Credential=${c}, SignedHeaders=${n}, Signature=${s}`
    expect(built(credential, names, signature)).toBe(authorization)
    const headers = [
      'AWS4-HMAC-SHA256',
      'AWS4-HMAC-SHA256 , , ',
      authorization.replace('SHA256', 'SHA1'),
      authorization.replace('HMAC', 'ECDSA-P256'),
      authorization.toLowerCase(),
      authorization.replaceAll(', ', '; '),
      authorization.replaceAll('=', ':'),
      `${authorization},`,
      `${authorization}, Extra=1`,
      authorization.replace(/Credential=\S+ /, ''),
      authorization.replace(/SignedHeaders=\S+ /, ''),
      authorization.replace(/, Signature=.*/, ''),
      authorization.replace('Credential', 'Signature'),
      ...['', 'app:shop', 'app:shop/', `/${credential.slice(9)}`, credential.replace('/', '//')],
      ...['', ';', `${names};`, `;${names}`, names.replace('host', 'host;host')].map((n) =>
        built(credential, n, signature),
      ),
      ...[
        names.toUpperCase(),
        names.replaceAll(';', ','),
        names.split(';').reverse().join(';'),
      ].map((n) => built(credential, n, signature)),
      ...[
        '',
        '0',
        signature.slice(1),
        `${signature}0`,
        signature.toUpperCase(),
        'g'.repeat(64),
      ].map((s) => built(credential, names, s)),
      built(credential.replace('us-east-1', 'US-EAST-1'), names, signature),
      built(credential.replace('aws4_request', 'aws4'), names, signature),
      built(credential.replace('/para/', '/'), names, signature),
      built(encodeURIComponent(credential), names, signature),
      built(`${'a'.repeat(5_000)}/${credential}`, names, signature),
      built(credential.replace('app:shop', '__proto__'), names, signature),
    ].map((value) =>
      value.startsWith('AWS4') || value.startsWith('aws4') ? value : built(value, names, signature),
    )
    const dates = [
      '',
      'now',
      '0',
      date.slice(1),
      `${date}0`,
      date.replace('Z', ''),
      '20260230T000000Z',
    ]
    const oddDates = [...dates, '99999999T999999Z', new Date().toISOString(), '-0000101T000000Z']
    const broken: Sending['headers'][] = [
      ...headers.map((value) => ({ ...good, Authorization: value })),
      ...oddDates.map((value) => ({ ...good, 'X-Amz-Date': value })),
      { ...good, 'X-Amz-Date': [date, date] },
      { ...good, Authorization: [authorization, authorization] },
    ]
    expect(broken.length).toBeGreaterThan(40)
    const unknown = { message: 'App not found.' }
    const before = stored()
    for (const each of broken) {
      const { status, json, text } = await server.call(COLOUR, { body: BLUE, headers: each ?? {} })
      const isUnknownKey = status === 404 && json.message === unknown.message
      expect([
        each,
        isUnknownKey || status === 400 || status === 403 ? 'refused' : [status, text],
      ]).toEqual([each, 'refused'])
    }
    expect(stored()).toBe(before)
    expect((await server.call(COLOUR, { body: BLUE, headers: good })).status).toBe(200)
    return `${broken.length} broken headers refused with 400, 403 or (for a key that nobody has) 404, none 500; the whole one 200`
  })
})

describe('what a signature covers', () => {
  const statusAfter = async (asSigned: string, sent: string): Promise<number> =>
    (await server.call(sent, { headers: signed(asSigned) })).status

  /** The query as whoever reads it sees it: all values of all names, in any order. */
  const meaningOf = (query: string): string =>
    JSON.stringify(Array.from(new URLSearchParams(query)).sort())

  row('S6', 'signed paths and queries of every shape, and changed them afterwards', async () => {
    const honest = [
      ...['', 'x=1&x=2', 'x=2&x=1', 'X=1&x=2', 'x=&y', 'x', 'x=a%2Fb', 'x=a/b', 'x=a+b'],
      ...['x=a%20b', 'x=a%2Bb', 'x=%7E~', 'x=a=b', 'x=%C3%A9', "x='()*!", 'b=1&a=2&a-=3'],
    ].map((query) => `GET /v1/users?${query}`)
    const paths = ['a%3Ab', 'a%20b', 'caf%C3%A9', 'a%2Fb', 'a.b', '~', 'a%2Bb', "a'b"]
    const lines = [...honest, ...paths.map((key) => `GET /v1/_settings/${key}`)]
    for (const line of lines) expect([line, await statusAfter(line, line)]).toEqual([line, 200])

    const pairs: [string, string][] = [
      ['GET /v1/users?x=1&x=2', 'GET /v1/users?x=1&x=3'],
      ['GET /v1/users?x=1&x=2', 'GET /v1/users?x=1'],
      ['GET /v1/users?x=1', 'GET /v1/users?x=1&x=1'],
      ['GET /v1/users?x=1', 'GET /v1/users?X=1'],
      ['GET /v1/users?x=1', 'GET /v1/users'],
      ['GET /v1/users', 'GET /v1/users?limit=1'],
      ['GET /v1/users?x=1&y=2', 'GET /v1/users?x=2&y=1'],
      ['GET /v1/users?x=a+b', 'GET /v1/users?x=a%2Bb'],
      ['GET /v1/users?x=a%2Fb', 'GET /v1/users?x=a%252Fb'],
      ['GET /v1/users?x=', 'GET /v1/users?x=1'],
      ['GET /v1/_settings/a', 'GET /v1/_settings/b'],
      ['GET /v1/_settings/a', 'GET /v1/_settings/A'],
      ['GET /v1/_settings/a', 'DELETE /v1/_settings/a'],
      ['GET /v1/_settings/a%2Fb', 'GET /v1/_settings/a%252Fb'],
      ['GET /v1/_settings/a+b', 'GET /v1/_settings/a%20b'],
      ['GET /v1/_settings/a', 'GET /v1/_settings/a?x=1'],
    ]
    for (const [line, sent] of pairs) {
      expect([line, sent, await statusAfter(line, sent)]).toEqual([line, sent, 403])
    }
    return `${lines.length} honest calls 200, ${pairs.length} changed ones 403`
  })

  row('S6', 'replaced each character of a signed query', async () => {
    const query = 'x=1&x=2&y=a%2Fb+c&z='
    const headers = signed(`GET /v1/users?${query}`)
    const counts = { 200: 0, 400: 0, 403: 0 }
    for (const at of Array.from(query, (_, index) => index)) {
      for (const character of ['', '0', 'x', '&', '=', '+', '%', '/', '%2F']) {
        const changed = query.slice(0, at) + character + query.slice(at + 1)
        const { status } = await server.call(`GET /v1/users?${changed}`, { headers })
        const isSame = meaningOf(changed) === meaningOf(query)
        // A broken escape means something to nobody.
        const expected = /%(?![0-9A-F]{2})/i.test(changed) ? 400 : isSame ? 200 : 403
        expect([changed, status]).toEqual([changed, expected])
        counts[expected] += 1
      }
    }
    return `${counts[403]} queries of another meaning 403, ${counts[400]} broken ones 400, ${counts[200]} of the same meaning 200`
  })

  const byHand = (odd: HandSigned['odd'], keys = shop): Refused => {
    const { host } = new URL(server.origin)
    const body = JSON.stringify(BLUE)
    const headers = signByHand(
      { method: 'PUT', path: '/v1/_settings/colour', host, body, ...(odd && { odd }) },
      keys,
    )
    return { name: JSON.stringify(odd), send: () => server.call(COLOUR, { headers, body }) }
  }

  row('S8', 'signed with the right secret for too few headers, or for another scope', async () => {
    const day = (ms: number): string =>
      new Date(Date.now() + ms).toISOString().slice(0, 10).replaceAll('-', '')
    const seen = await refused(
      [
        byHand({ signedHeaders: ['x-amz-date'] }),
        byHand({ signedHeaders: ['host'] }),
        byHand({ signedHeaders: ['host', 'x-amz-date', 'x-not-there'] }),
        byHand({ scope: [day(0), 'us-east-1', 's3'] }),
        byHand({ scope: [day(0), 'eu-west-1', 'para'] }),
        byHand({ scope: [day(-86_400_000), 'us-east-1', 'para'] }),
        byHand({ scope: [day(86_400_000), 'us-east-1', 'para'] }),
      ],
      [403],
    )
    const { host } = new URL(server.origin)
    const moved = signByHand({ method: 'GET', path: '/v1/_me', host: 'other.example' }, shop)
    expect((await server.call('GET /v1/_me', { headers: { ...moved, host } })).status).toBe(403)
    expect((await byHand({}).send()).status).toBe(200)
    return `${seen}; a signature for another host 403; all headers and our scope 200`
  })

  row('S9', 'signed a body hash that is wrong, or says that there is none', async () => {
    const hash = crypto.createHash('sha256').update(JSON.stringify(BLUE)).digest('hex')
    const wrong = [
      'UNSIGNED-PAYLOAD',
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      crypto.createHash('sha256').digest('hex'),
      hash.toUpperCase(),
      hash.slice(1),
    ]
    const seen = await refused(
      wrong.map((bodyHash) => byHand({ bodyHash })),
      [403],
    )
    expect((await byHand({ bodyHash: hash }).send()).status).toBe(200)
    return `${seen}; the right hash 200`
  })
})

describe('whose signature', () => {
  row(
    'S10',
    'watched and timed the work for right, wrong and unknown keys',
    async () => {
      const { host } = new URL(server.origin)
      const about = (keys: Keys) => ({
        headers: signatureOf({ method: 'GET', path: '/v1/_me', host, body: Buffer.alloc(0) }, keys),
      })
      const right = about(shop)
      const lastDigit = (text: string): string =>
        text.slice(0, -1) + (text.endsWith('0') ? '1' : '0')
      const nearly = {
        headers: { ...right.headers, Authorization: lastDigit(right.headers.Authorization ?? '') },
      }
      const cases = {
        right,
        'wrong in its last digit': nearly,
        'of a wrong secret': about({ ...shop, secretKey: other.secretKey }),
        'of an unknown key': about({ accessKey: 'app:nobody', secretKey: other.secretKey }),
      }
      const send = (sending: Sending): Promise<ApiAnswer> => server.call('GET /v1/_me', sending)
      const work = [jest.spyOn(crypto, 'createHmac'), jest.spyOn(crypto, 'timingSafeEqual')]
      const done: number[][] = []
      for (const sending of Object.values(cases)) {
        await send(sending)
        for (const spy of work) spy.mockClear()
        await send(sending)
        done.push(work.map((spy) => spy.mock.calls.length))
      }
      for (const spy of work) spy.mockRestore()
      const [first = []] = done
      expect(Math.min(...first)).toBeGreaterThan(0)
      for (const each of done) expect(each).toEqual(first)

      const samples = sized({ short: 500, long: 20_000 })
      const times = Object.values(cases).map((): number[] => [])
      for (let sample = 0; sample < samples; sample += 1) {
        for (const [index, sending] of Object.values(cases).entries()) {
          const startMs = performance.now()
          await send(sending)
          times[index]?.push(performance.now() - startMs)
        }
      }
      const medians = times.map((each) => each.sort((a, b) => a - b)[samples >> 1] ?? 0)
      const told = Object.keys(cases).map((name, n) => `${name} ${medians[n]?.toFixed(2) ?? ''} ms`)
      return `each ${first.join(' HMACs and ')} comparisons in constant time; medians of ${samples}: ${told.join(', ')}`
    },
    600_000,
  )

  row(
    'S11',
    'signed with an access key that nobody has, and with one in other spellings',
    async () => {
      const spelled = ['app:nobody', 'app:app:shop', 'APP:shop', 'app:shop2', 'app:__proto__']
      const calls = spelled.map((accessKey) =>
        bare(COLOUR, { as: { ...shop, accessKey }, body: BLUE }),
      )
      const seen = await refused(calls, [404])
      for (const { send } of calls) expect((await send()).json.message).toBe('App not found.')

      const strict = await start('para.security.strict = true')
      const forgers = [
        { ...ROOT_KEYS, accessKey: 'app:nobody' },
        { ...ROOT_KEYS, secretKey: 'x' },
      ]
      const [unknown, wrong] = await Promise.all(
        forgers.map((as) => strict.call('GET /v1/_me', { as })),
      )
      expect(unknown?.status).toBe(403)
      const visible = (answer?: ApiAnswer) => [
        answer?.status,
        answer?.text,
        { ...answer?.headers, date: '', 'x-request-id': '' },
      ]
      expect(visible(unknown)).toEqual(visible(wrong))
      return `${seen} "App not found."; strict: 403, to the byte as for a wrong signature`
    },
  )

  describe('guessed', () => {
    const TWENTY = 'para.limits.bad_signatures_per_minute = 20'
    const from = (address: string) => ({ 'x-forwarded-for': address })
    const forged = (accessKey: string): Keys => ({ accessKey, secretKey: 'a guess' })
    const about = (guessed: TestServer, as: Keys, address = '192.0.2.1') =>
      guessed.call('GET /v1/', { as, headers: from(address) })
    async function guess(guessed: TestServer, accessKey: string, status: number): Promise<void> {
      for (let count = 0; count < 20; count += 1) {
        expect((await about(guessed, forged(accessKey))).status).toBe(status)
      }
    }

    row('S12', 'guessed 21 times for one app from one address', async () => {
      const guessed = await start(TWENTY)
      const acme = await guessed.createApp('acme')
      const zenith = await guessed.createApp('zenith')
      await guess(guessed, 'app:acme', 403)
      const limited = await about(guessed, forged('app:acme'))
      expect(limited).toMatchObject({ status: 429, json: { code: 429 } })
      const wait = Number(limited.headers['retry-after'])
      expect(wait).toBeGreaterThan(0)
      expect(wait).toBeLessThanOrEqual(60)
      const good = [
        await about(guessed, acme),
        await about(guessed, acme, '192.0.2.2'),
        await about(guessed, zenith),
      ]
      expect(good.map(({ status }) => status)).toEqual([200, 200, 200])
      const bad = [
        await about(guessed, forged('app:acme'), '192.0.2.2'),
        await about(guessed, forged('app:zenith')),
      ]
      expect(bad.map(({ status }) => status)).toEqual([403, 403])
      guessed.moveClock(MINUTE_MS)
      expect((await about(guessed, forged('app:acme'))).status).toBe(403)
      return `20 × 403, then 429 with Retry-After ${wait} s until the minute was over; good signatures for the same app 200, also from the same address; other addresses and apps untouched`
    })

    row('S12', 'guessed 21 access keys that nobody has, and on a strict server', async () => {
      const guessed = await start(TWENTY)
      for (let count = 0; count < 20; count += 1) {
        expect((await about(guessed, forged(`app:none${count}`))).status).toBe(404)
      }
      expect((await about(guessed, forged('app:none'))).status).toBe(429)
      const strict = await start(`para.security.strict = true\n${TWENTY}`)
      const acme = await strict.createApp('acme')
      await guess(strict, 'app:none', 403)
      expect((await about(strict, forged('app:none'))).status).toBe(429)
      expect((await about(strict, forged('app:acme'))).status).toBe(429)
      expect((await about(strict, acme)).status).toBe(200)
      return 'unknown keys share one counter, so the 21st is 429; strict: they share it with wrong signatures, so 429 tells of no app'
    })
  })
})

describe('a signed change sent again', () => {
  /** The very same bytes, once at each of these. */
  async function resend(
    origins: readonly string[],
    line: string,
    { as, body }: { readonly as: Keys; readonly body?: object },
  ): Promise<readonly number[]> {
    const [method = '', path = ''] = line.split(' ', 2)
    const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body))
    const host = 'auth.example.com'
    const headers = { ...signatureOf({ method, path, host, body: bytes }, as), host }
    const statuses: number[] = []
    for (const origin of origins) {
      statuses.push((await callAt(origin, line, { headers, body: bytes })).status)
    }
    return statuses
  }

  row('S7', 'sent four signed calls twice each, to strict and other apps', async () => {
    const strict = await start('para.security.strict = true')
    const acme = await strict.createApp('acme')
    const twice = [strict.origin, strict.origin]
    const body = { value: 'red' }
    expect(await resend(twice, COLOUR, { as: acme, body })).toEqual([200, 403])
    expect(await resend(twice, 'DELETE /v1/_settings/colour', { as: acme })).toEqual([200, 403])
    expect(await resend(twice, 'GET /v1/_setup/bakery', { as: ROOT_KEYS })).toEqual([200, 403])
    expect(await resend(twice, 'GET /v1/_settings', { as: acme })).toEqual([200, 200])

    const here = [server.origin, server.origin]
    expect(await resend(here, COLOUR, { as: shop, body })).toEqual([200, 200])
    await put({ ...BASE, 'security.strict': true })
    expect(await resend(here, COLOUR, { as: shop, body })).toEqual([200, 403])
    const as = superToken(acme)
    for (let use = 0; use < 2; use += 1) {
      expect((await strict.call(COLOUR, { as, body })).status).toBe(200)
    }
    return 'strict, by configuration or setting: 200, then 403 (a read 200, 200); otherwise, and with a super token, 200, 200'
  })

  row(
    'S7',
    'sent one signed write to two strict processes, and ten copies at once',
    async () => {
      const nodes = (await startTwo(workplace())).map(({ origin }) => origin)
      const [first = '', second = ''] = nodes
      const body = { value: 1 }
      for (const path of [nodes, [second, first]]) {
        expect(await resend(path, COLOUR, { as: ROOT_KEYS, body: { value: path } })).toEqual([
          200, 403,
        ])
      }
      const host = 'auth.example.com'
      const bytes = Buffer.from(JSON.stringify(body))
      const unsigned = { method: 'PUT', path: '/v1/_settings/n', host, body: bytes }
      const headers = { ...signatureOf(unsigned, ROOT_KEYS), host }
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) =>
          callAt(nodes[n % 2] ?? '', 'PUT /v1/_settings/n', { headers, body: bytes }),
        ),
      )
      const statuses = answers.map(({ status }) => status).sort()
      expect(statuses).toEqual([200, ...Array<number>(9).fill(403)])
      return 'the process that sees it second answers 403; of ten copies at once to both, one 200 and nine 403'
    },
    60_000,
  )

  row(
    'S7',
    'sent a signed write to a strict app while the store could not be written',
    async () => {
      await put({ ...BASE, 'security.strict': true })
      const answer = await file.locked(() => server.call(COLOUR, { as: shop, body: BLUE }))
      expect(answer).toMatchObject({ status: 503, json: { code: 503 } })
      expect((await read()).colour).toBe('red')
      return '503, nothing changed'
    },
  )
})

describe('bodies', () => {
  /** Each body put as all settings and as one. */
  const both = (bodies: readonly (string | Buffer)[]): Refused[] =>
    bodies.flatMap((body) =>
      ['PUT /v1/_settings', COLOUR].map((line) => bare(line, { as: shop, body })),
    )

  row('S13', 'put a setting without a value', async () => {
    const bodies = [
      '{"val":1}',
      '{}',
      '{"Value":1}',
      '{"colour":"blue"}',
      '{"__proto__":{"value":1}}',
    ]
    const seen = await refused(
      bodies.map((body) => bare(COLOUR, { as: shop, body })),
      [400],
    )
    const { json } = await server.call(COLOUR, { as: shop, body: '{}' })
    expect(json.message).toContain('value')
    expect((await read()).colour).toBe('red')
    return `${seen}, which names the field; all settings as before`
  })

  row(
    'S14',
    'sent bodies that are no object, cut or empty, to every call that takes one',
    async () => {
      const { user } = await server.signIn('shop')
      const bodies = [
        '[]',
        '[{"value":1}]',
        '"x"',
        '1',
        'null',
        'true',
        '{"value":',
        '{"value":1}}',
        '',
        ' ',
        'value=1',
      ]
      const bytes = [
        Buffer.from([0x7b, 0xff, 0xfe]),
        Buffer.from('\ufeff{"value":1}'),
        Buffer.from('{"value":1}', 'utf16le'),
      ]
      const all = [...bodies, ...bytes]
      const elsewhere = all.flatMap((body) => [
        bare(`PATCH /v1/users/${user.id}`, { as: shop, body }),
        bare('POST /jwt_auth', { body }),
      ])
      return `${await refused([...both(all), ...elsewhere], [400])}; the store unchanged`
    },
  )

  row('S15', 'put names of prototypes, as keys, in values and in bodies', async () => {
    const hostile = [
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      'valueOf',
    ]
    for (const key of hostile) {
      const path = `/v1/_settings/${key}`
      expect((await server.call(`GET ${path}`, { as: shop })).text).toBe('{}')
      const value = { polluted: 1, __proto__: { polluted: 1 } }
      expect((await server.call(`PUT ${path}`, { as: shop, body: { value } })).status).toBe(200)
      expect((await server.call(`GET ${path}`, { as: shop })).json.value.polluted).toBe(1)
      expect((await server.call(`DELETE ${path}`, { as: shop })).status).toBe(200)
      expect((await server.call(`GET ${path}`, { as: shop })).text).toBe('{}')
    }
    const body =
      '{"__proto__":{"polluted":1,"az_app_id":"client.other"},"constructor":{"prototype":{"polluted":1}}}'
    expect((await server.call('PUT /v1/_settings', { as: shop, body })).status).toBe(200)
    expect(Object.keys(await read()).sort()).toEqual(['__proto__', 'constructor'])
    expect(await begin()).toBe('/signin?error')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    await put(BASE)
    expect((await server.signIn('shop')).user.appid).toBe('shop')
    return `${hostile.length} names put, read and deleted like any other; no object polluted; logins as before`
  })

  row(
    'S16',
    'sent a million brackets, 10,000 levels, more than 1 MiB, 10,000 settings, quotes that never close, and bodies that never end',
    async () => {
      const deep = (open: string, close: string) =>
        `{"value":${open.repeat(10_000)}1${close.repeat(10_000)}}`
      const many = JSON.stringify(
        Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`key${n}`, n])),
      )
      const bodies = [
        deep('[', ']'),
        deep('{"a":', '}'),
        '['.repeat(1_000_000),
        `{"value":${'['.repeat(32)}1${']'.repeat(32)}}`,
        QUOTES,
        JSON.stringify({ value: 'a'.repeat(2 ** 20) }),
      ]
      const calls = [...both(bodies), bare('PUT /v1/_settings', { as: shop, body: many })]
      let longestMs = 0
      const timed = calls.map(({ name, send }) => ({
        name: name.slice(0, 100),
        async send() {
          const startMs = performance.now()
          const answer = await send()
          longestMs = Math.max(longestMs, performance.now() - startMs)
          return answer
        },
      }))
      const seen = await refused(timed, [400, 413])
      // The bound is 100 ms, here with room for a busy machine.
      expect(longestMs).toBeLessThan(2_000)
      const endless = await allEndless(server.origin)
      // Brackets cost what as many other bytes cost: nothing recurses into them.
      const [quotesMs, bracketsMs] = [await leastCpu(QUOTES), await leastCpu('['.repeat(1_000_000))]
      expect(bracketsMs).toBeLessThan(3 * quotesMs + 10)
      return `${seen}; the longest took ${longestMs.toFixed(0)} ms, signing included; ${endless}; CPU of a million brackets ${bracketsMs.toFixed(0)} ms, of as many quotes ${quotesMs.toFixed(0)} ms`
    },
  )
})

/** Bodies that never end: each answer is there while the client still sends, and ends the connection. */
async function allEndless(origin: string): Promise<string> {
  const json = 'application/json'
  let longestMs = 0
  for (const [line, type] of [
    ['PUT /v1/_settings', json],
    ['POST /jwt_auth', json],
    ['POST /amazon_auth', 'application/x-www-form-urlencoded'],
  ] as const) {
    for (const kind of ['chunks', 'gigabyte'] as const) {
      const { text, answeredMs } = await postEndless(origin, line, type, kind)
      expect(text).toMatch(/^HTTP\/1\.1 413 [^]*\r\nConnection: close\r\n[^]*"code":413/)
      longestMs = Math.max(longestMs, answeredMs)
    }
  }
  expect(longestMs).toBeLessThan(2_000)
  return `endless and of a gigabyte 413 after ${longestMs.toFixed(0)} ms at most, then closed`
}

/** Quotes that never close. */
const QUOTES = `{"value":"${'\\"'.repeat(500_000)}`

/** The least CPU time of five calls with this body, client and server together, in milliseconds. */
async function leastCpu(body: string): Promise<number> {
  const times: number[] = []
  for (let call = 0; call < 5; call += 1) {
    const before = process.cpuUsage()
    await server.call(COLOUR, { as: shop, body })
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1_000)
  }
  return Math.min(...times)
}

/** Where a login of `shop` begins by sending the browser. */
async function begin(): Promise<string> {
  return (await server.browser().get('/amazon_auth?state=shop')).location
}

/** Rows of a store whose process is gone. */
function rowsIn(path: string, sql: string): Row[] {
  const database = new Database(path)
  try {
    return database.prepare(sql).all() as Row[]
  } finally {
    database.close()
  }
}

describe('settings', () => {
  row(
    'S17',
    'put dangerous addresses as targets and front ends, alone, in lists and in all settings',
    async () => {
      const hostile = [
        'javascript:alert(1)',
        'JaVaScRiPt:alert(1)',
        ' javascript:alert(1)',
        'java\tscript:alert(1)',
        'data:text/html,x',
        'vbscript:x',
        '//evil.example',
        '/\\evil.example',
        'https://a.example/\r\nSet-Cookie: x=1',
        'https://a.example/\0',
        'https:\\\\evil.example',
      ]
      const noTarget = [
        'https://user@evil.example',
        'https:evil.example',
        'signed-in',
        'blob:https://a',
        'file:///etc',
        'ftp://a.example/in',
        'intent://a.example/in',
      ]
      const values: [string, Json][] = [
        ...[...hostile, ...noTarget].flatMap((url): [string, Json][] => [
          ['signin_success', url],
          ['signin_failure', url],
        ]),
        ...hostile.flatMap((url): [string, Json][] => [
          ['security.hosturl_aliases', url],
          ['security.hosturl_aliases', `https://a.example,${url}`],
          ['security.hosturl_aliases', ['https://a.example', url]],
        ]),
        ['signin_success', ['https://a.example']],
        ['signin_failure', { url: 'https://a.example' }],
        ['security.hosturl_aliases', [1]],
        ['public_url', 'javascript:alert(1)'],
      ]
      const calls = values.flatMap(([key, value]) => [
        { key, ...bare(`PUT /v1/_settings/${key}`, { as: shop, body: { value } }) },
        { key, ...bare('PUT /v1/_settings', { as: shop, body: { ...BASE, [key]: value } }) },
      ])
      const seen = await refused(calls, [400])
      for (const { key, send } of calls) {
        const { json, text } = await send()
        expect(json.message).toMatch(new RegExp(`^Setting ${key} must`))
        expect(text).not.toMatch(/evil|alert/)
      }
      const good = ['/in?jwt=id', 'https://a.example/in?jwt=?', 'myapp://in', 'com.example.app:/in']
      for (const url of good) {
        const settings = { signin_success: url, signin_failure: url }
        const all = { ...settings, 'security.app_schemes': 'myapp, com.example.app' }
        const answer = await server.call('PUT /v1/_settings', { as: shop, body: all })
        expect([answer.status, answer.headers['x-settings-ignored']]).toEqual([200, undefined])
        expect(await read()).toEqual(all)
      }
      const unlisted = ['myapp://in', 'http://a.example/in']
      for (const url of unlisted) {
        const answer = await server.call('PUT /v1/_settings', {
          as: shop,
          body: { ...BASE, signin_success: url },
        })
        expect(answer.headers['x-settings-ignored']).toMatch(/^signin_success=/)
      }
      return `${seen}, each naming the key and not the value; paths, https and schemes of the app's own list taken; ${unlisted.length} others kept without effect`
    },
  )

  row('S17', 'started with dangerous addresses in the configuration', async () => {
    const lines = ['javascript:alert(1)', '//evil.example', 'data:x'].flatMap((url) => [
      `para.security.signin_success = "${url}"`,
      `para.security.signin_failure = "${url}"`,
      `para.apps.shop.signin_success = "${url}"`,
    ])
    for (const line of lines) {
      await expect(startServer({ conf: line })).rejects.toThrow(line.slice(0, line.indexOf(' =')))
    }
    return `${lines.length} starts refused, each naming the key`
  })

  row('S19', 'read secrets back, and put back what was read', async () => {
    const MASK = '********'
    const secrets = {
      az_secret: 'secret.shop',
      app_secret_key: 'a-key-of-the-back-end-0123456789abcdef',
      'smtp.password': 'letmein',
      stripe_secret: 'sk_live',
    }
    await put({ ...BASE, ...secrets })
    const masked = Object.fromEntries(Object.keys(secrets).map((key) => [key, MASK]))
    expect(await read()).toEqual({ ...BASE, ...masked })
    for (const key of Object.keys(secrets)) {
      const { json } = await server.call(`GET /v1/_settings/${key}`, { as: shop })
      expect(json).toEqual({ value: MASK })
    }
    const before = file.rows("SELECT name, value FROM settings WHERE app_id = 'shop' ORDER BY name")
    await put(await read())
    await server.call('PUT /v1/_settings/az_secret', { as: shop, body: { value: MASK } })
    const after = file.rows("SELECT name, value FROM settings WHERE app_id = 'shop' ORDER BY name")
    expect(after).toEqual(before)
    expect(await server.secretShownBy('shop')).toBe('secret.shop')
    return `${Object.keys(secrets).length} secrets masked in one and in all; the masks put back, the store holds the same and Amazon is shown the same`
  })

  row(
    'T19',
    'put 1,100 settings one by one, values of 300 KB, and keys that no store of ours opens',
    async () => {
      const keys = await server.createApp('greedy')
      const put = (line: string, body: Json) =>
        server.call(`PUT /v1/_settings${line}`, { as: keys, body })
      const statuses = new Map<number, number>()
      for (let n = 0; n < 1_100; n += 1) {
        const { status } = await put(`/key${n}`, { value: n })
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }
      expect(Object.fromEntries(statuses)).toEqual({ 200: 998, 400: 102 })
      const before = file.rows("SELECT name, value FROM settings WHERE app_id = 'greedy'")
      expect(before).toHaveLength(1_000)
      const big = 'x'.repeat(300_000)
      const tries: [string, Json][] = [
        ['/key1', { value: big }],
        ['', { key1: big }],
        ['', Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [`k${n}`, 1]))],
        [
          '',
          Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`k${n}`, big.slice(0, 30_000)])),
        ],
        ['/az_app_id', { value: 'x'.repeat(257) }],
        ['/signin_success', { value: `/${'é'.repeat(400)}` }],
      ]
      for (const [line, body] of tries) {
        const answer = await put(line, body)
        expect([line, answer.status, answer.json.code]).toEqual([line, 400, 400])
      }
      const after = file.rows("SELECT name, value FROM settings WHERE app_id = 'greedy'")
      expect(after).toEqual(before)

      // What a login does not need is not read for it: a secret of something else that nobody can open, say.
      file.run(
        "UPDATE settings SET name = 'stripe_secret' WHERE app_id = 'greedy' AND name = 'key7'",
      )
      file.run(
        "UPDATE settings SET value = 'damaged' WHERE app_id = 'greedy' AND name = 'stripe_secret'",
      )
      await put('/key1', { value: 'changed' })
      expect(await server.secretShownBy('greedy')).toBe('secret.greedy')
      expect(await server.secretShownBy('shop')).toBe('secret.shop')
      return `998 taken beside the two keys, 102 × 400; ${tries.length} too many or too large × 400, nothing changed; logins of this app and others go on, and read only what they need`
    },
    120_000,
  )

  row(
    'S20',
    'put different keys at once through two processes, 100 times',
    async () => {
      const folder = workplace()
      const nodes = await startTwo(folder)
      const expected: Record<string, number> = {}
      for (let round = 0; round < 100; round += 1) {
        const keys = nodes.map((_, n) => `round${round}.node${n}`)
        const answers = await Promise.all(
          nodes.map(({ origin }, n) =>
            callAt(origin, `PUT /v1/_settings/${keys[n] ?? ''}`, {
              as: ROOT_KEYS,
              body: { value: n },
            }),
          ),
        )
        expect(answers.map(({ status }) => status)).toEqual([200, 200])
        keys.forEach((key, n) => (expected[key] = n))
      }
      // Read where nothing is remembered of before.
      const third = await folder.listen(['serve'])
      const { json } = await callAt(third.origin, 'GET /v1/_settings', { as: ROOT_KEYS })
      expect(json).toEqual(expected)
      return `all ${Object.keys(expected).length} keys there`
    },
    120_000,
  )

  row(
    'S21',
    'killed the process by SIGKILL while it replaced 300 settings',
    async () => {
      const folder = workplace()
      const kills = sized({ short: 5, long: 100 })
      const counts = { old: 0, new: 0 }
      let sent = 0
      for (let kill = 0; kill < kills; kill += 1) {
        const node = await folder.listen(['serve'])
        const { acknowledged, last } = await replaceUntilKilled(node, sent)
        const database = folder.path('data/amazon-auth.db')
        const values = new Set(
          rowsIn(database, 'SELECT value FROM settings').map(({ value }) => Number(value)),
        )
        expect(rowsIn(database, 'SELECT count(*) AS n FROM settings')).toEqual([{ n: 300 }])
        expect(rowsIn(database, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
        expect(values.size).toBe(1)
        const [value = -1] = values
        expect([acknowledged, last]).toContain(value)
        counts[value === last && last !== acknowledged ? 'new' : 'old'] += 1
        sent = last
      }
      return `${kills} kills: ${counts.old} × the set answered last, ${counts.new} × the one under way, never a mix`
    },
    600_000,
  )

  row('S24', 'set and patched fields that are not to be set', async () => {
    const { user } = await server.signIn('shop')
    const secret = "SELECT sealed_secret, active, app_id, name FROM apps WHERE app_id = 'shop'"
    const [app] = file.rows(secret)
    const me = (await server.call('GET /v1/_me', { as: shop })).json
    const fields = {
      secret: 'x',
      sealedSecret: 'x',
      active: false,
      id: 'app:other',
      appid: 'other',
      isRoot: true,
      token_secret: 'y',
      name: 'z',
    }
    await put({ ...BASE, ...fields })
    expect(file.rows(secret)).toEqual([app])
    expect({ ...(await server.call('GET /v1/_me', { as: shop })).json, updated: 0 }).toEqual({
      ...me,
      updated: 0,
    })

    const find = (): Record<string, unknown> | undefined =>
      file.rows("SELECT * FROM users WHERE app_id = 'shop' AND id = ?", user.id)[0]
    const before = find()
    const body = {
      ...{
        id: '7',
        appid: 'other',
        appId: 'other',
        app_id: 'other',
        identifier: 'az:other',
        picture: 'x',
      },
      ...{
        type: 'app',
        timestamp: 1,
        created_at: 1,
        tokenSecret: 'x',
        token_secret: 'x',
        sessionEpoch: -1,
      },
      ...{ name: 'New', email: 'new@example.com', groups: 'admins', active: true },
    }
    const patched = await server.call(`PATCH /v1/users/${user.id}`, { as: shop, body })
    expect(patched.status).toBe(200)
    const changed = { name: 'New', email: 'new@example.com', groups: 'admins' }
    expect(find()).toEqual({ ...before, ...changed, updated_at: patched.json.updated })
    return `settings of these names change nothing of the app; of ${Object.keys(body).length} fields of a PATCH only active, name, email and groups count`
  })

  row(
    'S25',
    'put addresses of another host under every name that might lead a login there',
    async () => {
      const visits: string[] = []
      const evil = createServer((req, res) => {
        visits.push(req.url ?? '')
        res.end('{}')
      }).listen(0, '127.0.0.1')
      await once(evil, 'listening')
      const url = `http://127.0.0.1:${(evil.address() as AddressInfo).port}`
      const groups = ['', 'amazon.', 'para.amazon.', 'security.oauth.', 'security.', 'az_']
      const names = [
        'api_url',
        'authorize_url',
        'token_url',
        'profile_url',
        'tokeninfo_url',
        'apiUrl',
        'authz_url',
        'endpoint',
      ]
      const keys = groups.flatMap((group) => names.map((name) => group + name))
      await put({ ...BASE, ...Object.fromEntries(keys.map((key) => [key, url])) })
      server.emulator.journal.clear()
      await server.signIn('shop')
      const browser = server.browser()
      const begun = await browser.get('/amazon_auth?state=shop')
      expect(begun.location.startsWith(server.emulator.authorizeUrl)).toBe(true)
      expect(await browser.get(await server.emulator.allow(begun.location))).toMatchObject({
        status: 302,
        location: '/',
      })
      for (const path of ['/auth/o2/token', '/auth/o2/tokeninfo', '/user/profile']) {
        expect(server.emulator.journal.count(path)).toBeGreaterThan(0)
      }
      expect(visits).toEqual([])
      evil.close()
      return `${keys.length} settings; token, profile and tokeninfo asked of the configured host, no request to the other`
    },
  )
})

/** Puts one set of settings after the other, until the process is killed at a moment of chance. */
async function replaceUntilKilled(
  node: Listening,
  sent: number,
): Promise<{ readonly acknowledged: number; readonly last: number }> {
  let [acknowledged, last] = [sent, sent]
  const put = async (): Promise<void> => {
    last += 1
    const body = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`key${n}`, last]))
    const { status } = await callAt(node.origin, 'PUT /v1/_settings', { as: ROOT_KEYS, body })
    expect(status).toBe(200)
    acknowledged = last
  }
  await put()
  const killing = sleep(Math.random() * 150).then(() => node.child.kill('SIGKILL'))
  for (;;) {
    try {
      await put()
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toMatch(/ECONNRESET|ECONNREFUSED/)
      await killing
      await node.exit()
      return { acknowledged, last }
    }
  }
}

describe('super tokens', () => {
  const soon = { expiresIn: 60 } as const

  row(
    'S18',
    'forged super tokens in each way we know, and tried tokens of users as such',
    async () => {
      const { token, user } = await server.signIn('shop')
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
      const claims = { appid: 'app:shop' }
      const exp = Math.floor(Date.now() / 1000) + 60
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const handMade = (header: object, key: string): string => {
        const text = `${part(header)}.${part({ ...claims, exp })}`
        return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
      }
      const tokens = {
        'alg none': sign(claims, '', { ...soon, algorithm: 'none' }),
        'alg None, signed': handMade({ alg: 'None' }, shop.secretKey),
        HS384: sign(claims, shop.secretKey, { ...soon, algorithm: 'HS384' }),
        HS512: sign(claims, shop.secretKey, { ...soon, algorithm: 'HS512' }),
        RS256: sign(claims, privateKey, { ...soon, algorithm: 'RS256' }),
        'RS256 in the header, HMAC below': handMade({ alg: 'RS256' }, shop.secretKey),
        'an empty key': handMade({ alg: 'HS256' }, ''),
        'the name of the app as key': handMade({ alg: 'HS256' }, 'app:shop'),
        'no exp': sign(claims, shop.secretKey),
        'exp as text': sign({ ...claims, x: 1 }, shop.secretKey).replace(
          /\.[^.]*\./,
          `.${part({ ...claims, exp: 'never' })}.`,
        ),
        'past its exp': sign(claims, shop.secretKey, { expiresIn: -1 }),
        'not yet valid': sign(claims, shop.secretKey, { ...soon, notBefore: 60 }),
        'signed by another app': sign(claims, other.secretKey, soon),
        'another app named': sign({ appid: 'app:other' }, shop.secretKey, soon),
        'of an app that is not there': sign({ appid: 'app:nobody' }, shop.secretKey, soon),
        'no appid': sign({}, shop.secretKey, soon),
        'has sub': sign({ ...claims, sub: user.id }, shop.secretKey, soon),
        'has sub of nobody': sign({ ...claims, sub: '1' }, shop.secretKey, soon),
        'has an empty sub': sign({ ...claims, sub: '' }, shop.secretKey, soon),
        'has email': superToken(shop, { email: 'ada@example.com' }),
        'has identifier': superToken(shop, { identifier: 'az:x' }),
        "a user's claims, signed by the app": sign(claimsOf(token), shop.secretKey),
        'a cut signature': superToken(shop).slice(0, -4),
        'of 10 kB': superToken(shop, { filler: 'a'.repeat(10_000) }),
      }
      const calls = Object.values(tokens).map((as) => bare(COLOUR, { as, body: BLUE }))
      const seen = await refused(calls, [401])
      const byUser = await refused([bare(COLOUR, { as: token, body: BLUE })], [403])

      await server.call(`DELETE /v1/users/${user.id}`, { as: shop })
      const orphan = await refused([bare(COLOUR, { as: token, body: BLUE })], [401])
      expect((await server.call(COLOUR, { as: superToken(shop), body: BLUE })).status).toBe(200)
      return `${seen}; a user's token ${byUser}, once the user is deleted ${orphan}; an honest super token 200`
    },
  )

  row(
    'S23',
    'made new keys, and used everything of the old ones, here and on another process',
    async () => {
      const folder = workplace([...NODE, 'para.security.strict = false'])
      const [first, second] = await startTwo(folder)
      const at = (node: Listening, as: Sender) => callAt(node.origin, 'GET /v1/_me', { as })
      const { json: keys } = await callAt(first.origin, 'GET /v1/_setup/renewing', {
        as: ROOT_KEYS,
      })
      const assertion = sign({ identifier: 'u1' }, keys.secretKey, soon)
      const line = `GET /passwordless_auth?appid=renewing&token=${assertion}&redirect=false`
      const user = (await callAt(first.origin, line)).text
      const old = [keys, superToken(keys), user]
      for (const as of old) {
        for (const node of [first, second]) expect((await at(node, as)).status).toBe(200)
      }
      const { json: renewed } = await callAt(first.origin, 'POST /v1/_newkeys', { as: keys })
      const startMs = performance.now()
      const statuses = await Promise.all(old.map(async (as) => (await at(first, as)).status))
      expect(statuses).toEqual([403, 401, 401])
      expect((await callAt(first.origin, line)).status).toBe(403)
      expect((await at(first, renewed)).status).toBe(200)
      while ((await at(second, keys)).status === 200 && performance.now() - startMs < 10_000)
        await sleep(20)
      const elsewhereMs = performance.now() - startMs
      for (const as of old) expect((await at(second, as)).status).not.toBe(200)
      expect(elsewhereMs).toBeLessThan(4_000)
      return `there refused by the next call (signature 403, super token and user's token 401); on the other process after ${(elsewhereMs / 1000).toFixed(1)} s`
    },
    60_000,
  )
})

describe('the first start', () => {
  row(
    'S22',
    'started four processes at once on an empty store, and asked each for the secret',
    async () => {
      const folder = workplace(['para.port = 0', 'para.host = "127.0.0.1"'])
      const nodes = await Promise.all(Array.from({ length: 4 }, () => folder.listen(['serve'])))
      const shown = nodes.flatMap(({ stdout }) => /secret key {2}(\S+)/.exec(stdout)?.[1] ?? [])
      expect(shown).toHaveLength(1)
      const root = { accessKey: 'app:para', secretKey: shown[0] ?? '' }
      for (const { origin } of nodes) {
        expect((await callAt(origin, 'GET /v1/_me', { as: root })).status).toBe(200)
      }
      const origins = Array.from({ length: 20 }, (_, n) => nodes[n % 4]?.origin ?? '')
      const asked = await Promise.all(origins.map((origin) => callAt(origin, 'GET /v1/_setup')))
      expect(asked.map(({ status }) => status)).toEqual(Array(20).fill(200))
      expect(asked.map(({ json }) => Object.keys(json))).toEqual(Array(20).fill(['message']))
      expect(asked.some(({ text }) => text.includes(root.secretKey))).toBe(false)

      const made = await Promise.all(
        origins.map((origin) => callAt(origin, 'GET /v1/_setup/bakery', { as: root })),
      )
      expect(made.map(({ status }) => status)).toEqual(Array(20).fill(200))
      const keys = made.flatMap(({ json }) => ('secretKey' in json ? [json as Keys] : []))
      expect(keys).toHaveLength(1)
      for (const as of keys) {
        expect((await callAt(origins[0] ?? '', 'GET /v1/_me', { as })).status).toBe(200)
      }
      return 'one secret on one console, good on all four; 20 parallel /_setup tell none; of 20 that create one app, one gets its secret'
    },
    60_000,
  )
})

describe('pages of other sites', () => {
  const EVIL = 'https://evil.example'
  const lines = [
    ...[
      'GET /v1/',
      'GET /v1/_me',
      'GET /v1/_settings',
      'PUT /v1/_settings',
      'GET /v1/_health',
      'GET /v1/users',
    ],
    ...[
      'GET /v1/_setup',
      'POST /v1/_newkeys',
      'GET /jwt_auth',
      'POST /jwt_auth',
      'DELETE /jwt_auth',
    ],
  ]
  const grants = (answer: ApiAnswer): string[] =>
    Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))

  row(
    'S26',
    'called from pages of other sites, with and without cookies and preflights',
    async () => {
      const named = await start('para.security.cors_origins = "https://page.example"')
      // Any site at once cannot even be written.
      await expect(start('para.security.cors_origins = "*"')).rejects.toThrow(/cors_origins/)
      let calls = 0
      for (const line of lines) {
        for (const [site, origin] of [
          [server, EVIL],
          [server, 'null'],
          [named, EVIL],
          [named, 'https://page.example.evil'],
          [named, 'http://page.example'],
        ] as const) {
          const path = line.split(' ')[1] ?? ''
          const headers = {
            origin,
            cookie: 'amazon-auth=x',
            'access-control-request-method': 'PUT',
          }
          for (const each of [line, `OPTIONS ${path}`]) {
            const answer = await site.call(each, { headers })
            // The server that names a page has answers that differ by origin, and says so; it grants this one nothing.
            expect([each, origin, answer.headers['access-control-allow-origin']]).toEqual([
              each,
              origin,
              undefined,
            ])
            expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
            if (site !== named) expect(grants(answer)).toEqual([])
            calls += 1
          }
        }
        const answer = await named.call(line, { headers: { origin: 'https://page.example' } })
        expect(answer.headers).toMatchObject({
          'access-control-allow-origin': 'https://page.example',
        })
        expect(answer.headers.vary).toMatch(/Origin/)
        expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
      }
      return `${calls} calls from sites that are not named: no Access-Control-Allow-Origin, no credentials, "*" in the configuration stops the start; a named site is told its own name alone`
    },
  )
})
