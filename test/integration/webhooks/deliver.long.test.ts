import { hostname } from 'node:os'

import { createSealer } from '../../../src/crypto/sealer'
import { publicAnd, type LookUp } from '../../../src/public-addresses'
import type { SqlStore } from '../../../src/store/sql/open-sql-store'
import { boundBacklog } from '../../../src/webhooks/bound-backlog'
import { deliverHead } from '../../../src/webhooks/deliver-head'
import {
  createWebhookDeliveries,
  type WebhookDeliveries,
} from '../../../src/webhooks/deliver-webhooks'
import { createLookUpName } from '../../../src/webhooks/look-up-name'
import { createWebhookSender, type WebhookSender } from '../../../src/webhooks/send-webhook'
import { sealSecrets } from '../../../src/webhooks/webhook-secrets'
import { startReceiver, type Receiver } from '../../support/receiver'
import { StoreFile } from '../../support/store-file'
import { until } from '../../support/until'
import { buildApp, buildUser, openStore, silentLogger } from '../store/open-store'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

let file: StoreFile
let store: SqlStore
let receiver: Receiver
let movedMs: number
let deliveries: WebhookDeliveries
let sender: WebhookSender
let told: string[]
const sealer = createSealer(() => ['the-master-key-of-these-tests-0123456789'], 'secrets at rest')
const now = () => Date.now() + movedMs

beforeEach(async () => {
  file = new StoreFile()
  store = openStore(file.url)
  receiver = await startReceiver()
  movedMs = 0
  told = []
  await store.apps.insert(buildApp(), new Map())
  for (const id of ['1', '2', '3']) {
    await store.users.upsert(buildUser({ id, identifier: `az:${id}` }), {})
  }
})
afterEach(async () => {
  await deliveries.close()
  await sender.close()
  await store.close()
  await receiver.close()
  file.remove()
})

const lookUpHere = createLookUpName({ timeoutMs: 3_000, knowsLocalNames: true })

function start({
  allowPrivate = ['loopback'],
  timeoutMs = 2_000,
  lookUp = lookUpHere,
}: Partial<{ allowPrivate: string[]; timeoutMs: number; lookUp: LookUp }> = {}): void {
  const isAllowed = publicAnd(allowPrivate)
  sender = createWebhookSender({ isAllowed, lookUp, timeoutMs, unconnectedMs: 100, now })
  deliveries = createWebhookDeliveries({
    deliveries: store.deliveries,
    logger: silentLogger,
    now,
    pollMs: 100,
    bound: (key, isOver) =>
      boundBacklog(
        key,
        {
          deliveries: store.deliveries,
          maxWaiting: 1_000,
          logger: silentLogger,
          now,
          onGivenUp: (count) => void told.push(`given up ${count}`),
        },
        isOver,
      ),
    deliver: (key, onClaimed, signal) =>
      deliverHead(
        key,
        {
          webhooks: store.webhooks,
          deliveries: store.deliveries,
          sealer,
          sender,
          logger: silentLogger,
          now,
          onSwitchedOff: (appId) => void told.push(`off ${appId}`),
          onAttempt: (result) => void told.push(result),
          onGivenUp: (why, count) => void told.push(`${why} ${count}`),
        },
        onClaimed,
        signal,
      ),
  })
}

async function add(url = receiver.url, id = 'wh_1'): Promise<void> {
  await store.webhooks.insert(
    {
      appId: 'shop',
      id,
      url,
      events: ['user.signed_in'],
      off: undefined,
      sealed: sealSecrets([SECRET], { appId: 'shop', id }, sealer),
      formerUntilMs: 0,
      failingSinceMs: undefined,
      createdAtMs: now(),
      updatedAtMs: now(),
    },
    100,
  )
}

async function signIn(id: string, step = 0): Promise<void> {
  const user = buildUser({ id, identifier: `az:${id}` })
  await store.deliveries.tell(user, [{ type: 'user.signed_in', detail: { step } }], now())
  deliveries.wake('shop')
}

const listed = (id = 'wh_1') => store.deliveries.list({ appId: 'shop', id }, { limit: 100 })
const stepsOf = (user: string) =>
  receiver.all.filter(({ data }) => data.user.id === user).map(({ data }) => data.step)
const isSettled = async (id?: string) =>
  (await listed(id)).every(({ state }) => state !== 'pending')

