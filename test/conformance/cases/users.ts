import type { Section } from '../case'
import { ADA, BEN, CHLOE, type World } from '../world'

const CHANGES = { active: false, name: 'Ada L.', email: 'a@example.com', groups: 'staff' }

/** `shop` with three users. */
async function peopled(world: World) {
  const keys = await world.shop()
  const ids: string[] = []
  for (const person of [ADA, BEN, CHLOE]) {
    ids.push((await world.jwtAuth(person)).json.user.id)
    world.server.moveClock(10)
  }
  return { as: keys, ids, path: `/v1/users/${ids[0] ?? ''}` }
}

export const users: Section = {
  title: '5 The API: users',
  cases: [
    {
      line: 'GET lists the app’s users; page is 0 when it was not given',
      async send(world) {
        const { as } = await peopled(world)
        await world.call('GET /v1/users', { as })
      },
      expected: { status: 200, json: { page: 0, totalHits: 3, lastKey: /^\d+$/ } },
    },
    {
      line: 'GET takes page, limit, sort and desc',
      async send(world) {
        const { as, ids } = await peopled(world)
        const { json } = await world.call(
          'GET /v1/users?page=2&limit=2&sort=timestamp&desc=false',
          { as },
        )
        return json.items.map(({ id }: { id: string }) => id === ids[2])
      },
      expected: { json: { page: 2, totalHits: 3 }, value: [true] },
    },
    {
      line: 'GET of one answers its record',
      async send(world) {
        const { as, path } = await peopled(world)
        await world.call(`GET ${path}`, { as })
      },
      expected: { status: 200, json: { type: 'user', name: 'Ada Lindqvist' } },
    },
    {
      line: 'PATCH changes active, name, email and groups, and answers the record',
      async send(world) {
        const { as, path } = await peopled(world)
        await world.call(`PATCH ${path}`, { as, body: CHANGES })
      },
      expected: { status: 200, json: CHANGES },
    },
    {
      line: 'PATCH changes nothing else',
      async send(world) {
        const { as, path } = await peopled(world)
        await world.call(`PATCH ${path}`, { as, body: { id: '1', identifier: 'x', appid: 'y' } })
      },
      expected: { status: 200, json: { identifier: `az:${String(ADA)}`, appid: 'shop' } },
    },
    {
      line: 'DELETE answers nothing, and the user is gone',
      async send(world) {
        const { as, path } = await peopled(world)
        const deleted = await world.call(`DELETE ${path}`, { as })
        await world.call(`GET ${path}`, { as })
        return [deleted.status, deleted.text]
      },
      expected: { status: 404, json: { code: 404 }, value: [200, ''] },
    },
    {
      line: 'DELETE of its objectURI answers nothing, and the user is gone',
      async send(world) {
        const { as, path } = await peopled(world)
        const { json } = await world.call(`GET ${path}`, { as })
        const deleted = await world.call(`DELETE /v1${String(json.objectURI)}`, { as })
        await world.call(`GET ${path}`, { as })
        return [deleted.status, deleted.text]
      },
      expected: { status: 404, json: { code: 404 }, value: [200, ''] },
    },
    {
      line: 'GET under the singular names answers the same',
      async send(world) {
        const { as, ids } = await peopled(world)
        const one = await world.call(`GET /v1/user/${ids[0] ?? ''}`, { as })
        const list = await world.call('GET /v1/user', { as })
        return [one.json.id === ids[0], list.json.totalHits]
      },
      expected: { status: 200, value: [true, 3] },
    },
    {
      line: 'PUT on a record is taken as PATCH',
      async send(world) {
        const { as, path } = await peopled(world)
        await world.call(`PUT ${path}`, { as, body: CHANGES })
      },
      expected: { status: 200, json: CHANGES },
    },
    ...['/v1/users/search', '/v1/users/search/default', '/v1/user/search'].map((path) => ({
      line: `GET ${path} finds users by what name, email or identifier begins with`,
      async send(world: World) {
        const { as, ids } = await peopled(world)
        const all = await world.call(`GET ${path}?q=*`, { as })
        const { json } = await world.call(`GET ${path}?q=ada`, { as })
        return [all.json.totalHits, json.items[0]?.id === ids[0]]
      },
      expected: { status: 200, json: { page: 0, totalHits: 1 }, value: [3, true] },
    })),
    {
      line: 'Para’s query language beyond that is 400 with a sentence',
      async send(world) {
        const { as } = await peopled(world)
        await world.call('GET /v1/users/search?q=name%3Aada', { as })
      },
      expected: { status: 400, json: { code: 400, message: /begins with/ } },
    },
    ...['GET', 'PATCH', 'DELETE'].map((method) => ({
      line: `${method} of another app’s user is 404`,
      async send(world: World) {
        const { path } = await peopled(world)
        const as = await world.server.createApp('other')
        await world.call(`${method} ${path}`, { as, body: {} })
      },
      expected: { status: 404, json: { code: 404 } },
    })),
  ],
}
