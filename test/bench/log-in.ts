import { Agent, request, type IncomingMessage } from 'node:http'

import type { Child } from './child-process'

/** Where a login begins, and the number of the person who will allow it. */
export interface Intent {
  readonly begin: string
  readonly person: number
}

/** A login that waits for its return: begun, and allowed by a person. */
export interface Prepared {
  readonly path: string
  readonly cookie: string
}

/** As many as a busy node has under way. */
const PARALLEL = 16
/** A code is good for five minutes. */
const BATCH = 500

/** Begins logins at a contender and lets people allow them. */
export async function prepareLogins(
  intents: readonly Intent[],
  origin: string,
  amazon: Child<unknown>,
): Promise<readonly Prepared[]> {
  const prepared: Prepared[] = []
  while (prepared.length < intents.length) {
    const batch = intents.slice(prepared.length, prepared.length + BATCH)
    const begun = await inParallel(batch, ({ begin }) => getRedirected(origin, begin))
    const logins = begun.map(({ location }, n) => ({ begun: location, person: batch[n]?.person }))
    const backs = await amazon.ask<string[]>('allow', logins)
    for (const [n, back] of backs.entries()) {
      const { pathname, search } = new URL(back)
      prepared.push({ path: pathname + search, cookie: begun[n]?.cookie ?? '' })
    }
  }
  return prepared
}

export interface Finished {
  /** Where the browser was sent. */
  readonly location: string
  /** What it was given to keep. */
  readonly cookie: string
  /** What the return leg took. */
  readonly ms: number
}

/** Lets the browsers return. */
export function finishLogins(
  origin: string,
  logins: readonly Prepared[],
): Promise<readonly Finished[]> {
  return inParallel(logins, async ({ path, cookie }) => {
    const sentAtMs = performance.now()
    const { location, cookie: kept } = await getRedirected(origin, path, cookie)
    return { location, cookie: kept, ms: performance.now() - sentAtMs }
  })
}

async function getRedirected(origin: string, path: string, cookie?: string): Promise<Answer> {
  const answer = await get(origin, path, cookie)
  // What stands in a parameter may hold any letters.
  const { pathname, searchParams } = new URL(answer.location, origin)
  const hasFailed = /error|fail/.test(pathname) || searchParams.has('error')
  if (answer.status !== 302 || hasFailed) {
    throw new Error(`${path} was answered with ${answer.status} ${answer.location}`)
  }
  return answer
}

/** Some at a time, in their order. */
export async function inParallel<Item, T>(
  items: readonly Item[],
  work: (item: Item) => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = []
  const entries = items.entries()
  async function worker(): Promise<void> {
    for (const [n, item] of entries) results[n] = await work(item)
  }
  await Promise.all(Array.from({ length: PARALLEL }, worker))
  return results
}

interface Answer {
  readonly status: number
  readonly location: string
  readonly cookie: string
}

const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL })

export function get(
  origin: string,
  path: string,
  cookie = '',
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const all = { accept: 'text/html', ...(cookie !== '' && { cookie }), ...headers }
  return new Promise((resolve, reject) => {
    request(origin + path, { agent, headers: all }, (answer) => {
      answer.resume().once('end', () => resolve(read(answer)))
    })
      .once('error', reject)
      .end()
  })
}

function read({ statusCode = 0, headers }: IncomingMessage): Answer {
  const pairs = (headers['set-cookie'] ?? []).map((line) => line.split(';', 1)[0] ?? '')
  const kept = pairs.filter((pair) => !pair.endsWith('='))
  return { status: statusCode, location: headers.location ?? '', cookie: kept.join('; ') }
}
