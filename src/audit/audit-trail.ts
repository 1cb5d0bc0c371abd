import { setImmediate } from 'node:timers/promises'

import { insist } from '../insist'
import type { Logger } from '../logger'
import { rollUp, type CountedAttempt } from '../stats/roll-up'
import { createSignInCounter, type AttemptFacts } from '../stats/sign-in-counter'
import type { AuditEvent, AuditStore } from './audit-event'

/** Who tried to sign in, when, and what came of it. */
export interface AuditTrail {
  /**
   * Notes an event. Costs a line of log; never waits, never throws.
   *
   * @param facts What is known besides, by which it is counted. Default: it is of an app that is there.
   */
  record(event: AuditEvent, facts?: AttemptFacts): void
  /** Counts a sign-in that begins, which is no event. Costs next to nothing. */
  countBegin(appId: string, atMs: number): void
  /**
   * Notes an event, and has it stored when it resolves: for what must not be done unseen. Where nothing is kept it is logged.
   *
   * @throws {AmazonAuthError} `store_unavailable`
   */
  append(event: AuditEvent): Promise<void>
  /** Writes what has not been written yet. */
  flush(): Promise<void>
}

export interface AuditTrailDeps {
  readonly store: Pick<AuditStore, 'append'>
  /** What goes there: the events, and sums of them. Neither: they are only logged. */
  readonly keeps: { readonly events: boolean; readonly sums: boolean }
  readonly logger: Logger
  /** Default: a line `audit` each. */
  readonly logEvent?: (event: AuditEvent) => void
  /** Told how many events were lost. */
  readonly onDropped: (count: number) => void
}

const FLUSH_AFTER_MS = 500
/** Two seconds of a very busy server. */
const MAX_WAITING = 10_000
/** For begins alone nobody waits. */
const FLUSH_BEGINS_AFTER_MS = 2_000
/** Written in one transaction: a millisecond or two. */
const BATCH = 100

const OF_AN_APP: AttemptFacts = { isOfApp: true, begin: undefined }

/**
 * Keeps events waiting and writes them in batches, apart from the requests they come from, each with what it adds to the
 * sums of sign-ins. A batch that does not fit, or cannot be written, is dropped and counted, and adds to no sum: signing in
 * does not depend on it.
 */
export function createAuditTrail(deps: AuditTrailDeps): AuditTrail {
  const { store, keeps, logger, onDropped } = deps
  const { logEvent = (event: AuditEvent) => logger.info(event, 'audit') } = deps
  const waiting: Waiting[] = []
  const counter = createSignInCounter()
  let flushing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let dueAtMs = Infinity
  let isDropping = false

  function drop(count: number, cause?: unknown): void {
    if (count > 0) onDropped(count)
    if (!isDropping) logger.warn({ count, cause }, 'audit events are lost: they cannot be stored')
    isDropping = true
  }

  async function writeBatch(batch: readonly Waiting[]): Promise<void> {
    const events = keeps.events ? batch.map(({ event }) => event) : []
    const sums = keeps.sums ? rollUp(batch, counter.takeBegins(BATCH)) : undefined
    await store.append(events, sums)
  }

  async function write(): Promise<void> {
    while (waiting.length > 0 || counter.hasBegins()) {
      const batch = waiting.splice(0, BATCH)
      try {
        await writeBatch(batch)
        isDropping = false
      } catch (cause) {
        // The next batch would only wait for the same.
        drop(batch.length + waiting.splice(0).length, cause)
        counter.takeBegins(Infinity)
      }
      await setImmediate()
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    dueAtMs = Infinity
    flushing ??= write().finally(() => (flushing = undefined))
    return flushing
  }

  function flushAfter(ms: number): void {
    const atMs = performance.now() + ms
    if (atMs >= dueAtMs) return
    clearTimeout(timer)
    dueAtMs = atMs
    timer = setTimeout(() => void flush(), ms).unref()
  }

  return {
    record(event, facts = OF_AN_APP) {
      logEvent(event)
      if (!keeps.events && !keeps.sums) return
      if (waiting.length >= MAX_WAITING) {
        drop(1)
        return
      }
      waiting.push(counter.note(event, facts))
      flushAfter(FLUSH_AFTER_MS)
    },
    countBegin(appId, atMs) {
      if (!keeps.sums) return
      counter.begin(appId, atMs)
      flushAfter(FLUSH_BEGINS_AFTER_MS)
    },
    async append(event) {
      logEvent(event)
      if (keeps.events) await insist(() => store.append([event]))
    },
    flush,
  }
}

type Waiting = CountedAttempt & { readonly event: AuditEvent }
