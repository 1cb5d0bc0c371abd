import { claimsOf } from '../../support/api'
import type { Browser } from '../../support/browser'
import { startHost, ZENITH, type Host } from '../../support/host'

let host: Host
beforeAll(async () => {
  host = await startHost()
})
afterAll(() => host.close())

const BEGIN = '/amazon_auth?state=zenith'
const tokenIn = (location: string): string => new URL(location).searchParams.get('jwt') ?? ''

async function nonceAfter(begin: string, browser: Browser = host.browser()): Promise<unknown> {
  const { location } = await host.signIn(browser, begin)
  return claimsOf(tokenIn(location)).nonce
}

describe('a login that was begun with a nonce', () => {
  test('puts it into its ID token, and a login without one has none', async () => {
    const browser = host.browser()
    expect(await nonceAfter(`${BEGIN}&nonce=n-0S6_WzA2Mj`, browser)).toBe('n-0S6_WzA2Mj')
    expect(await nonceAfter(BEGIN, browser)).toBeUndefined()
    expect(await nonceAfter(`${BEGIN}&nonce=`, browser)).toBeUndefined()
  })

  test('keeps to it when its return URL is opened again', async () => {
    const browser = host.browser()
    const begun = await browser.get(`${BEGIN}&nonce=twice`)
    const back = await host.emulator.allow(begun.location)
    const both = [await browser.get(back), await browser.get(back)]
    expect(both.map(({ location }) => claimsOf(tokenIn(location)).nonce)).toEqual([
      'twice',
      'twice',
    ])
  })

  test('is begun with 128 characters of printable ASCII at most', async () => {
    const most = `${'+/='.repeat(42)}ab`
    expect(await nonceAfter(`${BEGIN}&nonce=${encodeURIComponent(most)}`)).toBe(most)
    for (const odd of [`${most}c`, 'a b', 'ä', 'a%00', '1&nonce=2']) {
      const refused = await host.browser().get(`${BEGIN}&nonce=${odd}`)
      expect(refused.location).toBe('https://zenith.example/failed?cause=Bad%20credentials.')
    }
  })
})

test('a nonce on the way back, and one of a bare state, puts nothing into the token', async () => {
  const browser = host.browser()
  const begun = await browser.get(`${BEGIN}&nonce=mine`)
  const back = await host.emulator.allow(begun.location)
  const landed = await browser.get(`${back}&nonce=theirs`)
  expect(claimsOf(tokenIn(landed.location)).nonce).toBe('mine')
  const redirectUri = `${host.origin}/amazon_auth`
  const code = host.emulator.issueCode({ clientId: ZENITH.clientId, redirectUri })
  const bare = await host.browser().get(`/amazon_auth?state=zenith&code=${code}&nonce=theirs`)
  expect(claimsOf(tokenIn(bare.location))).toMatchObject({ appid: 'app:zenith' })
  expect(claimsOf(tokenIn(bare.location)).nonce).toBeUndefined()
})
