import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Browser, BrowserContext, Page } from 'playwright-core'

import { standInForAmazonSdk } from '../support/amazon-sdk'
import { describeInBrowser, launchChromium } from '../support/chromium'
import { freePort } from '../support/free-port'
import { ACME, startHost, type Host } from '../support/host'

const read = (name: string): string =>
  readFileSync(join(__dirname, '../../examples/javascript-sdk', name), 'utf8')

const POPUP_RETURN = 'https://assets.loginwithamazon.com/popup'
const STRANGER = { clientId: 'amzn1.application-oa2-client.stranger', clientSecret: 'secret' }

describeInBrowser('examples/javascript-sdk', () => {
  let host: Host
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let origin: string

  beforeAll(async () => {
    const port = await freePort()
    origin = `http://localhost:${port}`
    const app = {
      azAppId: ACME.clientId,
      azSecret: ACME.clientSecret,
      signinSuccess: '/page/?jwt=id',
    }
    const html = read('index.html').replace('YOUR-CLIENT-ID', ACME.clientId)
    ;[host, browser] = await Promise.all([
      startHost({
        port,
        options: {
          publicUrl: origin,
          security: { signinFailure: '/failed?cause=?' },
          apps: { shop: app, careful: { ...app, security: { strict: true } } },
        },
        after: (server) => {
          server.get('/page/', (_req, res) => void res.type('html').send(html))
          server.get(
            '/page/sign-in.mjs',
            (_req, res) => void res.type('mjs').send(read('sign-in.mjs')),
          )
          server.get('/failed', (_req, res) => void res.send('failed'))
        },
      }),
      launchChromium(),
    ])
  }, 60_000)
  beforeEach(async () => {
    context = await browser.newContext()
    await standInForAmazonSdk(context, host.emulator)
    page = await context.newPage()
    await page.goto(`${origin}/page/`)
    await page.waitForFunction('window.amazon !== undefined')
    host.emulator.journal.clear()
  })
  afterEach(() => context.close())
  afterAll(async () => {
    await browser.close()
    await host.close()
  })

  async function pressPopup(): Promise<Page> {
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.click('#popup')])
    return popup
  }

  test('a popup ends with a token of Amazon, by PKCE and without the secret, which becomes a session token', async () => {
    const popup = await pressPopup()
    await popup.getByTestId('person-1').click()
    await popup.getByTestId('allow').click()
    await page.getByText('Signed in as Ada Lindqvist.').waitFor()
    expect(page.url()).toBe(`${origin}/page/`)
    const [exchange, ...others] = host.emulator.journal.entries({ path: '/auth/o2/token' })
    expect(others).toEqual([])
    expect(exchange?.body).toMatchObject({ code_verifier: expect.stringMatching(/^[\w-]{43}$/) })
    expect(exchange?.body).not.toHaveProperty('client_secret')

    await page.click('#sign-out')
    await page.getByText('Nobody is signed in.').waitFor()
  })

  test('who cancels in the popup is told so', async () => {
    const popup = await pressPopup()
    await popup.getByTestId('cancel').click()
    await page.getByText('Nobody is signed in: Access not permitted.').waitFor()
    await page.locator('#popup').waitFor()
  })

  test('without PKCE the SDK asks for a token, which Amazon gives no more', async () => {
    const answer = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const { amazon } = window as unknown as {
            amazon: { Login: { authorize(options: object, next: (answer: unknown) => void): void } }
          }
          amazon.Login.authorize({ scope: 'profile' }, resolve)
        }),
    )
    expect(answer).toMatchObject({ error: 'unsupported_response_type' })
  })

  test('a redirect brings code and bare state to /amazon_auth, which signs the browser in', async () => {
    await page.click('#redirect')
    await page.getByTestId('person-2').click()
    const back = page.waitForRequest(/\/amazon_auth\?/)
    await page.getByTestId('allow').click()
    expect(new URL((await back).url()).searchParams.get('state')).toBe('shop')
    await page.getByText('Signed in as Ben Okafor.').waitFor()
    expect(page.url()).toBe(`${origin}/page/`)
    await page.click('#sign-out')
    await page.getByText('Nobody is signed in.').waitFor()
  })

  test('where the SDK is blocked the popup says so, and this window signs in without it', async () => {
    await context.route('https://assets.loginwithamazon.com/**', (route) => route.abort())
    await page.reload()
    await page.click('#popup')
    await page.getByText("Nobody is signed in: Amazon's script is not here, or blocked.").waitFor()
    await page.click('#redirect')
    await page.getByTestId('allow').click()
    await page.getByText('Signed in as Ada Lindqvist.').waitFor()
    await page.click('#sign-out')
    await page.getByText('Nobody is signed in.').waitFor()
  })

  test('a token of another client, and an ID token that is spent, sign nobody in', async () => {
    host.emulator.addClient({ ...STRANGER, allowedReturnUrls: [POPUP_RETURN] })
    await page.evaluate(`amazon.Login.setClientId('${STRANGER.clientId}')`)
    await (await pressPopup()).getByTestId('allow').click()
    await page.getByText('Nobody is signed in: Failed to authenticate user').waitFor()

    await page.goto(`${origin}/page/?jwt=spent`)
    await page.getByText('Nobody is signed in: Failed to authenticate user').waitFor()
    expect(page.url()).toBe(`${origin}/page/`)
  })

  test('a strict app takes no redirect of the SDK, and takes the popup', async () => {
    const run = (call: string): Promise<unknown> =>
      page.evaluate(`import('/page/sign-in.mjs').then((sdk) => sdk.${call})`)
    await run(`signInByRedirect({ url: '', app: 'careful' })`)
    await page.getByTestId('allow').click()
    await page.waitForURL(/\/failed\?cause=Invalid%20or%20expired/)

    await page.goto(`${origin}/page/`)
    await page.waitForFunction('window.amazon !== undefined')
    const opened = page.waitForEvent('popup')
    const signedIn = run(`signInByPopup({ url: '', app: 'careful' })`)
    await (await opened).getByTestId('allow').click()
    expect(await signedIn).toMatchObject({ user: { appid: 'careful' } })
  })
})
