import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { ApiError } from '../../../src/client'

/** What a call is refused with. */
export async function refusal(call: Promise<unknown>): Promise<ApiError> {
  const thrown: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (thrown instanceof ApiError) return thrown
  throw new Error(`not refused: ${String(thrown)}`)
}

/** A server that is none of ours. */
export interface Stub {
  readonly url: string
  /** Value of `Authorization` of each request. */
  readonly requests: readonly string[]
  connections(): number
}

const running: Server[] = []

/** Starts a server that `closeStubs` ends. */
export async function stub(answer: (res: ServerResponse) => unknown): Promise<Stub> {
  const requests: string[] = []
  let connections = 0
  const server = createServer((req, res) => {
    requests.push(req.headers.authorization ?? '')
    answer(res)
  })
  server.on('connection', () => (connections += 1)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  running.push(server)
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, requests, connections: () => connections }
}

export async function closeStubs(): Promise<void> {
  await Promise.all(
    running.splice(0).map((server) => {
      server.closeAllConnections()
      return once(server.close(), 'close')
    }),
  )
}
