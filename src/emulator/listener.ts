import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { isIPv6, type AddressInfo } from 'node:net'
import type { EmulatorOptions } from './emulator'

/** Longer than clients keep an idle connection, so that only a fault closes one under them. */
const KEEP_ALIVE_MS = 120_000

/** A server that listens and can be ended for good. */
export interface Listener {
  readonly origin: string
  onRequest(listener: RequestListener): void
  close(): Promise<void>
}

/** Listens on an address. Rejects with Node's error when it is taken or not ours. */
export async function listen({
  port = 0,
  host = '127.0.0.1',
  tls,
}: EmulatorOptions): Promise<Listener> {
  const server = tls ? createHttpsServer(tls) : createHttpServer()
  server.keepAliveTimeout = KEEP_ALIVE_MS
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  const { port: chosenPort } = server.address() as AddressInfo
  return {
    origin: `${tls ? 'https' : 'http'}://${hostInUrl(host)}:${chosenPort}`,
    onRequest: (listener) => void server.on('request', listener),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** An address that means "all of mine" is no address to go to. */
function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return isIPv6(host) ? `[${host}]` : host
}
