import { Agent, request, type IncomingMessage } from 'node:http'

import type { Child } from './child-process'

/** A login that waits for its return: begun, and allowed by a person. */
export interface Prepared {
  readonly path: string
  readonly cookie: string
}

/** As many as a busy node has under way. */
const PARALLEL = 8
/** A code is good for five minutes. */
const BATCH = 500

/** Begins logins at a contender and lets people allow them. */
export async function prepareLogins(
  count: number,
  origin: string,
  begin: string,
  amazon: Child<unknown>,
): Promise<readonly Prepared[]> {
  const prepared: Prepared[] = []
  while (prepared.length < count) {
    const batch = Math.min(BATCH, count - prepared.length)
    const begun = await inParallel(batch, () => getRedirected(origin, begin))
    const backs = await amazon.ask<string[]>(
      'allow',
      begun.map(({ location }) => location),
    )
    for (const [n, back] of backs.entries()) {
      const { pathname, search } = new URL(back)
      prepared.push({ path: pathname + search, cookie: begun[n]?.cookie ?? '' })
    }
  }
  return prepared
}

/** @returns Milliseconds each return leg took, and all of them together. */
export async function finishLogins(
  origin: string,
  logins: readonly Prepared[],
): Promise<{ readonly eachMs: readonly number[]; readonly wholeMs: number }> {
  const startedAtMs = performance.now()
  const eachMs = await inParallel(logins.length, async (n) => {
    const login = logins[n]
    const sentAtMs = performance.now()
    await getRedirected(origin, login?.path ?? '', login?.cookie)
    return performance.now() - sentAtMs
  })
  return { eachMs, wholeMs: performance.now() - startedAtMs }
}

async function getRedirected(origin: string, path: string, cookie?: string): Promise<Answer> {
  const answer = await get(origin, path, cookie)
  if (answer.status !== 302 || /error|fail/.test(answer.location)) {
    throw new Error(`${path} was answered with ${answer.status} ${answer.location}`)
  }
  return answer
}

export async function inParallel<T>(
  count: number,
  work: (n: number) => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = []
  let next = 0
  async function worker(): Promise<void> {
    while (next < count) {
      const n = next
      next += 1
      results[n] = await work(n)
    }
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
  const pairs = (headers['set-cookie'] ?? []).map((line) => line.split(';', 1)[0])
  return { status: statusCode, location: headers.location ?? '', cookie: pairs.join('; ') }
}
