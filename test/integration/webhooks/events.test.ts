import { Webhook as StandardWebhook } from 'standardwebhooks'

import {
  createClient,
  verifyWebhook,
  type Client,
  type WebhookEventType,
} from '../../../src/client'
import { WEBHOOK_EVENTS } from '../../../src/webhooks/webhook-event'
import { callAt, ROOT_KEYS, type Keys } from '../../support/api'
import { ACME, ZENITH } from '../../support/host'
import { startLoginWorld, type LoginWorld } from '../../support/login-world'
import { startReceiver, type Received, type Receiver } from '../../support/receiver'
import { until } from '../../support/until'

let world: LoginWorld
let receiver: Receiver
let client: Client
let keys: Keys

beforeAll(async () => {
  world = await startLoginWorld({
    options: {
      rootSecretKey: ROOT_KEYS.secretKey,
      api: { manage: true },
      webhooks: { allowPrivate: 'loopback' },
      amazon: { keepTokens: true },
    },
  })
  keys = await makeApp('shop', ACME)
  client = createClient({ url: world.origin, ...keys })
})
afterAll(() => world.close())

beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(async () => {
  for (const { id } of await client.webhooks.list()) await client.webhooks.delete(id)
  await receiver.close()
})

async function makeApp(name: string, { clientId, clientSecret }: typeof ACME): Promise<Keys> {
  const { json } = await callAt(world.origin, `GET /v1/_setup/${name}`, { as: ROOT_KEYS })
  const body = { az_app_id: clientId, az_secret: clientSecret, signin_success: '/in' }
  await callAt(world.origin, 'PUT /v1/_settings', { as: json as Keys, body })
  return json as Keys
}

const add = (...events: WebhookEventType[]) =>
  client.webhooks.create({
    url: receiver.url,
    events: events.length === 0 ? WEBHOOK_EVENTS : events,
  })
const signIn = (userId?: string) => world.signIn(world.browser(), '/amazon_auth?state=shop', userId)

const signaturesOf = (received: Received | undefined) =>
  String(received?.headers['webhook-signature']).split(' ')

async function userId(): Promise<string> {
  const { items } = await client.users.list({ limit: 1 })
  return items[0]?.id ?? ''
}

test('a first sign-in is told as user.created and user.signed_in, in that order, a later one as user.signed_in', async () => {
  const { secret } = await add()
  await signIn()
  await receiver.wait(2)
  await signIn()
  const [created, first, second] = await receiver.wait(3)
  expect(receiver.types()).toEqual(['user.created', 'user.signed_in', 'user.signed_in'])
  const id = await userId()
  expect(created?.data).toMatchObject({ appid: 'shop', user: { id, type: 'user', active: true } })
  expect(first?.data).toMatchObject({ user: { id }, way: 'browser' })
  expect(first?.id).not.toBe(second?.id)
  expect(JSON.stringify(receiver.all)).not.toMatch(/tokenSecret|Atz[ar]\|/)
  // The reference implementation, and ours.
  for (const { body, headers } of receiver.all) {
    const verified = new StandardWebhook(secret).verify(body, headers as Record<string, string>)
    expect(verifyWebhook(headers, Buffer.from(body), secret)).toMatchObject(verified as object)
  }
})

test('changes over the API are told: what has changed, locked, unlocked, unlinked, deleted', async () => {
  await signIn()
  const id = await userId()
  await add('user.updated', 'user.locked', 'user.deleted')
  await client.users.patch(id, { name: 'Ada L.', groups: 'users' })
  await client.users.patch(id, { name: 'Ada L.' })
  await client.users.patch(id, { active: false })
  await client.users.patch(id, { active: false })
  await client.users.patch(id, { active: true })
  await client.users.unlinkAmazon(id)
  await client.users.delete(id)
  const all = await receiver.wait(5)
  expect(all.map(({ type, data }) => [type, data.changes])).toEqual([
    ['user.updated', ['name']],
    ['user.locked', undefined],
    ['user.updated', ['active']],
    ['user.updated', ['identifier', 'profile', 'scopes']],
    ['user.deleted', undefined],
  ])
  expect(all[1]?.data.user).toMatchObject({ id, active: false, name: 'Ada L.' })
  expect(all[4]?.data).toEqual({ appid: 'shop', user: { id, type: 'user', appid: 'shop' } })
})

test('a sign-in that fails is told without the person, and that of who is locked with their id', async () => {
  await signIn()
  const id = await userId()
  await client.users.patch(id, { active: false })
  await add('login.failed')
  await signIn()
  const browser = world.browser()
  const begun = await browser.get('/amazon_auth?state=shop')
  const state = new URL(begun.location).searchParams.get('state') ?? ''
  await browser.get(`/amazon_auth?state=${encodeURIComponent(state)}&error=access_denied`)
  const all = await receiver.wait(2)
  const byReason = new Map(all.map(({ data }) => [data.reason, data]))
  expect(byReason.get('account_locked')).toMatchObject({ way: 'browser', user: { id } })
  expect(byReason.get('access_denied')).not.toHaveProperty('user')
  await client.users.delete(id)
})

