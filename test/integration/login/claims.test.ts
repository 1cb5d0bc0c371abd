import { decode, type JwtPayload } from 'jsonwebtoken'

import type { AmazonAuthOptions, AppOptions, Hooks } from '../../../src'
import type { Person } from '../../../src/emulator'
import { callAt } from '../../support/api'
import type { Browser } from '../../support/browser'
import { ACME, startHost, ZENITH, type Host } from '../../support/host'
import { describeOnPostgres, reuseDatabases } from '../../support/postgres'

const PEOPLE: readonly Person[] = [
  {
    userId: 'amzn1.account.ADA',
    name: 'Ada',
    email: 'ada@example.com',
    postalCode: '98101',
    further: { locale: 'en_US', prime: true, address: { city: 'no scalar' } },
  },
  { userId: 'amzn1.account.BEN' },
]
const [ADA, BEN] = ['amzn1.account.ADA', 'amzn1.account.BEN']
const KEY = { secretKey: 'a-master-key-of-the-claims-tests-0123456789' }
/** As people have it in Azure AD B2C. */
const B2C = {
  issuerUserId: 'user_id',
  displayName: ['name', { value: 'Somebody' }],
  identityProvider: { value: 'amazon.com' },
  zip: 'postal_code',
  locale: 'locale',
}

type Apps = Readonly<Record<string, AppOptions>>
interface World {
  readonly apps?: Apps
  readonly hooks?: Hooks
  readonly options?: AmazonAuthOptions
}

