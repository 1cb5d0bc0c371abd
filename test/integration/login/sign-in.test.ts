import { decode } from 'jsonwebtoken'

import { PEOPLE } from '../../../src/emulator'
import { startHost, ACME, ZENITH, type Host } from '../../support/host'

const [ordinary, withoutEmail, withoutName] = PEOPLE

describe('a login through the consent page', () => {
  let host: Host
  beforeAll(async () => {
    host = await startHost()
  })
  afterAll(() => host.close())

  test('begin sends the browser to the consent page with nonce, challenge and the exact redirect_uri', async () => {
    const begun = await host.browser().get('/amazon_auth?state=acme')
    const url = new URL(begun.location)
    expect(begun.status).toBe(302)
    expect(url.origin + url.pathname).toBe(host.emulator.authorizeUrl)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: ACME.clientId,
      scope: 'profile',
      response_type: 'code',
      redirect_uri: `${host.origin}/amazon_auth`,
      state: expect.stringMatching(/^acme~[\w-]{22,}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
    expect(begun.headers['cache-control']).toBe('no-store')
    expect(begun.headers['referrer-policy']).toBe('no-referrer')
  })

  test('an app without signin_success signs in with a session and goes to /', async () => {
    const browser = host.browser()
    const answer = await host.signIn(browser, '/amazon_auth?state=acme', ordinary?.userId)
    expect(answer).toMatchObject({ status: 302, location: '/' })
    const me = JSON.parse((await browser.get('/acme')).body)
    expect(me).toMatchObject({
      type: 'user',
      appid: 'acme',
      identifier: `az:${String(ordinary?.userId)}`,
      identityProvider: 'amazon',
      email: ordinary?.email,
      name: ordinary?.name,
      groups: 'users',
      active: true,
    })
    expect(me.id).toMatch(/^\d+$/)
    expect(me.picture).toMatch(
      /^https:\/\/www\.gravatar\.com\/avatar\/[0-9a-f]{32}\?d=mm&size=400$/,
    )
    expect(Object.keys(me)).not.toContain('tokenSecret')
  })

  test('req.amazonAuth and req.user name the signed-in user behind the middleware', async () => {
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=acme', ordinary?.userId)
    const who = JSON.parse((await browser.get('/whoami')).body)
    expect(who).toMatchObject({
      isAuthenticated: true,
      app: { id: 'app:acme', type: 'app', appIdentifier: 'acme', appid: 'para' },
      user: { name: ordinary?.name },
    })
    expect(JSON.parse((await browser.get('/user')).body)).toEqual(who.user)
    expect(JSON.stringify(who)).not.toContain('secret')
  })

  test('jwt=id in signin_success becomes an ID token, and no session is set', async () => {
    const answer = await host.signIn(host.browser(), '/amazon_auth?state=zenith', ordinary?.userId)
    const url = new URL(answer.location)
    expect(url.origin + url.pathname).toBe('https://zenith.example/in')
    const token = url.searchParams.get('jwt') ?? ''
    const decoded = decode(token, { complete: true })
    expect(decoded?.header.alg).toBe('HS256')
    const claims = decoded?.payload as Record<string, number>
    expect(claims).toMatchObject({
      appid: 'app:zenith',
      sub: expect.stringMatching(/^\d+$/),
      name: ordinary?.name,
      email: ordinary?.email,
      identifier: `az:${String(ordinary?.userId)}`,
      picture: expect.stringContaining('gravatar'),
    })
    expect(claims.exp).toBe((claims.iat ?? 0) + 60)
    expect(claims.nbf).toBeLessThanOrEqual(claims.iat ?? 0)
    expect(answer.setCookies.filter((line) => line.startsWith('amazon-auth='))).toEqual([])
  })

  test('an ID token opens a route of its app as Bearer, and no route of another app', async () => {
    const answer = await host.signIn(host.browser(), '/amazon_auth?state=zenith')
    const token = new URL(answer.location).searchParams.get('jwt') ?? ''
    const bearer = { authorization: `Bearer ${token}` }
    expect((await host.browser().get('/zenith', bearer)).status).toBe(200)
    expect((await host.browser().get('/any', bearer)).status).toBe(200)
    const refused = await host.browser().get('/acme', bearer)
    expect(refused.status).toBe(401)
    expect(refused.headers['www-authenticate']).toBe('Bearer')
    expect(
      (await host.browser().get('/zenith', { authorization: `Bearer ${token}x` })).status,
    ).toBe(401)
  })

  test('signing in again gives the same user, and a changed name is taken over', async () => {
    const userId = ordinary?.userId
    const first = await idTokenOf(userId)
    host.emulator.faults.set({ endpoint: 'profile', fault: 'emoji_name', times: 1 })
    const second = await idTokenOf(userId)
    const third = await idTokenOf(userId)
    expect(second.sub).toBe(first.sub)
    expect(second.name).not.toBe(first.name)
    expect(third.name).toBe(first.name)
  })

  test('a person without email gets <user id>@amazon.com and a picture without hash', async () => {
    const claims = await idTokenOf(withoutEmail?.userId)
    expect(claims.email).toBe(`${String(claims.sub)}@amazon.com`)
    expect(claims.picture).toBe('https://www.gravatar.com/avatar/?d=mm&size=400')
  })

  test('a person without name is called No Name', async () => {
    expect((await idTokenOf(withoutName?.userId)).name).toBe('No Name')
  })

  test('a blank name or email never blanks what is known', async () => {
    const before = await idTokenOf(ordinary?.userId)
    host.emulator.faults.set({ endpoint: 'profile', fault: 'name_null', times: 1 })
    const after = await idTokenOf(ordinary?.userId)
    expect(after.name).toBe(before.name)
  })

  test("the return of Amazon's JavaScript SDK, with scope and a bare state, signs in", async () => {
    const code = host.emulator.issueCode({
      clientId: ZENITH.clientId,
      redirectUri: `${host.origin}/amazon_auth`,
    })
    const answer = await host.browser().get(`/amazon_auth?code=${code}&scope=profile&state=zenith`)
    expect(answer.status).toBe(302)
    expect(answer.location).toMatch(/^https:\/\/zenith\.example\/in\?jwt=ey/)
  })

  test('a return by POST form signs in, and is answered with 303', async () => {
    const code = host.emulator.issueCode({
      clientId: ACME.clientId,
      redirectUri: `${host.origin}/amazon_auth`,
    })
    const answer = await host.browser().send('/amazon_auth', { form: { code, state: 'acme' } })
    expect(answer).toMatchObject({ status: 303, location: '/' })
  })

  test('neither state nor appid means the root app', async () => {
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth')
    expect(JSON.parse((await browser.get('/any')).body)).toMatchObject({ appid: 'para' })
  })

  test('appid wins over state, and stays in the redirect_uri', async () => {
    const browser = host.browser()
    const begun = await browser.get('/amazon_auth?appid=acme&state=zenith')
    const redirectUri = new URL(begun.location).searchParams.get('redirect_uri')
    expect(redirectUri).toBe(`${host.origin}/amazon_auth?appid=acme`)
    await browser.get(await host.emulator.allow(begun.location))
    expect((await browser.get('/acme')).status).toBe(200)
  })

  test('a script that signs in without signin_success is answered 204 with the session', async () => {
    const code = host.emulator.issueCode({
      clientId: ACME.clientId,
      redirectUri: `${host.origin}/amazon_auth`,
    })
    const browser = host.browser()
    const path = `/amazon_auth?code=${code}&state=acme`
    const answer = await browser.get(path, { 'x-requested-with': 'XMLHttpRequest' })
    expect(answer.status).toBe(204)
    expect((await browser.get('/acme')).status).toBe(200)
  })

  async function idTokenOf(userId: string | undefined): Promise<Record<string, unknown>> {
    const answer = await host.signIn(host.browser(), '/amazon_auth?state=zenith', userId)
    const token = new URL(answer.location).searchParams.get('jwt') ?? ''
    return decode(token, { json: true }) ?? {}
  }
})
