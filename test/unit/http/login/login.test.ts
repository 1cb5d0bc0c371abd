import { createHash } from 'node:crypto'

import { decode } from 'jsonwebtoken'

import type { CodeGrant } from '../../../../src/amazon/exchange-code'
import type { RegionalCall } from '../../../../src/amazon/request-json'
import { buildEndpoints } from '../../../../src/amazon/endpoints'
import { AmazonAuthError } from '../../../../src/errors'
import type { SignInServices } from '../../../../src/http/auth-services'
import { login } from '../../../../src/http/login/login'
import { Once } from '../../../../src/http/login/once'
import { failLogin } from '../../../../src/http/sign-in/failure'
import {
  ann,
  answerOf,
  APPS,
  keep,
  PREFIX,
  stepsWorld,
  type Ask,
  type Begun,
  type Jar,
  type Setup,
  type StepsWorld,
} from './steps-world'

const KEYS = APPS.acme
const TOKEN = { ...KEYS, signin_success: 'https://app.example/in?jwt=id' }
const FAILED = 'https://app.example/no?cause=?'
const EXPIRED = 'https://app.example/no?cause=Invalid%20or%20expired%20sign-in%20request.'
const BAD = 'https://app.example/no?cause=Bad%20credentials.'
const ALIASES = 'https://one.example,https://two.example'

/** Amazon as far as a login asks for it: a code is good once, with the client, address and verifier that it was made for. */
function createAmazon() {
  const codes = new Map<string, { redirectUri: string; challenge: string | null }>()
  const asked: CodeGrant[] = []
  return {
    asked,
    /** A person who allows: the code of a login. */
    allow({ asked: query }: Pick<Begun, 'asked'>): string {
      const code = `code-${codes.size}`
      const challenge = query.get('code_challenge')
      codes.set(code, { redirectUri: query.get('redirect_uri') ?? '', challenge })
      return code
    },
    calls: {
      endpointsOf: () => buildEndpoints('na'),
      exchangeCode(grant: CodeGrant, _call: RegionalCall) {
        asked.push(grant)
        const made = codes.get(grant.code)
        codes.delete(grant.code)
        const { codeVerifier: verifier } = grant
        const challenge =
          verifier === undefined ? null : createHash('sha256').update(verifier).digest('base64url')
        const isRight = made?.redirectUri === grant.redirectUri && made.challenge === challenge
        if (!isRight) return Promise.reject(new AmazonAuthError('code_rejected', {}))
        return Promise.resolve({ accessToken: `of ${grant.code}`, expiresInSeconds: 60 })
      },
      fetchProfile: (accessToken: string) =>
        Promise.resolve({ userId: 'amzn1.account.A', name: accessToken }),
    },
  }
}

let world: StepsWorld
let amazon: ReturnType<typeof createAmazon>
let once: Once
let jar: Jar
let told: string[]
let kept: unknown[]
/** How users were asked for. */
let upserts: object[]
beforeEach(() => start())

function start({ apps, services, ...setup }: Setup = {}): void {
  amazon = createAmazon()
  told = []
  kept = []
  upserts = []
  once = new Once()
  jar = new Map()
  world = stepsWorld({
    apps: apps ?? { acme: { ...TOKEN, signin_failure: FAILED }, zenith: TOKEN },
    ...setup,
    services: {
      amazon: amazon.calls,
      upsertUser: (app: { id: string }, details: object, options: object) => {
        upserts.push({ ...details, ...options })
        const user = { ...ann, ...details, appId: app.id }
        world.users.set(`${app.id} 7`, user)
        return Promise.resolve(user)
      },
      keptTokens: {
        keep: (...what: unknown[]) => {
          kept.push(what)
          return Promise.resolve()
        },
      },
      metrics: {
        countLogin: (_app: string, _outcome: string, reason: string) => void told.push(reason),
        observeStep: () => undefined,
      },
      audit: { countBegin: () => undefined, record: () => undefined },
      events: { emit: () => undefined },
      ...services,
    } as unknown as Partial<SignInServices>,
  })
}

/** A request to `/amazon_auth`, answered whether it ends well or not. */
async function visit(query: string, ask: Ask = { jar }) {
  const attempt = await world.open(`/amazon_auth?${query}`, ask)
  await login(attempt, once).catch((error: unknown) => failLogin(error, attempt))
  if (ask.jar !== undefined) keep(ask.jar, attempt.res)
  return { ...answerOf(attempt), attempt }
}

