import type { AmazonProbes } from '../amazon/amazon-calls'
import type { Knock } from '../amazon/knock'
import type { CredentialsVerdict, Probe } from '../amazon/probe-credentials'
import { visitPage, type Visit } from './visit-page'

/** What checks may ask of others, within the time and the number of requests of a run. All reject with {@link NotAsked}. */
export interface Network {
  probeCredentials(probe: Probe): Promise<CredentialsVerdict>
  /** Asked once a run for each address. */
  knock(address: string): Promise<Knock>
  visit(page: string): Promise<Visit>
}

export interface NetworkLimits {
  /** When the run must be over, by `performance.now()`. */
  readonly deadlineMs: number
  /** Whether pages may be asked of public addresses alone: it is an app that asks, and it has named them. */
  readonly isPublicOnly: boolean
  /** Takes one request out of what this process may send; false: there is none left for now. */
  takeRequest(): boolean
}

const ANSWER_MS = 5_000
const PAGE_MS = 3_000
const MAX_AT_ONCE = 4

/** The time of the run is over, or too much is asked at present. */
export class NotAsked extends Error {
  override readonly name = 'NotAsked'
}

export function createNetwork(amazon: AmazonProbes, limits: NetworkLimits): Network {
  const atOnce = createSlots(MAX_AT_ONCE)
  const knocks = new Map<string, Promise<Knock>>()

  function ask<T>(limitMs: number, work: (limitMs: number) => Promise<T>): Promise<T> {
    return atOnce(async () => {
      const leftMs = limits.deadlineMs - performance.now()
      if (leftMs <= 0) throw new NotAsked('the time of this run was over')
      if (!limits.takeRequest()) throw new NotAsked('too many checks ask others at present')
      return work(Math.min(limitMs, leftMs))
    })
  }

  return {
    probeCredentials: (probe) => ask(ANSWER_MS, (ms) => amazon.probeCredentials(probe, ms)),
    knock(address) {
      const asked = knocks.get(address) ?? ask(ANSWER_MS, (ms) => amazon.knock(address, ms))
      knocks.set(address, asked)
      return asked
    },
    visit: (page) =>
      ask(PAGE_MS, (limitMs) => visitPage(page, { limitMs, isPublicOnly: limits.isPublicOnly })),
  }
}

/** Runs so many pieces of work at once, and the others after them. */
function createSlots(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = count
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
