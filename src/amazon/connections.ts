import { buildConnector, Client } from 'undici'

/** How old the last answer on a kept connection may be, for a request that is about to travel on it. */
export type MaxRest = 'any' | 'short'

/** One connection to one origin, busy with one request. */
export interface Connection {
  readonly client: Client
  /** Whether it has answered before. */
  readonly isReused: boolean
  /** The whole answer has come: the next request may have it. Whoever took it lets go of it. */
  release(): void
  /** Something went wrong: nothing else travels on it. Does nothing once it is released. */
  destroy(): void
}

/** Connections that are kept open between requests, so that most logins need no handshake. */
export interface Connections {
  /** @param origin e.g. `https://api.amazon.com` */
  take(origin: string, maxRest: MaxRest): Connection
}

const CONNECT_TIMEOUT_MS = 3_000
/** Sooner than servers close: Node's after 5 s, most after a minute. A shorter `Keep-Alive: timeout` is heeded. */
const KEEP_MS = 4_000
const SHORT_REST_MS = 1_000
/** Twice the short rest: a connection that has outlived this was in no danger at half of it. */
const PROOF_MS = 2_000
const MAX_RESTING = 64

interface Resting {
  readonly client: Client
  readonly sinceMs: number
}

/**
 * A request that is lost on a kept connection, which the peer closed just as it was used, cannot be told from one that
 * has arrived. So what may be sent only once (`short`) travels on a kept connection only where that cannot happen:
 * one that has rested for less than a second, at a peer that has been seen to leave connections alone for two.
 */
export function createConnections(): Connections {
  // One for all, so that a further handshake resumes the TLS session of an earlier one. Certificates are checked
  // whatever NODE_TLS_REJECT_UNAUTHORIZED says.
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, rejectUnauthorized: true })
  const peers = new Map<string, Peer>()
  return {
    take(origin, maxRest) {
      let peer = peers.get(origin)
      if (peer === undefined) {
        peer = createPeer(() => new Client(origin, { ...OPTIONS, connect }))
        peers.set(origin, peer)
      }
      return peer.take(maxRest)
    },
  }
}

/** Whoever asks has limits of its own for the answer. */
const OPTIONS = {
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: KEEP_MS,
  // Whatever a server promises.
  keepAliveMaxTimeout: KEEP_MS,
}

interface Peer {
  take(maxRest: MaxRest): Connection
}

function createPeer(open: () => Client): Peer {
  /** The one that has rested for the shortest time is last, and is taken first. */
  const resting: Resting[] = []
  let isPatient = false

  function takeResting(maxRest: MaxRest): Client | undefined {
    const latest = resting.at(-1)
    if (latest === undefined) return undefined
    const isTooRisky = maxRest === 'short' && !(isPatient && restOf(latest) < SHORT_REST_MS)
    return isTooRisky ? undefined : resting.pop()?.client
  }

  /**
   * An end of this side's doing comes late enough to tell that the peer would have waited longer. A client whose next
   * request waits already opens a new connection for it by itself.
   */
  function noteEnd(client: Client): void {
    const index = resting.findIndex((one) => one.client === client)
    const [ended] = index < 0 ? [] : resting.splice(index, 1)
    if (ended === undefined) return
    isPatient = restOf(ended) >= PROOF_MS
    void client.destroy()
  }

  function rest(client: Client): void {
    if (resting.length >= MAX_RESTING) void client.destroy()
    else resting.push({ client, sinceMs: performance.now() })
  }

  function openNew(): Client {
    const client = open()
    return client.on('disconnect', () => noteEnd(client))
  }

  return {
    take(maxRest) {
      const kept = takeResting(maxRest)
      const client = kept ?? openNew()
      let isHeld = true
      return {
        client,
        isReused: kept !== undefined,
        release() {
          if (isHeld) rest(client)
          isHeld = false
        },
        destroy() {
          if (isHeld) void client.destroy()
          isHeld = false
        },
      }
    },
  }
}

function restOf({ sinceMs }: Resting): number {
  return performance.now() - sinceMs
}
