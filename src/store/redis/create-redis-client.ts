import { isIP } from 'node:net'

import { createClient } from 'redis'

/** A connection that is neither made again nor waited for when it is lost: {@link keepConnected} sees to that. */
export type RedisClient = ReturnType<typeof createRedisClient>

const CONNECT_TIMEOUT_MS = 1_000

/** @param url `redis://[user:password@]host[:port][/number]`, or `rediss://…` for TLS. */
export function createRedisClient(url: string) {
  const { protocol, hostname } = new URL(url)
  const named = protocol === 'rediss:' && isIP(hostname) === 0 && { servername: hostname }
  return createClient({
    url,
    // What every Redis and its kin speak.
    RESP: 2,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    // It would cost a timer a command and hold only for those not yet sent.
    commandOptions: { timeout: 0 },
    socket: { connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy: false, ...named },
  })
}
