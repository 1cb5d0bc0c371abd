import type { OperatorBrowser } from '../../support/admin-world'
import { startUsersWorld, type UsersWorld } from './users-world'

let world: UsersWorld
let operator: OperatorBrowser
beforeAll(async () => {
  world = await startUsersWorld()
  operator = await world.operator()
})
beforeEach(() => {
  world.store.run('DELETE FROM users')
  world.store.run('DELETE FROM audit')
})
afterAll(() => world.close())

const USERS = '/apps/acme/users'

/** Ids of the users of a list, in its order. */
function idsIn(body: string): readonly string[] {
  return [...body.matchAll(/name="id" value="([^"]*)"/g)].map(([, id]) => String(id))
}

function link(body: string, rel: string): string {
  const [, href = ''] = new RegExp(`href="/admin([^"]+)" rel="${rel}"`).exec(body) ?? []
  return href.replaceAll('&#38;', '&')
}

describe('the list of users', () => {
  test('shows name, email, id, state and last sign-in, the youngest first', async () => {
    world.add({ id: '1', name: 'Ada', createdAtMs: 1 }, { id: '2', active: false, createdAtMs: 2 })
    world.store.run(
      `INSERT INTO audit (app_id, at, id, outcome, reason, way, user_id, network) VALUES ('acme', 1700000001000, 'e', 'success', 'ok', 'browser', '1', '')`,
    )
    const { status, body } = await operator.get(USERS)
    expect(status).toBe(200)
    expect(idsIn(body)).toEqual(['2', '1'])
    for (const text of ['<bdi>Ada</bdi>', '1@example.com', '2023-11-14 22:13:21', 'Locked']) {
      expect(body).toContain(text)
    }
    expect(body).toContain('Users of this app. In all: 2.')
  })

  test('is ordered by each of its columns, either way', async () => {
    world.add({ id: '9', name: 'b', email: 'Z@x' }, { id: '10', name: 'A', email: 'y@x' })
    for (const [query, first] of [
      ['sort=name&desc=0', '10'],
      ['sort=name&desc=1', '9'],
      ['sort=email&desc=0', '10'],
      ['sort=email&desc=1', '9'],
      ['sort=id&desc=0', '9'],
      ['sort=id&desc=1', '10'],
    ] as const) {
      const { body } = await operator.get(`${USERS}?${query}`)
      expect(idsIn(body)).toHaveLength(2)
      expect(idsIn(body)[0]).toBe(first)
      const order = query.endsWith('1') ? 'descending' : 'ascending'
      expect(body.match(/aria-sort="\w+"/g)).toEqual([`aria-sort="${order}"`])
    }
  })

  test('leads through all of its pages and back, each user once', async () => {
    world.addMany(1000, 120)
    const seen: string[] = []
    let { body } = await operator.get(`${USERS}?sort=id&desc=0`)
    expect(link(body, 'prev')).toBe('')
    for (;;) {
      seen.push(...idsIn(body))
      const next = link(body, 'next')
      if (next === '') break
      ;({ body } = await operator.get(next))
    }
    expect(seen).toEqual(Array.from({ length: 120 }, (_none, at) => String(1000 + at)))
    ;({ body } = await operator.get(link(body, 'prev')))
    expect(idsIn(body)[0]).toBe('1050')
    ;({ body } = await operator.get(link(body, 'prev')))
    expect(idsIn(body)).toEqual(Array.from({ length: 50 }, (_none, at) => String(1000 + at)))
    expect(link(body, 'prev')).toBe('')
  })

  test('goes on when the user is gone whom a page begins behind', async () => {
    world.addMany(1000, 60)
    const next = link((await operator.get(`${USERS}?sort=id&desc=0`)).body, 'next')
    world.store.run(`DELETE FROM users WHERE id = '1049'`)
    const { status, body } = await operator.get(next)
    expect(status).toBe(200)
    expect(body).toContain('is not there any more: these are the first of the list')
    expect(idsIn(body)[0]).toBe('1000')
  })

  test('finds by the beginning of name, email and identifier, and takes a text as it is', async () => {
    world.add(
      { id: '1', name: '100%_"Ann\' <b>' },
      { id: '2', name: 'Bob', email: 'ANN@example.com' },
      { id: '3', name: 'Cid', identifier: 'az:amzn1.account.C' },
    )
    const found = async (q: string) =>
      idsIn((await operator.get(`${USERS}?q=${encodeURIComponent(q)}`)).body)
    expect(await found('ann')).toEqual(['2'])
    expect(await found('100%_"ann\' <')).toEqual(['1'])
    expect(await found('%')).toEqual([])
    expect(await found('_')).toEqual([])
    expect(await found("' OR 1=1 --")).toEqual([])
    expect(await found('az:amzn1')).toEqual(['3'])
    const { body } = await operator.get(`${USERS}?q=${encodeURIComponent('"><script>')}`)
    expect(body).toContain('value="&#34;&#62;&#60;script&#62;"')
    expect(body).not.toContain('<script>')
  })

  test('leads from a whole id to that user, and from another number to a search', async () => {
    world.add({ id: '123' }, { id: '4', name: '777 Street' })
    expect(await operator.get(`${USERS}?q=123`)).toMatchObject({
      location: '/admin/apps/acme/users/123',
    })
    expect(idsIn((await operator.get(`${USERS}?q=777`)).body)).toEqual(['4'])
  })

  test('a search of more than a list finds says so', async () => {
    world.addMany(1000, 1100)
    const { body } = await operator.get(`${USERS}?q=many`)
    expect(body).toContain('Users found: 1000 or more.')
    const second = await operator.get(link(body, 'next'))
    expect(idsIn(second.body)).toHaveLength(50)
  })

  test('names that hide, turn or mark up the line stay within it', async () => {
    world.add(
      { id: '1', name: '\u202Egnp.exe\u202C' },
      { id: '2', name: '\u200B\u2060' },
      { id: '3', name: '', email: '' },
      { id: '4', name: '<img src=x onerror=alert(1)>' },
      { id: '5', name: '👩‍👩‍👧 العربية' },
      // What is stored where Amazon has told none.
      { id: '6', name: 'No Name', email: '6@amazon.com' },
    )
    const { body } = await operator.get(USERS)
    expect(body).toContain('<bdi>\u202Egnp.exe\u202C</bdi>')
    expect(body.match(/<span class="soft">No name<\/span>/g)).toHaveLength(3)
    expect(body.match(/<span class="soft">No email<\/span>/g)).toHaveLength(2)
    expect(body).toContain('&#60;img src=x onerror=alert(1)&#62;')
    expect(body).not.toContain('<img')
    expect(body).toContain('<bdi>👩‍👩‍👧 العربية</bdi>')
    expect(body).toContain('aria-label="Pick 2"')
  })

  test('odd addresses are answered as plain ones', async () => {
    world.add({ id: '1' })
    for (const query of [
      'after=%00',
      'before=nobody',
      'page=-1',
      'page=1e9&q=a',
      'desc=x&sort=%ff',
    ]) {
      expect(await operator.get(`${USERS}?${query}`)).toMatchObject({ status: 200 })
    }
  })
})

