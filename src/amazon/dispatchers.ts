import { Agent, buildConnector, Pool, ProxyAgent, type Dispatcher } from 'undici/index.js'

export type Dispatch = Dispatcher['dispatch']

/** The two ways in which a request travels to Amazon: both keep connections, so that most logins need no handshake. */
export interface Dispatchers {
  /** For what may be sent again: it travels on any kept connection, which the peer may close just as it is used. */
  readonly reads: Dispatch
  /** For what may be sent once, as a code: it travels on a new connection, or on a kept one that is in no such danger. */
  readonly codes: Dispatch
}

const CONNECT_TIMEOUT_MS = 3_000
/** Sooner than servers close: Node's after 5 s, most after a minute. A shorter `Keep-Alive: timeout` is heeded. */
const READS_KEPT_MS = 4_000
const CODES_KEPT_MS = 1_000
/** Twice that: a peer that has left a connection alone for as long is in no danger of closing one at half of it. */
const PROOF_MS = 2_000
const RESTED = 'socket idle timeout'
/** Code of undici's for a connection that this side has ended; the peer's end is `UND_ERR_SOCKET`, `ECONNRESET` and others. */
const ENDED_HERE = 'UND_ERR_INFO'

/**
 * A request that is lost on a kept connection, which the peer closed just as it was used, cannot be told from one that
 * has arrived. So a code travels on a kept connection only within a second of its last use, and only once this peer has
 * been seen to leave a connection alone for two: until then each code opens one of its own, and one of these is left open, and
 * not used again, to see. What was seen is forgotten as soon as the peer closes a kept one.
 *
 * @param proxy Address of a proxy, maybe with a user and password. It sees a tunnel (`CONNECT`), neither secrets nor codes.
 */
export function createDispatchers(proxy?: string): Dispatchers {
  const open = proxy === undefined ? openAgents() : (keptMs: number) => openTunnels(proxy, keptMs)
  const reads = open(READS_KEPT_MS)
  const kept = open(CODES_KEPT_MS)
  const proving = open(PROOF_MS)
  const single = open(CODES_KEPT_MS)
  /** Origins of which a connection is left open to see. */
  const watched = new Set<string>()
  const patient = new Set<string>()
  proving.on('disconnect', ({ origin }, _targets, { message }) => {
    watched.delete(origin)
    if (message === RESTED) patient.add(origin)
  })
  proving.on('connectionError', ({ origin }) => void watched.delete(origin))
  for (const agent of [reads, kept]) {
    agent.on('disconnect', ({ origin }, _targets, { code }) => {
      if (code !== ENDED_HERE) patient.delete(origin)
    })
  }
  return {
    reads: (request, handler) => reads.dispatch(request, handler),
    codes(request, handler) {
      const origin = String(request.origin)
      if (patient.has(origin)) return kept.dispatch(request, handler)
      // A proxy's agent tells of no end.
      if (watched.has(origin) || proxy !== undefined) {
        return single.dispatch({ ...request, reset: true }, handler)
      }
      watched.add(origin)
      return proving.dispatch(request, handler)
    },
  }
}

function openAgents(): (keptMs: number) => Agent {
  // One for both, so that a further handshake resumes the TLS session of an earlier one.
  const connect = buildConnector(TLS)
  return (keptMs) => new Agent({ ...keeping(keptMs), connect })
}

function openTunnels(proxy: string, keptMs: number): ProxyAgent {
  const { origin, username, password } = new URL(proxy)
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return new ProxyAgent({
    ...keeping(keptMs),
    uri: origin,
    // undici itself sends none where the password is empty.
    ...(username !== '' && { token: `Basic ${Buffer.from(credentials).toString('base64')}` }),
    proxyTls: TLS,
    requestTls: TLS,
    // Whoever asks has limits of its own for the answer, but the proxy's to CONNECT is none of these.
    clientFactory: (to, options) =>
      new Pool(to, { ...options, headersTimeout: CONNECT_TIMEOUT_MS }),
  })
}

/** Certificates are checked whatever NODE_TLS_REJECT_UNAUTHORIZED says. */
const TLS = { timeout: CONNECT_TIMEOUT_MS, rejectUnauthorized: true }

/** Whoever asks has limits of its own for the answer. */
function keeping(keptMs: number) {
  return {
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keptMs,
    // Whatever a server promises.
    keepAliveMaxTimeout: keptMs,
  }
}
