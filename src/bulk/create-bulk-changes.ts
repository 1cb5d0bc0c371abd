import { setTimeout as wait } from 'node:timers/promises'

import { randomText } from '../crypto/random'
import type { Logger } from '../logger'
import type { User } from '../users/user'
import type { BulkAction, BulkChange, BulkCover } from './bulk-change'
import { isStalled } from './bulk-change'
import type { BulkRef, BulkStore } from './bulk-store'
import { collectIds, collectSet } from './collect-set'
import { runBulk, type UserChanged } from './run-bulk'

/** What a bulk change is to do, to whom. */
export interface BulkOrder {
  readonly action: BulkAction
  /** Ids of users; those that no user of the app has are told. */
  readonly covers: BulkCover & { readonly ids?: readonly string[] }
  readonly actor: string
}

/** Changes of many users of one app, done in bites by whichever process is at it. */
export interface BulkChanges {
  /**
   * Writes down whom it is about, and changes nobody. Small sets are `ready` when it resolves; large ones are `collecting`.
   *
   * @returns Undefined: as many of this app wait or run as may.
   * @throws {AmazonAuthError} `store_unavailable`
   */
  begin(appId: string, order: BulkOrder): Promise<BulkChange | undefined>
  /** Also goes on with one whose process has gone. */
  find(ref: BulkRef): Promise<BulkChange | undefined>
  /** The latest of an app, the latest first. */
  list(appId: string): Promise<readonly BulkChange[]>
  /** Some users of the set. */
  sample(ref: BulkRef): Promise<readonly User[]>
  /**
   * Starts one that is ready. Once started it goes on, whatever becomes of the process.
   *
   * @returns Undefined: it is not ready (any more).
   */
  start(ref: BulkRef, actor: string): Promise<BulkChange | undefined>
  /** Ends one that has not ended; the bite under way is finished. Undefined: it has ended already. */
  cancel(ref: BulkRef): Promise<BulkChange | undefined>
  /** Goes on with those that other processes have left, now and from then on. Call it when the store is open. */
  resume(): void
  /** Waits for the bite under way. The next process goes on with the rest. */
  close(): Promise<void>
}

export interface BulkDeps {
  readonly store: BulkStore
  readonly isAudited: boolean
  /** Told of each user who was changed, when that is stored. */
  readonly onChanged: (change: UserChanged) => void
  readonly logger: Logger
  readonly now: () => number
}

const ID_BYTES = 12
/** One that nobody has started by then is forgotten: its set grows old. */
const READY_FOR_MS = 3_600_000
/** What has come of one can be seen for a week. */
const SHOWN_FOR_MS = 7 * 86_400_000
/** One that runs is not forgotten before it has ended. */
const RUNS_FOR_MS = 365 * 86_400_000
/** A process that says nothing for so long is taken for gone. */
const LEASE_MS = 10_000
const HEARTBEAT_MS = 2_000
/** How long whoever begins waits to see it ready. */
const PATIENCE_MS = 800
/** Of one app, that have not ended. */
const MAX_OPEN = 5
const LISTED = 20
const SAMPLED = 20
/** Of all apps at a time, after a restart. */
const RESUMED = 20
const MISSING_TOLD = 50

