import { once } from 'node:events'

import { sign } from 'jsonwebtoken'

import { amazonAuth, type AuthEventName, type AuthEvents } from '../../src'
import { servicesOf } from '../../src/amazon-auth'
import { createClient, type Client } from '../../src/client'
import { PEOPLE } from '../../src/emulator'
import { AUTH_EVENTS } from '../../src/events/auth-events'
import { callAt, ROOT_KEYS, type Keys } from '../support/api'
import { ACME } from '../support/host'
import { startLoginWorld, type LoginWorld } from '../support/login-world'
import { until } from '../support/until'

const BACK_END_KEY = 'a-key-of-the-back-end-of-shop-with-enough-length'
const TV = { clientId: 'amzn1.application-oa2-client.shop-tv', clientSecret: 'tv-secret' }

let world: LoginWorld
let client: Client
let told: [AuthEventName, AuthEvents[AuthEventName]][]

beforeAll(async () => {
  world = await startLoginWorld({
    amazon: { pollIntervalSeconds: 1 },
    options: {
      rootSecretKey: ROOT_KEYS.secretKey,
      api: { manage: true },
      apps: {},
      amazon: { keepTokens: true, onRevoked: 'sign_out' },
    },
    after: (app) =>
      app.post('/leave', (req, res, next) => {
        req.amazonAuth.signOut({ everywhere: true }).then(() => res.sendStatus(204), next)
      }),
  })
  world.emulator.addClient({ ...TV, kind: 'device', allowedReturnUrls: [] })
  const { json } = await callAt(world.origin, 'GET /v1/_setup/shop', { as: ROOT_KEYS })
  client = createClient({ url: world.origin, ...(json as Keys) })
  await client.settings.replace({
    az_app_id: ACME.clientId,
    az_secret: ACME.clientSecret,
    az_device_app_id: TV.clientId,
    app_secret_key: BACK_END_KEY,
    signin_success: '/in',
  })
  for (const name of AUTH_EVENTS) world.auth.on(name, (event) => void told.push([name, event]))
})
afterAll(() => world.close())
beforeEach(() => void (told = []))

const names = () => told.map(([name]) => name)
const signIn = (userId?: string, browser = world.browser()) =>
  world.signIn(browser, '/amazon_auth?state=shop', userId)
const amazonToken = (userId?: string) =>
  world.emulator.issueAccessToken({
    clientId: ACME.clientId,
    ...(userId !== undefined && { userId }),
  })

async function userOf(at = 0): Promise<string> {
  const { items } = await client.users.list()
  return items.find(({ identifier }) => identifier === `az:${PEOPLE[at]?.userId}`)?.id ?? ''
}

test('a first sign-in in a browser is told as created and login, a later one as login', async () => {
  await signIn()
  const userId = await userOf()
  const user = expect.objectContaining({ id: userId, appid: 'shop', name: PEOPLE[0]?.name })
  const facts = { way: 'browser', network: '127.0.0.0/24', requestId: undefined }
  expect(told).toEqual([
    ['created', { appId: 'shop', userId, user }],
    ['login', { appId: 'shop', userId, user, isNew: true, ...facts }],
  ])
  await signIn()
  expect(told.slice(2)).toEqual([
    ['login', { appId: 'shop', userId, user, isNew: false, ...facts }],
  ])
  expect(JSON.stringify(told)).not.toMatch(/Atz[ar]\||tokenSecret|eyJ/)
})

test('every other way to sign in is told by its name', async () => {
  await client.signIn.withAmazonToken({ app: 'shop', token: amazonToken() })
  const vouched = { email: 'bob@example.com', name: 'Bob', identifier: 'bob' }
  const token = sign(vouched, BACK_END_KEY, { expiresIn: 60 })
  await client.signIn.withAppToken({ app: 'shop', token })
  await world.browser().get(`/passwordless_auth?appid=shop&token=${token}`)
  const begun = await callAt(world.origin, 'POST /amazon_auth/device', { body: { appid: 'shop' } })
  const { user_code, device_code } = begun.json as { user_code: string; device_code: string }
  world.emulator.allowDevice(user_code)
  await until(async () => {
    const body = { device_code }
    return (await callAt(world.origin, 'POST /amazon_auth/device/token', { body })).status === 200
  })
  const logins = told.filter(([name]) => name === 'login') as ['login', AuthEvents['login']][]
  expect(logins.map(([, { way, isNew }]) => [way, isNew])).toEqual([
    ['amazon_token', false],
    ['app_token', true],
    ['app_token', false],
    ['device', false],
  ])
  expect(names().filter((name) => name !== 'login')).toEqual(['created'])
})

