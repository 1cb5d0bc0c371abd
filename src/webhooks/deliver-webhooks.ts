import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

import { growingCache } from '../growing-cache'
import type { Logger } from '../logger'
import { createPlaces } from '../places'
import type { DeliveryStore, DueWebhook } from './delivery'
import type { Claimed, Look } from './deliver-head'
import type { Answered } from './send-webhook'
import type { WebhookKey } from './webhook'

/** Sends what waits for endpoints, beside all requests. Keeps no process alive. */
export interface WebhookDeliveries {
  /** Looks whether there is anything to do, now and then, from now on. Call it when the store is open, and every ten minutes. */
  look(): Promise<void>
  /** Something was written for endpoints of this app. */
  wake(appId: string): void
  /** Ends it; what is under way has some seconds, and is then left to others. */
  close(): Promise<void>
}

export interface WebhookDeliveriesDeps {
  readonly deliveries: Pick<
    DeliveryStore,
    'isInUse' | 'findWaiting' | 'findWaitingOf' | 'findDueAt'
  >
  /** Sends from one stream of an endpoint: see deliver-head.ts. */
  readonly deliver: (
    key: WebhookKey,
    onClaimed: (claimed: Claimed) => void,
    signal: AbortSignal,
  ) => Promise<Look>
  /** Gives up what is too much for an endpoint: see bound-backlog.ts. */
  readonly bound: (key: WebhookKey, isOver: () => boolean) => Promise<void>
  /** Whether this process is the one that looks what is too much, for all others. Default: it is. */
  readonly takesTurn?: () => Promise<boolean>
  readonly logger: Logger
  readonly now: () => number
  /** How often others' events are looked for, in milliseconds. Default 15000. */
  readonly pollMs?: number
}

/** Attempts of this process under way at a time. An app, an address, and all that are slow together, get as many as are free. */
const MAX_AT_ONCE = 64
const TIMES_FREE = 1
/** An endpoint that takes longer is slow until it is quick again: others are not to wait for it, however many such there are. */
const SLOW_MS = 1_000
/** Endpoints of which it is remembered how they were. */
const MAX_KNOWN = 10_000
/** Of one endpoint; of one that has just failed, one: those that hang are not to take the places of others. */
const MAX_OF_ONE = 4
/** Several may fail by what is in them; more in a row are the endpoint's fault. */
const FAILURES_BEFORE_PAUSE = 3
const LONGEST_PAUSE_MS = 60_000
/** Own events are sent at once; those of others, and of killed processes, are found by looking. */
const POLL_MS = 15_000
/** Every so often it is looked whether too much waits. */
export const BOUND_EVERY_MS = 60_000
/** What is written in the same moment is looked for together. */
const WAKE_AFTER_MS = 10
/** After the store has failed. */
const STORE_PAUSE_MS = 1_000
const GRACE_MS = 3_000

/** What this process knows of an endpoint for which something waits. */
interface Lane {
  readonly key: WebhookKey
  /** When the first of it is due; Infinity: not known. */
  dueAtMs: number
  /** Left alone until then. */
  restsUntilMs: number
  active: number
  /** In a row. */
  failures: number
}

/** How an endpoint was at its last attempt. */
interface Known {
  /** Host and port. */
  readonly address: string
  readonly isSlow: boolean
}

/**
 * Takes turns among the endpoints for which something is due: each gets a few attempts at a time, and one that fails fewer. Its
 * own knowledge is only of what to look at next; who sends what is settled in the store, so any number of processes may be at it.
 */
export function createWebhookDeliveries(deps: WebhookDeliveriesDeps): WebhookDeliveries {
  return new Deliveries(deps)
}

class Deliveries implements WebhookDeliveries {
  private readonly lanes = new Map<string, Lane>()
  /** Those that may be due, in the order of their turns. */
  private readonly ready = new Set<Lane>()
  private readonly known = growingCache<Known>({ max: MAX_KNOWN })
  private readonly places = createPlaces(MAX_AT_ONCE, TIMES_FREE)
  private readonly atWork = new Set<Promise<void>>()
  private readonly ending = new AbortController()
  private readonly wokenApps = new Set<string>()
  private isClosed = false
  private isBounding = false
  private boundsAgainAtMs = 0
  private wakeTimer: NodeJS.Timeout | undefined
  private dueTimer: NodeJS.Timeout | undefined
  private pollTimer: NodeJS.Timeout | undefined

