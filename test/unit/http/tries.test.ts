import type { Tried } from '../../../src/http/login/try/report-try'
import { Tries } from '../../../src/http/login/try/tries'
import { until } from '../../support/until'

const REPORT = { report: {}, error: undefined } as unknown as Tried
const tryIt = (): Promise<Tried> => Promise.resolve(REPORT)

test('a second hit shares what the first came to, and a third after its time tries anew', async () => {
  const tries = new Tries(200)
  const first = tries.run('nonce', tryIt)
  expect(tries.run('nonce', tryIt)).toBe(first)
  expect(tries.run('another', tryIt)).not.toBe(first)
  await until(() => Promise.resolve(tries.size === 0))
  expect(tries.run('nonce', tryIt)).not.toBe(first)
})

test('a thousand are remembered at most, and none of them for longer because nobody comes after', async () => {
  const tries = new Tries(200)
  for (let n = 0; n < 1_100; n += 1) void tries.run(`nonce${n}`, tryIt)
  expect(tries.size).toBeLessThanOrEqual(1_000)
  await until(() => Promise.resolve(tries.size === 0))
})
