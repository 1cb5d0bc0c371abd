// Asks for one address over and over: noise-child.cjs <url> <seconds> <at once>. Prints how often each status came.
const { Agent, get } = require('node:http')
const { performance } = require('node:perf_hooks')

const [url, seconds, atOnce] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true })
const endsAtMs = performance.now() + Number(seconds) * 1000
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
  while (performance.now() < endsAtMs) await ask()
}

void Promise.all(Array.from({ length: Number(atOnce) }, lane)).then(() => {
  agent.destroy()
  process.stdout.write(JSON.stringify(counts))
})