  constructor(private readonly deps: WebhookDeliveriesDeps) {
    // Each attempt listens.
    setMaxListeners(0, this.ending.signal)
  }

  async look(): Promise<void> {
    if (this.isClosed || this.pollTimer !== undefined) return
    if (await this.deps.deliveries.isInUse()) this.poll(0)
  }

  wake(appId: string): void {
    if (this.isClosed) return
    this.wokenApps.add(appId)
    this.wakeTimer ??= setTimeout(() => this.track(this.lookAtWoken()), WAKE_AFTER_MS).unref()
    if (this.pollTimer === undefined) this.poll()
  }

  async close(): Promise<void> {
    this.isClosed = true
    for (const timer of [this.wakeTimer, this.dueTimer, this.pollTimer]) clearTimeout(timer)
    const ended = Promise.all(this.atWork)
    await Promise.race([ended, sleep(GRACE_MS, undefined, { signal: this.ending.signal })]).catch(
      () => undefined,
    )
    this.ending.abort()
    await ended
  }

  private poll(inMs = (this.deps.pollMs ?? POLL_MS) * (0.8 + 0.4 * Math.random())): void {
    if (this.isClosed) return
    this.pollTimer = setTimeout(() => this.track(this.lookAtAll()), inMs).unref()
  }

  /** Until there is nothing left that could need it. */
  private async lookAtAll(): Promise<void> {
    const { deliveries } = this.deps
    let isInUse = true
    const all: WebhookKey[] = []
    try {
      for (let after: WebhookKey = FIRST; !this.isClosed;) {
        const found = await deliveries.findWaiting(after)
        if (found === undefined) break
        this.note(found)
        all.push(found)
        after = found
      }
      this.track(this.bound(all))
      isInUse = await deliveries.isInUse()
    } catch (cause) {
      this.tell(cause)
    }
    this.pollTimer = undefined
    if (isInUse) this.poll()
    this.pump()
  }

  private async bound(keys: readonly WebhookKey[]): Promise<void> {
    const { now } = this.deps
    if (this.isBounding || now() < this.boundsAgainAtMs) return
    this.isBounding = true
    this.boundsAgainAtMs = now() + BOUND_EVERY_MS
    try {
      if (keys.length === 0 || (await this.deps.takesTurn?.()) === false) return
      for (const key of keys) {
        if (!this.isClosed) await this.deps.bound(key, () => this.isClosed)
      }
    } catch (cause) {
      this.tell(cause)
    } finally {
      this.isBounding = false
    }
  }

  private async lookAtWoken(): Promise<void> {
    const apps = Array.from(this.wokenApps)
    this.wokenApps.clear()
    this.wakeTimer = undefined
    try {
      for (const appId of apps) {
        for (let afterId = ''; ;) {
          const found = await this.deps.deliveries.findWaitingOf(appId, afterId)
          if (found === undefined) break
          this.note(found)
          afterId = found.id
        }
      }
    } catch (cause) {
      // The next look at all finds them.
      this.tell(cause)
    }
    this.pump()
  }

  private note({ appId, id, dueAtMs }: DueWebhook): void {
    const name = nameOf({ appId, id })
    const lane = this.lanes.get(name) ?? newLane({ appId, id })
    this.lanes.set(name, lane)
    lane.dueAtMs = dueAtMs
    if (dueAtMs <= this.deps.now()) this.ready.add(lane)
  }

  /** Starts whatever may be started, in turn, and sees to the rest when it is due. */
  private pump(): void {
    const nowMs = this.deps.now()
    for (const lane of this.ready) {
      if (this.isClosed || this.places.free() === 0) break
      if (lane.active >= mostOf(lane) || lane.restsUntilMs > nowMs) continue
      const leave = this.places.take(this.sharesOf(lane))
      if (leave === undefined) continue
      this.ready.delete(lane)
      this.track(this.work(lane).finally(leave))
    }
    this.schedule(nowMs)
  }

