import { setTimeout as sleep } from 'node:timers/promises'

import { sign } from 'jsonwebtoken'

import { clientIdOf, startServer, type TestServer } from '../support/api'
import type { Answer } from '../support/browser'
import { row } from '../support/row'
import { StoreFile } from '../support/store-file'

/** Of an answer to whatever a visitor sends, and of one to whatever an app has set: what nginx holds is 4 or 8 KiB. */
const VISITOR_BYTES = 3_584
const TENANT_BYTES = 7_168

const store = new StoreFile()
let server: TestServer
beforeAll(async () => {
  const publicUrl = 'para.public_url = "https://auth.example.com"'
  server = await startServer({ conf: `${store.conf}\n${publicUrl}` })
})
afterAll(async () => {
  await server.close()
  store.remove()
})

function bytesOf({ rawHeaders }: Answer): number {
  const status = 'HTTP/1.1 302 Found\r\n\r\n'.length
  return rawHeaders.reduce((sum, part) => sum + Buffer.byteLength(part) + 2, status)
}

/** Login cookies that no key opens; as many as the server takes headers. */
function unreadable(count = 60): string {
  const name = (n: number): string => `__Host-amazon-login.${String(n).padStart(10, '0')}`
  return Array.from({ length: count }, (_, n) => `${name(n)}=${'x'.repeat(40)}`).join('; ')
}

const LONG = 'y'.repeat(7_000)
const TEXTS = [
  LONG,
  `/${LONG}`,
  `https://${LONG}/`,
  ...['y', '名', '%01', '"'].flatMap((letter) =>
    [200, 330, 450, 600, 1_000].map(
      (bytes) => `/${letter.repeat(bytes / Buffer.byteLength(letter))}`,
    ),
  ),
]

/** Signs in from begin to return, every cookie of the browser beside those that cannot be read. */
async function logIn(at: TestServer, query: string): Promise<Answer[]> {
  const browser = at.browser()
  const withCookies = (path: string): Promise<Answer> => {
    const own = Array.from(browser.cookies, ([name, value]) => `${name}=${value}`)
    return browser.get(path, { cookie: [...own, unreadable()].join('; ') })
  }
  const begun = await withCookies(`/amazon_auth?${query}`)
  if (!begun.location.startsWith(at.emulator.authorizeUrl)) return [begun]
  const back = new URL(await at.emulator.allow(begun.location))
  return [begun, await withCookies(back.pathname + back.search)]
}

row('T20', 'long parameters, cookies and claims of a visitor', async () => {
  const { secretKey } = await server.createApp('plain')
  await server.createApp('pages', { signin_success: 'https://pages.example/in?jwt=id' })
  await server.createApp('paged', { signin_success: 'https://pages.example/in?jwt=?' })
  const plain = await startServer()
  await plain.createApp('plain')
  const answers: Answer[] = []
  for (const at of [server, plain]) {
    for (const text of TEXTS) {
      const long = encodeURIComponent(text.slice(0, 5_000))
      for (const query of [
        `state=plain&returnto=${long}`,
        `state=plain&host_url=${long.slice(0, 2_000)}`,
        `state=plain&host_url=${encodeURIComponent('https://shop.example')}&returnto=${long}`,
        `state=${long.slice(0, 900)}`,
        `appid=${long.slice(0, 900)}`,
      ]) {
        answers.push(...(await logIn(at, query)))
      }
      const cookie = `para-returnto=${Buffer.from(text).toString('base64')}; ${unreadable()}`
      const code = server.emulator.issueCode({
        clientId: clientIdOf('plain'),
        redirectUri: 'https://auth.example.com/amazon_auth',
      })
      answers.push(await at.browser().get(`/amazon_auth?code=${code}&state=plain`, { cookie }))
      const out = `/amazon_auth/logout?returnto=${long}`
      answers.push(await at.browser().send(out, { method: 'POST', headers: { cookie } }))
    }
  }
  await plain.close()
  for (const app of ['pages', 'paged']) answers.push(...(await logIn(server, `state=${app}`)))
  for (const letter of ['a', '名', '😀', '\u0001', '"']) {
    const text = letter.repeat(letter === '\u0001' ? 150 : 256 / letter.length)
    const person = { identifier: text, email: text.slice(0, 254), name: text, picture: text }
    for (const claims of [person, { ...person, identifier: `az:amzn1.account.${letter.length}` }]) {
      await server.call('PUT /v1/_settings/signin_success', {
        as: { accessKey: 'app:plain', secretKey },
        body: { value: 'https://plain.example/a/path/that/is/not/short?jwt=id&and=more' },
      })
      const form = { appid: 'plain', token: sign(claims, secretKey, { expiresIn: 60 }) }
      const headers = { cookie: unreadable() }
      const answer = await server.browser().send('/passwordless_auth', { form, headers })
      expect(answer.location).toMatch(/^https:\/\/plain\.example\/a\/path.*\?jwt=ey/)
      answers.push(answer)
    }
  }
  expect(answers.filter(({ status }) => status >= 500)).toEqual([])
  const longest = Math.max(...answers.map(bytesOf))
  expect(longest).toBeLessThan(VISITOR_BYTES)
  return `${answers.length} answers, the longest headers ${longest} bytes`
})

/** As a store of before the bounds holds it. */
function putByHand(app: string, name: string, value: string): void {
  const sql = 'INSERT OR REPLACE INTO settings (app_id, name, value) VALUES (?, ?, ?)'
  store.run(sql, app, name, JSON.stringify(value))
}

row('T20', 'the longest settings that are taken, and longer ones of an older store', async () => {
  const apps = [
    await createLongApp(1_600, 256),
    await createLongApp(900_000, 256),
    await createLongApp(1_600, 900_000),
  ]
  // What is written behind its back, the server sees when it reads these apps again.
  await sleep(2_000)
  const answers: Answer[] = []
  for (const app of apps) {
    const query = `state=${encodeURIComponent(`${app}|0`)}&returnto=/${LONG.slice(0, 700)}`
    answers.push(...(await logIn(server, query)))
    answers.push(await server.browser().get(`/amazon_auth?state=${app}&error=access_denied`))
  }
  expect(answers.filter(({ status }) => status !== 302)).toEqual([])
  const longest = Math.max(...answers.map(bytesOf))
  expect(longest).toBeLessThan(TENANT_BYTES)
  expect(longest).toBeGreaterThan(2_000)
  return `${answers.length} answers, the longest headers ${longest} bytes`
})

/** @returns Name of an app whose settings and client id are that long. */
async function createLongApp(length: number, idLength: number): Promise<string> {
  const app = `own-${length}-${idLength}`
  const filler = 'z'.repeat(length)
  const clientId = 'c'.repeat(idLength)
  await server.createApp(app)
  const client = { clientId, clientSecret: `secret.${app}` }
  server.emulator.addClient({ ...client, allowedReturnUrls: [], allowAnyReturnUrl: true })
  putByHand(app, 'az_app_id', clientId)
  putByHand(app, 'public_url', `https://${filler.slice(0, 200)}.example`)
  putByHand(app, 'signin_success', `https://own.example/${filler}${'?jwt=id'.repeat(40)}`)
  putByHand(app, 'signin_failure', `https://own.example/${filler}${'?cause=?'.repeat(40)}`)
  putByHand(app, 'security.hosturl_aliases', `https://${filler.slice(0, -250)}.example`)
  return app
}
