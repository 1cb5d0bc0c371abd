import { createLoadShedder } from '../../../src/http/limits/load-shedder'

let average: number
let late: number
let tick: number
let log: string[]
let shedder: ReturnType<typeof createLoadShedder>
beforeEach(() => {
  average = 0
  late = 0
  tick = 0
  log = []
  const add = (level: string) => (_facts: object, message: string) =>
    void log.push(`${level}: ${message}`)
  const logger = { debug: add('debug'), info: add('info'), warn: add('warn'), error: add('error') }
  const lateness = {
    nowMs: () => late,
    averageMs: () => average,
    ticks: () => tick,
    stop: () => undefined,
  }
  shedder = createLoadShedder(logger, lateness)
  for (let count = 0; count < 16; count += 1) shedder.admit('acme', false)
})

function isRefused(app: string | undefined, isReturn = false): boolean {
  try {
    shedder.admit(app, isReturn)
    return false
  } catch (error) {
    expect(error).toMatchObject({ code: 'server_busy', status: 503 })
    return true
  }
}

/** How long the loop must be held until a sign-in is refused, in milliseconds. */
function patienceOf(app: string, isReturn: boolean): number {
  for (late = 0; late < 1000; late += 1) if (isRefused(app, isReturn)) return late - 1
  return Infinity
}

test('a pause alone refuses nobody, nor does a process that is behind but on time just now', () => {
  late = 500
  expect(isRefused('acme')).toBe(false)
  average = 100
  late = 30
  expect(isRefused('acme')).toBe(false)
  late = 31
  expect(isRefused('acme')).toBe(true)
})

test('who comes back from Amazon is refused later than who begins', () => {
  average = 100
  expect(patienceOf('acme', false)).toBe(30)
  expect(patienceOf('acme', true)).toBe(60)
})

test('an app that asks for little is refused much later than one that asks for much', () => {
  for (let count = 0; count < 5_000; count += 1) shedder.admit('noisy', false)
  average = 100
  expect(patienceOf('quiet', false)).toBe(300)
  expect(patienceOf('noisy', false)).toBe(30)
  expect(patienceOf('quiet', true)).toBe(600)
})

test('names that no app has share one share', () => {
  for (let count = 0; count < 100; count += 1) shedder.admit(undefined, false)
  shedder.admit('acme', false)
  average = 100
  late = 40
  expect(isRefused(undefined)).toBe(true)
  expect(isRefused('acme')).toBe(false)
})

test('the first few between two ticks are not refused: it was not they who held the loop', () => {
  average = 100
  late = 500
  tick = 1
  for (let count = 0; count < 16; count += 1) expect(isRefused('acme')).toBe(false)
  expect(isRefused('acme')).toBe(true)
})

test('it says once that it is behind, and once that it has caught up', () => {
  for (average of [0, 40, 41, 100, 11, 10, 40]) isRefused('acme')
  expect(log).toEqual([
    'warn: this process is behind with its work: it refuses sign-ins',
    'info: this process has caught up: it takes all sign-ins',
  ])
})