test('a sign-in that fails is told with its code, once, and with the person only where they are locked', async () => {
  const begun = await world.browser().get('/amazon_auth?state=shop')
  const state = new URL(begun.location).searchParams.get('state') ?? ''
  await world.browser().get(`/amazon_auth?state=${encodeURIComponent(state)}&code=stolen`)
  await world.browser().get('/amazon_auth?state=nowhere')
  await client.signIn.withAmazonToken({ app: 'shop', token: 'Atza|bad' }).catch(() => undefined)
  const userId = await userOf()
  await client.users.patch(userId, { active: false })
  await signIn()
  const failures = told.filter(([name]) => name === 'failure') as [
    'failure',
    AuthEvents['failure'],
  ][]
  expect(failures.map(([, event]) => [event.appId, event.error.code, event.userId])).toEqual([
    ['shop', 'state_mismatch', undefined],
    ['nowhere', 'app_not_found', undefined],
    ['shop', expect.stringMatching(/^(?:token|audience|profile)_/), undefined],
    ['shop', 'account_locked', userId],
  ])
  await client.users.patch(userId, { active: true })
})

test('changes of a user over the API are told once each, and what changes nothing is not', async () => {
  const userId = await userOf()
  await client.users.patch(userId, { name: 'Ada L.', groups: 'users' })
  await client.users.patch(userId, { name: 'Ada L.' })
  await client.users.patch(userId, { active: false, email: 'ada@new.example' })
  await client.users.patch(userId, { active: true })
  await client.users.signOut(userId)
  await client.users.unlinkAmazon(userId)
  await client.users.delete(userId)
  const ref = { appId: 'shop', userId }
  const user = expect.objectContaining({ id: userId })
  expect(told).toEqual([
    ['updated', { ...ref, user, changes: ['name'] }],
    ['updated', { ...ref, user, changes: ['email'] }],
    ['locked', ref],
    ['signedOut', ref],
    ['unlocked', ref],
    ['signedOut', ref],
    ['updated', { ...ref, user, changes: ['identifier', 'profile', 'scopes'] }],
    ['signedOut', ref],
    ['deleted', ref],
  ])
})

test('a sign-in that brings a new name is told as updated before login', async () => {
  await signIn()
  told = []
  world.store.run("UPDATE users SET email = 'old@example.com'")
  await signIn()
  expect(names()).toEqual(['updated', 'login'])
  expect(told[0]?.[1]).toMatchObject({ changes: ['email'], user: { email: PEOPLE[0]?.email } })
})

test('who signs out everywhere, by a page or by code of the host, is told as signed out', async () => {
  const browser = world.browser()
  for (const path of ['/amazon_auth/logout?everywhere=true', '/leave']) {
    await signIn(undefined, browser)
    told = []
    await browser.send(path, { method: 'POST' })
    expect(told).toEqual([['signedOut', { appId: 'shop', userId: await userOf() }]])
  }
})

test('a withdrawn consent is told, and the end of the sessions with it', async () => {
  await signIn()
  const userId = await userOf()
  world.emulator.withdrawConsent({ clientId: ACME.clientId })
  world.store.run('UPDATE amazon_tokens SET updated_at = updated_at - 120000')
  told = []
  await client.users.amazonToken(userId, { renew: true }).catch(() => undefined)
  const ref = { appId: 'shop', userId }
  expect(told).toEqual([
    ['consentRevoked', ref],
    ['signedOut', ref],
  ])
})

const TOLD_OF = {
  lock: ['locked', 'signedOut'],
  unlock: ['unlocked'],
  sign_out: ['signedOut'],
  delete: ['deleted'],
} as const

