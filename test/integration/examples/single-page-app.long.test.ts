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
