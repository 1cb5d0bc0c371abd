import type { IncomingHttpHeaders } from 'node:http'
import type { Answer } from './answer'
import type { Clients } from './clients'
import type { CodePairs } from './code-pairs'
import type { DeviceDenial } from './emulator'
import type { Faults } from './faults/faults'
import type { Grants } from './grants'
import type { Journal } from './journal'
import type { Person } from './people'
import type { TokenRules } from './token-rules'

/** All that one running emulator knows. Nothing of it outlives the process. */
export interface EmulatorState {
  readonly origin: string
  readonly clients: Clients
  readonly people: readonly Person[]
  readonly grants: Grants
  readonly codePairs: CodePairs
  readonly faults: Faults
  readonly tokenRules: TokenRules
  readonly journal: Journal
  readonly latencyMs: number
  readonly pollIntervalSeconds: number
  readonly deviceDenial: DeviceDenial
  readonly issuer: string
  readonly now: () => number
}

/** A request as an endpoint sees it: already read, parameters decoded. */
export interface EndpointRequest {
  readonly method: string
  readonly query: URLSearchParams
  readonly form: URLSearchParams
  readonly headers: IncomingHttpHeaders
}

/** One URL of Amazon. Knows no Express and no fault. Throws `Refused` to stop early. */
export type Endpoint = (request: EndpointRequest, state: EmulatorState) => Answer
