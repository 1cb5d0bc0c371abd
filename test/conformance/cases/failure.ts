import type { FaultName } from '../../../src/emulator'
import type { Case, Section } from '../case'

const OUTAGES: readonly FaultName[] = [
  'reset',
  'http_429',
  'http_500',
  'http_503',
  'html_captcha',
  'empty',
  'huge_body',
]

export const failure: Section = {
  title: '2 Signing in: failure',
  cases: [
    {
      line: 'leads to the app’s signin_failure, where cause=? becomes the message',
      async send(world) {
        await world.shop({ signin_failure: 'https://shop.example/out?a=1&cause=?#top' })
        await world.browse('/amazon_auth?state=shop&code=unknown')
      },
      expected: {
        status: 302,
        location: 'https://shop.example/out?a=1&cause=Bad%20credentials.#top',
        cookies: '',
        headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
      },
    },
    {
      line: 'of an app without signin_failure leads to the configured target',
      setup: { conf: 'para.security.signin_failure = "/failed?cause=?"' },
      async send(world) {
        await world.shop()
        await world.browse('/amazon_auth?state=shop&code=unknown')
      },
      expected: { status: 302, location: '/failed?cause=Bad%20credentials.' },
    },
    {
      line: 'of an app that does not exist leads to the configured target, by default /signin?error',
      send: (world) => world.browse('/amazon_auth?state=nobody'),
      expected: { status: 302, location: '/signin?error' },
    },
    {
      line: 'of the root app leads to the configured target',
      send: (world) => world.browse('/amazon_auth?code=unknown'),
      expected: { status: 302, location: '/signin?error' },
    },
    ...[{ 'x-requested-with': 'XMLHttpRequest' }, { accept: 'application/json' }].map(
      (headers): Case => ({
        line: `to a script (${Object.keys(headers).join()}) is 401 JSON where its app has no target`,
        async send(world) {
          await world.shop()
          await world.browse('/amazon_auth?state=shop&code=unknown', { headers })
        },
        expected: { status: 401, json: { code: 401, message: 'Bad credentials.' }, cookies: '' },
      }),
    ),
    {
      line: 'by a person who declines says that access was denied',
      async send(world) {
        await world.shop({ signin_failure: '/out?cause=?' })
        const begun = await world.browse('/amazon_auth?state=shop')
        await world.browse(await world.server.emulator.deny(begun.location))
      },
      expected: { location: '/out?cause=Access%20denied.', asked: [] },
    },
    {
      line: 'by a profile without an id says bad credentials',
      async send(world) {
        await world.shop({ signin_failure: '/out?cause=?' })
        world.server.emulator.faults.set({ endpoint: 'profile', fault: 'user_id_missing' })
        await world.signIn('/amazon_auth?state=shop')
      },
      expected: { location: '/out?cause=Bad%20credentials.' },
    },
    {
      line: 'by a time-out says that Amazon could not be reached',
      setup: { conf: 'para.amazon.timeout = 100ms' },
      async send(world) {
        await world.shop({ signin_failure: '/out?cause=?' })
        world.server.emulator.faults.set({ endpoint: 'token', fault: 'hang' })
        await world.signIn('/amazon_auth?state=shop')
      },
      expected: { location: /^\/out\?cause=Amazon%20could%20not%20be%20reached/ },
    },
    ...OUTAGES.map((fault): Case => ({
      line: `by ${fault} at Amazon says that Amazon could not be reached`,
      async send(world) {
        await world.shop({ signin_failure: '/out?cause=?' })
        world.server.emulator.faults.set({ endpoint: 'token', fault })
        await world.signIn('/amazon_auth?state=shop')
      },
      expected: {
        status: 302,
        location: /^\/out\?cause=Amazon%20could%20not%20be%20reached/,
        cookies: /^(?!.*amazon-auth(,|$))/,
      },
    })),
  ],
}
