import { get as openStream, type IncomingMessage } from 'node:http'

import { startAdminWorld, type AdminWorld, type OperatorBrowser } from '../../support/admin-world'
import { until } from '../../support/until'

jest.setTimeout(60_000)

let world: AdminWorld
let operator: OperatorBrowser
beforeAll(async () => {
  world = await startAdminWorld()
  await world.signIn(world.browser(), '/amazon_auth?state=acme')
  await world.browser().get('/amazon_auth?error=access_denied&state=acme')
  await world.browser().get('/amazon_auth?error=access_denied&state=zenith')
  world.store.run(
    `INSERT INTO audit (app_id, at, id, outcome, reason, way, network, request_id)
     VALUES ('=evil()', ?, 'id-evil', 'failure', 'app_not_found', 'browser', '', '<b>"x"')`,
    // The oldest, though not so old that the purge takes it.
    Date.now() - 3_600_000,
  )
  await until(() => world.store.rows('SELECT id FROM audit').length >= 4)
  operator = await world.operator()
})
afterAll(() => world.close())

const rowsOf = (body: string) => body.match(/<tr data-id="/g)?.length ?? 0

/** An operator's stream, as far as it has come. */
async function follow(path: string, headers: Record<string, string> = {}) {
  const { browser } = operator
  const cookie = Array.from(browser.cookies, ([name, value]) => `${name}=${value}`).join('; ')
  const told = { text: '', isOver: false }
  const res = await new Promise<IncomingMessage>((resolve, reject) => {
    const url = new URL(`/admin${path}`, world.origin)
    const sent = { cookie, accept: 'text/event-stream', ...headers }
    openStream(url, { headers: sent, agent: false }, resolve).on('error', reject)
  })
  res.setEncoding('utf8').on('data', (text: string) => (told.text += text))
  res.on('close', () => (told.isOver = true)).on('error', () => undefined)
  return Object.assign(told, { res, stop: () => void res.destroy() })
}

describe('the page of sign-ins', () => {
  test('has all apps, the latest first, with the reason, what to do, step and times', async () => {
    const { status, body } = await operator.get('/sign-ins')
    expect(status).toBe(200)
    expect(rowsOf(body)).toBe(4)
    expect(body).toContain('<code>access_denied</code>')
    expect(body).toContain('The person declined on the consent page.')
    expect(body).toMatch(
      /<span class="tag warn">Declined<\/span>\s*<details>\s*<summary><code>access_denied</,
    )
    expect(body).toMatch(/<span class="tag good">Signed in<\/span>\s*<span class="tag">New user/)
    expect(body).toMatch(
      /<td>start_session<\/td>\s*<td class="number">\d+<\/td>\s*<td class="number">\d+<\/td>/,
    )
    expect(body).toMatch(/href="\/admin\/apps\/acme\/users\/\d+"/)
    expect(body).toContain('/admin/apps/%3Devil()/sign-ins')
    expect(body).not.toContain('<b>"x"')
  })

  test.each([
    ['/sign-ins?outcome=failure', 1],
    ['/sign-ins?outcome=declined', 2],
    ['/sign-ins?outcome=declined&app=zenith', 1],
    ['/sign-ins?outcome=declined&reason=app_not_found', 0],
    ['/sign-ins?outcome=failure&reason=access_denied', 0],
    ['/sign-ins?outcome=success', 1],
    ['/sign-ins?app=app:acme', 2],
    ['/sign-ins?reason=access_denied&app=zenith', 1],
    ['/sign-ins?way=device', 0],
    ['/sign-ins?since=2026-01-01T00:00&until=2026-01-02T00:00', 0],
    ['/apps/acme/sign-ins', 2],
    ['/apps/acme/sign-ins?app=zenith', 2],
    ['/apps/acme/sign-ins?person=zz', 0],
    ['/apps/acme/sign-ins?person=nobody-of-that-name', 0],
  ])('narrowed as %s has %d', async (path, rows) => {
    const { status, body } = await operator.get(path)
    expect([status, rowsOf(body)]).toEqual([200, rows])
  })

  test('finds a person by what the name begins with, or by the id', async () => {
    const [user] = world.store.rows('SELECT id, name, email FROM users')
    for (const person of [user?.id, user?.name, user?.email].map(String)) {
      const query = new URLSearchParams({ person }).toString()
      expect(rowsOf((await operator.get(`/apps/acme/sign-ins?${query}`)).body)).toBe(1)
    }
  })

  test.each(['/sign-ins?since=yesterday', '/sign-ins?outcome=maybe', '/sign-ins?way=operator'])(
    'asked for %s is refused, and says why',
    async (path) => {
      const { status, body } = await operator.get(path)
      expect(status).toBe(400)
      expect(body).toContain('that is asked for is none')
    },
  )

  test('is read a page at a time', async () => {
    const { store } = world
    for (let n = 0; n < 120; n += 1) {
      store.run(
        `INSERT INTO audit (app_id, at, id, outcome, reason, way, network) VALUES ('keyless', ?, ?, 'success', 'ok', 'browser', '')`,
        1_000_000 + (n >> 2),
        `id-${n}`,
      )
    }
    let path = '/apps/keyless/sign-ins'
    const ids: string[] = []
    for (let pages = 1; ; pages += 1) {
      const { body } = await operator.get(path)
      ids.push(...Array.from(body.matchAll(/data-id="([^"]+)"/g), ([, id = '']) => id))
      const [, older] = /href="\/admin([^"]*before[^"]*)"/.exec(body) ?? []
      if (older === undefined) {
        expect(pages).toBe(3)
        break
      }
      path = older
    }
    expect(ids).toHaveLength(120)
    expect(new Set(ids).size).toBe(120)
  })

  test('an operator of one app sees that app alone, on every page', async () => {
    const own = await world.operator('acme')
    expect(rowsOf((await own.get('/apps/acme/sign-ins')).body)).toBe(2)
    const { body } = await own.get('/apps/acme/sign-ins?app=zenith')
    expect(body).not.toContain('/apps/zenith')
    for (const end of ['', '.csv', '.jsonl', '/live']) {
      expect((await own.get(`/sign-ins${end}`)).status).toBe(404)
      expect((await own.get(`/apps/zenith/sign-ins${end}`)).status).toBe(404)
    }
    expect((await own.get('/changes')).status).toBe(404)
    expect((await own.get('/apps/zenith/changes')).status).toBe(404)
  })
})

describe('a file of them', () => {
  test('as CSV has a row each, and nothing that a spreadsheet runs', async () => {
    const { headers, body } = await operator.get('/sign-ins.csv?outcome=failure')
    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(headers['content-disposition']).toBe('attachment; filename="sign-ins.csv"')
    const lines = body.split('\r\n')
    expect(lines[0]).toBe(
      'time,app,outcome,reason,way,user,new_user,step,took_ms,amazon_ms,network,request,id',
    )
    expect(lines).toHaveLength(3)
    expect(body).toContain(",'=evil(),failure,")
  })

  test('calls declined what the list and the charts call so', async () => {
    const { body } = await operator.get('/sign-ins.csv?outcome=declined')
    expect(body.match(/,(?:acme|zenith),declined,access_denied,/g)).toHaveLength(2)
    const { body: overview } = await operator.get('/')
    expect(overview).toMatch(/<b>2<\/b>\s*Declined/)
  })

  test('as JSON lines has all that is known of each', async () => {
    const { body } = await operator.get('/apps/acme/sign-ins.jsonl?outcome=success')
    expect(JSON.parse(body)).toMatchObject({
      app: 'acme',
      reason: 'ok',
      step: 'start_session',
      isNew: true,
    })
  })

  test('that is asked for wrongly is none', async () => {
    const { status, headers } = await operator.get('/sign-ins.csv?since=x')
    expect(status).toBe(400)
    expect(headers['content-disposition']).toBeUndefined()
  })
})

describe('a stream of them', () => {
  test('tells of a sign-in when it comes, as a row, and is not kept back on the way', async () => {
    const stream = await follow('/apps/acme/sign-ins/live')
    expect(stream.res.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    })
    await world.browser().get('/amazon_auth?error=server_error&state=acme')
    await world.browser().get('/amazon_auth?error=server_error&state=zenith')
    await until(() => stream.text.includes('server_error'))
    expect(stream.text).toContain('retry: 3000\n\n')
    expect(stream.text).toMatch(/\nid: \d+-[\w-]+\nevent: sign_ins\ndata: \{"rows":/)
    expect(stream.text).not.toContain('zenith')
    stream.stop()
  })

  test('tells who has declined apart from what has failed', async () => {
    const failed = await follow('/apps/zenith/sign-ins/live?outcome=failure')
    const declined = await follow('/apps/zenith/sign-ins/live?outcome=declined')
    await world.browser().get('/amazon_auth?error=access_denied&state=zenith')
    await world.browser().get('/amazon_auth?error=server_error&state=zenith')
    await until(() => failed.text.includes('server_error') && declined.text.includes('Declined'))
    expect(failed.text).not.toContain('access_denied')
    expect(declined.text).not.toContain('server_error')
    failed.stop()
    declined.stop()
  })

  test('goes on where it was lost, and from where a page was made', async () => {
    const [{ at, id } = {}] = world.store.rows(
      `SELECT at, id FROM audit WHERE reason = 'server_error' AND app_id = 'acme'`,
    )
    for (const [path, headers] of [
      ['/sign-ins/live?reason=server_error', { 'last-event-id': `${Number(at) - 1}-x` }],
      [`/sign-ins/live?reason=server_error&after=${Number(at) - 1}-x`, {}],
    ] as const) {
      const stream = await follow(path, headers)
      await until(() => stream.text.includes(String(id)))
      stream.stop()
    }
  })

  test('ends with the session of its operator, which it does not keep alive', async () => {
    const seenAt = () => world.store.rows('SELECT data FROM sessions').map(({ data }) => data)
    const before = seenAt()
    const stream = await follow('/sign-ins/live')
    expect(seenAt()).toEqual(before)
    stream.stop()
    const { browser } = operator
    const mine = browser.clone()
    browser.cookies.clear()
    expect((await follow('/sign-ins/live')).res.statusCode).toBe(401)
    for (const [name, value] of mine.cookies) browser.cookies.set(name, value)
  })

  test('is refused beyond two hundred', async () => {
    const streams = await Promise.all(
      Array.from({ length: 200 }, () => follow('/apps/acme/sign-ins/live')),
    )
    const more = await follow('/apps/acme/sign-ins/live')
    expect(more.res.statusCode).toBe(503)
    expect(more.res.headers['retry-after']).toBeDefined()
    for (const stream of streams) stream.stop()
    await until(async () => {
      const again = await follow('/apps/acme/sign-ins/live')
      again.stop()
      return again.res.statusCode === 200
    })
  })
})

describe('the page of changes', () => {
  test('tells who has changed what, and sign-ins are not in it, nor it in them', async () => {
    world.store.run(
      `INSERT INTO audit (app_id, at, id, outcome, reason, way, user_id, network, actor, detail) VALUES
       ('acme', 1800000000000, 'c-1', 'success', 'user_locked', 'operator', '77', '', 'app:para', '<b>why</b>'),
       ('acme', 1800000000001, 'c-2', 'success', 'app_put', 'operator', NULL, '', 'user:para/5', NULL),
       ('acme', 1800000000002, 'c-3', 'success', 'app_put', 'operator', NULL, '', 'app:acme', NULL),
       ('acme', 1800000000003, 'c-4', 'success', 'app_put', 'operator', NULL, '', 'user:para/6', NULL)`,
    )
    world.store.run(
      `INSERT INTO users (app_id, id, identifier, email, name, picture, "groups", active, token_secret, session_epoch, created_at, updated_at)
       VALUES ('para', '6', 'az:6', '', 'Olga <i>', '', 'users', 1, 's', 0, 1, 1)`,
    )
    const { body } = await operator.get('/apps/acme/changes')
    expect(body).toContain('<td>User locked</td>')
    expect(body).toContain('<code>app_put</code>')
    expect(body).toContain('<td>Keys of the root app</td>')
    expect(body).toContain('<td>Keys of the app acme</td>')
    expect(body).toContain('<td>Operator <bdi>Olga &#60;i&#62;</bdi></td>')
    expect(body).toContain('<td>Somebody who has been deleted</td>')
    const own = await (await world.operator('acme')).get('/apps/acme/changes')
    expect(own.body).toContain('<td>An operator of this service</td>')
    expect(own.body).not.toContain('Olga')
    expect(body).toContain('/admin/apps/acme/users/77')
    expect(body).not.toContain('<b>why</b>')
    expect((await operator.get('/changes')).body).toContain('User locked')
    expect((await operator.get('/apps/acme/sign-ins')).body).not.toContain('User locked')
    expect((await operator.get('/apps/zenith/changes')).body).not.toContain('User locked')
  })
})
