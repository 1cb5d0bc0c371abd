import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { PEOPLE } from '../../../src/emulator'
import {
  clientIdOf,
  startServer,
  type ApiAnswer,
  type Keys,
  type TestServer,
} from '../../support/api'

const MAIN = join(__dirname, '../../../examples/mobile-app/main.mjs')
const [ada, ben] = PEOPLE.map(({ userId }) => userId)
const REFUSED = "Failed to authenticate user with 'amazon'. Check if user is active."
/** Amazon gives each Android or iOS app of a Security Profile an API key, with a client id of its own. */
const ANDROID = 'amzn1.application-oa2-client.android'

let server: TestServer
let shop: Keys
beforeAll(async () => {
  server = await startServer()
  shop = await server.createApp('shop', { az_client_ids: `${ANDROID}, client.ios` })
})
afterAll(() => server.close())

const tokenOf = (clientId: string, userId = ada): string =>
  server.emulator.issueAccessToken({ clientId, ...(userId !== undefined && { userId }) })
const signIn = (token: string, appid = 'shop'): Promise<ApiAnswer> =>
  server.call('POST /jwt_auth', { body: { provider: 'amazon', appid, token } })

test('examples/mobile-app signs in, comes back, renews once for two, and signs out', async () => {
  const env = {
    ...process.env,
    AUTH_URL: server.origin,
    APP: 'shop',
    AMAZON_TOKEN: tokenOf(ANDROID),
  }
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN], { env })
  expect(stdout.trim().split('\n')).toEqual([
    `signed in as Ada Lindqvist (az:${String(ada)})`,
    'still Ada Lindqvist',
    'renewed: true, and Ada Lindqvist again',
    'signed out: true',
  ])
})

/** What some lines print that have `Session` and `signIn()`, in a process of their own, as the app is. */
async function run(lines: string): Promise<string> {
  const url = JSON.stringify(server.origin)
  const given = `{ app: 'shop', amazonToken: ${JSON.stringify(tokenOf(ANDROID))} }`
  const code = `import { createServer } from 'node:http'
    import { Session } from ${JSON.stringify(join(MAIN, '../session.mjs'))}
    const signIn = async () => (await Session.signIn(${url}, ${given})).session
    const name = (session) => session.me().then((user) => user?.name ?? 'nobody', (error) => error.message)
    ${lines}`
  const args = ['--input-type=module', '--eval', code]
  return (await promisify(execFile)(process.execPath, args)).stdout.trim()
}

test('its session outlives an outage, and ends with a sign-in elsewhere unless one_session_per_user is off', async () => {
  const two = `const [phone, tablet] = [await signIn(), await signIn()]
    console.log(await name(phone), '/', await name(tablet))`
  expect(await run(two)).toBe('nobody / Ada Lindqvist')
  await server.call('PUT /v1/_settings/one_session_per_user', { as: shop, body: { value: false } })
  expect(await run(two)).toBe('Ada Lindqvist / Ada Lindqvist')
  const outage = `const session = await signIn()
    const broken = createServer((_req, res) => res.writeHead(503).end()).listen(0)
    const url = \`http://127.0.0.1:\${broken.address().port}\`
    console.log(await name(new Session(url, session.toJSON())))
    await new Session(url, session.toJSON()).signOut().catch((error) => console.log(error.message))
    process.exit()`
  expect(await run(outage)).toBe('503: try again later\n503: try again later')
})

describe('its renewal, while by default the older token ends with it', () => {
  beforeAll(async () => {
    await server.call('DELETE /v1/_settings/one_session_per_user', { as: shop })
  })

  test('leaves a request signed in that was on its way meanwhile', async () => {
    const overtaken = `const session = await signIn()
      const send = fetch
      globalThis.fetch = async (...asked) => {
        globalThis.fetch = send
        await session.renew()
        return send(...asked)
      }
      console.log(await name(session))`
    expect(await run(overtaken)).toBe('Ada Lindqvist')
  })

  test.each([-2, 0, 2])(
    'comes after an hour by a clock that is wrong by %d hours',
    async (hours) => {
      const day = `const now = Date.now
      const wait = (minutes) => { Date.now = () => now() + (${hours} * 60 + minutes) * 60_000 }
      wait(0)
      const session = await signIn()
      const renews = async () => {
        const before = JSON.stringify(session)
        return (await name(session)) + ' ' + (JSON.stringify(session) !== before)
      }
      const answers = []
      for (const minutes of [0, 59, 61, 62]) {
        wait(minutes)
        answers.push(await renews())
      }
      console.log(answers.join('\\n'))`
      const [yes, no] = ['Ada Lindqvist true', 'Ada Lindqvist false']
      expect((await run(day)).split('\n')).toEqual([no, no, yes, no])
    },
  )
})