test('a withdrawn consent is told', async () => {
  await signIn()
  const id = await userId()
  await add('consent.revoked')
  world.emulator.withdrawConsent({ clientId: ACME.clientId })
  // A refresh is asked for at most once a minute.
  world.store.run('UPDATE amazon_tokens SET updated_at = updated_at - 120000')
  await client.users.amazonToken(id, { renew: true }).catch(() => undefined)
  const [told] = await receiver.wait(1)
  expect(told).toMatchObject({ type: 'consent.revoked', data: { user: { id } } })
})

test('only what an endpoint wants is sent to it, and of its own app alone', async () => {
  const other = await startReceiver()
  await makeApp('news', ZENITH)
  await add('user.updated')
  await client.webhooks.create({ url: other.url, events: ['user.signed_in'] })
  await signIn()
  await world.signIn(world.browser(), '/amazon_auth?state=news')
  const [told] = await other.wait(1)
  expect(told?.data.appid).toBe('shop')
  await signIn()
  await other.wait(2)
  expect(receiver.all).toEqual([])
  await other.close()
})

test('a webhook that is added, switched off, or deleted counts at the very next sign-in', async () => {
  await signIn()
  const { id } = await add('user.signed_in')
  await signIn()
  await receiver.wait(1)
  await client.webhooks.patch(id, { active: false })
  await signIn()
  await client.webhooks.patch(id, { active: true })
  await signIn()
  await receiver.wait(2)
  await client.webhooks.delete(id)
  await signIn()
  expect(world.store.rows('SELECT * FROM webhook_streams')).toEqual([])
  expect(receiver.all).toHaveLength(2)
})

test('what was sent is shown with its attempts, and can be sent again under the same id', async () => {
  const { id } = await add('user.updated')
  const delivery = await client.webhooks.test(id)
  const [first] = await receiver.wait(1)
  expect(first).toMatchObject({ id: delivery, type: 'webhook.test' })
  await until(async () => (await client.webhooks.deliveries(id)).items[0]?.state === 'delivered')
  const { items } = await client.webhooks.deliveries(id)
  expect(items).toMatchObject([
    { id: delivery, type: 'webhook.test', state: 'delivered', attempts: [{ status: 204 }] },
  ])
  await client.webhooks.resend(id, delivery)
  const [, again] = await receiver.wait(2)
  expect(again).toMatchObject({ id: delivery, body: first?.body })
  expect((await client.webhooks.deliveries(id, { state: 'given_up' })).items).toEqual([])
})

test('after a rotation both secrets sign, and without an overlap the new one alone', async () => {
  const { id, secret: old } = await add('user.updated')
  const { secret, former_secret_until: until_ } = await client.webhooks.rotate(id)
  expect(until_).toBeGreaterThan(Date.now())
  await client.webhooks.test(id)
  const [first] = await receiver.wait(1)
  const { headers = {}, body = '' } = first ?? {}
  expect(signaturesOf(first)).toHaveLength(2)
  for (const one of [secret, old])
    expect(verifyWebhook(headers, body, one).type).toBe('webhook.test')
  const { secret: third } = await client.webhooks.rotate(id, { overlapSeconds: 0 })
  await client.webhooks.test(id)
  const [, next] = await receiver.wait(2)
  expect(signaturesOf(next)).toHaveLength(1)
  expect(() => verifyWebhook(next?.headers ?? {}, next?.body ?? '', secret)).toThrow('No signature')
  expect(verifyWebhook(next?.headers ?? {}, next?.body ?? '', third).type).toBe('webhook.test')
})

test('a webhook is refused that leads into a private network, is no https, or is one too many', async () => {
  const events = ['user.created'] as const
  const refused = [
    'http://example.com/hook',
    'ftp://example.com/',
    'https://10.0.0.1/',
    'https://[::ffff:10.0.0.1]/',
    'https://0x0a000001/',
    'https://167772161/',
    'https://169.254.169.254/latest',
    'https://[fe80::1]/',
    'https://me:secret@example.com/',
    'https://example.com:22/',
    'https://example.com/#a',
    'https://',
    'nonsense',
  ]
  for (const url of refused) {
    await expect(client.webhooks.create({ url, events })).rejects.toMatchObject({ status: 400 })
  }
  for (let count = 0; count < 10; count += 1) {
    await client.webhooks.create({ url: `https://example.com/${count}`, events })
  }
  const onemore = client.webhooks.create({ url: 'https://example.com/11', events })
  await expect(onemore).rejects.toMatchObject({ status: 400 })
  expect(await client.webhooks.list()).toHaveLength(10)
})

test('another app’s webhooks are as good as not there, and secrets are stored sealed', async () => {
  const { id, secret } = await add('user.created')
  const other = createClient({ url: world.origin, ...(await makeApp('zoo', ZENITH)) })
  await expect(other.webhooks.get(id)).rejects.toMatchObject({ status: 404 })
  await expect(other.webhooks.patch(id, { active: false })).rejects.toMatchObject({ status: 404 })
  await expect(other.webhooks.rotate(id)).rejects.toMatchObject({ status: 404 })
  await expect(other.webhooks.deliveries(id)).rejects.toMatchObject({ status: 404 })
  await expect(other.webhooks.delete(id)).rejects.toMatchObject({ status: 404 })
  expect(await client.webhooks.get(id)).not.toHaveProperty('secret')
  expect(world.store.dump('webhooks')).not.toContain(secret)
})
