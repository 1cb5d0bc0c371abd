import { Agent as HttpAgent, type AgentOptions } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Socket } from 'node:net'

import axios, { type AxiosInstance } from 'axios'

const CONNECT_TIMEOUT_MS = 3_000
const AGENT: AgentOptions = { keepAlive: true, maxSockets: 128, maxFreeSockets: 32 }

/** The HTTP client for Amazon unless the host brings its own: kept-alive sockets, no proxy from the environment. */
export function createAxios(): AxiosInstance {
  return axios.create({
    httpAgent: withConnectTimeout(new HttpAgent(AGENT), 'connect'),
    httpsAgent: withConnectTimeout(new HttpsAgent(AGENT), 'secureConnect'),
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
