import { mkdirSync, writeFileSync } from 'node:fs'
import { lookup } from 'node:dns/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { isIPv6, type AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'

import type { Browser, Page } from 'playwright-core'

import { Browser as Client } from '../support/browser'
import { describeInBrowser, launchChromium } from '../support/chromium'
import { Workplace, type Listening } from '../integration/server/command-line'

const ROOT = resolve(__dirname, '../..')
const ARTIFACTS = join(ROOT, 'artifacts')

describeInBrowser('the demo', () => {
  let place: Workplace
  let demo: Listening
  let browser: Browser
  /** Of all tests that want nothing special: a context of its own would start a process for each. */
  let usual: Page
  let page: Page
  let complaints: string[] = []

  beforeAll(async () => {
    mkdirSync(ARTIFACTS, { recursive: true })
    place = new Workplace()
    demo = await place.listen(['demo', '--port', '0', '--emulator-port', '0'])
    browser = await launchChromium()
    usual = await newPage()
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await place.clear()
  })
  beforeEach(async () => {
    page = usual
    complaints = []
    await page.context().clearCookies()
    await page.goto(demo.origin)
  })
  afterEach(async () => {
    if (page !== usual) await page.context().close()
    expect(complaints).toEqual([])
  })

  async function newPage(options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    const opened = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options })
    opened.on('console', (message) => complaints.push(message.text()))
    opened.on('pageerror', (error) => complaints.push(String(error)))
    await opened.goto(demo.origin)
    return opened
  }

  async function signIn(app: 'acme' | 'zenith', person: number): Promise<void> {
    await page.getByTestId(`${app}-sign-in`).getByRole('link').click()
    await page.getByTestId(`person-${person}`).click()
    await page.getByTestId('allow').click()
    await page.waitForURL(`${demo.origin}/#${app}`)
  }

  const personIn = (app: string) => page.getByTestId(app).getByTestId('person')

  test('two people are signed in to the two apps at once, and out one by one', async () => {
    await shoot('signed-out')
    await signIn('acme', 1)
    await signIn('zenith', 4)
    expect(await personIn('acme').innerText()).toContain('Ada Lindqvist')
    expect(await personIn('zenith').innerText()).toContain('Dan Lindqvist')
    await shoot('signed-in')

    await page.getByTestId('acme-sign-out').click()
    await page.waitForURL(`${demo.origin}/#acme`)
    expect(await personIn('acme').count()).toBe(0)
    expect(await personIn('zenith').innerText()).toContain('Dan Lindqvist')
    await page.getByTestId('zenith-sign-out').click()
    await page.getByTestId('zenith-sign-in').waitFor()
    expect(await personIn('zenith').count()).toBe(0)
  })

  test('J2 Acme shows its session cookie with the flags that the browser has', async () => {
    await signIn('acme', 1)
    const shown = await page.getByTestId('cookie').innerText()
    const cookies = await page.context().cookies()
    const sent = cookies.find(({ name }) => name === 'amazon-auth')
    expect(sent).toMatchObject({ httpOnly: true, sameSite: 'Lax', secure: false })
    expect(shown).toMatch(/Name\s+amazon-auth/)
    expect(shown).toMatch(/HttpOnly\s+yes/)
    expect(shown).toMatch(/SameSite\s+Lax/)
    expect(shown).toMatch(/Secure\s+no/)
    expect(shown).toMatch(/Lifetime\s+30 days/)
  })

  test('Zenith shows its token, and what it has traded it for, which its back end accepts; neither stands in the address', async () => {
    await signIn('zenith', 3)
    const zenith = page.getByTestId('zenith')
    expect(JSON.parse(await zenith.getByTestId('token-header').innerText())).toEqual({
      alg: 'HS256',
      typ: 'id+jwt',
    })
    const claims = JSON.parse(await zenith.getByTestId('token-claims').innerText())
    expect(claims).toMatchObject({ appid: 'app:zenith', email: 'chloe@example.com' })
    expect(claims.exp - claims.iat).toBe(60)
    const tradedFor = JSON.parse(await zenith.getByTestId('traded-for').innerText())
    expect(tradedFor).toMatchObject({ appid: 'app:zenith', sub: claims.sub, idp: 'amazon' })
    expect(tradedFor.exp - tradedFor.iat).toBe(86_400)
    expect(await zenith.getByTestId('answer').innerText()).toMatch(/^200 .*chloe@example\.com/)
    expect(await zenith.getByTestId('expiry').innerText()).toMatch(/^Valid for/)
    expect(page.url()).not.toContain('jwt')
  })

  test('a token that its back end refuses is shown as refused', async () => {
    const forged = [{ alg: 'HS256' }, { appid: 'app:zenith', sub: '1', name: 'Eve', exp: 1 }]
    const parts = forged.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    await page.goto(`${demo.origin}/zenith?jwt=${[...parts, 'c2ln'].join('.')}`)
    expect(await page.getByTestId('traded-for').innerText()).toBe('nothing: refused')
    expect(await page.getByTestId('answer').innerText()).toMatch(/^401 /)
    expect(await page.getByTestId('expiry').innerText()).toMatch(/^Expired/)
  })

  test('Cancel at the emulator is shown as the cause, at the app it happened in', async () => {
    await page.getByTestId('zenith-sign-in').getByRole('link').click()
    await page.getByTestId('cancel').click()
    await page.waitForURL(/cause=/)
    expect(await page.getByTestId('zenith').getByTestId('cause').innerText()).toContain(
      'Access denied.',
    )
    expect(await page.getByTestId('acme').getByTestId('cause').count()).toBe(0)
    await shoot('cancelled')
  })

  test('one press leads to the pages for operators, and no key lies in the page or in the address', async () => {
    expect(await page.content()).not.toContain('secret_key')
    await page.getByTestId('operators').click()
    await page.waitForURL(`${demo.origin}/admin/`)
    expect(await page.locator('header').innerText()).toContain('para')
  })

  test('nobody is let in by a form of another site, or without a press', async () => {
    const client = new Client(demo.origin)
    const post = (headers: Record<string, string>) =>
      client.send('/operators', { method: 'POST', headers })
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      {},
    ]) {
      const answer = await post(headers)
      expect(answer.status).toBe(403)
      expect(answer.setCookies).toEqual([])
    }
    expect((await client.get('/operators')).status).toBe(404)
  })

  test('markup in the cause is shown as text', async () => {
    await page.goto(`${demo.origin}/?app=acme&cause=%3Cimg%20src=x%20onerror=alert(1)%3E`)
    expect(await page.getByTestId('cause').innerText()).toContain('<img src=x onerror=alert(1)>')
  })

  test('a request under another name is sent to the address that the apps are known by', async () => {
    const { host, port } = new URL(demo.origin)
    const { address } = await lookup('localhost')
    const other = new Client(`http://${isIPv6(address) ? `[${address}]` : address}:${port}`)
    expect((await other.get('/?x=1')).location).toBe(`http://${host}/?x=1`)
  })

  test('a token runs out before one’s eyes, without a script', async () => {
    const short = await place.listen(['demo', '--port', '0', '--emulator-port', '0'], {
      para_id_token_expires_after: '4',
    })
    page = await newPage({ javaScriptEnabled: false })
    await page.goto(short.origin)
    await page.getByTestId('zenith-sign-in').getByRole('link').click()
    await page.getByTestId('allow').click()
    const expiry = page.getByTestId('expiry')
    await expiry.getByText('Valid for').waitFor()
    await expiry.getByText('Expired at').waitFor()
    expect(await expiry.getByText('Valid for').isVisible()).toBe(false)
    await page.reload()
    expect(await expiry.getByText('Expired at').isVisible()).toBe(true)
    // What it was traded for goes on.
    expect(await page.getByTestId('answer').innerText()).toMatch(/^200 /)
  })

  test.each(['acme', 'zenith'] as const)(
    'the lines copied for %s sign a person in when they run',
    async (app) => {
      page = await newPage()
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      const card = page.getByTestId(app)
      await card.locator('summary').click()
      await card.getByRole('button', { name: 'Copy' }).click()
      await card.getByRole('button', { name: 'Copied' }).waitFor()
      const code = await page.evaluate(() => navigator.clipboard.readText())
      const client = await runPasted(app, code)

      // As a browser would find it, had it the port that stands in the lines.
      const pasted = { host: 'localhost:4000' }
      const path = `/amazon_auth${app === 'zenith' ? '?appid=zenith' : ''}`
      const begun = await client.get(path, pasted)
      await page.goto(begun.location)
      await page.getByTestId('person-1').click()
      const back = page.waitForRequest(/localhost:4000\/amazon_auth/)
      await page.route(/localhost:4000/, (route) =>
        route.fulfill({ body: 'taken over by the test' }),
      )
      await page.getByTestId('allow').click()
      const landed = await client.get(
        new URL((await back).url()).href.replace('http://localhost:4000', ''),
        pasted,
      )
      const token = new URL(landed.location, client.origin).searchParams.get('jwt')
      const whoami =
        token === null
          ? await client.get('/')
          : await client.get('/api/me', { authorization: `Bearer ${token}` })
      expect(JSON.parse(whoami.body)).toMatchObject({ name: 'Ada Lindqvist' })
    },
  )

  /** Runs them as they are, but on a free port. */
  async function runPasted(app: string, code: string): Promise<Client> {
    const folder = place.path(`pasted-${app}`)
    mkdirSync(join(folder, 'node_modules/express-amazon-auth'), { recursive: true })
    mkdirSync(join(folder, 'node_modules/express'), { recursive: true })
    const point = (name: string, target: string) =>
      writeFileSync(
        join(folder, `node_modules/${name}/index.js`),
        `module.exports = require(${JSON.stringify(target)})`,
      )
    point('express-amazon-auth', join(ROOT, 'src/index.ts'))
    point('express', join(ROOT, 'node_modules/express'))
    const free = code.replace(
      'app.listen(4000)',
      "const server = app.listen(0, '127.0.0.1', () => console.log('Demo: http://127.0.0.1:' + server.address().port))",
    )
    expect(free).not.toBe(code)
    writeFileSync(join(folder, 'app.js'), free)
    const pasted = await place.listenProgram(join(folder, 'app.js'))
    return new Client(pasted.origin)
  }

  test('without JavaScript everything works but the copy button, which is not shown', async () => {
    page = await newPage({ javaScriptEnabled: false })
    await signIn('acme', 1)
    expect(await personIn('acme').innerText()).toContain('Ada Lindqvist')
    await page.getByTestId('acme').locator('summary').click()
    expect(await page.getByTestId('acme').locator('[data-copy]').isVisible()).toBe(false)
  })

  test.each([
    ['light', 390],
    ['dark', 1280],
    ['light', 320],
  ] as const)('the page fits a %s screen of %i px, signed in', async (colorScheme, width) => {
    page = await newPage({ colorScheme, viewport: { width, height: 844 } })
    await signIn('acme', 1)
    await signIn('zenith', 2)
    for (const summary of await page.locator('summary').all()) await summary.click()
    const overflow = () => document.documentElement.scrollWidth - window.innerWidth
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0)
    await shoot(`${colorScheme}-${width}`)
  })

  async function shoot(name: string): Promise<void> {
    await page.screenshot({ path: join(ARTIFACTS, `demo-${name}.png`), fullPage: true })
  }
})

test('ports that are in use are replaced by free ones, and the demo says so and stops at SIGINT', async () => {
  const other = createServer().listen(0, 'localhost')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const place = new Workplace()
  const demo = await place.listen(['demo', '--port', String(port), '--emulator-port', '0'])
  expect(demo.stdout).toContain(`http://localhost:${port} is in use by another program.`)
  expect(demo.origin).not.toBe(`http://localhost:${port}`)
  expect((await fetch(demo.origin)).status).toBe(200)
  demo.child.kill('SIGINT')
  expect(await demo.exit()).toBe(0)
  other.close()
  await place.clear()
})
