import type { ErrorCode } from '../errors'
import type { CheckedApp } from './checked-app'
import type { Network } from './network'
import type { SeenExpress, SeenRequest } from './seen'
import type { Site } from './site'

export type Level = 'ok' | 'warning' | 'failure'

/** What a check has found. */
export interface Finding {
  readonly level: Level
  /** What was seen: a sentence without its full stop. Never a secret. */
  readonly seen: string
  /** What to do about it, in sentences. */
  readonly fix?: string
  /** Where the value stands: `application.conf:12`, `environment para_port`, `option port`, `stored setting`, `default`. */
  readonly origin?: string
}

/** One line of a report: a finding, whose it is, and about which app. */
export interface Result extends Finding {
  readonly check: string
  /** Id of the app; absent: it is about the host. */
  readonly app?: string
}

/** What a check may look at besides its app. */
export interface Surroundings {
  readonly site: Site
  /** Bounded in number and time. Absent: nothing may be asked of it (`--offline`). */
  readonly network: Network | undefined
  /** The request that asks; absent: it is asked on the command line, or in code. */
  readonly request: SeenRequest | undefined
  /** The Express app that the middleware is mounted in; absent: it is not known. */
  readonly express: SeenExpress | undefined
  /** Whether nobody knows as yet what the middleware is mounted under. */
  readonly isMountUnknown: boolean
  /** The app, where one alone is asked about. */
  readonly sole: CheckedApp | undefined
  /** Whether the inside of the host, and the network around it, may be told of: not to an app. */
  readonly mayTellInside: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The same, where others may be asked. */
export interface Reachable extends Surroundings {
  readonly network: Network
}

/** One finding, several, or none where there is nothing to say. */
export type Findings = Finding | readonly Finding[] | undefined

interface CheckBase {
  /** As reports and docs/doctor.md name it. */
  readonly id: string
  /** Codes of failed logins that it may explain. */
  readonly explains?: readonly ErrorCode[]
}

/** A check of one app. */
export interface AppCheck extends CheckBase {
  readonly of: 'app'
  look(app: CheckedApp, around: Surroundings): Findings | Promise<Findings>
}

/** A check of one app that asks others: over the API once in a while, however often an app asks for it. */
export interface AppNetworkCheck extends CheckBase {
  readonly of: 'app-network'
  look(app: CheckedApp, around: Reachable): Findings | Promise<Findings>
}

/** A check of the host. */
export interface HostCheck extends CheckBase {
  readonly of: 'host'
  /** Whether an app sees it as well as the root app; it must tell nothing of the inside then. */
  readonly isForApps?: true
  look(around: Surroundings): Findings | Promise<Findings>
}

/** The same, asking others. */
export interface HostNetworkCheck extends CheckBase {
  readonly of: 'host-network'
  look(around: Reachable): Findings | Promise<Findings>
}

export type Check = AppCheck | AppNetworkCheck | HostCheck | HostNetworkCheck

export function ok(seen: string, origin?: string): Finding {
  return { level: 'ok', seen, ...(origin !== undefined && { origin }) }
}

export function warning(seen: string, fix: string, origin?: string): Finding {
  return { level: 'warning', seen, fix, ...(origin !== undefined && { origin }) }
}

export function failure(seen: string, fix: string, origin?: string): Finding {
  return { level: 'failure', seen, fix, ...(origin !== undefined && { origin }) }
}
