import { loadConfig } from '../../../src/config/load-config'
import type { Case, Section } from '../case'

/** Reads a configuration that a server would not start with; gives what it says. */
function refusal(text: string): Case['send'] {
  return async () => {
    try {
      await loadConfig({ file: 'application.conf', text, environment: {} })
      return 'taken'
    } catch (error) {
      return String(error)
    }
  }
}

export const configuration: Section = {
  title: '6 Configuration',
  cases: [
    {
      line: 'an environment variable wins over the file',
      setup: {
        conf: 'para.amazon.scope = "profile"',
        environment: { para_amazon_scope: 'profile:user_id' },
      },
      send: (world) => world.browse('/amazon_auth'),
      expected: { query: { scope: 'profile:user_id' } },
    },
    {
      line: 'an ill-typed value is refused by key, file and line',
      send: refusal('para.env = test\npara.port = "many"'),
      expected: { value: /para\.port \(application\.conf:2\)/ },
    },
    {
      line: 'Amazon’s addresses must be https, or http on this machine',
      send: refusal('para.amazon.api_url = "http://api.amazon.com"'),
      expected: { value: /para\.amazon\.api_url/ },
    },
    {
      line: 'an unknown key is a warning, with what may have been meant',
      setup: { conf: 'para.az_app_idd = "x"\npara.es.shards = 5' },
      send: (world) => Promise.resolve(world.server.warnings.join('\n')),
      expected: { value: /az_app_idd.*az_app_id\b[\s\S]*es\.shards/ },
    },
    {
      line: 'an app of the file is made at start',
      setup: {
        conf: 'para.apps.books { az_app_id = "client.books", az_secret = s, signin_success = "/in" }',
      },
      send: (world) => world.browse('/amazon_auth?state=books'),
      expected: { status: 302, query: { client_id: 'client.books' } },
    },
    {
      line: 'what is set over the API wins over the file',
      setup: { conf: 'para.az_app_id = from-file, para.az_secret = s' },
      async send(world) {
        const body = { az_app_id: 'from-api', az_secret: 's' }
        await world.call('PUT /v1/_settings', { as: world.root, body })
        await world.browse('/amazon_auth')
      },
      expected: { query: { client_id: 'from-api' } },
    },
    {
      line: 'returnto_cookie names the cookie',
      setup: { conf: 'para.returnto_cookie = "back-to"' },
      async send(world) {
        await world.shop()
        world.browser.cookies.set('back-to', Buffer.from('/orders').toString('base64'))
        await world.signIn('/amazon_auth?state=shop')
      },
      expected: { location: '/orders' },
    },
    {
      line: 'security.link_by_email holds for all apps',
      setup: { conf: 'para.security.link_by_email = true' },
      async send(world) {
        await world.shop()
        const first = await world.jwtAuth()
        const second = await world.jwtAuth('amzn1.account.AEMUL2SHARED3EMAIL4DAN')
        return first.json.user.id === second.json.user.id
      },
      expected: { value: true },
    },
    {
      line: 'security.strict refuses what no browser is bound to',
      setup: { conf: 'para.security.strict = true' },
      async send(world) {
        await world.shop()
        await world.unbound('shop')
      },
      expected: { location: '/signin?error', asked: [] },
    },
    {
      line: 'root_secret_key is the root app’s secret',
      setup: { conf: 'para.root_secret_key = "another-secret-of-the-root-app-0123456789"' },
      send: (world) =>
        world.call('GET /v1/_me', {
          as: {
            accessKey: 'app:para',
            secretKey: 'another-secret-of-the-root-app-0123456789',
          },
        }),
      expected: { status: 200, json: { id: 'app:para' } },
    },
  ],
}
