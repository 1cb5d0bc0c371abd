import { createAmazonGuard } from '../../../src/amazon/amazon-guard'
import { createAxios } from '../../../src/amazon/create-axios'
import { requestJson, type AmazonAnswer } from '../../../src/amazon/request-json'
import { startEmulator, type Emulator } from '../../../src/emulator'
import { silentLogger } from '../../../src/server/logging/create-logger'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())
beforeEach(() => {
  emulator.faults.clear()
  emulator.journal.clear()
})

const http = {
  pooled: createAxios({ keepAlive: true }),
  fresh: createAxios({ keepAlive: false }),
  timeoutMs: 5_000,
  guard: createAmazonGuard(silentLogger),
}

function askProfile(signal = new AbortController().signal): Promise<AmazonAnswer> {
  const url = new URL(`${emulator.apiUrl}/user/profile`)
  const accessToken = emulator.issueAccessToken({ clientId: 'any' })
  return requestJson(
    { method: 'GET', url, headers: { 'x-amz-access-token': accessToken } },
    http,
    signal,
  )
}

function connections(): readonly unknown[] {
  return emulator.journal.entries().map(({ headers }) => headers.connection)
}

test('U17 a GET goes on a kept connection, and each further try on one of its own', async () => {
  emulator.faults.set({ endpoint: 'profile', fault: 'http_429', times: 2 })
  expect((await askProfile()).status).toBe(200)
  expect(connections()).toEqual(['keep-alive', 'close', 'close'])
})

test('U4 U17 a POST goes on a connection of its own', async () => {
  const url = new URL(`${emulator.apiUrl}/auth/o2/token`)
  await requestJson({ method: 'POST', url, form: {} }, http, new AbortController().signal)
  expect(connections()).toEqual(['close'])
})

test('U17 kept connections that break, one after the other, use up no retries', async () => {
  for (let n = 0; n < 60; n += 1) {
    expect((await askProfile()).status).toBe(200)
    emulator.faults.set({ endpoint: 'profile', fault: 'reset', times: 1 })
    expect((await askProfile()).status).toBe(200)
  }
})

test('U5 a deadline ends the wait for the next try, with the failure of the last', async () => {
  emulator.faults.set({
    endpoint: 'profile',
    fault: { name: 'status', status: 429, retryAfter: 2 },
  })
  const deadline = new AbortController()
  const asked = askProfile(deadline.signal)
  const isWaiting = () => emulator.journal.entries({ status: 429 }).length === 1
  while (!isWaiting()) await new Promise((resolve) => setTimeout(resolve, 10))
  setTimeout(() => deadline.abort(), 100)
  await expect(asked).rejects.toMatchObject({ code: 'amazon_unavailable' })
  await new Promise((resolve) => setTimeout(resolve, 2500))
  expect(emulator.journal.count('/user/profile')).toBe(1)
})

test('a deadline that has passed is amazon_timeout, and nothing is sent', async () => {
  await expect(askProfile(AbortSignal.abort())).rejects.toMatchObject({ code: 'amazon_timeout' })
  expect(emulator.journal.count()).toBe(0)
})

test('a deadline ends a request under way', async () => {
  emulator.faults.set({ endpoint: 'profile', fault: 'hang' })
  await expect(askProfile(AbortSignal.timeout(100))).rejects.toMatchObject({
    code: 'amazon_timeout',
    facts: { reason: 'ERR_CANCELED' },
  })
})
