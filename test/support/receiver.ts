import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { until } from './until'

/** A webhook as it came in. */
export interface Received {
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly id: string
  readonly type: string
  // oxlint-disable-next-line typescript/no-explicit-any -- tests say what they expect of it
  readonly data: any
}

type Answer = (received: Received, res: ServerResponse) => void

/** A server of somebody who wants to be told. */
export interface Receiver {
  readonly url: string
  readonly port: number
  readonly all: readonly Received[]
  /** What it says from now on. */
  answers(answer: Answer | number): void
  /** Those so far, once there are as many. */
  wait(count: number): Promise<readonly Received[]>
  types(): readonly string[]
  clear(): void
  close(): Promise<void>
}

export async function startReceiver(port = 0): Promise<Receiver> {
  const all: Received[] = []
  let answer: Answer = (_received, res) => res.writeHead(204).end()
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const { type, data } = JSON.parse(body) as { type: string; data: unknown }
      const received = {
        headers: req.headers,
        body,
        type,
        data,
        id: String(req.headers['webhook-id']),
      }
      all.push(received)
      answer(received, res)
    })
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${taken}/hook`,
    port: taken,
    all,
    answers(next) {
      answer = typeof next === 'number' ? (_received, res) => res.writeHead(next).end() : next
    },
    async wait(count) {
      await until(() => all.length >= count)
      return all
    },
    types: () => all.map(({ type }) => type),
    clear: () => void all.splice(0),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
