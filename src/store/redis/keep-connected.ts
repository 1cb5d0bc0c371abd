import { setTimeout as delay } from 'node:timers/promises'

import { AmazonAuthError } from '../../errors'
import type { Logger } from '../../logger'
import { createRedisClient, type RedisClient } from './create-redis-client'
import { LateError, withDeadline } from './with-deadline'

/** A connection to Redis that is made anew whenever it is lost. */
export interface RedisLink {
  /** Begins to connect, and waits until the first try has ended, well or not. Never rejects. */
  ready(): Promise<void>
  /**
   * Lets Redis do something. Nothing queues up for a Redis that is not there.
   *
   * @throws {AmazonAuthError} `store_unavailable`: not connected, refused, or not answered in time.
   */
  run<T>(command: (client: RedisClient) => Promise<T>): Promise<T>
  /** Lets what is under way end, and connects no more. */
  close(): Promise<void>
}

export interface RedisLinkOptions {
  readonly url: string
  /** What the connection is for; told to the log. */
  readonly purpose: string
  readonly logger: Logger
  /** Runs on each new connection before anything else does. */
  readonly prepare?: (client: RedisClient) => Promise<void>
}

/** Limit for connecting, signing in and preparing, in milliseconds. */
const CONNECT_MS = 1_500
/** Limit for one answer, in milliseconds: so a request knows within a second that Redis is gone. */
const ANSWER_MS = 750
/** How often a connection is asked whether it still works, in milliseconds. */
const HEARTBEAT_MS = 5_000
/** Pause between two tries, in milliseconds; drawn anew each time, so that nodes do not come back all at once. */
const RETRY_MS = { least: 250, most: 750 }

interface Connection {
  readonly client: RedisClient
  isUp: boolean
  /** Ends it. @param cause Undefined: nothing is wrong. */
  drop(cause: Error | undefined): void
}

/**
 * Keeps one connection. The library would connect again by itself, but it waits without limit for an answer and for the
 * greeting of a new connection: behind a network that swallows everything, for ever. Here a connection on which an answer
 * is late is thrown away, and the next one is made from nothing.
 */
export function keepConnected(options: RedisLinkOptions): RedisLink {
  const closing = new AbortController()
  let connection: Connection | undefined
  let keeping: Promise<void> | undefined
  let endFirstTry: () => void = () => undefined
  const firstTry = new Promise<void>((resolve) => (endFirstTry = resolve))
  const report = createReport(options)

  async function run<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    const used = connection
    if (used?.isUp !== true) throw unavailable('not connected')
    try {
      return await withDeadline(command(used.client), ANSWER_MS)
    } catch (error) {
      if (error instanceof LateError) used.drop(error)
      throw unavailable(reasonOf(error))
    }
  }

  async function keep(): Promise<void> {
    while (!closing.signal.aborted) {
      const cause = await useOne()
      endFirstTry()
      if (cause !== undefined) report(reasonOf(cause))
      await pause(closing.signal)
    }
    endFirstTry()
  }

  /** @returns Why it has ended; undefined: it was closed. */
  async function useOne(): Promise<unknown> {
    const client = createRedisClient(options.url)
    let drop: Connection['drop'] = () => undefined
    const ended = new Promise<never>((_resolve, reject) => (drop = reject))
    client.on('error', drop)
    const opened: Connection = { client, isUp: false, drop }
    connection = opened
    const heartbeat = setInterval(() => {
      run((used) => used.ping()).catch(() => undefined)
    }, HEARTBEAT_MS).unref()
    try {
      await Promise.race([ended, withDeadline(establish(client, options), CONNECT_MS)])
      opened.isUp = true
      report(undefined)
      endFirstTry()
      return await ended
    } catch (cause) {
      return cause
    } finally {
      opened.isUp = false
      clearInterval(heartbeat)
      client.destroy()
    }
  }

  return {
    ready() {
      keeping ??= keep()
      return firstTry
    },
    run,
    async close() {
      closing.abort()
      const last = connection
      if (last?.isUp === true) {
        await withDeadline(last.client.close(), ANSWER_MS).catch(() => undefined)
      }
      last?.drop(undefined)
      await keeping
    },
  }
}

async function establish(client: RedisClient, { prepare }: RedisLinkOptions): Promise<void> {
  await client.connect()
  await prepare?.(client)
}

async function pause(signal: AbortSignal): Promise<void> {
  const ms = RETRY_MS.least + Math.random() * (RETRY_MS.most - RETRY_MS.least)
  await delay(ms, undefined, { signal, ref: false }).catch(() => undefined)
}

/** Logs when Redis goes and when it is back; a reason once, however often it is met. */
function createReport({ purpose, logger }: RedisLinkOptions): (reason: string | undefined) => void {
  let reported: string | undefined
  return (reason) => {
    if (reason === reported) return
    if (reason === undefined) logger.info({ purpose }, 'Redis is back')
    else logger.warn({ purpose, reason }, 'Redis is not reachable')
    reported = reason
  }
}

function unavailable(reason: string): AmazonAuthError {
  return new AmazonAuthError('store_unavailable', { store: 'redis', reason })
}

/** Never the whole message: an odd server repeats in it what it was sent, the password too. */
function reasonOf(error: unknown): string {
  const { code, message, name } = error as Partial<Record<'code' | 'message' | 'name', unknown>>
  if (typeof code === 'string') return code
  return /^[A-Z]{3,}\b/.exec(String(message))?.[0] ?? String(name)
}
