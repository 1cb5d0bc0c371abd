import { LRUCache } from 'lru-cache'

import type { AmazonProbes } from '../amazon/amazon-client'
import { findClientCredentials } from '../apps/client-credentials'
import { AmazonAuthError, toAmazonAuthError } from '../errors'
import type { Logger } from '../logger'
import { ALL_CHECKS } from './all-checks'
import {
  failure,
  warning,
  type Check,
  type Finding,
  type Findings,
  type Result,
  type Surroundings,
} from './check'
import { readCheckedApp, STORED, type CheckedApp } from './checked-app'
import { createNetwork, NotAsked, type Network } from './network'
import { DEFAULT_PAGE, type Doctor, type Question } from './question'
import { worstOf } from './report'
import type { Site } from './site'

export interface DoctorDeps {
  readonly site: Site
  readonly amazon: AmazonProbes
  readonly logger: Logger
  readonly now: () => number
  /** Default: all there are. */
  readonly checks?: readonly Check[]
}

const LIMIT_MS = 15_000
/** How long the answers of others are good to those who ask over the network. */
const REMEMBERED_MS = 10_000
const MAX_REMEMBERED = 5_000
/** What all apps together can make this process ask of others in a minute. */
const REQUESTS_PER_MINUTE = 120
const APPS_AT_ONCE = 8

export function createDoctor(deps: DoctorDeps): Doctor {
  const { site, amazon, checks = ALL_CHECKS, now } = deps
  const takeRequest = createBudget(REQUESTS_PER_MINUTE)
  const memory = createMemory(now)

  function openNetwork({ asker, isOffline, limitMs = LIMIT_MS }: Question): Network | undefined {
    if (isOffline === true) return undefined
    return createNetwork(amazon, {
      deadlineMs: performance.now() + limitMs,
      isPublicOnly: asker === 'app',
      takeRequest: asker === 'app' ? takeRequest : () => true,
    })
  }

  return {
    async run(question) {
      const { app: id, page = { afterId: '', limit: DEFAULT_PAGE } } = question
      const sole = id === undefined ? undefined : await getApp(id, site)
      const ids = sole === undefined ? await listPage(page, site) : [sole.id]
      const around: Surroundings = {
        site,
        network: openNetwork(question),
        request: question.request,
        express: question.express,
        sole: sole?.checked,
        mayTellInside: question.asker === 'host',
        now,
      }
      const run = new Run(question, around, { ...deps, checks, memory })
      run.expect(sole === undefined && page.afterId !== '' ? 0 : 1, ids.length)
      // What is said of the host is said once, with the first page.
      const ofHost = sole === undefined && page.afterId !== '' ? [] : await run.lookAtHost()
      const ofApps = await inChunks(ids, APPS_AT_ONCE, async (each) =>
        sole === undefined ? run.lookAtApp(await tryApp(each, site)) : run.lookAtApp(sole),
      )
      const results = [...ofHost, ...ofApps.flat()].map((result) => show(result, question.asker))
      const isFull = sole === undefined && ids.length === page.limit
      return { level: worstOf(results), results, lastKey: isFull ? (ids.at(-1) ?? null) : null }
    },
  }
}

/** An app as far as it can be read. */
interface FoundApp {
  readonly id: string
  readonly checked: CheckedApp | undefined
  /** Why it cannot. */
  readonly problem?: AmazonAuthError
}

async function getApp(id: string, site: Site): Promise<FoundApp> {
  const found = await tryApp(id, site)
  if (found.problem?.code === 'not_found') throw found.problem
  return found
}

async function tryApp(id: string, site: Site): Promise<FoundApp> {
  try {
    const app = await site.apps.find(id)
    if (app !== undefined) return { id, checked: await readCheckedApp(app, site) }
    const problem = new AmazonAuthError('not_found', {
      problem: `There is no app ${id.slice(0, 64)}.`,
    })
    return { id, checked: undefined, problem }
  } catch (thrown) {
    const problem = toAmazonAuthError(thrown)
    if (problem.code !== 'secret_unreadable') throw thrown
    return { id, checked: undefined, problem }
  }
}

async function listPage(
  page: { readonly afterId: string; readonly limit: number },
  { apps }: Site,
): Promise<readonly string[]> {
  return apps.listIds(page)
}

/** One run, check by check: a check that fails by itself is told of, and keeps no other from its turn. */
class Run {
  private done = 0
  private total = 0

  constructor(
    private readonly question: Question,
    private readonly around: Surroundings,
    private readonly deps: DoctorDeps & {
      readonly checks: readonly Check[]
      readonly memory: Memory
    },
  ) {}

  expect(hosts: number, apps: number): void {
    const { app, host } = this.chosen()
    this.total = hosts * host.length + apps * app.length
  }

  async lookAtHost(): Promise<readonly Result[]> {
    const { host } = this.chosen()
    const found = await Promise.all(
      host.map((check) =>
        this.look(check, undefined, () => {
          if (check.of === 'host') return check.look(this.around)
          return this.asking(check, this.around.sole?.app.id ?? '', (network) =>
            check.look({ ...this.around, network }),
          )
        }),
      ),
    )
    return found.flat()
  }