export function createBulkChanges(deps: BulkDeps): BulkChanges {
  const { store, now, logger } = deps
  const working = new Map<string, Promise<void>>()
  let isClosed = false
  let timer: NodeJS.Timeout | undefined

  /** At most one of this process is at one bulk change. */
  function work(bulk: BulkChange, run: () => Promise<void>): Promise<void> {
    const key = `${bulk.appId} ${bulk.id}`
    const known = working.get(key)
    if (known !== undefined || isClosed) return known ?? Promise.resolve()
    const running = run()
      .catch((cause: unknown) => {
        logger.warn({ app: bulk.appId, bulk: bulk.id, cause }, STOPPED)
        look(LEASE_MS)
      })
      .finally(() => working.delete(key))
    working.set(key, running)
    return running
  }

  function drive(bulk: BulkChange): void {
    const lease = () => ({ nowMs: now(), drivenUntilMs: now() + LEASE_MS })
    const { isAudited, onChanged } = deps
    const isOver = () => isClosed
    void work(bulk, async () => {
      await runBulk(bulk, { store, lease, isAudited, onChanged, isOver, shownForMs: SHOWN_FOR_MS })
    })
  }

  async function collect(bulk: BulkChange, ids: readonly string[]): Promise<void> {
    const step = { from: ['collecting'], expiresAtMs: now() + READY_FOR_MS } as const
    const ready = { ...step, to: 'ready', drivenUntilMs: 0 } as const
    if (bulk.covers.kind === 'ids') {
      const { total, missing } = await collectIds(bulk, ids, store)
      const told = { missing: missing.slice(0, MISSING_TOLD), missingCount: missing.length }
      await store.step(bulk, { ...ready, ...told, nowMs: now(), total })
      return
    }
    const mayGoOn = heartbeat(async () => {
      if (isClosed) return false
      const lease = { nowMs: now(), drivenUntilMs: now() + LEASE_MS }
      return (await store.step(bulk, { ...step, ...lease, to: 'collecting' })) !== undefined
    })
    const total = await collectSet(bulk, { store, mayGoOn })
    if (total !== undefined) await store.step(bulk, { ...ready, nowMs: now(), total })
  }

  /** Looks for those that go on, and again while one is another process's, in case that goes. */
  async function goOn(): Promise<void> {
    const running = await store.listRunning(RESUMED)
    for (const bulk of running) if (isStalled(bulk, now())) drive(bulk)
    if (running.some((bulk) => !isStalled(bulk, now()))) look(LEASE_MS)
  }

  async function lookNow(): Promise<void> {
    if (isClosed) return
    try {
      await goOn()
    } catch (cause) {
      logger.debug({ cause }, STOPPED)
      look(LEASE_MS)
    }
  }

  function look(afterMs: number): void {
    clearTimeout(timer)
    if (!isClosed) timer = setTimeout(() => void lookNow(), afterMs).unref()
  }

  function cancel(ref: BulkRef): Promise<BulkChange | undefined> {
    const from = ['collecting', 'ready', 'running'] as const
    const times = { nowMs: now(), drivenUntilMs: 0, expiresAtMs: now() + SHOWN_FOR_MS }
    return store.step(ref, { from, to: 'cancelled', ...times })
  }

  return {
    async begin(appId, { action, covers: { ids = [], ...covers }, actor }) {
      if ((await store.countOpen(appId)) >= MAX_OPEN) return undefined
      const bulk = newBulk({ appId, action, covers, actor }, now())
      await store.insert(bulk)
      // Others may have begun at the same time: rather one too few than any number.
      if ((await store.countOpen(appId)) > MAX_OPEN) {
        await cancel(bulk)
        return undefined
      }
      const collecting = work(bulk, () => collect(bulk, [...new Set(ids)]))
      await Promise.race([collecting, wait(PATIENCE_MS, undefined, { ref: false })])
      return (await store.find(bulk)) ?? bulk
    },
    async find(ref) {
      const bulk = await store.find(ref)
      if (bulk?.state === 'running' && isStalled(bulk, now())) drive(bulk)
      return bulk
    },
    list: (appId) => store.list(appId, LISTED),
    sample: (ref) => store.sample(ref, SAMPLED),
    async start(ref, actor) {
      const [nowMs, from] = [now(), ['ready'] as const]
      const times = { nowMs, drivenUntilMs: nowMs + LEASE_MS, expiresAtMs: nowMs + RUNS_FOR_MS }
      const bulk = await store.step(ref, { from, to: 'running', ...times, actor })
      if (bulk !== undefined) drive(bulk)
      return bulk
    },
    cancel,
    resume: () => void lookNow(),
    async close() {
      isClosed = true
      clearTimeout(timer)
      await Promise.all(working.values())
    },
  }
}

type NewBulk = Pick<BulkChange, 'appId' | 'action' | 'covers' | 'actor'>

function newBulk(order: NewBulk, nowMs: number): BulkChange {
  return {
    ...order,
    id: randomText(ID_BYTES),
    state: 'collecting',
    total: 0,
    changed: 0,
    unchanged: 0,
    gone: 0,
    missing: [],
    missingCount: 0,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    drivenUntilMs: nowMs + LEASE_MS,
    expiresAtMs: nowMs + READY_FOR_MS,
  }
}

/** Asks now and then only; in between the answer is yes. */
function heartbeat(ask: () => Promise<boolean>): () => Promise<boolean> {
  let askedAtMs = performance.now()
  return async () => {
    if (performance.now() - askedAtMs < HEARTBEAT_MS) return true
    askedAtMs = performance.now()
    return ask()
  }
}

const STOPPED = 'a change of many users has stopped: it goes on by itself'
