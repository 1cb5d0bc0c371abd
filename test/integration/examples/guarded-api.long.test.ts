import { Browser } from '../../support/browser'
import { freePort } from '../../support/free-port'
import { startExample, type RunningExample } from './running-example'

let example: RunningExample
let api: string
beforeAll(async () => {
  const port = await freePort()
  api = `http://localhost:${port}`
  const both = /The API is[^]*Sign in at|Sign in at[^]*The API is/
  example = await startExample('guarded-api/app.mjs', both, { API_PORT: String(port) })
})
afterAll(() => example.stop())

test('examples/guarded-api lets in who brings a token of the other process, until it is ended there', async () => {
  const browser = new Browser(example.origin)
  const { location } = await example.signIn(browser, '/amazon_auth?state=shop')
  const { body } = await browser.get(location)
  const [, authorization = ''] = /'Authorization: (Bearer [^']+)'/.exec(body) ?? []
  const ask = (header: string): Promise<Response> =>
    fetch(`${api}/orders`, { headers: { authorization: header } })

  expect(await (await ask(authorization)).json()).toMatchObject({ of: 'Ada Lindqvist' })
  for (const wrong of ['', 'Bearer', 'Basic eA==', `${authorization.slice(0, -3)}AAA`]) {
    const refused = await ask(wrong)
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toBe('Bearer')
  }
  const ended = await browser.send('/jwt_auth', { method: 'DELETE', headers: { authorization } })
  expect(ended.status).toBe(200)
  expect((await ask(authorization)).status).toBe(401)
})
