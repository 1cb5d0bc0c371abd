import type { AxiosInstance } from 'axios'
import type { Store } from 'express-session'

import type { Hooks } from '../http/auth-services'
import type { Logger } from '../logger'

/** What cannot be written in a configuration file. */
export interface Parts {
  readonly logger: Logger
  /** HTTP client for Amazon; default: one of our own with kept-alive connections. */
  readonly axios?: AxiosInstance
  /** Any store of express-session; default: the SQL store. */
  readonly sessionStore?: Store
  readonly hooks?: Hooks
  /** Whether a host has a page for failed sign-ins at the very path that is the default. */
  readonly hasFailurePage?: boolean
  /** What people tell this process by. Undefined: it serves nobody, as a command of an operator. */
  readonly servesAs?: string
  /** Milliseconds since 1970. */
  readonly now?: () => number
}