  async lookAtApp({ id, checked, problem }: FoundApp): Promise<readonly Result[]> {
    if (checked === undefined) return [unreadable(id, problem)]
    const { app } = this.chosen()
    const isUnused = checked.app.isRoot && findClientCredentials(checked.app) === undefined
    // A root app that nobody signs in to is no mistake.
    const checks =
      isUnused && this.around.sole === undefined
        ? app.filter(({ id: each }) => each === 'client_keys')
        : app
    const found = await Promise.all(
      checks.map((check) =>
        this.look(check, id, () => {
          if (check.of === 'app') return check.look(checked, this.around)
          return this.asking(check, id, (network) =>
            check.look(checked, { ...this.around, network }),
          )
        }),
      ),
    )
    return found.flat()
  }

  private chosen() {
    const { only, asker, isOffline } = this.question
    const chosen = this.deps.checks.filter(
      ({ id, of }) =>
        (only === undefined || only.includes(id)) &&
        (isOffline !== true || !of.endsWith('network')),
    )
    const host = chosen.filter((check) => check.of === 'host' || check.of === 'host-network')
    const isShown = (check: (typeof host)[number]): boolean =>
      asker === 'host' || (check.of === 'host' && check.isForApps === true)
    return {
      host: host.filter(isShown),
      app: chosen.filter((check) => check.of === 'app' || check.of === 'app-network'),
    }
  }

  private async look(
    { id: check }: Check,
    app: string | undefined,
    work: () => Findings | Promise<Findings>,
  ): Promise<readonly Result[]> {
    const findings = await this.attempt(check, work)
    this.done += 1
    this.question.onProgress?.(this.done, this.total)
    return listOf(findings).map((finding) => ({
      check,
      ...(app !== undefined && { app }),
      ...finding,
    }))
  }

  private async attempt(
    check: string,
    work: () => Findings | Promise<Findings>,
  ): Promise<Findings> {
    try {
      return await work()
    } catch (thrown) {
      if (thrown instanceof NotAsked) {
        return warning(
          `not looked at: ${thrown.message}`,
          'Ask again in a minute, or about this app alone.',
        )
      }
      const { code } = toAmazonAuthError(thrown)
      this.deps.logger.warn({ check, code, cause: thrown }, 'a check of doctor could not be made')
      return warning(`not looked at: ${code}`, 'See the log, and ask again.')
    }
  }

  /** Runs what asks others; asked over the network, no sooner than some seconds after the last time. */
  private async asking(
    { id }: Check,
    app: string,
    work: (network: Network) => Findings | Promise<Findings>,
  ): Promise<Findings> {
    const { network } = this.around
    if (network === undefined) return undefined
    if (this.question.isRemote !== true) return work(network)
    return this.deps.memory(`${this.question.asker} ${id} ${app}`, async () => work(network))
  }
}

function unreadable(app: string, problem: AmazonAuthError | undefined): Result {
  const seen = `its secrets cannot be opened${problem?.facts.setting === undefined ? '' : ` (${String(problem.facts.setting)})`}`
  const fix =
    'See master_keys. Where a single row was changed by hand, set that setting anew, or make new keys: express-amazon-auth keys rotate.'
  return { check: 'app_state', app, ...failure(seen, fix) }
}

function listOf(findings: Findings): readonly Finding[] {
  if (findings === undefined) return []
  return 'level' in findings ? [findings] : findings
}

/** An app sees whether a value is its own setting or comes from the configuration of its host, but not from where there. */
function show({ origin, ...result }: Result, asker: Question['asker']): Result {
  if (origin === undefined) return result
  const isPlain = asker === 'host' || origin === STORED || origin === 'default'
  return { ...result, origin: isPlain ? origin : 'configuration' }
}

type Memory = (name: string, ask: () => Promise<Findings>) => Promise<Findings>

/** Whoever asks again too soon is given the last answer, and its age. */
function createMemory(now: () => number): Memory {
  const known = new LRUCache<string, { readonly atMs: number; readonly answer: Promise<Findings> }>(
    {
      max: MAX_REMEMBERED,
      ttl: REMEMBERED_MS,
    },
  )
  return async (name, ask) => {
    const last = known.get(name)
    if (last === undefined) {
      const answer = ask()
      known.set(name, { atMs: now(), answer })
      return answer
    }
    const seconds = Math.max(0, Math.round((now() - last.atMs) / 1000))
    return listOf(await last.answer).map((finding) => ({
      ...finding,
      seen: `${finding.seen} (asked ${seconds} s ago)`,
    }))
  }
}

function createBudget(perMinute: number): () => boolean {
  let left = perMinute
  let endsAtMs = 0
  return () => {
    if (performance.now() >= endsAtMs) {
      endsAtMs = performance.now() + 60_000
      left = perMinute
    }
    left -= 1
    return left >= 0
  }
}

async function inChunks<T, R>(
  all: readonly T[],
  size: number,
  work: (one: T) => Promise<R>,
): Promise<readonly R[]> {
  const done: R[] = []
  for (let start = 0; start < all.length; start += size) {
    done.push(...(await Promise.all(all.slice(start, start + size).map(work))))
  }
  return done
}
