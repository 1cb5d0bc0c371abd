import { execFile } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'

import { callAt, ROOT_KEYS } from '../api'
import { row, sized } from '../row'
import { startLoadRig, type LoadRig, type LoopDelay, type RigOptions } from './load-rig'
import { closedLoop, countResults, openLoop, percentile, type Sample } from './open-loop'

/** A store that the rows of load run on. */
export interface LoadStore {
  /** For `store.url`. */
  create(): Promise<{ readonly url: string; readonly drop: () => Promise<void> | void }>
}

/** Rows are about what is kept at a load that this machine can hold: so the load is found first, in the same run. */
const UNDER_WAY = 128
const SHARE_OF_MOST = 0.4
const AMAZON_MS = 50
const SECONDS = sized({
  short: { warm: 2, find: 3, steady: 5, over: 6, after: 6, noisy: 5, slow: 4 },
  long: { warm: 10, find: 10, steady: 60, over: 30, after: 10, noisy: 30, slow: 4 },
})
const TIMEOUT_MS = sized({ short: 120_000, long: 300_000 })
/** People give up. */
const IN_TIME_MS = 5_000
const UNREACHABLE = 'failed: Amazon could not be reached. Please try again in a moment.'

const ms = (value: number): string => `${value.toFixed(0)} ms`

/** Rows O1, O2, O4 and O5 on one kind of store. */
export function describeLoadRows(store: LoadStore): void {
  describe('at a load that can be held, and beyond', () => {
    let rig: LoadRig
    let close: () => Promise<void>
    beforeAll(async () => {
      ;({ rig, close } = await startOn(store, { latencyMs: AMAZON_MS, conf: [NO_LIMITS] }))
      await closedLoop({ underWay: UNDER_WAY, seconds: SECONDS.warm }, (n) => rig.login(n))
    }, TIMEOUT_MS)
    afterAll(() => close())

    row(
      'O1',
      `steady logins, both legs, at two fifths of the most that was seen; Amazon takes ${AMAZON_MS} ms an answer`,
      async () => showSteady(rig, await findTarget(rig)),
      TIMEOUT_MS,
    )
    row(
      'O2',
      'five times that many, and then again that many',
      async () => showOverload(rig, await findTarget(rig)),
      TIMEOUT_MS,
    )
  })

  row(
    'O4',
    'one app sends 20 times what it may, four others go on',
    () => using(store, noisyOptions(NOISY_LIMIT), (rig) => showNoisyWithLimit(rig)),
    TIMEOUT_MS,
  )

  row(
    'O4',
    'one app without a limit begins all the logins it can, 400 at a time; four others go on',
    () => using(store, noisyOptions(0), (rig) => showNoisyWithoutLimit(rig)),
    TIMEOUT_MS,
  )

  row(
    'O5',
    'Amazon takes 10 s, and logins go on',
    () => using(store, { conf: [NO_LIMITS] }, (rig) => showSlowAmazon(rig)),
    TIMEOUT_MS,
  )
}

const NO_LIMITS = 'para.limits.failures_per_minute = 0'

async function startOn(store: LoadStore, options: RigOptions) {
  const { url, drop } = await store.create()
  const rig = await startLoadRig({ ...options, storeUrl: url })
  const close = async (): Promise<void> => {
    await rig.close()
    await drop()
  }
  return { rig, close }
}

async function using(
  store: LoadStore,
  options: RigOptions,
  work: (rig: LoadRig) => Promise<string>,
): Promise<string> {
  const { rig, close } = await startOn(store, options)
  return work(rig).finally(close)
}

async function findTarget(rig: LoadRig): Promise<number> {
  const load = { underWay: UNDER_WAY, seconds: SECONDS.find }
  const most = await closedLoop(load, (n) => rig.login(n))
  // Until the server has caught up.
  await setTimeout(1_000)
  return Math.max(5, Math.round(most * SHARE_OF_MOST))
}

