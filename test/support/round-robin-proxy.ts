import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A load balancer as small as can be: nodes in turn, 502 when one dies, and that one is left out until it is added again. */
export interface RoundRobinProxy {
  readonly origin: string
  /** Requests that a node took and never answered. */
  readonly cutOff: readonly string[]
  add(nodeOrigin: string): void
  /** How many requests a node is at. */
  inFlight(nodeOrigin: string): number
  close(): Promise<void>
}

export async function startRoundRobinProxy(): Promise<RoundRobinProxy> {
  const nodes: URL[] = []
  const cutOff: string[] = []
  const inFlight = new Map<string, number>()
  const count = (node: URL, change: number): void =>
    void inFlight.set(node.origin, (inFlight.get(node.origin) ?? 0) + change)
  let turn = 0
  const server = createServer((req, res) => {
    const node = nodes[turn++ % nodes.length]
    if (node === undefined) answer502(res)
    else pass(req, res, node)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  function pass(req: IncomingMessage, res: ServerResponse, node: URL): void {
    const { method, url: path, headers } = req
    const upstream = request(node, { method, path, headers, agent: false }, (answered) => {
      res.writeHead(answered.statusCode ?? 502, answered.headers)
      answered.on('error', () => res.destroy()).pipe(res)
    })
    count(node, 1)
    upstream.once('close', () => count(node, -1))
    upstream.on('error', (error: NodeJS.ErrnoException) => {
      const index = nodes.indexOf(node)
      if (index >= 0) nodes.splice(index, 1)
      if (error.code !== 'ECONNREFUSED') cutOff.push(`${method} ${path?.split('?')[0]}`)
      if (res.headersSent) res.destroy()
      else answer502(res)
    })
    req.pipe(upstream)
  }

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutOff,
    inFlight: (nodeOrigin) => inFlight.get(nodeOrigin) ?? 0,
    add: (nodeOrigin) => void nodes.push(new URL(nodeOrigin)),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function answer502(res: ServerResponse): void {
  res.writeHead(502, { 'content-type': 'text/plain' }).end('Bad Gateway')
}