describe('az_client_ids', () => {
  test('lets the tokens of all clients of a Security Profile in, and one person is one user', async () => {
    const clients = [clientIdOf('shop'), ANDROID, 'client.ios']
    const answers = await Promise.all(clients.map((client) => signIn(tokenOf(client, ben))))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(new Set(answers.map(({ json }) => json.user.id)).size).toBe(1)
  })

  test('lets no other client in, however like it is, and none where it is not set', async () => {
    await server.createApp('plain')
    const before = await server.call('GET /v1/users', { as: shop })
    for (const client of [
      `${ANDROID}x`,
      ANDROID.slice(0, -1),
      `${ANDROID},client.ios`,
      ANDROID.toUpperCase(),
      clientIdOf('plain'),
    ]) {
      expect(await signIn(tokenOf(client, PEOPLE[2]?.userId))).toMatchObject({
        status: 400,
        json: { message: REFUSED },
      })
    }
    expect(await signIn(tokenOf(ANDROID), 'plain')).toMatchObject({ status: 400 })
    const after = await server.call('GET /v1/users', { as: shop })
    expect(after.json.totalHits).toBe(before.json.totalHits)
  })

  test('alone, without a client of its own, signs nobody in', async () => {
    const keys = await server.createApp('half', { az_client_ids: ANDROID })
    await server.call('PUT /v1/_settings', { as: keys, body: { az_client_ids: ANDROID } })
    expect(await signIn(tokenOf(ANDROID), 'half')).toMatchObject({ status: 400 })
  })

  test('takes a list, tells what it leaves out, and warns of an App ID', async () => {
    const keys = await server.createApp('listed')
    const put = await server.call('PUT /v1/_settings/az_client_ids', {
      as: keys,
      body: { value: ['client.tv', 'two words', 'amzn1.application.0123'] },
    })
    expect(put.status).toBe(200)
    expect(put.headers['x-settings-ignored']).toContain('az_client_ids="lists one item')
    expect(put.headers['x-settings-warning']).toContain(
      'az_client_ids="lists one that is the App ID',
    )
    expect((await signIn(tokenOf('client.tv'), 'listed')).status).toBe(200)
  })

  test('is in force, and out of it, with the next sign-in', async () => {
    const keys = await server.createApp('changing')
    const set = (value: string): Promise<ApiAnswer> =>
      server.call('PUT /v1/_settings/az_client_ids', { as: keys, body: { value } })
    await set(ANDROID)
    expect((await signIn(tokenOf(ANDROID), 'changing')).status).toBe(200)
    await set('')
    expect((await signIn(tokenOf(ANDROID), 'changing')).status).toBe(400)
  })
})

describe('versions of one app that share a Security Profile', () => {
  const shared = { az_app_id: 'client.family', az_secret: 'secret.family' }

  test('are apps of their own: one identifier, a user in each, and tokens that open only theirs', async () => {
    const [free, pro] = [
      await server.createApp('game', shared),
      await server.createApp('game-pro', shared),
    ]
    const token = tokenOf('client.family')
    const [inFree, inPro] = [await signIn(token, 'game'), await signIn(token, 'game-pro')]
    expect([inFree.status, inPro.status]).toEqual([200, 200])
    expect(inFree.json.user.identifier).toBe(inPro.json.user.identifier)
    expect(inFree.json.user.id).not.toBe(inPro.json.user.id)
    expect([inFree.json.user.appid, inPro.json.user.appid]).toEqual(['game', 'game-pro'])

    const path = `/v1/users/${String(inFree.json.user.id)}`
    expect((await server.call(`PATCH ${path}`, { as: pro, body: { active: false } })).status).toBe(
      404,
    )
    expect((await server.call(`PATCH ${path}`, { as: free, body: { active: false } })).status).toBe(
      200,
    )
    expect((await signIn(token, 'game')).status).toBe(400)
    expect((await signIn(token, 'game-pro')).status).toBe(200)
  })
})
