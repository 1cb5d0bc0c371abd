import { decode } from 'jsonwebtoken'

import { idTokenClaims, issueIdToken } from '../../../src/tokens/issue-id-token'
import { issueSessionToken } from '../../../src/tokens/issue-session-token'
import { acme, ann, NOW, NOW_MS } from './token-world'

const JTI = /^[\w-]{22}$/

test('an ID token says who has signed in, for as long as it was told', () => {
  const token = issueIdToken(acme, ann, { ttlSeconds: 60, nowMs: NOW_MS })
  const { header, payload } = decode(token, { complete: true }) ?? {}
  expect(header).toEqual({ alg: 'HS256', typ: 'id+jwt' })
  expect(payload).toEqual({
    iat: NOW,
    nbf: NOW,
    exp: NOW + 60,
    jti: expect.stringMatching(JTI),
    appid: 'app:acme',
    sub: '7',
    identifier: 'az:amzn1.account.A',
    email: 'ann@example.com',
    name: 'Ann',
    picture: 'https://example.com/ann.png',
  })
})

test('an ID token holds nonce and claims of the app, and ends no later than it may', () => {
  const contents = { nonce: 'n-1', claims: { plan: 'gold', name: 'Bob' } }
  const until = (untilMs: number) =>
    decode(issueIdToken(acme, ann, { ttlSeconds: 60, nowMs: NOW_MS, untilMs, ...contents }))
  expect(until((NOW + 9) * 1000 + 999)).toMatchObject({ exp: NOW + 9, nonce: 'n-1', plan: 'gold' })
  expect(until((NOW + 99) * 1000)).toMatchObject({ exp: NOW + 60 })
})

test('what an ID token does not say is not there at all', () => {
  expect(idTokenClaims(acme, ann, { ttlSeconds: 60, nowMs: NOW_MS })).not.toHaveProperty('nonce')
})

test.each([
  [60, 30],
  [7_199, 3_599.5],
  [86_400, 3_600],
])('a session token of %i s is to be refreshed after %d s', (ttlSeconds, refreshSeconds) => {
  const issued = issueSessionToken(acme, ann, { ttlSeconds, nowMs: NOW_MS })
  const refresh = (NOW + refreshSeconds) * 1000
  expect(issued).toMatchObject({ expiresAtMs: (NOW + ttlSeconds) * 1000, refreshAtMs: refresh })
  const { header, payload } = decode(issued.token, { complete: true }) ?? {}
  expect(header).toEqual({ alg: 'HS256', typ: 'session+jwt' })
  expect(payload).toEqual({
    iat: NOW,
    nbf: NOW,
    exp: NOW + ttlSeconds,
    jti: expect.stringMatching(JTI),
    refresh,
    appid: 'app:acme',
    sub: '7',
    idp: 'amazon',
  })
})
