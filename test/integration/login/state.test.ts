import { startHost, ACME, ZENITH, type Host } from '../../support/host'

const EXPIRED = `/signin?cause=${encodeURIComponent('Invalid or expired sign-in request.')}`

describe('the state of a login', () => {
  let host: Host
  beforeAll(async () => {
    host = await startHost({
      options: {
        security: { signinFailure: '/signin?cause=?' },
        apps: {
          acme: { azAppId: ACME.clientId, azSecret: ACME.clientSecret },
          zenith: { azAppId: ZENITH.clientId, azSecret: ZENITH.clientSecret },
          strict: {
            azAppId: ACME.clientId,
            azSecret: ACME.clientSecret,
            security: { strict: true },
          },
        },
      },
    })
  })
  afterAll(() => host.close())
  beforeEach(() => host.emulator.journal.clear())

  const exchanges = (): number => host.emulator.journal.count('/auth/o2/token')
  function bareCode(): string {
    return host.emulator.issueCode({
      clientId: ACME.clientId,
      redirectUri: `${host.origin}/amazon_auth`,
    })
  }
  async function returnOf(browser: ReturnType<Host['browser']>, app = 'acme'): Promise<string> {
    const begun = await browser.get(`/amazon_auth?state=${app}`)
    return host.emulator.allow(begun.location)
  }

  function withState(url: string, state: string): string {
    const changed = new URL(url)
    changed.searchParams.set('state', state)
    return changed.href
  }

  test('L1 a bare state signs in, and is logged once per app as unbound', async () => {
    for (let n = 0; n < 3; n++) {
      const browser = host.browser()
      await browser.get(`/amazon_auth?code=${bareCode()}&state=acme`)
      expect((await browser.get('/acme')).status).toBe(200)
    }
    const warnings = host.log.filter(({ message }) => message.includes('bare `state`'))
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatchObject({ level: 'warn', facts: { app: 'acme' } })
  })

  test.each([
    ['L1 L7 a bare state', 'state=strict'],
    ['L2 no state but appid', 'appid=strict'],
    ['L2 an empty state', 'appid=strict&state='],
    ['L22 an alias', 'state=strict%7C1'],
  ])('a strict app refuses %s before Amazon is asked', async (_name, query) => {
    const answer = await host.browser().get(`/amazon_auth?code=${bareCode()}&${query}`)
    expect(answer).toMatchObject({ status: 302, location: EXPIRED })
    expect(exchanges()).toBe(0)
  })

  test('a strict app signs in a browser that began here', async () => {
    const answer = await host.signIn(host.browser(), '/amazon_auth?state=strict')
    expect(answer).toMatchObject({ status: 302, location: '/' })
  })

  test("L6 a browser cannot finish another's login", async () => {
    const url = await returnOf(host.browser())
    const other = host.browser()
    await other.get('/amazon_auth?state=acme')
    expect(await other.get(url)).toMatchObject({ status: 302, location: EXPIRED })
    expect(exchanges()).toBe(0)
  })

  test('L8 a code swapped between two browsers is refused by its verifier', async () => {
    const [mine, foreign] = [host.browser(), host.browser()]
    const own = new URL(await returnOf(mine))
    const stolen = new URL(await returnOf(foreign))
    own.searchParams.set('code', stolen.searchParams.get('code') ?? '')
    const answer = await mine.get(own.href)
    expect(answer.location).toBe(`/signin?cause=${encodeURIComponent('Bad credentials.')}`)
  })

  test('L5 a state with any one character changed is refused', async () => {
    const browser = host.browser()
    const url = await returnOf(browser)
    const state = new URL(url).searchParams.get('state') ?? ''
    for (let at = 'acme~'.length; at < state.length; at++) {
      const changed = state.slice(0, at) + (state[at] === 'A' ? 'B' : 'A') + state.slice(at + 1)
      const answer = await browser.clone().get(withState(url, changed))
      expect(answer).toMatchObject({ status: 302, location: EXPIRED })
    }
    expect(exchanges()).toBe(0)
  })

  test('T9 a login begun for one app cannot be finished for another', async () => {
    const browser = host.browser()
    const url = await returnOf(browser)
    const state = new URL(url).searchParams.get('state') ?? ''
    const moved = withState(url, state.replace('acme', 'zenith'))
    expect(await browser.get(moved)).toMatchObject({ location: EXPIRED })
    const again = await returnOf(browser)
    expect(await browser.get(`${again}&appid=zenith`)).toMatchObject({ location: EXPIRED })
    expect(exchanges()).toBe(0)
  })

  test('a login cookie changed by one character is refused', async () => {
    const browser = host.browser()
    const url = await returnOf(browser)
    const [[name, value] = ['', '']] = browser.cookies
    browser.cookies.set(name, value.slice(0, -1) + (value.endsWith('A') ? 'B' : 'A'))
    expect(await browser.get(url)).toMatchObject({ location: EXPIRED })
  })

  test('L3 a return URL is worth nothing after signing out', async () => {
    const browser = host.browser()
    const url = await returnOf(browser)
    await browser.get(url)
    await browser.send('/amazon_auth/logout', { method: 'POST' })
    expect(await browser.get(url)).toMatchObject({ location: EXPIRED })
    expect(exchanges()).toBe(1)
  })

  test('L13 the same return URL twice succeeds twice with one exchange', async () => {
    const browser = host.browser()
    const url = await returnOf(browser)
    expect(await browser.get(url)).toMatchObject({ status: 302, location: '/' })
    const session = browser.cookies.get('amazon-auth')
    expect(await browser.get(url)).toMatchObject({ status: 302, location: '/' })
    expect(browser.cookies.get('amazon-auth')).toBe(session)
    expect(exchanges()).toBe(1)
  })

  test('L13 a bare return URL twice succeeds twice with one exchange', async () => {
    const browser = host.browser()
    const path = `/amazon_auth?code=${bareCode()}&state=acme`
    await browser.get(path)
    expect(await browser.get(path)).toMatchObject({ status: 302, location: '/' })
    expect(exchanges()).toBe(1)
  })

  test('L13 ten hits at once succeed with one exchange', async () => {
    const browser = host.browser()
    const url = await returnOf(browser)
    const answers = await Promise.all(Array.from({ length: 10 }, () => browser.clone().get(url)))
    for (const answer of answers) expect(answer).toMatchObject({ status: 302, location: '/' })
    expect(exchanges()).toBe(1)
  })

  test('L13 ten hits at once of a bare return URL succeed with one exchange', async () => {
    const path = `/amazon_auth?code=${bareCode()}&state=acme`
    const answers = await Promise.all(Array.from({ length: 10 }, () => host.browser().get(path)))
    for (const answer of answers) expect(answer).toMatchObject({ status: 302, location: '/' })
    expect(exchanges()).toBe(1)
  })

  test('L37 a bar that came back encoded picks the same app', async () => {
    for (const state of ['acme%26%23124%3B1', 'acme%257C1', 'acme%7C1', 'acme|1']) {
      const browser = host.browser()
      await browser.get(`/amazon_auth?code=${bareCode()}&state=${state}`)
      expect((await browser.get('/acme')).status).toBe(200)
    }
  })

  test('L38 of twelve tabs the last five can finish, in any order, and the Cookie header stays small', async () => {
    const browser = host.browser()
    const urls: string[] = []
    for (let tab = 0; tab < 12; tab++) urls.push(await returnOf(browser))
    const header = Array.from(browser.cookies, ([name, value]) => `${name}=${value}`).join('; ')
    expect(browser.cookies.size).toBe(5)
    expect(header.length).toBeLessThan(4096)
    expect(await browser.get(urls[11] ?? '')).toMatchObject({ location: '/' })
    expect(await browser.get(urls[8] ?? '')).toMatchObject({ location: '/' })
    expect(await browser.get(urls[0] ?? '')).toMatchObject({ location: EXPIRED })
  })

  test('L38 long addresses to return to leave the Cookie header small', async () => {
    const browser = host.browser()
    for (let tab = 0; tab < 8; tab++) {
      await browser.get(`/amazon_auth?state=acme&returnto=/${'x'.repeat(500)}`)
    }
    const header = Array.from(browser.cookies, ([name, value]) => `${name}=${value}`).join('; ')
    expect(header.length).toBeLessThan(4096)
  })
})
