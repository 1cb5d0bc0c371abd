import type { Json } from '../../../src/apps/settings'
import type { Case, Section } from '../case'
import type { World } from '../world'

/** Calls by `shop`, one after another. */
function calls(...lines: readonly (readonly [line: string, body?: Json])[]): Case['send'] {
  return async (world: World) => {
    const as = await world.shop({ colour: 'red' })
    for (const [line, body] of lines) {
      await world.call(line, { as, ...(body !== undefined && { body }) })
    }
  }
}

const ALL = 'GET /v1/_settings'
const VALUES: readonly Json[] = [null, false, 0, '', 'text', [1, [null]], { a: { b: 1 } }]

export const settings: Section = {
  title: '5 The API: settings',
  cases: [
    {
      line: 'GET answers all settings, secrets masked',
      send: calls([ALL]),
      expected: {
        status: 200,
        json: { colour: 'red', az_app_id: 'client.shop', az_secret: '********' },
      },
    },
    {
      line: 'PUT replaces all, and answers nothing',
      send: calls(['PUT /v1/_settings', { a: 1 }]),
      expected: { status: 200, text: '' },
    },
    {
      line: 'after PUT only what was put is there',
      send: calls(['PUT /v1/_settings', { a: 1 }], [ALL]),
      expected: { text: '{"a":1}' },
    },
    {
      line: 'a mask that is put back keeps the secret: the next login works',
      async send(world) {
        const as = await world.shop()
        const { json } = await world.call(ALL, { as })
        await world.call('PUT /v1/_settings', { as, body: json })
        await world.signIn('/amazon_auth?state=shop')
      },
      expected: { location: '/', tokenRequest: { client_secret: 'secret.shop' } },
    },
    {
      line: 'a change is in force at the next login',
      async send(world) {
        const as = await world.shop({ signin_success: '/before' })
        const body = { value: '/after' }
        await world.call('PUT /v1/_settings/signin_success', { as, body })
        await world.signIn('/amazon_auth?state=shop')
      },
      expected: { location: '/after' },
    },
    {
      line: 'GET of one answers its value',
      send: calls(['GET /v1/_settings/colour']),
      expected: { status: 200, text: '{"value":"red"}' },
    },
    {
      line: 'GET of one that is not there answers an empty object',
      send: calls(['GET /v1/_settings/none']),
      expected: { status: 200, text: '{}' },
    },
    ...VALUES.map((value) => ({
      line: `PUT of one takes ${JSON.stringify(value)}`,
      send: calls(['PUT /v1/_settings/any', { value }], ['GET /v1/_settings/any']),
      expected: { status: 200, text: JSON.stringify({ value }) },
    })),
    {
      line: 'PUT of one answers nothing',
      send: calls(['PUT /v1/_settings/any', { value: 1 }]),
      expected: { status: 200, text: '' },
    },
    ...['with.dots', 'with%20spaces', 'a%2Fb', 'app%3Ax', '%E9%8D%B5', '__proto__'].map((key) => ({
      line: `a key may be ${decodeURIComponent(key)}`,
      send: calls([`PUT /v1/_settings/${key}`, { value: 1 }], [`GET /v1/_settings/${key}`]),
      expected: { status: 200, text: '{"value":1}' },
    })),
    {
      line: 'PUT of one without a value is 400',
      send: calls(['PUT /v1/_settings/colour', { val: 1 }]),
      expected: { status: 400, json: { code: 400 } },
    },
    {
      line: 'after a refused PUT all settings are what they were',
      send: calls(['PUT /v1/_settings/colour', { val: 1 }], ['PUT /v1/_settings', []], [ALL]),
      expected: { json: { colour: 'red', az_app_id: 'client.shop' } },
    },
    {
      line: 'an address that browsers would run is 400, and its key is named',
      send: calls(['PUT /v1/_settings/signin_success', { value: 'javascript:alert(1)' }]),
      expected: { status: 400, json: { message: /signin_success/ } },
    },
    {
      line: 'what has no effect is stored as sent, and named in a header',
      send: calls(['PUT /v1/_settings', { session_timeout: 0, app_secret_key: 'short' }]),
      expected: {
        status: 200,
        headers: { 'x-settings-ignored': /^session_timeout="must .*app_secret_key="must / },
      },
    },
    {
      line: 'what is read back is what was put',
      send: calls(
        ['PUT /v1/_settings', { 'security.hosturl_aliases': ' a.example,https://b.example/ ' }],
        [ALL],
      ),
      expected: { text: '{"security.hosturl_aliases":" a.example,https://b.example/ "}' },
    },
    {
      line: 'a misspelt name is stored, and told in a header',
      send: calls(['PUT /v1/_settings/sigin_success', { value: '/in' }]),
      expected: {
        status: 200,
        headers: { 'x-settings-warning': /^sigin_success=.*signin_success/ },
      },
    },
    {
      line: "Para's name of one_session_per_user counts, and wins",
      async send(world) {
        await world.shop({
          'security.one_session_per_user': false,
          one_session_per_user: true,
        })
        const first = await world.jwtAuth()
        await world.jwtAuth()
        await world.call('GET /v1/_me', { as: first.json.jwt.access_token })
      },
      expected: { status: 200, json: { type: 'user' } },
    },
    ...['ftp://a.example/in', `/${'x'.repeat(2048)}`].map((value) => ({
      line: `a target that is no address to send people to, or too long, is 400: ${value.slice(0, 20)}`,
      send: calls(['PUT /v1/_settings/signin_success', { value }]),
      expected: { status: 400, json: { message: /signin_success/ } },
    })),
    {
      line: 'a key of Amazon longer than 256 characters is 400',
      send: calls(['PUT /v1/_settings/az_app_id', { value: 'x'.repeat(257) }]),
      expected: { status: 400, json: { message: /az_app_id/ } },
    },
    {
      line: 'more than 256 KB of settings are 400',
      send: calls(['PUT /v1/_settings', { big: 'x'.repeat(256 * 1024) }]),
      expected: { status: 400, json: { message: /256 KB/ } },
    },
    {
      line: 'text that is no well-formed Unicode is 400',
      send: calls(['PUT /v1/_settings/colour', { value: 'r\ud800' }]),
      expected: { status: 400, json: { message: /Unicode/ } },
    },
    {
      line: 'DELETE of one answers nothing',
      send: calls(['DELETE /v1/_settings/colour']),
      expected: { status: 200, text: '' },
    },
    {
      line: 'DELETE of one that is not there as well',
      send: calls(['DELETE /v1/_settings/none']),
      expected: { status: 200, text: '' },
    },
    {
      line: 'after DELETE it is gone',
      send: calls(['DELETE /v1/_settings/colour'], ['GET /v1/_settings/colour']),
      expected: { text: '{}' },
    },
    {
      line: 'DELETE without a key is 405',
      send: calls(['DELETE /v1/_settings']),
      expected: { status: 405, headers: { allow: 'GET, PUT' } },
    },
  ],
}
