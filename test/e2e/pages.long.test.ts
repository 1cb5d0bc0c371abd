import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

import { signInButton, type SignInButtonOptions } from '../../src'
import { describeInBrowser, launchChromium } from '../support/chromium'
import { ACME, startHost, ZENITH, type Host } from '../support/host'

const ARTIFACTS = resolve(__dirname, '../../artifacts')
const IMAGES = 'https://images-na.ssl-images-amazon.com/images/G/01/lwa/'
/** As strict as a host may be. */
const POLICY = `default-src 'none'; img-src ${new URL(IMAGES).origin}; style-src 'nonce-x'; script-src 'nonce-x'; connect-src *; form-action 'self'`

/** A page of a host that includes the button in several ways. */
function hostPage(rows: readonly SignInButtonOptions[]): string {
  const buttons = rows.map((row) => `<p>${signInButton({ app: 'acme', ...row })}</p>`)
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title>
    <style nonce="x">:root { color-scheme: light dark; font: 16px system-ui } .mine { display: inline-block; padding: .5rem 1rem; border: 2px solid; border-radius: .5rem; color: inherit }</style>
    <body>${buttons.join('')}</body></html>`
}

/** A page of another origin that fetches the button, as a single-page app would. */
const fetchingPage = (button: string) => `<!doctype html><meta charset="utf-8"><title>Front</title>
  <div id="place">nothing yet</div>
  <script nonce="x">
    fetch(${JSON.stringify(button)}, { credentials: 'include' })
      .then(async (answer) => { place.innerHTML = await answer.text(); place.dataset.status = answer.status })
      .catch(() => { place.dataset.status = 'refused' })
  </script>`

describeInBrowser('pages that people see', () => {
  const servers: Server[] = []
  const rows: SignInButtonOptions[] = [
    {},
    { color: 'dark-gray' },
    { color: 'gray', size: '195x46' },
    { size: '32x32' },
    { style: 'plain' },
    { style: 'plain', lang: 'de', theme: 'light' },
    { style: 'plain', lang: 'ja', theme: 'dark' },
    { style: 'plain', className: 'mine' },
    { isSignedIn: true, whenSignedIn: 'sign_out', lang: 'fr' },
  ]
  let host: Host
  let named: string
  let other: string
  let browser: Browser

  async function serve(answer: () => string): Promise<string> {
    const server = createServer((_req, res) => {
      res.setHeader('content-type', 'text/html; charset=utf-8')
      res.setHeader('content-security-policy', POLICY)
      res.end(answer())
    }).listen(0, '127.0.0.1')
    servers.push(server)
    await once(server, 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  beforeAll(async () => {
    mkdirSync(ARTIFACTS, { recursive: true })
    const button = () =>
      `${host.origin}/amazon_auth/button?appid=acme&style=plain&when_signed_in=sign_out`
    named = await serve(() => fetchingPage(button()))
    other = await serve(() => fetchingPage(button()))
    host = await startHost({
      options: {
        apps: {
          acme: {
            azAppId: ACME.clientId,
            azSecret: ACME.clientSecret,
            security: { hosturlAliases: named },
          },
          zenith: { azAppId: ZENITH.clientId, azSecret: ZENITH.clientSecret },
        },
      },
      before(app) {
        app.get('/buttons', (_req, res) => void res.type('html').send(hostPage(rows)))
        app.get('/strict', (_req, res) => {
          const shown = rows.filter(({ style, className }) => style !== 'plain' || className)
          res.setHeader('content-security-policy', POLICY)
          res.type('html').send(hostPage(shown))
        })
      },
    })
    browser = await launchChromium()
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await host.close()
    for (const server of servers) server.close()
  })

  let page: Page
  let asked: string[]
  let complaints: string[]
  afterEach(() => page.context().close())

  /** Amazon's host is not reached: what the browser would load from there is noted. */
  async function open(path: string, options: BrowserContextOptions = {}): Promise<void> {
    page = await browser.newPage({ viewport: { width: 420, height: 640 }, ...options })
    asked = []
    complaints = []
    page.on('console', (message) => complaints.push(message.text()))
    await page.route(`${IMAGES}**`, (route) => {
      asked.push(route.request().url().slice(IMAGES.length))
      return route.abort()
    })
    await page.goto(new URL(path, host.origin).href)
  }
  const shoot = (name: string) => page.screenshot({ path: join(ARTIFACTS, `pages-${name}.png`) })

  test.each([
    ['light', 1, ['gold_156x32', 'drkgry_156x32', 'gry_195x46', 'gold_32x32']],
    ['dark', 1, ['gold_156x32', 'gry_156x32', 'drkgry_195x46', 'gold_32x32']],
    ['light', 2, ['gold_312x64', 'drkgry_312x64', 'gry_390x92', 'gold_32x32']],
    ['dark', 2, ['gold_312x64', 'gry_312x64', 'drkgry_390x92', 'gold_32x32']],
  ] as const)(
    'a browser in %s colours, at %d pixels a point, loads the images that are made for it',
    async (colorScheme, deviceScaleFactor, images) => {
      await open('/buttons', { colorScheme, deviceScaleFactor })
      await shoot(`buttons-${colorScheme}-${deviceScaleFactor}`)
      expect(asked.sort()).toEqual(images.map((image) => `btnLWA_${image}.png`).sort())
      const alternatives = await page.getByAltText('Login with Amazon').count()
      expect(alternatives).toBe(4)
    },
  )

  test.each(['light', 'dark'] as const)(
    'the plain button can be read in %s colours, and is not lighter or darker than it is told',
    async (colorScheme) => {
      await open('/buttons', { colorScheme })
      const colors = await page.locator('.amazon-auth-plain[style]').evaluateAll((links) =>
        links.map((link) => {
          const { backgroundColor, color } = getComputedStyle(link)
          return `${color} on ${backgroundColor}`
        }),
      )
      const light = 'rgb(29, 36, 51) on rgb(255, 255, 255)'
      const dark = 'rgb(233, 236, 243) on rgb(26, 31, 42)'
      expect(colors).toEqual([colorScheme === 'light' ? light : dark, light, dark])
    },
  )

  test('a page with a strict policy has nothing to complain of but the image, which is not loaded here', async () => {
    await open('/strict')
    const others = complaints.filter((text) => !text.includes('net::ERR_FAILED'))
    expect(others).toEqual([])
    expect(asked).not.toEqual([])
  })

  test('it signs in, and a page of a named origin that fetches it then shows the way out', async () => {
    await open(named)
    const place = page.locator('#place')
    await page.locator('#place[data-status="200"]').waitFor()
    await place.getByRole('link', { name: 'Sign in with Amazon' }).click()
    await page.getByTestId('person-1').click()
    await page.getByTestId('allow').click()
    await page.waitForURL(`${named}/`)
    await page.locator('#place[data-status="200"]').waitFor()
    await place.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(`${host.origin}/`)
    await page.goto(named)
    await place.getByRole('link', { name: 'Sign in with Amazon' }).waitFor()
  })

  test('a page of an origin that the app has not named gets nothing', async () => {
    await open(other)
    await page.locator('#place[data-status="refused"]').waitFor()
    expect(await page.locator('#place').innerText()).toBe('nothing yet')
  })

  test.each([
    ['de-DE', 'light', 'Sie sind nicht bei acme angemeldet', 'Erneut versuchen'],
    ['ja-JP', 'dark', 'acmeにログインできませんでした', 'もう一度試す'],
  ] as const)(
    'a person with a browser in %s, %s, reads a page in that language',
    async (locale, colorScheme, title, again) => {
      await open('/amazon_auth?state=acme', { locale, colorScheme })
      await page.getByTestId('cancel').click()
      await page.getByRole('heading', { name: title }).waitFor()
      await shoot(`failure-${locale}`)
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(locale.slice(0, 2))
      await page.getByRole('link', { name: again }).click()
      await page.getByTestId('cancel').waitFor()
      expect(complaints.filter((text) => !text.includes('401'))).toEqual([])
    },
  )
})
