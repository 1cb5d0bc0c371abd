import { connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'

import { sized } from '../row'
import { startLoadRig, type LoadRig } from './load-rig'
import { closedLoop, countResults, openLoop } from './open-loop'
import type { ProcessFigures } from './process-figures'

const NO_LIMITS = 'para.limits.failures_per_minute = 0'

async function withRig(work: (rig: LoadRig) => Promise<string>, latencyMs = 0): Promise<string> {
  const rig = await startLoadRig({ latencyMs, conf: [NO_LIMITS] })
  try {
    return await work(rig)
  } finally {
    await rig.close()
  }
}

const HALF_OPEN = sized({ short: 300, long: 2_000 })
/** 10 s for headers, looked at every 5 s. */
const HEADERS_TIMEOUT_MS = 10_000
const LATEST_MS = 25_000

/** O6: clients that begin a request and do not end it, a third of them a byte a second. */
export function showSlowClients(): Promise<string> {
  return withRig(async (rig) => {
    const began = performance.now()
    const sockets = Array.from({ length: HALF_OPEN }, () => openHalf(rig.origin))
    const trickle = setInterval(() => {
      for (const socket of sockets.filter((_one, n) => n % 3 === 0)) socket.write('x')
    }, 1_000)
    await setTimeout(1_000)
    const served = await openLoop({ perSecond: 10, seconds: 5 }, (n) => rig.login(n))
    expect(countResults(served)).toEqual({ ok: served.length })
    const held = rig.figures().descriptors
    expect(held).toBeGreaterThan(HALF_OPEN)
    while (sockets.some((socket) => !socket.closed)) {
      if (performance.now() - began > LATEST_MS) throw new Error('some are still there')
      await setTimeout(100)
    }
    clearInterval(trickle)
    const closedMs = performance.now() - began
    expect(closedMs).toBeGreaterThan(HEADERS_TIMEOUT_MS)
    return `${HALF_OPEN} half-open: ${served.length} logins beside them, 0 errors; all closed after ${(closedMs / 1000).toFixed(1)} s`
  })
}

function openHalf(origin: string): Socket {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined).resume()
  socket.write('GET /amazon_auth?state=acme HTTP/1.1\r\nHost: x\r\nX-Slow: ')
  return socket
}

const FLOOD = sized({ short: 3_000, long: 100_000 })
const MOST_MEGABYTES = 60

/** O7: a flood of ids that no app has, each but once, over the wire. */
export function showFlood(): Promise<string> {
  return withRig(async (rig) => {
    await closedLoop({ underWay: 8, seconds: 2 }, (n) => rig.login(n))
    const results = new Map<string, number>()
    let sent = 0
    const before = rig.figures()
    async function lane(): Promise<void> {
      while (sent < FLOOD) {
        sent += 1
        const { status, location } = await rig.get(`/amazon_auth?state=${'n'.repeat(100)}${sent}`)
        const result = `${status} ${location}`
        results.set(result, (results.get(result) ?? 0) + 1)
      }
    }
    await Promise.all(Array.from({ length: 16 }, lane))
    const after = rig.figures()
    expect([...results.keys()]).toEqual(['302 /signin?error'])
    expect(await rig.login(1)).toBe('ok')
    const grown = after.rssMegabytes - before.rssMegabytes
    expect(grown).toBeLessThan(MOST_MEGABYTES)
    const each = (after.cpuMs - before.cpuMs) / FLOOD
    return `${FLOOD} ids: all FAIL, CPU ${each.toFixed(2)} ms each, RSS ${grown.toFixed(0)} MB more; acme signs in`
  })
}

const SOAK = sized({
  short: { warmSeconds: 4, settleSeconds: 1, seconds: 8, perSecond: 30 },
  // Long enough to fill what is remembered of logins: at most 50,000 of them.
  long: { warmSeconds: 240, settleSeconds: 120, seconds: 1_800, perSecond: 60 },
})

/** O8: hours of use, or as much of it as there is time for. */
export function showSoak(): Promise<string> {
  return withRig(async (rig) => {
    await closedLoop({ underWay: 16, seconds: SOAK.warmSeconds }, (n) => rig.login(n))
    const before = await settled(rig)
    const samples = await openLoop(SOAK, (n) => rig.login(n))
    const after = await settled(rig)
    // What else the machine does may put the server behind: then it says so, to a few.
    const { ok = 0, 503: refused = 0, ...others } = countResults(samples)
    const warnings = rig.warnings.filter((line) => !line.includes('server_busy')).slice(-20)
    if (Object.keys(others).length > 0) expect({ others, warnings }).toEqual({})
    expect(ok / samples.length).toBeGreaterThan(0.95)
    const growth = after.rssMegabytes / before.rssMegabytes - 1
    expect(growth).toBeLessThan(0.1)
    expect(Math.abs(after.descriptors - before.descriptors)).toBeLessThanOrEqual(10)
    expect(rig.warnings.filter((line) => /MaxListeners|unhandled/i.test(line))).toEqual([])
    return `${samples.length} logins in ${SOAK.seconds} s, ${refused} refused with 503, 0 errors: RSS ${before.rssMegabytes.toFixed(0)} to ${after.rssMegabytes.toFixed(0)} MB (${(100 * growth).toFixed(1)} %), descriptors ${before.descriptors} to ${after.descriptors}, no warning`
  }, 20)
}

/** Until kept connections to Amazon, of which there may be more or fewer, are closed. */
const REST_MS = 6_000

/** What the server holds after some load and a rest. */
async function settled(rig: LoadRig): Promise<ProcessFigures> {
  const { perSecond, settleSeconds } = SOAK
  await openLoop({ perSecond, seconds: settleSeconds }, (n) => rig.login(n))
  rig.agent.destroy()
  await rig.collectGarbage()
  await setTimeout(REST_MS)
  return rig.figures()
}
