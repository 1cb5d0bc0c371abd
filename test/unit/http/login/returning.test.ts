import { hasJustSignedIn } from '../../../../src/http/login/has-just-signed-in'
import { LoginCookies } from '../../../../src/http/login/login-cookies'
import { takeReturnTo } from '../../../../src/http/login/return-to-cookie'
import { ann, keep, linesOf, NOW_MS, stepsWorld, type Jar, type StepsWorld } from './steps-world'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('the page that a cookie names to return to', () => {
  async function take(value: string, name = 'para-returnto', returntoCookie = 'para-returnto') {
    const world = stepsWorld({ policy: { returntoCookie } })
    const attempt = await world.open('/amazon_auth', { jar: new Map([[name, value]]) })
    return { taken: takeReturnTo(attempt), lines: linesOf(attempt.res) }
  }
  const cleared = (name: string) => [expect.stringMatching(`^${name}=; Path=/; Expires=.* 1970 `)]

  test.each(['/', '/orders?a=b#c', '/ä'])('is %s, once', async (path) => {
    expect(await take(encodeURIComponent(base64(path)))).toEqual({
      taken: path,
      lines: cleared('para-returnto'),
    })
  })

  test.each([
    '//evil.test',
    '/\\evil.test',
    '/\t/evil.test',
    'https://evil.test/',
    'x',
    '/%5Cevil',
  ])('is never %s; the cookie is cleared all the same', async (path) => {
    expect(await take(base64(path))).toEqual({ taken: undefined, lines: cleared('para-returnto') })
  })

  test('is none where the cookie is missing or empty', async () => {
    expect(await take(base64('/x'), 'other')).toEqual({ taken: undefined, lines: [] })
    expect(await take('')).toEqual({ taken: undefined, lines: [] })
    // As cookie-parser reads it: no text.
    expect(await take(encodeURIComponent('j:{"a":1}'))).toEqual({ taken: undefined, lines: [] })
  })

  test('is in the cookie that the configuration names', async () => {
    expect(await take(base64('/x'), 'back', 'back')).toEqual({
      taken: '/x',
      lines: cleared('back'),
    })
    expect((await take(base64('/x'), 'para-returnto', 'back')).taken).toBeUndefined()
  })
})

describe('whether a browser has just signed in', () => {
  let world: StepsWorld
  let jar: Jar
  beforeEach(() => {
    world = stepsWorld()
    world.users.set('acme 7', ann)
    jar = new Map()
  })

  async function done(
    number: number,
    changes: { epoch?: number; userId?: string; appId?: string | undefined } = {},
  ): Promise<void> {
    const attempt = await world.open('/amazon_auth', { jar })
    const receipt = { kind: 'done', appId: 'acme', codeHash: 'c', userId: '7', epoch: 0 } as const
    const nonce = String(number).padStart(10, '0')
    const whole = { ...receipt, createdAtMs: world.clock.nowMs, ...changes }
    new LoginCookies(attempt, undefined).finish(nonce, whole as typeof receipt & typeof whole)
    keep(jar, attempt.res)
  }
  const asked = async (app?: string) =>
    hasJustSignedIn(await world.open('/', { jar }), world.apps.get(app ?? ''))

  test('to an app, or to any', async () => {
    expect(await asked()).toBe(false)
    await done(1)
    expect(await asked('acme')).toBe(true)
    expect(await asked()).toBe(true)
    expect(await asked('zenith')).toBe(false)
  })

  test('within half a minute', async () => {
    await done(1)
    world.clock.nowMs = NOW_MS + 29_999
    expect(await asked('acme')).toBe(true)
    world.clock.nowMs = NOW_MS + 30_000
    expect(await asked('acme')).toBe(false)
  })

  test.each([
    ['whose user is gone', { userId: '8' }],
    ['that was signed out of everywhere', { epoch: 9 }],
  ])('not by a login %s, but by another beside it', async (_which, changes) => {
    await done(1, changes)
    expect(await asked('acme')).toBe(false)
    await done(2)
    expect(await asked('acme')).toBe(true)
  })

  test('not where its user is locked', async () => {
    await done(1)
    world.users.set('acme 7', { ...ann, active: false })
    expect(await asked('acme')).toBe(false)
  })

  test('by three logins in any case, however they have ended', async () => {
    await done(1, { epoch: 9 })
    await done(2, { epoch: 9 })
    expect(await asked('acme')).toBe(false)
    await done(3, { epoch: 9 })
    expect(await asked('acme')).toBe(true)
  })

  test('by a receipt of an older version, which names no app', async () => {
    await done(1, { appId: undefined, userId: '8' })
    expect(await asked()).toBe(true)
    expect(await asked('acme')).toBe(false)
  })
})
