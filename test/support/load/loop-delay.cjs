// Preloaded into a server under load (node -r): tells its parent, when asked, how long the event loop was held.
const { setInterval } = require('node:timers')
const { monitorEventLoopDelay } = require('node:perf_hooks')

const TICK_MS = 10
const histogram = monitorEventLoopDelay({ resolution: TICK_MS })
histogram.enable()

// A process that is not scheduled is late, too. What it has computed between two ticks tells the one from the other.
let busiestMs = 0
let cpu = process.cpuUsage()
setInterval(() => {
  const { user, system } = process.cpuUsage(cpu)
  busiestMs = Math.max(busiestMs, (user + system) / 1000)
  cpu = process.cpuUsage()
}, TICK_MS).unref()

process.on('message', (message) => {
  if (message !== 'loop delay') return
  process.send({
    p50Ms: histogram.percentile(50) / 1e6,
    p99Ms: histogram.percentile(99) / 1e6,
    maxMs: histogram.max / 1e6,
    busiestMs,
  })
  histogram.reset()
  busiestMs = 0
})
process.channel?.unref()
