import { sign } from 'jsonwebtoken'

import { PEOPLE } from '../../../src/emulator'
import { startServer, type Keys, type SignedIn, type TestServer } from '../../support/api'
import type { Browser } from '../../support/browser'
import { until } from '../../support/until'

const [ADA, BEN] = PEOPLE.map(({ userId }) => userId)

let server: TestServer
let shop: Keys
let other: Keys
let ada: SignedIn
beforeEach(async () => {
  server = await startServer()
  shop = await server.createApp('shop', { one_session_per_user: false })
  other = await server.createApp('other')
  ada = await server.signIn('shop', ADA)
})
afterEach(() => server.close())

async function signedInBrowser(app = 'shop', person = ADA): Promise<Browser> {
  const browser = server.browser()
  await signInAgain(browser, app, person)
  return browser
}

async function signInAgain(browser: Browser, app: string, person = ADA): Promise<void> {
  const begun = await browser.get(`/amazon_auth?state=${app}`)
  await browser.get(await server.emulator.allow(begun.location, person))
}

const statusOf = async (who: Browser | string, app = 'shop'): Promise<number> =>
  typeof who === 'string'
    ? (await server.call('GET /v1/_me', { as: who })).status
    : (await who.get(`/v1/_me?appid=${app}`)).status

const path = (rest = ''): string => `/v1/users/${ada.user.id}${rest}`

describe.each(['users', 'user'])('POST /v1/%s/{id}/_signout', (name) => {
  test('ends the sessions of all browsers and all tokens, and lets the user sign in again', async () => {
    const browsers = [await signedInBrowser(), await signedInBrowser()]
    const ben = await server.signIn('shop', BEN)
    const line = `POST /v1/${name}/${ada.user.id}/_signout`
    const { status, json } = await server.call(line, { as: shop })
    expect([status, json.id, json.active]).toEqual([200, ada.user.id, true])
    const all = [...browsers, ada.token]
    expect(await Promise.all(all.map((who) => statusOf(who)))).toEqual([401, 401, 401])
    expect(await statusOf(ben.token)).toBe(200)
    expect((await server.signIn('shop', ADA)).user.id).toBe(ada.user.id)
  })
})

describe('a sign-out everywhere at the logout page', () => {
  test('ends the sessions of all browsers and all tokens, in the app that is named alone', async () => {
    const [here, there] = [await signedInBrowser(), await signedInBrowser()]
    await signInAgain(there, 'other')
    const elsewhere = await server.signIn('other', ADA)
    const out = await here.send('/amazon_auth/logout?appid=shop&everywhere=true', {
      method: 'POST',
    })
    expect(out.status).toBe(303)
    const ended = await Promise.all([here, there, ada.token].map((who) => statusOf(who)))
    expect(ended).toEqual([401, 401, 401])
    expect(await statusOf(there, 'other')).toBe(200)
    expect(await statusOf(elsewhere.token)).toBe(200)
  })

  test('without an app is one from every app that the browser is signed in to', async () => {
    const here = await signedInBrowser()
    await signInAgain(here, 'other')
    const there = await signedInBrowser('other')
    await here.send('/amazon_auth/logout?everywhere=true', { method: 'POST' })
    expect(await statusOf(there, 'other')).toBe(401)
    expect(await statusOf(ada.token)).toBe(401)
  })

  test.each(['', '?everywhere=false', '?everywhere=', '?everywhere=TRUE'])(
    'is not what %j asks for',
    async (query) => {
      const [here, there] = [await signedInBrowser(), await signedInBrowser()]
      await here.send(`/amazon_auth/logout${query}`, { method: 'POST' })
      expect(await statusOf(here)).toBe(401)
      expect(await statusOf(there)).toBe(200)
      expect(await statusOf(ada.token)).toBe(200)
    },
  )

  test('asks the person where another site sent them, and a form of another site ends nothing', async () => {
    const here = await signedInBrowser()
    const cross = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
    const logout = '/amazon_auth/logout?everywhere=true'
    const asked = await here.send(logout, {
      headers: { ...cross, accept: 'text/html', 'sec-fetch-mode': 'navigate' },
    })
    expect(asked.status).toBe(403)
    expect(asked.body).toContain('on all your devices?')
    expect((await here.send(logout, { method: 'POST', headers: cross })).status).toBe(403)
    expect([await statusOf(here), await statusOf(ada.token)]).toEqual([200, 200])
  })

  test.each<[string, Record<string, string>]>([
    [
      'an image on this host',
      {
        'sec-fetch-site': 'same-origin',
        'sec-fetch-dest': 'image',
        'sec-fetch-mode': 'no-cors',
        accept: 'image/avif,image/webp,*/*',
      },
    ],
    ['a script of this host', { 'sec-fetch-site': 'same-origin', accept: 'application/json' }],
    ['a link in a mail', { 'sec-fetch-site': 'none', accept: 'text/html' }],
    ['a link on this host', { 'sec-fetch-site': 'same-origin', accept: 'text/html' }],
    ['a referer of this host', { referer: 'here', accept: 'text/html' }],
  ])('is none by GET: %s ends nothing', async (_what, { referer, ...headers }) => {
    const here = await signedInBrowser()
    const answer = await here.send('/amazon_auth/logout?everywhere=true', {
      headers: { ...headers, ...(referer && { referer: `${server.origin}/page` }) },
    })
    expect(answer.status).toBe(403)
    if (headers.accept === 'text/html') {
      expect(answer.body).toContain('on all your devices?')
    } else {
      expect(answer.body).toContain('A sign-out everywhere is sent as POST.')
    }
    expect([await statusOf(here), await statusOf(ada.token)]).toEqual([200, 200])
  })

  test('is one when the page that asks is answered', async () => {
    const [here, there] = [await signedInBrowser(), await signedInBrowser()]
    const logout = '/amazon_auth/logout?everywhere=true'
    const asked = await here.send(logout, {
      headers: { 'sec-fetch-site': 'none', accept: 'text/html' },
    })
    expect(asked.body).toMatch(/<form method="post"><button/)
    const headers = { 'sec-fetch-site': 'same-origin', accept: 'text/html' }
    expect((await here.send(logout, { method: 'POST', headers })).status).toBe(303)
    expect([await statusOf(here), await statusOf(there)]).toEqual([401, 401])
  })

  test('of a browser that nobody is signed in with ends nothing, and is answered alike', async () => {
    const out = await server.browser().send('/amazon_auth/logout?everywhere=true', {
      method: 'POST',
    })
    expect(out.status).toBe(303)
    expect(await statusOf(ada.token)).toBe(200)
  })
})

