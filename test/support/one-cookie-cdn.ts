import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A content delivery network that passes on the cookie `__session`, and no other, in either direction. */
export interface OneCookieCdn {
  readonly origin: string
  close(): Promise<void>
}

export async function startOneCookieCdn(target: string): Promise<OneCookieCdn> {
  const server = createServer((req, res) => {
    const { method, url: path } = req
    const upstream = request(new URL(target), { method, path, headers: sent(req) }, (answer) => {
      const cookies = answer.headers['set-cookie'] ?? []
      const kept = { ...answer.headers, 'set-cookie': cookies.filter(isPassed) }
      res.writeHead(answer.statusCode ?? 502, kept)
      answer.pipe(res)
    })
    upstream.on('error', () => res.destroy())
    req.pipe(upstream)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, close: () => stop(server) }
}

function sent({ headers }: IncomingMessage): Record<string, string | string[] | undefined> {
  const cookies = headers.cookie?.split('; ').filter(isPassed) ?? []
  return { ...headers, cookie: cookies.join('; ') }
}

function isPassed(cookie: string): boolean {
  return cookie.startsWith('__session=')
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
