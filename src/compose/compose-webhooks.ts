import type { AppDirectory } from '../apps/app-directory'
import type { Config } from '../config/config'
import type { Metrics } from '../metrics/metrics'
import { once } from '../lazily'
import type { Tracing } from '../telemetry/tracing'
import { publicAnd } from '../public-addresses'
import type { UserStore } from '../users/user'
import type { DeliveryStore } from '../webhooks/delivery'
import type * as DeliverHeadModule from '../webhooks/deliver-head'
import { boundBacklog } from '../webhooks/bound-backlog'
import { BOUND_EVERY_MS, createWebhookDeliveries } from '../webhooks/deliver-webhooks'
import { createLoginFailures, type LoginFailures } from '../webhooks/login-failures'
import type * as LookUpNameModule from '../webhooks/look-up-name'
import type * as SendWebhookModule from '../webhooks/send-webhook'
import type { Answered, WebhookSender } from '../webhooks/send-webhook'
import { createWebhookAdmin, type WebhookAdmin } from '../webhooks/webhook-admin'
import type { Stores } from './compose-stores'
import type { Parts } from './parts'

/** Events for endpoints of apps. */
export interface Webhooks {
  readonly admin: WebhookAdmin
  readonly loginFailures: LoginFailures
  /** Users, whose events are sent as soon as they are written. */
  readonly users: UserStore
  /** The same of events of a user who is not changed. */
  readonly tell: DeliveryStore['tell']
  /** Something was written for endpoints of this app. */
  wake(appId: string): void
  /** Sends what waits from now on, if anything does. For a process that serves, once the store is open, and as a bite of the purge. */
  look(): Promise<0>
  close(): Promise<void>
}

export function composeWebhooks(
  { webhooks: { allowPrivate, maxWaiting } }: Config,
  { store, sealer }: Stores,
  {
    directory,
    metrics,
    tracing,
  }: {
    readonly directory: AppDirectory
    readonly metrics: Metrics
    readonly tracing: Tracing
  },
  { logger, servesAs, now = Date.now }: Parts,
): Webhooks {
  const isAllowed = publicAnd(allowPrivate)
  const onSwitchedOff = (appId: string): void => directory.forget(appId)
  const sender = once(() => {
    const { createWebhookSender, LOOK_UP_MS } = loadSendWebhook()
    const knowsLocalNames = allowPrivate.length > 0
    const lookUp = loadLookUpName().createLookUpName({ timeoutMs: LOOK_UP_MS, knowsLocalNames })
    const timeoutMs = loadDeliverHead().ATTEMPT_MS
    return traced(createWebhookSender({ isAllowed, lookUp, timeoutMs, now }), tracing)
  })
  let isSending = false
  const deliveries = createWebhookDeliveries({
    deliveries: store.deliveries,
    logger,
    now,
    takesTurn: () =>
      store.singleUse.take({
        appId: directory.rootId,
        name: `webhook backlogs ${Math.floor(now() / BOUND_EVERY_MS)}`,
        expiresAtMs: now() + BOUND_EVERY_MS,
      }),
    bound(key, isOver) {
      const onGivenUp = (count: number): void => metrics.countWebhookGivenUp('backlog', count)
      const deps = { deliveries: store.deliveries, maxWaiting, logger, now, onGivenUp }
      return boundBacklog(key, deps, isOver)
    },
    deliver(key, onClaimed, signal) {
      isSending = true
      const onAttempt = (result: string): void => metrics.countWebhookAttempt(result)
      const onGivenUp = (why: 'tried' | 'off', count: number): void =>
        metrics.countWebhookGivenUp(why, count)
      const deps = { webhooks: store.webhooks, deliveries: store.deliveries, sender: sender() }
      return loadDeliverHead().deliverHead(
        key,
        { ...deps, sealer, logger, now, onSwitchedOff, onAttempt, onGivenUp },
        onClaimed,
        signal,
      )
    },
  })
  /** The configuration of a command need not be that of the servers, which look by themselves. */
  const wake = (appId: string): void => {
    if (servesAs !== undefined) deliveries.wake(appId)
  }
  const loginFailures = createLoginFailures({
    deliveries: store.deliveries,
    logger,
    now,
    onWritten: wake,
  })
  return {
    admin: createWebhookAdmin({
      webhooks: store.webhooks,
      deliveries: store.deliveries,
      maxWaiting,
      sealer,
      isAllowed,
      now,
      onChanged: (appId) => directory.forget(appId),
      onWritten: wake,
    }),
    loginFailures,
    users: telling(store.users, wake),
    async tell(user, events, nowMs) {
      await store.deliveries.tell(user, events, nowMs)
      wake(user.appId)
    },
    wake,
    async look() {
      await deliveries.look()
      return 0
    },
    async close() {
      await loginFailures.flush()
      await deliveries.close()
      if (isSending) await sender().close()
    },
  }
}

/** Wakes up whoever sends, once an event is written. */
function telling(users: UserStore, wake: (appId: string) => void): UserStore {
  return {
    ...users,
    async upsert(user, changes, events = []) {
      const stored = await users.upsert(user, changes, events)
      if (events.length > 0) wake(user.appId)
      return stored
    },
    async update(appId, id, changes, events = []) {
      const stored = await users.update(appId, id, changes, events)
      if (events.length > 0) wake(appId)
      return stored
    },
    async delete(appId, id, nowMs) {
      const isDone = await users.delete(appId, id, nowMs)
      if (isDone) wake(appId)
      return isDone
    },
  }
}

/* oxlint-disable typescript/no-require-imports -- loaded when an event is first sent */
const loadDeliverHead = once(() => require('../webhooks/deliver-head') as typeof DeliverHeadModule)
const loadLookUpName = once(() => require('../webhooks/look-up-name') as typeof LookUpNameModule)
const loadSendWebhook = once(() => require('../webhooks/send-webhook') as typeof SendWebhookModule)

/** Of an address the host alone is told: many have a secret in their path. */
function traced(sender: WebhookSender, tracing: Tracing): WebhookSender {
  const told = ({ status, error: failure }: Answered) => ({ status, failure })
  return {
    send(event) {
      const request = { method: 'POST', origin: new URL(event.url).origin, path: '/' }
      return tracing.request(request, () => sender.send(event), told)
    },
    close: () => sender.close(),
  }
}
