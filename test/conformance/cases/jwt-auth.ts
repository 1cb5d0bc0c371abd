import type { Json } from '../../../src/apps/settings'
import type { FaultRule } from '../../../src/emulator'
import type { Case, Section } from '../case'
import type { World } from '../world'

const REFUSED = { status: 400, json: { code: 400, message: /^Failed to authenticate user with/ } }
const INVALID = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }

function post(changes: Record<string, Json | undefined>): Case['send'] {
  return async (world) => {
    await world.shop()
    const token = world.server.amazonToken('shop')
    const body = { provider: 'amazon', appid: 'shop', token, ...changes }
    await world.call('POST /jwt_auth', { body: JSON.stringify(body) })
  }
}

function spoilt(rule: FaultRule): Case['send'] {
  return async (world) => {
    await world.shop()
    world.server.emulator.faults.set(rule)
    await world.jwtAuth()
  }
}

/** A call by the session token of somebody who has just signed in. */
async function signedInCall(world: World, line: string): Promise<string> {
  await world.shop()
  const { json } = await world.jwtAuth()
  const as = String(json.jwt.access_token)
  await world.call(line, { as })
  return as
}

/** Signs in to `shop` by Amazon, and trades the ID token that its page is opened with. */
async function tradeIdToken(world: World): Promise<Readonly<Record<string, string>>> {
  const { location } = await world.signIn('/amazon_auth?state=shop')
  const token = new URL(location).searchParams.get('jwt') ?? ''
  const body = { provider: 'passwordless', appid: 'app:shop', token }
  await world.call('POST /jwt_auth', { body })
  return body
}

