import type { Json } from '../apps/settings'
import type { Logger } from '../logger'
import type { DeliveryStore, PlainEvent } from './delivery'
import { newEventId } from './event-id'

/** Sign-ins that have failed, for those apps that want to be told of them. */
export interface LoginFailures {
  /**
   * Notes one; never waits, never throws.
   *
   * @param userId Whose it was, where that is known.
   */
  tell(appId: string, userId: string | undefined, detail: Readonly<Record<string, Json>>): void
  /** Writes what has not been written yet. */
  flush(): Promise<void>
}

export interface LoginFailuresDeps {
  readonly deliveries: Pick<DeliveryStore, 'append'>
  readonly logger: Logger
  readonly now: () => number
  readonly onWritten: (appId: string) => void
}

const FLUSH_AFTER_MS = 500
/** Of all apps; whoever floods one is not to fill the store by it. */
const MAX_WAITING = 1_000
/** Of one app, between two writes. */
const MAX_OF_APP = 50
/** Written in one transaction. */
const BATCH = 25

/**
 * A sign-in that fails writes nothing by itself, so these wait half a second and are written together: a process that is
 * killed loses those. Of an app that is flooded only some are told.
 */
export function createLoginFailures(deps: LoginFailuresDeps): LoginFailures {
  const waiting: PlainEvent[] = []
  const counts = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  let dropped = 0

  async function write(): Promise<void> {
    counts.clear()
    if (dropped > 0) deps.logger.warn({ count: dropped }, 'login.failed: not all are told')
    dropped = 0
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH)
      try {
        await deps.deliveries.append(batch)
        for (const { appId } of batch) deps.onWritten(appId)
      } catch (cause) {
        const count = batch.length + waiting.splice(0).length
        deps.logger.warn(
          { count, cause },
          'login.failed: events are lost, as they cannot be stored',
        )
      }
    }
  }
  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing ??= write().finally(() => (writing = undefined))
    return writing
  }

  return {
    tell(appId, userId, detail) {
      const count = (counts.get(appId) ?? 0) + 1
      if (count > MAX_OF_APP || waiting.length >= MAX_WAITING) {
        dropped += 1
        return
      }
      counts.set(appId, count)
      const atMs = deps.now()
      const id = newEventId(atMs)
      waiting.push({ appId, id, type: 'login.failed', atMs, userId, detail })
      timer ??= setTimeout(() => void flush(), FLUSH_AFTER_MS).unref()
    },
    flush,
  }
}