describe('one user', () => {
  const ONE = `${USERS}/1`

  test('is shown with what is kept, and nothing secret', async () => {
    world.add({ id: '1', name: 'Ada' })
    world.store.run(
      `UPDATE users SET profile = '{"postal_code":"12345","<b>":"<i>"}', scopes = 'profile postal_code', token_secret = 'the-token-secret'`,
    )
    const { status, body } = await operator.get(ONE)
    expect(status).toBe(200)
    for (const text of ['postal_code', '12345', '&#60;i&#62;', 'profile postal_code', 'az:1']) {
      expect(body).toContain(text)
    }
    expect(body).not.toContain('the-token-secret')
  })

  test('is not there for the operator of another app, nor for one who names no user', async () => {
    world.add({ id: '1' }, { id: '2', appId: 'zenith' })
    const other = await world.operator('zenith')
    expect(await other.get('/apps/zenith/users/2')).toMatchObject({ status: 200 })
    for (const path of ['', '/1', '/1/lock', '/1/delete', '/1/export', '/bulk', '/bulk/x']) {
      expect(await other.get(USERS + path)).toMatchObject({ status: 404 })
    }
    expect(await other.get('/apps/zenith/users/1')).toMatchObject({ status: 404 })
    const send = (path: string) =>
      other.post(path, { covers: 'all', action: 'lock' }, '/apps/zenith/users/2')
    for (const path of ['/1/lock', '/1/unlock', '/1/sign-out', '/1/unlink', '/1/delete', '/bulk']) {
      expect(await send(USERS + path)).toMatchObject({ status: 404 })
    }
    expect(world.user('1')).toMatchObject({ active: 1, session_epoch: 0 })
    expect(world.changes('1')).toEqual([])
    expect(await operator.get(`${USERS}/nobody`)).toMatchObject({ status: 404 })
  })

  test('is locked after a question that says the effect, once, and it is told who did', async () => {
    world.add({ id: '1' })
    expect((await operator.get(`${ONE}/lock`)).body).toContain('the next sign-in is refused')
    expect(world.user('1')).toMatchObject({ active: 1 })
    expect(await operator.post(`${ONE}/lock`)).toMatchObject({
      status: 303,
      location: `/admin${ONE}`,
    })
    expect((await operator.get(ONE)).body).toContain('The user is locked.')
    expect(world.user('1')).toMatchObject({ active: 0, session_epoch: 1 })
    const other = await world.operator('acme')
    await other.post(`${ONE}/lock`)
    expect((await other.get(ONE)).body).toContain('The user was locked already.')
    expect(world.user('1')).toMatchObject({ session_epoch: 1 })
    expect(world.changes('1')).toMatchObject([
      { reason: 'user_locked', actor: 'app:para', app_id: 'acme' },
    ])
    await other.post(`${ONE}/unlock`)
    expect(world.user('1')).toMatchObject({ active: 1 })
    expect(world.changes('1')).toMatchObject([{}, { reason: 'user_unlocked', actor: 'app:acme' }])
    const { body } = await operator.get(ONE)
    for (const text of ['User locked', 'User unlocked', 'Keys of the app acme'])
      expect(body).toContain(text)
  })

  test('is signed out everywhere, and unlinked', async () => {
    world.add({ id: '1' })
    await operator.post(`${ONE}/sign-out`)
    expect(world.user('1')).toMatchObject({ session_epoch: 1, active: 1 })
    await operator.post(`${ONE}/unlink`)
    expect(world.user('1')).toMatchObject({ identifier: 'unlinked:1' })
    await operator.post(`${ONE}/unlink`)
    expect(world.changes('1').map(({ reason }) => reason)).toEqual([
      'user_signed_out',
      'user_unlinked',
    ])
    expect((await operator.get(ONE)).body).toContain('None: the account at Amazon was unlinked')
  })

  test('is deleted when the name or the id was typed, in whatever form it is written', async () => {
    world.add({ id: '1', name: 'Zo\u00eb ' }, { id: '2' }, { id: '3', name: '' })
    const wrong = await operator.post(`${ONE}/delete`, { typed: 'zoe' })
    expect(wrong.status).toBe(400)
    expect(wrong.body).toContain('neither the name nor the id')
    expect(wrong.body).toContain('aria-describedby="typed-error"')
    expect(world.user('1')).toBeDefined()
    await operator.post(`${ONE}/delete`, { typed: 'Zoe\u0308' })
    expect(world.user('1')).toBeUndefined()
    await operator.post(`${USERS}/2/delete`, { typed: '2' })
    expect(world.user('2')).toBeUndefined()
    await operator.post(`${USERS}/3/delete`, { typed: ' ' })
    expect(world.user('3')).toBeDefined()
    expect(world.changes('1')).toMatchObject([{ reason: 'user_deleted' }])
  })

  test('who was deleted while the page was open is told of, and nothing fails', async () => {
    world.add({ id: '1' }, { id: '2' })
    for (const path of ['/lock', '/sign-out', '/unlink', '/delete']) {
      const answer = await operator.post(`${USERS}/9${path}`, { typed: '9' }, `${USERS}/1/lock`)
      expect(answer).toMatchObject({ status: 303, location: `/admin${USERS}` })
      expect((await operator.get(USERS)).body).toContain('This user is not there any more: 9.')
    }
    expect(world.changes('9')).toEqual([])
  })

  test('is exported as a file, and who has taken it is told', async () => {
    world.add({ id: '1', name: 'Ada' })
    const { status, headers, body } = await operator.get(`${ONE}/export`)
    expect(status).toBe(200)
    expect(headers['content-disposition']).toBe('attachment; filename="acme-user-1.json"')
    expect(JSON.parse(body)).toMatchObject({ user: { id: '1', name: 'Ada' }, kept: {} })
    expect(body).not.toContain('secret')
    expect(world.changes('1')).toMatchObject([{ reason: 'user_exported' }])
  })
})

describe('seen from outside', () => {
  test('a lock ends the session at once and refuses the next sign-in; unlocked, the person comes in again', async () => {
    const browser = world.browser()
    expect((await world.signIn(browser, '/amazon_auth?state=acme')).status).toBe(302)
    const [user] = world.store.rows('SELECT id FROM users')
    const path = `${USERS}/${String(user?.id)}`
    expect((await browser.get('/v1/_me?appid=acme')).status).toBe(200)
    await operator.post(`${path}/lock`)
    expect((await browser.get('/v1/_me?appid=acme')).status).toBe(401)
    expect((await world.signIn(browser, '/amazon_auth?state=acme')).location).toContain(
      '/failed?cause=',
    )
    await operator.post(`${path}/unlock`)
    expect((await browser.get('/v1/_me?appid=acme')).status).toBe(401)
    expect((await world.signIn(browser, '/amazon_auth?state=acme')).location).not.toContain(
      'cause=',
    )
    expect((await browser.get('/v1/_me?appid=acme')).status).toBe(200)
    await operator.post(`${path}/sign-out`)
    expect((await browser.get('/v1/_me?appid=acme')).status).toBe(401)
  })
})
