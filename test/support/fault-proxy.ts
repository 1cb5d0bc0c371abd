import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** What the proxy does to a connection; read anew for each one. */
export interface ProxyFault {
  /** Takes the connection and what is sent, and passes nothing on. */
  readonly stall?: boolean
  /** Closes the connection as soon as it is there. */
  readonly drop?: boolean
  /** Breaks the connection (RST) when so many bytes of answers have passed. */
  readonly cutAfterBytes?: number
  /** Passes answers on byte by byte, one every so many milliseconds. */
  readonly dripMs?: number
  /** Closes the connection without a word when an answer has passed and, for so many milliseconds, no request. */
  readonly idleCloseMs?: number
}

/** A TCP proxy that can stall, drop, cut, drip and close idle connections. */
export interface FaultProxy {
  /** Where to connect to, e.g. `127.0.0.1:49152`. */
  readonly host: string
  /** How many connections there have been. */
  readonly accepted: number
  /** How many are there. */
  readonly open: number
  /** Names the server behind it. */
  forwardTo(origin: string): void
  /** For connections from now on. Without one it only passes on. */
  setFault(fault?: ProxyFault): void
  /** Passes nothing on any more, on no connection, as a network that swallows all packets. */
  freeze(): void
  /** Passes on again, what was held back first. */
  thaw(): void
  close(): Promise<void>
}

export async function startFaultProxy(): Promise<FaultProxy> {
  const clients = new Set<Socket>()
  const upstreams = new Map<Socket, Socket>()
  let isFrozen = false
  let accepted = 0
  let port = 0
  let fault: ProxyFault = {}
  const server = createServer((client) => {
    accepted += 1
    clients.add(client)
    client
      .on('error', () => client.destroy())
      .once('close', () => {
        clients.delete(client)
        upstreams.delete(client)
      })
    if (isFrozen) return
    if (fault.drop === true) client.destroy()
    else if (fault.stall === true) client.resume()
    else {
      const upstream = connect(port, '127.0.0.1')
      upstreams.set(client, upstream)
      join(client, upstream, fault)
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get accepted() {
      return accepted
    },
    get open() {
      return clients.size
    },
    forwardTo: (origin) => void (port = Number(new URL(origin).port)),
    setFault: (next = {}) => void (fault = next),
    freeze() {
      isFrozen = true
      for (const [client, upstream] of upstreams) {
        client.unpipe().pause()
        upstream.unpipe().pause()
      }
    },
    thaw() {
      isFrozen = false
      for (const client of clients) {
        const upstream = upstreams.get(client)
        if (upstream === undefined) client.destroy()
        else {
          client.pipe(upstream)
          upstream.pipe(client)
        }
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const client of clients) client.destroy()
      }),
  }
}

function join(client: Socket, upstream: Socket, fault: ProxyFault): void {
  client.once('close', () => upstream.destroy()).pipe(upstream)
  upstream.on('error', () => client.resetAndDestroy())
  if (fault.cutAfterBytes !== undefined) cut(client, upstream, fault.cutAfterBytes)
  else if (fault.dripMs !== undefined) drip(client, upstream, fault.dripMs)
  else upstream.pipe(client)
  if (fault.idleCloseMs !== undefined) closeIdle(client, upstream, fault.idleCloseMs)
}

function cut(client: Socket, upstream: Socket, bytes: number): void {
  let left = bytes
  upstream.on('data', (chunk: Buffer) => {
    client.write(chunk.subarray(0, left), () => {
      if (left <= 0) client.resetAndDestroy()
    })
    left -= chunk.length
  })
}

function drip(client: Socket, upstream: Socket, ms: number): void {
  const waiting: number[] = []
  upstream.on('data', (chunk: Buffer) => void waiting.push(...chunk))
  const timer = setInterval(() => {
    const byte = waiting.shift()
    if (byte !== undefined) client.write(Buffer.of(byte))
  }, ms)
  client.once('close', () => clearInterval(timer))
}

function closeIdle(client: Socket, upstream: Socket, ms: number): void {
  let timer: NodeJS.Timeout | undefined
  const stop = (): void => clearTimeout(timer)
  client.on('data', stop).once('close', stop)
  upstream.on('data', () => {
    stop()
    timer = setTimeout(() => client.destroy(), ms)
  })
}
