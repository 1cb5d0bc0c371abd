import { readFileSync } from 'node:fs'
import type { ClientConfig } from 'pg'
import type { PostgresServer } from '../../postgres-url'

const KEEP_ALIVE_DELAY_MS = 10_000

/**
 * How pg connects to a server.
 *
 * @throws {Error} Its file of certificates cannot be read.
 */
export function postgresClientConfig(server: PostgresServer): ClientConfig {
  const { host, port, database, user, password, applicationName, options } = server
  return {
    host,
    port,
    database,
    user,
    ...(password !== undefined && { password }),
    ssl: tlsOptions(server),
    application_name: applicationName ?? 'express-amazon-auth',
    ...(options !== undefined && { options }),
    enableChannelBinding: server.channelBinding,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
  }
}

function tlsOptions({ ssl, caFile }: PostgresServer): ClientConfig['ssl'] {
  if (ssl === 'off') return false
  if (ssl === 'require') return { rejectUnauthorized: false }
  return {
    ...(caFile !== undefined && { ca: readFileSync(caFile, 'utf8') }),
    ...(ssl === 'verify-ca' && { checkServerIdentity: () => undefined }),
  }
}
