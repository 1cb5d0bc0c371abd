import { setTimeout as sleep } from 'node:timers/promises'

import type { Browser, Page } from 'playwright-core'

import { startDeviceWorld, TV, type DeviceWorld } from '../integration/device/device-world'
import { describeInBrowser, launchChromium } from '../support/chromium'
import { ACME } from '../support/host'

describeInBrowser('a kiosk', () => {
  let world: DeviceWorld
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium()
    world = await startDeviceWorld({
      options: {
        apps: {
          acme: {
            azAppId: ACME.clientId,
            azSecret: ACME.clientSecret,
            azDeviceAppId: TV.clientId,
            signinSuccess: '/whoami',
          },
        },
      },
    })
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await world.close()
  })

  const open = async (page: Page): Promise<string> => {
    await page.goto(`${world.origin}/amazon_auth/device?appid=acme`)
    return page.getByTestId('user-code').innerText()
  }

  /** Types the code at Amazon, as a person does on a phone. */
  async function allowOnPhone(code: string): Promise<void> {
    const phone = await browser.newContext()
    const page = await phone.newPage()
    await page.goto(`${world.emulator.origin}/us/code`)
    await page.getByTestId('user-code').fill(code)
    await page.getByTestId('continue').click()
    await page.getByTestId('allow').click()
    await page.getByTestId('done').waitFor()
    await phone.close()
  }

  test('counts down, and signs itself in when a person has typed its code on a phone', async () => {
    const kiosk = await browser.newContext()
    const page = await kiosk.newPage()
    const problems: string[] = []
    page.on('console', (message) => problems.push(message.text()))
    const code = await open(page)
    await page.getByText('9:5').waitFor()
    expect(problems).toEqual([])
    if (process.env.SCREENSHOT !== undefined) {
      await page.screenshot({ path: process.env.SCREENSHOT })
    }
    await allowOnPhone(code)
    await page.waitForURL('**/whoami')
    expect(await page.locator('body').innerText()).toContain('"isAuthenticated":true')
    await kiosk.close()
  })

  test.each([
    { width: 3840, height: 2160 },
    { width: 1920, height: 1080 },
    { width: 1280, height: 720 },
    { width: 960, height: 540 },
    { width: 800, height: 480 },
  ])('shows all of it at $width × $height, large enough for a room', async (viewport) => {
    const kiosk = await browser.newContext({ viewport, locale: 'fr-FR' })
    const page = await kiosk.newPage()
    await open(page)
    const shown = await page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement
      const code = document.querySelector('[data-testid=user-code]')?.getBoundingClientRect()
      return { width: scrollWidth, height: scrollHeight, code: code?.height ?? 0 }
    })
    expect(shown).toMatchObject(viewport)
    expect(shown.code).toBeGreaterThan(viewport.height * 0.09)
    await kiosk.close()
  })

  test('in two tabs shows one code, and both go on', async () => {
    const kiosk = await browser.newContext()
    const tabs = [await kiosk.newPage(), await kiosk.newPage()] as const
    const code = await open(tabs[0])
    expect(await open(tabs[1])).toBe(code)
    await allowOnPhone(code)
    for (const tab of tabs) await tab.waitForURL('**/whoami')
    await kiosk.close()
  })

  test('without JavaScript is loaded again until it is signed in', async () => {
    const kiosk = await browser.newContext({ javaScriptEnabled: false })
    const page = await kiosk.newPage()
    await allowOnPhone(await open(page))
    await page.waitForURL('**/whoami')
    await kiosk.close()
  })

  test('whose server is away for a while goes on with the same code', async () => {
    const kiosk = await browser.newContext()
    const page = await kiosk.newPage()
    const code = await open(page)
    await kiosk.setOffline(true)
    await sleep(2_500)
    expect(await page.getByTestId('user-code').innerText()).toBe(code)
    await kiosk.setOffline(false)
    await allowOnPhone(code)
    await page.waitForURL('**/whoami')
    await kiosk.close()
  })
})
