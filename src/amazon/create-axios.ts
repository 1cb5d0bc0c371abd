import { Agent as HttpAgent, type AgentOptions } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Socket } from 'node:net'

import axios, { type AxiosInstance } from 'axios'

const CONNECT_TIMEOUT_MS = 3_000
const MAX_FREE_SOCKETS = 32
/** Sooner than servers close: Node's after 5 s, most after a minute. A shorter `Keep-Alive: timeout` is heeded. */
const FREE_SOCKET_TIMEOUT_MS = 4_000

/**
 * An HTTP client for Amazon, with no proxy from the environment.
 *
 * @param keepAlive Whether a connection may serve more than one request.
 */
export function createAxios({ keepAlive }: { readonly keepAlive: boolean }): AxiosInstance {
  // No maxSockets: with one, Node hands the socket of an answer to the next in the queue, kept alive or not.
  const agent: AgentOptions = keepAlive
    ? { keepAlive, maxFreeSockets: MAX_FREE_SOCKETS, timeout: FREE_SOCKET_TIMEOUT_MS }
    : {}
  // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED=0 does not turn it off.
  const tls = { rejectUnauthorized: true }
  return axios.create({
    httpAgent: withConnectTimeout(new HttpAgent(agent), 'connect'),
    httpsAgent: withConnectTimeout(new HttpsAgent({ ...agent, ...tls }), 'secureConnect'),
    proxy: false,
  })
}

type CreateConnection = (options: object, callback?: () => void) => Socket

/** Node's agents have no limit for connecting alone: `timeout` starts only once a socket is there. */
function withConnectTimeout<A extends HttpAgent>(agent: A, connected: string): A {
  const hooks = agent as unknown as { createConnection: CreateConnection }
  const connect = hooks.createConnection.bind(agent)
  hooks.createConnection = (options, callback) => {
    const socket = connect(options, callback)
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' }))
    }, CONNECT_TIMEOUT_MS)
    const stop = (): void => clearTimeout(timer)
    socket.once(connected, stop).once('close', stop)
    return socket
  }
  return agent
}
