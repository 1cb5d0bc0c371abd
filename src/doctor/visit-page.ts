import { Agent, request, type Dispatcher } from 'undici/index.js'

import {
  guardedLookup,
  isNoMetadataAddress,
  isPublicAddress,
  mayAskHost,
} from '../public-addresses'
import { toUrl } from '../to-url'

/** What came of looking at a page as far as its headers. */
export type Visit =
  | {
      readonly status: number
      /** Where it ended, redirects followed. */
      readonly url: string
    }
  /** Code of the network, or `PRIVATE_ADDRESS`. */
  | { readonly unreached: string }

export interface VisitLimits {
  /** Limit for all of it, in milliseconds. */
  readonly limitMs: number
  /** Whether public addresses alone may be asked. */
  readonly isPublicOnly: boolean
}

const MAX_REDIRECTS = 3
/** All that is asked for an app, so that nobody looks through a network by us. */
const WEB_PORTS = ['', '80', '443']
const HEADERS = { 'user-agent': 'express-amazon-auth doctor', accept: '*/*' }

/**
 * Asks for the headers of a web page (HEAD, nothing else), through at most three redirects. Never rejects.
 *
 * Each step is held to the same rules, by the address that is connected to.
 */
export async function visitPage(page: string, limits: VisitLimits): Promise<Visit> {
  const { isPublicOnly, limitMs } = limits
  const isAllowed = isPublicOnly ? isPublicAddress : isNoMetadataAddress
  const agent = new Agent({ connect: { lookup: guardedLookup(isAllowed) } })
  try {
    const signal = AbortSignal.timeout(Math.ceil(limitMs))
    return await follow(page, { agent, signal, isAllowed, isPublicOnly })
  } catch (thrown) {
    return { unreached: reasonOf(thrown) }
  } finally {
    void agent.destroy()
  }
}

interface Way {
  readonly agent: Dispatcher
  readonly signal: AbortSignal
  readonly isPublicOnly: boolean
  readonly isAllowed: (address: string) => boolean
}

async function follow(page: string, way: Way): Promise<Visit> {
  let url = new URL(page)
  for (let redirects = 0; ; redirects += 1) {
    if (!mayAsk(url, way)) return { unreached: 'PRIVATE_ADDRESS' }
    const { statusCode, headers, body } = await request(url, {
      method: 'HEAD',
      headers: HEADERS,
      dispatcher: way.agent,
      signal: way.signal,
    })
    body.on('error', () => undefined).destroy()
    const next = redirects < MAX_REDIRECTS ? nextOf(url, statusCode, headers.location) : undefined
    if (next === undefined) return { status: statusCode, url: url.href }
    url = next
  }
}

function nextOf(url: URL, status: number, location: unknown): URL | undefined {
  if (status < 300 || status >= 400 || typeof location !== 'string') return undefined
  const next = toUrl(location, url)
  return next !== undefined && /^https?:$/.test(next.protocol) ? next : undefined
}

function mayAsk({ hostname, port }: URL, way: Way): boolean {
  if (way.isPublicOnly && !WEB_PORTS.includes(port)) return false
  return mayAskHost(hostname, way.isAllowed)
}

function reasonOf(thrown: unknown): string {
  const { code, name, cause } = thrown as Partial<NodeJS.ErrnoException>
  if (name === 'TimeoutError' || name === 'AbortError') return 'ETIMEDOUT'
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'ETIMEDOUT'
  if (typeof code === 'string') return code
  return cause === undefined ? 'UNKNOWN' : reasonOf(cause)
}
