import {
  tokenIn,
  startAdminWorld,
  type AdminWorld,
  type OperatorBrowser,
} from '../../support/admin-world'

let world: AdminWorld
beforeAll(async () => {
  world = await startAdminWorld({ options: { webhooks: { allowPrivate: 'loopback' } } })
})
afterAll(() => world.close())

const count = (table: string, where: string): unknown =>
  world.store.rows(`SELECT count(*) n FROM ${table} WHERE ${where}`)[0]?.n

/** Sends what the page at `from` would, as often as told at once. */
async function press(
  operator: OperatorBrowser,
  path: string,
  fields: Readonly<Record<string, string>>,
  { from = path, times = 2 } = {},
) {
  const form = { ...fields, form_token: tokenIn((await operator.get(from)).body) }
  const send = () => operator.browser.clone().send(`/admin${path}`, { method: 'POST', form })
  return { send, answers: await Promise.all(Array.from({ length: times }, send)) }
}

test('a webhook is added once, its secret is shown once, and a reload of the form leads to the webhook', async () => {
  const operator = await world.operator('acme')
  const fields = { url: 'https://shop.example.com/hook', events: 'user.created' }
  const { send, answers } = await press(operator, '/apps/acme/webhooks', fields)
  expect(answers.map(({ status }) => status)).toEqual([303, 303])
  expect(new Set(answers.map(({ location }) => location)).size).toBe(1)
  expect(count('webhooks', "app_id = 'acme' AND deleted_at IS NULL")).toBe(1)
  const location = answers[0]?.location ?? ''
  const path = location.slice('/admin'.length)
  const shown = await operator.get(path)
  expect(shown.body).toMatch(/value="whsec_/)
  expect(shown.headers['cache-control']).toBe('no-store')
  const again = await operator.get(path)
  expect(again.status).toBe(302)
  expect(again.body).not.toContain('whsec_')
  expect((await send()).location).toBe(location)
  expect(count('webhooks', "app_id = 'acme' AND deleted_at IS NULL")).toBe(1)
  // From another page it is meant.
  await operator.postAndFollow('/apps/acme/webhooks', fields)
  expect(count('webhooks', "app_id = 'acme' AND deleted_at IS NULL")).toBe(2)
})

test('the secret of one session is shown to no other', async () => {
  const operator = await world.operator('acme')
  const other = await world.operator('acme')
  const fields = { url: 'https://shop.example.com/other', events: 'user.created' }
  const { location } = await operator.post('/apps/acme/webhooks', fields)
  const path = location.slice('/admin'.length)
  expect((await other.get(path)).body).not.toContain('whsec_')
  expect((await operator.get(path)).body).toContain('whsec_')
  expect(world.store.dump('sessions')).not.toContain('whsec_')
})

test('a webhook gets one new secret, and one test event', async () => {
  const operator = await world.operator('acme')
  const fields = { url: 'https://127.0.0.1:9999/hook', events: 'user.created' }
  const { location } = await operator.post('/apps/acme/webhooks', fields)
  const own = location.slice('/admin'.length).replace(/\/secret.*/, '')
  const id = own.split('/').at(-1) ?? ''
  const rotated = await press(operator, `${own}/rotate`, {}, { from: own })
  expect(rotated.answers.map(({ status }) => status)).toEqual([303, 303])
  expect(count('audit', `reason = 'webhook_secret_rotated' AND detail = '${id}'`)).toBe(1)
  await press(operator, `${own}/test`, {}, { from: own, times: 3 })
  expect(count('webhook_deliveries', `webhook_id = '${id}'`)).toBe(1)
})

test('an app that is made by two presses is made once, and its keys are shown', async () => {
  const root = await world.operator()
  const { answers } = await press(root, '/new-app', { id: 'twice' })
  expect(answers.map(({ status }) => status)).toEqual([303, 303])
  const page = await root.get((answers[1]?.location ?? '').slice('/admin'.length))
  expect(page.body).toContain(world.secretOf('twice'))
})

test('of keys that are renewed by two presses those that are in force are shown, and the session goes on', async () => {
  const own = await world.operator('zenith')
  const version = /name="version" value="([^"]+)"/.exec(
    (await own.get('/apps/zenith/keys')).body,
  )?.[1]
  const form = { version: version ?? '', sure: 'yes' }
  const { answers } = await press(own, '/apps/zenith/keys', form, { times: 3 })
  expect(new Set(answers.map(({ location }) => location)).size).toBe(1)
  const page = await own.get((answers[0]?.location ?? '').slice('/admin'.length))
  expect(page.body).toContain(world.secretOf('zenith'))
  expect(count('audit', "app_id = 'zenith' AND reason = 'keys_renewed'")).toBe(1)
})

test('a change of many users is begun once', async () => {
  const own = await world.operator('acme')
  const order = { action: 'lock', covers: 'all' }
  const { answers } = await press(own, '/apps/acme/users/bulk', order)
  expect(new Set(answers.map(({ location }) => location)).size).toBe(1)
  expect(count('bulks', "app_id = 'acme'")).toBe(1)
})

test('a form by which nothing was done is taken again', async () => {
  const own = await world.operator('acme')
  const wrong = { url: 'https://10.0.0.1/', events: 'user.created' }
  const { send, answers } = await press(own, '/apps/acme/webhooks', wrong)
  for (const { status, body } of [...answers, await send()]) {
    expect(status).toBe(400)
    expect(body).toContain('private network')
  }
})
