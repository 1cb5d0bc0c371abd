import { sign } from 'jsonwebtoken'
import { createSecretKey } from 'node:crypto'

import { verifyAssertion } from '../../../src/tokens/verify-assertion'
import { NOW, NOW_MS } from './token-world'

const keys = ['one', 'two'].map((text) => createSecretKey(Buffer.from(text)))

function verify(claims: object, maxLifeSeconds?: number, secret = 'two') {
  const token = sign(claims, secret, { noTimestamp: !('iat' in claims) })
  return verifyAssertion(token, keys, { nowMs: NOW_MS, maxLifeSeconds })
}

function refusal(reason: string): Error {
  return expect.objectContaining({ code: 'token_invalid', facts: { reason } }) as Error
}

const whole = { identifier: 'u1', email: 'ann@example.com', name: 'Ann', picture: 'p', groups: 'g' }

test('gives what it says of a user, by whichever key it is signed', () => {
  expect(verify({ ...whole, other: 1 })).toStrictEqual(whole)
  expect(verify(whole, undefined, 'one')).toStrictEqual(whole)
  expect(() => verify(whole, undefined, 'three')).toThrow(refusal('invalid signature'))
})

test('is found by the email where it has no identifier, and must have one of them', () => {
  expect(verify({ email: 'a@b.c' })).toStrictEqual({ identifier: 'a@b.c', email: 'a@b.c' })
  expect(verify({ identifier: 'u1' })).toStrictEqual({ identifier: 'u1' })
  expect(() => verify({ name: 'Ann' })).toThrow(refusal('neither identifier nor email'))
})

test.each([null, ''])('%j counts as not sent', (blank) => {
  const blanks = { email: blank, name: blank, picture: blank, groups: blank }
  expect(verify({ identifier: 'u1', ...blanks })).toStrictEqual({ identifier: 'u1' })
})

test.each(['identifier', 'email', 'name', 'picture', 'groups'])(
  'refuses a claim %s that no store keeps as it is',
  (claim) => {
    for (const value of [7, {}, 'x'.repeat(257), 'a\0', '\ud800']) {
      expect(() => verify({ ...whole, [claim]: value })).toThrow(refusal(`claim ${claim}`))
    }
    expect(verify({ ...whole, [claim]: 'x'.repeat(256) })).toMatchObject({
      [claim]: 'x'.repeat(256),
    })
  },
)

test('where lives are short, one is at most that long, from its issue and from now', () => {
  const at = (iat: number, exp: number) => () => verify({ ...whole, iat, exp }, 300)
  expect(at(NOW, NOW + 300)()).toStrictEqual(whole)
  expect(at(NOW - 299, NOW + 1)()).toStrictEqual(whole)
  expect(at(NOW + 5, NOW + 305)()).toStrictEqual(whole)
  expect(at(NOW, NOW + 301)).toThrow(refusal('too long a life'))
  expect(at(NOW - 300, NOW + 1)).toThrow(refusal('too long a life'))
  expect(at(NOW + 6, NOW + 306)).toThrow(refusal('too long a life'))
})

test('where lives are short, there must be an end and an issue', () => {
  const missing = refusal('no expiry, or no time of issue')
  expect(() => verify({ ...whole, iat: NOW }, 300)).toThrow(missing)
  expect(() => verify({ ...whole, exp: NOW + 9 }, 300)).toThrow(missing)
  expect(verify({ ...whole, exp: NOW + 9 })).toStrictEqual(whole)
})
