import { LRUCache } from 'lru-cache'

import { AmazonAuthError } from '../errors'
import type { SettingValues } from './settings'

export interface HostAppsDeps {
  /** Asks the host. It may throw, and take as long as it likes. */
  readonly ask: (appId: string) => unknown
  /**
   * Reads its answer. Undefined: there is no such app.
   *
   * @throws What is wrong with it.
   */
  readonly read: (appId: string, answer: unknown) => SettingValues | undefined
  /** How long an answer may take, in milliseconds. Default 2000. */
  readonly timeoutMs?: number
}

/** Apps that a host has in a database of its own. */
export interface HostApps {
  /**
   * What the host says of an app, as settings; undefined: there is none.
   *
   * @throws {AmazonAuthError} `host_app_invalid`: its answer cannot be used. `host_apps_unavailable`: there is no answer.
   */
  find(appId: string): Promise<SettingValues | undefined>
  /** Asks anew at the next look. */
  forget(appId: string): void
}

const TIMEOUT_MS = 2_000
/** Questions at a time, about apps that are known and about names that may be invented: neither wait for the other. */
const AT_ONCE = 16
/** And those that wait for them. */
const MAX_WAITING = 500
const MAX_KNOWN = 10_000
/** A database that fails is not asked about the same app again before. */
const FAILURE_MS = 1_000

export function createHostApps({ ask, read, timeoutMs = TIMEOUT_MS }: HostAppsDeps): HostApps {
  const known = new LRUCache<string, true>({ max: MAX_KNOWN })
  const failures = new LRUCache<string, AmazonAuthError>({ max: MAX_KNOWN, ttl: FAILURE_MS })
  const lanes = { known: createLane(), unknown: createLane() }

  async function askInTime(appId: string): Promise<unknown> {
    const lane = known.has(appId) ? lanes.known : lanes.unknown
    try {
      return await lane.run(() => call(ask, appId), timeoutMs)
    } catch (cause) {
      throw new AmazonAuthError('host_apps_unavailable', { app: appId }, cause)
    }
  }
  function readAnswer(appId: string, answer: unknown): SettingValues | undefined {
    try {
      return read(appId, answer)
    } catch (cause) {
      throw new AmazonAuthError('host_app_invalid', { app: appId }, cause)
    }
  }
  return {
    async find(appId) {
      const failure = failures.get(appId)
      if (failure !== undefined) throw failure
      try {
        const settings = readAnswer(appId, await askInTime(appId))
        if (settings !== undefined) known.set(appId, true)
        return settings
      } catch (thrown) {
        if (thrown instanceof AmazonAuthError) failures.set(appId, thrown)
        throw thrown
      }
    },
    forget: (appId) => void failures.delete(appId),
  }
}

/** Runs so many things at a time; the others wait, but not for long. */
function createLane() {
  const waiting: (() => void)[] = []
  let running = 0

  /** Resolves when it is its turn; rejects before those that run can be over by time, lest it begin as the last of them. */
  function turn(waitMs: number): Promise<void> {
    if (waiting.length >= MAX_WAITING) return Promise.reject(new Error(TOO_MANY))
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(begin), 1)
        reject(new Error(TOO_MANY))
      }, waitMs)
      waiting.push(begin)
    })
  }
  return {
    async run<T>(work: () => Promise<T>, timeoutMs: number): Promise<T> {
      if (running < AT_ONCE) running += 1
      else await turn(timeoutMs / 2)
      try {
        return await inTime(work(), timeoutMs)
      } finally {
        const next = waiting.shift()
        if (next === undefined) running -= 1
        else next()
      }
    },
  }
}

const TOO_MANY = 'too many questions wait for an answer'

async function inTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** What it throws at once is as good as a rejection. */
function call<T>(ask: (appId: string) => T, appId: string): Promise<T> {
  return new Promise((resolve) => resolve(ask(appId)))
}
