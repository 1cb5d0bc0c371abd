import type { IncomingHttpHeaders } from 'node:http'
import type { Answer } from './answer'
import type { EmulatorState } from './emulator-state'

/** A request as an endpoint sees it: already read, parameters decoded. */
export interface EndpointRequest {
  readonly method: string
  readonly query: URLSearchParams
  readonly form: URLSearchParams
  readonly headers: IncomingHttpHeaders
}

/** One URL of Amazon. Knows no Express and no fault. Throws `Refused` to stop early. */
export type Endpoint = (request: EndpointRequest, state: EmulatorState) => Answer
