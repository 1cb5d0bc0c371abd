import { decode, sign, type SignOptions } from 'jsonwebtoken'
import { createSecretKey } from 'node:crypto'

import { issueIdToken } from '../../../src/tokens/issue-id-token'
import { issueSessionToken } from '../../../src/tokens/issue-session-token'
import {
  claimsToBeIdToken,
  idTokenExpiryMs,
  verifyClaims,
  verifyToken,
} from '../../../src/tokens/verify-token'
import { acme, ann, depsWith, NOW, NOW_MS, refusalOf } from './token-world'

const life = { ttlSeconds: 60, nowMs: NOW_MS }
const idToken = issueIdToken(acme, ann, life)
const sessionToken = issueSessionToken(acme, ann, life).token

/** A token signed by the app itself, or by `secret`. */
function signed(claims: object, secret = acme.secret, options: SignOptions = {}): string {
  return sign(claims, secret, { algorithm: 'HS256', noTimestamp: true, ...options })
}

const userSecret = acme.secret + ann.tokenSecret
const typed = (typ: string | undefined) => ({ header: { alg: 'HS256', ...(typ && { typ }) } })

test.each([
  ['id', idToken],
  ['session', sessionToken],
] as const)('a token of kind %s speaks for its user until it expires', async (kind, token) => {
  const { app, user, ...rest } = await verifyToken(token, depsWith())
  expect([app, user]).toEqual([acme, ann])
  const { jti } = decode(token, { json: true }) ?? {}
  expect(rest).toEqual({ kind, id: jti, expiresAtMs: (NOW + 60) * 1000, wantsKeys: false })
})

test('a super token speaks for the app, and may ask for its keys', async () => {
  const token = signed({ appid: 'app:acme', exp: NOW + 1, getCredentials: true })
  expect(await verifyToken(token, depsWith())).toEqual({
    app: acme,
    user: undefined,
    kind: 'super',
    id: '',
    expiresAtMs: (NOW + 1) * 1000,
    wantsKeys: true,
  })
})

test('an expiry is to the second, and a start may be 5 s ahead', async () => {
  const at = (claims: object) =>
    verifyToken(signed({ appid: 'acme', exp: NOW + 1, ...claims }), depsWith())
  await expect(at({})).resolves.toMatchObject({ kind: 'super' })
  expect(await refusalOf(at({ exp: NOW }))).toBe('token_invalid: jwt expired')
  await expect(at({ nbf: NOW + 5 })).resolves.toMatchObject({ kind: 'super' })
  expect(await refusalOf(at({ nbf: NOW + 6 }))).toBe('token_invalid: not yet valid')
})

test.each([
  ['no token', 'x', 'claims'],
  ['broken JSON', `${Buffer.from('{').toString('base64url')}.e30.x`, 'claims'],
  ['broken JSON as claims', signedText('{'), 'claims'],
  ['text as claims', sign('text', acme.secret), 'claims'],
  ['null as claims', signedText('null'), 'claims'],
  ['a number as app', signed({ appid: 7, exp: NOW + 1 }), 'claims'],
  ['more than 8,192 characters', signed({ appid: 'acme', x: 'x'.repeat(8_192) }), 'claims'],
  ['another app', signed({ appid: 'app:other', exp: NOW + 1 }), 'app'],
  ['no expiry', signed({ appid: 'acme' }), 'no expiry'],
  ['a subject that is unknown', signed({ appid: 'acme', sub: '8', exp: NOW + 1 }), 'user'],
  ['a number as subject', signed({ appid: 'acme', sub: 7, exp: NOW + 1 }, userSecret), 'user'],
  ['an identifier alone', signed({ appid: 'acme', identifier: 'x', exp: NOW + 1 }), 'user'],
  ['an email alone', signed({ appid: 'acme', email: 'x', exp: NOW + 1 }), 'user'],
  [
    'a subject, signed by the app alone',
    signed({ appid: 'acme', sub: '7', exp: NOW + 1 }),
    'invalid signature',
  ],
  [
    'HS512',
    signed({ appid: 'acme', exp: NOW + 1 }, acme.secret, { algorithm: 'HS512' }),
    'invalid algorithm',
  ],
])('a token with %s is refused', async (_name, token, reason) => {
  expect(await refusalOf(verifyToken(token, depsWith()))).toBe(`token_invalid: ${reason}`)
})

