import type { Browser, Page } from 'playwright-core'

import { ADMIN_ROUTES } from '../../src/http/admin/admin-routes'
import { verifyWebhook } from '../../src/client'
import { ROOT_SECRET, startAdminWorld, type AdminWorld } from '../support/admin-world'
import { describeInBrowser, launchChromium } from '../support/chromium'
import { startReceiver, type Receiver } from '../support/receiver'

const CLIENT = {
  clientId: 'amzn1.application-oa2-client.7d41c0e9a25b4f6f8c3e1b90d2a7f564',
  clientSecret: 'amzn1.oa2-cs.v1.the-right-secret',
}

jest.setTimeout(120_000)

describeInBrowser('an operator', () => {
  let world: AdminWorld
  let browser: Browser
  let receiver: Receiver

  beforeAll(async () => {
    browser = await launchChromium()
    receiver = await startReceiver()
    world = await startAdminWorld({ options: { webhooks: { allowPrivate: 'loopback' } } })
  })
  afterAll(async () => {
    await browser.close()
    await world.close()
    await receiver.close()
  })

  async function open(app = 'para', secret = ROOT_SECRET): Promise<Page> {
    const page = await browser.newPage({ baseURL: world.origin })
    await page.goto('/admin')
    await page.getByLabel('Access key').fill(`app:${app}`)
    await page.getByLabel('Secret key').fill(secret)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('**/admin/**')
    return page
  }
  async function signIn(page: Page): Promise<void> {
    await page.goto('/amazon_auth?state=bakery')
    await page.getByTestId('allow').click()
  }
  async function putKeys(page: Page, secret: string): Promise<void> {
    await page.locator('#az_app_id').fill(CLIENT.clientId)
    await page.locator('#az_secret').fill(secret)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The keys were saved.').waitFor()
  }

  test('makes an app, mends it by what doctor says, sees a person sign in, locks them, and hears of it by a webhook', async () => {
    const page = await open()
    await page.getByRole('link', { name: 'Apps', exact: true }).click()
    await page.goto('/admin/new-app')
    await page.locator('#id').fill('bakery')
    await page.getByRole('button', { name: 'Create an app' }).click()
    await page.getByRole('link', { name: 'Go on to the set-up guide' }).click()
    const returnAddress = await page.locator('#return-address').innerText()
    world.emulator.addClient({ ...CLIENT, allowedReturnUrls: [returnAddress] })

    await putKeys(page, 'amzn1.oa2-cs.v1.the-wrong-secret')
    await page.getByText(/Failure\s+credentials/).waitFor()
    await putKeys(page, CLIENT.clientSecret)
    await page.getByTestId('try-it').click()
    await page.getByTestId('begin').click()
    await page.getByTestId('allow').click()
    await page.getByText('The sign-in to bakery works').waitFor()

    await page.goto('/admin/apps/bakery/settings')
    await page.getByLabel('After signing in').fill('/whoami')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()

    await page.getByRole('link', { name: 'Webhooks' }).click()
    await page.getByLabel('Address').fill(receiver.url)
    for (const box of await page.getByRole('checkbox').all()) await box.check()
    await page.getByRole('button', { name: 'Add it' }).click()
    const secret = await page.locator('#secret').inputValue()

    const live = await open()
    await live.goto('/admin/apps/bakery/sign-ins')
    await live.click('#live')
    await live.locator('#live-state', { hasText: 'Live.' }).waitFor()
    const person = await browser.newPage({ baseURL: world.origin })
    await signIn(person)
    await person.waitForURL('**/whoami')
    await live.locator('#sign-ins tbody tr').first().waitFor()

    await page.goto('/admin/apps/bakery')
    await page.locator('figure, .figure', { hasText: '1' }).first().waitFor()
    expect(await page.locator('main').innerText()).toMatch(/\b1\s+Signed in/)

    const [user] = world.store.rows("SELECT id, name FROM users WHERE app_id = 'bakery'")
    await live.locator('#sign-ins tbody tr', { hasText: String(user?.name) }).waitFor()
    await page.getByRole('link', { name: 'Users', exact: true }).click()
    await page.getByRole('link', { name: String(user?.name) }).click()
    await page.getByRole('link', { name: 'Lock', exact: true }).click()
    await page.getByRole('button', { name: 'Lock' }).click()
    await page.getByText('The user is locked.').waitFor()
    await person.reload()
    expect(await person.locator('body').innerText()).toContain('"isAuthenticated":false')
    await signIn(person)
    await person.waitForURL('**/failed?cause=*')
    await live.locator('#sign-ins tbody tr', { hasText: 'account_locked' }).first().waitFor()

    const hooks = await receiver.wait(4)
    expect(hooks.map(({ type }) => type)).toEqual([
      'user.created',
      'user.signed_in',
      'user.locked',
      'login.failed',
    ])
    for (const { headers, body } of hooks) {
      expect(() => verifyWebhook(headers, body, secret)).not.toThrow()
    }
    expect(hooks[2]?.data.user).toMatchObject({ id: user?.id, active: false })

    await page.goto('/admin/apps/bakery/changes')
    const changes = await page.locator('main').innerText()
    expect(changes).not.toContain(CLIENT.clientSecret)
    expect(changes).not.toContain(secret)
    for (const opened of [page, live, person]) await opened.close()
  })

  test('of one app sees nothing of another, at any page or call', async () => {
    const operator = await world.operator('zenith')
    const names = new Map([['app', 'acme']])
    const seen: string[] = []
    for (const { path, method } of ADMIN_ROUTES) {
      const there = path.replace(/:(\w+)/g, (_part, name: string) => names.get(name) ?? '1')
      const answer =
        method === 'GET'
          ? await operator.get(there)
          : await operator.post(there, {}, '/apps/zenith/keys')
      // Their own first page is the one of their app.
      const isHome = path === '/' && answer.status === 302
      if (answer.status !== 404 && !isHome) seen.push(`${method} ${there}: ${answer.status}`)
      expect(answer.body).not.toContain('acme</')
    }
    expect(seen).toEqual([])
    expect(ADMIN_ROUTES.length).toBeGreaterThan(30)
  })
})
