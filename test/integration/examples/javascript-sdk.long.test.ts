import { Browser } from '../../support/browser'
import { startExample, type RunningExample } from './running-example'

const CLIENT_ID = 'amzn1.application-oa2-client.0123'

let example: RunningExample
beforeAll(async () => {
  const keys = { AZ_APP_ID: CLIENT_ID, AZ_SECRET: 'secret', para_store_url: 'sqlite::memory:' }
  example = await startExample('javascript-sdk/app.mjs', /Open /, keys)
})
afterAll(() => example.stop())

test('examples/javascript-sdk serves its page with the client id, and begins logins at Amazon with it', async () => {
  const browser = new Browser(example.origin)
  expect((await browser.get('/')).body).toContain(`setClientId('${CLIENT_ID}')`)
  expect((await browser.get('/sign-in.mjs')).headers['content-type']).toMatch('javascript')
  const { location } = await browser.get('/amazon_auth?state=shop')
  const { origin, searchParams } = new URL(location)
  expect([origin, searchParams.get('client_id')]).toEqual(['https://www.amazon.com', CLIENT_ID])
})
