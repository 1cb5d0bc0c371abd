import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import type { Browser, Page } from 'playwright-core'

import { createClient } from '../../src/client'
import { answerPage } from '../../src/http/answer'
import { homePage } from '../../src/pages/home-page'
import { notFoundPage } from '../../src/pages/not-found-page'
import { outagePage } from '../../src/pages/outage-page'
import { signinPage } from '../../src/pages/signin-page'
import { EN } from '../../src/pages/texts/en'
import { startDeviceWorld, TV, type DeviceWorld } from '../integration/device/device-world'
import { Workplace, type Listening } from '../integration/server/command-line'
import { findFaultsOfLooks, LOOKS } from '../support/axe'
import { describeInBrowser, launchChromium } from '../support/chromium'
import { ACME } from '../support/host'

/** Where pictures are put, to be looked at; undefined: none are taken. */
const PICTURES = process.env.SCREENSHOTS
const ROOT_SECRET = 'the-root-secret-of-the-looks-0123456789'
const ME = { app: { name: 'Acme' }, user: { name: 'Ada Lindqvist' } }

/** Pages that are made of nothing but texts and names. */
const PLAIN = {
  '/plain/signed-in': homePage(ME, { signsIn: true, operators: 'admin' }, EN),
  '/plain/signed-out': signinPage(true, EN),
  '/plain/elsewhere': signinPage(false, EN),
  '/plain/not-found': notFoundPage(EN),
  '/plain/outage': outagePage('wentWrong', EN),
}

describeInBrowser('every page, light and dark, on a desk and on a telephone', () => {
  let place: Workplace
  let demo: Listening
  let world: DeviceWorld
  let browser: Browser
  let page: Page
  let complaints: string[]

  beforeAll(async () => {
    if (PICTURES !== undefined) mkdirSync(PICTURES, { recursive: true })
    place = new Workplace()
    browser = await launchChromium()
    // The same for all pages: each context would start a process of its own.
    page = await browser.newPage({ locale: 'en' })
    page.on('console', (message) => complaints.push(message.text()))
    demo = await place.listen(['demo', '--port', '0', '--emulator-port', '0'])
    const keys = { azAppId: ACME.clientId, azSecret: ACME.clientSecret }
    world = await startDeviceWorld({
      options: {
        rootSecretKey: ROOT_SECRET,
        apps: {
          acme: { ...keys, azDeviceAppId: TV.clientId, signinSuccess: '/in?jwt=id' },
          wrong: { ...keys, azSecret: 'not-the-secret-of-acme' },
        },
      },
      after(app) {
        for (const [path, plain] of Object.entries(PLAIN)) {
          app.get(path, (_req, res) => answerPage(res, 200, plain))
        }
      },
    })
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await world.close()
    await place.clear()
  })
  beforeEach(async () => {
    await page.context().clearCookies()
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize({ width: 1280, height: 900 })
    complaints = []
  })

  async function signIn(app: 'acme' | 'zenith'): Promise<void> {
    await page.getByTestId(`${app}-sign-in`).getByRole('link').click()
    await page.getByTestId('person-1').click()
    await page.getByTestId('allow').click()
    await page.waitForURL(`${demo.origin}/#${app}`)
  }

  async function tryLink(app: string): Promise<string> {
    const root = { accessKey: 'app:para', secretKey: ROOT_SECRET }
    const { url } = await createClient({ url: world.origin, ...root }).tryLink({ app })
    return url
  }

  async function tryOut(app: string): Promise<void> {
    await page.goto(await tryLink(app))
    await page.getByTestId('begin').click()
    await page.getByTestId('allow').click()
    await page.waitForURL('**/amazon_auth?**')
  }

  const visit = (path: string) => () => page.goto(new URL(path, world.origin).href)
  const atEmulator = (path: string) => () => page.goto(new URL(path, world.emulator.origin).href)

  const PAGES: Readonly<Record<string, () => Promise<unknown>>> = {
    'the demo, nobody signed in': () => page.goto(demo.origin),
    'the demo, both signed in': async () => {
      await page.goto(demo.origin)
      await signIn('acme')
      await signIn('zenith')
      for (const summary of await page.locator('summary').all()) await summary.click()
    },
    'the demo, a sign-in cancelled': async () => {
      await page.goto(demo.origin)
      await page.getByTestId('acme-sign-in').getByRole('link').click()
      await page.getByTestId('cancel').click()
      await page.getByTestId('cause').waitFor()
    },
    'the emulator': atEmulator('/'),
    'the emulator, where one allows': visit('/amazon_auth?appid=acme'),
    'the emulator, a request it refuses': atEmulator('/ap/oa?client_id=nobody&scope=profile'),
    'the emulator, where a code is typed': atEmulator('/us/code'),
    'the emulator, a code that is none': atEmulator('/us/code?user_code=ABCDEF'),
    'the emulator, apps that are allowed': async () => {
      await tryOut('acme')
      await atEmulator('/ap/adam')()
    },
    'a person is signed in': visit('/plain/signed-in'),
    'nobody is signed in': visit('/plain/signed-out'),
    'nobody can sign in here': visit('/plain/elsewhere'),
    'there is no such page': visit('/plain/not-found'),
    'something went wrong': visit('/plain/outage'),
    'a sign-in was declined': async () => {
      await visit('/amazon_auth?appid=acme')()
      await page.getByTestId('cancel').click()
      await page.waitForURL(/error=access_denied/)
    },
    'a device waits': visit('/amazon_auth/device?appid=acme'),
    'a sign-in may be tried': async () => page.goto(await tryLink('acme')),
    'a sign-in was tried, and works': () => tryOut('acme'),
    'a sign-in was tried, and fails': () => tryOut('wrong'),
    'a link to try is over': visit('/amazon_auth/try?link=nothing'),
  }

  test.each(Object.keys(PAGES))(
    '%s: axe finds nothing, and nothing is wider than the page',
    async (name) => {
      await PAGES[name]?.()
      const faults = await findFaultsOfLooks(page)
      await shoot(name)
      expect(faults).toEqual([])
      expect(complaints.filter((text) => !/status of 4\d\d/.test(text))).toEqual([])
    },
  )

  async function shoot(name: string): Promise<void> {
    if (PICTURES === undefined) return
    for (const { colorScheme, width } of LOOKS) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'no-preference' })
      await page.setViewportSize({ width, height: 800 })
      const file = `looks-${name.replace(/\W+/g, '-')}-${colorScheme}-${width}.png`
      await page.screenshot({ path: join(PICTURES, file), fullPage: true })
    }
  }
})
