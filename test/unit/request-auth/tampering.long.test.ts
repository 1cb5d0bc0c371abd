import fc from 'fast-check'
import type { SignedRequest } from '../../../src/request-auth/signed-request'
import {
  GET,
  headerOf,
  meaningOf,
  outcome,
  type Plain,
  SIGNER_NAMES,
  signWith,
  withHeader,
} from './signers'

const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))

const PLAIN: Plain = {
  method: 'PUT',
  path: '/v1/_settings/app%3Ax',
  query: [
    ['a', '1'],
    ['a', '/ 2'],
    ['b', ''],
  ],
  headers: { 'Content-Type': 'application/json', 'X-Note': 'one two' },
  body: Buffer.from('{"value":1}'),
}

/** Every text that differs in one character: replaced, left out or put in. */
function neighbours(text: string): string[] {
  const places = Array.from({ length: text.length + 1 }, (_, place) => place)
  const variants = places.flatMap((place) => {
    const [before, after] = [text.slice(0, place), text.slice(place)]
    return [
      before + after.slice(1),
      ...PRINTABLE.flatMap((c) => [before + c + after, before + c + after.slice(1)]),
    ]
  })
  return [...new Set(variants)].filter((variant) => variant !== text)
}

function verifying(requests: readonly SignedRequest[]): SignedRequest[] {
  return requests.filter((request) => outcome(request) === 'verified')
}

describe('S2, S6 a signed request with one character changed', () => {
  test.each(SIGNER_NAMES)('%s: no other target of another meaning verifies', async (signer) => {
    const signed = await signWith(signer, PLAIN)
    const changed = neighbours(signed.target).map((target) => ({ ...signed, target }))
    const targets = verifying(changed).map(({ target }) => target)
    expect(changed.length).toBeGreaterThan(7_000)
    expect(targets.filter((target) => meaningOf(target) !== meaningOf(signed.target))).toEqual([])
  })

  test('of all targets with one character replaced, two that mean the same pass and no other', async () => {
    const signed = await signWith('aws4', PLAIN)
    const replaced = neighbours(signed.target)
      .filter((target) => target.length === signed.target.length)
      .map((target) => ({ ...signed, target }))
    expect(signed.target).toBe('/v1/_settings/app%3Ax?a=1&a=%2F%202&b=')
    // Not the digits in the path: this signer encodes it once more, digits as they are.
    expect(verifying(replaced).map(({ target }) => target)).toEqual([
      '/v1/_settings/app%3Ax?a=1&a=%2f%202&b=',
      '/v1/_settings/app%3Ax?a=1&a=%2F%202&b&',
    ])
  })

  test('the value of a parameter without a name is signed too', async () => {
    const signed = await signWith('@smithy/signature-v4', { ...GET, query: [['', '1']] })
    expect(signed.target).toBe('/v1/_settings?=1')
    expect(outcome(signed)).toBe('verified')
    expect(outcome({ ...signed, target: '/v1/_settings?=2' })).toBe('refused')
  })

  test('no other method verifies', async () => {
    const signed = await signWith('aws4', PLAIN)
    const methods = [...neighbours('PUT'), 'GET', 'POST', 'PATCH', 'DELETE', '', 'put', 'PUT\n']
    expect(verifying(methods.map((method) => ({ ...signed, method })))).toEqual([])
  })

  test.each(['content-type', 'x-note', 'host', 'x-amz-date'])(
    'no other value of the signed header %s verifies',
    async (name) => {
      const signed = await signWith('aws4', PLAIN)
      const value = headerOf(signed, name)
      // White space at the ends and its length inside are no part of a value.
      const others = neighbours(value).filter((other) => other.trim().replace(/ +/g, ' ') !== value)
      expect(verifying([withHeader(signed, name, value)])).toHaveLength(1)
      expect(verifying(others.map((other) => withHeader(signed, name, other)))).toEqual([])
      expect(verifying([withHeader(signed, name, undefined)])).toEqual([])
    },
  )

  test('a second copy of a signed header does not verify, before or after the first', async () => {
    const signed = await signWith('aws4', PLAIN)
    const copies = signed.headers.flatMap(([name, value]) => [
      { ...signed, headers: [[name, value] as const, ...signed.headers] },
      { ...signed, headers: [...signed.headers, [name.toUpperCase(), 'x'] as const] },
    ])
    expect(copies.length).toBeGreaterThan(10)
    expect(verifying(copies)).toEqual([])
  })

  test('a header that is not signed may change', async () => {
    const signed = await signWith('aws4', PLAIN)
    expect(outcome(withHeader(signed, 'user-agent', 'other'))).toBe('verified')
  })

  test('no other Authorization header of the same access key verifies', async () => {
    const signed = await signWith('aws4', PLAIN)
    const value = headerOf(signed, 'authorization')
    const others = neighbours(value).filter((other) => other.includes('Credential=app:x/'))
    const passed = verifying(others.map((other) => withHeader(signed, 'authorization', other)))
    // Only the blanks around the parts are free.
    const parts = (text: string) => text.trim().replace(/ +/g, ' ').replaceAll(', ', ',')
    const values = passed.map((request) => headerOf(request, 'authorization'))
    expect(values.filter((other) => parts(other) !== parts(value))).toEqual([])
  })

  test('no body with one bit changed verifies, nor a shorter or longer one', async () => {
    const signed = await signWith('@smithy/signature-v4', PLAIN)
    const flipped = Array.from({ length: signed.body.length * 8 }, (_, bit) =>
      signed.body.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)),
    )
    const bodies = [...flipped, signed.body.slice(1), Buffer.concat([signed.body, Buffer.of(0)])]
    expect(verifying(bodies.map((body) => ({ ...signed, body })))).toEqual([])
  })

  test('a body of 1 MiB with one byte changed is refused, wherever the byte is', async () => {
    const body = new Uint8Array(1_048_576)
    const signed = await signWith('aws4', { ...PLAIN, body })
    for (const place of [0, 524_288, 1_048_575]) {
      const changed = body.with(place, 1)
      expect(outcome({ ...signed, body: changed })).toBe('refused')
    }
  })

  test('any two targets that mean different things share no signature', async () => {
    const part = fc.constantFrom(...'a b = & + %20 %2B %26 %3D %25 26 / ? ; [ ] é'.split(' '))
    const query = fc.array(part, { maxLength: 6 }).map((parts) => encodeURI(parts.join('')))
    const target = query
      .map((text) => `/v1/users?${text.replaceAll('%25', '%')}`)
      // A parameter without a name is one that aws4 does not sign.
      .filter((text) => !/[?&]=|%(?![0-9A-F]{2})/.test(text))
    const signed = await Promise.all(
      fc.sample(target, { numRuns: 60, seed: 7 }).map(async (path) => ({
        path,
        request: await signWith('aws4', { ...GET, path }),
      })),
    )
    const stolen = signed.flatMap(({ path, request }) =>
      verifying(signed.map((other) => ({ ...request, target: other.path })))
        .filter(({ target: opened }) => meaningOf(opened) !== meaningOf(path))
        .map(({ target: opened }) => `${path} opens ${opened}`),
    )
    expect(stolen).toEqual([])
  })
})
