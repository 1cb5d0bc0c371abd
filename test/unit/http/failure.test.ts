import type { LoginWay } from '../../../src/audit/audit-event'
import { AmazonAuthError, type ErrorCode } from '../../../src/errors'
import type { SignInServices } from '../../../src/http/auth-services'
import type { PageAttempt } from '../../../src/http/sign-in/attempt'
import { takeNote } from '../../../src/http/sign-in/failure-note'
import { failLogin, failLogout } from '../../../src/http/sign-in/failure'
import {
  answerOf,
  APPS,
  keep,
  stepsWorld,
  type Ask,
  type Jar,
  type Setup,
  type StepsWorld,
} from './login/steps-world'

const KEYS = APPS.acme
const OWN = { acme: { ...KEYS, signin_failure: 'https://app.example/no?cause=?' } }
const SCRIPT = { accept: 'application/json' }
const CONFIGURED = { policy: { signinFailure: '/failed?cause=?' } }

const uncounted = {
  metrics: { countLogin: () => undefined, observeStep: () => undefined },
  audit: { record: () => undefined },
  events: { emit: () => undefined },
} as unknown as Partial<SignInServices>

interface Failing {
  readonly setup?: Setup
  readonly ask?: Ask
  readonly query?: string
  readonly note?: (attempt: PageAttempt) => void
}

async function fail(thrown: unknown, { setup, ask, query = 'state=acme', note }: Failing = {}) {
  const services = { ...uncounted, ...setup?.services }
  const world = stepsWorld({ ...setup, services })
  const { attempt } = await world.leg(`/amazon_auth?${query}`, ask)
  note?.(attempt)
  let body = ''
  const end = attempt.res.end.bind(attempt.res) as (text?: string) => typeof attempt.res
  attempt.res.end = (text?: unknown) => end((body = typeof text === 'string' ? text : ''))
  await failLogin(thrown, attempt)
  return { ...answerOf(attempt), body, world, attempt }
}

const failure = (code: ErrorCode, facts = {}) => new AmazonAuthError(code, facts)
const BAD = 'Bad%20credentials.'

describe('a failed login goes', () => {
  test("to the app's own target, with the words in it, also for a script", async () => {
    const location = `https://app.example/no?cause=${BAD}`
    const setup = { apps: OWN, ...CONFIGURED }
    for (const ask of [{}, { headers: SCRIPT }]) {
      const answer = await fail(failure('code_rejected'), { setup, ask })
      expect(answer).toMatchObject({ status: 302, location, setCookies: [] })
    }
  })

  test('to the configured target, where the app has none or one that is no address', async () => {
    const unsafe = { acme: { ...KEYS, signin_failure: 'javascript:alert(1)' } }
    for (const apps of [{ acme: KEYS }, unsafe]) {
      const answer = await fail(failure('code_rejected'), { setup: { apps, ...CONFIGURED } })
      expect(answer).toMatchObject({ status: 302, location: `/failed?cause=${BAD}` })
    }
  })

  test('to a script as JSON, where the app has no target', async () => {
    const failing = { setup: CONFIGURED, ask: { headers: SCRIPT } }
    const answer = await fail(failure('code_rejected'), failing)
    expect(answer).toMatchObject({ status: 401, location: '' })
    expect(JSON.parse(answer.body)).toEqual({ code: 401, message: 'Bad credentials.' })
    const mistake = await fail(failure('callback_invalid'), failing)
    expect(mistake.status).toBe(401)
    expect((await fail(failure('internal'), failing)).status).toBe(500)
    const outage = await fail(failure('store_unavailable'), failing)
    expect(outage.status).toBe(503)
    expect(outage.attempt.res.getHeader('retry-after')).toBe(5)
  })

  test('to a page with a way back, where there is no target at all', async () => {
    const answer = await fail(failure('code_rejected'), { query: 'state=acme|1&returnto=/x' })
    expect(answer).toMatchObject({ status: 401, location: '' })
    expect(answer.body).toContain(
      'https://shop.example/amazon_auth?state=acme%7C1&#38;returnto=%2Fx',
    )
    expect(answer.attempt.res.getHeader('retry-after')).toBeUndefined()
    expect(answer.attempt.res.getHeader('referrer-policy')).toBe('no-referrer')
    const outage = await fail(failure('store_unavailable'))
    expect(outage.status).toBe(503)
    expect(outage.attempt.res.getHeader('retry-after')).toBe(5)
  })

  test('by 303 from a form, so that nothing of it travels on', async () => {
    const failing = { setup: { apps: OWN }, ask: { method: 'POST' } }
    expect(await fail(failure('code_rejected'), failing)).toMatchObject({ status: 303 })
  })

  test('to the front end that it was begun for, and to none that is not named', async () => {
    const aliases = { 'security.hosturl_aliases': 'https://one.example' }
    const setup = { apps: { acme: { ...OWN.acme, ...aliases } } }
    const to = async (query: string) =>
      new URL((await fail(failure('code_rejected'), { setup, query })).location).origin
    expect(await to('state=acme|0')).toBe('https://one.example')
    expect(await to('state=acme&host_url=https://one.example')).toBe('https://one.example')
    expect(await to('state=acme&host_url=https://evil.test')).toBe('https://app.example')
  })

  test('also where the Host header is none, and there is no public address', async () => {
    const setup = { apps: OWN, policy: { publicUrl: undefined } }
    const failing = { setup, ask: { headers: { host: 'a b' } }, query: 'state=acme' }
    const answer = await fail(failure('code_rejected'), failing)
    expect(answer.location).toBe(`https://app.example/no?cause=${BAD}`)
  })
})