/** Begins, and gives what the consent page is asked for. */
async function begin(query = 'state=acme'): Promise<Begun> {
  return begunAt((await visit(query)).location)
}

function begunAt(location: string): Begun {
  const { searchParams: asked } = new URL(location)
  const state = asked.get('state') ?? ''
  return { location: new URL(location), asked, state, nonce: state.split('~')[1] ?? '' }
}

const returning = (begun: Begun, code = amazon.allow(begun), ask?: Ask) =>
  visit(`code=${code}&state=${begun.state}`, ask)
const claimsIn = (location: string) => decode(new URL(location).searchParams.get('jwt') ?? '')

describe('a login from begin to end', () => {
  test('trades the code with the address and verifier of its begin, and ends at the target of its app', async () => {
    const { attempt, ...first } = await visit('state=acme&nonce=n')
    expect([attempt.leg, first.status]).toEqual(['begin', 302])
    const begun = begunAt(first.location)
    const answer = await returning(begun)
    expect(answer.status).toBe(302)
    expect(answer.location).toMatch(/^https:\/\/app\.example\/in\?jwt=ey/)
    expect(claimsIn(answer.location)).toMatchObject({ sub: '7', appid: 'app:acme', nonce: 'n' })
    expect(amazon.asked).toEqual([
      {
        code: 'code-0',
        clientId: 'client',
        clientSecret: 'secret',
        redirectUri: begun.asked.get('redirect_uri'),
        codeVerifier: expect.stringMatching(/^[\w-]{43}$/),
      },
    ])
    expect(answer.attempt).toMatchObject({ isBound: true, means: 'id_token', leg: 'return' })
    expect(answer.attempt.user).toMatchObject({ id: '7', name: 'of code-0' })
    expect(answer.attempt.countedBegin).toMatchObject({ nonce: begun.nonce })
    expect(answer.attempt.steps.map(({ step }) => step)).toEqual([
      'parse_request',
      'resolve_app',
      'verify_state',
      'exchange_code',
      'fetch_profile',
      'upsert_user',
      'issue_token',
    ])
    expect(world.log).toEqual([])
  })

  test('hands the tokens of Amazon to those who keep them', async () => {
    await returning(await begin())
    const tokens = { accessToken: 'of code-0', expiresInSeconds: 60 }
    expect(kept).toMatchObject([
      [
        { id: 'acme' },
        { id: '7' },
        { tokens, clientId: 'client', region: 'na', scopes: ['profile'] },
      ],
    ])
  })

  test('hands them over also of a user whose scopes nobody knows', async () => {
    const upsertUser = () => Promise.resolve({ ...ann, scopes: null })
    start({ services: { upsertUser } })
    expect((await returning(await begin())).location).toContain('?jwt=ey')
    expect(kept).toMatchObject([[{ id: 'acme' }, { id: '7' }, { scopes: undefined }]])
  })

  test('has a session token end older ones, and an ID token none; scopes are those that were granted', async () => {
    const acme = { ...TOKEN, 'amazon.scope': 'profile postal_code' }
    const session = { ...KEYS, signin_success: '/in?jwt=?' }
    start({ apps: { acme, session }, policy: { oneSessionPerUser: true } })
    const begun = await begin()
    await visit(`code=${amazon.allow(begun)}&state=${begun.state}&scope=postal_code`)
    expect(upserts).toMatchObject([{ renewTokenSecret: false, scopes: 'profile postal_code' }])
    await returning(await begin('state=session'))
    expect(upserts[1]).toMatchObject({ renewTokenSecret: true })
  })

  test('is answered only when what goes on beside it is over', async () => {
    let isKept = false
    const keep = () =>
      new Promise<void>((resolve) => setTimeout(() => resolve(void (isKept = true)), 5))
    start({ services: { keptTokens: { keep } as unknown as SignInServices['keptTokens'] } })
    const { status } = await returning(await begin())
    expect([status, isKept]).toEqual([302, true])
  })

  test('opened a second time ends as the first did, and nothing is traded', async () => {
    const begun = await begin('state=acme&nonce=n')
    const code = amazon.allow(begun)
    await returning(begun, code)
    const again = await returning(begun, code)
    expect(claimsIn(again.location)).toMatchObject({ sub: '7', nonce: 'n' })
    expect(amazon.asked).toHaveLength(1)
    expect(again.attempt.user).toBeUndefined()
  })

  test('opened a second time by a browser without its receipt is refused', async () => {
    const begun = await begin()
    const before = new Map(jar)
    const code = amazon.allow(begun)
    await returning(begun, code)
    expect(await returning(begun, code, { jar: new Map() })).toMatchObject({ location: EXPIRED })
    expect(await returning(begun, 'code-9', { jar: before })).toMatchObject({ location: EXPIRED })
    expect(amazon.asked).toHaveLength(1)
  })

  test('ends at the front end that it was begun for, whatever the return says', async () => {
    start({ apps: { acme: { ...TOKEN, 'security.hosturl_aliases': ALIASES } } })
    const by = async (query: string, more = '') => {
      const begun = await begin(query)
      const code = amazon.allow(begun)
      const { location } = await visit(`code=${code}&state=${begun.state}${more}`)
      return new URL(location).origin
    }
    expect(await by('state=acme|1')).toBe('https://two.example')
    expect(await by('state=acme&host_url=https://one.example/x')).toBe('https://one.example')
    expect(await by('state=acme|1', '&host_url=https://one.example')).toBe('https://two.example')
    expect(await by('state=acme', '&host_url=https://one.example')).toBe('https://app.example')
  })

  test('for a front end that the app has not named ends without a token', async () => {
    const begun = await begin('state=acme&host_url=https://evil.test')
    const { location } = await returning(begun)
    expect(location).toBe('https://app.example')
  })
})