test('while a receiver answers 500 the events of a user wait, those of others go on, and all arrive in order', async () => {
  start()
  await add()
  receiver.answers(({ data }, res) => res.writeHead(data.user.id === '1' ? 500 : 204).end())
  for (const step of [1, 2, 3]) for (const user of ['1', '2']) await signIn(user, step)
  await until(() => stepsOf('2').length === 3)
  expect(stepsOf('2')).toEqual([1, 2, 3])
  expect(stepsOf('1')).toEqual([1])
  receiver.answers(204)
  movedMs += MINUTE_MS
  await until(() => isSettled())
  expect(stepsOf('1')).toEqual([1, 1, 2, 3])
  const [first] = receiver.all.filter(({ data }) => data.step === 1 && data.user.id === '1')
  const again = receiver.all.filter(({ id }) => id === first?.id)
  expect(new Set(again.map(({ body }) => body)).size).toBe(1)
  const last = (await listed()).find(({ id }) => id === first?.id)
  expect(last?.tries.map(({ status, error }) => [status, error])).toEqual([
    [500, 'status'],
    [204, undefined],
  ])
})

test('what fails for a day is given up, and the next of the same user is sent', async () => {
  start()
  await add()
  receiver.answers(({ data }, res) => res.writeHead(data.step === 1 ? 503 : 204).end())
  await signIn('1', 1)
  await signIn('1', 2)
  for (let attempts = 1; attempts <= 10; attempts += 1) {
    await receiver.wait(attempts)
    await until(async () => (await listed()).some(({ tries }) => tries.length >= attempts))
    // At the end the endpoint is left alone for a minute.
    movedMs += attempts === 10 ? MINUTE_MS : DAY_MS / 2
  }
  await until(() => isSettled())
  expect((await listed()).map(({ state }) => state)).toEqual(['delivered', 'given_up'])
  expect(stepsOf('1').filter((step) => step === 1)).toHaveLength(10)
})

test('Retry-After is heeded where it asks for longer', async () => {
  start()
  await add()
  receiver.answers((_received, res) => res.writeHead(429, { 'retry-after': '7200' }).end())
  await signIn('1')
  await until(async () => (await listed())[0]?.tries.length === 1)
  const [{ nextTryAtMs = 0 } = {}] = await listed()
  expect(nextTryAtMs - now()).toBeGreaterThan(7_100_000)
  expect(nextTryAtMs - now()).toBeLessThanOrEqual(7_200_000)
})

test('410 switches the endpoint off, and what waits is given up', async () => {
  start()
  await add()
  receiver.answers(410)
  for (const step of [1, 2, 3]) await signIn('1', step)
  await until(() => isSettled())
  const key = { appId: 'shop', id: 'wh_1' }
  expect((await store.webhooks.find(key))?.off).toBe('gone')
  expect((await listed()).map(({ state }) => state)).toEqual(Array(3).fill('given_up'))
  expect(told).toContain('off shop')
  expect((await store.apps.find('shop'))?.webhookEvents).toEqual([])
})

test('an endpoint that nothing reaches for five days is switched off', async () => {
  start()
  await add()
  receiver.answers(500)
  await signIn('1')
  await receiver.wait(1)
  const key = { appId: 'shop', id: 'wh_1' }
  await until(async () => (await store.webhooks.find(key))?.failingSinceMs !== undefined)
  movedMs += 6 * DAY_MS
  await until(async () => (await store.webhooks.find(key))?.off === 'failing')
  await until(() => isSettled())
})

test('a redirect is not followed, wherever it leads', async () => {
  const other = await startReceiver()
  start()
  await add()
  receiver.answers((_received, res) => res.writeHead(302, { location: other.url }).end())
  await signIn('1')
  await until(async () => (await listed())[0]?.tries.length === 1)
  expect((await listed())[0]?.tries).toMatchObject([{ status: 302, error: 'redirect' }])
  expect(other.all).toEqual([])
  await other.close()
})

test('an answer without an end, of the body or of the headers, holds nobody up', async () => {
  start({ timeoutMs: 500 })
  await add()
  receiver.answers((_received, res) => {
    res.writeHead(200)
    const more = () => {
      if (!res.destroyed) res.write(Buffer.alloc(65_536), () => setImmediate(more))
    }
    more()
  })
  await signIn('1')
  await until(() => isSettled())
  expect((await listed())[0]).toMatchObject({ state: 'delivered' })
  receiver.answers(({ data }, res) => {
    if (data.step === 1)
      res.socket?.write(`HTTP/1.1 200 OK\r\n${'X-A: aaaaaaaa\r\n'.repeat(9_000)}`)
    else res.writeHead(204).end()
  })
  await signIn('2', 1)
  await signIn('3', 2)
  await until(async () => (await listed()).every(({ tries }) => tries.length > 0))
  expect((await listed()).find(({ userId }) => userId === '2')?.tries[0]?.status).toBeUndefined()
})

