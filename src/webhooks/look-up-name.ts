import { lookup, Resolver } from 'node:dns/promises'

import type { LookUp } from '../public-addresses'

export interface NameOptions {
  /** Limit for one name, in milliseconds. */
  readonly timeoutMs: number
  /** Whether a name that DNS does not know is looked for as this machine does, in its file of hosts and the like. */
  readonly knowsLocalNames: boolean
  /** Addresses of name servers. Default: those of this machine. */
  readonly servers?: readonly string[]
}

const TRIES = 3

/**
 * Looks up names that apps have chosen. This machine looks up two names at a time, for all that it connects to, Amazon
 * included: names whose servers do not answer would take both places for ten seconds and more. So DNS is asked here directly, and
 * of those ways one is used at most.
 */
export function createLookUpName({ timeoutMs, knowsLocalNames, servers }: NameOptions): LookUp {
  const lookUpLocally = createLocalLookUp(timeoutMs)
  return async (name) => {
    // One for each name: it can be cancelled, and knows of servers that have changed.
    const resolver = new Resolver({ timeout: timeoutMs / TRIES, tries: TRIES })
    if (servers !== undefined) resolver.setServers(servers)
    const timer = setTimeout(() => resolver.cancel(), timeoutMs)
    try {
      return await ask(resolver, name)
    } catch (error) {
      if (!knowsLocalNames || !isUnknown(error)) throw error
      return await lookUpLocally(name)
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Of those who wait for longer than their limit nobody asks any more. */
function createLocalLookUp(timeoutMs: number): LookUp {
  let last: Promise<unknown> = Promise.resolve()
  return (name) => {
    const untilMs = performance.now() + timeoutMs
    const mine = last.then(async () => {
      if (performance.now() > untilMs) throw new Error('the name was not looked up in time')
      return (await lookup(name, { all: true })).map(({ address }) => address)
    })
    last = mine.catch(() => undefined)
    return mine
  }
}

/** Both versions; one that is not answered in time does not matter where there is the other. */
async function ask(resolver: Resolver, name: string): Promise<readonly string[]> {
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  if (addresses.length > 0) return addresses
  const [first] = answers.flatMap((answer): unknown[] =>
    answer.status === 'rejected' ? [answer.reason] : [],
  )
  throw first
}

function isUnknown(error: unknown): boolean {
  return error instanceof Error && 'code' in error && UNKNOWN.has(error.code)
}
const UNKNOWN = new Set<unknown>(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED', 'EREFUSED'])
