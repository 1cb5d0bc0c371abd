import type { ServerSetup } from '../support/api'
import type { World } from './world'

/** What is expected of the last answer; parts that are left out do not matter. */
export interface Expected {
  readonly status?: number
  readonly headers?: Readonly<Record<string, unknown>>
  /** `Location`, whole; and its parts. */
  readonly location?: string | RegExp
  readonly query?: Readonly<Record<string, unknown>>
  readonly text?: string | RegExp
  readonly json?: unknown
  /** Names of the cookies that were set, joined by commas. */
  readonly cookies?: string | RegExp
  /** Claims of the token in the answer: in `Location`, in the JSON or as the text. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** What the server asked of Amazon since it started, e.g. `POST /auth/o2/token`. */
  readonly asked?: readonly string[]
  /** The last form sent to Amazon's token endpoint. */
  readonly tokenRequest?: Readonly<Record<string, unknown>>
  /** What `send` returned. */
  readonly value?: unknown
}

/** One line of the contract: what is sent to a fresh server, and what must come back. */
export interface Case {
  /** The fact, in a sentence. */
  readonly line: string
  /** Configuration and environment of the server, where the usual one does not do. */
  readonly setup?: ServerSetup
  readonly send: (world: World) => Promise<unknown>
  readonly expected: Expected
}

export interface Section {
  readonly title: string
  readonly cases: readonly Case[]
}
