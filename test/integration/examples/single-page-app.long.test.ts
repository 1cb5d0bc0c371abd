import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { Browser } from '../../support/browser'
import { freePort } from '../../support/free-port'
import { startExample, type RunningExample } from './running-example'

let example: RunningExample
let page: string
beforeAll(async () => {
  const port = await freePort()
  page = `http://localhost:${port}`
  const environment = { PAGE_PORT: String(port) }
  example = await startExample(
    'single-page-app/app.mjs',
    /The API is[^]*Open |Open [^]*The API is/,
    environment,
  )
})
afterAll(() => example.stop())

test('examples/single-page-app opens the page of another host with an ID token, which it may trade once, and call the API', async () => {
  const browser = new Browser(example.origin)
  expect((await new Browser(page).get('/')).body).toContain("from './session.mjs'")
  const { location } = await example.signIn(browser, '/amazon_auth?state=shop')
  const opened = new URL(location)
  expect(opened.origin).toBe(page)

  const trade = (): Promise<Response> =>
    fetch(`${example.origin}/jwt_auth`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: page },
      body: JSON.stringify({
        provider: 'passwordless',
        appid: 'shop',
        token: opened.searchParams.get('jwt'),
      }),
    })
  const traded = await trade()
  expect(traded.headers.get('access-control-allow-origin')).toBe(page)
  const { jwt } = (await traded.json()) as { jwt: { access_token: string } }
  expect((await trade()).status).toBe(400)

  const headers = { authorization: `Bearer ${jwt.access_token}`, origin: page }
  const orders = await fetch(`${example.origin}/orders`, { headers })
  expect(orders.headers.get('access-control-allow-origin')).toBe(page)
  expect(await orders.json()).toMatchObject({ of: 'Ada Lindqvist' })
  const asked = { method: 'OPTIONS', headers: { origin: page } }
  const preflight = await fetch(`${example.origin}/orders`, asked)
  expect(preflight.headers.get('access-control-allow-headers')).toBe('Authorization')
  expect((await fetch(`${example.origin}/orders`)).status).toBe(401)
})

test('its session renews once for two requests, and leaves one signed in that was on its way meanwhile', async () => {
  const { location } = await example.signIn(new Browser(example.origin), '/amazon_auth?state=shop')
  const given = {
    url: example.origin,
    app: 'shop',
    idToken: new URL(location).searchParams.get('jwt'),
  }
  const code = `import { Session } from ${JSON.stringify(join(__dirname, '../../../examples/single-page-app/page/session.mjs'))}
    const session = await Session.trade(${JSON.stringify(given)})
    const send = fetch
    const sent = []
    let renewed
    globalThis.fetch = async (url, init) => {
      // The first leaves only once the others have renewed the token.
      if (sent.push(new URL(url).pathname) === 1) await renewed
      return send(url, init)
    }
    const first = session.fetch('/orders')
    const now = Date.now
    Date.now = () => now() + 3_700_000
    renewed = Promise.all([session.fetch('/orders'), session.fetch('/orders')])
    const answers = [await first, ...(await renewed)]
    console.log(JSON.stringify([answers.map(({ status }) => status), sent]))`
  const args = ['--input-type=module', '--eval', code]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  expect(JSON.parse(stdout)).toEqual([
    [200, 200, 200],
    ['/orders', '/jwt_auth', '/orders', '/orders', '/orders'],
  ])
})
