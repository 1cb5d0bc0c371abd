import type { Browser, Page } from 'playwright-core'

import { describeInBrowser, launchChromium } from '../support/chromium'
import { freePort } from '../support/free-port'
import { ACME, startHost, type Host } from '../support/host'

/** Passes requests on in the ways that service workers are written. */
const WORKER = `
addEventListener('install', () => skipWaiting())
addEventListener('activate', (event) => event.waitUntil(clients.claim()))
addEventListener('fetch', (event) => {
  const { request } = event
  const way = new URL(request.url).searchParams.get('way')
  if (way === 'passed-on') event.respondWith(fetch(request))
  if (way === 'made-anew') event.respondWith(fetch(new Request(request)))
  if (way === 'changed') {
    const headers = new Headers(request.headers)
    headers.set('x-mine', '1')
    event.respondWith(fetch(new Request(request, { headers })))
  }
})`

describeInBrowser('signing in with a real browser', () => {
  let host: Host
  let browser: Browser
  let page: Page
  let local: string

  beforeAll(async () => {
    const port = await freePort()
    local = `http://localhost:${port}`
    host = await startHost({
      port,
      options: {
        publicUrl: local,
        apps: { acme: { azAppId: ACME.clientId, azSecret: ACME.clientSecret } },
      },
      before: (app) => {
        app.get('/worker.js', (_req, res) => void res.type('js').send(WORKER))
        app.get('/', (_req, res) => void res.type('html').send('<h1>Home</h1>'))
      },
    })
    browser = await launchChromium()
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await host.close()
  })
  beforeEach(async () => {
    page = await browser.newPage()
  })
  afterEach(() => page.context().close())

  async function allow(): Promise<void> {
    await page.getByTestId('person-1').click()
    await page.getByTestId('allow').click()
  }
  const whoAmI = (): Promise<number> => page.evaluate(async () => (await fetch('/acme')).status)

  test('begun at 127.0.0.1 where public_url says localhost, it ends signed in', async () => {
    await page.goto(`${host.origin}/amazon_auth?state=acme&returnto=/whoami`)
    await allow()
    await page.waitForURL(`${local}/whoami`)
    expect(await whoAmI()).toBe(200)
  })

  test('fetch() and XMLHttpRequest get JSON with the address to open, and it signs in', async () => {
    await page.goto(local)
    const answers = await page.evaluate(async () => {
      const path = '/amazon_auth?state=acme&returnto=/'
      const read = async (init: RequestInit) => {
        const answer = await fetch(path, init)
        return { status: answer.status, ...(await answer.json()) } as { location: string }
      }
      const byXhr = new Promise<string>((resolve) => {
        const xhr = new XMLHttpRequest()
        xhr.open('GET', path)
        xhr.onloadend = () => resolve(xhr.responseText)
        xhr.send()
      })
      return [
        await read({}),
        await read({ mode: 'same-origin' }),
        { status: 401, ...(JSON.parse(await byXhr) as object) },
      ]
    })
    const expected = {
      status: 401,
      code: 401,
      location: `${local}/amazon_auth?state=acme&returnto=%2F`,
    }
    expect(answers).toMatchObject([expected, expected, expected])
    await page.goto(expected.location)
    await allow()
    await page.waitForURL(`${local}/`)
    expect(await whoAmI()).toBe(200)
  })

  test.each(['passed-on', 'made-anew', 'changed'])(
    'a navigation that a service worker has %s goes to Amazon and comes back',
    async (way) => {
      await page.goto(local)
      await page.evaluate(async () => {
        await navigator.serviceWorker.register('/worker.js')
        await navigator.serviceWorker.ready
        while (navigator.serviceWorker.controller === null) {
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
      })
      await page.goto(`${local}/amazon_auth?state=acme&returnto=/whoami&way=${way}`)
      await allow()
      await page.waitForURL(`${local}/whoami`)
      expect(await whoAmI()).toBe(200)
    },
  )

  test('a sign-out by fetch() is answered with 204', async () => {
    await page.goto(`${local}/amazon_auth?state=acme&returnto=/whoami`)
    await allow()
    await page.waitForURL(`${local}/whoami`)
    const status = await page.evaluate(
      async () => (await fetch('/amazon_auth/logout', { method: 'POST' })).status,
    )
    expect([status, await whoAmI()]).toEqual([204, 401])
  })
})
