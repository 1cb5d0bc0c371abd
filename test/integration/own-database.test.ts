import { setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'

import type { AmazonAuthError } from '../../src'
import { amazonAuth, type AmazonAuthOptions, type AppOptions } from '../../src'
import { createHostApps } from '../../src/apps/host-apps'
import { openSqlStore } from '../../src/store/sql/open-sql-store'
import type { Store } from '../../src/store/store'
import { callAt, type Sending } from '../support/api'
import { ACME, startHost, type Host } from '../support/host'
import { silentLogger } from './store/open-store'

const SECRET_KEY = 'the-master-key-of-a-store-of-ones-own-0123456789'
const KEYS = { azAppId: ACME.clientId, azSecret: ACME.clientSecret, signinSuccess: '/in' }
const ROOT_KEYS = { accessKey: 'app:para', secretKey: 'the-root-secret-of-the-tests-0123456789ab' }

let host: Host
afterEach(() => host.close())

async function begin(id: string): Promise<string> {
  return (await host.browser().get(`/amazon_auth?state=${id}`)).location
}
const codesOf = (app: string) =>
  host.log.filter(({ facts }) => facts.app === app && facts.code).map(({ facts }) => facts.code)

describe('apps of a database of the host’s own', () => {
  async function start(
    apps: NonNullable<AmazonAuthOptions['apps']>,
    more: AmazonAuthOptions = {},
  ): Promise<void> {
    host = await startHost({ options: { apps, rootSecretKey: ROOT_KEYS.secretKey, ...more } })
  }

  test('are asked for once however many come, kept for a short while, and anew when told', async () => {
    const asked: string[] = []
    let signinSuccess = '/first'
    await start((id) => {
      asked.push(id)
      return id === 'shop' ? { ...KEYS, signinSuccess } : undefined
    })
    const comers = Array.from({ length: 20 }, () =>
      host.signIn(host.browser(), '/amazon_auth?state=shop'),
    )
    expect(new Set((await Promise.all(comers)).map(({ location }) => location))).toEqual(
      new Set(['/first']),
    )
    expect(asked.length).toBeLessThan(comers.length)
    signinSuccess = '/second'
    await host.auth.forgetApp('app:shop')
    const again = await host.signIn(host.browser(), '/amazon_auth?state=shop')
    expect(again.location).toBe('/second')
    for (let n = 0; n < 5; n += 1) await begin('nobody')
    expect(asked.filter((id) => id === 'nobody').length).toBeLessThan(3)
    expect(asked).not.toContain('para')
  })

  test('have what is stored over the API above them, are no more when the host has them no more, and are added by it alone', async () => {
    let isThere = true
    await start(() => (isThere ? { ...KEYS } : null), { api: { manage: true } })
    await host.signIn(host.browser(), '/amazon_auth?state=shop')
    const call = (path: string, body?: Sending['body']) =>
      callAt(host.origin, path, { as: ROOT_KEYS, ...(body !== undefined && { body }) })
    const made = await call('GET /v1/_setup/other')
    expect([made.status, made.json.message]).toEqual([403, expect.stringContaining('option apps')])
    const { json } = await call('GET /v1/apps')
    expect(json.items.map(({ appIdentifier }: { appIdentifier: string }) => appIdentifier)).toEqual(
      ['para', 'shop'],
    )
    isThere = false
    await host.auth.forgetApp('shop')
    expect(await begin('shop')).not.toContain(host.emulator.authorizeUrl)
  })

  test('that cannot be used, or cannot be had, fail alone, with a code and the reason in the log', async () => {
    const answers: Readonly<Record<string, () => unknown>> = {
      shop: () => KEYS,
      misspelt: () => ({ ...KEYS, signinSucces: '/x' }),
      half: () => ({ azAppId: KEYS.azAppId }),
      odd: () => 'a text',
      dated: () => new Date(),
      huge: () => Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`signin${n}`, '/'])),
      thrown: () => {
        throw new Error('connection refused')
      },
      slow: () => new Promise(() => undefined),
    }
    await start((id) => answers[id]?.() as AppOptions | undefined)
    const [good, ...bad] = await Promise.all(Object.keys(answers).map(begin))
    expect(good).toContain(host.emulator.authorizeUrl)
    for (const location of bad) expect(location).not.toContain(host.emulator.authorizeUrl)
    expect(codesOf('misspelt')).toContain('host_app_invalid')
    expect(codesOf('half')).toContain('host_app_invalid')
    for (const id of ['odd', 'dated', 'huge']) expect(codesOf(id)).toContain('host_app_invalid')
    expect(codesOf('thrown')).toContain('host_apps_unavailable')
    expect(codesOf('slow')).toContain('host_apps_unavailable')
    const told = JSON.stringify(host.log, (_key, value: unknown) =>
      value instanceof Error ? `${value.message} ${String(value.cause)}` : value,
    )
    expect(told).toContain('Did you mean')
    expect(told).toContain('connection refused')
    expect(told).not.toContain(KEYS.azSecret)
  })
})

