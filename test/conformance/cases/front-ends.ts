import type { Json } from '../../../src/apps/settings'
import type { Case, Section } from '../case'

const SUCCESS = 'https://one.example/in?jwt=id'
const ALIASES = 'https://two.example, ftp://files.example, http://three.example:8080'

function login(query: string, settings: Record<string, Json> = {}): Case['send'] {
  return async (world) => {
    await world.shop({
      signin_success: SUCCESS,
      'security.hosturl_aliases': ALIASES,
      ...settings,
    })
    await world.signIn(`/amazon_auth?${query}`)
  }
}

export const frontEnds: Section = {
  title: '2 Signing in: several front ends',
  cases: [
    {
      line: 'state=<app>|0 picks the first alias; the target keeps its path and query',
      send: login('state=shop%7C0'),
      expected: { location: /^https:\/\/two\.example\/in\?jwt=ey/ },
    },
    {
      line: 'only http and https aliases are counted; the port goes along',
      send: login('state=shop%7C1'),
      expected: { location: /^http:\/\/three\.example:8080\/in\?jwt=ey/ },
    },
    ...['99', '-1', '1e0', 'x', '', '0.5', '١'].map((number): Case => ({
      line: `state=<app>|${number} picks none`,
      send: login(`state=${encodeURIComponent(`shop|${number}`)}`),
      expected: { location: /^https:\/\/one\.example\/in\?jwt=ey/ },
    })),
    {
      line: 'host_url names an alias',
      send: login('state=shop&host_url=https%3A%2F%2Ftwo.example'),
      expected: { location: /^https:\/\/two\.example\/in\?jwt=ey/ },
    },
    {
      line: 'host_url may name the target’s own origin',
      send: login('state=shop&host_url=https%3A%2F%2Fone.example'),
      expected: { location: /^https:\/\/one\.example\/in\?jwt=ey/ },
    },
    ...[
      'https://evil.example',
      'https://one.example.evil.example',
      'https://one.example@evil.example',
      'https://one.exampl',
      'https://one',
      'http://one.example',
      'https://one.example:444',
      'javascript:alert(1)',
    ].map((hostUrl): Case => ({
      line: `host_url=${hostUrl}, which is neither, leads to the bare origin without a token`,
      send: login(`state=shop&host_url=${encodeURIComponent(hostUrl)}`),
      expected: { status: 302, location: 'https://one.example' },
    })),
    {
      line: 'an alias gets the failures too',
      async send(world) {
        await world.shop({
          signin_failure: 'https://one.example/out?cause=?',
          'security.hosturl_aliases': ALIASES,
        })
        await world.browse('/amazon_auth?state=shop%7C0&code=unknown')
      },
      expected: { location: /^https:\/\/two\.example\/out\?cause=Bad/ },
    },
    {
      line: 'security.hosturl_aliases of the configuration is the root app’s',
      setup: {
        conf: `para.security { signin_success = "${SUCCESS}", hosturl_aliases = "https://two.example" }`,
      },
      send: (world) => world.signIn('/amazon_auth?state=para%7C0'),
      expected: { location: /^https:\/\/two\.example\/in\?jwt=ey/ },
    },
  ],
}