  private sharesOf({ key }: Lane): readonly string[] {
    const { address, isSlow = false } = this.known.get(nameOf(key)) ?? {}
    return [
      `app ${key.appId}`,
      ...(address === undefined ? [] : [`address ${address}`]),
      ...(isSlow ? ['slow'] : []),
    ]
  }

  private schedule(nowMs: number): void {
    clearTimeout(this.dueTimer)
    let nextMs = Infinity
    for (const lane of this.lanes.values()) {
      const isWaiting = this.ready.has(lane)
      const dueMs = isWaiting ? lane.restsUntilMs : Math.max(lane.dueAtMs, lane.restsUntilMs)
      // Of one that waits for its turn, the end of another's tells.
      if (dueMs > nowMs || !isWaiting) nextMs = Math.min(nextMs, Math.max(dueMs, nowMs + 1))
    }
    if (this.isClosed || nextMs === Infinity) return
    const inMs = Math.min(nextMs - nowMs, POLL_MS)
    this.dueTimer = setTimeout(() => this.rouse(), inMs).unref()
  }

  private rouse(): void {
    const nowMs = this.deps.now()
    for (const lane of this.lanes.values()) if (lane.dueAtMs <= nowMs) this.ready.add(lane)
    this.pump()
  }

  private async work(lane: Lane): Promise<void> {
    lane.active += 1
    lane.dueAtMs = Infinity
    let attempt: { readonly end: () => void } | undefined
    try {
      const look = await this.deps.deliver(
        lane.key,
        ({ hasMore, address }) => {
          attempt = this.watch(nameOf(lane.key), address)
          if (hasMore) this.ready.add(lane)
          this.pump()
        },
        this.ending.signal,
      )
      await this.heed(lane, look)
    } catch (cause) {
      this.tell(cause)
      lane.restsUntilMs = this.deps.now() + STORE_PAUSE_MS
      this.ready.add(lane)
    } finally {
      attempt?.end()
      lane.active -= 1
      if (lane.active === 0 && !this.ready.has(lane) && lane.dueAtMs === Infinity) {
        this.lanes.delete(nameOf(lane.key))
      }
    }
  }

  /** Notes how an endpoint is: that it is slow as soon as it shows. */
  private watch(name: string, address: string): { readonly end: () => void } {
    const note = (isSlow: boolean): void => void this.known.set(name, { address, isSlow })
    let isSlow = false
    note(this.known.get(name)?.isSlow === true)
    const timer = setTimeout(() => note((isSlow = true)), SLOW_MS).unref()
    return {
      end() {
        clearTimeout(timer)
        note(isSlow)
      },
    }
  }

  private async heed(lane: Lane, look: Look): Promise<void> {
    if (look.kind === 'idle') {
      // Another process's claim, or what is tried again later.
      lane.dueAtMs = (await this.deps.deliveries.findDueAt(lane.key)) ?? Infinity
      return
    }
    this.ready.add(lane)
    if (look.kind === 'arrived') lane.failures = 0
    if (look.kind === 'failed') this.slowDown(lane, look.answered)
  }

  private slowDown(lane: Lane, { retryAfterMs = 0 }: Answered): void {
    lane.failures += 1
    const over = lane.failures - FAILURES_BEFORE_PAUSE
    const pauseMs = over < 0 ? 0 : 1_000 * 2 ** Math.min(over, 6)
    const restMs = Math.min(Math.max(pauseMs, retryAfterMs), LONGEST_PAUSE_MS)
    lane.restsUntilMs = this.deps.now() + restMs
  }

  private track(work: Promise<void>): void {
    const tracked = work.finally(() => {
      this.atWork.delete(tracked)
      if (!this.isClosed) this.pump()
    })
    this.atWork.add(tracked)
  }

  private tell(cause: unknown): void {
    this.deps.logger.warn({ cause }, 'webhooks wait: the store does not answer')
  }
}

const FIRST: WebhookKey = { appId: '', id: '' }

function nameOf({ appId, id }: WebhookKey): string {
  return `${appId}/${id}`
}

function newLane(key: WebhookKey): Lane {
  return { key, dueAtMs: Infinity, restsUntilMs: 0, active: 0, failures: 0 }
}

function mostOf({ failures }: Lane): number {
  return failures === 0 ? MAX_OF_ONE : 1
}
