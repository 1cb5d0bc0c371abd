import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import { PEOPLE, startEmulator, type Emulator } from '../../../src/emulator'
import { Browser } from '../../support/browser'
import { freePort } from '../../support/free-port'
import { StoreFile } from '../../support/store-file'
import { until } from '../../support/until'

const EXAMPLES = join(__dirname, '../../../examples')
const RUNNER = join(__dirname, '../../support/run-examples.mjs')
const CLIENT = { clientId: 'client.shop', clientSecret: 'secret.shop' }
const [ada] = PEOPLE

const FILES = {
  'node-http': 'server.mjs',
  fastify: 'server.mjs',
  hono: 'server.mjs',
  serverless: 'handler.mjs',
}
type Name = keyof typeof FILES
const NAMES = Object.keys(FILES) as Name[]

interface Shop {
  readonly name: Name
  /** With the stage, where there is one. */
  readonly url: string
  readonly port: number
  readonly store: StoreFile
}

let emulator: Emulator
let child: ChildProcess
let shops: readonly Shop[] = []

beforeAll(async () => {
  emulator = await startEmulator({
    clients: [{ ...CLIENT, allowedReturnUrls: [], allowAnyReturnUrl: true }],
  })
  for (const name of NAMES) {
    const port = await freePort()
    const stage = name === 'serverless' ? '/prod' : ''
    const url = `http://127.0.0.1:${port}${stage}`
    shops = [...shops, { name, url, port, store: new StoreFile() }]
  }
  const examples = shops.map(({ name, url, port, store }) => ({
    file: join(EXAMPLES, name, FILES[name]),
    env: {
      PORT: String(port),
      PUBLIC_URL: url,
      para_public_url: url,
      BASE_PATH: new URL(url).pathname.replace(/\/$/, ''),
      para_store_url: store.url,
    },
  }))
  child = spawn(process.execPath, [RUNNER, JSON.stringify(examples)], {
    env: {
      ...process.env,
      NODE_ENV: 'test',
      AZ_APP_ID: CLIENT.clientId,
      AZ_SECRET: CLIENT.clientSecret,
      para_apps_shop_az_app_id: CLIENT.clientId,
      para_apps_shop_az_secret: CLIENT.clientSecret,
      para_amazon_authorize_url: emulator.authorizeUrl,
      para_amazon_api_url: emulator.apiUrl,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (const { url } of shops) {
    const isThere = (): Promise<boolean> =>
      fetch(`${url}/`).then(
        ({ ok }) => ok,
        () => false,
      )
    await until(isThere, 50_000)
  }
})
afterAll(async () => {
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  for (const { store } of shops) store.remove()
  await emulator.close()
})

function shopOf(name: Name): Shop {
  const found = shops.find((shop) => shop.name === name)
  if (found === undefined) throw new Error(`${name} has not started`)
  return found
}

describe.each(NAMES)('examples/%s', (name) => {
  const pathOf = (path: string): string =>
    new URL(shopOf(name).url).pathname.replace(/\/$/, '') + path
  const browser = (): Browser => new Browser(new URL(shopOf(name).url).origin)
  const get = (visitor: Browser, path: string) => visitor.get(pathOf(path))

  async function signIn(visitor: Browser, path: string): Promise<string> {
    let answer = await get(visitor, path)
    while (!answer.location.startsWith(emulator.authorizeUrl)) {
      expect(answer.status).toBe(302)
      answer = await visitor.get(answer.location)
    }
    const landed = await visitor.get(await emulator.allow(answer.location, ada?.userId))
    // The session, and the receipt of this login.
    expect(landed.setCookies).toHaveLength(2)
    return landed.location
  }

  test('sends who is not signed in to Amazon and back to the page, and signs out', async () => {
    const visitor = browser()
    expect((await get(visitor, '/')).body).toBe('Hello stranger')
    expect(await signIn(visitor, '/orders?year=2026')).toBe(pathOf('/orders?year=2026'))
    expect((await get(visitor, '/orders?year=2026')).body).toBe(`Orders of ${String(ada?.name)}`)
    expect((await get(visitor, '/')).body).toBe(`Hello ${String(ada?.name)}`)
    const out = await visitor.send(pathOf('/sign-out'), { method: 'POST' })
    expect(out).toMatchObject({ status: 303, location: pathOf('/') })
    expect(out.setCookies.length).toBeGreaterThan(1)
    expect((await get(visitor, '/')).body).toBe('Hello stranger')
  })

  test('takes a token as Bearer, and answers scripts 401', async () => {
    const form = JSON.stringify({
      provider: 'amazon',
      appid: 'shop',
      token: emulator.issueAccessToken({ clientId: CLIENT.clientId }),
    })
    const issued = await fetch(`${shopOf(name).url}/jwt_auth`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: form,
    })
    const { jwt } = (await issued.json()) as { jwt: { access_token: string } }
    const ask = (token: string) =>
      fetch(`${shopOf(name).url}/orders`, { headers: { authorization: `Bearer ${token}` } })
    expect(await (await ask(jwt.access_token)).text()).toBe(`Orders of ${String(ada?.name)}`)
    const refused = await ask(`${jwt.access_token}x`)
    expect(refused.status).toBe(401)
    expect(await refused.json()).toEqual({ code: 401, message: 'The token is not valid.' })
  })

  test('takes a form as it is sent, and burns no code for a preview', async () => {
    const visitor = browser()
    const begun = await get(visitor, '/amazon_auth?state=shop')
    const back = new URL(await emulator.allow(begun.location, ada?.userId))
    const headed = await visitor.send(back.pathname + back.search, { method: 'HEAD' })
    expect([headed.status, headed.body]).toEqual([405, ''])
    const posted = await visitor.send(pathOf('/amazon_auth'), {
      form: Object.fromEntries(back.searchParams),
    })
    expect(posted).toMatchObject({ status: 303, location: pathOf('/orders') })
  })
})

test('a function that is killed right behind its answer has written who signed in', async () => {
  const { url, store } = shopOf('serverless')
  const count = () => store.rows('SELECT 1 FROM audit').length
  const before = count()
  const visitor = new Browser(new URL(url).origin)
  const begun = await visitor.get('/prod/amazon_auth?state=shop')
  await visitor.get(await emulator.allow(begun.location, ada?.userId))
  child.kill('SIGKILL')
  expect(count()).toBe(before + 1)
})