describe("this server's own page for failed logins", () => {
  const setup = { policy: { signinFailure: undefined, failurePage: '/signin' } }

  async function noteBehind(thrown: unknown, more: Failing = {}) {
    const { location, world, attempt } = await fail(thrown, { setup, ...more })
    const jar: Jar = new Map()
    keep(jar, attempt.res)
    const next = await world.open('/signin?error', { jar })
    return { location, note: takeNote(next.req, next.res, world.services) }
  }

  test('is told by a sealed cookie what to say', async () => {
    const { location, note } = await noteBehind(failure('account_locked'))
    expect(location).toBe('/signin?error')
    expect(note).toEqual({
      code: 'account_locked',
      appName: 'Acme',
      again: 'https://shop.example/amazon_auth?state=acme',
    })
  })

  test('is told the way back of the way that was gone: to a device, and none by a token', async () => {
    const again = async (way: LoginWay) => {
      const { note } = await noteBehind(failure('account_locked'), { ask: { way } })
      return note?.again
    }
    expect(await again('device')).toBe('https://shop.example/amazon_auth/device?appid=acme')
    expect(await again('app_token')).toBeUndefined()
  })

  test('is told no app where there is none', async () => {
    const note = (attempt: PageAttempt): void => void (attempt.app = undefined)
    const { location, note: told } = await noteBehind(failure('app_not_found'), { note })
    expect(location).toBe('/signin?error')
    expect(told).toEqual({ code: 'app_not_found' })
  })

  test('lies at its path where no public address is known', async () => {
    const policy = { ...setup.policy, publicUrl: undefined }
    const { location } = await noteBehind(failure('account_locked'), { setup: { policy } })
    expect(location).toBe('/signin?error')
  })

  test('lies below the path that a proxy takes off', async () => {
    const policy = { ...setup.policy, publicUrl: 'https://shop.example/base' }
    const { location, note } = await noteBehind(failure('account_locked'), { setup: { policy } })
    expect(location).toBe('/base/signin?error')
    expect(note).toMatchObject({ code: 'account_locked' })
  })

  test('is told in the words of the host why it refuses, and nothing of a way back by a token', async () => {
    const refused = failure('refused_by_host', { problem: 'Members only.' })
    const { note } = await noteBehind(refused)
    expect(note).toMatchObject({ code: 'refused_by_host', reason: refused.message })
    expect((await noteBehind(failure('code_rejected'))).note?.reason).toBeUndefined()
  })

  test('is told nothing where the app has a target of its own', async () => {
    const own = { ...setup, apps: { acme: { ...KEYS, signin_failure: '/signin' } } }
    expect(await noteBehind(failure('code_rejected'), { setup: own })).toEqual({
      location: '/signin',
      note: undefined,
    })
    for (const failurePage of ['/signin', undefined]) {
      const elsewhere = { policy: { signinFailure: '/signin/other', failurePage } }
      const failing = { setup: elsewhere as Setup }
      expect(await noteBehind(failure('code_rejected'), failing)).toEqual({
        location: '/signin/other',
        note: undefined,
      })
    }
  })
})