test('a change of many users is told for each of them', async () => {
  await signIn(PEOPLE[1]?.userId)
  const { bulk } = await servicesOf(world.auth)
  const ids = [await userOf(0), await userOf(1)]
  for (const action of ['lock', 'unlock', 'sign_out', 'delete'] as const) {
    const covers = { kind: 'ids', ids } as const
    const begun = await bulk.begin('shop', { action, covers, actor: 'app:shop' })
    if (begun === undefined) throw new Error('not begun')
    told = []
    await bulk.start(begun, 'app:shop')
    await until(async () => (await bulk.find(begun))?.state === 'done')
    for (const userId of ids) {
      const own = told.filter(([, event]) => 'userId' in event && event.userId === userId)
      expect(own).toEqual(TOLD_OF[action].map((name) => [name, { appId: 'shop', userId }]))
    }
  }
})

test('a change of settings is told by its name, never with the value', async () => {
  await client.settings.put('signin_failure', '/never')
  await client.settings.delete('signin_failure')
  await client.settings.replace(await client.settings.read())
  expect(told).toEqual([
    ['settingsChanged', { appId: 'shop', setting: 'signin_failure' }],
    ['settingsChanged', { appId: 'shop', setting: 'signin_failure' }],
    ['settingsChanged', { appId: 'shop', setting: undefined }],
  ])
})

test('a listener that throws or rejects is logged with the event and the app, and fails nothing', async () => {
  const bad = [
    () => {
      throw new Error('of a listener')
    },
    async () => {
      await Promise.resolve()
      throw new Error('of an async listener')
    },
  ]
  for (const listener of bad) world.auth.once('login', listener)
  expect((await signIn()).status).toBe(302)
  expect(names()).toContain('login')
  const logged = world.log.filter(({ message }) => message === 'a listener of auth.on() failed')
  expect(logged.map(({ level, facts }) => [level, facts.event, facts.app])).toEqual([
    ['error', 'login', 'shop'],
    ['error', 'login', 'shop'],
  ])
  expect(logged[1]?.facts.cause).toMatchObject({ message: 'of an async listener' })
})

test('no listener can change what others are told', async () => {
  const tryTo = (change: (event: AuthEvents['login']) => void) =>
    world.auth.once('login', (event) => {
      expect(() => change(event)).toThrow(TypeError)
    })
  tryTo((event) => Object.assign(event, { userId: '0' }))
  tryTo(({ user }) => Object.assign(user, { id: '0' }))
  const failed = () => world.log.filter(({ message }) => message.includes('listener')).length
  const before = failed()
  await signIn()
  expect(told.at(-1)?.[1]).toMatchObject({ userId: await userOf(), user: { id: await userOf() } })
  expect(failed()).toBe(before)
})

test('off takes a listener away, once is told once, and once() of node:events waits for the next', async () => {
  let count = 0
  const listener = (): number => (count += 1)
  expect(world.auth.on('login', listener).once('login', listener)).toBe(world.auth)
  const next = once(world.auth as never, 'login')
  await signIn()
  expect(await next).toEqual([expect.objectContaining({ appId: 'shop', way: 'browser' })])
  expect(count).toBe(2)
  world.auth.off('login', listener)
  await signIn()
  expect(count).toBe(2)
})

test('who listens before ready() and before the configuration is read misses nothing', async () => {
  const auth = amazonAuth({ config: '/nowhere/application.conf', logger: SILENT })
  expect(auth.on('login', () => undefined)).toBe(auth)
  await expect(auth.ready()).rejects.toThrow('/nowhere/application.conf')
})

test('an event that is misspelt, and a listener that is none, is a TypeError', () => {
  expect(() => world.auth.on('logins' as never, () => undefined)).toThrow(
    'auth.on: there is no event "logins". Did you mean "login"?',
  )
  expect(() => world.auth.once('session' as never, () => undefined)).toThrow(
    `auth.once: there is no event "session". There are: ${AUTH_EVENTS.join(', ')}.`,
  )
  expect(() => world.auth.off('login', 'no' as never)).toThrow(
    new TypeError('auth.off: the listener of "login" must be a function'),
  )
})

const nothing = (): undefined => undefined
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing }
