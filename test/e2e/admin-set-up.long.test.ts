import type { Browser, Page } from 'playwright-core'

import { ROOT_SECRET, startAdminWorld, type AdminWorld } from '../support/admin-world'
import { findFaultsOfLooks } from '../support/axe'
import { describeInBrowser, launchChromium } from '../support/chromium'

describeInBrowser('the guide through the set-up of an app', () => {
  let world: AdminWorld
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium()
    world = await startAdminWorld()
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await world.close()
  })

  async function signIn(page: Page): Promise<void> {
    await page.goto(`${world.origin}/admin`)
    await page.getByLabel('Access key').fill('app:para')
    await page.getByLabel('Secret key').fill(ROOT_SECRET)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('**/admin/**')
  }

  const picture = async (page: Page, name: string): Promise<void> => {
    const folder = process.env.SCREENSHOTS
    if (folder !== undefined)
      await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
  }
  const state = (page: Page) => page.getByTestId('set-up-state').innerText()

  test('a new app with a wrong secret: doctor names it, it is mended, a try works, and the guide says done', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const said: string[] = []
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) said.push(message.text())
    })
    await signIn(page)
    await page.goto(`${world.origin}/admin/new-app`)
    await page.locator('#id').fill('bakery')
    await page.getByRole('button', { name: 'Create an app' }).click()
    const secret = await page.locator('#secret').innerText()
    expect(secret).toBe(world.secretOf('bakery'))
    await picture(page, 'keys')

    await page.getByRole('link', { name: 'Go on to the set-up guide' }).click()
    expect(await state(page)).toContain('Steps are left')
    expect(await page.locator('#return-address').innerText()).toBe(`${world.origin}/amazon_auth`)
    const address = await page.locator('#return-address').innerText()
    world.emulator.addClient({
      clientId: 'amzn1.application-oa2-client.7d41c0e9a25b4f6f8c3e1b90d2a7f564',
      clientSecret: 'amzn1.oa2-cs.v1.the-right-secret',
      allowedReturnUrls: [address],
    })
    const putKeys = async (secretKey: string): Promise<void> => {
      await page
        .locator('#az_app_id')
        .fill('amzn1.application-oa2-client.7d41c0e9a25b4f6f8c3e1b90d2a7f564')
      await page.locator('#az_secret').fill(secretKey)
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('The keys were saved.').waitFor()
    }
    await putKeys('amzn1.oa2-cs.v1.the-wrong-secret')
    expect(await page.locator('body').innerText()).toMatch(/Failure\s+credentials/)
    expect(await page.content()).not.toContain('the-wrong-secret')
    await picture(page, 'broken')

    await putKeys('amzn1.oa2-cs.v1.the-right-secret')
    expect(await page.locator('body').innerText()).not.toMatch(/Failure\s+credentials/)
    expect(await page.getByTestId('tried').innerText()).toContain('No try has worked')
    await page.getByTestId('try-it').click()
    await page.getByTestId('begin').click()
    await page.getByTestId('allow').click()
    await page.waitForURL('**/amazon_auth?**')
    expect(await page.locator('h1').innerText()).toBe('The sign-in to bakery works')

    await page.getByRole('link', { name: 'Back to the set-up guide' }).click()
    expect(await state(page)).toContain('Done')
    await picture(page, 'done')
    await page.goto(`${world.origin}/admin/apps/bakery/settings`)
    await page.getByLabel('Client id', { exact: true }).fill('amzn1.other')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.goto(`${world.origin}/admin/apps/bakery/setup`)
    expect(await state(page)).toContain('Steps are left')
    expect(said).toEqual([])
    await context.close()
  })

  test('a key that was made is not there any more after going on and back', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await signIn(page)
    await page.goto(`${world.origin}/admin/apps/acme/keys`)
    await page.getByRole('checkbox').check()
    await page.getByRole('button', { name: 'Make a new secret key' }).click()
    const secret = await page.locator('#secret').innerText()
    expect(secret).toBe(world.secretOf('acme'))
    await page.getByRole('link', { name: 'Go on to the set-up guide' }).click()
    await page.waitForURL('**/setup')
    await page.goBack().catch(() => null)
    // A browser asks whether to send the form once more.
    const shown = await page.content().catch(() => '')
    expect(shown).not.toContain(secret)
    expect(world.secretOf('acme')).toBe(secret)
    await context.close()
  })

  test.each([
    'apps',
    'new-app',
    'apps/zenith/settings',
    'apps/zenith/keys',
    'apps/zenith/danger',
    'apps/zenith/setup',
  ])('the page %s is clean to axe, in light, dark and narrow', async (path) => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await signIn(page)
    await page.goto(`${world.origin}/admin/${path}`)
    expect(await findFaultsOfLooks(page)).toEqual([])
    await picture(page, path.replaceAll('/', '-'))
    await context.close()
  })

  test('settings are saved without JavaScript, on a phone', async () => {
    const plain = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 360, height: 740 },
    })
    const other = await plain.newPage()
    await signIn(other)
    await other.goto(`${world.origin}/admin/apps/zenith/settings`)
    await other.getByLabel('After signing in').fill('/in?jwt=id')
    await other.getByRole('button', { name: 'Save' }).click()
    expect(await other.locator('.notice.good').innerText()).toContain('Saved.')
    expect(await other.getByLabel('After signing in').inputValue()).toBe('/in?jwt=id')
    await plain.close()
  })
})