async function showSteady(rig: LoadRig, target: number): Promise<string> {
  await rig.loopDelay()
  const before = rig.figures()
  const samples = await openLoop({ perSecond: target, seconds: SECONDS.steady }, (n) =>
    rig.login(n),
  )
  const { cpuMs, rssMegabytes } = rig.figures()
  expect(countResults(samples)).toEqual({ ok: samples.length })
  const each = (cpuMs - before.cpuMs) / samples.length
  return `${samples.length} logins at ${target}/s, 0 errors; p50 ${ms(percentile(samples, 0.5))}, p95 ${ms(percentile(samples, 0.95))}; CPU ${each.toFixed(2)} ms a login, RSS ${rssMegabytes.toFixed(0)} MB; ${describeLoop(await rig.loopDelay())}`
}

async function showOverload(rig: LoadRig, target: number): Promise<string> {
  await rig.loopDelay()
  const over = await openLoop({ perSecond: 5 * target, seconds: SECONDS.over }, (n) => rig.login(n))
  const loop = await rig.loopDelay()
  const after = await openLoop({ perSecond: target, seconds: SECONDS.after }, (n) => rig.login(n))
  const { ok = 0, 'not sent': notSent = 0, ...others } = countResults(over)
  expect(Object.keys(others).filter((result) => !/^(?:503|429)$/.test(result))).toEqual([])
  // The first second is for noticing.
  const good = over.filter((sample) => isGood(sample) && sample.dueMs >= 1_000)
  const goodPerSecond = good.length / (SECONDS.over - 1)
  expect(goodPerSecond).toBeGreaterThanOrEqual(0.8 * target)
  const bad = after.filter((sample) => !isGood(sample)).map(({ dueMs }) => dueMs)
  const recovery = Math.max(0, ...bad) / 1000
  expect(recovery).toBeLessThanOrEqual(5)
  const refused = over.filter(({ result }) => result === '503')
  return `${goodPerSecond.toFixed(0)} good logins a second (${((100 * goodPerSecond) / target).toFixed(0)} % of ${target}/s), ${ok} of ${over.length} in all, ${notSent} more than this machine could send; ${refused.length} refused (503) in p50 ${ms(percentile(refused, 0.5))}, p95 ${ms(percentile(refused, 0.95))}; recovered after ${recovery.toFixed(1)} s; ${describeLoop(loop)}`
}

function isGood({ result, ms: took }: Sample): boolean {
  return result === 'ok' && took <= IN_TIME_MS
}

function describeLoop({ p50Ms, p99Ms, maxMs, busiestMs }: LoopDelay): string {
  return `event loop p50 ${ms(p50Ms)}, p99 ${ms(p99Ms)}, longest ${ms(maxMs)}, of which computing ${ms(busiestMs)}`
}

const NOISY_LIMIT = 240
const NOISY = 'noisy'
const QUIET = ['quiet0', 'quiet1', 'quiet2', 'quiet3']
const QUIET_PER_SECOND = 8

function noisyOptions(loginsPerMinute: number): RigOptions {
  const conf = [NO_LIMITS, `para.limits.logins_per_minute = ${loginsPerMinute}`]
  return { latencyMs: AMAZON_MS, apps: [NOISY, ...QUIET], conf }
}

function quietLoad(rig: LoadRig): Promise<readonly Sample[]> {
  const load = { perSecond: QUIET_PER_SECOND, seconds: SECONDS.noisy }
  return openLoop(load, (n) => rig.login(n, QUIET[n % QUIET.length]))
}

async function showNoisyWithLimit(rig: LoadRig): Promise<string> {
  await closedLoop({ underWay: 8, seconds: SECONDS.warm }, (n) => rig.login(n, QUIET[n % 4]))
  const alone = await quietLoad(rig)
  const perSecond = (20 * NOISY_LIMIT) / 60
  const noise = openLoop({ perSecond, seconds: SECONDS.noisy }, (n) => rig.login(n, NOISY))
  const [beside, noisy] = await Promise.all([quietLoad(rig), noise])
  expect(countResults(alone)).toEqual({ ok: alone.length })
  expect(countResults(beside)).toEqual({ ok: beside.length })
  const { ok = 0, 429: limited = 0 } = countResults(noisy)
  expect(limited).toBeGreaterThan(0)
  // Those under way when the limit is reached are finished.
  expect(ok).toBeLessThan(NOISY_LIMIT * 1.5)
  const [before, after] = [percentile(alone, 0.95), percentile(beside, 0.95)]
  // Room for what else this machine does.
  expect(after).toBeLessThan(before * 1.5 + 250)
  return `noisy app at ${perSecond}/s: ${ok} logins, ${limited} answered 429; the others: 0 errors, p95 ${ms(before)} before, ${ms(after)} beside it`
}

