import { SignInRefused } from '../../../src'
import { startServer, type TestServer } from '../../support/api'
import type { Answer } from '../../support/browser'
import { ACME, startHost, type Host, type HostOptions } from '../../support/host'

const acme = { azAppId: ACME.clientId, azSecret: ACME.clientSecret }
const DENIED = 'You did not allow Amazon to tell who you are'
const WORDS = 'words of whoever made the address'

const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of running.splice(0)) await each.close()
})

/** What a person reads and can do: heading, sentence, and where the button leads. */
function read({ body }: Pick<Answer, 'body'>) {
  const found = (pattern: RegExp) => pattern.exec(body)?.[1]?.trim()
  return {
    title: found(/<h1>(.*)<\/h1>/)?.replaceAll(/<\/?bdi>/g, ''),
    said: found(/role="alert">([^<]*)</),
    again: found(/class="button" href="([^"]*)"/)?.replaceAll('&#38;', '&'),
  }
}

describe('a host app that has named no place for failed sign-ins', () => {
  async function start(options: HostOptions['options'] = {}, mount?: string): Promise<Host> {
    const host = await startHost({
      options: { apps: { acme }, ...options },
      ...(mount !== undefined && { mount }),
    })
    running.push(host)
    return host
  }

  test('shows a page of its own to a person who cancels: what happened, in which app, and the way back', async () => {
    const host = await start()
    const browser = host.browser()
    const begin = '/amazon_auth?state=acme%7C1&returnto=%2Forders%3Fa%3D1'
    const begun = await browser.get(begin)
    const page = await browser.get(await host.emulator.deny(begun.location))
    expect(page.status).toBe(401)
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; .*script-src 'none'/,
    )
    expect(page.body).not.toMatch(/<script|https?:\/\//)
    const { title, said, again } = read(page)
    expect([title, said]).toEqual([
      'You are not signed in to acme',
      expect.stringContaining(DENIED),
    ])
    expect(again).toBe(begin)
    expect((await browser.get(again ?? '')).location).toMatch(host.emulator.authorizeUrl)
  })

  test('tells a script in JSON', async () => {
    const host = await start()
    const ajax = { 'x-requested-with': 'XMLHttpRequest' }
    const answer = await host.browser().get('/amazon_auth?state=acme&error=access_denied', ajax)
    expect(JSON.parse(answer.body)).toEqual({ code: 401, message: 'Access denied.' })
  })

  test('says what the host itself says of a sign-in that it refuses, as text', async () => {
    const refuse = () => Promise.reject(new SignInRefused('Use <b>work</b> & "home"'))
    const host = await start({ hooks: { mapProfile: refuse } })
    const page = await host.signIn(host.browser(), '/amazon_auth?state=acme')
    expect(read(page).said).toBe('Use &#60;b&#62;work&#60;/b&#62; &#38; &#34;home&#34;')
  })

  test('names no app that is not there, and offers no way back to it', async () => {
    const host = await start()
    const page = await host.browser().get('/amazon_auth?state=nobody')
    expect(read(page)).toEqual({
      title: 'You are not signed in',
      said: expect.stringContaining('not set up correctly'),
      again: undefined,
    })
    expect(page.body).not.toContain('nobody')
  })

  test('an outage is 503 with Retry-After', async () => {
    const host = await start()
    const page = await host.browser().get('/amazon_auth?state=acme&error=server_error')
    expect(page).toMatchObject({ status: 503, headers: { 'retry-after': expect.any(String) } })
  })

  test('the way back lies under the mount, and under public_url', async () => {
    const host = await start({}, '/auth')
    const plain = await host.browser().get('/auth/amazon_auth?state=acme&error=access_denied')
    expect(read(plain).again).toBe('/auth/amazon_auth?state=acme')
    const known = await start({ publicUrl: 'https://shop.example/base' }, '/auth')
    const page = await known.browser().get('/auth/amazon_auth?state=acme&error=access_denied')
    expect(read(page).again).toBe('https://shop.example/base/auth/amazon_auth?state=acme')
  })

  test('one that has a page at the default path itself, and says so, keeps it', async () => {
    const host = await start({ security: { signinFailure: '/signin?error' } })
    const answer = await host.browser().get('/amazon_auth?state=acme&error=access_denied')
    expect(answer).toMatchObject({ status: 302, location: '/signin?error' })
  })
})