test.each([undefined, 'JWT', 'x'])('a token of a user with typ %s is of no kind', async (typ) => {
  const claims = { appid: 'acme', sub: '7', exp: NOW + 1 }
  const token = sign(claims, userSecret, { ...typed(typ), noTimestamp: true } as SignOptions)
  expect(await refusalOf(verifyToken(token, depsWith()))).toBe('token_invalid: type')
})

test('a token ends with its app and its user', async () => {
  const inactive = { active: false }
  const noApp = depsWith({ app: { ...acme, ...inactive } })
  expect(await refusalOf(verifyToken(idToken, noApp))).toBe('token_invalid: app')
  const noUser = depsWith({ user: { ...ann, ...inactive } })
  expect(await refusalOf(verifyToken(idToken, noUser))).toBe('token_invalid: user')
  const renewed = depsWith({ user: { ...ann, tokenSecret: 'another' } })
  expect(await refusalOf(verifyToken(idToken, renewed))).toBe('token_invalid: invalid signature')
})

test('a token of exactly 8,192 characters is read', async () => {
  const claims = (x: string) => ({ appid: 'acme', exp: NOW + 1, x })
  const missing = 8_192 - signed(claims('')).length
  const token = signed(claims('x'.repeat(Math.ceil((missing * 3) / 4))))
  expect(token).toHaveLength(8_192)
  await expect(verifyToken(token, depsWith())).resolves.toMatchObject({ kind: 'super' })
})

describe('verifyClaims', () => {
  const keys = ['one', 'two'].map((text) => createSecretKey(Buffer.from(text)))

  test('takes a signature by any of the keys', () => {
    expect(verifyClaims(signed({ a: 1 }, 'one'), keys, NOW)).toEqual({ a: 1 })
    expect(verifyClaims(signed({ a: 1 }, 'two'), keys, NOW)).toEqual({ a: 1 })
  })

  test.each([
    ['another key', signed({}, 'three'), keys, 'invalid signature'],
    ['no key', signed({}, 'one'), [], 'no key'],
    ['text as claims', sign('text', 'one'), keys, 'claims'],
  ])('refuses %s', (_name, token, by, reason) => {
    expect(() => verifyClaims(token, by, NOW)).toThrow(
      expect.objectContaining({ code: 'token_invalid', facts: { reason } }),
    )
  })
})

describe('what a token claims of itself', () => {
  test('is an ID token by its header alone', () => {
    expect(claimsToBeIdToken(idToken)).toBe(true)
    expect(claimsToBeIdToken(sessionToken)).toBe(false)
    expect(claimsToBeIdToken('x')).toBe(false)
    const [header = ''] = idToken.split('.')
    const long = `${header}.${'x'.repeat(8_192 - header.length - 2)}.`
    expect(claimsToBeIdToken(long)).toBe(true)
    expect(claimsToBeIdToken(`${long}x`)).toBe(false)
  })

  test('has an end where it is an ID token that has one', () => {
    expect(idTokenExpiryMs(idToken)).toBe((NOW + 60) * 1000)
    expect(idTokenExpiryMs(sessionToken)).toBeUndefined()
    const endless = sign({}, 'x', typed('id+jwt') as SignOptions)
    expect(idTokenExpiryMs(endless)).toBeUndefined()
  })
})

/** A token whose claims are any JSON; its signature fits nothing. */
function signedText(claims: string): string {
  const [header = '', , signature = ''] = idToken.split('.')
  return `${header}.${Buffer.from(claims).toString('base64url')}.${signature}`
}
