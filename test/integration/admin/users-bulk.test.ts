import { tokenIn, type OperatorBrowser } from '../../support/admin-world'
import { until } from '../../support/until'
import { startUsersWorld, type UsersWorld } from './users-world'

let world: UsersWorld
let operator: OperatorBrowser
beforeAll(async () => {
  world = await startUsersWorld()
  operator = await world.operator()
})
beforeEach(() => {
  for (const table of ['users', 'audit', 'bulks', 'bulk_users']) {
    world.store.run(`DELETE FROM ${table}`)
  }
  world.add({ id: '1', name: 'Ada' }, { id: '2', name: 'Bob' }, { id: '3', name: 'Cid' })
})
afterAll(() => world.close())

const USERS = '/apps/acme/users'
const BULK = `${USERS}/bulk`

/** Sends the form of the list; gives the path of the page that it leads to, below the pages. */
async function begin(fields: string, by = operator): Promise<string> {
  const { body } = await by.get(USERS)
  const form = `${fields}&form_token=${encodeURIComponent(tokenIn(body))}`
  const { browser } = by
  const headers = { accept: 'text/html', origin: browser.origin }
  const answer = await browser.send(`/admin${BULK}`, { method: 'POST', headers, form })
  if (answer.status !== 303) throw new Error(`${answer.status} ${answer.body}`)
  return answer.location.slice('/admin'.length)
}
const send = (at: string, fields = {}, by = operator) =>
  by.post(at, fields, at.replace(/\/\w+$/, ''))
async function done(at: string): Promise<string> {
  let body = ''
  await until(async () => {
    ;({ body } = await operator.get(at))
    return body.includes('It is done.')
  })
  return body
}
const states = () =>
  world.store.rows('SELECT id, active FROM users ORDER BY id').map(({ active }) => active)

test('users who are picked are locked: asked first, with their number and who they are', async () => {
  const at = await begin('covers=ids&action=lock&id=1&id=3&search=')
  const { body } = await operator.get(at)
  for (const text of [
    'Users to be locked: 2',
    'Users by their ids',
    'Ada',
    'Cid',
    'It waits to be started',
  ]) {
    expect(body).toContain(text)
  }
  expect(body).not.toContain('Bob')
  expect(states()).toEqual([1, 1, 1])
  await send(`${at}/start`)
  const after = await done(at)
  for (const text of ['In all: 2', 'Changed: 2', 'Were so already: 0', 'Not looked at: 0']) {
    expect(after).toContain(text)
  }
  expect(states()).toEqual([0, 1, 0])
})

test('each user, and the whole, stand in the audit trail with who did it', async () => {
  const by = await world.operator('acme')
  const at = await begin('covers=ids&action=lock&id=1', by)
  await send(`${at}/start`, {}, by)
  await done(at)
  const id = at.split('/').at(-1) ?? ''
  expect(world.changes('1')).toMatchObject([
    { reason: 'user_locked', actor: 'app:acme', detail: `bulk ${id}` },
  ])
  expect(world.changes()).toMatchObject([
    { reason: 'bulk_started', actor: 'app:acme', detail: `bulk ${id}: lock, 1 users, 0 changed` },
  ])
  expect((await operator.get(`${USERS}/1`)).body).toContain(`bulk ${id}`)
})

test('all that match a search are meant by the search that was shown, an empty one by nobody', async () => {
  const at = await begin('covers=search&action=sign_out&search=b')
  expect((await operator.get(at)).body).toContain('Users to be signed out everywhere: 1')
  expect(await begin('covers=search&action=lock&search=')).toBe(USERS)
  expect((await operator.get(USERS)).body).toContain('Nobody was picked')
  expect(await begin('covers=ids&action=lock&search=b')).toBe(USERS)
  expect(world.store.rows('SELECT * FROM bulks')).toHaveLength(1)
})

test('more users than a list finds are covered, and none who came later', async () => {
  world.addMany(1000, 2500)
  const at = await begin('covers=search&action=lock&search=many')
  expect((await operator.get(at)).body).toContain('Users to be locked: 2500')
  world.add({ id: '9999', name: 'Many more', createdAtMs: Date.now() })
  await send(`${at}/start`)
  expect(await done(at)).toContain('Changed: 2500')
  expect(world.user('9999')).toMatchObject({ active: 1 })
  expect(world.store.rows(`SELECT count(*) AS n FROM audit WHERE reason = 'user_locked'`)).toEqual([
    { n: 2500 },
  ])
})

test('a deletion wants to be told how many it deletes', async () => {
  const at = await begin('covers=all&action=delete')
  const wrong = await send(`${at}/start`, { typed: '2' })
  expect(wrong.status).toBe(400)
  expect(wrong.body).toContain('This is not how many they are.')
  expect(states()).toHaveLength(3)
  await send(`${at}/start`, { typed: ' 3 ' })
  expect(await done(at)).toContain('Changed: 3')
  expect(states()).toEqual([])
})

