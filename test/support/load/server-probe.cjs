// Preloaded into a server under load (node -r): tells its parent, when asked, what it has seen since it was asked last.
// The first time it only begins to look.
const { createHook, executionAsyncResource } = require('node:async_hooks')
const { subscribe } = require('node:diagnostics_channel')
const { setInterval } = require('node:timers')
const { monitorEventLoopDelay, performance } = require('node:perf_hooks')
const { setFlagsFromString } = require('node:v8')
const { runInNewContext } = require('node:vm')

const TICK_MS = 10
const histogram = monitorEventLoopDelay({ resolution: TICK_MS })

/** A process that has no processor is late, too, and its other threads compute: what counts is the lesser of both times. */
function stopwatch() {
  const cpu = process.cpuUsage()
  const startMs = performance.now()
  return () => {
    const { user, system } = process.cpuUsage(cpu)
    return Math.min(performance.now() - startMs, (user + system) / 1000)
  }
}

// What is computed between two ticks: the work of all sockets that were ready at once.
let busiestTickMs = 0
let tick = stopwatch()
function countTick() {
  busiestTickMs = Math.max(busiestTickMs, tick())
  tick = stopwatch()
}

// One task: a callback of the event loop, with the promises and ticks that follow from it, up to the next callback.
let longestTaskMs = 0
let depth = 0
let task = stopwatch()
const tasks = createHook({
  before() {
    depth += 1
    if (depth > 1 || isFollowUp(executionAsyncResource())) return
    longestTaskMs = Math.max(longestTaskMs, task())
    task = stopwatch()
  },
  after() {
    depth -= 1
  },
})

function isFollowUp(resource) {
  const { name } = resource.constructor ?? {}
  return resource instanceof Promise || name === 'Object' || name === 'AsyncResource'
}

// From when a request was read to when its answer was written.
let answers = []
const begun = new WeakMap()
function noteStart({ request }) {
  // Routers change the address later on.
  const [path] = request.url.split('?')
  begun.set(request, { path, startMs: performance.now() })
}
function noteEnd({ request, response }) {
  const { path, startMs } = begun.get(request) ?? {}
  if (path === undefined) return
  const agent = request.headers['user-agent'] ?? ''
  answers.push({ path, agent, status: response.statusCode, ms: performance.now() - startMs })
}

let isLooking = false
function look() {
  isLooking = true
  histogram.enable()
  setInterval(countTick, TICK_MS).unref()
  tasks.enable()
  subscribe('http.server.request.start', noteStart)
  subscribe('http.server.response.finish', noteEnd)
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')

process.on('message', (message) => {
  if (message === 'collect garbage') {
    collectGarbage()
    process.send('collected')
  }
  if (message !== 'what was seen') return
  if (!isLooking) look()
  const [p99Ms, maxMs] = [histogram.percentile(99) / 1e6, histogram.max / 1e6]
  process.send({ loop: { p99Ms, maxMs, busiestTickMs, longestTaskMs }, answers })
  histogram.reset()
  busiestTickMs = 0
  longestTaskMs = 0
  tick = stopwatch()
  task = stopwatch()
  answers = []
})
process.channel?.unref()
