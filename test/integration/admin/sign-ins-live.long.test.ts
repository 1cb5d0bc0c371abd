import type { Browser } from 'playwright-core'

import { startAdminWorld, type AdminWorld } from '../../support/admin-world'
import { findFaultsOfLooks } from '../../support/axe'
import { describeInBrowser, launchChromium } from '../../support/chromium'

jest.setTimeout(120_000)

describeInBrowser('sign-ins in a browser', () => {
  let world: AdminWorld
  let chromium: Browser
  beforeAll(async () => {
    world = await startAdminWorld()
    chromium = await launchChromium()
    await world.signIn(world.browser(), '/amazon_auth?state=acme')
  })
  afterAll(async () => {
    await chromium.close()
    await world.close()
  })

  async function open(path: string, javaScriptEnabled = true) {
    const page = await chromium.newPage({ baseURL: world.origin, javaScriptEnabled })
    await page.goto('/admin/sign-in')
    await page.fill('#access_key', 'app:para')
    await page.fill('#secret_key', world.secretOf('para'))
    await page.click('main button')
    await page.goto(`/admin${path}`)
    return page
  }

  test('one is seen as it comes, without a reload, until the page stops to follow', async () => {
    const page = await open('/apps/acme/sign-ins')
    const rows = page.locator('#sign-ins tbody tr')
    const before = await rows.count()
    await page.click('#live')
    await page.locator('#live-state', { hasText: 'Live.' }).waitFor()
    await world.browser().get('/amazon_auth?error=access_denied&state=acme')
    const failed = page.locator('#sign-ins tbody tr:first-child', { hasText: 'access_denied' })
    await failed.waitFor()
    await failed.locator('summary').click()
    await failed.getByText('The person declined on the consent page.').waitFor()
    expect(await rows.count()).toBeGreaterThan(before)
    expect(await findFaultsOfLooks(page)).toEqual([])
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.click('#live')
    expect(await page.textContent('#live-state')).toBe('')
    await page.close()
  })

  test('without JavaScript there is a link to load it anew, and no switch', async () => {
    const page = await open('/sign-ins?outcome=failure', false)
    expect(await page.isVisible('#live')).toBe(false)
    await page.getByRole('link', { name: 'Refresh' }).click()
    expect(new URL(page.url()).search).toBe('?outcome=failure')
    await page.selectOption('#outcome', 'success')
    await page.getByRole('button', { name: 'Show' }).click()
    expect(new URL(page.url()).searchParams.get('outcome')).toBe('success')
    expect(await page.locator('#sign-ins tbody tr').count()).toBe(1)
    await page.close()
  })

  test('the page of changes has nothing that axe finds', async () => {
    const page = await open('/changes')
    expect(await findFaultsOfLooks(page)).toEqual([])
    await page.close()
  })
})