describe('DELETE /v1/users/{id}/amazon', () => {
  test('leaves the user with all of theirs but the identifier and what Amazon has told, and ends sessions and tokens', async () => {
    const browser = await signedInBrowser()
    const { status, json } = await server.call(`DELETE ${path('/amazon')}`, { as: shop })
    expect(status).toBe(200)
    const { scopes, ...kept } = ada.user
    expect(scopes).toEqual(['profile'])
    expect(json).toEqual({
      ...kept,
      identifier: `unlinked:${ada.user.id}`,
      identityProvider: 'generic',
      updated: json.updated,
    })
    expect([await statusOf(browser), await statusOf(ada.token)]).toEqual([401, 401])
  })

  test('makes whoever signs in with that account a new user, also with link_by_email', async () => {
    await server.call('PUT /v1/_settings/security.link_by_email', {
      as: shop,
      body: { value: true },
    })
    await server.call(`DELETE ${path('/amazon')}`, { as: shop })
    const again = await server.signIn('shop', ADA)
    expect(again.user).toMatchObject({ identifier: ada.user.identifier, email: ada.user.email })
    expect(again.user.id).not.toBe(ada.user.id)
    expect((await server.signIn('shop', ADA)).user.id).toBe(again.user.id)
  })

  test('lets the back end of the app sign the user in by the new identifier', async () => {
    const unlinked = await server.call(`DELETE ${path('/amazon')}`, { as: shop })
    const { identifier, email, name } = unlinked.json
    const token = sign({ identifier, email, name }, shop.secretKey, { expiresIn: 60 })
    const body = { provider: 'passwordless', appid: 'app:shop', token }
    const { json } = await server.call('POST /jwt_auth', { body })
    expect(json.user.id).toBe(ada.user.id)
  })

  test('changes nothing the second time', async () => {
    const first = await server.call(`DELETE ${path('/amazon')}`, { as: shop })
    expect((await server.call(`DELETE ${path('/amazon')}`, { as: shop })).json).toEqual(first.json)
  })
})

describe('a person whose new account was relinked to their old record', () => {
  // Ben plays Ada's account after all ids of Amazon have changed.
  let fresh: SignedIn
  let browser: Browser
  beforeEach(async () => {
    browser = await signedInBrowser()
    fresh = await server.signIn('shop', BEN)
    const pair = {
      oldId: ada.user.id,
      newId: fresh.user.id,
      oldIdentifier: ada.user.identifier,
      newIdentifier: fresh.user.identifier,
    }
    const { relinking } = server.composition
    expect(await relinking.relink('shop', [pair], Date.now())).toEqual(['done'])
  })

  test('is signed in as before, and by the next sign-in is the old user; the new one is signed out', async () => {
    expect([await statusOf(browser), await statusOf(ada.token)]).toEqual([200, 200])
    expect(await statusOf(fresh.token)).toBe(401)
    expect((await server.signIn('shop', BEN)).user.id).toBe(ada.user.id)
  })

  test('who comes with the old account after all is a new user, and locked out by no link by email', async () => {
    await server.call('PUT /v1/_settings/security.link_by_email', {
      as: shop,
      body: { value: true },
    })
    for (const [id, email] of [
      [ada.user.id, 'other@example.com'],
      [fresh.user.id, ada.user.email],
    ]) {
      await server.call(`PATCH /v1/users/${id}`, { as: shop, body: { email: email ?? '' } })
    }
    const again = await server.signIn('shop', ADA)
    expect([ada.user.id, fresh.user.id]).not.toContain(again.user.id)
  })
})