async function showNoisyWithoutLimit(rig: LoadRig): Promise<string> {
  await closedLoop({ underWay: 8, seconds: SECONDS.warm }, (n) => rig.login(n, QUIET[n % 4]))
  const noise = makeNoise(rig)
  const [quiet, { 302: begun = 0, 503: refused = 0, ...others }] = await Promise.all([
    quietLoad(rig),
    noise,
  ])
  expect(others).toEqual({})
  expect(refused).toBeGreaterThan(0)
  const { ok = 0 } = countResults(quiet)
  const [signedIn, noisy] = [ok / quiet.length, begun / (begun + refused)]
  expect(signedIn).toBeGreaterThan(0.9)
  return `noisy app: ${begun + refused} asked, ${percent(noisy)} begun, the rest 503; the others: ${percent(signedIn)} signed in, p95 ${ms(percentile(quiet, 0.95))}`
}

const NOISE_AT_ONCE = 400

/** From a process of its own, so that it takes no time from the others' clients. */
async function makeNoise({ origin }: LoadRig): Promise<Readonly<Record<string, number>>> {
  const program = require.resolve('./noise-child.cjs')
  const url = `${origin}/amazon_auth?state=${NOISY}`
  const { stdout } = await promisify(execFile)(process.execPath, [
    program,
    url,
    String(SECONDS.noisy),
    String(NOISE_AT_ONCE),
  ])
  return JSON.parse(stdout) as Record<string, number>
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`

/** More than the slots there are, within the 5 s that an answer may take. */
const SLOW_PER_SECOND = 120
const MOST_UNDER_WAY = 512
const MOST_MEGABYTES = 300

async function showSlowAmazon(rig: LoadRig): Promise<string> {
  await closedLoop({ underWay: 8, seconds: SECONDS.warm }, (n) => rig.login(n))
  await rig.amazon.ask({ kind: 'clear' })
  const fault = { name: 'latency', ms: 10_000 } as const
  await rig.amazon.ask({ kind: 'fault', endpoint: 'token', fault })
  const load = { perSecond: SLOW_PER_SECOND, seconds: SECONDS.slow }
  const logins = openLoop(load, (n) => rig.signInByCode(n))
  const others = openLoop({ perSecond: 20, seconds: SECONDS.slow }, (n) => askOther(rig, n))
  const told = await others
  const asked = Number(await rig.amazon.ask({ kind: 'count', path: '/auth/o2/token' }))
  const { rssMegabytes } = rig.figures()
  const samples = await logins
  expect(countResults(samples)).toEqual({ [UNREACHABLE]: samples.length })
  expect(rig.warnings.filter((line) => line.includes('too_many_in_flight')).length).toBeGreaterThan(
    0,
  )
  expect(asked).toBeLessThanOrEqual(MOST_UNDER_WAY)
  expect(asked).toBeGreaterThan(0)
  expect(rssMegabytes).toBeLessThan(MOST_MEGABYTES)
  expect(countResults(told)).toEqual({ 200: told.length })
  const p95 = percentile(told, 0.95)
  expect(p95).toBeLessThan(2_000)
  return `${samples.length} logins at ${SLOW_PER_SECOND}/s: ${asked} under way, the rest FAIL at once; _health and _settings 0 errors, p95 ${ms(p95)}; RSS ${rssMegabytes.toFixed(0)} MB; ${describeLoop(await rig.loopDelay())}`
}

async function askOther(rig: LoadRig, n: number): Promise<string> {
  if (n % 2 === 0) return String((await rig.get('/v1/_health')).status)
  return String((await callAt(rig.origin, 'GET /v1/_settings', { as: ROOT_KEYS })).status)
}
