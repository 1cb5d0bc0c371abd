import type { Case, Section } from '../case'

const escaped = (text: string): string => text.replace(/[.?/]/g, '\\$&')

export const success: Section = {
  title: '2 Signing in: success',
  cases: [
    {
      line: 'jwt=id in signin_success becomes an ID token, and no session is set',
      async send(world) {
        await world.shop({ signin_success: 'https://shop.example/in?a=1&jwt=id#top' })
        await world.signIn('/amazon_auth?state=shop')
      },
      expected: {
        status: 302,
        location: /^https:\/\/shop\.example\/in\?a=1&jwt=ey[^#]+#top$/,
        claims: { appid: 'app:shop', name: 'Ada Lindqvist' },
        cookies: /^(?!.*amazon-auth(,|$))/,
      },
    },
    {
      line: 'jwt=? in signin_success becomes a session token',
      async send(world) {
        await world.shop({ signin_success: 'https://shop.example/in?jwt=?' })
        await world.signIn('/amazon_auth?state=shop')
      },
      expected: { status: 302, claims: { idp: 'amazon', appid: 'app:shop' } },
    },
    {
      line: 'where a letter or digit follows, it does not',
      async send(world) {
        await world.shop({ signin_success: 'https://shop.example/in?jwt=identity&b=jwt=?2' })
        await world.signIn('/amazon_auth?state=shop')
      },
      expected: { location: 'https://shop.example/in?jwt=identity&b=jwt=?2' },
    },
    ...[
      'https://shop.example/in?token=jwt=id',
      'https://shop.example/in?next=/in?jwt=id',
      'https://shop.example/#/in/jwt=id',
      'https://shop.example/in/jwt=id/there',
    ].map((target): Case => ({
      line: `jwt=id becomes a token wherever it stands: ${target}`,
      async send(world) {
        await world.shop({ signin_success: target })
        await world.signIn('/amazon_auth?state=shop')
      },
      expected: {
        location: new RegExp(`^${escaped(target).replace('jwt=id', 'jwt=ey[\\w.-]+')}$`),
        cookies: /^(?!.*amazon-auth(,|$))/,
      },
    })),
    {
      line: 'so it does in the root app’s target in the configuration, and in its settings',
      setup: { conf: 'para.security.signin_success = "https://root.example/#/in/jwt=id"' },
      send: (world) => world.signIn('/amazon_auth'),
      expected: { location: /^https:\/\/root\.example\/#\/in\/jwt=ey[\w.-]+$/ },
    },
    {
      line: 'a target without a token: the session cookie signs the browser in, by a new id',
      async send(world) {
        await world.shop({ signin_success: 'https://shop.example/home' })
        await world.signIn('/amazon_auth?state=shop')
      },
      expected: { location: 'https://shop.example/home', cookies: /amazon-auth(,|$)/ },
    },
    {
      line: 'the session opens the API',
      async send(world) {
        await world.shop()
        await world.signIn('/amazon_auth?state=shop')
        await world.browse('/v1/_me?appid=shop')
      },
      expected: { status: 200, json: { type: 'user', appid: 'shop' } },
    },
    {
      line: 'the root app goes to /',
      send: (world) => world.signIn('/amazon_auth'),
      expected: { status: 302, location: '/' },
    },
    {
      line: 'the root app goes to security.signin_success, tokens included, also without a state',
      setup: { conf: 'para.security.signin_success = "https://root.example/in?jwt=id"' },
      async send(world) {
        const code = world.code({ app: 'root' })
        await world.browse(`/amazon_auth?code=${code}`)
      },
      expected: { location: /^https:\/\/root\.example\/in\?jwt=ey/, claims: { appid: 'app:para' } },
    },
    {
      line: 'a setting of the root app wins over its configuration',
      setup: { conf: 'para.security.signin_success = "/configured"' },
      async send(world) {
        const body = { value: '/set' }
        await world.call('PUT /v1/_settings/signin_success', { as: world.root, body })
        await world.signIn('/amazon_auth')
      },
      expected: { location: '/set' },
    },
    {
      line: 'a child without signin_success goes to /, not to the root app’s target',
      setup: { conf: 'para.security.signin_success = "/configured"' },
      async send(world) {
        await world.shop()
        await world.signIn('/amazon_auth?state=shop')
      },
      expected: { status: 302, location: '/' },
    },
    {
      line: 'a script whose app has no signin_success is told 204',
      async send(world) {
        await world.shop()
        await world.unbound('shop', { headers: { 'x-requested-with': 'XMLHttpRequest' } })
      },
      expected: { status: 204, cookies: /amazon-auth(,|$)/ },
    },
    {
      line: 'para-returnto tells where to go to, and is cleared',
      async send(world) {
        await world.shop()
        world.browser.cookies.set('para-returnto', Buffer.from('/orders').toString('base64'))
        await world.signIn('/amazon_auth?state=shop')
      },
      expected: { location: '/orders', cookies: /para-returnto/ },
    },
    ...['//evil.example', 'https://evil.example/', '/\\evil.example'].map((path): Case => ({
      line: `para-returnto may not lead to ${path}`,
      async send(world) {
        await world.shop()
        world.browser.cookies.set('para-returnto', Buffer.from(path).toString('base64'))
        await world.signIn('/amazon_auth?state=shop')
      },
      expected: { location: '/' },
    })),
    {
      line: 'an app’s own target wins over para-returnto',
      async send(world) {
        await world.shop({ signin_success: '/own' })
        world.browser.cookies.set('para-returnto', Buffer.from('/orders').toString('base64'))
        await world.signIn('/amazon_auth?state=shop')
      },
      expected: { location: '/own' },
    },
  ],
}