export const jwtAuth: Section = {
  title: '4 /jwt_auth',
  cases: [
    {
      line: 'POST trades an Amazon access token for a session token and the user',
      send: post({}),
      expected: {
        status: 200,
        json: { jwt: { access_token: /^ey/ }, user: { type: 'user', appid: 'shop' } },
        text: /"refresh":\d{13},"expires":\d{13}/,
      },
    },
    {
      line: 'the token is checked first, and then the profile is read',
      send: post({}),
      expected: { asked: ['GET /auth/o2/tokeninfo', 'GET /user/profile'] },
    },
    ...['AMAZON', 'Amazon'].map((provider) => ({
      line: `the provider may be written ${provider}`,
      send: post({ provider }),
      expected: { status: 200 },
    })),
    {
      line: 'appid may begin with app:',
      send: post({ appid: 'app:shop' }),
      expected: { status: 200 },
    },
    ...['provider', 'appid', 'token'].flatMap((field) => [
      {
        line: `without ${field} it is 400`,
        send: post({ [field]: undefined }),
        expected: { status: 400, json: { code: 400, message: new RegExp(field) } },
      },
      ...[null, 7, ['x'], {}].map((value) => ({
        line: `${field} = ${JSON.stringify(value)} is 400`,
        send: post({ [field]: value }),
        expected: { status: 400, json: { code: 400, message: new RegExp(field) } },
      })),
    ]),
    {
      line: 'JSON that is cut off is 400',
      send: (world) => world.call('POST /jwt_auth', { body: '{"provider":"ama' }),
      expected: { status: 400, json: { code: 400 } },
    },
    {
      line: 'an unknown app is 400',
      send: post({ appid: 'nobody' }),
      expected: { status: 400, json: { code: 400 }, asked: [] },
    },
    {
      line: 'an unknown provider is 400',
      send: post({ provider: 'example' }),
      expected: { status: 400, json: { code: 400 }, asked: [] },
    },
    {
      line: 'the root app is 403',
      send: post({ appid: 'para' }),
      expected: { status: 403, json: { code: 403 }, asked: [] },
    },
    {
      line: 'a token that Amazon refuses is 400',
      send: post({ token: 'Atza|x' }),
      expected: REFUSED,
    },
    {
      line: 'a token that was issued to another client is 400, and its profile is not read',
      async send(world) {
        await world.shop()
        const token = world.server.amazonToken('other')
        const body = { provider: 'amazon', appid: 'shop', token }
        await world.call('POST /jwt_auth', { body })
      },
      expected: { ...REFUSED, asked: ['GET /auth/o2/tokeninfo'] },
    },
    {
      line: 'a token info of another issuer is 400',
      send: spoilt({ endpoint: 'tokeninfo', fault: 'wrong_iss' }),
      expected: REFUSED,
    },
    {
      line: 'a profile of somebody else is 400',
      send: spoilt({ endpoint: 'profile', fault: 'user_id_mismatch' }),
      expected: REFUSED,
    },
    {
      line: 'a locked user is 400',
      async send(world) {
        const keys = await world.shop()
        const { json } = await world.jwtAuth()
        const path = `/v1/users/${String(json.user.id)}`
        await world.call(`PATCH ${path}`, { as: keys, body: { active: false } })
        await world.jwtAuth()
      },
      expected: REFUSED,
    },
    {
      line: 'while the check at Amazon is down it is 503',
      send: spoilt({ endpoint: 'tokeninfo', fault: 'http_503' }),
      expected: { status: 503, json: { code: 503 }, headers: { 'retry-after': /^\d+$/ } },
    },
    {
      line: 'a refused sign-in leaves no user behind',
      async send(world) {
        const keys = await world.shop()
        world.server.emulator.faults.set({ endpoint: 'profile', fault: 'user_id_mismatch' })
        await world.jwtAuth()
        await world.call('GET /v1/users', { as: keys })
      },
      expected: { json: { totalHits: 0 } },
    },
    {
      line: 'GET with a live session token gives a new one',
      send: (world) => signedInCall(world, 'GET /jwt_auth'),
      expected: {
        status: 200,
        json: { jwt: { access_token: /^ey/ }, user: { appid: 'shop' } },
        text: /"refresh":\d{13},"expires":\d{13}/,
      },
    },
    {
      line: 'an ID token, as provider passwordless, is traded for a session token',
      async send(world) {
        await world.shop({ signin_success: 'https://shop.example/in?jwt=id' })
        await tradeIdToken(world)
      },
      expected: {
        status: 200,
        json: { jwt: { access_token: /^ey/ }, user: { appid: 'shop', name: 'Ada Lindqvist' } },
        claims: { idp: 'amazon' },
      },
    },
    {
      line: 'an ID token is traded once',
      async send(world) {
        await world.shop({ signin_success: 'https://shop.example/in?jwt=id' })
        const body = await tradeIdToken(world)
        await world.call('POST /jwt_auth', { body })
      },
      expected: { status: 400, json: { code: 400 } },
    },
    {
      line: 'a session token in place of an ID token is 400',
      async send(world) {
        await world.shop()
        const { json } = await world.jwtAuth()
        const body = { provider: 'passwordless', appid: 'shop', token: json.jwt.access_token }
        await world.call('POST /jwt_auth', { body })
      },
      expected: { status: 400, json: { code: 400 } },
    },
    {
      line: 'GET takes the token from the query too',
      async send(world) {
        await world.shop()
        const { json } = await world.jwtAuth()
        const bearer = encodeURIComponent(`Bearer ${String(json.jwt.access_token)}`)
        await world.call(`GET /jwt_auth?Authorization=${bearer}`)
      },
      expected: { status: 200, json: { jwt: { access_token: /^ey/ } } },
    },
    {
      line: 'GET without a token is 401',
      send: (world) => world.call('GET /jwt_auth'),
      expected: INVALID,
    },
    {
      line: 'GET with rubbish is 401',
      send: (world) => world.call('GET /jwt_auth', { as: 'a.b.c' }),
      expected: INVALID,
    },
    {
      line: 'GET with a token that is past its life is 401',
      async send(world) {
        await world.shop({ session_timeout: 60 })
        const { json } = await world.jwtAuth()
        world.server.moveClock(61_000)
        await world.call('GET /jwt_auth', { as: json.jwt.access_token })
      },
      expected: INVALID,
    },
    {
      line: 'DELETE revokes',
      send: (world) => signedInCall(world, 'DELETE /jwt_auth'),
      expected: { status: 200, json: { code: 200, message: /\w/ } },
    },
    {
      line: 'after DELETE the token is worth nothing',
      async send(world) {
        const as = await signedInCall(world, 'DELETE /jwt_auth')
        await world.call('GET /v1/_me', { as })
      },
      expected: INVALID,
    },
    {
      line: 'after DELETE the user’s sessions are over as well',
      async send(world) {
        await world.shop()
        await world.signIn('/amazon_auth?state=shop')
        const { json } = await world.jwtAuth()
        await world.call('DELETE /jwt_auth', { as: json.jwt.access_token })
        await world.browse('/v1/_me?appid=shop')
      },
      expected: { status: 401 },
    },
    {
      line: 'DELETE without a token is 401',
      send: (world) => world.call('DELETE /jwt_auth'),
      expected: { status: 401, headers: { 'www-authenticate': /^Bearer/ } },
    },
    ...['PUT', 'PATCH', 'HEAD'].map((method) => ({
      line: `${method} is 405`,
      send: (world: World) => world.call(`${method} /jwt_auth`),
      expected: { status: 405, headers: { allow: 'POST, GET, DELETE' } },
    })),
  ],
}
