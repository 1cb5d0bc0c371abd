// Asks for one address over and over: noise-child.cjs <url> <seconds> <at once> [<per second>]. Prints how often each
// status came. Without a rate, each of those at once asks again as soon as it is answered.
const { Agent, get } = require('node:http')
const { performance } = require('node:perf_hooks')
const { setTimeout } = require('node:timers/promises')

const [url, seconds, atOnce, perSecond = 'Infinity'] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true })
const startMs = performance.now()
const endsAtMs = startMs + Number(seconds) * 1000
let sent = 0
const counts = {}

function ask() {
  return new Promise((resolve) => {
    const count = (result) => {
      counts[result] = (counts[result] ?? 0) + 1
      resolve()
    }
    get(url, { agent }, (res) => res.resume().once('end', () => count(res.statusCode))).once(
      'error',
      (error) => count(error.code),
    )
  })
}

async function lane() {
  while (performance.now() < endsAtMs) {
    const dueMs = startMs + (sent++ * 1000) / Number(perSecond)
    await setTimeout(Math.max(0, dueMs - performance.now()))
    if (dueMs < endsAtMs) await ask()
  }
}

void Promise.all(Array.from({ length: Number(atOnce) }, lane)).then(() => {
  agent.destroy()
  process.stdout.write(JSON.stringify(counts))
})
