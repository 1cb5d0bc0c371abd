import type { Browser, Page } from 'playwright-core'

import { createClient } from '../../src/client'
import { describeInBrowser, launchChromium } from '../support/chromium'
import { ACME, startHost, type Host } from '../support/host'

const ROOT_SECRET = 'the-root-secret-of-the-try-pages-0123456789'

describeInBrowser('a link to try the sign-in', () => {
  let host: Host
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium()
    host = await startHost({
      options: {
        rootSecretKey: ROOT_SECRET,
        apps: {
          acme: {
            azAppId: ACME.clientId,
            azSecret: ACME.clientSecret,
            signinSuccess: '/in?jwt=id',
            claims: { displayName: 'name', identityProvider: { value: 'amazon.com' } },
          },
          wrong: { azAppId: ACME.clientId, azSecret: 'not-the-secret-of-acme' },
        },
        hooks: { mapProfile: ({ name = '' }) => ({ name: name.toUpperCase() }) },
      },
    })
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await host.close()
  })

  async function allowIn(page: Page, app: string): Promise<void> {
    const root = { accessKey: 'app:para', secretKey: ROOT_SECRET }
    const { url } = await createClient({ url: host.origin, ...root }).tryLink({ app })
    await page.goto(url)
    await page.getByTestId('begin').click()
    await page.getByTestId('allow').click()
    await page.waitForURL('**/amazon_auth?**')
  }

  const picture = async (page: Page, name: string): Promise<void> => {
    const folder = process.env.SCREENSHOTS
    if (folder !== undefined)
      await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
  }

  test('without JavaScript, on a phone, shows what a login would come to, and is as wide as the phone', async () => {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 360, height: 740 },
    })
    const page = await context.newPage()
    await allowIn(page, 'acme')
    expect(await page.locator('h1').innerText()).toBe('The sign-in to acme works')
    expect(await page.locator('body').innerText()).toContain('identityProvider')
    await picture(page, 'phone')
    const cookies = await context.cookies()
    expect(cookies.map(({ name }) => name).filter((name) => !name.includes('login'))).toEqual([])
    await context.close()
  })

  test('breaks no policy of its pages, and nothing is wider than they are', async () => {
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      locale: 'de',
    })
    const page = await context.newPage()
    const problems: string[] = []
    page.on('console', (message) => problems.push(message.text()))
    await allowIn(page, 'wrong')
    expect(await page.locator('h1').innerText()).toBe('Die Anmeldung bei wrong schlägt fehl')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    expect(problems).toEqual([])
    await picture(page, 'failure')
    await page.reload()
    await picture(page, 'reloaded')
    await context.close()
  })
})
