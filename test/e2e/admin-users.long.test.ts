import { join } from 'node:path'

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

import { startUsersWorld, type UsersWorld } from '../integration/admin/users-world'
import { findFaultsOfLooks } from '../support/axe'
import { describeInBrowser, launchChromium } from '../support/chromium'
import { ACME } from '../support/host'

const ODD_NAMES = ['\u202Etxt.exe', '\u200B', '', '<b>bold</b>', '👩‍👩‍👧 العربية', 'W'.repeat(256)]

/** How screenshots are taken, where SCREENSHOTS names a folder for them. */
const SHOTS = [
  [1280, 'light'],
  [1280, 'dark'],
  [360, 'light'],
] as const

describeInBrowser('pages about users', () => {
  let world: UsersWorld
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium()
    const acme = { azAppId: ACME.clientId, azSecret: ACME.clientSecret, signinSuccess: '/whoami' }
    world = await startUsersWorld({ options: { apps: { acme } } })
    world.add(...ODD_NAMES.map((name, at) => ({ id: String(at + 1), name })))
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await world.close()
  })

  async function operate(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage()
    await page.goto(`${world.origin}/admin/sign-in`)
    await page.locator('#access_key').fill('app:acme')
    await page.locator('#secret_key').fill(world.secretOf('acme'))
    await page.locator('main form button').click()
    await page.waitForURL('**/admin/apps/acme')
    await page.goto(`${world.origin}/admin/apps/acme/users`)
    return page
  }

  async function signIn(page: Page): Promise<void> {
    await page.goto(`${world.origin}/amazon_auth?state=acme`)
    await page.getByTestId('allow').click()
  }

  test.each([true, false])(
    'a person is found and locked, and that ends the session and refuses the next sign-in; JavaScript: %s',
    async (javaScriptEnabled) => {
      const person = await (await browser.newContext()).newPage()
      await signIn(person)
      await person.waitForURL('**/whoami')
      expect(await person.locator('body').innerText()).toContain('"isAuthenticated":true')
      const [row] = world.store.rows(`SELECT name FROM users WHERE identifier LIKE 'az:amzn1%'`)

      const page = await operate({ javaScriptEnabled })
      await page.locator('#q').fill(String(row?.name).toUpperCase())
      await page.getByRole('button', { name: 'Search' }).click()
      await page.getByRole('link', { name: String(row?.name) }).click()
      await page.getByRole('link', { name: 'Lock', exact: true }).click()
      await page.getByText('the next sign-in is refused').waitFor()
      await page.getByRole('button', { name: 'Lock' }).click()
      await page.getByText('The user is locked.').waitFor()
      await page.getByText('User locked').first().waitFor()

      await person.reload()
      expect(await person.locator('body').innerText()).toContain('"isAuthenticated":false')
      await signIn(person)
      await person.waitForURL('**/failed?cause=*')

      await page.getByRole('link', { name: 'Unlock' }).click()
      await page.getByRole('button', { name: 'Unlock' }).click()
      await page.getByText('The user is unlocked.').waitFor()
      await person.goto(`${world.origin}/whoami`)
      expect(await person.locator('body').innerText()).toContain('"isAuthenticated":false')
      await signIn(person)
      await person.waitForURL('**/whoami')
      await person.context().close()
      await page.context().close()
    },
  )

  test('many users are picked with one tick, and the page tells by itself how far it is', async () => {
    world.addMany(1000, 400)
    const page = await operate()
    const problems: string[] = []
    page.on('console', (message) => problems.push(message.text()))
    page.on('pageerror', (error) => problems.push(error.message))
    await page.locator('#q').fill('many')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.locator('[data-pick-all]').check()
    expect(await page.locator('input[name=id]:checked').count()).toBe(50)
    await page.locator('#action').selectOption('sign_out')
    await page.getByRole('button', { name: 'To all that match' }).click()
    await page.getByText('Users to be signed out everywhere: 400').waitFor()
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await page.getByText('It is done.').waitFor()
    await page.getByText('Changed: 400').waitFor()
    expect(await page.getByText('Look again').count()).toBe(0)
    expect(problems).toEqual([])
    await page.context().close()
  })

  describe('axe finds nothing, light and dark, on a desk and a telephone', () => {
    let page: Page
    let users: string
    beforeAll(async () => {
      page = await operate()
      users = page.url()
    }, 60_000)
    afterAll(() => page.context().close())

    async function look(name: string): Promise<void> {
      expect(await findFaultsOfLooks(page)).toEqual([])
      const { SCREENSHOTS: folder } = process.env
      if (folder === undefined) return
      for (const [width, colorScheme] of SHOTS) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 900 })
        const path = join(folder, `${name}-${width}-${colorScheme}.png`)
        await page.screenshot({ path, fullPage: true })
      }
    }

    test('on the list', async () => {
      await page.goto(users)
      await look('users')
    }, 60_000)

    test('on a user of a very long name', async () => {
      world.store.run(`UPDATE users SET profile = '{"postal_code":"12345"}' WHERE id = '6'`)
      await page.goto(`${users}/6`)
      await look('user')
    }, 60_000)

    test('on the question whether to delete, wrongly answered', async () => {
      await page.goto(`${users}/6/delete`)
      await page.locator('#typed').fill('wrong')
      await page.getByRole('button', { name: 'Delete' }).click()
      await page.getByText('neither the name nor the id').waitFor()
      await look('user-delete')
    }, 60_000)

    test('on a change of many users that waits', async () => {
      await page.goto(users)
      await page.locator('#action').selectOption('delete')
      await page.getByRole('button', { name: 'To all users of the app' }).click()
      await page.getByText('Users to be deleted').waitFor()
      await look('bulk')
    }, 60_000)

    test('on a list of ids that has none', async () => {
      await page.goto(`${users}/bulk`)
      await page.locator('#ids').fill(' ')
      await page.getByRole('button', { name: 'To these' }).click()
      await page.getByText('There is no id of a user').waitFor()
      await look('bulks')
    }, 60_000)
  })
})
