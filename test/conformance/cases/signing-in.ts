import type { Case, Section } from '../case'

export const signingIn: Section = {
  title: '2 Signing in: which app, begin and return',
  cases: [
    {
      line: 'HEAD is 405, so that a preview of a link burns no code',
      async send(world) {
        await world.shop()
        await world.browse(`/amazon_auth?state=shop&code=${world.code()}`, { method: 'HEAD' })
      },
      expected: { status: 405, headers: { allow: 'GET, POST' }, asked: [] },
    },
    {
      line: 'PUT and the like are 405',
      send: (world) => world.browse('/amazon_auth', { method: 'PUT' }),
      expected: { status: 405 },
    },
    {
      line: 'neither appid nor state: the root app',
      send: (world) => world.browse('/amazon_auth'),
      expected: { status: 302, query: { client_id: 'client.root', state: /^para~/ } },
    },
    {
      line: 'appid wins over state',
      async send(world) {
        await world.shop()
        await world.browse('/amazon_auth?appid=shop&state=other')
      },
      expected: { query: { client_id: 'client.shop' } },
    },
    {
      line: 'of state counts what stands before the first bar or tilde, trimmed',
      async send(world) {
        await world.shop()
        const found = []
        for (const state of ['shop|1', 'shop~x', ' shop |0|1', 'app:shop|']) {
          const path = `/amazon_auth?state=${encodeURIComponent(state)}`
          found.push(new URL((await world.browse(path)).location).searchParams.get('client_id'))
        }
        return found
      },
      expected: { value: Array(4).fill('client.shop') },
    },
    {
      line: 'begin: a GET without code and error goes to the consent page',
      async send(world) {
        await world.shop()
        await world.browse('/amazon_auth?state=shop')
      },
      expected: {
        status: 302,
        location: /^http:\/\/127\.0\.0\.1:\d+\/ap\/oa\?/,
        query: {
          client_id: 'client.shop',
          scope: 'profile',
          response_type: 'code',
          redirect_uri: /\/amazon_auth$/,
          state: /^shop~[\w-]{22,}$/,
          code_challenge: /^[\w-]{43}$/,
          code_challenge_method: 'S256',
        },
        cookies: /^amazon-login\./,
      },
    },
    {
      line: 'begin: every login has a nonce and a challenge of its own',
      async send(world) {
        const [first, second] = [
          await world.browse('/amazon_auth'),
          await world.browse('/amazon_auth'),
        ]
        const [a, b] = [new URL(first.location), new URL(second.location)]
        return ['state', 'code_challenge'].map(
          (name) => a.searchParams.get(name) === b.searchParams.get(name),
        )
      },
      expected: { value: [false, false] },
    },
    ...[
      { accept: 'application/json' },
      { 'x-requested-with': 'XMLHttpRequest' },
      { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' },
    ].map((headers): Case => ({
      line: `begin: a script (${Object.keys(headers).join()}) gets 401 JSON in place of a consent page, whatever targets its app has`,
      async send(world) {
        await world.shop({ signin_success: '/in', signin_failure: '/out?cause=?' })
        await world.browse('/amazon_auth?state=shop', { headers })
      },
      expected: {
        status: 401,
        json: { code: 401, message: /\w/, location: /\/amazon_auth\?state=shop$/ },
        cookies: '',
      },
    })),
    {
      line: 'begin: under another host than public_url leads to the same address under public_url first',
      setup: { conf: 'para.public_url = "https://shop.example"' },
      async send(world) {
        await world.shop()
        const headers = { host: 'www.shop.example' }
        await world.browse('/amazon_auth?state=shop&returnto=%2Forders', { headers })
      },
      expected: {
        status: 302,
        location: 'https://shop.example/amazon_auth?state=shop&returnto=%2Forders&sent_on=1',
        cookies: '',
      },
    },
    {
      line: 'begin: returnto may name a path on this host',
      async send(world) {
        await world.shop()
        await world.signIn('/amazon_auth?state=shop&returnto=%2Forders%3Fa%3D1')
      },
      expected: { status: 302, location: '/orders?a=1' },
    },
    {
      line: 'begin: returnto may name an origin that the app allows',
      async send(world) {
        await world.shop({ 'security.hosturl_aliases': 'https://two.example' })
        await world.signIn('/amazon_auth?state=shop&returnto=https%3A%2F%2Ftwo.example%2Fx')
      },
      expected: { location: 'https://two.example/x' },
    },
    ...['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)'].map(
      (returnTo): Case => ({
        line: `begin: returnto=${returnTo} is ignored`,
        async send(world) {
          await world.shop()
          await world.signIn(`/amazon_auth?state=shop&returnto=${encodeURIComponent(returnTo)}`)
        },
        expected: { status: 302, location: '/' },
      }),
    ),
    {
      line: 'return: a blank code fails',
      async send(world) {
        await world.shop({ signin_failure: '/out?cause=?' })
        await world.browse('/amazon_auth?state=shop&code=%20')
      },
      expected: { location: '/out?cause=Bad%20credentials.', asked: [] },
    },
    {
      line: 'return: error=… fails as declined',
      async send(world) {
        await world.shop({ signin_failure: '/out?cause=?' })
        await world.browse('/amazon_auth?state=shop&error=access_denied&error_description=No')
      },
      expected: { location: '/out?cause=Access%20denied.', asked: [] },
    },
    {
      line: 'return: a nonce must be this browser’s',
      async send(world) {
        await world.shop({ signin_failure: '/out?cause=?' })
        const begun = await world.browse('/amazon_auth?state=shop')
        const back = await world.server.emulator.allow(begun.location)
        await world.browse(back, {}, world.server.browser())
      },
      expected: { location: /^\/out\?cause=Invalid/, asked: [] },
    },
    {
      line: 'return: a nonce is good once',
      async send(world) {
        await world.shop({ signin_failure: '/out?cause=?' })
        const first = await world.browse('/amazon_auth?state=shop')
        const { state } = Object.fromEntries(new URL(first.location).searchParams)
        await world.browse(await world.server.emulator.allow(first.location))
        await world.browse(`/amazon_auth?state=${String(state)}&code=${world.code()}`)
      },
      expected: { location: /^\/out\?cause=Invalid/ },
    },
    {
      line: 'return: after ten minutes a nonce is too old',
      async send(world) {
        await world.shop({ signin_failure: '/out?cause=?' })
        const begun = await world.browse('/amazon_auth?state=shop')
        const back = await world.server.emulator.allow(begun.location)
        world.server.moveClock(601_000)
        await world.browse(back)
      },
      expected: { location: /^\/out\?cause=Invalid/, asked: [] },
    },
    {
      line: 'return: a bare app name for a state is taken',
      async send(world) {
        await world.shop()
        await world.unbound('shop')
      },
      expected: { status: 302, location: '/' },
    },
    {
      line: 'return: a bare app name is refused with security.strict',
      setup: { conf: 'para.security.strict = true' },
      async send(world) {
        await world.shop({ signin_failure: '/out?cause=?' })
        await world.unbound('shop')
      },
      expected: { location: /^\/out\?cause=Invalid/, asked: [] },
    },
    {
      line: 'return: by a POST form as well',
      async send(world) {
        await world.shop()
        await world.browse('/amazon_auth', { form: { code: world.code(), state: 'shop' } })
      },
      expected: { status: 303, location: '/' },
    },
    {
      line: 'return: a second hit of the same address succeeds without a second exchange',
      async send(world) {
        await world.shop()
        const begun = await world.browse('/amazon_auth?state=shop')
        const back = await world.server.emulator.allow(begun.location)
        await world.browse(back)
        await world.browse(back)
      },
      expected: {
        status: 302,
        location: '/',
        asked: ['POST /auth/o2/token', 'GET /user/profile'],
      },
    },
  ],
}
