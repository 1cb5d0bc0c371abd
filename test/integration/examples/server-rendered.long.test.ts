import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import { PEOPLE, startEmulator, type Emulator } from '../../../src/emulator'
import { Browser, type Answer } from '../../support/browser'
import { freePort } from '../../support/free-port'
import { until } from '../../support/until'

const APP = join(__dirname, '../../../examples/server-rendered/app.mjs')
const EVE = { userId: 'amzn1.account.EVE', name: '<b>Eve</b> {{id}}', email: 'eve@example.com' }
const CLIENT = { clientId: 'client.shop', clientSecret: 'secret.shop' }

describe('examples/server-rendered', () => {
  let emulator: Emulator
  let shop: ChildProcess
  let origin: string

  beforeAll(async () => {
    const port = await freePort()
    origin = `http://localhost:${port}`
    const allowedReturnUrls = [`${origin}/amazon_auth`]
    emulator = await startEmulator({
      people: [...PEOPLE, EVE],
      clients: [{ ...CLIENT, allowedReturnUrls }],
    })
    const env = {
      ...process.env,
      NODE_ENV: 'test',
      PORT: String(port),
      SESSION_SECRET: 'a secret of the tests alone, 0123456789',
      AZ_APP_ID: CLIENT.clientId,
      AZ_SECRET: CLIENT.clientSecret,
      para_amazon_authorize_url: emulator.authorizeUrl,
      para_amazon_api_url: emulator.apiUrl,
      para_store_url: 'sqlite::memory:',
    }
    shop = spawn(process.execPath, [APP], { env, stdio: ['ignore', 'ignore', 'inherit'] })
    await until(() =>
      new Browser(origin).get('/').then(
        ({ status }) => status === 200,
        () => false,
      ),
    )
  })
  afterAll(async () => {
    shop.kill()
    await once(shop, 'exit')
    await emulator.close()
  })

  async function signIn(
    visitor: Browser,
    path = '/amazon_auth?state=shop',
    userId = PEOPLE[0]?.userId,
  ): Promise<Answer> {
    let answer = await visitor.get(path)
    while (!answer.location.startsWith(emulator.authorizeUrl))
      answer = await visitor.get(answer.location)
    return visitor.get(await emulator.allow(answer.location, userId))
  }

  test('keeps the cart of a visitor over the sign-in, under another session id', async () => {
    const visitor = new Browser(origin)
    expect((await visitor.get('/')).body).toContain('It is empty.')
    await visitor.send('/cart', { form: { item: 'bread & butter' } })
    const before = visitor.cookies.get('connect.sid')
    expect(await signIn(visitor)).toMatchObject({ status: 302, location: '/orders' })
    expect(visitor.cookies.get('connect.sid')).not.toBe(before)
    const orders = await visitor.get('/orders')
    expect(orders.body).toContain('Orders of Ada Lindqvist')
    expect(orders.body).toContain('<li>bread &#38; butter</li>')
  })

  test('sends who is not signed in to Amazon, and back to the very page', async () => {
    const landed = await signIn(new Browser(origin), '/orders?year=2026')
    expect(landed.location).toBe('/orders?year=2026')
  })

  test('shows names as text', async () => {
    const visitor = new Browser(origin)
    await signIn(visitor, undefined, EVE.userId)
    const { body } = await visitor.get('/')
    expect(body).toContain('Hello &#60;b&#62;Eve&#60;/b&#62; &#123;&#123;id&#125;&#125;.')
  })

  test('signs out by a form, and tells of a sign-in that failed without showing its address', async () => {
    const visitor = new Browser(origin)
    await signIn(visitor)
    const out = await visitor.send('/amazon_auth/logout?returnto=/', {
      method: 'POST',
      headers: { origin },
    })
    expect(out).toMatchObject({ status: 303, location: '/' })
    expect((await visitor.get('/')).body).toContain('Login with Amazon')
    const begun = await visitor.get('/amazon_auth?state=shop')
    const denied = await visitor.get(await emulator.deny(begun.location))
    expect(denied.location).toBe('/?cause=Access%20denied.')
    expect((await visitor.get('/?cause=EVIL')).body).not.toContain('EVIL')
    expect((await visitor.get(denied.location)).body).toContain('role="alert"')
  })
})
