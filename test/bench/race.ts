import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Entry } from './builds'
import { startChild, type Child } from './child-process'
import type { Contender } from './contenders'
import { finishLogins, get, inParallel, prepareLogins, type Finished } from './log-in'
import { makeCertificate, type Certificate } from './make-certificate'
import { openPostgres } from './open-postgres'

export interface RaceOptions {
  readonly rounds: number
  /** Logins of one contender in one round. */
  readonly logins: number
  /** Logins of each before it counts; at least one of every person. */
  readonly warmUp: number
  /** How many people sign in by turns. */
  readonly people: number
  /** Logins at the start of a turn that do not count: a process that has had nothing to do drops compiled code. */
  readonly settle: number
  /** Processor of the server that is measured; undefined: it shares those of this process. */
  readonly core?: number | undefined
  /** A directory for one more round of each contender under the profiler of V8. */
  readonly profile?: string
  readonly tell: (line: string) => void
}

/** Medians of the rounds. CPU time is that of the server process, user and system. */
export interface Result extends Entry {
  /** For one return leg. */
  readonly cpuMs: number
  /** From the fastest round to the slowest. */
  readonly spread: readonly [number, number]
  /** `cpuMs` in those of the first contender, which is the floor, in the same round. */
  readonly times: number
  /** The same in those of the first build of this contender. */
  readonly timesFirstBuild: number
  /** For one request that begins a login. */
  readonly beginMs: number
  /** For one request to a route behind `requireUser()`, where there is one. */
  readonly guardedMs: number | undefined
  readonly perSecond: number
  readonly rssMb: number
}

export interface Usage {
  readonly cpuMs: number
  readonly rssMb: number
}

interface Round {
  readonly cpuMs: number
  readonly beginMs: number
  readonly guardedMs: number
  readonly perSecond: number
  readonly rssMb: number
}

interface Runner extends Entry {
  readonly server: Child<string>
  readonly rounds: Round[]
  /** How many have signed in. */
  signedIn: number
}

export const CLIENT = { clientId: 'amzn1.application-oa2-client.bench', clientSecret: 'secret' }

/** Logins that wait for their return at once: the emulator forgets codes beyond 20,000. */
const MOST_BEGUN = 4_000
const GUARDED = '/guarded'