describe('the stand-alone server', () => {
  async function start(conf?: string): Promise<TestServer> {
    const server = await startServer(conf === undefined ? {} : { conf })
    running.push(server)
    await server.createApp('shop')
    return server
  }

  test.each([
    ['by default', undefined, '/signin?error'],
    [
      'with a cause in the address',
      'para.security.signin_failure = "/signin?cause=?"',
      '/signin?cause=Access%20denied.',
    ],
    [
      'under the path of public_url',
      'para.public_url = "http://127.0.0.1:9/base"',
      '/base/signin?error',
    ],
  ])('%s leads to its page, which knows what happened, once', async (_case, conf, location) => {
    const server = await start(conf)
    const browser = server.browser()
    const begun = await browser.get('/amazon_auth?state=shop&returnto=%2Forders')
    const back = new URL(await server.emulator.deny(begun.location))
    const denied = await browser.get(`/amazon_auth${back.search}`)
    expect(denied).toMatchObject({ status: 302, location })
    const path = location.replace('/base', '')
    const page = await browser.get(path)
    expect(read(page)).toMatchObject({
      title: 'You are not signed in to shop',
      said: expect.stringContaining(DENIED),
      again: expect.stringMatching(/\/amazon_auth\?state=shop&returnto=%2Forders$/),
    })
    expect(read(await browser.get(path))).toEqual({
      title: 'You are not signed in',
      said: undefined,
      again: undefined,
    })
  })

  test('never shows what the address says', async () => {
    const server = await start()
    const query = new URLSearchParams({ error: WORDS, cause: WORDS, message: WORDS })
    const page = await server.browser().get(`/signin?${query.toString()}`)
    expect(page.status).toBe(200)
    expect(page.body).not.toContain('words')
  })

  test('believes no note that it has not written', async () => {
    const server = await start()
    const cookie = `amazon-login-failure=${encodeURIComponent(JSON.stringify({ code: 'internal', reason: WORDS }))}`
    const page = await server.browser().get('/signin?error', { cookie })
    expect(page.status).toBe(200)
    expect(page.body).not.toContain('words')
  })

  test('an unknown path is a page for a browser, and JSON for all others', async () => {
    const server = await start()
    const page = await server.browser().get('/nope<b>')
    expect([page.status, read(page).title]).toEqual([404, 'There is no such page'])
    expect(page.headers['content-security-policy']).toContain("script-src 'none'")
    expect(page.body).not.toContain('nope')
    for (const accept of ['*/*', 'application/json']) {
      const answer = await server.browser().get('/nope', { accept })
      expect(JSON.parse(answer.body)).toEqual({ code: 404, message: 'Not Found' })
    }
  })
})

describe('a sign-out by GET', () => {
  test('from elsewhere asks the person, whose answer signs out; curl is told to send POST', async () => {
    const host = await startHost({ options: { apps: { acme } } })
    running.push(host)
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=acme')
    const path = '/amazon_auth/logout?returnto=/bye'
    for (const site of [{}, { 'sec-fetch-site': 'cross-site' }] as Record<string, string>[]) {
      const asked = await browser.get(path, site)
      expect([asked.status, read(asked).title]).toEqual([403, 'Do you want to sign out?'])
      expect(asked.body).toContain('<form method="post">')
      expect(asked.headers['referrer-policy']).toBe('no-referrer')
    }
    const curl = await browser.get(path, { accept: '*/*' })
    expect(JSON.parse(curl.body)).toEqual({
      code: 403,
      message: 'A sign-out is sent as POST, or opened from a page of this host.',
    })
    expect((await browser.get('/acme')).status).toBe(200)
    const out = await browser.send(path, { method: 'POST', headers: { origin: 'null' } })
    expect(out).toMatchObject({ status: 303, location: '/bye' })
    expect((await browser.get('/acme')).status).toBe(401)
  })

  test('from the address bar of a browser signs out', async () => {
    const host = await startHost({ options: { apps: { acme } } })
    running.push(host)
    const browser = host.browser()
    await host.signIn(browser, '/amazon_auth?state=acme')
    const out = await browser.get('/amazon_auth/logout', { 'sec-fetch-site': 'none' })
    expect(out).toMatchObject({ status: 302, location: '/' })
    expect((await browser.get('/acme')).status).toBe(401)
  })
})
