import type { Case, Section } from '../case'

export const exchange: Section = {
  title: '2 Signing in: exchange and profile',
  cases: [
    {
      line: 'a code is exchanged by one form, and then the profile is read',
      async send(world) {
        await world.shop()
        await world.signIn('/amazon_auth?state=shop')
      },
      expected: {
        asked: ['POST /auth/o2/token', 'GET /user/profile'],
        tokenRequest: {
          grant_type: 'authorization_code',
          code: /^\w+$/,
          redirect_uri: /\/amazon_auth$/,
          client_id: 'client.shop',
          client_secret: 'secret.shop',
          code_verifier: /^[\w-]{43,128}$/,
        },
      },
    },
    {
      line: 'what stands in a code adds no field to the form',
      async send(world) {
        await world.shop()
        const code = encodeURIComponent('x&client_id=evil&redirect_uri=y + % = {3}')
        await world.browse(`/amazon_auth?state=shop&code=${code}`)
      },
      expected: {
        tokenRequest: {
          code: 'x&client_id=evil&redirect_uri=y + % = {3}',
          client_id: 'client.shop',
          redirect_uri: /\/amazon_auth$/,
        },
      },
    },
    {
      line: 'the profile is asked for with the token in a header, never in the address',
      async send(world) {
        await world.shop()
        await world.signIn('/amazon_auth?state=shop')
        const [profile] = world.server.emulator.journal.entries({ path: '/user/profile' })
        return [Object.keys(profile?.query ?? {}), typeof profile?.headers['x-amz-access-token']]
      },
      expected: { value: [[], 'string'] },
    },
    {
      line: 'the root app takes its keys from the configuration',
      send: (world) => world.signIn('/amazon_auth'),
      expected: { tokenRequest: { client_id: 'client.root', client_secret: 'secret.root' } },
    },
    ...['az_app_id', 'az_secret'].map((missing): Case => ({
      line: `an app without ${missing} fails before Amazon is asked, also by the root app’s keys`,
      async send(world) {
        const keys = await world.shop()
        await world.call(`DELETE /v1/_settings/${missing}`, { as: keys })
        await world.unbound('shop')
      },
      expected: { status: 302, location: '/signin?error', asked: [] },
    })),
    {
      line: 'an app that does not exist fails before Amazon is asked',
      send: (world) => world.browse('/amazon_auth?state=nobody&code=x'),
      expected: { status: 302, location: '/signin?error', asked: [] },
    },
  ],
}
