import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { PEOPLE, startEmulator, type Emulator } from '../../../src/emulator'
import { Browser } from '../../support/browser'
import { freePort } from '../../support/free-port'
import { until } from '../../support/until'

const EXAMPLES = join(__dirname, '../../../examples')
const OFFICE = { authorization: 'Bearer of-the-office' }
const clientOf = (id: string) => ({
  clientId: `client.${id}`,
  clientSecret: `secret-of-${id}-at-amazon`,
})

const children: ChildProcess[] = []
const directory = mkdtempSync(join(tmpdir(), 'own-database-'))
let emulator: Emulator

beforeAll(async () => {
  const clients = ['shop', 'news'].map((id) => ({
    ...clientOf(id),
    allowedReturnUrls: [],
    allowAnyReturnUrl: true,
  }))
  emulator = await startEmulator({ people: PEOPLE, clients })
})
afterAll(async () => {
  for (const child of children) {
    child.kill()
    await once(child, 'exit')
  }
  await emulator.close()
  rmSync(directory, { recursive: true })
})

async function run(path: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const port = await freePort()
  const child = spawn(process.execPath, [join(EXAMPLES, path)], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      NODE_ENV: 'test',
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      para_amazon_authorize_url: emulator.authorizeUrl,
      para_amazon_api_url: emulator.apiUrl,
      para_store_url: 'sqlite::memory:',
      ...environment,
    },
  })
  children.push(child)
  await once(child.stdout, 'data')
  return `http://127.0.0.1:${port}`
}

/** By a name of this host, which needs no name server. */
async function signIn(origin: string, path: string, host = new URL(origin).host): Promise<unknown> {
  const browser = new Browser(origin)
  const begun = await browser.get(path, { host })
  expect([begun.status, begun.location.startsWith(emulator.authorizeUrl)]).toEqual([302, true])
  const { pathname, search } = new URL(await emulator.allow(begun.location, PEOPLE[0]?.userId))
  expect((await browser.get(pathname + search, { host })).location).toBe('/welcome')
  return JSON.parse((await browser.get('/welcome', { host })).body)
}

test('examples/own-store passes the contract in node:test, and signs somebody in', async () => {
  const suite = spawn(process.execPath, [
    '--test',
    join(EXAMPLES, 'own-store/memory-store.test.mjs'),
  ])
  let told = ''
  suite.stdout.on('data', (data: Buffer) => (told += data.toString()))
  const [code] = (await once(suite, 'exit')) as [number]
  expect([code, /\bfail 0\b/.test(told), Number(/\bpass (\d+)/.exec(told)?.[1]) > 50]).toEqual([
    0,
    true,
    true,
  ])

  const { clientId, clientSecret } = clientOf('shop')
  const origin = await run('own-store/app.mjs', {
    SECRET_KEY: 'the-master-key-of-a-store-of-ones-own-0123456789',
    AZ_APP_ID: clientId,
    AZ_SECRET: clientSecret,
  })
  const welcome = await signIn(origin, '/amazon_auth?state=shop')
  expect(welcome).toMatchObject({ name: PEOPLE[0]?.name })
  expect(readdirSync(directory)).toEqual([])
}, 60_000)

test('examples/many-apps has two tenants to begin with, where no file is named', async () => {
  const origin = await run('many-apps/app.mjs', { AZ_APP_ID: 'client.shop', AZ_SECRET: 'secret' })
  const { port } = new URL(origin)
  for (const id of ['shop', 'news']) {
    const host = `${id}.localhost:${port}`
    expect((await new Browser(origin).get('/', { host })).body).toContain(`${id}: sign in at`)
    const begun = new URL((await new Browser(origin).get('/amazon_auth', { host })).location)
    expect(begun.searchParams.get('redirect_uri')).toBe(`http://${host}/amazon_auth`)
  }
})

test('examples/many-apps signs people in to tenants that come, change and go while it runs', async () => {
  const origin = await run('many-apps/app.mjs', {
    TENANTS_FILE: join(directory, 'tenants.db'),
    OFFICE_TOKEN: 'of-the-office',
    para_store_url: `sqlite:${join(directory, 'auth.db')}`,
  })
  const { port } = new URL(origin)
  const hostOf = (id: string) => `${id}.localhost:${port}`
  const get = (id: string, path: string) => new Browser(origin).get(path, { host: hostOf(id) })
  async function put(id: string, more: object = {}): Promise<void> {
    const { clientId: client_id, clientSecret: client_secret } = clientOf(id)
    const body = { host: `${id}.localhost`, name: id, client_id, client_secret, ...more }
    const answer = await fetch(`${origin}/tenants/${id}`, {
      method: 'PUT',
      headers: { ...OFFICE, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(answer.status).toBe(204)
  }

  expect((await get('shop', '/')).status).toBe(404)
  await put('shop')
  await put('news')
  for (const id of ['shop', 'news']) {
    expect(await signIn(origin, '/amazon_auth', hostOf(id))).toMatchObject({ tenant: id })
  }
  await put('news', { client_id: 'client.other' })
  const begun = new URL((await get('news', '/amazon_auth')).location)
  expect(begun.searchParams.get('client_id')).toBe('client.other')
  await fetch(`${origin}/tenants/news`, { method: 'DELETE', headers: OFFICE })
  const gone = await get('news', '/amazon_auth?state=news')
  expect(gone.location).not.toContain(emulator.authorizeUrl)
  await until(() => readdirSync(directory).includes('auth.db'))
  const stored = readdirSync(directory)
    .filter((name) => name.startsWith('auth.db') && !name.endsWith('.key'))
    .map((name) => readFileSync(join(directory, name), 'latin1'))
  expect(stored.join('')).not.toContain('secret-of-shop-at-amazon')
}, 60_000)
