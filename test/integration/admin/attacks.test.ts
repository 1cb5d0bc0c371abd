import { get as openStream, type ClientRequest } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

import { ADMIN_ROUTES } from '../../../src/http/admin/admin-routes'
import {
  ROOT_SECRET,
  startAdminWorld,
  tokenIn,
  type AdminWorld,
  type OperatorBrowser,
} from '../../support/admin-world'
import { send, type Browser } from '../../support/browser'

jest.setTimeout(60_000)

let world: AdminWorld
beforeAll(async () => {
  world = await startAdminWorld()
  await world.signIn(world.browser(), '/amazon_auth?state=zenith')
  await world.signIn(world.browser(), '/amazon_auth?state=acme')
})
afterAll(() => world.close())

/** Whatever an operator could change. */
const state = (): string => world.store.dump('apps', 'users', 'settings', 'webhooks', 'bulks')

const HARM = { do: 'delete', id: 'zenith', sure: 'yes', name: 'x', typed: '1' }

function pathTo(route: (typeof ADMIN_ROUTES)[number], app: string): string {
  return `/admin${route.path.replace(':app', app).replaceAll(/:\w+/g, '1')}`
}

async function formTokenOf(operator: OperatorBrowser): Promise<string> {
  return tokenIn((await operator.get('/apps/acme/danger')).body)
}

describe('an operator of one app', () => {
  test.each([
    'zenith',
    'nobody',
    'app:zenith',
    '%7Aenith',
    'acme%2F..%2Fzenith',
    'Acme',
    'acme%00',
    '__proto__',
  ])('finds nothing under %s, by whatever route, and changes nothing', async (app) => {
    const acme = await world.operator('acme')
    const token = await formTokenOf(acme)
    const before = state()
    const answers = await Promise.all(
      ADMIN_ROUTES.filter(({ access }) => access === 'app').map(async (route) => {
        const { method } = route
        const form = method === 'POST' ? { form: { ...HARM, form_token: token } } : {}
        return acme.browser.send(pathTo(route, app), { method, ...form })
      }),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]))
    // Of an app that is there and of one that is not, the same is told.
    expect(new Set(answers.map(({ body }) => body.replaceAll(/<form.*?<\/form>/gs, ''))).size).toBe(
      1,
    )
    expect(state()).toBe(before)
  })

  test('sees none of the users of another under its own name', async () => {
    const acme = await world.operator('acme')
    const [row] = world.store.rows("SELECT id FROM users WHERE app_id = 'zenith'")
    const path = `/apps/acme/users/${String(row?.id)}`
    expect((await acme.get(path)).status).toBe(404)
    expect((await acme.get(`${path}/export`)).status).toBe(404)
    const before = state()
    await acme.post(`${path}/lock`, {}, '/apps/acme/danger')
    await acme.post(`${path}/delete`, { typed: String(row?.id) }, '/apps/acme/danger')
    expect(state()).toBe(before)
  })
})

