import { ADMIN_ROUTES } from '../../../src/http/admin/admin-routes'
import { EN } from '../../../src/pages/admin/texts/en'
import { openSqlStore } from '../../../src/store/sql/open-sql-store'
import type { OptionalPart, Store } from '../../../src/store/store'
import { tokenIn } from '../../support/admin-world'
import type { Answer, Browser } from '../../support/browser'
import { startHost, type Host } from '../../support/host'
import { silentLogger } from '../store/open-store'

const SECRET_KEY = 'the-master-key-of-a-store-of-ones-own-0123456789'
const ROOT_SECRET = 'the-root-secret-of-the-tests-0123456789ab'
const HTML = { accept: 'text/html' }

/** What a store of a host's own must have, and some of what it may. */
function storeWith(...parts: readonly OptionalPart[]): Store {
  const whole = openSqlStore({ url: 'sqlite::memory:', logger: silentLogger })
  const { apps, users, sessions, singleUse, sealingKeys } = whole
  const more = Object.fromEntries(parts.map((part) => [part, whole[part]]))
  return { apps, users, sessions, singleUse, sealingKeys, ...more, close: () => whole.close() }
}

let host: Host
let browser: Browser
let userId: string

async function start(...parts: readonly OptionalPart[]): Promise<void> {
  const options = { store: storeWith(...parts), secretKey: SECRET_KEY, rootSecretKey: ROOT_SECRET }
  host = await startHost({ options: { ...options, admin: { enabled: true } } })
  const person = host.browser()
  await host.signIn(person, '/amazon_auth?state=acme')
  const { user } = JSON.parse((await person.get('/whoami')).body) as { user: { id: string } }
  userId = user.id
  browser = host.browser()
  const form = { access_key: 'app:para', secret_key: ROOT_SECRET }
  await browser.send('/admin/sign-in', { method: 'POST', form })
}
const get = (path: string): Promise<Answer> => browser.get(`/admin${path}`, HTML)

/** Addresses of a page that lie below the pages, each once. */
function linksIn({ body }: Answer): readonly string[] {
  const found = Array.from(body.matchAll(/href="\/admin(\/[^"#?]*)/g), ([, path = '']) => path)
  return [...new Set(found)].filter((path) => !path.startsWith('/assets/'))
}

describe('where a store of the host’s own has only what must be there', () => {
  beforeAll(() => start())
  afterAll(() => host.close())

  test('each page answers, and none that needs what is missing fails without a sentence', async () => {
    const failed: string[] = []
    for (const { method, path, shows } of ADMIN_ROUTES) {
      if (method !== 'GET') continue
      const there = path.replace(':app', 'acme').replace(':user', userId).replaceAll(/:\w+/g, '1')
      const { status, body } = await get(there)
      const isSaid = status === 501 && body.includes(`<code>${shows}</code>: see docs/stores.md`)
      if (shows === undefined ? status >= 400 : !isSaid) failed.push(`${there}: ${status}`)
    }
    expect(failed).toEqual([])
  })

  test('no page leads to what is not there', async () => {
    const dead: string[] = []
    const paths = new Set(['/'])
    for (const path of paths) {
      const answer = await get(path)
      if (answer.status >= 400) dead.push(`${path}: ${answer.status}`)
      for (const link of linksIn(answer)) paths.add(link)
    }
    expect(dead).toEqual([])
    expect(paths.size).toBeGreaterThan(10)
  })

  test.each([
    ['/', EN.common.noFigures],
    ['/apps/acme', EN.common.noFigures],
    ['/sign-ins', EN.common.noTrail],
    ['/apps/acme/changes', EN.common.noTrail],
    ['/apps/acme/webhooks', EN.common.noWebhooks],
    ['/apps/acme/users', EN.common.noBulk],
    ['/apps/acme/users/bulk', EN.common.noBulk],
  ])('%s says in a sentence what is not kept', async (path, sentence) => {
    expect((await get(path)).body).toContain(sentence)
  })

  test('the page of a user tells neither sign-ins nor changes, and exports the record', async () => {
    const { body } = await get(`/apps/acme/users/${userId}`)
    expect(body).toContain(EN.common.noTrail)
    expect(body).toContain(EN.users.exportRecord)
    expect(body).not.toContain(EN.users.noSignIns)
    expect(JSON.parse((await get(`/apps/acme/users/${userId}/export`)).body)).toMatchObject({
      user: { id: userId },
    })
  })

  test('a script is told as by the API, and nothing of it is a fault in the log', async () => {
    const answer = await browser.get('/admin/sign-ins', { accept: 'application/json' })
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([501, { code: 501 }])
    const failed = host.log.filter(({ message }) => message === 'page for operators failed')
    expect(failed).toEqual([])
  })

  test('a user is locked and an app is made all the same', async () => {
    const path = `/admin/apps/acme/users/${userId}/lock`
    const form = { form_token: tokenIn((await browser.get(path, HTML)).body) }
    const headers = { ...HTML, origin: host.origin }
    expect((await browser.send(path, { method: 'POST', headers, form })).status).toBe(303)
    expect((await get(`/apps/acme/users/${userId}`)).body).toContain(EN.users.locked)
    const made = { ...form, id: 'bakery' }
    const answer = await browser.send('/admin/new-app', { method: 'POST', headers, form: made })
    expect(answer.status).toBe(303)
    expect((await browser.get(answer.location, HTML)).body).toContain('bakery')
  })
})

describe('where it keeps an audit trail and figures', () => {
  beforeAll(() => start('audit', 'auditHistory', 'stats'))
  afterAll(() => host.close())

  test('sign-ins are listed and counted, and only the rest is not there', async () => {
    const { body } = await get('/apps/acme')
    expect(body).not.toContain(EN.common.noFigures)
    expect(body).toContain('/admin/apps/acme/sign-ins')
    expect(body).not.toContain('/admin/apps/acme/webhooks')
    expect((await get('/apps/acme/sign-ins')).status).toBe(200)
    expect((await get('/apps/acme/webhooks')).status).toBe(501)
  })
})
