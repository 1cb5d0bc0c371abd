import { callAt } from '../../support/api'
import { startAdminWorld, tokenIn, type AdminWorld } from '../../support/admin-world'

let world: AdminWorld
beforeAll(async () => {
  world = await startAdminWorld()
})
afterAll(() => world.close())

const rows = (sql: string, ...values: string[]) => world.store.rows(sql, ...values)

describe('the list', () => {
  test('shows apps by id, a page at a time, with state, and finds them by what id or name begins with', async () => {
    const root = await world.operator()
    const add = (id: string, name: string, active: number) =>
      world.store.run(
        `INSERT INTO apps (app_id, name, active, sealed_secret, created_at, updated_at) VALUES ('${id}', '${name}', ${active}, 'x', 1, 1)`,
      )
    for (let at = 0; at < 120; at += 1)
      add(`many-${String(at).padStart(3, '0')}`, `Shop ${at}`, at % 2)
    add('zz<b>', '<script>alert(1)</script>', 1)
    const first = await root.get('/apps?search=many-')
    expect(first.status).toBe(200)
    expect(first.body).toContain('Apps found: 120.')
    expect(first.body.match(/many-\d+<\/a/g)).toHaveLength(50)
    const next = /rel="next" href="\/admin(\/apps[^"]+)"/.exec(first.body)?.[1] ?? ''
    const second = await root.get(next.replaceAll('&#38;', '&'))
    expect(second.body).toContain('many-050')
    expect(second.body).not.toContain('many-049')
    expect((await root.get('/apps?search=shop%2011')).body).toContain('many-110')
    expect((await root.get('/apps?search=nobody-at-all')).body).toContain('No id and no name')
    const odd = await root.get('/apps?after=zenith')
    expect(odd.body).toContain('zz&#60;b&#62;')
    expect(odd.body).not.toContain('<script>alert')
    world.store.run("DELETE FROM apps WHERE app_id LIKE 'many-%' OR app_id LIKE 'zz%'")
  })
})

describe('a new app', () => {
  test('is made with its settings; its keys are shown once, work, and are nowhere again', async () => {
    const root = await world.operator()
    const fields = {
      id: 'fresh',
      name: 'Fresh & new',
      signin_success: '/in?jwt=id',
      az_app_id: 'amzn1.f',
      az_secret: 'planted-secret',
    }
    const made = await root.postAndFollow('/new-app', fields)
    expect(made.headers['cache-control']).toContain('no-store')
    const secret = /id="secret" data-once>([^<]+)</.exec(made.body)?.[1] ?? ''
    expect(secret).toBe(world.secretOf('fresh'))
    expect(made.body).not.toContain('planted')
    const again = await root.post('/new-app', fields)
    expect(again.status).toBe(409)
    expect(again.body).toContain('There is an app of this id')
    expect(again.body).toContain('value="Fresh &#38; new"')
    expect(again.body).not.toContain('planted')
    const own = await world.operator('fresh')
    expect((await own.get('/apps/fresh/keys')).body).not.toContain(secret)
    expect(
      rows("SELECT reason, actor FROM audit WHERE app_id = 'fresh' AND reason = 'app_created'"),
    ).toEqual([{ reason: 'app_created', actor: 'app:para' }])
  })

  test('with what cannot be taken is told beside each field, keeps what was typed, and makes nothing', async () => {
    const root = await world.operator()
    const fields = {
      id: 'Köln & Bonn',
      signin_success: 'javascript:alert(1)',
      az_app_id: 'only-one',
    }
    const refused = await root.post('/new-app', fields)
    expect(refused.status).toBe(400)
    expect(refused.body).toContain('This would be: Kln--Bonn')
    expect(refused.body).toContain('value="javascript:alert(1)"')
    expect(refused.body).toContain('id="signin_success-error"')
    expect(refused.body).toContain('id="az_secret-error">Give both.')
    expect(rows("SELECT app_id FROM apps WHERE app_id LIKE 'Kln%'")).toEqual([])
  })
})

describe('keys', () => {
  test('are renewed once: the same form sent again makes no second key, and who did it stays signed in', async () => {
    const own = await world.operator('acme')
    const other = await world.operator('acme')
    const before = world.secretOf('acme')
    const page = await own.get('/apps/acme/keys')
    const version = /name="version" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
    const unsure = await own.post('/apps/acme/keys', { version })
    expect(unsure.status).toBe(400)
    expect(world.secretOf('acme')).toBe(before)
    const form = { version, sure: 'yes' }
    const rotated = await own.postAndFollow('/apps/acme/keys', form)
    const after = world.secretOf('acme')
    expect(after).not.toBe(before)
    expect(rotated.body).toContain(after)
    expect(rotated.headers['cache-control']).toContain('no-store')

    const again = await own.post('/apps/acme/keys', form)
    expect(again.status).toBe(409)
    expect(world.secretOf('acme')).toBe(after)
    expect(again.body).not.toContain(after)
    expect((await own.get('/apps/acme/keys')).status).toBe(200)
    expect((await other.get('/apps/acme/keys')).status).toBe(302)
  })

  test('of the root app, where they are configured, are told to be so', async () => {
    const root = await world.operator()
    const page = await root.get('/apps/para/keys')
    expect(page.body).toContain('is configured (root_secret_key)')
    expect(page.body).not.toContain('name="sure"')
  })
})