describe('the note for that page', () => {
  const setup = { policy: { signinFailure: undefined, failurePage: '/signin' } }
  const NAME = '__Host-amazon-login-failure'

  test('is for this host alone, out of reach of scripts, and good for a minute', async () => {
    const { setCookies } = await fail(failure('account_locked'), { setup })
    expect(setCookies).toEqual([
      expect.stringMatching(
        /^__Host-amazon-login-failure=[\w.-]+; Max-Age=60; Path=\/; Expires=.* GMT; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ])
    expect(setCookies.join()).not.toContain('locked')
  })

  test('leaves out the way back where there is no room for it, and all of it where there is not either', async () => {
    const room = async (reason: string, returnTo: string) => {
      const refused = failure('refused_by_host', { problem: reason })
      const query = `state=acme&returnto=/${returnTo}`
      const { setCookies, world } = await fail(refused, { setup, query })
      const [, sealed = ''] = /=([^;]+)/.exec(setCookies.join()) ?? []
      return world.sealer.open(sealed, 'amazon-login-failure')
    }
    const whole = (await room('r', '')) ?? ''
    const least = JSON.stringify({ ...(JSON.parse(whole) as object), again: undefined })
    expect(await room('r', 'x'.repeat(900 - whole.length))).toHaveLength(900)
    expect(await room('r', 'x'.repeat(901 - whole.length))).toBe(least)
    expect(await room('r'.repeat(901 - least.length), '')).toHaveLength(900)
    expect(await room('r'.repeat(902 - least.length), '')).toBeUndefined()
  })

  const take = async (value: (world: StepsWorld) => string) => {
    const world = stepsWorld(setup)
    const jar: Jar = new Map([[NAME, value(world)]])
    const next = await world.open('/signin?error', { jar })
    return { note: takeNote(next.req, next.res, world.services), ...answerOf(next) }
  }

  test.each<readonly [string, (world: StepsWorld) => string]>([
    ['that nobody has sealed', () => 'account_locked'],
    [
      'that was sealed for something else',
      ({ sealer }) => sealer.seal('{"code":"internal"}', NAME),
    ],
    ['of another version', ({ sealer }) => sealer.seal('{"code":"x"}', 'amazon-login-failure')],
    ['without a code', ({ sealer }) => sealer.seal('{}', 'amazon-login-failure')],
  ])('%s says nothing, and is cleared', async (_which, value) => {
    expect(await take(value)).toMatchObject({
      note: undefined,
      setCookies: [expect.stringMatching(/^__Host-amazon-login-failure=; .* 1970 /)],
    })
  })
})

describe('which apps there are is not told where that is strict', () => {
  test.each([
    ['without keys', { apps: { acme: { signin_failure: 'https://app.example/no' } } }],
    ['that is switched off', { apps: OWN, changes: { active: false } }],
  ])('an app %s fails as one that is not there', async (_which, setup) => {
    const answer = async (strict: boolean) => {
      const policy = { ...CONFIGURED.policy, strict }
      return fail(failure('app_not_configured'), { setup: { ...setup, policy } })
    }
    expect((await answer(true)).location).toMatch(/^\/failed\?cause=/)
    expect((await answer(false)).location).toMatch(/^https:\/\/app\.example\/no/)
  })

  test('and one that signs in fails at its own target', async () => {
    const setup = { apps: OWN, policy: { ...CONFIGURED.policy, strict: true } }
    const { location } = await fail(failure('code_rejected'), { setup })
    expect(location).toMatch(/^https:\/\/app\.example\/no/)
  })
})

describe('a failed login is over', () => {
  const ended = async (thrown: unknown) => {
    const end = jest.fn()
    const answer = await fail(thrown, { note: (attempt) => (attempt.end = end) })
    return { ...answer, isEnded: end.mock.calls.length === 1 }
  }

  test('but not one that was refused before it began: it can be sent again', async () => {
    expect((await ended(failure('code_rejected'))).isEnded).toBe(true)
    for (const code of ['server_busy', 'too_many_requests'] as const) {
      const { isEnded, status, world } = await ended(failure(code, { retryAfterSeconds: 9 }))
      expect({ isEnded, status, log: world.log }).toEqual({
        isEnded: false,
        status: failure(code).status,
        log: [],
      })
    }
  })
})

describe('the log', () => {
  test.each([
    ['code_rejected', 'warn'],
    ['state_mismatch', 'warn'],
    ['client_rejected', 'error'],
    ['secret_unreadable', 'error'],
    ['hook_failed', 'error'],
    ['access_denied', 'info'],
    ['refused_by_host', 'info'],
  ] as const)('is told of %s as %s, with what to do', async (code, level) => {
    const { world } = await fail(failure(code, { reason: 'r' }))
    const { advice } = failure(code)
    const facts = { app: 'acme', code, reason: 'r', advice }
    expect(world.log).toEqual([{ level, message: 'sign-in failed', facts }])
  })

  test('is told the cause of what nobody has foreseen, and the person is not', async () => {
    const cause = new Error('the password is x')
    const { world, location, body } = await fail(cause, { setup: CONFIGURED })
    expect(world.log).toMatchObject([{ level: 'error', facts: { code: 'internal', cause } }])
    expect(location + body).not.toContain('password')
  })
})

describe('the hook onFailure', () => {
  test('is told the error, the app and the request, before the answer', async () => {
    const seen: unknown[] = []
    const onFailure = jest.fn((told: object) => {
      seen.push(told)
    })
    const error = failure('code_rejected')
    const { attempt } = await fail(error, { setup: { services: { hooks: { onFailure } } } })
    expect(seen).toEqual([{ error, appId: 'acme', req: attempt.req }])
  })

  test('that throws is told of, and the login fails as it would have', async () => {
    const cause = new Error('x')
    const hooks = { onFailure: () => Promise.reject(cause) }
    const setup = { ...CONFIGURED, services: { hooks } }
    const { world, location } = await fail(failure('code_rejected'), { setup })
    expect(location).toBe(`/failed?cause=${BAD}`)
    expect(world.log.at(-1)).toEqual({
      level: 'error',
      message: 'onFailure threw',
      facts: { app: 'acme', code: 'hook_failed', cause },
    })
  })
})

describe('a program that waits for a token', () => {
  const forProgram = (thrown: unknown) =>
    fail(thrown, { setup: { apps: OWN }, note: (attempt) => (attempt.isForProgram = true) })

  test('is refused by 403 whatever the reason, and told of an outage', async () => {
    for (const code of ['token_invalid', 'app_not_found', 'account_locked'] as const) {
      const { status, body } = await forProgram(failure(code))
      expect(status).toBe(403)
      expect(body).toContain('The token is refused')
    }
    for (const code of ['store_unavailable', 'internal'] as const) {
      const { status, body } = await forProgram(failure(code))
      expect(status).toBe(failure(code).status)
      expect(body).not.toContain('token')
    }
  })
})

test('a person reads of a refused token what any refused sign-in says', async () => {
  const wordsOf = async (code: ErrorCode) =>
    (await fail(failure(code), { setup: CONFIGURED })).location
  expect(await wordsOf('token_invalid')).toBe(`/failed?cause=${BAD}`)
  expect(await wordsOf('access_denied')).toBe('/failed?cause=Access%20denied.')
})

test('a sign-out that fails is told to the log and answered, without any target', async () => {
  const world = stepsWorld({ apps: OWN, ...CONFIGURED })
  const attempt = await world.open('/amazon_auth/logout?appid=acme')
  failLogout(failure('request_forbidden'), attempt)
  expect(answerOf(attempt)).toMatchObject({ status: 403, location: '' })
  expect(world.log).toMatchObject([{ level: 'warn', message: 'sign-out failed' }])
  const outage = await world.open('/amazon_auth/logout')
  const end = jest.spyOn(outage.res, 'end')
  failLogout(failure('store_unavailable'), outage)
  expect(outage.res.statusCode).toBe(503)
  expect(end.mock.calls.join()).toContain('You could not be signed out')
})
