import type { AuditEvent, AuditWay } from './audit-event'

/** An event as it lies in the store. */
export interface AuditRecord extends AuditEvent {
  readonly id: string
}

/** A place in the order of events: that of one, or the time before which all that is meant lies (`id` empty). */
export interface AuditPosition {
  readonly atMs: number
  readonly id: string
}

/** Which events are asked for; what is undefined does not matter. */
export interface HistoryFilter {
  /** Sign-ins and withdrawn consents, or what operators have changed. */
  readonly about: 'sign_ins' | 'changes'
  /** Undefined: of all apps, and of names that no app has. */
  readonly app?: string | undefined
  readonly outcome?: AuditEvent['outcome'] | undefined
  readonly reason?: string | undefined
  /** All but those with this reason. */
  readonly notReason?: string | undefined
  readonly way?: AuditWay | undefined
  /** Who has changed something. */
  readonly actor?: string | undefined
  /** Of any of these users of the app, which must be named; at most {@link MAX_USERS}. */
  readonly userIds?: readonly string[] | undefined
  /** From here on, in milliseconds since 1970. */
  readonly sinceMs?: number | undefined
  /** And before this. */
  readonly untilMs?: number | undefined
}

export const MAX_USERS = 20

export interface HistoryPage {
  /** The latest first. */
  readonly events: readonly AuditRecord[]
  /** Before which the next page begins; undefined: there is no more. */
  readonly next: AuditPosition | undefined
  /** Whether it ends there because the search took too long, rather than because it is full. */
  readonly isCutOff: boolean
}

export interface PageWanted {
  /** Undefined: the latest of all. */
  readonly before?: AuditPosition | undefined
  readonly limit: number
  /** How long to search for what is rare and no index has, in milliseconds. Default: 150. */
  readonly patienceMs?: number
}

/** What the audit trail has. Every method rejects with `store_unavailable` when the store does not answer. */
export interface AuditHistory {
  /**
   * A page of events, the latest first. However many there are, it comes within some milliseconds where an index serves the
   * filter; else what is searched is bounded by time, and the page tells from where to go on.
   */
  page(filter: HistoryFilter, wanted: PageWanted): Promise<HistoryPage>
  /** When users last signed in, in milliseconds since 1970, as far as the trail goes back. At most 100 ids. */
  findLastSignIns(appId: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>>
}
