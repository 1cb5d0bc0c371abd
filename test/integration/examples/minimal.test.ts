import { Browser } from '../../support/browser'
import { startExample, type RunningExample } from './running-example'

let example: RunningExample
beforeAll(async () => (example = await startExample('minimal/app.mjs', /Open /)))
afterAll(() => example.stop())

test('examples/minimal greets who has signed in, and sends all others to Amazon', async () => {
  const browser = new Browser(example.origin)
  expect(await example.signIn(browser, '/')).toMatchObject({ status: 302, location: '/' })
  expect((await browser.get('/')).body).toBe('Hello Ada Lindqvist')
  expect((await new Browser(example.origin).get('/')).status).toBe(302)
})