describe('switching and deleting', () => {
  test('an app is switched off and on by operators of all apps, and not by its own', async () => {
    const root = await world.operator()
    const off = await root.post('/apps/zenith/danger', { do: 'switch_off' })
    expect(off.status).toBe(303)
    expect((await root.get('/apps/zenith/danger')).body).toContain('The app')
    expect(rows("SELECT active FROM apps WHERE app_id = 'zenith'")).toEqual([{ active: 0 }])
    await root.post('/apps/zenith/danger', { do: 'switch_on' })
    expect(rows("SELECT active FROM apps WHERE app_id = 'zenith'")).toEqual([{ active: 1 }])
    const own = await world.operator('zenith')
    expect((await own.get('/apps/zenith/danger')).body).not.toContain('switch_off')
    expect((await own.post('/apps/zenith/danger', { do: 'switch_off' })).status).toBe(403)
    expect((await root.post('/apps/para/danger', { do: 'switch_off' })).status).toBe(403)
    expect(
      rows("SELECT reason FROM audit WHERE app_id = 'zenith' AND reason LIKE 'app_%' ORDER BY at"),
    ).toEqual([{ reason: 'app_switched_off' }, { reason: 'app_switched_on' }])
  })

  test('an app is deleted with its id typed, and with nothing else', async () => {
    const root = await world.operator()
    await root.post('/new-app', { id: 'doomed' })
    const wrong = await root.post('/apps/doomed/danger', { do: 'delete', id: 'doome' })
    expect(wrong.status).toBe(400)
    expect(wrong.body).toContain('Nothing was deleted')
    const gone = await root.post('/apps/doomed/danger', { do: 'delete', id: 'doomed' })
    expect(gone).toMatchObject({ status: 303, location: '/admin/apps' })
    expect((await root.get('/apps')).body).toContain('The app doomed was deleted.')
    expect((await root.get('/apps/doomed/settings')).status).toBe(404)
  })

  test('renames an app, and keeps what was typed where it is no name', async () => {
    const root = await world.operator()
    await root.post('/apps/zenith/danger', { do: 'rename', name: 'Zénith <1>' })
    expect((await root.get('/apps/zenith/danger')).body).toContain('value="Zénith &#60;1&#62;"')
    const long = 'x'.repeat(257)
    const refused = await root.post('/apps/zenith/danger', { do: 'rename', name: long })
    expect(refused).toMatchObject({ status: 400 })
    expect(refused.body).toContain(long)
  })
})

describe('a try', () => {
  const BACK = '<a class="button" href="/admin/apps/acme/setup">Back to the set-up guide</a>'
  const page = { accept: 'text/html' }

  /** Opens a link, allows, and gives what it has come to. */
  async function tried(link: string): Promise<string> {
    const browser = world.browser()
    const { body } = await browser.get(link, page)
    const [, begin = ''] = /href="([^"]+)" data-testid="begin"/.exec(body) ?? []
    const begun = await browser.get(begin.replaceAll('&#38;', '&'))
    return (await browser.get(await world.emulator.allow(begun.location), page)).body
  }

  test('that is begun by the guide through the set-up leads back to it, also when tried again', async () => {
    const { location } = await (await world.operator('acme')).get('/apps/acme/try')
    const body = await tried(location)
    expect(body).toContain('The sign-in to <bdi>acme</bdi> works')
    expect(body).toContain(BACK)
    const [, again = ''] = /href="([^"]*\/try\?link=[^"]+)"/.exec(body) ?? []
    expect(await tried(again)).toContain(BACK)
  })

  test('by any other link tells nothing of the pages for operators', async () => {
    const as = { accessKey: 'app:acme', secretKey: world.secretOf('acme') }
    const { json } = await callAt(world.origin, 'POST /v1/_try', { as })
    const body = await tried(String(json.url))
    expect(body).toContain('The sign-in to <bdi>acme</bdi> works')
    expect(body).not.toContain('/admin')
  })
})

test('an operator of one app finds none of these pages of another, nor the list', async () => {
  const own = await world.operator('zenith')
  const pages = ['settings', 'keys', 'danger', 'setup', 'try', 'doctor']
  for (const page of pages) {
    expect([page, (await own.get(`/apps/para/${page}`)).status]).toEqual([page, 404])
  }
  for (const page of ['settings', 'keys', 'danger', 'setup']) {
    const answer = await own.post(
      `/apps/para/${page}`,
      { do: 'delete', id: 'para' },
      '/apps/zenith/keys',
    )
    expect([page, answer.status]).toEqual([page, 404])
  }
  expect((await own.get('/apps')).status).toBe(404)
  expect((await own.post('/new-app', { id: 'mine' }, '/apps/zenith/keys')).status).toBe(404)
  expect(tokenIn((await own.get('/apps/zenith/keys')).body)).toMatch(/^[\w-]+\.[\w-]+$/)
})
