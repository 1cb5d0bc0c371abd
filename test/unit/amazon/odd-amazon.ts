import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that answers every request with what it was told. */
export interface OddAmazon {
  readonly origin: string
  /** Begins to count anew. */
  answers(status: number, body: string): void
  /** Requests since then. */
  count(): number
  close(): Promise<void>
}

export async function startOddAmazon(): Promise<OddAmazon> {
  let told = { status: 200, body: '{}' }
  let requests = 0
  const server = createServer((req, res) => {
    requests += 1
    req.resume()
    res.writeHead(told.status, { 'content-type': 'application/json', location: '/elsewhere' })
    res.end(told.body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers(status, body) {
      told = { status, body }
      requests = 0
    },
    count: () => requests,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
