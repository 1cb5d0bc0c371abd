import type { Browser as Chromium, Page } from 'playwright-core'

import { startAdminWorld, type AdminWorld } from '../../support/admin-world'
import { findFaultsOfLooks } from '../../support/axe'
import { describeInBrowser, launchChromium } from '../../support/chromium'
import { fillFigures } from './fill-figures'

describeInBrowser('the overviews in a browser', () => {
  let world: AdminWorld
  let chromium: Chromium
  beforeAll(async () => {
    world = await startAdminWorld()
    await fillFigures(world.store.url, 'acme')
    chromium = await launchChromium()
  })
  afterAll(async () => {
    await chromium.close()
    await world.close()
  })

  test.each(['/?period=month', '/apps/acme?period=hour', '/apps/acme?period=day', '/apps/keyless'])(
    'axe finds nothing on %s, light and dark, on a desk and on a telephone',
    async (path) => {
      const context = await chromium.newContext({ javaScriptEnabled: true })
      const page = await context.newPage()
      await page.goto(`${world.origin}/admin/sign-in`)
      await page.fill('[name=access_key]', 'app:para')
      await page.fill('[name=secret_key]', world.secretOf('para'))
      await page.click('main form button')
      await page.goto(`${world.origin}/admin${path}`)
      for (const details of await page.locator('details').all()) await details.click()
      expect(await findFaultsOfLooks(page)).toEqual([])
      if (process.env.SHOTS !== undefined) await shoot(page, path)
      await context.close()
    },
    120_000,
  )
})

/** Pictures to look at, into a folder that `SHOTS` names. */
async function shoot(page: Page, path: string): Promise<void> {
  await page.reload()
  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 900 })
    const name = `${path.replace(/\W+/g, '_')}-${colorScheme}-${width}.png`
    await page.screenshot({ path: `${process.env.SHOTS}/${name}`, fullPage: true })
  }
}
