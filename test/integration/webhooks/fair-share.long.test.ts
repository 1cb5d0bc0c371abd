import { setTimeout as sleep } from 'node:timers/promises'

import { createSealer } from '../../../src/crypto/sealer'
import { publicAnd } from '../../../src/public-addresses'
import type { SqlStore } from '../../../src/store/sql/open-sql-store'
import { deliverHead } from '../../../src/webhooks/deliver-head'
import {
  createWebhookDeliveries,
  type WebhookDeliveries,
} from '../../../src/webhooks/deliver-webhooks'
import { newEventId } from '../../../src/webhooks/event-id'
import { createWebhookSender, type WebhookSender } from '../../../src/webhooks/send-webhook'
import { sealSecrets } from '../../../src/webhooks/webhook-secrets'
import { startReceiver, type Receiver } from '../../support/receiver'
import { StoreFile } from '../../support/store-file'
import { until } from '../../support/until'
import { buildApp, openStore, silentLogger } from '../store/open-store'

const now = Date.now
const SLOW_APPS = ['a-slow', 'b-slow', 'c-slow', 'd-slow']
const sealer = createSealer(() => ['the-master-key-of-these-tests-0123456789'], 'secrets at rest')

let file: StoreFile
let stores: SqlStore[]
let slow: Receiver
let quick: Receiver
let nodes: WebhookDeliveries[]
let senders: WebhookSender[]

beforeEach(async () => {
  file = new StoreFile()
  ;[stores, nodes, senders] = [[openStore(file.url)], [], []]
  slow = await startReceiver()
  slow.answers(() => undefined)
  quick = await startReceiver()
})
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.close()))
  await Promise.all(senders.map((sender) => sender.close()))
  await Promise.all(stores.map((store) => store.close()))
  await Promise.all([slow.close(), quick.close()])
  file.remove()
})

const first = (): SqlStore => {
  const [store] = stores
  if (store === undefined) throw new Error('no store')
  return store
}

/** A process of its own, as far as webhooks go. */
function startNode(timeoutMs: number): WebhookDeliveries {
  const store = openStore(file.url)
  const lookUp = () => Promise.resolve(['127.0.0.1'])
  const sender = createWebhookSender({
    isAllowed: publicAnd(['loopback']),
    lookUp,
    timeoutMs,
    now,
  })
  const deps = {
    ...{ webhooks: store.webhooks, deliveries: store.deliveries, sealer, sender, now },
    ...{
      logger: silentLogger,
      onSwitchedOff: () => undefined,
      onAttempt: () => undefined,
      onGivenUp: () => undefined,
    },
  }
  const node = createWebhookDeliveries({
    ...{
      deliveries: store.deliveries,
      logger: silentLogger,
      now,
      pollMs: 200,
      bound: () => Promise.resolve(),
    },
    deliver: (key, onClaimed, signal) => deliverHead(key, deps, onClaimed, signal),
  })
  stores.push(store)
  nodes.push(node)
  senders.push(sender)
  return node
}

async function addApp(appId: string, url: string, endpoints = 1, events = 1): Promise<void> {
  const store = first()
  await store.apps.insert(buildApp({ id: appId }), new Map())
  for (let at = 0; at < endpoints; at += 1) {
    const key = { appId, id: `wh_${at}` }
    await store.webhooks.insert(
      {
        ...key,
        url: `${url}?${appId}`,
        events: ['login.failed'],
        off: undefined,
        sealed: sealSecrets([`whsec_${Buffer.alloc(32).toString('base64')}`], key, sealer),
        ...{ formerUntilMs: 0, failingSinceMs: undefined, createdAtMs: 0, updatedAtMs: 0 },
      },
      10,
    )
  }
  await tell(appId, events)
}

async function tell(appId: string, count = 1): Promise<void> {
  const events = Array.from({ length: count }, () => ({
    ...{ appId, id: newEventId(now()), type: 'login.failed', atMs: now() },
    ...{ userId: undefined, detail: {} },
  })) as Parameters<SqlStore['deliveries']['append']>[0]
  await first().deliveries.append(events)
}

const appsAt = ({ all }: Receiver): string[] => all.map(({ data }) => String(data.appid))

test('apps whose receivers hang hold no place that others need, on two nodes', async () => {
  for (const app of SLOW_APPS) await addApp(app, slow.url, 10, 10)
  const timeoutMs = 60_000
  await Promise.all([startNode(timeoutMs).look(), startNode(timeoutMs).look()])
  // What they may take is taken.
  for (let before = -1; before < slow.all.length || before === 0;) {
    before = slow.all.length
    await sleep(1_000)
  }
  await addApp('quick', quick.url)
  await until(() => appsAt(quick).includes('quick'), 20_000)
  expect(new Set(appsAt(slow)).size).toBe(SLOW_APPS.length)
  expect(slow.all.length).toBeLessThan(2 * 64)
}, 60_000)

test('of many apps that are known to be slow half of the places is left to others', async () => {
  const apps = Array.from({ length: 100 }, (_none, at) => `slow-${at}`)
  let open = 0
  let most = 0
  let firstAtMs: number | undefined
  slow.answers((_received, res) => {
    open += 1
    firstAtMs ??= performance.now()
    // Before the first of them is given up: the receiver sees that later than the next.
    if (performance.now() - firstAtMs < 1_000) most = Math.max(most, open)
    res.once('close', () => (open -= 1))
  })
  for (const app of apps) await addApp(app, slow.url)
  await startNode(1_500).look()
  await until(() => new Set(appsAt(slow)).size === apps.length && open === 0)
  most = 0
  firstAtMs = undefined
  slow.clear()
  for (const app of apps) await tell(app)
  nodes.forEach((node) => apps.forEach((app) => node.wake(app)))
  await until(() => new Set(appsAt(slow)).size === apps.length)
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThanOrEqual(32)
}, 120_000)
