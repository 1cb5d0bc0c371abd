import { createAmazonGuard, type AmazonGuard } from '../../../src/amazon/amazon-guard'
import type { Outcome } from '../../../src/amazon/outcome'

const OK: Outcome = { status: 200, headers: {}, data: new Uint8Array() }
const FAILED: Outcome = { ...OK, status: 503 }
const REFUSED = { code: 'amazon_unavailable', facts: { reason: 'breaker_open' } }

let nowMs: number
let log: string[]
let guard: AmazonGuard
beforeEach(() => {
  nowMs = 1_000_000
  log = []
  jest.spyOn(Date, 'now').mockImplementation(() => nowMs)
  const add = (level: string) => (_facts: object, message: string) =>
    void log.push(`${level}: ${message}`)
  guard = createAmazonGuard({
    debug: add('debug'),
    info: add('info'),
    warn: add('warn'),
    error: add('error'),
  })
})
afterEach(() => jest.restoreAllMocks())

async function run(outcome: Outcome, times = 1, party = 'acme'): Promise<void> {
  for (let n = 0; n < times; n += 1) await guard.run(party, () => Promise.resolve(outcome))
}

/** An exchange that lasts until it is ended. */
function begin(party = 'acme') {
  let end: (outcome: Outcome) => void = () => undefined
  const ran = jest.fn(() => new Promise<Outcome>((resolve) => (end = resolve)))
  const result = guard.run(party, ran)
  return { ran, result, end: (outcome: Outcome) => end(outcome) }
}

async function expectRefused(party = 'acme'): Promise<void> {
  const exchange = jest.fn(() => Promise.resolve(OK))
  await expect(guard.run(party, exchange)).rejects.toMatchObject(REFUSED)
  expect(exchange).not.toHaveBeenCalled()
}

test('the breaker opens at 10 failures of 20 requests, and says so', async () => {
  await run(OK, 10)
  await run(FAILED, 10)
  await expectRefused()
  expect(log).toEqual(['warn: Amazon is failing: not asked for now'])
})

test('19 failures leave it shut', async () => {
  await run(FAILED, 19)
  await run(OK)
  expect(log).toEqual([])
})

test('11 failures of 30 requests leave it shut', async () => {
  await run(OK, 19)
  await run(FAILED, 11)
  await run(OK)
  expect(log).toEqual([])
})

test.each<Outcome>([
  { ...OK, status: 500 },
  { ...OK, status: 599 },
  { failure: 'timeout', reason: undefined },
  { failure: 'unconnected', reason: undefined },
  { failure: 'reset', reason: undefined },
  { failure: 'other', reason: undefined },
])('%j counts as a failure', async (outcome) => {
  await run(outcome, 20)
  await expectRefused()
})

test.each<Outcome>([
  { ...OK, status: 400 },
  { ...OK, status: 401 },
  { ...OK, status: 429 },
  { ...OK, status: 302 },
  { failure: 'too_large', reason: undefined },
])('%j does not count as a failure', async (outcome) => {
  await run(outcome, 100)
  expect(log).toEqual([])
})

test('after 10 s one request probes, and all others are refused while it does', async () => {
  await run(FAILED, 20)
  nowMs += 9_999
  await expectRefused()
  nowMs += 1
  const probe = begin()
  expect(probe.ran).toHaveBeenCalledTimes(1)
  await expectRefused()
  probe.end(OK)
  await probe.result
  await run(OK, 100)
  expect(log).toEqual(['warn: Amazon is failing: not asked for now', 'info: Amazon answers again'])
})

test('a probe that fails keeps it open for another 10 s', async () => {
  await run(FAILED, 20)
  nowMs += 10_000
  await run(FAILED)
  nowMs += 9_999
  await expectRefused()
  nowMs += 1
  await run(OK)
  await run(FAILED, 19)
})

test('failures of one party, or of two, stop nobody else', async () => {
  for (const party of ['bad', 'worse']) {
    await run(FAILED, 20, party)
    await expectRefused(party)
  }
  await run(OK, 1, 'good')
  expect(log).toHaveLength(2)
})

test('failures of several parties stop everybody, also those who have sent nothing', async () => {
  for (const party of ['a', 'b', 'c', 'd', 'e']) await run(FAILED, 4, party)
  for (const party of ['a', 'quiet']) await expectRefused(party)
  expect(log).toEqual(['warn: Amazon is failing: not asked for now'])
})