test('O7 a flood of invented names waits for no known app, and no known app for it', async () => {
  host = await startHost()
  let running = 0
  let most = 0
  const apps = createHostApps({
    timeoutMs: 400,
    async ask(id) {
      if (id === 'shop') return { name: id }
      running += 1
      most = Math.max(most, running)
      await setTimeout(id.startsWith('stuck') ? 10_000 : 1, undefined, { ref: false })
      running -= 1
      return undefined
    },
    read: (_id, answer) => answer as undefined,
  })
  await apps.find('shop')
  const flood = Array.from({ length: 2_000 }, (_none, n) =>
    apps.find(`stuck${n}`).catch((error: unknown) => (error as AmazonAuthError).code),
  )
  let waiting = flood.length
  for (const one of flood) void one.then(() => (waiting -= 1))
  await apps.find('shop')
  expect(waiting).toBeGreaterThan(0)
  expect(new Set(await Promise.all(flood))).toEqual(new Set(['host_apps_unavailable']))
  expect(most).toBeLessThanOrEqual(32)
  expect(await apps.find('new')).toBeUndefined()
})

describe('a store of one’s own', () => {
  function requiredOf(): Store {
    const whole = openSqlStore({ url: 'sqlite::memory:', logger: silentLogger })
    const { apps, users, sessions, singleUse, sealingKeys } = whole
    return { apps, users, sessions, singleUse, sealingKeys, close: () => whole.close() }
  }
  async function start(store: Store, more: AmazonAuthOptions = {}): Promise<void> {
    host = await startHost({
      after: (app, { auth }) =>
        void app.get('/mine', auth.requireUser({ app: 'acme' }), (_req, res) => void res.json({})),
      options: {
        store,
        secretKey: SECRET_KEY,
        rootSecretKey: ROOT_KEYS.secretKey,
        api: { manage: true },
        ...more,
      },
    })
  }
  const ask = (path: string, body?: Sending['body']) =>
    callAt(host.origin, path, { as: ROOT_KEYS, ...(body !== undefined && { body }) })

  test('with the parts that must be there signs people in, and says of each other feature what it lacks', async () => {
    await start(requiredOf(), { amazon: { keepTokens: true } })
    const signedIn = await host.signIn(host.browser(), '/amazon_auth?state=acme')
    expect(signedIn.status).toBe(302)
    const { json } = await ask('GET /v1/users')
    expect(json.items).toEqual([])
    const webhook = { url: 'https://example.com/hook', events: ['user.created'] }
    for (const [path, part, body] of [
      ['GET /v1/_webhooks', 'webhooks'],
      ['POST /v1/_webhooks', 'webhooks', webhook],
      ['POST /amazon_auth/device', 'devices', { appid: 'acme' }],
    ] as const) {
      const answer = await ask(path, body)
      expect([path, answer.status, answer.json.message]).toEqual([
        path,
        501,
        expect.stringContaining(`it lacks the part "${part}"`),
      ])
    }
    expect(host.log.map(({ message }) => message).join('\n')).toContain('lacks the part keptTokens')
    expect((await ask('GET /v1/_health')).status).toBe(200)
    const { results } = await host.auth.doctor({ offline: true })
    expect(results.find(({ check }) => check === 'store')?.seen).toBe(
      'the store of this host answers',
    )
    const { resealed } = await host.auth.resealSecrets()
    expect(resealed).toBe(0)
  })

  test('that throws, or does not answer, is a store that is not available', async () => {
    let mood: 'good' | 'bad' | 'stuck' = 'good'
    const store = requiredOf()
    const apps = Object.create(store.apps) as Store['apps']
    const find: Store['apps']['find'] = (id) => {
      if (mood === 'bad') return Promise.reject(new Error('ECONNRESET at the database'))
      return mood === 'stuck' ? new Promise(() => undefined) : store.apps.find(id)
    }
    await start({ ...store, apps: Object.assign(apps, { find }) }, {})
    await begin('acme')
    for (mood of ['bad', 'stuck'] as const) {
      await host.auth.forgetApp('acme')
      const answer = await host
        .browser()
        .get('/amazon_auth?state=acme', { accept: 'application/json' })
      expect([mood, answer.status]).toEqual([mood, 503])
    }
    expect(codesOf('acme')).toContain('store_unavailable')
  })

  test('that gives a user of another app lets nobody in', async () => {
    const store = requiredOf()
    let isMixedUp = false
    const findById: Store['users']['findById'] = async (...asked) => {
      const user = await store.users.findById(...asked)
      return user && isMixedUp ? { ...user, appId: 'other' } : user
    }
    const users = Object.assign(Object.create(store.users) as Store['users'], { findById })
    await start({ ...store, users }, {})
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=acme')
    expect((await browser.get('/mine')).status).toBe(200)
    isMixedUp = true
    expect((await browser.get('/mine')).status).toBe(503)
    const [failure] = host.log.filter(({ facts }) => facts.method === 'users.findById')
    expect(inspect(failure?.facts.cause)).toContain('it gave a user of another appId')
  })

  test.each<[object, string]>([
    [{ apps: {} }, 'option "store.apps.find" must be a function'],
    [{ ...requiredOf(), users: undefined }, 'option "store.users" must be an object'],
    [{ ...requiredOf(), url: 'sqlite:x' }, 'option "store.url" names a database, beside'],
    [{ ...requiredOf(), webhooks: {} }, 'option "store.webhooks" needs the part deliveries'],
  ])('is looked at when it is given: %#', async (store, problem) => {
    host = await startHost()
    const give = (options: AmazonAuthOptions) => () => amazonAuth(options)
    expect(give({ store, secretKey: SECRET_KEY })).toThrow(problem)
    expect(give({ store: requiredOf() })).toThrow(/secretKey .*is needed with a store of your own/)
  })
})
