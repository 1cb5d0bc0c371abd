import type { Section } from '../case'
import { ADA } from '../world'

export const names: Section = {
  title: '1 Names of apps and users',
  cases: [
    {
      line: 'an app’s name is normalised: prefix and outer space dropped, inner space to dashes, case kept',
      send: (world) =>
        world.call('GET /v1/_setup/%20app%3AMy%20Shop%21_1.x%20', { as: world.root }),
      expected: { status: 200, json: { accessKey: 'app:My-Shop_1.x' } },
    },
    {
      line: 'an app is named with app: in front or without, in state as in appid',
      async send(world) {
        await world.shop()
        const places = ['state=shop', 'state=app:shop', 'appid=shop', 'appid=app%3Ashop']
        const begun = await Promise.all(
          places.map((place) => world.browse(`/amazon_auth?${place}`)),
        )
        return begun.map(({ location }) => new URL(location).searchParams.get('client_id'))
      },
      expected: { value: Array(4).fill('client.shop') },
    },
    {
      line: 'the root app is called para',
      send: (world) => world.call('GET /v1/_me', { as: world.root }),
      expected: { status: 200, json: { id: 'app:para', appid: 'para', appIdentifier: 'para' } },
    },
    {
      line: 'the root app may be called otherwise',
      setup: { conf: 'para.app_name = hub' },
      send: (world) => world.call('GET /v1/_me', { as: { ...world.root, accessKey: 'app:hub' } }),
      expected: { status: 200, json: { id: 'app:hub', appid: 'hub' } },
    },
    {
      line: 'the JSON of an app has these fields, and no secret',
      send: async (world) => world.call('GET /v1/_me', { as: await world.shop() }),
      expected: {
        json: {
          id: 'app:shop',
          type: 'app',
          plural: 'apps',
          objectURI: '/app/app%3Ashop',
          appid: 'para',
          appIdentifier: 'shop',
          name: 'shop',
          active: true,
          secret: undefined,
          secretKey: undefined,
        },
        text: /"timestamp":\d{13},"updated":\d{13}/,
      },
    },
    {
      line: 'the JSON of a user has these fields, and no secret',
      async send(world) {
        await world.shop()
        const { json } = await world.jwtAuth()
        await world.call('GET /v1/_me', { as: json.jwt.access_token })
      },
      expected: {
        json: {
          id: /^\d+$/,
          type: 'user',
          plural: 'users',
          objectURI: /^\/user\/\d+$/,
          appid: 'shop',
          identifier: `az:${String(ADA)}`,
          identityProvider: 'amazon',
          email: 'ada@example.com',
          name: 'Ada Lindqvist',
          picture: /^https:/,
          groups: 'users',
          active: true,
          tokenSecret: undefined,
          password: undefined,
        },
        text: /"timestamp":\d{13},"updated":\d{13}/,
      },
    },
    {
      line: 'one Amazon account is one user in an app, and another one in another app',
      async send(world) {
        await world.shop()
        await world.server.createApp('other')
        const ids = []
        for (const app of ['shop', 'shop', 'other']) {
          ids.push((await world.jwtAuth(ADA, app)).json.user.id)
        }
        return [ids[0] === ids[1], ids[0] === ids[2]]
      },
      expected: { value: [true, false] },
    },
    {
      line: 'ids of users grow with time',
      async send(world) {
        await world.shop()
        const first = await world.jwtAuth()
        world.server.moveClock(2)
        const second = await world.jwtAuth('amzn1.account.AEMUL2SHARED3EMAIL4DAN')
        return BigInt(first.json.user.id) < BigInt(second.json.user.id)
      },
      expected: { value: true },
    },
  ],
}
