import { execFile } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'

import { callAt, ROOT_KEYS } from '../api'
import { row, sized } from '../row'
import {
  startLoadRig,
  type LoadRig,
  type LoopDelay,
  type RigOptions,
  type ServerAnswer,
} from './load-rig'
import { closedLoop, countResults, openLoop, percentile, type Sample } from './open-loop'

/** A store that the rows of load run on. */
export interface LoadStore {
  /** For `store.url`. */
  create(): Promise<{ readonly url: string; readonly drop: () => Promise<void> | void }>
}

/**
 * The load is a share of what one processor could do by the CPU time that a login takes, found in the same run: what
 * else the machine does changes it little. A quarter, so that Amazon and the world, on the same machine, keep up.
 */
const UNDER_WAY = 32
const TARGET_SHARE = 0.25
/** Of the world: its own lag must not become the server's. */
const MOST_AT_ONCE = 400
const AMAZON_MS = 50
const SECONDS = sized({
  short: { warm: 2, find: 2, steady: 4, over: 5, after: 3, noisy: 6, slice: 2, slow: 4 },
  long: { warm: 10, find: 10, steady: 60, over: 30, after: 10, noisy: 30, slice: 10, slow: 4 },
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
      `steady logins, both legs, at a quarter of what a processor could do; Amazon takes ${AMAZON_MS} ms an answer`,
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
  try {
    return await work(rig)
  } finally {
    await close()
  }
}

async function findTarget(rig: LoadRig): Promise<number> {
  const load = { underWay: UNDER_WAY, seconds: SECONDS.find }
  const { cpuMs } = rig.figures()
  const perSecond = await closedLoop(load, (n) => rig.login(n))
  const each = (rig.figures().cpuMs - cpuMs) / (perSecond * SECONDS.find)
  // Until the server has caught up.
  await setTimeout(1_000)
  await rig.view()
  return Math.max(5, Math.round((TARGET_SHARE * 1000) / each))
}

async function showSteady(rig: LoadRig, target: number): Promise<string> {
  const before = rig.figures()
  const samples = await openLoop({ perSecond: target, seconds: SECONDS.steady }, (n) =>
    rig.login(n),
  )
  const { cpuMs, rssMegabytes } = rig.figures()
  expect(countResults(samples)).toEqual({ ok: samples.length })
  const each = (cpuMs - before.cpuMs) / samples.length
  return `${samples.length} logins at ${target}/s, 0 errors; p50 ${ms(percentile(samples, 0.5))}, p95 ${ms(percentile(samples, 0.95))}; CPU ${each.toFixed(2)} ms a login, RSS ${rssMegabytes.toFixed(0)} MB; ${describeLoop((await rig.view()).loop)}`
}

async function showOverload(rig: LoadRig, target: number): Promise<string> {
  const load = { perSecond: 5 * target, seconds: SECONDS.over, maxUnderWay: MOST_AT_ONCE }
  const [beganMs, before] = [performance.now(), rig.figures()]
  const over = await openLoop(load, (n) => rig.login(n))
  const [endMs, { cpuMs }] = [performance.now(), rig.figures()]
  const { loop, answers } = await rig.view()
  const after = await openLoop({ perSecond: target, seconds: SECONDS.after }, (n) => rig.login(n))
  const { ok = 0, 'not sent': notSent = 0, ...others } = countResults(over)
  expect(Object.keys(others).filter((result) => !/^(?:503|429)$/.test(result))).toEqual([])
  const good = over.filter(isGood).length
  // Of the processor that the target was reckoned for. A machine that is busy gives the server a part of it.
  const goodPerSecond = (good * 1000) / (cpuMs - before.cpuMs)
  expect(goodPerSecond).toBeGreaterThanOrEqual(0.8 * target)
  const bad = after.filter((sample) => !isGood(sample)).map(({ dueMs }) => dueMs)
  const recovery = Math.max(0, ...bad) / 1000
  expect(recovery).toBeLessThanOrEqual(5)
  const refused = answers.filter(({ status }) => status === 503 || status === 429)
  expect(refused.length).toBeGreaterThanOrEqual(LEAST_REFUSED)
  const refusedMs = percentile(refused, 0.95)
  expect(refusedMs).toBeLessThan(REFUSED_WITHIN_MS)
  const seconds = (endMs - beganMs) / 1000
  return `${over.length - notSent} sent in ${seconds.toFixed(1)} s, ${notSent} more than this machine could send; ${ok} signed in, ${goodPerSecond.toFixed(0)} a second of processor time (${((100 * goodPerSecond) / target).toFixed(0)} % of ${target}/s); ${refused.length} refused, in p95 ${refusedMs.toFixed(1)} ms after they were read; recovered after ${recovery.toFixed(1)} s; ${describeLoop(loop)}`
}

const REFUSED_WITHIN_MS = 100
/** Some seconds may be too few to bring a server to its limit. */
const LEAST_REFUSED = sized({ short: 0, long: 1 })

function isGood({ result, sentMs }: Sample): boolean {
  return result === 'ok' && sentMs <= IN_TIME_MS
}

/** Several times the 50 ms that are meant: the garbage is collected in it, too. */
const TASK_WITHIN_MS = 200

function describeLoop({ p99Ms, maxMs, busiestTickMs, longestTaskMs }: LoopDelay): string {
  expect(longestTaskMs).toBeLessThan(TASK_WITHIN_MS)
  return `event loop p99 ${ms(p99Ms)}, longest ${ms(maxMs)}, of which computing ${ms(busiestTickMs)}, for one task ${ms(longestTaskMs)}`
}

/** Twice what each of the others sends. */
const NOISY_LIMIT = 240
const NOISY = 'noisy'
const QUIET = ['quiet0', 'quiet1', 'quiet2', 'quiet3']
/** Warms the server up, so that nobody else's minute is used up by that. */
const WARM = 'warm'
const QUIET_PER_SECOND = 8

function noisyOptions(loginsPerMinute: number): RigOptions {
  const conf = [NO_LIMITS, `para.limits.logins_per_minute = ${loginsPerMinute}`]
  return { latencyMs: AMAZON_MS, apps: [NOISY, WARM, ...QUIET], conf }
}

function quietLoad(rig: LoadRig, seconds: number): Promise<readonly Sample[]> {
  return openLoop({ perSecond: QUIET_PER_SECOND, seconds }, (n) => rig.login(n, QUIET[n % 4]))
}

/** What the others have seen of the server, and how it answered the noisy app. */
async function viewApart(rig: LoadRig) {
  const { answers } = await rig.view()
  return {
    quiet: answers.filter(({ agent }) => QUIET.includes(agent)),
    noisy: answers.filter(({ agent }) => !QUIET.includes(agent)),
  }
}

const SLICES = sized({ short: 2, long: 3 })
/** Room for what else this machine does. */
const ALLOWANCE_MS = 200

/** With noise and without in turn, so that what else the machine does is in both. */
async function showNoisyWithLimit(rig: LoadRig): Promise<string> {
  await closedLoop({ underWay: 8, seconds: SECONDS.warm }, (n) => rig.login(n, WARM))
  const perSecond = (20 * NOISY_LIMIT) / 60
  const samples: Sample[] = []
  const alone: ServerAnswer[] = []
  const beside: ServerAnswer[] = []
  const noise: ServerAnswer[] = []
  await rig.view()
  for (let slice = 0; slice < SLICES; slice += 1) {
    samples.push(...(await quietLoad(rig, SECONDS.slice)))
    alone.push(...(await viewApart(rig)).quiet)
    // Each brings a code that Amazon refuses: as much work as a login.
    const made = makeNoise(`${rig.origin}/amazon_auth?state=${NOISY}&code=none`, {
      seconds: SECONDS.slice,
      perSecond,
    })
    samples.push(...(await quietLoad(rig, SECONDS.slice)))
    await made
    const { quiet, noisy } = await viewApart(rig)
    beside.push(...quiet)
    noise.push(...noisy)
  }
  expect(countResults(samples)).toEqual({ ok: samples.length })
  const limited = noise.filter(({ status }) => status === 429).length
  expect(limited).toBeGreaterThan(0)
  // Those under way when the limit is reached are finished.
  expect(noise.length - limited).toBeLessThan(NOISY_LIMIT * 2)
  const [before, after] = [percentile(alone, 0.95), percentile(beside, 0.95)]
  expect(after).toBeLessThan(before * 1.5 + ALLOWANCE_MS)
  return `noisy app at ${perSecond}/s: ${noise.length - limited} tried, ${limited} answered 429; the others: ${samples.length} logins, 0 errors, answered in p50 ${ms(percentile(alone, 0.5))}, p95 ${ms(before)} without it, p50 ${ms(percentile(beside, 0.5))}, p95 ${ms(after)} beside it`
}

/** What else the machine does can make the server refuse those that would have had their share: then once more. */
const MOST_TRIES = 3
const LEAST_SIGNED_IN = 0.9

async function showNoisyWithoutLimit(rig: LoadRig): Promise<string> {
  await closedLoop({ underWay: 8, seconds: SECONDS.warm }, (n) => rig.login(n, QUIET[n % 4]))
  for (let tries = 1; ; tries += 1) {
    const { signedIn, told } = await tryNoise(rig)
    if (signedIn > LEAST_SIGNED_IN) return `${told}; at try ${tries}`
    if (tries === MOST_TRIES) throw new Error(told)
  }
}

async function tryNoise(rig: LoadRig) {
  const seconds = SECONDS.noisy
  const noise = makeNoise(`${rig.origin}/amazon_auth?state=${NOISY}`, { seconds })
  const [quiet, { 302: begun = 0, 503: refused = 0, ...others }] = await Promise.all([
    quietLoad(rig, seconds),
    noise,
  ])
  expect(others).toEqual({})
  // The first second is for noticing.
  const noticed = quiet.filter(({ dueMs }) => dueMs >= 1_000)
  const { ok = 0 } = countResults(noticed)
  const [signedIn, noisy] = [ok / noticed.length, begun / (begun + refused)]
  const told = `noisy app: ${begun + refused} asked, ${percent(noisy)} begun, the rest 503; the others: ${percent(signedIn)} signed in, p95 ${ms(percentile(quiet, 0.95))}`
  return { signedIn, told }
}

const NOISE_AT_ONCE = 400

/** From a process of its own, so that it takes no time from the others' clients. */
async function makeNoise(
  url: string,
  { seconds, perSecond = Infinity }: { readonly seconds: number; readonly perSecond?: number },
): Promise<Readonly<Record<string, number>>> {
  const program = require.resolve('./noise-child.cjs')
  const numbers = [seconds, NOISE_AT_ONCE, perSecond].map(String)
  const { stdout } = await promisify(execFile)(process.execPath, [program, url, ...numbers])
  return JSON.parse(stdout) as Record<string, number>
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`

/** More than the slots there are, early within the 5 s that an answer may take. */
const SLOW = { perSecond: 300, seconds: 1.6 }
const MOST_UNDER_WAY = 512
const MOST_MEGABYTES = 300
/** Room for what else this machine does: 100 ms are meant. */
const OTHERS_WITHIN_MS = 500

async function showSlowAmazon(rig: LoadRig): Promise<string> {
  await closedLoop({ underWay: 8, seconds: SECONDS.warm }, (n) => rig.login(n))
  await rig.amazon.ask({ kind: 'clear' })
  await rig.view()
  const fault = { name: 'latency', ms: 10_000 } as const
  await rig.amazon.ask({ kind: 'fault', endpoint: 'token', fault })
  const logins = openLoop(SLOW, (n) => rig.signInByCode(n))
  const others = openLoop({ perSecond: 20, seconds: SECONDS.slow }, (n) => askOther(rig, n))
  const told = await others
  const asked = Number(await rig.amazon.ask({ kind: 'count', path: '/auth/o2/token' }))
  const { rssMegabytes } = rig.figures()
  const samples = await logins
  const { 503: refused = 0, [UNREACHABLE]: given = 0, ...unexpected } = countResults(samples)
  expect(unexpected).toEqual({})
  expect(refused).toBeGreaterThan(0)
  expect(rig.warnings.filter((line) => line.includes('too many logins')).length).toBe(1)
  expect(asked).toBeLessThanOrEqual(MOST_UNDER_WAY)
  expect(asked).toBeGreaterThan(0)
  expect(rssMegabytes).toBeLessThan(MOST_MEGABYTES)
  expect(countResults(told)).toEqual({ 200: told.length })
  const { loop, answers } = await rig.view()
  const toOthers = answers.filter(({ path }) => path.startsWith('/v1/'))
  expect(toOthers).toHaveLength(told.length)
  const p95 = percentile(toOthers, 0.95)
  expect(p95).toBeLessThan(OTHERS_WITHIN_MS)
  return `${samples.length} logins at ${SLOW.perSecond}/s: ${given} waited for Amazon, ${asked} at a time, and failed; ${refused} answered 503 at once; _health and _settings 0 errors, answered in p95 ${p95.toFixed(1)} ms; RSS ${rssMegabytes.toFixed(0)} MB; ${describeLoop(loop)}`
}

async function askOther(rig: LoadRig, n: number): Promise<string> {
  if (n % 2 === 0) return String((await rig.get('/v1/_health')).status)
  return String((await callAt(rig.origin, 'GET /v1/_settings', { as: ROOT_KEYS })).status)
}
