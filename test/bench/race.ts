import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startChild, type Child } from './child-process'
import type { Contender } from './contenders'
import { finishLogins, prepareLogins, type Intent } from './log-in'
import { makeCertificate, type Certificate } from './make-certificate'
import { openPostgres, type Database } from './open-postgres'

export interface RaceOptions {
  readonly rounds: number
  /** Logins of one contender in one round. */
  readonly logins: number
  /** Logins of each before it counts; at least one of every person. */
  readonly warmUp: number
  /** How many people sign in by turns. */
  readonly people: number
  /** A directory for one more round of each contender under the profiler of V8. */
  readonly profile?: string
  readonly tell: (line: string) => void
}

/** Medians of the rounds. */
export interface Result {
  readonly contender: Contender
  /** CPU time of the server process, user and system, for one return leg. */
  readonly cpuMs: number
  /** From the fastest round to the slowest. */
  readonly spread: readonly [number, number]
  readonly perSecond: number
  readonly rssMb: number
}

export interface Usage {
  readonly cpuMs: number
  readonly rssMb: number
}

interface Round {
  readonly cpuMs: number
  readonly perSecond: number
  readonly rssMb: number
}

interface Runner {
  readonly contender: Contender
  readonly server: Child<string>
  readonly rounds: Round[]
}

export const CLIENT = { clientId: 'amzn1.application-oa2-client.bench', clientSecret: 'secret' }

/** Logins that wait for their return at once: the emulator forgets codes beyond 20,000. */
const MOST_BEGUN = 4_000

/** Lets the contenders log people in by turns, so that what else the machine does meets all of them alike. */
export async function race(
  contenders: readonly Contender[],
  options: RaceOptions,
): Promise<readonly Result[]> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'))
  const certificate = makeCertificate(directory)
  const needsPostgres = contenders.some(({ store }) => store === 'postgres')
  const postgres = needsPostgres ? await openPostgres() : undefined
  const amazon = await startAmazon(certificate)
  const runners: Runner[] = []
  try {
    await amazon.ask('invite', [...Array(options.people).keys()])
    for (const contender of contenders) {
      if (contender.store === 'postgres' && postgres === undefined) {
        options.tell(`${contender.name}: left out, PostgreSQL cannot be reached`)
        continue
      }
      const storeUrl = storeUrlOf(contender, directory, postgres)
      const settings = { ...CLIENT, ...amazon.ready, ...contender.settings, storeUrl }
      const server = await startChild<string>(contender.program, settings, certificate)
      runners.push({ contender, server, rounds: [] })
    }
    // Everybody has signed in before, and the compiler has seen it all.
    const warmUp = Math.max(options.people, options.warmUp)
    for (const runner of runners) {
      await runRound(runner, amazon, warmUp, options)
      options.tell(`${runner.contender.name} has had ${warmUp} logins to warm up`)
    }
    for (let round = 1; round <= options.rounds; round += 1) {
      for (const runner of runners) {
        const measured = await runRound(runner, amazon, options.logins, options)
        runner.rounds.push(measured)
        options.tell(`round ${round}  ${runner.contender.name}  ${measured.cpuMs.toFixed(3)} ms`)
      }
    }
    for (const runner of runners) if (options.profile) await profileRound(runner, amazon, options)
    return runners.map(summarize)
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

function storeUrlOf(
  { name, store }: Contender,
  directory: string,
  postgres: Database | undefined,
): string | undefined {
  return store === 'postgres' ? postgres?.url : `sqlite:${join(directory, `${name}.db`)}`
}

async function runRound(
  { contender, server }: Runner,
  amazon: Child<unknown>,
  count: number,
  { people }: RaceOptions,
): Promise<Round> {
  const origin = server.ready
  const intents = byTurns(contender, count, people)
  const total = { cpuMs: 0, wholeMs: 0, rssMb: 0 }
  for (let first = 0; first < count; first += MOST_BEGUN) {
    const begun = intents.slice(first, first + MOST_BEGUN)
    const logins = await prepareLogins(begun, origin, amazon)
    const before = await server.ask<Usage>('usage')
    const startedAtMs = performance.now()
    await finishLogins(origin, logins)
    total.wholeMs += performance.now() - startedAtMs
    const after = await server.ask<Usage>('usage')
    total.cpuMs += after.cpuMs - before.cpuMs
    total.rssMb = after.rssMb
  }
  return {
    cpuMs: total.cpuMs / count,
    perSecond: (count / total.wholeMs) * 1000,
    rssMb: total.rssMb,
  }
}

function byTurns({ begin }: Contender, count: number, people: number): readonly Intent[] {
  return Array.from({ length: count }, (_none, n) => ({ begin, person: n % people }))
}

async function profileRound(
  { contender, server }: Runner,
  amazon: Child<unknown>,
  { logins, people, profile = '' }: RaceOptions,
): Promise<void> {
  const intents = byTurns(contender, logins, people)
  const prepared = await prepareLogins(intents, server.ready, amazon)
  await server.ask('startProfile')
  await finishLogins(server.ready, prepared)
  await server.ask('stopProfile', join(profile, `${contender.name}.cpuprofile`))
}

function summarize({ contender, rounds }: Runner): Result {
  const cpu = rounds.map(({ cpuMs }) => cpuMs)
  return {
    contender,
    cpuMs: median(cpu),
    spread: [Math.min(...cpu), Math.max(...cpu)],
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    rssMb: median(rounds.map(({ rssMb }) => rssMb)),
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2
}
