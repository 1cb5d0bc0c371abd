import { setTimeout as sleep } from 'node:timers/promises'

import type { Answer, Browser } from '../../support/browser'
import { startDeviceWorld, TV, type DeviceWorld } from './device-world'
import { ACME, ZENITH } from '../../support/host'

let world: DeviceWorld

beforeAll(async () => {
  world = await startDeviceWorld({
    options: {
      apps: {
        acme: {
          azAppId: ACME.clientId,
          azSecret: ACME.clientSecret,
          azDeviceAppId: TV.clientId,
          signinSuccess: '/home',
        },
        zenith: {
          azAppId: ZENITH.clientId,
          azSecret: ZENITH.clientSecret,
          signinSuccess: 'https://zenith.example/in?jwt=?',
          signinFailure: 'https://zenith.example/failed?cause=?',
        },
      },
    },
  })
})
afterAll(() => world.close())

const PAGE = '/amazon_auth/device?appid=acme'
const SCRIPT = { accept: 'application/json', 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' }

const codeIn = ({ body }: Answer) => /data-testid="user-code">([A-Z]{6})</.exec(body)?.[1] ?? ''
const whoAmI = async (browser: Browser) =>
  JSON.parse((await browser.get('/whoami')).body) as { isAuthenticated: boolean }
const stateOf = async (browser: Browser, page = PAGE) =>
  (JSON.parse((await browser.get(page, SCRIPT)).body) as { state: string }).state

async function allow(browser: Browser, page = PAGE): Promise<Answer> {
  const shown = await browser.get(page)
  world.emulator.allowDevice(codeIn(shown))
  await sleep(1_100)
  return browser.get(page)
}

test('a screen shows code, address and picture, under a policy that allows just its own script', async () => {
  const { status, body, headers, setCookies } = await world.browser().get(PAGE)
  expect(status).toBe(200)
  expect(body).toContain(`<bdi class="address" dir="ltr">${world.emulator.origin}/us/code</bdi>`)
  expect(body).toMatch(/<svg\s+class="qr"\s+role="img"/)
  expect(body).toContain('<noscript><meta http-equiv="refresh" content="1" /></noscript>')
  expect(headers['content-security-policy']).toMatch(
    /script-src 'sha256-[^']+'; connect-src 'self'/,
  )
  expect(headers['cache-control']).toBe('no-store')
  expect(setCookies).toHaveLength(1)
  expect(setCookies[0]).toMatch(/^amazon-login-device-[\w-]{8}=.*; HttpOnly; SameSite=Lax$/)
})

test('without a script it is loaded again until it is signed in, and then goes to the target of the app', async () => {
  const browser = world.browser()
  const first = await browser.get(PAGE)
  const second = await browser.get(PAGE)
  expect(codeIn(second)).toBe(codeIn(first))
  expect((await whoAmI(browser)).isAuthenticated).toBe(false)
  const done = await allow(browser)
  expect([done.status, done.location]).toEqual([302, '/home'])
  expect(await whoAmI(browser)).toMatchObject({
    isAuthenticated: true,
    app: { appIdentifier: 'acme' },
  })
})

test('the script is told when to load the page again, and signs nobody in by itself', async () => {
  const browser = world.browser()
  const shown = await browser.get(PAGE)
  expect(await stateOf(browser)).toBe('pending')
  world.emulator.allowDevice(codeIn(shown))
  await sleep(1_100)
  expect(await stateOf(browser)).toBe('changed')
  expect((await whoAmI(browser)).isAuthenticated).toBe(false)
  expect((await browser.get(PAGE)).location).toBe('/home')
  expect((await whoAmI(browser)).isAuthenticated).toBe(true)
})

test('a second tab goes where the first went, and after a sign-out shows a new code', async () => {
  const browser = world.browser()
  await allow(browser)
  expect(await stateOf(browser)).toBe('changed')
  expect((await browser.get(PAGE)).location).toBe('/home')
  await browser.send('/amazon_auth/logout', { method: 'POST', headers: { origin: world.origin } })
  expect(codeIn(await browser.get(PAGE))).toMatch(/^[A-Z]{6}$/)
})