test('an endpoint that hangs holds up no other, and its own events wait', async () => {
  start({ timeoutMs: 1_000 })
  const hanging = await startReceiver()
  hanging.answers(() => undefined)
  await add(hanging.url, 'wh_0')
  await add()
  for (let step = 0; step < 30; step += 1) await signIn(String((step % 3) + 1), step)
  const startedAtMs = performance.now()
  await until(() => isSettled('wh_1'))
  expect(receiver.all).toHaveLength(30)
  expect(hanging.all.length).toBeLessThanOrEqual(
    Math.ceil((performance.now() - startedAtMs) / 1000 + 1) * 4,
  )
  await until(async () =>
    (await listed('wh_0')).some(({ tries }) => tries[0]?.error === 'ETIMEDOUT'),
  )
  await hanging.close()
})

test.each([
  ['a name of this machine', () => `https://localhost:${receiver.port}/`],
  ['a name of a private network', () => `https://${hostname()}:${receiver.port}/`],
  ['127.0.0.1', () => `https://127.0.0.1:${receiver.port}/`],
  ['127.0.0.1 in one number', () => `https://2130706433:${receiver.port}/`],
  ['127.0.0.1 in version 6', () => `https://[::ffff:127.0.0.1]:${receiver.port}/`],
  ['::1', () => `https://[::1]:${receiver.port}/`],
  ['the metadata of a cloud', () => 'https://169.254.169.254/latest/meta-data/'],
])('nothing is sent to %s, though the store has it', async (_what, url) => {
  start({ allowPrivate: [] })
  await add(url())
  await signIn('1')
  await until(async () => (await listed())[0]?.tries.length === 1)
  expect((await listed())[0]?.tries).toMatchObject([{ error: 'NO_PUBLIC_ADDRESS' }])
  expect(receiver.all).toEqual([])
})

test('the addresses of clouds’ credentials stay closed, whatever is allowed', async () => {
  start({ allowPrivate: ['0.0.0.0/0', 'linklocal'] })
  await add('https://169.254.169.254/')
  await signIn('1')
  await until(async () => (await listed())[0]?.tries.length === 1)
  expect((await listed())[0]?.tries).toMatchObject([{ error: 'NO_PUBLIC_ADDRESS' }])
})

test('a process that ends gives back what it was at, and the next one sends it at once', async () => {
  start({ timeoutMs: 15_000 })
  await add()
  receiver.answers(() => undefined)
  await signIn('1')
  await receiver.wait(1)
  await deliveries.close()
  expect((await listed())[0]).toMatchObject({ state: 'pending', tries: [] })
  receiver.answers(204)
  await sender.close()
  start()
  await deliveries.look()
  await until(() => isSettled())
  expect(receiver.all).toHaveLength(2)
}, 20_000)

test('of what waits for a receiver that is down the newest thousand are kept, and the rest is told as given up', async () => {
  await add()
  for (let step = 0; step < 1_010; step += 1) {
    const user = buildUser({ id: '1', identifier: 'az:1' })
    await store.deliveries.tell(user, [{ type: 'user.signed_in', detail: { step } }], now())
  }
  receiver.answers(503)
  start()
  await deliveries.look()
  await until(() => told.includes('given up 10'))
  const given = await store.deliveries.list(
    { appId: 'shop', id: 'wh_1' },
    { limit: 100, state: 'given_up' },
  )
  expect(given).toHaveLength(10)
  expect(given.map(({ tries }) => tries.at(-1)?.error)).toEqual(Array(10).fill('BACKLOG_FULL'))
  // The next of that user is not held up by them.
  receiver.answers(204)
  movedMs += MINUTE_MS
  await until(async () => stepsOf('1').includes(1_009) && (await isSettled()), 60_000)
  const newest = new Set(stepsOf('1').filter((step) => Number(step) > 9))
  expect([...newest]).toEqual(Array.from({ length: 1_000 }, (_none, at) => at + 10))
}, 120_000)

test('of several processes one looks whether too much waits, for all of them', async () => {
  const atWork: number[] = []
  const looks: number[] = []
  const makeOne = (process: number) =>
    createWebhookDeliveries({
      deliveries: store.deliveries,
      logger: silentLogger,
      now,
      pollMs: 20,
      takesTurn: () => {
        looks.push(process)
        return store.singleUse.take({ appId: 'para', name: 'turn', expiresAtMs: now() + 60_000 })
      },
      bound: () => Promise.resolve(void atWork.push(process)),
      deliver: () => Promise.resolve({ kind: 'idle' }),
    })
  start()
  await add()
  const user = buildUser({ id: '1', identifier: 'az:1' })
  await store.deliveries.tell(user, [{ type: 'user.signed_in', detail: {} }], now())
  const processes = [1, 2, 3].map(makeOne)
  await Promise.all(processes.map((each) => each.look()))
  await until(() => new Set(looks).size === 3)
  await Promise.all(processes.map((each) => each.close()))
  expect(atWork).toHaveLength(1)
})
