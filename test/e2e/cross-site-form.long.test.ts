import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { sign } from 'jsonwebtoken'
import type { Browser } from 'playwright-core'

import { startServer, type Keys, type TestServer } from '../support/api'
import { describeInBrowser, launchChromium } from '../support/chromium'

/** The host is 127.0.0.1; a page at localhost is another site to browsers. */
describeInBrowser('a form that another site sends to /passwordless_auth', () => {
  let server: TestServer
  let browser: Browser
  let site: Server
  let form = ''
  beforeAll(async () => {
    server = await startServer()
    site = createServer((_req, res) => res.setHeader('Content-Type', 'text/html').end(form))
    await new Promise<void>((resolve) => site.listen(0, resolve))
    browser = await launchChromium()
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await new Promise((resolve) => site.close(resolve))
    await server.close()
  })

  const vouch = ({ secretKey }: Keys): string =>
    sign({ identifier: 'crm:7', name: 'Eve' }, secretKey, { expiresIn: 60 })

  test.each([false, true])('keeps sign-ins to other apps, strict: %s', async (strict) => {
    const settings = { 'security.strict': strict, signin_success: '/v1/_me' }
    const bank = await server.createApp(`bank-${String(strict)}`, { signin_success: '/v1/_me' })
    const evil = await server.createApp(`evil-${String(strict)}`, settings)
    const page = await browser.newPage()
    const me = async (appId?: string): Promise<unknown> => {
      const query = appId === undefined ? '' : `?appid=${appId}`
      const answer = await page.goto(`${server.origin}/v1/_me${query}`)
      return answer?.status() === 200 ? (JSON.parse(await answer.text()) as object) : undefined
    }
    const link = `/passwordless_auth?appid=bank-${String(strict)}&token=${vouch(bank)}`
    await page.goto(server.origin + link)
    expect(await me()).toMatchObject({ appid: `bank-${String(strict)}` })

    form = `<form method="post" action="${server.origin}/passwordless_auth">
      <input name="appid" value="evil-${String(strict)}"><input name="token" value="${vouch(evil)}">
      <button>Go</button></form>`
    const { port } = site.address() as AddressInfo
    await page.goto(`http://localhost:${port}/`)
    await page.getByRole('button').click()
    await page.waitForURL(`${server.origin}/v1/_me`)

    expect(await me(`bank-${String(strict)}`)).toMatchObject({ appid: `bank-${String(strict)}` })
    expect(await me(`evil-${String(strict)}`)).toMatchObject({ appid: `evil-${String(strict)}` })
    expect(await me()).toMatchObject({ appid: `bank-${String(strict)}` })
    await page.context().close()
  })
})
