import { growingCache } from '../growing-cache'
import type { Begins, CountedAttempt, CountedEvent } from './roll-up'
import { startOf } from './span'

/** A sign-in that a browser has begun: its nonce, and when that was, in milliseconds since 1970. */
export interface Begin {
  readonly nonce: string
  readonly createdAtMs: number
}

/** What is known of an attempt beside its event. */
export interface AttemptFacts {
  /** Whether there is an app of that name. */
  readonly isOfApp: boolean
  /** With which it has come back, by a cookie of ours; undefined: with none. */
  readonly begin: Begin | undefined
}

/** What this process has counted and not yet written. */
export interface SignInCounter {
  /** A browser has been sent to Amazon. */
  begin(appId: string, atMs: number): void
  /** Whether begins wait to be written. */
  hasBegins(): boolean
  /** Takes away at most so many of them. */
  takeBegins(limit: number): readonly Begins[]
  /** A begin counts as come back once, however often its return is opened. */
  note<Event extends CountedEvent>(
    event: Event,
    facts: AttemptFacts,
  ): CountedAttempt & { readonly event: Event }
}

/** As many as may come back within the ten minutes that they have, usually. */
const MAX_RETURNED = 50_000

export function createSignInCounter(): SignInCounter {
  const current = new Map<string, { minuteMs: number; count: number }>()
  const over: Begins[] = []
  const returned = growingCache<true>({ max: MAX_RETURNED })

  function isFirst(nonce: string): boolean {
    if (returned.has(nonce)) return false
    returned.set(nonce, true)
    return true
  }

  return {
    begin(appId, atMs) {
      const minuteMs = startOf(atMs, 'minute')
      const known = current.get(appId)
      if (known?.minuteMs === minuteMs) {
        known.count += 1
        return
      }
      if (known !== undefined) over.push({ app: appId, ...known })
      current.set(appId, { minuteMs, count: 1 })
    },
    hasBegins: () => over.length > 0 || current.size > 0,
    takeBegins(limit) {
      const taken: Begins[] = over.splice(0, limit)
      for (const [app, begins] of current) {
        if (taken.length >= limit) break
        taken.push({ app, ...begins })
        current.delete(app)
      }
      return taken
    },
    note: (event, { isOfApp, begin }) => ({
      event,
      isOfApp,
      begunAtMs: begin !== undefined && isFirst(begin.nonce) ? begin.createdAtMs : undefined,
    }),
  }
}
