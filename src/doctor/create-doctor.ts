import type { AmazonProbes } from '../amazon/amazon-calls'
import type { Logger } from '../logger'
import { ALL_CHECKS } from './all-checks'
import type { Check, Result, Surroundings } from './check'
import { STORED } from './checked-app'
import { getApp, tryApp } from './found-app'
import { createNetwork, type Network } from './network'
import { DEFAULT_PAGE, type Doctor, type Question } from './question'
import { createBudget, createMemory } from './remembered'
import { worstOf } from './report'
import { Run } from './run'
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
      const ids = sole === undefined ? await site.apps.listIds(page) : [sole.id]
      const around: Surroundings = {
        site,
        network: openNetwork(question),
        request: question.request,
        express: question.express,
        isMountUnknown: question.isMountUnknown === true,
        sole: sole?.checked,
        mayTellInside: question.asker === 'host',
        now,
      }
      const run = new Run(question, around, { ...deps, checks, memory })
      // What is said of the host is said once, with the first page.
      const isFirst = sole !== undefined || page.afterId === ''
      run.expect(isFirst ? 1 : 0, ids.length)
      const ofHost = isFirst ? await run.lookAtHost() : []
      const ofApps = await inChunks(ids, APPS_AT_ONCE, async (each) =>
        run.lookAtApp(sole ?? (await tryApp(each, site))),
      )
      const results = [...ofHost, ...ofApps.flat()].map((result) => show(result, question.asker))
      const isFull = sole === undefined && ids.length === page.limit
      return { level: worstOf(results), results, lastKey: isFull ? (ids.at(-1) ?? null) : null }
    },
  }
}

/** An app sees whether a value is its own setting or comes from the configuration of its host, but not from where there. */
function show({ origin, ...result }: Result, asker: Question['asker']): Result {
  if (origin === undefined) return result
  const isPlain = asker === 'host' || origin === STORED || origin === 'default'
  return { ...result, origin: isPlain ? origin : 'configuration' }
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
