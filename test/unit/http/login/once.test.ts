import { setTimeout as sleep } from 'node:timers/promises'

import { openHit, Once, type Hit } from '../../../../src/http/login/once'
import { verifyState } from '../../../../src/http/login/verify-state'
import type { User } from '../../../../src/users/user'
import {
  ann,
  APPS,
  keep,
  NOW_MS,
  refusal,
  refusalOf,
  stepsWorld,
  type Ask,
  type Jar,
  type Setup,
  type StepsWorld,
} from './steps-world'

const FINISHED = 'state_mismatch: finished already'

let world: StepsWorld
let once: Once
let jar: Jar
beforeEach(() => start())
afterEach(() => jest.restoreAllMocks())

function start(setup?: Setup): void {
  world = stepsWorld(setup)
  world.users.set('acme 7', ann)
  once = new Once()
  jar = new Map()
}

const open = async (state: string, ask: Ask = { jar }, code = 'c'): Promise<Hit> =>
  openHit(await world.leg(`/amazon_auth?code=${code}&state=${state}`, ask))

/** Trades a code, when it is told to. */
function trading() {
  let settle!: { resolve(user: User): void; reject(reason: unknown): void }
  const trade = jest.fn(
    () => new Promise<User>((resolve, reject) => (settle = { resolve, reject })),
  )
  return { trade, resolve: () => settle.resolve(ann), reject: (why: unknown) => settle.reject(why) }
}

const trades = () => jest.fn(() => Promise.resolve(ann))

async function run(hit: Hit, trade: () => Promise<User>): Promise<unknown> {
  return refusalOf(Promise.resolve().then(() => once.run(hit, verifyState(hit), trade)))
}

const ANN = { value: ann }

describe('a return brings a code', () => {
  const hitOf = async (query: string) => {
    const leg = await world.leg(`/amazon_auth?${query}`)
    return refusal(() => openHit(leg))
  }

  test.each([
    ['code=&state=acme', 'callback_invalid'],
    ['code=%20&state=acme', 'callback_invalid'],
    ['state=acme', 'callback_invalid'],
    ['error=access_denied&state=acme', 'access_denied: access_denied'],
    ['error=access_denied&code=c&state=acme', 'access_denied: access_denied'],
  ])('%s does not', async (query, expected) => {
    expect(await hitOf(query)).toBe(expected)
  })

  test('which, with the app, names the login and tells neither', async () => {
    const hash = async (app: string, code: string) => {
      const { codeHash } = await open(app, { jar }, code)
      return codeHash
    }
    expect(await hash('acme', 'c')).toBe(await hash('acme', 'c'))
    expect(await hash('acme', 'c')).toMatch(/^[\w-]{43}$/)
    const hashes = [await hash('acme', 'c'), await hash('acme', 'd'), await hash('zenith', 'c')]
    expect(new Set(hashes).size).toBe(3)
  })
})

describe('a code is traded once', () => {
  test.each([
    ['that was begun here', true],
    ['that was not', false],
  ])('by two hits of one browser at the same time, of a login %s', async (_which, isBegun) => {
    const { state } = isBegun ? await world.begin(jar) : { state: 'acme' }
    const { trade, resolve } = trading()
    const hits = [await open(state), await open(state)]
    const both = hits.map((hit) => run(hit, trade))
    await sleep(1)
    resolve()
    expect(await Promise.all(both)).toEqual([ANN, ANN])
    expect(trade).toHaveBeenCalledTimes(1)
  })

  test.each<readonly [string, (own: Jar) => Ask]>([
    [
      'more cookies',
      (own) => ({ jar: new Map([...own, ['x', '1']]), headers: { 'user-agent': 'one' } }),
    ],
    ['another user agent', (own) => ({ jar: own, headers: { 'user-agent': 'another' } })],
  ])('and not for somebody with %s', async (_what, other) => {
    const { state } = await world.begin(jar)
    const { trade, resolve } = trading()
    const first = run(await open(state, { jar, headers: { 'user-agent': 'one' } }), trade)
    const second = run(await open(state, other(jar)), trade)
    await sleep(1)
    resolve()
    expect(await Promise.all([first, second])).toEqual([ANN, FINISHED])
    expect(trade).toHaveBeenCalledTimes(1)
  })

  test('for another code of the same login, which is refused', async () => {
    const { state } = await world.begin(jar)
    expect(await run(await open(state), trades())).toEqual(ANN)
    const other = trades()
    expect(await run(await open(state, { jar }, 'd'), other)).toBe(FINISHED)
    expect(other).not.toHaveBeenCalled()
  })

  test('also where the first hit has failed', async () => {
    const { state } = await world.begin(jar)
    const { trade, reject } = trading()
    const first = run(await open(state), trade)
    await sleep(1)
    reject(Object.assign(new Error('x'), { code: 'code_rejected' }))
    expect(await first).toBe('code_rejected')
    expect(await run(await open(state), trades())).toBe(FINISHED)
  })

  test('for a hit that comes ten seconds later with the very same cookies', async () => {
    let passedMs = 0
    const realNow = performance.now.bind(performance)
    jest.spyOn(performance, 'now').mockImplementation(() => realNow() + passedMs)
    const { state } = await world.begin(jar)
    expect(await run(await open(state), trades())).toEqual(ANN)
    const second = trades()
    passedMs = 9_000
    await sleep(5)
    expect(await run(await open(state), second)).toEqual(ANN)
    passedMs = 10_100
    await sleep(5)
    expect(await run(await open(state), second)).toBe(FINISHED)
    expect(second).not.toHaveBeenCalled()
  })

  test('but a login that was not begun here is forgotten when it is done: Amazon refuses its code', async () => {
    expect(await run(await open('acme'), trades())).toEqual(ANN)
    const again = trades()
    await run(await open('acme'), again)
    expect(again).toHaveBeenCalledTimes(1)
  })
})

