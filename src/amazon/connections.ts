import { setTimeout as startTimer } from 'node:timers'
import { setTimeout } from 'node:timers/promises'
import { buildConnector, Client, type Dispatcher } from 'undici'

/** How long ago the last request on a kept connection may have been sent, for one that is about to travel on it. */
export type MaxRest = 'any' | 'short'

/** One connection to one origin, busy with one request. */
export interface Connection {
  readonly client: Pick<Dispatcher, 'dispatch'>
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

export const CONNECT_TIMEOUT_MS = 3_000
/** Sooner than servers close: Node's after 5 s, most after a minute. A shorter `Keep-Alive: timeout` is heeded. */
export const KEEP_MS = 4_000
const SHORT_REST_MS = 1_000
/** Twice the short rest: a connection that has outlived this was in no danger at half of it. */
const PROOF_MS = 2_000
/** For the event loop to read what has come. */
const READ_MS = 50
const MAX_RESTING = 64

interface Resting {
  readonly client: Client
  /** The peer cannot have begun to wait sooner. When its answer was read tells less: the event loop may have been held. */
  readonly takenMs: number
  /** The peer has left it alone for {@link PROOF_MS}. */
  isProven: boolean
  readonly timer: NodeJS.Timeout
}

/**
 * A request that is lost on a kept connection, which the peer closed just as it was used, cannot be told from one that
 * has arrived. So what may be sent only once (`short`) travels on a kept connection only where that cannot happen:
 * one that was used less than a second ago, at a peer that has been seen to leave connections alone for two.
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
    const isShort = performance.now() - latest.takenMs < SHORT_REST_MS
    if (maxRest === 'short' && !(isPatient && isShort)) return undefined
    resting.pop()
    clearTimeout(latest.timer)
    return latest.client
  }

  /** A client whose next request waits already opens a new connection for it by itself. */
  function noteEnd(client: Client): void {
    const index = resting.findIndex((one) => one.client === client)
    const [ended] = index < 0 ? [] : resting.splice(index, 1)
    if (ended === undefined) return
    clearTimeout(ended.timer)
    isPatient = ended.isProven
    void client.destroy()
  }

  /** An end that has come while the event loop was held is read in the meantime: it does not pass for patience. */
  async function prove(one: Resting): Promise<void> {
    await setTimeout(READ_MS, undefined, { ref: false })
    one.isProven = resting.includes(one)
    isPatient ||= one.isProven
  }

  function rest(client: Client, takenMs: number): void {
    if (resting.length >= MAX_RESTING) {
      void client.destroy()
      return
    }
    const timer = startTimer(() => void prove(one), PROOF_MS).unref()
    const one: Resting = { client, takenMs, isProven: false, timer }
    resting.push(one)
  }

  function openNew(): Client {
    const client = open()
    return client.on('disconnect', () => noteEnd(client))
  }

  return {
    take(maxRest) {
      const kept = takeResting(maxRest)
      const client = kept ?? openNew()
      const takenMs = performance.now()
      let isHeld = true
      return {
        client,
        isReused: kept !== undefined,
        release() {
          if (isHeld) rest(client, takenMs)
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
