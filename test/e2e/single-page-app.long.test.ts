import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Browser } from 'playwright-core'

import { describeInBrowser, launchChromium } from '../support/chromium'
import { freePort } from '../support/free-port'
import { ACME, startHost, type Host } from '../support/host'

const DOCS = join(__dirname, '../../docs/tokens.md')
const [, PAGE = ''] = /```html\n([^]*?)```/.exec(readFileSync(DOCS, 'utf8')) ?? []

describeInBrowser('the single-page app of docs/tokens.md', () => {
  let host: Host
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium()
  }, 60_000)
  afterEach(() => host.close())
  afterAll(() => browser.close())

  test.each([false, true])(
    'signs a person in by the token that it was opened with (strict: %j), which is good for that once',
    async (strict) => {
      const port = await freePort()
      const origin = `http://localhost:${port}`
      const shop = { azAppId: ACME.clientId, azSecret: ACME.clientSecret }
      host = await startHost({
        port,
        options: {
          publicUrl: origin,
          apps: { shop: { ...shop, signinSuccess: `${origin}/in?jwt=id`, security: { strict } } },
        },
        after: (app) => void app.get('/in', (_req, res) => void res.type('html').send(PAGE)),
      })
      const page = await browser.newPage()
      const opened = page.waitForRequest(/\/in\?jwt=ey/)
      await page.goto(`${origin}/amazon_auth?state=shop`)
      await page.getByTestId('person-1').click()
      await page.getByTestId('allow').click()
      await page.getByText('Ada Lindqvist').waitFor()
      expect(page.url()).toBe(`${origin}/in`)
      const other = await browser.newPage()
      await other.goto(`${origin}/in`)
      await other.getByTestId('person-1').waitFor()

      const token = new URL((await opened).url()).searchParams.get('jwt')
      const again = await page.evaluate(async (spent) => {
        const body = JSON.stringify({ provider: 'passwordless', appid: 'shop', token: spent })
        const headers = { 'Content-Type': 'application/json' }
        return (await fetch('/jwt_auth', { method: 'POST', headers, body })).status
      }, token)
      expect(again).toBe(400)
      await page.context().close()
    },
  )
})
