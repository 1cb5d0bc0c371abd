// Preloaded into a server under test (NODE_OPTIONS=--require …): appends a line to WATCH_FILE every half second, with
// the memory of the process and the longest time that its event loop was held. That is counted in CPU time of the
// process, so that a machine with other work to do is not taken for a slow server.
const { appendFileSync } = require('node:fs')
const { performance } = require('node:perf_hooks')
const { setInterval } = require('node:timers')

const EVERY_MS = 20
const { WATCH_FILE } = process.env
let heldMs = 0
let last = { atMs: performance.now(), cpu: process.cpuUsage() }

setInterval(() => {
  const { user, system } = process.cpuUsage(last.cpu)
  const atMs = performance.now()
  heldMs = Math.max(heldMs, Math.min(atMs - last.atMs, (user + system) / 1000) - EVERY_MS)
  last = { atMs, cpu: process.cpuUsage() }
}, EVERY_MS).unref()

setInterval(() => {
  const rssBytes = process.memoryUsage.rss()
  appendFileSync(WATCH_FILE, `${JSON.stringify({ rssBytes, heldMs: Math.round(heldMs) })}\n`)
  heldMs = 0
}, 500).unref()
