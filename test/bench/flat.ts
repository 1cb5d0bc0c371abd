import { randomBytes, randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { OWN_BUILD } from './builds'
import { startChild, type Child } from './child-process'
import { finishLogins, get, inParallel, prepareLogins, type Intent } from './log-in'
import { makeCertificate, type Certificate } from './make-certificate'
import { openPostgres } from './open-postgres'
import { openRows } from './open-rows'
import { CLIENT, cpuOf, inTurn, median, startAmazon } from './race'
import { appIdOf, seed, type World } from './seed'

export interface FlatOptions {
  /** Compared with the first of them. */
  readonly worlds: readonly World[]
  readonly stores: readonly StoreKind[]
  readonly rounds: number
  /** Logins into one world in one round; the tokens they give are then verified. */
  readonly logins: number
  readonly warmUp: number
  readonly tell: (line: string) => void
}

export type StoreKind = 'sqlite' | 'postgres'

/** Medians of the rounds. */
export interface FlatResult extends Round, Memory {
  readonly store: StoreKind
  readonly world: World
  /** How often as much as in the first world, in the same round. */
  readonly times: Round
}

/** What was seen in one round. CPU is that of the server process, user and system. */
interface Round {
  /** One return leg. */
  readonly loginMs: number
  /** Of the return legs, by the clock. */
  readonly p95Ms: number
  /** One `GET /v1/_me` with a token. */
  readonly meMs: number
  /** One request to a route behind `requireUser()`. */
  readonly verifyMs: number
}

interface Memory {
  readonly heapMb: number
  readonly rssMb: number
}

interface Place {
  readonly directory: string
  readonly certificate: Certificate
  readonly amazon: Child<object>
}

interface Runner {
  readonly world: World
  readonly url: string
  readonly server: Child<string>
  readonly rounds: Round[]
  readonly drop: () => Promise<void>
}

/** How many tokens are verified for each login of a round: that takes a fraction of the time. */
const VERIFIED = 2

/** Measures logins into stores that differ only in how much is in them. */
export async function measureFlat(options: FlatOptions): Promise<readonly FlatResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'))
  const certificate = makeCertificate(directory)
  const amazon = await startAmazon(certificate)
  const results: FlatResult[] = []
  try {
    for (const store of options.stores) {
      results.push(...(await measureStore(store, { directory, certificate, amazon }, options)))
    }
    return results
  } finally {
    amazon.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function measureStore(
  store: StoreKind,
  place: Place,
  options: FlatOptions,
): Promise<readonly FlatResult[]> {
  const runners: Runner[] = []
  try {
    for (const world of options.worlds) {
      const runner = await openWorld(store, world, place, options)
      if (runner === undefined) return []
      runners.push(runner)
    }
    for (const runner of runners) await runRound(runner, place.amazon, options.warmUp)
    for (let round = 0; round < options.rounds; round += 1) {
      for (const runner of inTurn(runners, round)) {
        const seen = await runRound(runner, place.amazon, options.logins)
        runner.rounds.push(seen)
        options.tell(`${store}, ${describe(runner.world)}: ${describeRound(seen)}`)
      }
    }
    for (const runner of runners) await requireNobodyNew(runner)
    return await Promise.all(runners.map((runner) => summarize(store, runner, runners[0])))
  } finally {
    for (const { server } of runners) server.stop()
    for (const { drop } of runners) await drop()
  }
}

async function openWorld(
  store: StoreKind,
  world: World,
  { directory, certificate, amazon }: Place,
  { tell }: FlatOptions,
): Promise<Runner | undefined> {
  const database = store === 'postgres' ? await openPostgres() : openFile(directory)
  if (database === undefined) {
    tell('PostgreSQL cannot be reached')
    return undefined
  }
  const { url } = database
  const drop = () => database.drop()
  try {
    const secretKey = randomBytes(48).toString('base64')
    const startedAtMs = performance.now()
    await seed(url, world, secretKey)
    const seconds = (performance.now() - startedAtMs) / 1000
    tell(`${store}, ${describe(world)}: filled in ${seconds.toFixed(0)} s`)
    const settings = { ...CLIENT, ...amazon.ready, storeUrl: url, secretKey, dist: OWN_BUILD.dist }
    const server = await startChild<string>('ours.mjs', settings, certificate)
    return { world, url, server, rounds: [], drop }
  } catch (error) {
    await drop()
    throw error
  }
}

/** It goes with its directory. */
function openFile(directory: string): { readonly url: string; drop(): Promise<void> } {
  const file = join(directory, `${randomBytes(6).toString('hex')}.db`)
  return { url: `sqlite:${file}`, drop: () => Promise.resolve() }
}

async function runRound(
  { world, server }: Runner,
  amazon: Child<object>,
  count: number,
): Promise<Round> {
  const origin = server.ready
  const intents = drawLogins(world, count)
  await amazon.ask('invite', [...new Set(intents.map(({ person }) => person))])
  const prepared = await prepareLogins(intents, origin, amazon)
  const [login, finished] = await cpuOf(server, () => finishLogins(origin, prepared))
  const tokens = finished.map(({ location }) => new URL(location).searchParams.get('jwt') ?? '')
  const shown = Array.from({ length: VERIFIED }, () => tokens).flat()
  const [me] = await cpuOf(server, () => show(shown, origin, '/v1/_me'))
  const [verify] = await cpuOf(server, () => show(shown, origin, '/guarded'))
  const times = finished.map(({ ms }) => ms)
  return {
    loginMs: login / count,
    p95Ms: percentile(times, 0.95),
    meMs: me / shown.length,
    verifyMs: verify / shown.length,
  }
}

/** Anybody into any app: what a node has kept of the last ones helps it little. */
function drawLogins({ apps, usersPerApp }: World, count: number): readonly Intent[] {
  return Array.from({ length: count }, () => ({
    begin: `/amazon_auth?appid=${appIdOf(randomInt(apps))}`,
    person: randomInt(usersPerApp),
  }))
}

async function show(tokens: readonly string[], origin: string, path: string): Promise<void> {
  await inParallel(tokens, async (token) => {
    const { status } = await get(origin, path, '', { authorization: `Bearer ${token}` })
    if (status !== 200) throw new Error(`${path} was answered with ${status}`)
  })
}

/** Else more would have been measured than returning users. */
async function requireNobodyNew({ url, world }: Runner): Promise<void> {
  const rows = await openRows(url)
  try {
    const count = await rows.count('users')
    if (count !== world.apps * world.usersPerApp) throw new Error(`there are ${count} users`)
  } finally {
    await rows.close()
  }
}

async function summarize(
  store: StoreKind,
  { world, server, rounds }: Runner,
  first: Runner | undefined,
): Promise<FlatResult> {
  const ratios = rounds.map((round, n) => divide(round, first?.rounds[n] ?? round))
  const memory = await server.ask<Memory>('memory')
  return { store, world, ...medians(rounds), ...memory, times: medians(ratios) }
}

function divide(round: Round, by: Round): Round {
  return {
    loginMs: round.loginMs / by.loginMs,
    p95Ms: round.p95Ms / by.p95Ms,
    meMs: round.meMs / by.meMs,
    verifyMs: round.verifyMs / by.verifyMs,
  }
}

function medians(rounds: readonly Round[]): Round {
  return {
    loginMs: median(rounds.map(({ loginMs }) => loginMs)),
    p95Ms: median(rounds.map(({ p95Ms }) => p95Ms)),
    meMs: median(rounds.map(({ meMs }) => meMs)),
    verifyMs: median(rounds.map(({ verifyMs }) => verifyMs)),
  }
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * part) - 1] ?? NaN
}

function describe({ apps, usersPerApp }: World): string {
  return `${apps} apps of ${usersPerApp} users`
}

function describeRound({ loginMs, p95Ms, meMs, verifyMs }: Round): string {
  const [login, p95, me, verify] = [loginMs, p95Ms, meMs, verifyMs].map((ms) => ms.toFixed(3))
  return `login ${login} ms CPU, p95 ${p95} ms, _me ${me}, requireUser ${verify}`
}
