import { Pool, ProxyAgent, type Dispatcher } from 'undici'

import { CONNECT_TIMEOUT_MS, KEEP_MS, type Connection, type Connections } from './connections'

/**
 * Connections through a proxy: a tunnel (`CONNECT`), so that the proxy sees neither secrets nor codes, and Amazon's
 * certificate is checked as ever. What may be sent only once opens a tunnel of its own: see {@link Connections}.
 *
 * @param address May hold a user and password.
 */
export function createProxiedConnections(address: string): Connections {
  const pooled = createAgent(address, 1)
  const fresh = createAgent(address, 0)
  return { take: (_origin, maxRest) => asConnection(maxRest === 'any' ? pooled : fresh) }
}

/** @param pipelining 0: the connection is closed after each answer. */
function createAgent(address: string, pipelining: 0 | 1): ProxyAgent {
  const { origin, username, password } = new URL(address)
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  // Certificates are checked whatever NODE_TLS_REJECT_UNAUTHORIZED says.
  const tls = { timeout: CONNECT_TIMEOUT_MS, rejectUnauthorized: true }
  return new ProxyAgent({
    uri: origin,
    // undici itself sends none where the password is empty.
    ...(username !== '' && { token: `Basic ${Buffer.from(credentials).toString('base64')}` }),
    proxyTls: tls,
    requestTls: tls,
    // Whoever asks has limits of its own for the answer, but the proxy's to CONNECT is none of these.
    clientFactory: (proxy, options) =>
      new Pool(proxy, { ...options, headersTimeout: CONNECT_TIMEOUT_MS }),
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_MS,
    keepAliveMaxTimeout: KEEP_MS,
    pipelining,
  })
}

/** The agent keeps and ends connections by itself; a request that is given up is aborted. */
function asConnection(client: Dispatcher): Connection {
  return { client, isReused: false, release: () => undefined, destroy: () => undefined }
}
