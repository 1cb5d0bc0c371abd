import { createClient, type Client } from '../../../src/client'
import { tokenIn, type OperatorBrowser } from '../../support/admin-world'
import { startReceiver, type Receiver } from '../../support/receiver'
import { until } from '../../support/until'
import { startUsersWorld, type UsersWorld } from './users-world'

let world: UsersWorld
let operator: OperatorBrowser
let receiver: Receiver
let client: Client
beforeAll(async () => {
  world = await startUsersWorld({ options: { webhooks: { allowPrivate: 'loopback' } } })
  operator = await world.operator('acme')
  receiver = await startReceiver()
  const keys = { accessKey: 'app:acme', secretKey: world.secretOf('acme') }
  client = createClient({ url: world.origin, ...keys })
  await client.webhooks.create({
    url: receiver.url,
    events: ['user.locked', 'user.updated', 'user.deleted'],
  })
})
afterAll(async () => {
  await world.close()
  await receiver.close()
})

const BULK = '/apps/acme/users/bulk'

async function run(action: string, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_none, at) => String(at + 1)).join(' ')
  const begun = await operator.post(BULK, { covers: 'ids', from: 'ids', action, ids })
  const at = begun.location.slice('/admin'.length)
  const form = { typed: String(count), form_token: tokenIn((await operator.get(at)).body) }
  const headers = { origin: world.origin, accept: 'text/html' }
  await operator.browser.send(`/admin${at}/start`, { method: 'POST', headers, form })
  await until(async () => (await operator.get(at)).body.includes('It is done.'))
}

test('webhooks are told of each user whom a change of many has changed, and of no other', async () => {
  for (let at = 1; at <= 60; at += 1) world.add({ id: String(at), active: at > 10 })
  await run('lock', 60)
  await until(() => receiver.all.length >= 50)
  await run('unlock', 60)
  await until(() => receiver.all.length >= 110)
  await run('sign_out', 60)
  await run('delete', 60)
  await until(() => receiver.all.length >= 170)
  const count = (type: string) => receiver.types().filter((told) => told === type).length
  expect(['user.locked', 'user.updated', 'user.deleted'].map(count)).toEqual([50, 60, 60])
})

test('one that is cancelled tells of nobody whom it has left', async () => {
  world.addMany(1000, 3000)
  const before = receiver.all.length
  const { body } = await operator.get('/apps/acme/users')
  const form = { covers: 'all', action: 'delete', search: '', form_token: tokenIn(body) }
  const headers = { origin: world.origin, accept: 'text/html' }
  const send = (path: string, fields: Readonly<Record<string, string>>) =>
    operator.browser.send(path, { method: 'POST', headers, form: fields })
  const { location } = await send(`/admin${BULK}`, form)
  await until(async () => (await operator.get(location.slice(6))).body.includes('It waits'))
  await send(`${location}/start`, { typed: '3000', form_token: tokenIn(body) })
  const gone = () =>
    Number(
      world.store.rows('SELECT changed AS n FROM bulks ORDER BY created_at DESC LIMIT 1')[0]?.n,
    )
  await until(() => gone() > 0)
  await send(`${location}/cancel`, { form_token: tokenIn(body) })
  const deleted = gone()
  expect(deleted).toBeLessThan(3000)
  await until(() => receiver.all.length >= before + deleted)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(receiver.all.length).toBe(before + deleted)
  expect(world.store.rows('SELECT count(*) AS n FROM users')).toEqual([{ n: 3000 - deleted }])
})
