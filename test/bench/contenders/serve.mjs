import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { Session } from 'node:inspector/promises'

import { answerDriver } from './child.mjs'

/**
 * Serves a contender and tells the driver where. Its address is known before its handler is made, because
 * `redirect_uri` holds it.
 *
 * @param create Gets the origin, and gives a handler of node:http (an Express app is one).
 */
export async function serve(create) {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${server.address().port}`
  server.on('request', await create(origin))
  const profiler = new Session()
  answerDriver(origin, {
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
  })
}