describe('a strict app', () => {
  const strict = { ...APPS, acme: { ...APPS.acme, 'security.strict': true } }

  test('has a login taken from the store, so that no other node finishes it', async () => {
    start({ apps: strict })
    const { state, nonce } = await world.begin(jar)
    expect(await run(await open(state), trades())).toEqual(ANN)
    const use = { appId: 'acme', name: `login ${nonce}`, expiresAtMs: NOW_MS + 600_000 }
    expect(world.used).toEqual([use])
    // Another node, which remembers nothing.
    once = new Once()
    const other = trades()
    expect(await run(await open(state), other)).toBe(FINISHED)
    expect(other).not.toHaveBeenCalled()
  })

  test('does not ask the store again on the node that has finished it', async () => {
    start({ apps: strict })
    const { state } = await world.begin(jar)
    await run(await open(state), trades())
    expect(await run(await open(state, { jar }, 'd'), trades())).toBe(FINISHED)
    expect(world.used).toHaveLength(1)
  })

  test('alone costs that: others do not ask', async () => {
    const { state } = await world.begin(jar)
    await run(await open(state), trades())
    expect(world.used).toEqual([])
  })
})

test('where too many wait for Amazon a login is refused, and can be sent again', async () => {
  const waiting: Promise<unknown>[] = []
  let free = (): void => undefined
  const held = new Promise<void>((resolve) => (free = resolve))
  for (let n = 0; n < 400; n += 1)
    waiting.push(world.services.loginSlots.run('acme', () => held).catch(() => undefined))
  const { state } = await world.begin(jar)
  const refused = trades()
  expect(await run(await open(state), refused)).toBe('server_busy: too_many_in_flight')
  expect(refused).not.toHaveBeenCalled()
  free()
  await Promise.all(waiting)
  expect(await run(await open(state), trades())).toEqual(ANN)
})

describe('a login that is done', () => {
  async function finish(state: string): Promise<void> {
    const hit = await open(state)
    expect(await run(hit, trades())).toEqual(ANN)
    keep(jar, hit.attempt.res)
  }
  const done = async (state: string, code?: string) =>
    refusalOf(once.findDone(await open(state, { jar }, code)))

  test('is found by the browser that has its receipt, and by no other', async () => {
    const { state } = await world.begin(jar, 'state=acme&nonce=n')
    expect(await done(state)).toEqual({ value: undefined })
    await finish(state)
    expect(await done(state)).toEqual({ value: { user: ann, tokenNonce: 'n' } })
    expect(await done(state, 'another')).toEqual({ value: undefined })
    jar = new Map()
    expect(await done(state)).toEqual({ value: undefined })
  })

  test('is found also where it was not begun here', async () => {
    await finish('acme')
    expect(await done('acme')).toEqual({ value: { user: ann, tokenNonce: undefined } })
    expect(await done('zenith')).toEqual({ value: undefined })
  })

  test.each([
    ['is gone', undefined],
    ['is locked', { ...ann, active: false }],
    ['was signed out everywhere', { ...ann, sessionEpoch: 1 }],
  ])('is none where its user %s', async (_how, user) => {
    await finish('acme')
    world.users.delete('acme 7')
    if (user !== undefined) world.users.set('acme 7', user)
    expect(await done('acme')).toEqual({ value: undefined })
  })

  test('is refused once it was signed out of, also to copies of its cookies', async () => {
    await finish('acme')
    const { cookies } = await open('acme')
    once.spend(cookies.dropAll())
    expect(await done('acme')).toBe('state_mismatch: signed out since')
    expect(await done('acme', 'another')).toEqual({ value: undefined })
  })

  test('has its steps measured up to there', async () => {
    const hit = await open('acme')
    await run(hit, () => {
      hit.attempt.enter('fetch_profile')
      return Promise.resolve(ann)
    })
    expect(hit.attempt.steps.map(({ step }) => step)).toEqual([
      'parse_request',
      'verify_state',
      'fetch_profile',
    ])
  })
})
