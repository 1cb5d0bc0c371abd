import { verifyState } from '../../../../src/http/login/verify-state'
import { createSealer } from '../../../../src/crypto/sealer'
import { APPS, NOW_MS, PREFIX, refusal, stepsWorld, type Ask, type Jar } from './steps-world'

const MISMATCH = 'state_mismatch: no such login'
const TEN_MINUTES = 600_000

let world: ReturnType<typeof stepsWorld>
let jar: Jar
beforeEach(() => {
  world = stepsWorld()
  jar = new Map()
})

const back = (state: string, ask: Ask = { jar }, more = '') =>
  world.leg(`${ask.mount ?? ''}/amazon_auth?code=c&state=${state}${more}`, ask)

async function verdictOn(state: string, ask?: Ask, more?: string): Promise<unknown> {
  const leg = await back(state, ask, more)
  const verdict = refusal(() => verifyState(leg))
  // A browser is proven to be the one that began where it is let through with a nonce, and nowhere else.
  expect(leg.attempt.isBound).toBe(typeof verdict === 'object' && leg.request.nonce !== undefined)
  return verdict
}

describe('a state with a nonce', () => {
  test('gives the browser that began what it has begun with', async () => {
    const { state, nonce } = await world.begin(jar, 'state=acme|2&returnto=/orders&nonce=n')
    const leg = await back(state)
    expect(verifyState(leg)).toEqual({
      kind: 'begun',
      nonce,
      codeVerifier: expect.stringMatching(/^[\w-]{43}$/),
      appId: 'acme',
      mountPath: '',
      redirectUri: 'https://shop.example/amazon_auth',
      aliasIndex: 2,
      returnTo: '/orders',
      tokenNonce: 'n',
      createdAtMs: NOW_MS,
    })
    leg.attempt.leave()
    expect(leg.attempt.steps.map(({ step }) => step)).toEqual(['parse_request', 'verify_state'])
  })

  test('is nothing to another browser, be there a login of its own in it or not', async () => {
    const { state } = await world.begin(jar)
    expect(await verdictOn(state, { jar: new Map() })).toBe(MISMATCH)
    const other: Jar = new Map()
    await world.begin(other)
    expect(await verdictOn(state, { jar: other })).toBe(MISMATCH)
    expect(await verdictOn(state)).toMatchObject({ value: { appId: 'acme' } })
  })

  test.each([
    ['its end is cut off', (nonce: string) => nonce.slice(0, -1)],
    ['its end is another', (nonce: string) => `${nonce.slice(0, -1)}!`],
    ['something is added', (nonce: string) => `${nonce}A`],
    ['only what names the cookie is left', (nonce: string) => nonce.slice(0, 10)],
    ['a NUL stands in it', (nonce: string) => `${nonce.slice(0, 10)}%00${nonce.slice(10)}`],
    ['it is empty', () => ''],
    ['it is another one', () => 'A'.repeat(22)],
    ['it names a property of objects', () => '__proto__'],
  ])('is no such login where %s', async (_how, change) => {
    const { nonce } = await world.begin(jar)
    expect(await verdictOn(`acme~${change(nonce)}`)).toBe(MISMATCH)
  })

  test('is that of another login of the same browser only by its own cookie', async () => {
    const first = await world.begin(jar)
    const second = await world.begin(jar)
    expect(await verdictOn(first.state)).toMatchObject({ value: { nonce: first.nonce } })
    expect(await verdictOn(second.state)).toMatchObject({ value: { nonce: second.nonce } })
    const [a, b] = [first, second].map(({ nonce }) => PREFIX + nonce.slice(0, 10))
    const exchanged: Jar = new Map([
      [String(a), jar.get(String(b)) ?? ''],
      [String(b), jar.get(String(a)) ?? ''],
    ])
    expect(await verdictOn(first.state, { jar: exchanged })).toBe(MISMATCH)
  })

  test('is no such login where any character of the cookie is another', async () => {
    const { state } = await world.begin(jar)
    const [[name = '', sealed = ''] = []] = jar
    expect(sealed.length).toBeGreaterThan(100)
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A'
      const changed: Jar = new Map([[name, sealed.slice(0, at) + other + sealed.slice(at + 1)]])
      expect(await verdictOn(state, { jar: changed })).toBe(MISMATCH)
    }
  })

  test('is no such login where the cookie was sealed by somebody else', async () => {
    const { state, nonce } = await world.begin(jar)
    const [[name = '', sealed = ''] = []] = jar
    const text = world.sealer.open(sealed, name) ?? ''
    expect(text).toContain(nonce)
    for (const [key, purpose] of [
      ['x', 'login transactions'],
      ['k', 'secrets at rest'],
    ]) {
      const foreign = createSealer(() => [String(key).repeat(32)], String(purpose))
      const forged: Jar = new Map([[name, foreign.seal(text, name)]])
      expect(await verdictOn(state, { jar: forged })).toBe(MISMATCH)
    }
    expect(await verdictOn(state, { jar: new Map([[name, text]]) })).toBe(MISMATCH)
  })

  test('does not finish at another app, whether state or appid names it', async () => {
    const { nonce, state } = await world.begin(jar)
    const other = 'state_mismatch: begun for another app'
    expect(await verdictOn(`zenith~${nonce}`)).toBe(other)
    expect(await verdictOn(state, { jar }, '&appid=zenith')).toBe(other)
  })

  test('does not finish at another mount, but in other letters of the same', async () => {
    const { state } = await world.begin(jar, undefined, { jar, mount: '/Auth' })
    const at = (mount: string) => verdictOn(state, { jar, mount })
    expect(await at('/other')).toBe('state_mismatch: begun at another mount')
    expect(await at('/')).toBe('state_mismatch: begun at another mount')
    expect(await at('/auth')).toMatchObject({ value: { mountPath: '/Auth' } })
    expect(await at('/AUTH')).toMatchObject({ value: { mountPath: '/Auth' } })
  })

  test('has ended ten minutes after it was begun', async () => {
    const { state } = await world.begin(jar)
    world.clock.nowMs += TEN_MINUTES - 1
    expect(await verdictOn(state)).toMatchObject({ value: { createdAtMs: NOW_MS } })
    world.clock.nowMs += 1
    expect(await verdictOn(state)).toBe('state_expired')
  })

  test('is no such login once it is done, or dropped', async () => {
    const { state, nonce } = await world.begin(jar)
    const dropped = await back(state)
    dropped.cookies.drop(nonce)
    expect(refusal(() => verifyState(dropped))).toBe(MISMATCH)
    const done = await back(state)
    const receipt = { kind: 'done', appId: 'acme', codeHash: 'h', userId: '7', epoch: 0 } as const
    done.cookies.finish(nonce, { ...receipt, createdAtMs: NOW_MS })
    const [line = ''] = [done.attempt.res.getHeader('set-cookie')].flat().map(String)
    const [name = '', value = ''] = line.split(/[=;]/)
    expect(await verdictOn(state, { jar: new Map([[name, value]]) })).toBe(MISMATCH)
  })

  test('says with a refusal which app it was for, and nothing of the nonce', async () => {
    const { nonce } = await world.begin(jar)
    const other = await back(`zenith~${nonce}`)
    expect(() => verifyState(other)).toThrow(
      expect.objectContaining({ facts: { app: 'zenith', reason: 'begun for another app' } }),
    )
    world.clock.nowMs += TEN_MINUTES
    const late = await back(`acme~${nonce}`)
    expect(() => verifyState(late)).toThrow(expect.objectContaining({ facts: { app: 'acme' } }))
  })
})

describe('a state without a nonce', () => {
  test.each(['acme', 'acme|1', 'app:acme'])('%s is let through, unbound', async (state) => {
    expect(await verdictOn(state)).toEqual({ value: undefined })
  })

  test.each([
    ['the app', { apps: { ...APPS, acme: { ...APPS.acme, 'security.strict': true } } }],
    ['the configuration', { policy: { strict: true } }],
  ])('is refused where %s is strict, also beside the cookie of a login', async (_who, setup) => {
    world = stepsWorld(setup)
    const { state } = await world.begin(jar)
    for (const bare of ['acme', 'acme|1', '', '%20']) {
      expect(await verdictOn(bare, { jar }, '&appid=acme')).toBe('state_missing')
    }
    const bare = await back('acme')
    expect(() => verifyState(bare)).toThrow(expect.objectContaining({ facts: { app: 'acme' } }))
    expect(await verdictOn('acme~')).toBe(MISMATCH)
    expect(await verdictOn(state)).toMatchObject({ value: { appId: 'acme' } })
  })
})