/** Lets the contenders log people in by turns, so that what else the machine does meets all of them alike. */
export async function race(
  entries: readonly Entry[],
  options: RaceOptions,
): Promise<readonly Result[]> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'))
  const certificate = makeCertificate(directory)
  const needsPostgres = entries.some(({ contender }) => contender.store === 'postgres')
  const postgres = needsPostgres ? await openPostgres() : undefined
  const amazon = await startAmazon(certificate)
  const runners: Runner[] = []
  try {
    for (const [n, entry] of entries.entries()) {
      const { contender, build } = entry
      if (contender.store === 'postgres' && postgres === undefined) {
        options.tell(`${contender.name}: left out, PostgreSQL cannot be reached`)
        continue
      }
      const storeUrl =
        contender.store === 'postgres' ? postgres?.url : `sqlite:${join(directory, `${n}.db`)}`
      const { dist } = build
      const settings = { ...CLIENT, ...amazon.ready, ...contender.settings, storeUrl, dist }
      const server = await startChild<string>(
        contender.program,
        settings,
        certificate,
        options.core,
      )
      runners.push({ ...entry, server, rounds: [], signedIn: 0 })
    }
    // Everybody has signed in before, and the compiler has seen it all.
    const warmUp = Math.max(options.people, options.warmUp)
    for (const runner of runners) {
      await runRound(runner, amazon, warmUp, options)
      options.tell(`${nameOf(runner)} has had ${warmUp} logins to warm up`)
    }
    for (let round = 0; round < options.rounds; round += 1) {
      for (const runner of inTurn(runners, round)) {
        await runRound(runner, amazon, options.settle, options)
        const measured = await runRound(runner, amazon, options.logins, options)
        runner.rounds.push(measured)
        options.tell(`round ${round + 1}  ${nameOf(runner)}  ${measured.cpuMs.toFixed(3)} ms`)
      }
    }
    for (const runner of runners) if (options.profile) await profileRound(runner, amazon, options)
    return runners.map((runner) => summarize(runner, runners))
  } finally {
    for (const { server } of runners) server.stop()
    amazon.stop()
    await postgres?.drop()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Amazon, which answers `invite` and `allow`. */
export function startAmazon(
  certificate: Certificate,
): Promise<Child<{ readonly apiUrl: string; readonly authorizeUrl: string }>> {
  return startChild('amazon.mjs', { ...CLIENT, ...certificate }, certificate)
}

/** Each round begins with another of them, so that none always follows the same one. */
export function inTurn<T>(all: readonly T[], round: number): readonly T[] {
  const first = round % all.length
  return [...all.slice(first), ...all.slice(0, first)]
}

async function runRound(
  runner: Runner,
  amazon: Child<unknown>,
  count: number,
  options: RaceOptions,
): Promise<Round> {
  const total = { cpuMs: 0, beginMs: 0, guardedMs: 0, wholeMs: 0, rssMb: 0 }
  for (let done = 0; done < count; done += MOST_BEGUN) {
    const part = await logIn(runner, amazon, Math.min(MOST_BEGUN, count - done), options)
    for (const what of ['cpuMs', 'beginMs', 'guardedMs', 'wholeMs'] as const) {
      total[what] += part[what]
    }
    total.rssMb = part.rssMb
  }
  return {
    cpuMs: total.cpuMs / count,
    beginMs: total.beginMs / count,
    guardedMs: total.guardedMs / count,
    perSecond: (count / total.wholeMs) * 1000,
    rssMb: total.rssMb,
  }
}

/** Begins logins, finishes them, and then shows what they gave to the guarded route. */
async function logIn(
  runner: Runner,
  amazon: Child<unknown>,
  count: number,
  { people }: RaceOptions,
): Promise<Omit<Round, 'perSecond'> & { readonly wholeMs: number }> {
  const { contender, server } = runner
  const { begin, meetsNewPeople } = contender
  const origin = server.ready
  const persons = Array.from({ length: count }, (_none, n) => {
    const person = runner.signedIn + n
    return meetsNewPeople ? person : person % people
  })
  runner.signedIn += count
  await amazon.ask('invite', [...new Set(persons)])
  const intents = persons.map((person) => ({ begin, person }))
  const [beginMs, prepared] = await cpuOf(server, () => prepareLogins(intents, origin, amazon))
  const startedAtMs = performance.now()
  const [cpuMs, finished] = await cpuOf(server, () => finishLogins(origin, prepared))
  const wholeMs = performance.now() - startedAtMs
  const [guardedMs] = await cpuOf(server, () => showTo(origin, contender, finished))
  const { rssMb } = await server.ask<Usage>('usage')
  return { cpuMs, beginMs, guardedMs, wholeMs, rssMb }
}

async function showTo(
  origin: string,
  { guard }: Contender,
  finished: readonly Finished[],
): Promise<void> {
  if (guard === undefined) return
  await inParallel(finished, async ({ location, cookie }) => {
    const token = new URL(location).searchParams.get('jwt') ?? ''
    const { status } =
      guard === 'cookie'
        ? await get(origin, GUARDED, cookie)
        : await get(origin, GUARDED, '', { authorization: `Bearer ${token}` })
    if (status !== 200) throw new Error(`${GUARDED} was answered with ${status}`)
  })
}

/** @returns CPU time of the server, in milliseconds, and what the work gave. */
export async function cpuOf<T>(
  server: Child<string>,
  work: () => Promise<T>,
): Promise<readonly [number, T]> {
  const before = await server.ask<Usage>('usage')
  const result = await work()
  const after = await server.ask<Usage>('usage')
  return [after.cpuMs - before.cpuMs, result]
}

async function profileRound(
  runner: Runner,
  amazon: Child<unknown>,
  options: RaceOptions,
): Promise<void> {
  const { contender, server } = runner
  const persons = Array.from({ length: options.logins }, (_none, n) => n % options.people)
  await amazon.ask('invite', [...new Set(persons)])
  const intents = persons.map((person) => ({ begin: contender.begin, person }))
  const prepared = await prepareLogins(intents, server.ready, amazon)
  await server.ask('startProfile')
  await finishLogins(server.ready, prepared)
  await server.ask('stopProfile', join(options.profile ?? '', `${nameOf(runner)}.cpuprofile`))
}

function summarize(runner: Runner, runners: readonly Runner[]): Result {
  const { contender, build, rounds } = runner
  const cpu = rounds.map(({ cpuMs }) => cpuMs)
  const firstBuild = runners.find((other) => other.contender.name === contender.name)
  return {
    contender,
    build,
    cpuMs: median(cpu),
    spread: [Math.min(...cpu), Math.max(...cpu)],
    times: timesOf(runner, runners[0]),
    timesFirstBuild: timesOf(runner, firstBuild),
    beginMs: median(rounds.map(({ beginMs }) => beginMs)),
    guardedMs: contender.guard && median(rounds.map(({ guardedMs }) => guardedMs)),
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    rssMb: median(rounds.map(({ rssMb }) => rssMb)),
  }
}

/** The median of the ratios of each round, which meet the same machine. */
function timesOf({ rounds }: Runner, other: Runner | undefined): number {
  return median(rounds.map(({ cpuMs }, n) => cpuMs / (other?.rounds[n]?.cpuMs ?? NaN)))
}

function nameOf({ contender, build }: Entry): string {
  return build.name === '' ? contender.name : `${contender.name}@${build.name}`
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2
}
