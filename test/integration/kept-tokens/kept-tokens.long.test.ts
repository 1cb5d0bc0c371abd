import { setTimeout } from 'node:timers/promises'

import { PEOPLE } from '../../../src/emulator'
import {
  clientIdOf,
  ROOT_KEYS,
  startServer,
  type ApiAnswer,
  type Keys,
  type TestServer,
} from '../../support/api'
import type { Browser } from '../../support/browser'
import { describeOnPostgres, reuseDatabases } from '../../support/postgres'

const [ADA = { userId: '' }, BEN = { userId: '' }] = PEOPLE
const HOUR_MS = 3_600_000
/** A failure of Amazon's is remembered for a second. */
const AGAIN_MS = 1_100

interface Store {
  readonly url: string
  drop(): Promise<void>
}

describe('on SQLite', () =>
  describeKeptTokens(() =>
    Promise.resolve({ url: 'sqlite::memory:', drop: () => Promise.resolve() }),
  ))
describeOnPostgres('on PostgreSQL', () => describeKeptTokens(reuseDatabases()))

function describeKeptTokens(openStore: () => Promise<Store>): void {
  let store: Store
  let server: TestServer
  let shop: Keys
  let userId: string
  let browser: Browser
  const log: object[] = []
  const note = (facts: object, message: string): void => void log.push({ ...facts, message })

  beforeEach(async () => {
    log.length = 0
    store = await openStore()
    const conf = [
      `para.store.url = "${store.url}"`,
      'para.secret_key = "the-master-key-of-these-tests-0123456789"',
    ]
    const logger = { debug: note, info: note, warn: note, error: note }
    server = await startServer({ conf: conf.join('\n'), logger })
    shop = await createApp('shop', { 'amazon.keep_tokens': true })
    browser = server.browser()
    userId = await logIn('shop', browser)
  })
  afterEach(async () => {
    await server.close()
    await store.drop()
  })

  function createApp(name: string, settings: object): Promise<Keys> {
    return server.createApp(name, { signin_success: '/in', ...settings })
  }
  async function logIn(app: string, as: Browser, person = ADA.userId): Promise<string> {
    const begun = await as.get(`/amazon_auth?state=${app}`)
    await as.get(await server.emulator.allow(begun.location, person))
    const me = await as.get('/v1/_me')
    return String((JSON.parse(me.body) as { id?: unknown }).id)
  }
  function ask(id = userId, query = '', keys = shop): Promise<ApiAnswer> {
    return server.call(`GET /v1/users/${id}/amazon_token${query}`, { as: keys })
  }
  async function token(): Promise<string> {
    const { status, json } = await ask()
    expect(status).toBe(200)
    return json.access_token
  }
  const refreshes = () =>
    server.emulator.journal
      .entries({ path: '/auth/o2/token' })
      .filter(({ body }) => body.grant_type === 'refresh_token')
  async function nameOf(accessToken: string): Promise<unknown> {
    const headers = { 'x-amz-access-token': accessToken }
    const answer = await fetch(`${server.emulator.apiUrl}/user/profile`, { headers })
    return ((await answer.json()) as { name?: unknown }).name
  }
  const withdraw = () => server.emulator.withdrawConsent({ clientId: clientIdOf('shop') })
  const metrics = async () => (await server.call('GET /v1/_metrics', { as: ROOT_KEYS })).text

  test('the token of a login can be used at Amazon, and is not refreshed while it is good', async () => {
    const { json, headers } = await ask()
    expect(headers['cache-control']).toBe('no-store')
    expect(json).toEqual({
      access_token: expect.stringMatching(/^Atza\|/),
      token_type: 'bearer',
      expires: expect.any(Number),
      scopes: ['profile'],
    })
    expect(json.expires - Date.now()).toBeGreaterThan(HOUR_MS - 60_000)
    expect(await nameOf(json.access_token)).toBe(PEOPLE[0]?.name)
    expect(await token()).toBe(json.access_token)
    expect(refreshes()).toEqual([])
  })

  test('a token is refreshed a minute before it ends, once however many ask', async () => {
    const first = await token()
    server.moveClock(HOUR_MS - 61_000)
    expect(await token()).toBe(first)
    server.moveClock(2_000)
    const all = await Promise.all(Array.from({ length: 20 }, token))
    expect(new Set(all).size).toBe(1)
    expect(all[0]).not.toBe(first)
    expect(refreshes()).toHaveLength(1)
    expect(await nameOf(all[0] ?? '')).toBe(PEOPLE[0]?.name)
    expect(await metrics()).toContain('amazon_token_refreshes_total{outcome="ok"} 1')
  })

  test.each(['added', 'replaced', 'kept'] as const)(
    'refresh after refresh goes well where the refresh token is %s',
    async (refreshRotation) => {
      server.emulator.tokenRules.set({ refreshRotation })
      const tokens = new Set<string>()
      for (let round = 0; round < 4; round += 1) {
        tokens.add(await token())
        server.moveClock(HOUR_MS)
      }
      expect(tokens.size).toBe(4)
      const shown = new Set(refreshes().map(({ body }) => body.refresh_token))
      expect(shown.size).toBe(refreshRotation === 'kept' ? 1 : 3)
    },
  )

  test('renew has a token refreshed that seems good, once a minute', async () => {
    const first = await token()
    expect((await ask(userId, '?renew=true')).json.access_token).toBe(first)
    server.moveClock(60_000)
    const renewed = await ask(userId, '?renew=true')
    expect(renewed.json.access_token).not.toBe(first)
    expect((await ask(userId, '?renew=true')).json).toEqual(renewed.json)
    expect(refreshes()).toHaveLength(1)
  })

  test('an app that does not ask for it keeps none, and there is no row', async () => {
    const keys = await createApp('bakery', {})
    const id = await logIn('bakery', server.browser())
    const { status, json } = await ask(id, '', keys)
    expect([status, json.message]).toEqual([404, "No token of Amazon's is kept for this user."])
    const counts = await Promise.all(['shop', 'bakery'].map(countOf))
    expect(counts).toEqual([1, 0])
  })
  async function countOf(appId: string): Promise<number> {
    const app = await server.composition.services.apps.find(appId)
    if (app === undefined) throw new Error(`no app ${appId}`)
    return (await server.composition.services.keptTokens.count(app, 0)).kept
  }

  test('neither the user, nor another app, nor nobody gets the token', async () => {
    const other = await createApp('bakery', { 'amazon.keep_tokens': true })
    expect((await ask(userId, '', other)).status).toBe(404)
    expect((await server.call(`GET /v1/users/${userId}/amazon_token`)).status).toBe(401)
    const { token: sessionToken, user } = await server.signIn('shop')
    expect(user.id).toBe(userId)
    const asUser = await server.call(`GET /v1/users/${userId}/amazon_token`, { as: sessionToken })
    expect(asUser.status).toBe(403)
    const refused = expect.objectContaining({
      app: 'shop',
      code: 'caller_forbidden',
      message: 'call refused',
    })
    expect(log).toContainEqual(refused)
  })

  test('of a user whom the app does not have, it is said that there is none', async () => {
    const { status, json } = await ask('1')
    expect(status).toBe(404)
    expect(json).toMatchObject({ message: 'No user of this app has this id.' })
    await server.call(`DELETE /v1/users/${userId}`, { as: shop })
    expect((await ask()).json).toEqual(json)
  })

  test('turning it off removes the tokens at once; on again, the next login brings others', async () => {
    const put = (value: unknown) =>
      server.call('PUT /v1/_settings/amazon.keep_tokens', {
        as: shop,
        body: { value: value as boolean },
      })
    expect((await put('maybe')).status).toBe(400)
    expect((await ask()).status).toBe(200)
    await put(false)
    expect(await countOf('shop')).toBe(0)
    expect((await ask()).status).toBe(404)
    await put(true)
    expect((await ask()).status).toBe(404)
    await logIn('shop', browser)
    expect((await ask()).status).toBe(200)
  })

  test('a user who is deleted leaves no tokens', async () => {
    await server.call(`DELETE /v1/users/${userId}`, { as: shop })
    expect(await countOf('shop')).toBe(0)
    expect((await ask()).status).toBe(404)
  })

  test('an app that is deleted leaves no tokens', async () => {
    await server.call('DELETE /v1/apps/shop', { as: shop })
    shop = await createApp('shop', { 'amazon.keep_tokens': true })
    expect(await countOf('shop')).toBe(0)
  })

  describe('a withdrawn consent', () => {
    test('is 410 from the refresh on, is audited and counted once, and the next login ends it', async () => {
      await logIn('shop', server.browser(), BEN.userId)
      server.moveClock(HOUR_MS)
      withdraw()
      const answers = await Promise.all([ask(), ask(), ask()])
      expect(answers.map(({ status }) => status)).toEqual([410, 410, 410])
      server.moveClock(5_000)
      expect((await ask()).json.message).toBe('This person has withdrawn their consent at Amazon.')
      expect(refreshes()).toHaveLength(1)
      expect(await metrics()).toContain('amazon_token_refreshes_total{outcome="consent_revoked"} 1')
      expect((await browser.get('/v1/_me')).status).toBe(200)
      await logIn('shop', browser)
      expect((await ask()).status).toBe(200)
    })

    test('ends sessions and tokens where the app wants so, and nobody else’s', async () => {
      const body = { value: 'sign_out' }
      await server.call('PUT /v1/_settings/amazon.on_revoked', { as: shop, body })
      const others = server.browser()
      await logIn('shop', others, BEN.userId)
      const { token: sessionToken } = await server.signIn('shop')
      server.moveClock(HOUR_MS)
      withdraw()
      expect((await browser.get('/v1/_me')).status).toBe(200)
      expect((await ask()).status).toBe(410)
      expect((await browser.get('/v1/_me')).status).toBe(401)
      expect((await server.call('GET /v1/_me', { as: sessionToken })).status).toBe(401)
      expect((await others.get('/v1/_me')).status).toBe(200)
      await logIn('shop', browser)
      expect((await browser.get('/v1/_me')).status).toBe(200)
    })

    test('is noticed by renew while the access token seems good', async () => {
      withdraw()
      server.moveClock(60_000)
      expect((await ask()).status).toBe(200)
      expect((await ask(userId, '?renew=true')).status).toBe(410)
    })
  })

  describe('tokens are of one account at Amazon, and given for no other', () => {
    const identifierOf = (person: string) => `az:${person}`
    async function app() {
      const found = await server.composition.services.apps.find('shop')
      if (found === undefined) throw new Error('no app')
      return found
    }
    const user = { identifier: identifierOf(ADA.userId) }
    async function keep(identifier: string, refreshToken?: string): Promise<void> {
      await server.composition.services.keptTokens.keep(
        await app(),
        { id: userId, identifier },
        {
          tokens: {
            accessToken: 'Atza|kept',
            expiresInSeconds: 3600,
            ...(refreshToken !== undefined && { refreshToken }),
          },
          clientId: clientIdOf('shop'),
          region: 'na',
        },
      )
    }
    async function isGone(): Promise<void> {
      const { status, json } = await ask()
      expect([status, json.message]).toEqual([404, "No token of Amazon's is kept for this user."])
      expect(await countOf('shop')).toBe(0)
    }
    /** Ben plays Ada's account after all ids of Amazon have changed. */
    async function relinkToBen() {
      const { user: fresh } = await server.signIn('shop', BEN.userId)
      const pair = {
        oldId: userId,
        newId: fresh.id,
        oldIdentifier: user.identifier,
        newIdentifier: identifierOf(BEN.userId),
      }
      const { relinking } = server.composition
      expect(await relinking.relink('shop', [pair], 5)).toEqual(['done'])
      return () => relinking.undo('shop', [pair], 6)
    }

    test('after a relink the tokens of before are given no more, and not refreshed', async () => {
      await relinkToBen()
      expect((await server.signIn('shop', BEN.userId)).user.id).toBe(userId)
      server.moveClock(HOUR_MS)
      await isGone()
      expect(refreshes()).toEqual([])
    })

    test('after an undo the tokens of the other account are given no more', async () => {
      const undo = await relinkToBen()
      expect(await logIn('shop', browser, BEN.userId)).toBe(userId)
      expect(await nameOf(await token())).toBe(PEOPLE[1]?.name)
      expect(await undo()).toEqual(['done'])
      await isGone()
      expect(await logIn('shop', browser)).toBe(userId)
      expect(await nameOf(await token())).toBe(PEOPLE[0]?.name)
    })

    test('whoever takes a user over by email does not get the tokens of before', async () => {
      const body = { value: true }
      await server.call('PUT /v1/_settings/security.link_by_email', { as: shop, body })
      const { email = '' } = PEOPLE[0] ?? {}
      const eve = { identifier: 'az:amzn1.account.EVE', email }
      const purpose = { linkByEmail: true, renewTokenSecret: false }
      const { services } = server.composition
      expect((await services.upsertUser(await app(), eve, purpose)).id).toBe(userId)
      await isGone()
    })

    test('a login that keeps tokens after the user was unlinked keeps none', async () => {
      await server.call(`DELETE /v1/users/${userId}/amazon`, { as: shop })
      await keep(user.identifier, 'Atzr|late')
      await isGone()
    })

    test('a refresh of all removes those of another account, and asks Amazon nothing', async () => {
      await relinkToBen()
      const options = { dueWithinMs: 2 * HOUR_MS, concurrency: 1, perSecond: 100 }
      const { keptTokens } = server.composition.services
      const report = await keptTokens.refreshDue(await app(), {
        ...options,
        onProgress: () => undefined,
      })
      expect(report).toMatchObject({ due: 1, refreshed: 0, elsewhere: 1, failed: 0 })
      expect(refreshes()).toEqual([])
      await isGone()
    })

    test('the refresh token of before is not put beside the access token of another account', async () => {
      await relinkToBen()
      await keep(identifierOf(BEN.userId))
      expect(await token()).toBe('Atza|kept')
      server.moveClock(HOUR_MS)
      expect((await ask()).status).toBe(404)
      expect(refreshes()).toEqual([])
    })

    test('of the same account it stays', async () => {
      await keep(user.identifier)
      server.moveClock(HOUR_MS)
      expect(await nameOf(await token())).toBe(PEOPLE[0]?.name)
      expect(refreshes()).toHaveLength(1)
    })

    test('what a refresh brings for an account that the user has no more is given to nobody', async () => {
      server.moveClock(HOUR_MS)
      server.emulator.faults.set({ endpoint: 'token', fault: { name: 'latency', ms: 2_000 } })
      const asked = ask()
      while (refreshes().length === 0) await setTimeout(10)
      await relinkToBen()
      expect((await asked).status).toBe(404)
      await isGone()
    })
  })

  describe('trouble loses nothing', () => {
    test('keys that are wrong are 502, and with the right ones the same tokens are good', async () => {
      const put = (value: string) =>
        server.call('PUT /v1/_settings/az_secret', { as: shop, body: { value } })
      await put('wrong')
      server.moveClock(HOUR_MS)
      expect((await ask()).status).toBe(502)
      expect(refreshes().map(({ status }) => status)).toEqual([401])
      const refused = { code: 'refresh_refused', app: 'shop', user: userId }
      expect(log).toContainEqual(expect.objectContaining({ ...refused, message: 'call refused' }))
      await put('secret.shop')
      expect((await server.call('GET /v1/_me', { as: shop })).status).toBe(200)
      await setTimeout(AGAIN_MS)
      expect((await ask()).status).toBe(200)
    })

    test('of another client id they are not refreshed at all, and good again with their own', async () => {
      const put = (value: string) =>
        server.call('PUT /v1/_settings/az_app_id', { as: shop, body: { value } })
      await put(clientIdOf('other'))
      expect((await ask()).status).toBe(200)
      server.moveClock(HOUR_MS)
      expect((await ask()).status).toBe(404)
      expect(refreshes()).toEqual([])
      await put(clientIdOf('shop'))
      expect((await ask()).status).toBe(200)
    })

    test.each(['http_503', 'reset', 'cut_json'] as const)(
      'an outage (%s) is 503, the present token is given while it is good, and then all goes on',
      async (name) => {
        const first = await token()
        server.emulator.faults.set({ endpoint: 'token', fault: { name } })
        server.moveClock(HOUR_MS - 30_000)
        expect(await token()).toBe(first)
        server.moveClock(30_000)
        const { status, headers } = await ask()
        expect([status, headers['retry-after']]).toEqual([503, expect.any(String)])
        server.emulator.faults.clear()
        await setTimeout(AGAIN_MS)
        expect(await token()).not.toBe(first)
      },
    )

    test('a refresh whose answer was lost, where that held the only good token, is no withdrawn consent', async () => {
      const body = { value: 'sign_out' }
      await server.call('PUT /v1/_settings/amazon.on_revoked', { as: shop, body })
      server.emulator.tokenRules.set({ refreshRotation: 'replaced' })
      server.emulator.faults.set({ endpoint: 'token', fault: 'cut_json', times: 1 })
      server.moveClock(HOUR_MS)
      expect((await ask()).status).toBe(503)
      await setTimeout(AGAIN_MS)
      expect((await ask()).status).toBe(404)
      expect((await ask()).status).toBe(404)
      expect(refreshes()).toHaveLength(2)
    })
  })
}
