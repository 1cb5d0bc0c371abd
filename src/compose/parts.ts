import type { AxiosInstance } from 'axios'
import type { Store } from 'express-session'

import type { AuditEvent } from '../audit/audit-event'
import type { FindApp } from '../config/read-host-app'
import type { LoadedConfig } from '../config/resolve-config'
import type { EventHub } from '../events/event-hub'
import type { Hooks } from '../http/auth-services'
import type { Logger } from '../logger'
import type { HostMetrics } from '../metrics/metrics'
import type { Store as OwnStore } from '../store/store'

/** What cannot be written in a configuration file. */
export interface Parts {
  readonly logger: Logger
  /** Logs an attempt to sign in; default: a line `audit` of its own. */
  readonly logLogin?: (event: AuditEvent) => void
  /** HTTP client for Amazon; default: one of our own with kept-alive connections. */
  readonly axios?: AxiosInstance
  /** Any store of express-session; default: the SQL store. */
  readonly sessionStore?: Store
  /** Where everything is kept; default: the SQL store that the configuration names. */
  readonly store?: OwnStore
  /** Finds apps in a database of the host's own; default: they are those of the configuration and of the API. */
  readonly findApp?: FindApp
  /** A registry of the host that our series are shown in; default: none. */
  readonly metrics?: HostMetrics
  readonly hooks?: Hooks
  /** Those who listen to what happens here; default: nobody can. */
  readonly events?: EventHub
  /** Whether a host has a page for failed sign-ins at the very path that is the default. */
  readonly hasFailurePage?: boolean
  /** What people tell this process by. Undefined: it serves nobody, as a command of an operator. */
  readonly servesAs?: string
  /** What loading the configuration has brought to light, for those who look for mistakes. */
  readonly told?: Pick<LoadedConfig, 'origins' | 'warnings'>
  /** Milliseconds since 1970. */
  readonly now?: () => number
}
