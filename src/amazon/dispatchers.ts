import { Agent, buildConnector, Pool, ProxyAgent, type Dispatcher } from 'undici'

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
const READS_KEPT_MS = 2_000
/** Half of that: a peer that has left a connection alone for longer is in no danger of closing at half of it. */
const CODES_KEPT_MS = 1_000
const RESTED = 'socket idle timeout'
/** Code of undici's for a connection that this side has ended; the peer's end is `UND_ERR_SOCKET`, `ECONNRESET` and others. */
const ENDED_HERE = 'UND_ERR_INFO'

/**
 * A request that is lost on a kept connection, which the peer closed just as it was used, cannot be told from one that
 * has arrived. So a code travels on a kept connection only within a second of its last use, and only once this peer has
 * been seen to leave a connection alone for two. That is forgotten as soon as it closes one by itself.
 *
 * @param proxy Address of a proxy, maybe with a user and password. It sees a tunnel (`CONNECT`), neither secrets nor codes.
 */
export function createDispatchers(proxy?: string): Dispatchers {
  const open = proxy === undefined ? openAgents() : (keptMs: number) => openTunnels(proxy, keptMs)
  const reads = open(READS_KEPT_MS)
  const trusting = open(CODES_KEPT_MS)
  // Apart from the other: what that one still keeps when a peer is not trusted any more, nothing travels on.
  const wary = open(CODES_KEPT_MS)
  const patient = new Set<string>()
  reads.on('disconnect', ({ origin }, _targets, { message }) => {
    if (message === RESTED) patient.add(origin)
  })
  for (const agent of [reads, trusting]) {
    agent.on('disconnect', ({ origin }, _targets, { code }) => {
      if (code !== ENDED_HERE) patient.delete(origin)
    })
  }
  return {
    reads: (request, handler) => reads.dispatch(request, handler),
    codes: (request, handler) =>
      patient.has(String(request.origin))
        ? trusting.dispatch(request, handler)
        : wary.dispatch({ ...request, reset: true }, handler),
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
