import { superToken, type Sender } from '../../support/api'
import type { Case, Section } from '../case'
import type { World } from '../world'

/** A call by `shop`, which is made before. */
function byShop(line: string, as: (world: World) => Promise<Sender> = (world) => world.shop()) {
  return async (world: World): Promise<void> => {
    await world.call(line, { as: await as(world) })
  }
}

async function aUser(world: World): Promise<string> {
  await world.shop()
  return (await world.jwtAuth()).json.jwt.access_token
}

function late(ms: number): Case['send'] {
  return async (world) => {
    await world.call('GET /v1/_me', { as: await world.shop(), nowMs: Date.now() + ms })
  }
}

export const api: Section = {
  title: '5 The API: who calls, and apps',
  cases: [
    {
      line: 'an app calls by a signature',
      send: byShop('GET /v1/_me'),
      expected: { status: 200, json: { id: 'app:shop' } },
    },
    {
      line: 'an app calls by a super token',
      send: byShop('GET /v1/_me', async (world) => superToken(await world.shop())),
      expected: { status: 200, json: { id: 'app:shop' } },
    },
    {
      line: 'a user calls by a token',
      send: byShop('GET /v1/_me', aUser),
      expected: { status: 200, json: { type: 'user' } },
    },
    {
      line: 'a path that is percent-encoded once can be signed',
      send: byShop('GET /v1/_settings/app%3Ax%20y'),
      expected: { status: 200, json: {} },
    },
    {
      line: 'nobody is 401 with a Bearer challenge',
      send: (world) => world.call('GET /v1/_settings'),
      expected: {
        status: 401,
        json: { code: 401, message: /\w/ },
        headers: { 'www-authenticate': 'Bearer' },
      },
    },
    {
      line: 'a bad signature is 403',
      send: byShop('GET /v1/_settings', async (world) => ({
        ...(await world.shop()),
        secretKey: 'x',
      })),
      expected: { status: 403, json: { code: 403, message: /\w/ } },
    },
    {
      line: 'an unknown app is 404',
      send: byShop('GET /v1/_settings', async (world) => ({
        ...(await world.shop()),
        accessKey: 'app:nobody',
      })),
      expected: { status: 404, json: { code: 404, message: 'App not found.' } },
    },
    {
      line: 'a signature of 16 minutes ago is 400',
      send: late(-960_000),
      expected: { status: 400, json: { code: 400, message: 'Request has expired.' } },
    },
    {
      line: 'a signature of 16 minutes ahead is 400',
      send: late(960_000),
      expected: { status: 400, json: { code: 400, message: 'Request has expired.' } },
    },
    {
      line: 'a user where an app is needed is 403',
      send: byShop('GET /v1/_settings', aUser),
      expected: { status: 403, json: { code: 403 } },
    },
    {
      line: 'a bad Bearer is 401 and says so',
      send: byShop('GET /v1/_settings', () => Promise.resolve('a.b.c')),
      expected: { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } },
    },
    {
      line: 'a body that is no JSON object is 400',
      send: async (world) => world.call('PUT /v1/_settings', { as: await world.shop(), body: [] }),
      expected: { status: 400, json: { code: 400, message: /\w/ } },
    },
    {
      line: 'GET /v1/ tells name and version',
      send: byShop('GET /v1/'),
      expected: { status: 200, json: { info: /\w/, version: /^\d/ } },
    },
    {
      line: 'GET /v1/_health is open to all',
      send: (world) => world.call('GET /v1/_health'),
      expected: { status: 200, text: '{"message":"healthy"}' },
    },
    {
      line: 'GET /v1/_health is 503 when the store is down',
      async send(world) {
        await world.server.composition.close()
        await world.call('GET /v1/_health')
      },
      expected: { status: 503, json: { code: 503 } },
    },
    {
      line: 'GET /v1/_me by nobody is 401 without a body',
      send: (world) => world.call('GET /v1/_me'),
      expected: { status: 401, text: '' },
    },
    {
      line: 'GET /v1/_setup tells no key to anyone',
      send: (world) => world.call('GET /v1/_setup'),
      expected: { status: 200, json: { message: /\w/, secretKey: undefined } },
    },
    {
      line: 'GET /v1/_setup/{app} by the root app makes a child',
      send: (world) => world.call('GET /v1/_setup/books?name=Books', { as: world.root }),
      expected: {
        status: 200,
        json: { accessKey: 'app:books', secretKey: /^\S{32,}$/, message: /\w/ },
      },
    },
    {
      line: 'GET /v1/_setup/{app} of one that is there only says so',
      async send(world) {
        await world.shop()
        await world.call('GET /v1/_setup/app%3Ashop', { as: world.root })
      },
      expected: { status: 200, json: { message: /\w/, secretKey: undefined } },
    },
    {
      line: 'GET /v1/_setup/{app} by a child is 403',
      send: byShop('GET /v1/_setup/books'),
      expected: { status: 403, json: { code: 403 } },
    },
    {
      line: 'GET /v1/_setup/{app} unsigned is 401',
      send: (world) => world.call('GET /v1/_setup/books'),
      expected: { status: 401, json: { code: 401 } },
    },
    {
      line: 'POST /v1/_newkeys gives a new secret',
      send: byShop('POST /v1/_newkeys'),
      expected: {
        status: 200,
        json: { accessKey: 'app:shop', secretKey: /^\S{32,}$/, info: /\w/ },
      },
    },
    {
      line: 'after POST /v1/_newkeys the old secret is worth nothing, and the new one works',
      async send(world) {
        const old = await world.shop()
        const { json } = await world.call('POST /v1/_newkeys', { as: old })
        const [before, after] = [old, json].map((as) => world.call('GET /v1/_me', { as }))
        return [(await before)?.status, (await after)?.status]
      },
      expected: { value: [403, 200] },
    },
    {
      line: 'GET /v1/apps lists all apps to the root app',
      async send(world) {
        await world.shop()
        const { json } = await world.call('GET /v1/apps', { as: world.root })
        return json.items.map(({ id }: { id: string }) => id)
      },
      expected: { status: 200, value: ['app:para', 'app:shop'] },
    },
    {
      line: 'GET /v1/apps by a child is 403',
      send: byShop('GET /v1/apps'),
      expected: { status: 403 },
    },
    {
      line: 'an app may delete itself',
      send: byShop('DELETE /v1/apps/app%3Ashop'),
      expected: { status: 200, text: '' },
    },
    {
      line: 'the root app may delete a child, with its users, settings and sessions',
      async send(world) {
        await world.shop({ colour: 'red' })
        await world.signIn('/amazon_auth?state=shop')
        await world.call('DELETE /v1/apps/shop', { as: world.root })
        const { json: again } = await world.call('GET /v1/_setup/shop', { as: world.root })
        const users = await world.call('GET /v1/users', { as: again })
        const settings = await world.call('GET /v1/_settings', { as: again })
        const session = await world.browse('/v1/_me?appid=shop')
        return [users.json.totalHits, settings.text, session.status]
      },
      expected: { value: [0, '{}', 401] },
    },
    {
      line: 'another child may not',
      async send(world) {
        await world.shop()
        const other = await world.server.createApp('other')
        await world.call('DELETE /v1/apps/shop', { as: other })
      },
      expected: { status: 403 },
    },
    {
      line: 'GET /v1/app lists all apps, too',
      async send(world) {
        await world.shop()
        const { json } = await world.call('GET /v1/app', { as: world.root })
        return json.items.map(({ id }: { id: string }) => id)
      },
      expected: { status: 200, value: ['app:para', 'app:shop'] },
    },
    {
      line: 'GET /v1/apps/search finds apps by what they begin with, for the root app',
      async send(world) {
        await world.shop()
        const { json } = await world.call('GET /v1/apps/search?q=sh', { as: world.root })
        return json.items.map(({ id }: { id: string }) => id)
      },
      expected: { status: 200, json: { totalHits: 1 }, value: ['app:shop'] },
    },
    {
      line: 'an app may delete itself by its objectURI',
      send: byShop('DELETE /v1/app/app%3Ashop'),
      expected: { status: 200, text: '' },
    },
    {
      line: 'GET /v1/utils/timestamp tells an app the time',
      send: byShop('GET /v1/utils/timestamp'),
      expected: { status: 200, text: /^\d{13}$/ },
    },
    {
      line: 'GET /v1/utils/timestamp tells a user the time',
      send: byShop('GET /v1/utils/timestamp', aUser),
      expected: { status: 200, text: /^\d{13}$/ },
    },
    {
      line: 'getCredentials in a super token at /v1/_me is 403 with a sentence',
      send: (world) =>
        world.call('GET /v1/_me', { as: superToken(world.root, { getCredentials: 'app:shop' }) }),
      expected: { status: 403, json: { code: 403, message: /shown once/ } },
    },
    ...['GET /v1/_batch?ids=1', 'GET /v1/search', 'GET /v1/sysprop/1', 'PUT /v1/tag/red'].map(
      (line): Case => ({
        line: `${line} is 404 and says what is kept here`,
        send: (world) => world.call(line, { as: world.root }),
        expected: { status: 404, json: { code: 404, message: /users and apps only/ } },
      }),
    ),
    ...['GET /v1/nope', 'GET /nope', 'GET /v1/_settings/a/b'].map((line): Case => ({
      line: `${line} is 404`,
      send: (world) => world.call(line, { as: world.root }),
      expected: { status: 404, json: { code: 404, message: /\w/ } },
    })),
  ],
}