describe('a login of an app whose target carries no token', () => {
  const SESSION = '__Host-amazon-auth'
  const base64 = (path: string): string => Buffer.from(path).toString('base64')
  beforeEach(() => start({ apps: { acme: KEYS, shop: { ...KEYS, signin_success: '/shop' } } }))

  test('ends in a session, which is not begun anew by a second hit', async () => {
    const begun = await begin()
    const code = amazon.allow(begun)
    expect(await returning(begun, code)).toMatchObject({ status: 302, location: '/' })
    const session = jar.get(SESSION)
    expect(session).toMatch(/^s%3A/)
    const again = await returning(begun, code)
    expect(again).toMatchObject({ status: 302, location: '/', setCookies: [] })
    expect(jar.get(SESSION)).toBe(session)
    expect(amazon.asked).toHaveLength(1)
  })

  test('is refused the second time, once its session is gone', async () => {
    const begun = await begin()
    const code = amazon.allow(begun)
    await returning(begun, code)
    jar.delete(SESSION)
    const again = await returning(begun, code)
    expect([again.status, jar.has(SESSION)]).toEqual([401, false])
    expect(told).toEqual(['state_mismatch'])
  })

  test.each([
    ['at the page that it was begun for', 'state=acme&returnto=/orders', '/orders'],
    ['there also where its app has a target', 'state=shop&returnto=/orders', '/orders'],
    ['at the target of its app', 'state=shop', '/shop'],
    ['at a page that a cookie names, where its app has no target', 'state=acme', '/cart'],
  ])('ends %s', async (_where, query, location) => {
    jar.set('para-returnto', base64('/cart'))
    const begun = await begin(query)
    expect(await returning(begun)).toMatchObject({ location })
    expect(jar.has('para-returnto')).toBe(location !== '/cart')
  })
})

describe('a return that was not begun here', () => {
  const unbound = () => ({
    asked: new URLSearchParams({ redirect_uri: 'https://shop.example/amazon_auth' }),
  })

  test('is traded with the address of this host and no verifier; the log is told once', async () => {
    for (let n = 0; n < 2; n += 1) {
      const { location, attempt } = await visit(`code=${amazon.allow(unbound())}&state=zenith`)
      expect(claimsIn(location)).toMatchObject({ appid: 'app:zenith' })
      expect(attempt.isBound).toBe(false)
    }
    expect(amazon.asked[0]).toMatchObject({
      redirectUri: 'https://shop.example/amazon_auth',
      codeVerifier: undefined,
    })
    expect(world.log).toMatchObject([{ level: 'warn', facts: { app: 'zenith', state: 'unbound' } }])
  })

  test('opened a second time says nothing: nobody was signed in by that', async () => {
    const code = amazon.allow(unbound())
    await visit(`code=${code}&state=zenith`)
    const [users, cookies] = [world.users, jar]
    start()
    for (const [id, user] of users) world.users.set(id, user)
    jar = cookies
    expect(claimsIn((await visit(`code=${code}&state=zenith`)).location)).toMatchObject({
      sub: '7',
    })
    expect(world.log).toEqual([])
  })

  test('ends at the front end that it names itself', async () => {
    start({ apps: { acme: { ...TOKEN, 'security.hosturl_aliases': ALIASES } } })
    const { location } = await visit(`code=${amazon.allow(unbound())}&state=acme|1`)
    expect(new URL(location).origin).toBe('https://two.example')
  })

  test('is refused where the app is strict, and Amazon is not asked', async () => {
    start({ apps: { acme: { ...TOKEN, signin_failure: FAILED, 'security.strict': true } } })
    expect(await visit(`code=${amazon.allow(unbound())}&state=acme`)).toMatchObject({
      location: EXPIRED,
    })
    expect(amazon.asked).toEqual([])
    expect(told).toEqual(['state_missing'])
  })
})