test('two tabs that are loaded at the same time are one code, one sign-in and no error', async () => {
  const browser = world.browser()
  const shown = await browser.get(PAGE)
  world.emulator.allowDevice(codeIn(shown))
  await sleep(1_100)
  const tabs = await Promise.all([browser.get(PAGE), browser.clone().get(PAGE)])
  const statuses = tabs.map(({ status }) => status).sort((a, b) => a - b)
  expect(statuses).toEqual([200, 302])
})

test('a tab that was on its way while another was signed in waits for what that one got, and shows no new code', async () => {
  const browser = world.browser()
  const shown = await browser.get(PAGE)
  const late = browser.clone()
  world.emulator.allowDevice(codeIn(shown))
  await sleep(1_100)
  expect((await browser.get(PAGE)).location).toBe('/home')
  const answer = await late.get(PAGE)
  expect(codeIn(answer)).toBe(codeIn(shown))
  expect(answer.setCookies).toEqual([])
  expect(await stateOf(late)).toBe('pending')
  expect(await stateOf(browser)).toBe('changed')
})

test('a code of another browser signs this one in by no means', async () => {
  const attacker = world.browser()
  const shown = await attacker.get(PAGE)
  const victim = world.browser()
  await victim.get(PAGE)
  world.emulator.allowDevice(codeIn(shown))
  await sleep(1_100)
  expect((await victim.get(PAGE)).status).toBe(200)
  expect((await whoAmI(victim)).isAuthenticated).toBe(false)
  expect((await attacker.get(PAGE)).status).toBe(302)
})

test('a cookie of one app is worth nothing in another', async () => {
  const browser = world.browser()
  const shown = await browser.get(PAGE)
  const [[, value] = ['', '']] = Array.from(browser.cookies)
  await browser.get('/amazon_auth/device?appid=zenith')
  const names = Array.from(browser.cookies.keys())
  browser.cookies.set(names[1] ?? '', value)
  world.emulator.allowDevice(codeIn(shown))
  await sleep(1_100)
  expect((await browser.get('/amazon_auth/device?appid=zenith')).status).toBe(200)
})

test('an app whose target takes a token gets one', async () => {
  const { status, location } = await allow(world.browser(), '/amazon_auth/device?appid=zenith')
  expect(status).toBe(302)
  expect(location).toMatch(/^https:\/\/zenith\.example\/in\?jwt=ey/)
})

test('a person who says no ends at the target for failures, and the page begins anew', async () => {
  const browser = world.browser()
  const page = '/amazon_auth/device?appid=zenith'
  const shown = await browser.get(page)
  world.emulator.denyDevice(codeIn(shown))
  await sleep(1_100)
  const failed = await browser.get(page)
  expect(failed.location).toBe('https://zenith.example/failed?cause=Access%20denied.')
  expect(codeIn(await browser.get(page))).not.toBe(codeIn(shown))
})

test('an app without a target for failures shows a page that leads back to a new code', async () => {
  const browser = world.browser()
  const shown = await browser.get(PAGE)
  world.emulator.denyDevice(codeIn(shown))
  await sleep(1_100)
  expect((await browser.get(PAGE)).body).toContain('href="/amazon_auth/device?appid=acme"')
})

test('the page speaks the language of its browser, and passes it on to Amazon', async () => {
  world.emulator.journal.clear()
  const headers = { 'accept-language': 'de-DE,de;q=0.9' }
  const { body } = await world.browser().get(PAGE, headers)
  expect(body).toContain('<html lang="de"')
  expect(body).toContain('geben Sie diesen Code ein')
  const [asked] = world.emulator.journal.entries({ path: '/auth/o2/create/codepair' })
  expect(asked?.headers['accept-language']).toBe('de-DE,de;q=0.9')
})

test('an app that is not there has no page, and nothing is asked of Amazon', async () => {
  world.emulator.journal.clear()
  const { status, location } = await world.browser().get('/amazon_auth/device?appid=nobody')
  expect([status === 401 || location !== '', world.emulator.journal.count()]).toEqual([true, 0])
})

test('an expired code makes way for a new one, and the page says so', async () => {
  const short = await startDeviceWorld({ amazon: { codePairLifeSeconds: 1 } })
  try {
    const browser = short.browser()
    const first = await browser.get(PAGE)
    await sleep(1_100)
    expect(await stateOf(browser)).toBe('changed')
    const second = await browser.get(PAGE)
    expect(codeIn(second)).not.toBe(codeIn(first))
    expect(second.body).toContain('The code before has expired')
  } finally {
    await short.close()
  }
})
