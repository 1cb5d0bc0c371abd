// Loaded into a server (node -r): tells at each SIGUSR2 how long its event loop was held since the last one.
const { monitorEventLoopDelay } = require('node:perf_hooks')

const delays = monitorEventLoopDelay({ resolution: 5 })
delays.enable()
process.on('SIGUSR2', () => {
  // The histogram counts from one tick of its timer to the next: the timer itself is part of it.
  process.stdout.write(
    `event loop held for ${Math.max(0, delays.max / 1e6 - 5).toFixed(1)} ms at most\n`,
  )
  delays.reset()
})
