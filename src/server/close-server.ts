import { once } from 'node:events'
import type { Server } from 'node:http'

const SWEEP_EVERY_MS = 50

/**
 * Stops to accept connections and waits for the requests that are being answered.
 *
 * @param patienceMs How long to wait, in milliseconds; what is not done then is cut off.
 */
export async function closeServer(server: Server, patienceMs: number): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A kept-alive connection becomes idle when its last request is answered, and would linger.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_EVERY_MS)
  const limit = setTimeout(() => server.closeAllConnections(), patienceMs)
  await closed
  clearInterval(sweep)
  clearTimeout(limit)
}
