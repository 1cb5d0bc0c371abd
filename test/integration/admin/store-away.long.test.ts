import { setTimeout as sleep } from 'node:timers/promises'

import { EN } from '../../../src/pages/admin/texts/en'
import { tokenIn, type OperatorBrowser } from '../../support/admin-world'
import { startUsersWorld, type UsersWorld } from './users-world'

let world: UsersWorld
let operator: OperatorBrowser
beforeAll(async () => {
  world = await startUsersWorld()
  operator = await world.operator('acme')
})
afterAll(() => world.close())
afterEach(() => ['users', 'sessions', 'audit', 'apps'].forEach(mend))

/** Has the store refuse a kind of writing, as one that is lost in the middle of a form does. */
function fail(table: string, change: 'INSERT' | 'UPDATE'): void {
  world.store.run(
    `CREATE TRIGGER away_${table} BEFORE ${change} ON ${table} BEGIN SELECT RAISE(ABORT, 'away'); END`,
  )
}

function mend(table: string): void {
  world.store.run(`DROP TRIGGER IF EXISTS away_${table}`)
}

/** Sends the form of a page, as often as is asked. */
async function formOf(path: string, fields: Readonly<Record<string, string>> = {}) {
  const { body } = await operator.get(path)
  const version = /name="version" value="([^"]+)"/.exec(body)?.[1] ?? ''
  const form = { ...fields, version, form_token: tokenIn(body) }
  return () => operator.browser.send(`/admin${path}`, { method: 'POST', form })
}

test('a change is noted although the store is away for a moment when it has been made', async () => {
  world.add({ id: '1' })
  const send = await formOf('/apps/acme/users/1/lock')
  fail('audit', 'INSERT')
  const answer = send()
  while (world.user('1')?.active === 1) await sleep(5)
  await sleep(200)
  mend('audit')
  expect((await answer).status).toBe(303)
  expect(world.changes('1')).toHaveLength(1)
})

test('who sends a form that fails in the middle is led back to its page, and may send it again', async () => {
  world.add({ id: '2' })
  const send = await formOf('/apps/acme/users/2/lock')
  fail('users', 'UPDATE')
  const { status, body } = await send()
  expect(status).toBeGreaterThanOrEqual(500)
  expect(body).toContain(`<a href="/admin/apps/acme/users/2/lock">${EN.common.openAgain}</a>`)
  expect(body).not.toContain('Signing in')
  mend('users')
  expect((await send()).status).toBe(303)
  expect(world.user('2')).toMatchObject({ active: 0 })
  expect(world.changes('2')).toHaveLength(1)
})

test('where nobody knows what came of a form it is not taken again, and its page is', async () => {
  world.add({ id: '3' })
  const path = '/apps/acme/users/3/lock'
  const send = await formOf(path)
  fail('users', 'UPDATE')
  fail('sessions', 'INSERT')
  await send()
  mend('users')
  mend('sessions')
  const { status, body } = await send()
  expect(status).toBe(400)
  expect(body).toContain(EN.common.sentAlready)
  expect(body).toContain(`<a href="/admin${path}">`)
  expect(body).not.toContain('openapi')
  expect((await (await formOf(path))()).status).toBe(303)
})

test('who renews keys stays signed in, also where it fails before', async () => {
  const path = '/apps/acme/keys'
  fail('apps', 'UPDATE')
  for (let n = 0; n < 2; n += 1) {
    expect((await (await formOf(path, { sure: 'yes' }))()).status).toBeGreaterThanOrEqual(500)
  }
  mend('apps')
  const { location } = await (await formOf(path, { sure: 'yes' }))()
  const shown = await operator.get(location.slice('/admin'.length))
  expect(shown.body).toContain(world.secretOf('acme'))
})
