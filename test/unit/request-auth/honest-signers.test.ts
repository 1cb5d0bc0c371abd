import { createServer, request as httpRequest } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { sign } from 'aws4'
import fc from 'fast-check'
import {
  ACCESS_KEY,
  GET,
  HOST,
  NOW,
  outcome,
  type Plain,
  readsAsTwice,
  SECRET,
  SIGNER_NAMES,
  signWith,
} from './signers'

const SEED = 20240229

const METHOD = fc.constantFrom('GET', 'PUT', 'POST', 'PATCH', 'DELETE', 'HEAD')

/** As on the wire: every kind of character that may stand in a path, escaped and not. */
const SEGMENT = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...'a Z 0 ~ . - _ : @ ! $ & * ( ) , ; = %20 %2F %3A %3a %25 %2B %41 %7E %00'.split(' '),
        "'",
        '+',
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }).map(encodeURIComponent),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((tokens) => tokens.join(''))
  .filter((segment) => segment !== '' && segment !== '.' && segment !== '..')

const PATH = fc
  .array(SEGMENT, { minLength: 1, maxLength: 4 })
  .map((segments) => `/${segments.join('/')}`)

const TEXT = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('', ' ', '+', 'a+b c', '%2F', '/', '&', '=', 'é', '日本', '*', "'()!", '~'),
)

const NAME = fc
  .oneof(TEXT, fc.constantFrom('a', 'A', 'a-', 'a.', 'b'))
  // The signers themselves leave these out of what they sign.
  .filter((name) => !['', '__proto__', 'x-amz-signature'].includes(name.toLowerCase()))

const QUERY = fc.array(fc.tuple(NAME, TEXT), { maxLength: 6 })

const HEADERS = fc.dictionary(
  fc.stringMatching(/^X-t-[a-z0-9-]{1,8}$/),
  fc.string({ unit: 'grapheme-ascii', maxLength: 20 }),
  { maxKeys: 4, noNullPrototype: true },
)

const PLAIN: fc.Arbitrary<Plain> = fc.record({
  method: METHOD,
  path: PATH,
  query: QUERY,
  headers: HEADERS,
  body: fc.uint8Array({ maxLength: 64 }),
})

describe('S6 what honest clients sign', () => {
  test.each(SIGNER_NAMES)('any request that %s signs verifies', async (signer) => {
    const encodesOnce = signer.includes('with')
    await fc.assert(
      fc.asyncProperty(PLAIN, async (plain) => {
        fc.pre(!encodesOnce || !readsAsTwice(plain.path))
        fc.pre(signer !== 'aws4 with doNotEncodePath' || !plain.path.includes('+'))
        const signed = await signWith(signer, plain)
        expect(outcome(signed)).toBe('verified')
        expect(outcome(signed, { secret: `${SECRET}.` })).toBe('refused')
      }),
      { numRuns: 400, seed: SEED },
    )
  })

  test.each(SIGNER_NAMES)('%s: bodies from nothing to 1 MiB of binary verify', async (signer) => {
    for (const bytes of [0, 1, 63, 64, 65, 1_048_576]) {
      const body = Uint8Array.from({ length: bytes }, (_, index) => (index * 31) % 256)
      expect(outcome(await signWith(signer, { ...GET, method: 'PUT', body }))).toBe('verified')
    }
  })

  test("Para's JavaScript client: a bare path on the wire, signed encoded once", () => {
    for (const name of ['app:x', 'signin_success', 'a b', 'a+b', "it's(*)", 'ключ', '~']) {
      // As that client does it: encodes what it is given, has aws4 undo that once, and sends what it was given.
      const given = `/v1/_settings/${name}`
      const path = encodeURIComponent(given)
        .replaceAll('%2F', '/')
        .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
      const signed = sign(
        { service: 'para', host: HOST, method: 'GET', path, doNotEncodePath: true, headers: {} },
        { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET },
      )
      const headers = Object.entries(signed.headers ?? {}).map(
        ([header, value]) => [header, String(value)] as const,
      )
      const target = new URL(given, 'http://h').pathname
      const request = { method: 'GET', target, headers, body: new Uint8Array() }
      expect([name, outcome(request, { nowMs: Date.now() })]).toEqual([name, 'verified'])
    }
  })

  test.each([
    ['a space written as a plus', '/v1/users?q=a%20b', '/v1/users?q=a+b'],
    ['parameters in another order', '/v1/users?a=1&b=2', '/v1/users?b=2&a=1'],
    ['an empty value without its equals sign', '/v1/users?a=', '/v1/users?a'],
    ['an empty query', '/v1/users', '/v1/users?'],
    ['escapes with lower-case digits', '/v1/users?a=%2F', '/v1/users?a=%2f'],
    ['unreserved characters escaped', '/v1/users?a=~', '/v1/users?a=%7E'],
  ])('%s verifies, since it means the same', async (_, path, target) => {
    const signed = await signWith('aws4', { ...GET, path })
    expect(outcome({ ...signed, target })).toBe('verified')
  })

  test('a request that came over HTTP verifies from rawHeaders and url', async () => {
    const server = createServer((req, res) => {
      void buffer(req).then((body) => {
        const flat = req.rawHeaders
        const headers = flat.flatMap((name, at) =>
          at % 2 === 0 ? [[name, flat[at + 1] ?? ''] as const] : [],
        )
        const request = { method: req.method ?? '', target: req.url ?? '', headers, body }
        res.end(outcome(request, { nowMs: Date.now() }))
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const signed = sign(
      {
        service: 'para',
        region: 'us-east-1',
        hostname: '127.0.0.1',
        port,
        method: 'PUT',
        path: '/v1/_settings/app%3Ax?b=2&a=x%20y&a=%C3%A9',
        headers: { 'Content-Type': 'application/json', 'X-Two': '  a   b ' },
        body: '{"value":"日本"}',
      },
      { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET },
    )
    const answer = await new Promise<string>((resolve, reject) => {
      httpRequest(
        signed,
        (res) => void buffer(res).then((body) => resolve(body.toString()), reject),
      )
        .on('error', reject)
        .end(signed.body)
    })
    server.close()
    expect(answer).toBe('verified')
  })

  test('a signature is good for 15 minutes after and 5 minutes before its date, to the millisecond', async () => {
    const signed = await signWith('aws4', GET)
    const at = (ms: number) => outcome(signed, { nowMs: NOW + ms })
    expect([at(900_000), at(-300_000)]).toEqual(['verified', 'verified'])
    expect([at(900_001), at(-300_001)]).toEqual(['signature_expired', 'signature_expired'])
    expect(outcome(signed, { nowMs: NaN })).toBe('signature_expired')
  })
})