test('however much one party sends, it does not outweigh what others see', async () => {
  await run(FAILED, 19, 'bad')
  await run(OK, 9, 'b')
  await run(OK, 9, 'c')
  expect(log).toEqual([])
  nowMs += 10_000
  for (const party of ['b', 'c', 'd']) await run(FAILED, 8, party).catch(() => undefined)
  expect(log).toHaveLength(1)
})

/** Each breaker that opens says so. */
function opened(): number {
  return log.filter((line) => line.startsWith('warn')).length
}

test('one party that spreads its failures over the ends of a sample stops nobody else', async () => {
  await run(FAILED, 1, 'bad')
  nowMs += 9_000
  await run(FAILED, 8, 'bad')
  for (const party of ['b', 'c', 'd', 'e', 'f', 'g', 'h']) await run(OK, 1, party)
  nowMs += 1_150
  await run(FAILED, 9, 'bad')
  expect(opened()).toBe(0)
  await run(OK, 1, 'b')
})

test('where there is one party, its own breaker opens, and none for all', async () => {
  await run(FAILED, 20)
  await expectRefused()
  expect(opened()).toBe(1)
  await run(OK, 1, 'new')
})

test('two parties that fail stop nobody else, also while others send', async () => {
  await run(OK, 1, 'b')
  await run(OK, 1, 'c')
  for (const party of ['bad', 'worse']) await run(FAILED, 9, party)
  expect(opened()).toBe(0)
  await run(OK, 1, 'b')
})

test('failures of three parties stop everybody, if there are enough of them', async () => {
  for (const party of ['a', 'b', 'c']) await run(FAILED, 6, party)
  expect(opened()).toBe(0)
  for (const party of ['a', 'b']) await run(FAILED, 1, party)
  await expectRefused('quiet')
})

test('an outage that many small parties see stops everybody', async () => {
  for (let n = 0; n < 20; n += 1) await run(OK, 1, `party${n}`)
  nowMs += 5_000
  for (let n = 20; n < 40; n += 1) await run(FAILED, 1, `party${n}`)
  await expectRefused('quiet')
  expect(opened()).toBe(1)
})

test('whoever failed more than 10 s ago is none of the three', async () => {
  await run(FAILED, 1, 'c')
  nowMs += 10_000
  for (const party of ['a', 'b']) await run(FAILED, 9, party)
  for (const party of ['c', 'd']) await run(OK, 4, party)
  expect(opened()).toBe(0)
  await run(FAILED, 1, 'c')
  await expectRefused('d')
})

test('tries of one request count for all as one', async () => {
  for (const party of ['a', 'b', 'c', 'd'])
    for (let n = 0; n < 4; n += 1)
      for (const isRetry of [false, true])
        await guard.run(party, () => Promise.resolve(FAILED), isRetry)
  expect(opened()).toBe(0)
  await run(FAILED, 4, 'e')
  await expectRefused('quiet')
})

test('what is older than 10 s does not count, however little is sent', async () => {
  for (let n = 0; n < 30; n += 1) {
    await run(FAILED, 2)
    nowMs += 5_000
  }
  expect(opened()).toBe(0)
})

test('a clock that is set back leaves nothing behind', async () => {
  await run(FAILED, 19)
  nowMs -= 3_600_000
  await run(FAILED, 19)
  expect(opened()).toBe(0)
  await run(FAILED)
  expect(opened()).toBe(1)
})

test('whose probe has failed lets the others go first', async () => {
  for (const party of ['a', 'b', 'c', 'd', 'e']) await run(FAILED, 4, party)
  nowMs += 10_000
  await run(FAILED, 1, 'a')
  nowMs += 10_000
  await expectRefused('a')
  await run(OK, 1, 'b')
  await run(OK, 1, 'a')
})

test('of two parties only one probes at a time', async () => {
  for (const party of ['a', 'b', 'c', 'd', 'e']) await run(FAILED, 4, party)
  nowMs += 10_000
  const probe = begin('a')
  await expectRefused('b')
  probe.end(OK)
  await probe.result
  await run(OK, 1, 'b')
})

test('20 retries are there at once, then one for ten requests', async () => {
  const taken = () => Array.from({ length: 30 }, () => guard.takeRetry()).filter(Boolean).length
  await run(OK, 1000)
  expect(taken()).toBe(20)
  await run(OK, 31)
  expect(taken()).toBe(3)
})