test('a list of ids is taken in any form, and those that nobody has are told', async () => {
  const page = await operator.post(BULK, {
    covers: 'ids',
    from: 'ids',
    action: 'lock',
    ids: ' 1,2;1\n\n9 <b> ',
  })
  const { body } = await operator.get(page.location.slice('/admin'.length))
  expect(body).toContain('Users to be locked: 2')
  expect(body).toContain('Ids that no user of this app has: 2')
  expect(body).toContain('<code>9 &#60;b&#62;</code>')
  const none = await operator.post(BULK, {
    covers: 'ids',
    from: 'ids',
    action: 'lock',
    ids: ' ,; ',
  })
  expect(none.status).toBe(400)
  expect(none.body).toContain('aria-describedby="ids-error"')
})

test('twenty thousand ids are taken at once, and more are refused and kept to be sent in parts', async () => {
  const ids = (count: number) =>
    Array.from({ length: count }, (_none, at) => String(10_000 + at)).join(' ')
  const many = await operator.post(BULK, {
    covers: 'ids',
    from: 'ids',
    action: 'lock',
    ids: ids(20_001),
  })
  expect(many.status).toBe(400)
  expect(many.body).toContain('There are more than 20,000 ids.')
  world.addMany(10_000, 20)
  const taken = await operator.post(BULK, {
    covers: 'ids',
    from: 'ids',
    action: 'lock',
    ids: ids(20_000),
  })
  const at = taken.location.slice('/admin'.length)
  let body = ''
  await until(async () => {
    ;({ body } = await operator.get(at))
    return body.includes('It waits')
  })
  expect(body).toContain('Users to be locked: 20')
  expect(body).toContain('Ids that no user of this app has: 19980')
})

test('two operators: it starts once, and whoever comes second is told', async () => {
  const other = await world.operator('acme')
  const at = await begin('covers=all&action=sign_out')
  await Promise.all([send(`${at}/start`), send(`${at}/start`, {}, other)])
  await done(at)
  expect(world.changes().filter(({ reason }) => reason === 'bulk_started')).toHaveLength(1)
  expect(world.store.rows('SELECT DISTINCT session_epoch FROM users')).toEqual([
    { session_epoch: 1 },
  ])
  await send(`${at}/cancel`, {}, other).catch(() => undefined)
  expect((await other.get(at)).body).toContain('It is done.')
})

test('one that is not started can be dropped, and one that runs stopped', async () => {
  const at = await begin('covers=all&action=lock')
  await send(`${at}/cancel`)
  expect((await operator.get(at)).body).toContain('It was cancelled.')
  world.addMany(1000, 3000)
  const long = await begin('covers=all&action=lock')
  await send(`${long}/start`)
  await send(`${long}/cancel`)
  expect((await operator.get(long)).body).toContain('It was cancelled.')
  const locked = () => world.store.rows('SELECT count(*) AS n FROM users WHERE active = 0')[0]?.n
  const after = locked()
  expect(after).toBeLessThan(3000)
  expect((await operator.get(long)).body).toContain(`Changed: ${String(after)}`)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(locked()).toBe(after)
})

test('the latest are listed, with what each covers', async () => {
  await begin(`covers=search&action=lock&search=${encodeURIComponent('<b>%_\u202E')}`)
  const { body } = await operator.get(BULK)
  expect(body).toContain('<bdi>&#60;b&#62;%_\u202E</bdi>')
  expect(body).toContain('Not started')
})

test('another app has no part in it', async () => {
  const at = await begin('covers=all&action=delete')
  const zenith = await world.operator('zenith')
  expect(await zenith.get(at)).toMatchObject({ status: 404 })
  const there = at.replace('/acme/', '/zenith/')
  expect(await zenith.get(there)).toMatchObject({ status: 404 })
  const from = '/apps/zenith/users/bulk'
  for (const path of [at, there]) {
    expect(await zenith.post(`${path}/start`, { typed: '3' }, from)).toMatchObject({ status: 404 })
    expect(await zenith.post(`${path}/cancel`, {}, from)).toMatchObject({ status: 404 })
  }
  const listed = await zenith.post(from, {
    covers: 'ids',
    from: 'ids',
    action: 'lock',
    ids: '1 2 3',
  })
  expect((await zenith.get(listed.location.slice('/admin'.length))).body).toContain(
    'Ids that no user of this app has: 3',
  )
  expect(states()).toEqual([1, 1, 1])
})

test('an unknown action, or none, changes nothing', async () => {
  for (const fields of ['covers=all&action=promote', 'covers=all', 'action=lock']) {
    await expect(begin(fields)).rejects.toThrow(/^400 /)
  }
  expect(world.store.rows('SELECT * FROM bulks')).toEqual([])
})
