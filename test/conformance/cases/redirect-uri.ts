import type { Case, Section } from '../case'

export const redirectUri: Section = {
  title: '2 Signing in: redirect_uri',
  cases: [
    {
      line: 'is the same bytes on both legs',
      async send(world) {
        await world.shop()
        const begun = await world.browse('/amazon_auth?appid=shop&host_url=https%3A%2F%2Fa.example')
        await world.browse(await world.server.emulator.allow(begun.location))
        const [token] = world.server.emulator.journal.entries({ path: '/auth/o2/token' })
        const first = new URL(begun.location).searchParams.get('redirect_uri')
        return token?.body.redirect_uri === first
      },
      expected: { value: true },
    },
    {
      line: 'is public_url and the path, whatever Host says',
      setup: { conf: 'para.public_url = "https://auth.example.com/in"' },
      send: (world) => world.browse('/amazon_auth', { headers: { host: 'auth.example.com:8080' } }),
      expected: { query: { redirect_uri: 'https://auth.example.com/in/amazon_auth' } },
    },
    {
      line: 'is never of a host that is not that of public_url: the browser is sent there to begin',
      setup: { conf: 'para.public_url = "https://auth.example.com/in"' },
      send: (world) =>
        world.browse('/amazon_auth?state=para&b=1', { headers: { host: 'evil.example' } }),
      expected: {
        status: 302,
        location: 'https://auth.example.com/in/amazon_auth?state=para&b=1&sent_on=1',
        cookies: '',
        asked: [],
      },
    },
    {
      line: 'is that of the app’s own setting public_url',
      async send(world) {
        await world.shop({ public_url: 'https://shop.example' })
        await world.browse('/amazon_auth?state=shop', { headers: { host: 'shop.example' } })
      },
      expected: { query: { redirect_uri: 'https://shop.example/amazon_auth' } },
    },
    {
      line: 'without public_url is this request’s address, with appid and host_url if they were there',
      async send(world) {
        await world.shop()
        await world.browse('/amazon_auth?state=x&host_url=https%3A%2F%2Fa.example&appid=shop&b=1')
      },
      expected: {
        query: {
          redirect_uri:
            /^http:\/\/127\.0\.0\.1:\d+\/amazon_auth\?host_url=https%3A%2F%2Fa\.example&appid=shop$/,
        },
      },
    },
    ...['X-Forwarded-Proto', 'CloudFront-Forwarded-Proto'].map((header): Case => ({
      line: `takes the scheme from ${header} of a proxy on a private address`,
      send: (world) => world.browse('/amazon_auth', { headers: { [header]: 'https' } }),
      expected: { query: { redirect_uri: /^https:\/\/127\.0\.0\.1:\d+\/amazon_auth$/ } },
    })),
    ...['javascript', 'ftp', 'https://evil.example/?'].map((scheme): Case => ({
      line: `takes no scheme ${scheme} from a proxy`,
      send: (world) => world.browse('/amazon_auth', { headers: { 'X-Forwarded-Proto': scheme } }),
      expected: { query: { redirect_uri: /^http:\/\/127\.0\.0\.1:\d+\/amazon_auth$/ } },
    })),
  ],
}
