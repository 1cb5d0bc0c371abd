import { sign } from 'jsonwebtoken'

import { claimsOf, superToken, type Keys } from '../../support/api'
import type { Section } from '../case'
import { BEN, type World } from '../world'

/** An ID token of `shop`, by a whole login. */
async function idToken(world: World): Promise<string> {
  const { location } = await world.signIn('/amazon_auth?state=shop')
  return new URL(location).searchParams.get('jwt') ?? ''
}

const TO_ID = { signin_success: 'https://shop.example/in?jwt=id' }
const INVALID = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }

/** Forges a token of `shop` and shows it. */
function forged(forge: (keys: Keys, token: string) => string) {
  return async (world: World): Promise<void> => {
    const keys = await world.shop()
    const { json } = await world.jwtAuth()
    await world.call('GET /v1/_me', { as: forge(keys, json.jwt.access_token) })
  }
}

export const tokens: Section = {
  title: '3 Tokens',
  cases: [
    {
      line: 'an ID token says who signed in where',
      async send(world) {
        await world.shop(TO_ID)
        await idToken(world)
      },
      expected: {
        claims: {
          appid: 'app:shop',
          sub: /^\d+$/,
          name: 'Ada Lindqvist',
          email: 'ada@example.com',
          identifier: /^az:amzn1\./,
          picture: /^https:/,
        },
      },
    },
    {
      line: 'an ID token lives 60 s from iat, and is good from iat on',
      async send(world) {
        await world.shop(TO_ID)
        const { iat = 0, nbf = 0, exp = 0 } = claimsOf(await idToken(world))
        return [exp - iat, nbf <= iat]
      },
      expected: { value: [60, true] },
    },
    {
      line: 'id_token_expires_after sets its life',
      setup: { conf: 'para.id_token_expires_after = 30' },
      async send(world) {
        await world.shop(TO_ID)
        const { iat = 0, exp = 0 } = claimsOf(await idToken(world))
        return exp - iat
      },
      expected: { value: 30 },
    },
    {
      line: 'an ID token is a Bearer token until it expires',
      async send(world) {
        await world.shop(TO_ID)
        const as = await idToken(world)
        const before = await world.call('GET /v1/_me', { as })
        world.server.moveClock(61_000)
        const after = await world.call('GET /v1/_me', { as })
        return [before.status, after.status]
      },
      expected: { value: [200, 401] },
    },
    {
      line: 'issuing an ID token changes nothing for older tokens',
      async send(world) {
        await world.shop(TO_ID)
        const { json } = await world.jwtAuth()
        await idToken(world)
        await world.call('GET /v1/_me', { as: json.jwt.access_token })
      },
      expected: { status: 200 },
    },
    {
      line: 'a session token lives a day, and is to be renewed after an hour',
      async send(world) {
        await world.shop()
        const { json } = await world.jwtAuth()
        const { iat = 0, nbf = 0, exp = 0, refresh } = claimsOf(json.jwt.access_token)
        return [exp - iat, nbf <= iat, (Number(refresh) - iat * 1000) / 1000]
      },
      expected: { claims: { appid: 'app:shop', idp: 'amazon' }, value: [86_400, true, 3600] },
    },
    {
      line: 'the app’s session_timeout sets its life; it is to be renewed at half of it',
      setup: { conf: 'para.jwt_expires_after = 7200' },
      async send(world) {
        await world.shop({ session_timeout: 600 })
        const { json } = await world.jwtAuth()
        const { iat = 0, exp = 0, refresh } = claimsOf(json.jwt.access_token)
        return [exp - iat, (Number(refresh) - iat * 1000) / 1000]
      },
      expected: { value: [600, 300] },
    },
    {
      line: 'jwt_expires_after sets it for all apps',
      setup: { conf: 'para.jwt_expires_after = 7200' },
      async send(world) {
        await world.shop()
        const { json } = await world.jwtAuth()
        const { iat = 0, exp = 0 } = claimsOf(json.jwt.access_token)
        return exp - iat
      },
      expected: { value: 7200 },
    },
    {
      line: 'by default a new session token ends the user’s older ones',
      async send(world) {
        await world.shop()
        const { json } = await world.jwtAuth()
        await world.jwtAuth()
        await world.call('GET /v1/_me', { as: json.jwt.access_token })
      },
      expected: INVALID,
    },
    {
      line: 'with one_session_per_user = false it does not',
      setup: { conf: 'para.one_session_per_user = false' },
      async send(world) {
        await world.shop()
        const { json } = await world.jwtAuth()
        await world.jwtAuth()
        await world.call('GET /v1/_me', { as: json.jwt.access_token })
      },
      expected: { status: 200 },
    },
    {
      line: 'a super token acts as the app that has signed it',
      send: async (world) => world.call('GET /v1/_me', { as: superToken(await world.shop()) }),
      expected: { status: 200, json: { id: 'app:shop' } },
    },
    {
      line: 'a super token needs an expiry',
      async send(world) {
        const { secretKey } = await world.shop()
        await world.call('GET /v1/_me', { as: sign({ appid: 'app:shop' }, secretKey) })
      },
      expected: INVALID,
    },
    {
      line: 'a token with a sub is never a super token, whoever signed it',
      send: forged((keys) => superToken(keys, { sub: '1' })),
      expected: INVALID,
    },
    ...(['HS384', 'HS512'] as const).map((algorithm) => ({
      line: `${algorithm} is not accepted`,
      send: forged((keys) => superToken(keys, {}, { algorithm })),
      expected: INVALID,
    })),
    {
      line: 'alg none is not accepted',
      send: forged((_keys, token) => {
        const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')
        return `${header}.${token.split('.')[1] ?? ''}.`
      }),
      expected: INVALID,
    },
    {
      line: 'a user’s token signed by the app secret alone is not accepted',
      send: forged((keys, token) => sign(claimsOf(token), keys.secretKey)),
      expected: INVALID,
    },
    {
      line: 'a new app secret ends the user’s tokens',
      async send(world) {
        const keys = await world.shop()
        const { json } = await world.jwtAuth()
        await world.call('POST /v1/_newkeys', { as: keys })
        await world.call('GET /v1/_me', { as: json.jwt.access_token })
      },
      expected: INVALID,
    },
    {
      line: 'a token of a locked user is worth nothing',
      async send(world) {
        const keys = await world.shop()
        const { json } = await world.jwtAuth()
        const path = `/v1/users/${String(json.user.id)}`
        await world.call(`PATCH ${path}`, { as: keys, body: { active: false } })
        await world.call('GET /v1/_me', { as: json.jwt.access_token })
      },
      expected: INVALID,
    },
    {
      line: 'a token of a deleted user is worth nothing',
      async send(world) {
        const keys = await world.shop()
        const { json } = await world.jwtAuth()
        await world.call(`DELETE /v1/users/${String(json.user.id)}`, { as: keys })
        await world.call('GET /v1/_me', { as: json.jwt.access_token })
      },
      expected: INVALID,
    },
    {
      line: 'a token of a deleted app is worth nothing',
      async send(world) {
        const keys = await world.shop()
        const { json } = await world.jwtAuth(BEN)
        await world.call('DELETE /v1/apps/shop', { as: keys })
        await world.call('GET /v1/_me', { as: json.jwt.access_token })
      },
      expected: INVALID,
    },
  ],
}
