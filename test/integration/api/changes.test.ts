import { ROOT_KEYS, startServer, superToken, type TestServer } from '../../support/api'
import type { AuditEvent } from '../../../src/audit/audit-event'

let server: TestServer
const events: AuditEvent[] = []

beforeAll(async () => {
  server = await startServer({
    logger: {
      debug: () => undefined,
      info(facts, message) {
        if (message === 'audit') events.push(facts as AuditEvent)
      },
      warn: () => undefined,
      error: () => undefined,
    },
  })
})
afterAll(() => server.close())

/** Changes told since it was asked last. */
function changes(): readonly Partial<AuditEvent>[] {
  return events
    .splice(0)
    .filter(({ way }) => way === 'operator')
    .map(({ app, reason, actor, userId, detail }) => ({
      app,
      reason,
      actor,
      ...(userId && { userId }),
      ...(detail && { detail }),
    }))
}

const asRoot = { as: ROOT_KEYS }

test('what an app changes over the API is told with who did it, by names and never by values', async () => {
  const { json: keys } = await server.call('GET /v1/_setup/told', asRoot)
  await server.call('GET /v1/_setup/told', asRoot)
  await server.call('PUT /v1/_settings/az_secret', { as: keys, body: { value: 'planted' } })
  await server.call('PUT /v1/_settings/az_secret', { as: keys, body: { value: '********' } })
  await server.call('PUT /v1/_settings', {
    as: superToken(keys),
    body: { az_secret: '********', colour: 'planted' },
  })
  await server.call('DELETE /v1/_settings/colour', { as: keys })
  const told = { app: 'told', actor: 'app:told' }
  const text = JSON.stringify(events)
  expect(changes()).toEqual([
    { ...told, reason: 'app_created', actor: 'app:para' },
    { ...told, reason: 'setting_put', detail: 'az_secret' },
    { ...told, reason: 'settings_replaced', detail: 'az_secret, colour' },
    { ...told, reason: 'setting_deleted', detail: 'colour' },
  ])
  expect(text).not.toContain('planted')
})

test('so are apps switched, renamed, given new keys and deleted, and users changed, locked and gone', async () => {
  const keys = await server.createApp('busy')
  const { user } = await server.signIn('busy')
  changes()
  const patch = (body: object) =>
    server.call(`PATCH /v1/users/${user.id}`, { as: keys, body: body as never })
  await patch({ active: false })
  await patch({ active: true, name: 'planted' })
  await patch({ email: 'planted@example.com' })
  await patch({})
  await server.call(`POST /v1/users/${user.id}/_signout`, { as: keys })
  await server.call(`DELETE /v1/users/${user.id}`, { as: keys })
  await server.call('PATCH /v1/apps/busy', { ...asRoot, body: { active: false } })
  await server.call('PATCH /v1/apps/busy', { ...asRoot, body: { active: true, name: 'planted' } })
  const { json: renewed } = await server.call('POST /v1/_newkeys', { as: keys })
  await server.call('DELETE /v1/apps/app:busy', { as: renewed })
  const text = JSON.stringify(events)
  const own = { app: 'busy', actor: 'app:busy' }
  const of = { ...own, userId: user.id }
  expect(changes()).toEqual([
    { ...of, reason: 'user_locked' },
    { ...of, reason: 'user_unlocked', detail: 'name' },
    { ...of, reason: 'user_changed', detail: 'email' },
    { ...of, reason: 'user_signed_out' },
    { ...of, reason: 'user_deleted' },
    { ...own, actor: 'app:para', reason: 'app_switched_off' },
    { ...own, actor: 'app:para', reason: 'app_switched_on', detail: 'name' },
    { ...own, reason: 'keys_renewed' },
    { ...own, reason: 'app_deleted' },
  ])
  expect(text).not.toContain('planted')
})

test('what was refused, and what only reads, is no change', async () => {
  const keys = await server.createApp('quiet')
  changes()
  await server.call('PUT /v1/_settings/signin_success', {
    as: keys,
    body: { value: 'javascript:1' },
  })
  await server.call('PATCH /v1/apps/para', { ...asRoot, body: { active: false } })
  await server.call('DELETE /v1/users/1', { as: keys })
  await server.call('GET /v1/_settings', { as: keys })
  await server.call('GET /v1/users', { as: keys })
  expect(changes()).toEqual([])
})

test('a setting of a thousand names tells some of them', async () => {
  const keys = await server.createApp('many')
  changes()
  const body = Object.fromEntries(Array.from({ length: 500 }, (_none, at) => [`k${at}`, at]))
  await server.call('PUT /v1/_settings', { as: keys, body })
  expect(changes()[0]?.detail).toMatch(/^k0, k1, .*, k19 \+480$/)
})