describe('a return is refused before Amazon is asked', () => {
  test.each([
    ['without a code', 'code=', BAD, 'callback_invalid'],
    ['with a code there twice', 'code=a&code=b', BAD, 'callback_invalid'],
    ['with a code as an array', 'code[]=a', BAD, 'callback_invalid'],
    ['with a code that is too long', `code=${'c'.repeat(2049)}`, BAD, 'callback_invalid'],
    ['with any parameter there twice', 'code=a&nonce=1&nonce=1', BAD, 'callback_invalid'],
    [
      'with a refusal beside a code',
      'code=a&error=access_denied',
      'https://app.example/no?cause=Access%20denied.',
      'access_denied',
    ],
    ['with the state of another login', 'code=a&state=acme~other', EXPIRED, 'state_mismatch'],
  ])('%s; its login is over then', async (_what, query, location, code) => {
    const { state, nonce } = await begin()
    const whole = query.includes('state=') ? query : `${query}&state=${state}`
    const answer = await visit(whole)
    expect(answer).toMatchObject({ status: 302, location })
    expect(told).toEqual([code])
    expect(amazon.asked).toEqual([])
    const isOver = !jar.has(PREFIX + nonce.slice(0, 10))
    expect(isOver).toBe(whole.includes(state))
  })

  test.each([
    ['that is not there', 'state=nobody', 'app_not_found'],
    ['that only looks like one', 'state=%C3%A4', 'app_not_found'],
    ['that is no own property', 'state=__proto__', 'app_not_found'],
    ['without keys', 'state=keyless', 'app_not_configured'],
  ])('for an app %s', async (_what, query, code) => {
    start({ apps: { acme: TOKEN, keyless: {} }, policy: { signinFailure: '/f?cause=?' } })
    const location =
      '/f?cause=Signing%20in%20with%20Amazon%20is%20not%20set%20up%20for%20this%20app.'
    for (const leg of [query, `code=c&${query}`]) {
      expect(await visit(leg)).toMatchObject({ location, setCookies: [] })
    }
    expect(told).toEqual([code, code])
    expect(amazon.asked).toEqual([])
  })

  test('for an app that is switched off', async () => {
    start({ changes: { active: false } })
    await visit('code=c&state=acme')
    expect(told).toEqual(['app_inactive'])
  })

  test('at another app than the one it was begun for, whose record of it stays out of the sums', async () => {
    const { nonce } = await begin()
    const { attempt } = await visit(`code=c&state=zenith~${nonce}`)
    expect(attempt.countedBegin).toBeUndefined()
    expect(told).toEqual(['state_mismatch'])
  })
})

describe('a code of another login', () => {
  test('is worth nothing, in whatever browser it was begun', async () => {
    const attackers: Jar = new Map()
    const victims = await begin()
    const own = jar
    jar = attackers
    const stolen = amazon.allow(await begin())
    jar = own
    expect(await returning(victims, stolen)).toMatchObject({ location: BAD })
    expect(told).toEqual(['code_rejected'])
  })
})

describe('a login that fails', () => {
  test('goes to the front end that it was begun for', async () => {
    const named = { signin_failure: FAILED, 'security.hosturl_aliases': ALIASES }
    start({ apps: { acme: { ...TOKEN, ...named } } })
    const begun = await begin('state=acme|1')
    const { location } = await visit(`error=access_denied&state=${begun.state}`)
    expect(location).toBe('https://two.example/no?cause=Access%20denied.')
  })

  test('at its begin goes to the target of its app', async () => {
    expect(await visit('state=acme&nonce=a%20b')).toMatchObject({ location: BAD })
  })
})

describe('a login that is only tried', () => {
  test('by a link that is none is told so, and no login is begun', async () => {
    const { status, setCookies } = await visit('state=acme&try=nonsense')
    expect([status, setCookies]).toEqual([410, []])
    expect(told).toEqual([])
  })
})
