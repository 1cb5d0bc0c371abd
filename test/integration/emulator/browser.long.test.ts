import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { DEMO_CLIENTS, PEOPLE, startEmulator, type Emulator } from '../../../src/emulator'
import { describeInBrowser, launchChromium } from '../../support/chromium'

const { clientId, clientSecret } = DEMO_CLIENTS[0]
const app = createServer((_req, res) => void res.end('<!doctype html><h1>The app</h1>'))
let emulator: Emulator
let browser: Browser
let redirectUri: string

describeInBrowser('the pages in a browser', () => {
  beforeAll(async () => {
    await new Promise<void>((resolve) => void app.listen(0, '127.0.0.1', resolve))
    redirectUri = `http://127.0.0.1:${(app.address() as AddressInfo).port}/amazon_auth?from=demo`
    emulator = await startEmulator({
      clients: [{ clientId, clientSecret, allowedReturnUrls: [redirectUri], name: 'Demo books' }],
    })
    browser = await launchChromium()
  }, 60_000)

  afterAll(async () => {
    await browser.close()
    await emulator.close()
    app.close()
  })

  async function openPage(options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    return browser.newPage(options)
  }

  function consentUrl(scope = 'profile postal_code'): string {
    const query = { client_id: clientId, scope, response_type: 'code', redirect_uri: redirectUri }
    return `${emulator.authorizeUrl}?${new URLSearchParams({ ...query, state: 'demo~1' }).toString()}`
  }

  test.each([true, false])(
    'a person picked and allowed comes back to the app with a code, JavaScript on: %s',
    async (javaScriptEnabled) => {
      const page = await openPage({ javaScriptEnabled })
      await page.goto(consentUrl())
      await page.getByTestId('person-2').click()
      await page.getByTestId('allow').click()

      await page.waitForURL(`${redirectUri}**`)
      const landed = new URL(page.url())
      expect(landed.searchParams.get('code')).toMatch(/^[A-Za-z0-9]{20}$/)
      expect(landed.searchParams.get('from')).toBe('demo')
      expect(landed.searchParams.get('state')).toBe('demo~1')
      expect(await page.textContent('h1')).toBe('The app')
      await page.close()
    },
  )

  test('Cancel by keyboard comes back to the app with access_denied', async () => {
    const page = await openPage()
    await page.goto(consentUrl())
    await page.getByTestId('cancel').press('Enter')
    await page.waitForURL(/error=access_denied/)
    expect(new URL(page.url()).searchParams.has('code')).toBe(false)
    await page.close()
  })

  test('each person is a labelled radio and the first is chosen', async () => {
    const page = await openPage()
    await page.goto(consentUrl())
    const radios = page.getByRole('radio')
    expect(await radios.count()).toBe(PEOPLE.length)
    expect(await page.getByRole('radio', { name: /^Ada Lindqvist/ }).isChecked()).toBe(true)
    expect(await page.getByRole('group', { name: 'Who signs in?' }).isVisible()).toBe(true)
    await page.close()
  })

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['light', 320],
  ] as const)(
    'the pages keep their own style under their policy and fit a %s screen of %i px',
    async (colorScheme, width) => {
      const page = await openPage({ colorScheme, viewport: { width, height: 900 } })
      const complaints: string[] = []
      page.on('console', (message) => complaints.push(message.text()))
      for (const url of [consentUrl(), emulator.origin, `${emulator.origin}/us/code`]) {
        await page.goto(url)
        const overflow = () => document.documentElement.scrollWidth - window.innerWidth
        expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0)
        expect(await page.getByTestId('banner').innerText()).toBe(
          'This is an emulator for development. It is not Amazon.',
        )
      }
      expect(complaints).toEqual([])
      await page.close()
    },
  )

  test('a person signs a device in by its user code', async () => {
    const form = { response_type: 'device_code', client_id: clientId, scope: 'profile' }
    const created = await fetch(`${emulator.apiUrl}/auth/o2/create/codepair`, {
      method: 'POST',
      body: new URLSearchParams(form),
    })
    const pair = (await created.json()) as Record<string, string>
    const page = await openPage()
    await page.goto(pair.verification_uri ?? '')
    await page.getByTestId('user-code').fill((pair.user_code ?? '').toLowerCase())
    await page.getByTestId('continue').click()
    await page.getByTestId('person-3').click()
    await page.getByTestId('allow').click()
    expect(await page.getByTestId('done').innerText()).toBe('Go back to your device.')
    await page.close()
  })
})
