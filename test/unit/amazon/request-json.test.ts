import { setTimeout as sleep } from 'node:timers/promises'

import { createAmazonGuard } from '../../../src/amazon/amazon-guard'
import { createClients } from '../../../src/amazon/create-axios'
import {
  requestJson,
  type AmazonAnswer,
  type AmazonCall,
  type AmazonHttp,
} from '../../../src/amazon/request-json'
import { startEmulator, type Emulator } from '../../../src/emulator'
import { silentLogger } from '../../../src/server/logging/create-logger'
import { startFaultProxy, type FaultProxy } from '../../support/fault-proxy'

let emulator: Emulator
let proxy: FaultProxy & { origin: string }
let http: AmazonHttp
beforeEach(async () => {
  emulator = await startEmulator()
  const started = await startFaultProxy()
  started.forwardTo(emulator.origin)
  proxy = Object.assign(started, { origin: `http://${started.host}` })
  http = {
    ...createClients(),
    timeoutMs: 5_000,
    guard: createAmazonGuard(silentLogger),
  }
})
afterEach(async () => {
  await proxy.close()
  await emulator.close()
})

const TEN_SECONDS = 10_000

function callFor(limitMs: number): AmazonCall {
  return { party: 'acme', deadlineMs: performance.now() + limitMs }
}

async function askProfile(limitMs = TEN_SECONDS): Promise<AmazonAnswer> {
  const endpoint = { origin: proxy.origin, path: '/user/profile' }
  const accessToken = emulator.issueAccessToken({ clientId: 'any' })
  const headers = { 'x-amz-access-token': accessToken }
  return requestJson({ method: 'GET', endpoint, headers }, http, callFor(limitMs))
}

async function askToken(): Promise<AmazonAnswer> {
  const endpoint = { origin: proxy.origin, path: '/auth/o2/token' }
  return requestJson({ method: 'POST', endpoint, form: {} }, http, callFor(TEN_SECONDS))
}

test('a GET goes on a kept connection', async () => {
  for (let n = 0; n < 3; n += 1) {
    expect((await askProfile()).status).toBe(200)
    await sleep(20)
  }
  expect(proxy.accepted).toBe(1)
})

test('a POST goes on a connection of its own as long as kept ones have proven nothing', async () => {
  for (let n = 0; n < 3; n += 1) expect((await askToken()).status).toBe(400)
  expect(proxy.accepted).toBe(3)
})

test('a POST goes on a kept connection that was just used, at a peer that leaves them alone', async () => {
  await askToken()
  while (proxy.open > 0) await sleep(50)
  await askToken()
  expect(proxy.accepted).toBe(2)
  await sleep(20)
  await askToken()
  expect(proxy.accepted).toBe(2)
  await sleep(1_100)
  await askToken()
  expect(proxy.accepted).toBe(3)
})

test('a peer that closes a kept connection early gets no further POST on one', async () => {
  await askToken()
  while (proxy.open > 0) await sleep(50)
  proxy.setFault({ idleCloseMs: 20 })
  await askProfile()
  while (proxy.open > 0) await sleep(10)
  await askProfile()
  await askToken()
  expect(proxy.accepted).toBe(4)
})

test('kept connections that break, one after the other, use up no retries', async () => {
  for (let n = 0; n < 60; n += 1) {
    expect((await askProfile()).status).toBe(200)
    emulator.faults.set({ endpoint: 'profile', fault: 'reset', times: 1 })
    expect((await askProfile()).status).toBe(200)
  }
})

test('what would be tried again after the deadline fails at once, with the failure of the last try', async () => {
  emulator.faults.set({
    endpoint: 'profile',
    fault: { name: 'status', status: 429, retryAfter: 2 },
  })
  const startedAtMs = performance.now()
  await expect(askProfile(1_500)).rejects.toMatchObject({ code: 'amazon_unavailable' })
  expect(performance.now() - startedAtMs).toBeLessThan(1_500)
  expect(emulator.journal.count('/user/profile')).toBe(1)
})

test('a deadline that has passed is amazon_timeout, and nothing is sent', async () => {
  await expect(askProfile(-1)).rejects.toMatchObject({ code: 'amazon_timeout' })
  expect(emulator.journal.count()).toBe(0)
})

test('a deadline ends a request under way', async () => {
  emulator.faults.set({ endpoint: 'profile', fault: 'hang' })
  await expect(askProfile(100)).rejects.toMatchObject({
    code: 'amazon_timeout',
    facts: { reason: 'ETIMEDOUT' },
  })
})
