import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

/** A proxy as companies have them: it opens tunnels (`CONNECT`), and nothing else. */
export interface ConnectProxy {
  /** `127.0.0.1:<port>` */
  readonly host: string
  /** Of each CONNECT: the target, and the decoded `user:password` that came along. */
  readonly tunnels: readonly { readonly target: string; readonly credentials: string }[]
  /** `hang`: takes the request and says nothing. A status: answers that. */
  behave(how: 'open' | 'hang' | number): void
  close(): Promise<void>
}

/** @param places Where a target really is, by `host:port`. Default: where it says. */
export async function startConnectProxy(
  places: Readonly<Record<string, string>> = {},
): Promise<ConnectProxy> {
  const tunnels: { target: string; credentials: string }[] = []
  const sockets = new Set<Socket>()
  let behaviour: 'open' | 'hang' | number = 'open'
  const server = createServer((_req, res) => void res.writeHead(501).end())
  server.on('connection', (socket: Socket) => keep(socket))
  server.on('connect', (req, client: Socket) => {
    const target = req.url ?? ''
    const [, encoded = ''] = (req.headers['proxy-authorization'] ?? '').split(' ')
    tunnels.push({ target, credentials: Buffer.from(encoded, 'base64').toString() })
    if (behaviour === 'hang') return
    if (behaviour !== 'open') {
      client.end(`HTTP/1.1 ${behaviour} Refused\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n`)
      return
    }
    const [host, port] = (places[target] ?? target).split(':')
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    keep(upstream).on('error', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function keep(socket: Socket): Socket {
    sockets.add(socket)
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  }

  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    tunnels,
    behave: (how) => void (behaviour = how),
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