describe('GET /v1/users/{id}/export', () => {
  test('gives the record and the sign-ins, the latest first, and no secret', async () => {
    server.moveClock(1000)
    await signedInBrowser()
    await until(async () => (await exported()).kept.sign_ins.length === 2)
    const all = await exported()
    expect(all).toMatchObject({ user: ada.user, cut_off: [], exported: expect.any(Number) })
    expect(all.kept.sign_ins.map(({ way }) => way)).toEqual(['browser', 'amazon_token'])
    expect(all.kept.sign_ins[0]).toMatchObject({ outcome: 'success', network: '127.0.0.0/24' })
    const record = await server.composition.services.users.findById('shop', ada.user.id)
    expect(JSON.stringify(all)).not.toContain(record?.tokenSecret)
    expect(JSON.stringify(all)).not.toMatch(/secret/i)
  })

  async function exported(): Promise<{ user: object; kept: { sign_ins: { way: string }[] } }> {
    return (await server.call(`GET ${path('/export')}`, { as: shop })).json
  }
})

describe('GET /v1/_me/export', () => {
  test('gives a user their own, by token and by session', async () => {
    const byToken = await server.call('GET /v1/_me/export', { as: ada.token })
    expect(byToken).toMatchObject({ status: 200, json: { user: ada.user } })
    const browser = await signedInBrowser('shop', BEN)
    const bySession = await browser.get('/v1/_me/export?appid=shop')
    expect(bySession.status).toBe(200)
    expect(JSON.parse(bySession.body).user.name).not.toBe(ada.user.name)
    expect((await browser.get('/v1/_me/export?appid=other')).status).toBe(401)
  })

  test('is 401 for nobody and for a dead token, and 403 for an app', async () => {
    const status = async (as?: Keys | string) =>
      (await server.call('GET /v1/_me/export', { as })).status
    expect([await status(), await status('no.such.token'), await status(shop)]).toEqual([
      401, 401, 403,
    ])
  })
})

describe('of exports that are asked for at the same moment', () => {
  /** They take a while: ada has signed in often. */
  beforeEach(async () => {
    const { audit } = server.composition.services
    const event = { app: 'shop', outcome: 'success', reason: 'ok', way: 'browser' } as const
    for (let n = 0; n < 9_000; n += 1) {
      audit.record({ ...event, atMs: n, userId: ada.user.id, requestId: '', network: '' })
    }
    await audit.flush()
  })

  async function ask(line: string, as: Keys | string, times: number) {
    const asked = Array.from({ length: times }, () => server.call(line, { as }))
    // Whoever asks for something else does not wait for them.
    const order: string[] = []
    const me = server.call('GET /v1/_me', { as: other }).then(() => order.push('me'))
    const all = asked.map(async (answer) => {
      if ((await answer).status === 200) order.push('export')
      return answer
    })
    await me
    const answers = await Promise.all(all)
    expect(order[0]).toBe('me')
    return answers
  }

  test('an app gets as many as are free, and is told to come again', async () => {
    const answers = await ask(`GET ${path('/export')}`, shop, 16)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(8)
    const refused = answers.find(({ status }) => status !== 200)
    expect(refused).toMatchObject({
      status: 503,
      json: { message: expect.stringContaining('Too many exports') },
    })
    expect(refused?.headers['retry-after']).toBe('10')
    expect((await server.call(`GET ${path('/export')}`, { as: shop })).status).toBe(200)
  })

  test('a user gets two', async () => {
    const answers = await ask('GET /v1/_me/export', ada.token, 5)
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 429, 429, 429])
  })
})

describe('a user of another app, or none,', () => {
  test.each(['POST _signout', 'DELETE amazon', 'GET export'])('is 404 to %s', async (call) => {
    const [method = '', name = ''] = call.split(' ')
    for (const id of [ada.user.id, '1', '__proto__', '%00']) {
      const answer = await server.call(`${method} /v1/users/${id}/${name}`, { as: other })
      expect(answer).toMatchObject({ status: 404, json: { code: 404 } })
    }
    expect(await statusOf(ada.token)).toBe(200)
    const asUser = await server.call(`${method} ${path(`/${name}`)}`, { as: ada.token })
    expect(asUser.status).toBe(403)
  })
})
