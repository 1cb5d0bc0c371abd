import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createSocketServer } from 'node:net'
import { Session } from 'node:inspector/promises'

import { answerDriver } from './child.mjs'

/**
 * Serves a contender and tells the driver where. Its address is known before its handler is made, because
 * `redirect_uri` holds it.
 *
 * @param create Gets the origin, and gives a handler of node:http (an Express app is one).
 * @param optionsOf Options of node:http for that handler.
 */
export async function serve(create, optionsOf = () => ({})) {
  const port = await findPort()
  const origin = `http://127.0.0.1:${port}`
  const handler = await create(origin)
  await once(createServer(optionsOf(handler), handler).listen(port, '127.0.0.1'), 'listening')
  answerDriver(origin, ANSWERS)
}

const profiler = new Session()

/** What the driver asks of a server. */
export const ANSWERS = {
  usage() {
    const { user, system } = process.cpuUsage()
    return { cpuMs: (user + system) / 1000, rssMb: process.memoryUsage().rss / 2 ** 20 }
  },
  /** What is left after a collection of garbage. */
  async memory() {
    profiler.connect()
    await profiler.post('HeapProfiler.collectGarbage')
    profiler.disconnect()
    const { heapUsed, rss } = process.memoryUsage()
    return { heapMb: heapUsed / 2 ** 20, rssMb: rss / 2 ** 20 }
  },
  async startProfile() {
    profiler.connect()
    await profiler.post('Profiler.enable')
    await profiler.post('Profiler.setSamplingInterval', { interval: 200 })
    await profiler.post('Profiler.start')
  },
  async stopProfile(file) {
    const { profile } = await profiler.post('Profiler.stop')
    profiler.disconnect()
    writeFileSync(file, JSON.stringify(profile))
  },
}

export async function findPort() {
  const server = createSocketServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  await once(server.close(), 'close')
  return port
}