describe('forms that others send', () => {
  test.each<readonly [string, 'none' | 'other' | 'own', Readonly<Record<string, string>>]>([
    ['without a token', 'none', {}],
    ['with the token of another session', 'other', {}],
    ['from a page that hides where it is', 'own', { origin: 'null' }],
    ['from another origin', 'own', { origin: 'https://evil.example' }],
    ['from another site', 'own', { 'sec-fetch-site': 'cross-site' }],
    ['from another host of this site', 'own', { 'sec-fetch-site': 'same-site' }],
    ['as JSON', 'own', { 'content-type': 'application/json' }],
    ['as plain text', 'own', { 'content-type': 'text/plain' }],
    ['as a form of files', 'own', { 'content-type': 'multipart/form-data; boundary=x' }],
  ])('%s: nothing is done, by any of them', async (_title, which, headers) => {
    const root = await world.operator()
    const own = await formTokenOf(root)
    const other = await formTokenOf(await world.operator('acme'))
    const token = { none: {}, other: { form_token: other }, own: { form_token: own } }[which]
    const before = state()
    const posts = ADMIN_ROUTES.filter(({ method }) => method === 'POST')
    for (const route of posts) {
      const form = { ...HARM, ...token }
      const ask = { method: 'POST', headers, form }
      expect([403, 415]).toContain((await root.browser.send(pathTo(route, 'zenith'), ask)).status)
    }
    expect(state()).toBe(before)
  })

  test('nobody is signed in by a form of another site', async () => {
    const form = { access_key: 'app:para', secret_key: ROOT_SECRET }
    const headers = { 'sec-fetch-site': 'cross-site' }
    const answer = await send(new URL('/admin/sign-in', world.origin), { headers, form })
    expect(answer.status).toBe(403)
    expect(answer.setCookies).toEqual([])
  })

  test('odd and huge ones are refused', async () => {
    const root = await world.operator()
    const token = await formTokenOf(root)
    const ask = async (form: string) =>
      (await root.browser.send('/admin/apps/acme/danger', { method: 'POST', form })).status
    const before = state()
    expect(await ask(Array.from({ length: 20_001 }, (_, at) => `a${at}=1`).join('&'))).toBe(413)
    expect(await ask(`a=${'x'.repeat(5_000_000)}`)).toBe(413)
    expect(await ask('form_token=%E0%A4%A')).toBe(403)
    expect(await ask(`__proto__=1&constructor=2&form_token=${token}`)).toBe(400)
    expect(await ask(`do=delete&do=rename&form_token=${token}`)).toBe(400)
    expect(state()).toBe(before)
  })
})

describe('sessions of operators', () => {
  const COOKIE = 'amazon-auth-admin'
  const isIn = async (browser: Browser) => (await browser.get('/admin/apps')).status === 200

  test('an id that was planted is not taken over', async () => {
    const browser = world.browser()
    browser.cookies.set(COOKIE, 'planted')
    const form = { access_key: 'app:para', secret_key: ROOT_SECRET }
    await browser.send('/admin/sign-in', { form })
    expect(browser.cookies.get(COOKIE)).not.toBe('planted')
    const first = browser.clone()
    await browser.send('/admin/sign-in', { form })
    expect([await isIn(browser), await isIn(first)]).toEqual([true, false])
  })

  test('of two cookies neither counts', async () => {
    const { browser } = await world.operator()
    const id = browser.cookies.get(COOKIE) ?? ''
    const cookie = `${COOKIE}=x; ${COOKIE}=${id}`
    expect((await send(new URL('/admin/apps', world.origin), { headers: { cookie } })).status).toBe(
      302,
    )
  })

  test("a visitor's is none of an operator, nor the reverse", async () => {
    const visitor = world.browser()
    await world.signIn(visitor, '/amazon_auth?state=acme')
    const [name = '', id = ''] = [...visitor.cookies].find(([key]) => key === 'amazon-auth') ?? []
    expect(id).not.toBe('')
    const { browser } = await world.operator()
    const own = browser.cookies.get(COOKIE) ?? ''
    visitor.cookies.set(COOKIE, id)
    browser.cookies.set(name, own)
    expect(await isIn(visitor)).toBe(false)
    const me = await browser.get('/jwt_auth', { accept: 'application/json' })
    expect(me.status).toBe(401)
  })

  test('signed out, or under an app that is made anew, it has ended', async () => {
    const root = await world.operator()
    const copy = root.browser.clone()
    await root.post('/sign-out', {}, '/apps')
    expect(await isIn(copy)).toBe(false)
    const again = await world.operator()
    await again.post('/new-app', { id: 'again' })
    const former = await world.operator('again')
    await again.post('/apps/again/danger', { do: 'delete', id: 'again' })
    await again.post('/new-app', { id: 'again' })
    expect((await former.get('/apps/again/danger')).status).toBe(302)
  })
})

