import { setImmediate } from 'node:timers/promises'

import type { Logger } from '../logger'
import type { AuditEvent, AuditStore } from './audit-event'

/** Who tried to sign in, when, and what came of it. */
export interface AuditTrail {
  /** Notes an event. Costs a line of log; never waits, never throws. */
  record(event: AuditEvent): void
  /**
   * Notes an event, and has it stored when it resolves: for what must not be done unseen. Where nothing is kept it is logged.
   *
   * @throws {AmazonAuthError} `store_unavailable`
   */
  append(event: AuditEvent): Promise<void>
  /** Writes what has not been written yet. */
  close(): Promise<void>
}

export interface AuditTrailDeps {
  /** Undefined: events are only logged. */
  readonly store: Pick<AuditStore, 'append'> | undefined
  readonly logger: Logger
  /** Default: a line `audit` each. */
  readonly logEvent?: (event: AuditEvent) => void
  /** Told how many events were lost. */
  readonly onDropped: (count: number) => void
}

const FLUSH_AFTER_MS = 500
/** Two seconds of a very busy server. */
const MAX_WAITING = 10_000
/** Written in one transaction: a millisecond or two. */
const BATCH = 100

/**
 * Keeps events waiting and writes them in batches, apart from the requests they come from. What does not fit, or cannot
 * be written, is dropped and counted: signing in does not depend on it.
 */
export function createAuditTrail(deps: AuditTrailDeps): AuditTrail {
  const { store, logger, onDropped } = deps
  const { logEvent = (event: AuditEvent) => logger.info(event, 'audit') } = deps
  const waiting: AuditEvent[] = []
  let flushing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let isDropping = false

  function drop(count: number, cause?: unknown): void {
    onDropped(count)
    if (!isDropping) logger.warn({ count, cause }, 'audit events are lost: they cannot be stored')
    isDropping = true
  }

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH)
      try {
        await store?.append(batch)
        isDropping = false
      } catch (cause) {
        // The next batch would only wait for the same.
        drop(batch.length + waiting.splice(0).length, cause)
      }
      await setImmediate()
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    flushing ??= write().finally(() => (flushing = undefined))
    return flushing
  }

  return {
    record(event) {
      logEvent(event)
      if (store === undefined) return
      if (waiting.length >= MAX_WAITING) {
        drop(1)
        return
      }
      waiting.push(event)
      timer ??= setTimeout(() => void flush(), FLUSH_AFTER_MS).unref()
    },
    async append(event) {
      logEvent(event)
      await store?.append([event])
    },
    close: flush,
  }
}
