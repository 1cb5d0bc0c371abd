import type { AuditHistory, AuditRecord } from './audit-history'

/** Which sign-ins are followed. What else is asked of them is up to the listener. */
export interface FeedFilter {
  /** Undefined: of all apps. */
  readonly app: string | undefined
  /** Failures alone have an index of their own, so that none is missed among many successes. */
  readonly onlyFailures: boolean
}

export interface FeedListener {
  /**
   * Told of events as they come, the latest last, each once.
   *
   * @param isPartial Whether there were more of them than are told.
   */
  readonly onEvents: (events: readonly AuditRecord[], isPartial: boolean) => void
  /** Told when the store stops to answer, and when it answers again. */
  readonly onTrouble: (isTroubled: boolean) => void
  /** The feed has ended, as the process does. */
  readonly onEnd: () => void
}

/** Sign-ins as they come, from whatever node. */
export interface AuditFeed {
  /** How many follow it now. @param app Those alone who follow this one. */
  count(app?: string): number
  /** @returns Ends it. */
  follow(filter: FeedFilter, listener: FeedListener): () => void
  /** Ends all of them; whoever comes later is told of the end at once. */
  close(): void
}

const LOOK_EVERY_MS = 1_000
/** More in one look are passed over, but for the latest. */
const MAX_LOOK = 500
/**
 * Events are written up to seconds after they have happened, by nodes whose clocks differ a little: each look goes back as
 * far, and passes over what it has told.
 */
export const LATE_MS = 15_000

interface FeedDeps {
  readonly history: Pick<AuditHistory, 'page'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** However many follow the same, the store is asked once a second for all of them; nobody: it is not asked. */
export function createAuditFeed(deps: FeedDeps): AuditFeed {
  const followers = new Map<string, Follower>()
  let isClosed = false
  return {
    count: (app) =>
      [...followers.values()]
        .filter(({ filter }) => app === undefined || filter.app === app)
        .reduce((sum, { size }) => sum + size, 0),
    follow(filter, listener) {
      if (isClosed) {
        listener.onEnd()
        return () => undefined
      }
      const key = JSON.stringify([filter.app, filter.onlyFailures])
      const follower = followers.get(key) ?? new Follower(filter, deps)
      followers.set(key, follower)
      follower.add(listener)
      return () => {
        follower.remove(listener)
        if (follower.size === 0 && followers.get(key) === follower) followers.delete(key)
      }
    },
    close() {
      isClosed = true
      for (const follower of followers.values()) follower.end()
      followers.clear()
    },
  }
}

/** Asks the store for all who follow one filter. */
class Follower {
  private readonly listeners = new Set<FeedListener>()
  private readonly seen = new Map<string, number>()
  private readonly startMs: number
  private newestMs: number
  private isTroubled = false
  private timer: NodeJS.Timeout | undefined

  constructor(
    readonly filter: FeedFilter,
    private readonly deps: FeedDeps,
  ) {
    this.startMs = deps.now() - LATE_MS
    this.newestMs = deps.now()
  }

  get size(): number {
    return this.listeners.size
  }

  add(listener: FeedListener): void {
    this.listeners.add(listener)
    if (this.isTroubled) listener.onTrouble(true)
    if (this.size === 1) void this.run()
  }

  remove(listener: FeedListener): void {
    this.listeners.delete(listener)
    if (this.size === 0) clearTimeout(this.timer)
  }

  end(): void {
    clearTimeout(this.timer)
    const told = [...this.listeners]
    this.listeners.clear()
    for (const listener of told) listener.onEnd()
  }

  private async run(): Promise<void> {
    try {
      await this.look()
      this.tellTrouble(false)
    } catch {
      // `store_unavailable`, which the store itself has told the log.
      this.tellTrouble(true)
    }
    if (this.size > 0) this.timer = setTimeout(() => void this.run(), LOOK_EVERY_MS).unref()
  }

  private async look(): Promise<void> {
    const { app, onlyFailures } = this.filter
    const sinceMs = this.lookFrom()
    const outcome = onlyFailures ? ('failure' as const) : undefined
    const filter = { about: 'sign_ins', app, outcome, sinceMs } as const
    const page = await this.deps.history.page(filter, { limit: MAX_LOOK })
    const fresh = page.events.filter(({ id }) => !this.seen.has(id)).reverse()
    const oldestMs = page.events.at(-1)?.atMs ?? 0
    const isPartial = page.next !== undefined && oldestMs > this.newestMs
    for (const { id, atMs } of page.events) this.seen.set(id, atMs)
    this.newestMs = Math.max(this.newestMs, page.events[0]?.atMs ?? 0)
    if (fresh.length === 0) return
    for (const listener of this.listeners) listener.onEvents(fresh, isPartial)
  }

  /** An event of a clock that is ahead must not hide those of the others. */
  private lookFrom(): number {
    const sinceMs = Math.max(this.startMs, Math.min(this.newestMs, this.deps.now()) - LATE_MS)
    for (const [id, atMs] of this.seen) if (atMs < sinceMs) this.seen.delete(id)
    return sinceMs
  }

  private tellTrouble(isTroubled: boolean): void {
    if (isTroubled === this.isTroubled) return
    this.isTroubled = isTroubled
    for (const listener of this.listeners) listener.onTrouble(isTroubled)
  }
}