describe('long and odd addresses', () => {
  test('what a visitor asks for stands in no header that a proxy could not hold', async () => {
    for (const path of [`/apps/${'%22'.repeat(3_000)}`, `/apps?x=${'%C3%A9'.repeat(1_000)}`]) {
      const { status, location } = await world.browser().get(`/admin${path}`)
      expect([status, location]).toEqual([302, '/admin/sign-in'])
    }
  })

  test('of a long search so much is looked for as a person types', async () => {
    const root = await world.operator()
    expect((await root.get(`/apps/acme/users?q=${'a'.repeat(10_000)}`)).status).toBe(200)
  })

  test('a notice holds no more than a cookie does', async () => {
    const root = await world.operator()
    const path = `/apps/acme/users/${encodeURIComponent('é'.repeat(2_000))}/lock`
    const answer = await root.post(path, {}, '/apps/acme/danger')
    expect(answer.status).toBe(303)
    expect(answer.setCookies.join('').length).toBeLessThan(2_000)
    expect((await root.get('/apps/acme/users')).body).toContain('é…')
  })

  test.each([
    '/apps/%E0%A4%A',
    '/apps/acme/users?q=a&page=1000000000',
    '/apps/acme/users?q=a&page=NaN&page=-1',
    '/sign-ins?since=275760-09-13T00:00',
    '/sign-ins?since=9999-12-31T23:59',
    '/sign-ins?until=0000-01-01T00:00',
    '/sign-ins?before=999999999999999-x',
    '/sign-ins?reason=%00',
    '/?from=275760-01-01',
    '/?days=-1',
    '/?days=1e9',
    '/apps/acme?days=NaN&days=7',
    '/apps/acme/webhooks/%00',
    '/apps?after=%F0%9F%98%80%00',
  ])('%s is no fault of this host', async (path) => {
    const root = await world.operator()
    expect((await root.get(path)).status).toBeLessThan(500)
  })
})

describe('too much at a time', () => {
  const opened: ClientRequest[] = []
  afterAll(() => {
    for (const request of opened) request.destroy()
  })

  /** Status of an answer to one who follows. */
  function follow({ browser }: OperatorBrowser, path: string): Promise<number> {
    const cookie = Array.from(browser.cookies, ([name, value]) => `${name}=${value}`).join('; ')
    const headers = { cookie, accept: 'text/event-stream' }
    return new Promise((resolve, reject) => {
      const request = openStream(
        `${world.origin}/admin${path}`,
        { headers, agent: false },
        (res) => {
          res.on('error', () => undefined).resume()
          resolve(res.statusCode ?? 0)
        },
      )
      request.on('error', reject)
      opened.push(request)
    })
  }

  test('an app that follows without end takes no place of others', async () => {
    const acme = await world.operator('acme')
    const root = await world.operator()
    const all = Array.from({ length: 60 }, () => follow(acme, '/apps/acme/sign-ins/live?person=a'))
    const codes = await Promise.all(all)
    expect(codes.filter((code) => code === 200)).toHaveLength(40)
    expect(codes.filter((code) => code === 503)).toHaveLength(20)
    expect(await follow(root, '/sign-ins/live')).toBe(200)
    for (const request of opened.splice(0)) request.destroy()
    await sleep(200)
    expect(await follow(acme, '/apps/acme/sign-ins/live')).toBe(200)
  })

  test('fifty changes of many users at once, and such as are dropped in between: five wait', async () => {
    const acme = await world.operator('acme')
    // As of a program, which names no page: from one page it would count once.
    const [token = ''] = (await formTokenOf(acme)).split('.')
    const form = { form_token: token, action: 'lock', covers: 'all' }
    const begin = () => acme.browser.clone().send('/admin/apps/acme/users/bulk', { form })
    const isBegun = ({ location }: { readonly location: string }) => /bulk\/./.test(location)
    const answers = await Promise.all(Array.from({ length: 50 }, begin))
    expect(answers.filter(isBegun).length).toBeLessThanOrEqual(5)
    for (let round = 0; round < 25; round += 1) {
      const [open] = world.store.rows(
        "SELECT bulk_id FROM bulks WHERE state = 'ready' ORDER BY created_at DESC LIMIT 1",
      )
      await acme.browser.send(`/admin/apps/acme/users/bulk/${String(open?.bulk_id)}/cancel`, {
        form,
      })
      await begin()
    }
    await Promise.all(Array.from({ length: 5 }, begin))
    const [{ n } = {}] = world.store.rows("SELECT count(*) n FROM bulks WHERE state = 'ready'")
    expect(n).toBe(5)
  })
})