function describeClaims(
  kind: string,
  create: () => Promise<{ url: string; drop(): Promise<void> }>,
) {
  describe(`claims and profiles, in ${kind}`, () => {
    let store: Awaited<ReturnType<typeof create>>
    let host: Host
    beforeEach(async () => {
      store = await create()
    })
    afterEach(async () => {
      await host.close()
      await store.drop()
    })

    async function start({ apps = {}, hooks, options }: World = {}): Promise<void> {
      const acme = {
        azAppId: ACME.clientId,
        azSecret: ACME.clientSecret,
        signinSuccess: '/in?token=?&jwt=id',
        amazon: { scope: 'profile', voluntaryScope: 'postal_code' },
        ...apps.acme,
      }
      const zenith = { azAppId: ZENITH.clientId, azSecret: ZENITH.clientSecret, ...apps.zenith }
      host = await startHost({
        people: PEOPLE,
        options: {
          ...KEY,
          ...options,
          store: { url: store.url },
          apps: { acme, zenith },
          api: { manage: true },
          rootSecretKey: 'the-root-secret-of-the-claims-tests-0123456789',
          ...(hooks && { hooks }),
        },
      })
      await host.auth.ready()
    }

    async function signIn(
      browser: Browser,
      { app = 'acme', userId = ADA, without = [] as readonly string[] } = {},
    ) {
      const begun = await browser.get(`/amazon_auth?appid=${app}`)
      const back = await host.emulator.allow(begun.location, userId, { without })
      return { back, answer: await browser.get(back) }
    }

    async function tokenOf(choice = {}): Promise<string> {
      const { answer } = await signIn(host.browser(), choice)
      return new URL(answer.location, host.origin).searchParams.get('jwt') ?? ''
    }

    const claimsOf = (token: string): JwtPayload => decode(token, { json: true }) ?? {}
    const me = async (token: string) =>
      (await callAt(host.origin, 'GET /v1/_me', { as: token })).json

    test('an ID token has the claims that the app maps, and so has /v1/_me', async () => {
      await start({ apps: { acme: { claims: B2C } } })
      const token = await tokenOf()
      const mapped = {
        issuerUserId: ADA,
        displayName: 'Ada',
        identityProvider: 'amazon.com',
        zip: '98101',
        locale: 'en_US',
      }
      expect(claimsOf(token)).toMatchObject({ ...mapped, name: 'Ada', email: 'ada@example.com' })
      expect(claimsOf(token)).not.toHaveProperty('prime')
      const own = await me(token)
      expect(own).toMatchObject({
        claims: mapped,
        profile: { locale: 'en_US', postal_code: '98101', prime: true },
        scopes: ['profile', 'postal_code'],
      })
    })

    test('what Amazon does not tell is taken from the next source, or left out', async () => {
      await start({ apps: { acme: { claims: { ...B2C, mail: 'email' } } } })
      const claims = claimsOf(await tokenOf({ userId: BEN }))
      expect(claims).toMatchObject({ displayName: 'Somebody', issuerUserId: BEN })
      expect(claims).not.toHaveProperty('zip')
      expect(claims).not.toHaveProperty('mail')
      // As it is told without a mapping, too.
      expect(claims.name).toBe('No Name')
    })

    test('name, email, picture and groups of a user may be mapped, and are its own in every place', async () => {
      const claims = {
        name: ['nickname', 'email'],
        groups: { value: 'customers' },
        picture: { value: 'https://shop.example/face.png' },
      }
      await start({ apps: { acme: { claims } } })
      const token = await tokenOf()
      expect(claimsOf(token)).toMatchObject({ name: 'ada@example.com' })
      const own = await me(token)
      expect(own).toMatchObject({
        name: 'ada@example.com',
        groups: 'customers',
        picture: 'https://shop.example/face.png',
      })
      expect(own).not.toHaveProperty('claims')
    })

    test('the hook comes after the mapping, and may add fields that the mapping names', async () => {
      const seen: unknown[] = []
      await start({
        apps: { acme: { claims: { name: 'email', tier: 'tier', zip: 'postal_code' } } },
        hooks: {
          mapProfile: ({ name, further, scopes }) => {
            seen.push([name, further, scopes])
            return { name: 'The hook', profile: { tier: 7, postal_code: null, locale: undefined } }
          },
          onLogin: ({ user, profile }) => void seen.push([user.profile, profile.scopes]),
        },
      })
      const token = await tokenOf()
      expect(claimsOf(token)).toMatchObject({ name: 'The hook', tier: 7 })
      expect(claimsOf(token)).not.toHaveProperty('zip')
      const scopes = ['profile', 'postal_code']
      expect(seen).toEqual([
        ['Ada', { locale: 'en_US', prime: true }, scopes],
        [{ locale: 'en_US', prime: true, tier: 7 }, scopes],
      ])
    })

    test.each([
      [{}, 1, /^claims="takes 'level' from 'level', which is no known field/],
      [{ mapProfile: () => ({}) }, 0, undefined],
    ] as const)(
      'a field that is not known is told but beside mapProfile: %j',
      async (hooks, times, header) => {
        await start({ apps: { acme: { claims: { tier: 'tier' } } }, hooks })
        const told = host.log.filter(({ message }) => message.includes('no known field'))
        expect(told).toHaveLength(times)
        const secretKey = 'the-root-secret-of-the-claims-tests-0123456789'
        const answer = await callAt(host.origin, 'PUT /v1/_settings/claims', {
          as: { accessKey: 'app:para', secretKey },
          body: { value: { level: 'level' } },
        })
        expect(answer.status).toBe(200)
        if (header === undefined) expect(answer.headers).not.toHaveProperty('x-settings-warning')
        else expect(answer.headers['x-settings-warning']).toMatch(header)
        const { results } = await host.auth.doctor({ offline: true })
        const odd = results.filter(({ check, level }) => check === 'claims' && level === 'warning')
        expect(odd).toHaveLength(2 * times)
      },
    )

    test.each([
      ['an object', { tier: {} }, 'profile.tier is an object.'],
      ['long text', { tier: 'x'.repeat(257) }, 'profile.tier is text of 257 characters.'],
      ['a name with a dot', { 'a.tier': 'x' }, 'profile.a.tier is text'],
      [
        'too many',
        Object.fromEntries(Array.from({ length: 33 }, (_none, n) => [`f${n}`, n])),
        'at most 32 fields',
      ],
      ['no object at all', 'gold', 'profile is text of 4 characters.'],
    ])(
      'a field of the hook that is %s fails that login, and is told',
      async (_what, profile, told) => {
        await start({ hooks: { mapProfile: () => ({ profile: profile as never }) } })
        const { answer } = await signIn(host.browser())
        expect(answer.location).not.toContain('jwt=')
        const failed = host.log.find(({ message }) => message === 'sign-in failed')
        expect(failed?.facts).toMatchObject({ code: 'hook_failed', hook: 'mapProfile' })
        expect(failed?.facts.advice).toContain(told)
        expect(failed?.facts.advice).not.toContain('threw')
      },
    )

    test('a scope that a person leaves out is not granted, and its field is gone', async () => {
      await start({ apps: { acme: { claims: B2C } } })
      expect(await me(await tokenOf())).toMatchObject({ scopes: ['profile', 'postal_code'] })
      const token = await tokenOf({ without: ['postal_code'] })
      expect(await me(token)).toMatchObject({
        scopes: ['profile'],
        profile: { locale: 'en_US', prime: true },
      })
      expect(claimsOf(token)).not.toHaveProperty('zip')
    })

    test('who adds a scope to the return learns nothing, and is believed no further than was asked', async () => {
      await start()
      const browser = host.browser()
      const begun = await browser.get('/amazon_auth?appid=acme')
      const back = new URL(
        await host.emulator.allow(begun.location, BEN, { without: ['postal_code'] }),
      )
      back.searchParams.set('scope', 'profile postal_code alexa:all')
      const { location } = await browser.get(back.pathname + back.search)
      const token = new URL(location, host.origin).searchParams.get('jwt') ?? ''
      const own = await me(token)
      expect(own.scopes).toEqual(['profile', 'postal_code'])
      expect(own).not.toHaveProperty('profile')
    })

    test.each(['scope=a&scope=b', `scope=${'x'.repeat(2_000)}`, 'scope=', 'scope[]=x'])(
      'a return with %.20s is finished all the same',
      async (odd) => {
        await start()
        const browser = host.browser()
        const begun = await browser.get('/amazon_auth?appid=acme')
        const back = await host.emulator.allow(begun.location, ADA)
        const { location } = await browser.get(back.replace(/scope=[^&]*/, odd))
        expect(location).toContain('jwt=')
      },
    )

    test('a user who comes again unchanged is not written', async () => {
      await start({ apps: { acme: { claims: B2C } } })
      const first = await me(await tokenOf())
      expect(await me(await tokenOf())).toEqual(first)
    })

    test('a return that is opened twice gives the same claims', async () => {
      await start({ apps: { acme: { claims: B2C } } })
      const browser = host.browser()
      const { back, answer } = await signIn(browser)
      const again = await browser.get(back)
      const read = (location: string) => {
        const token = new URL(location, host.origin).searchParams.get('jwt') ?? ''
        return { ...claimsOf(token), iat: 0, nbf: 0, exp: 0, jti: '' }
      }
      expect(read(again.location)).toEqual(read(answer.location))
      expect(read(again.location)).toMatchObject({ zip: '98101' })
    })

    test('the session token holds none of it', async () => {
      await start({ apps: { acme: { claims: B2C, signinSuccess: '/in?jwt=?' } } })
      const claims = claimsOf(await tokenOf())
      for (const name of [...Object.keys(B2C), 'profile', 'scopes', 'prime']) {
        expect(claims).not.toHaveProperty(name)
      }
    })

    test('an app without a mapping has the configured one, and one with {} has none', async () => {
      await start({
        options: { claims: { idp_name: { value: 'amazon.com' } } },
        apps: { zenith: { claims: {}, signinSuccess: '/in?jwt=id' } },
      })
      expect(claimsOf(await tokenOf())).toMatchObject({ idp_name: 'amazon.com' })
      expect(claimsOf(await tokenOf({ app: 'zenith' }))).not.toHaveProperty('idp_name')
    })

    test('another app sees nothing of it: the same person is another user there', async () => {
      await start({ apps: { zenith: { signinSuccess: '/in?jwt=id' } } })
      await tokenOf()
      const own = await me(await tokenOf({ app: 'zenith' }))
      expect(own.scopes).toEqual(['profile'])
      expect(own.profile).toEqual({ locale: 'en_US', prime: true })
    })
  })
}

describeClaims('SQLite', () =>
  Promise.resolve({ url: 'sqlite::memory:', drop: () => Promise.resolve() }),
)
describeOnPostgres('on PostgreSQL', () => {
  describeClaims('PostgreSQL', reuseDatabases())
})
