import { Agent, request, type Dispatcher } from 'undici'

import { guardedLookup, mayAskHost } from '../public-addresses'
import { VERSION } from '../version'
import { parseRetryAfterMs } from './retry-plan'

/** What came of sending an event once. */
export interface Answered {
  /** Undefined: there was no answer. */
  readonly status: number | undefined
  /** `status` or `redirect` of an answer that does not count; else a code of the network, or `PRIVATE_ADDRESS`. Undefined: it has arrived. */
  readonly error: string | undefined
  /** What the receiver has asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined
}

/** Sends events; see {@link createWebhookSender}. */
export interface WebhookSender {
  /** Never rejects. */
  send(event: {
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
    /** Gives it up before its time. */
    readonly signal: AbortSignal
  }): Promise<Answered>
  close(): Promise<void>
}

export interface SenderOptions {
  /** Which IP addresses may be asked. */
  readonly isAllowed: (address: string) => boolean
  /** Limit for all of one attempt, in milliseconds. */
  readonly timeoutMs: number
  readonly now: () => number
}

const CONNECT_TIMEOUT_MS = 5_000
/** Of an answer so much is read that its connection can be used again; what it says is not looked at. */
const MAX_ANSWER_BYTES = 4 * 1024
const MAX_HEADER_BYTES = 16 * 1024
/** How long the rest of an answer may take, when its status has come. */
const REST_MS = 1_000
const KEPT_MS = 4_000

/**
 * Sends events to endpoints. The address that is connected to is looked at, whatever a name led to before; redirects are not
 * followed; an answer counts by its status alone.
 */
export function createWebhookSender({ isAllowed, timeoutMs, now }: SenderOptions): WebhookSender {
  const agent = new Agent({
    connect: {
      lookup: guardedLookup(isAllowed),
      timeout: CONNECT_TIMEOUT_MS,
      rejectUnauthorized: true,
    },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: KEPT_MS,
    keepAliveMaxTimeout: KEPT_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  })
  return {
    async send({ url, headers, body, signal }) {
      if (!mayAskHost(new URL(url).hostname, isAllowed)) return unanswered('PRIVATE_ADDRESS')
      const attempt = new AbortController()
      const timer = setTimeout(
        () => attempt.abort(new DOMException('late', 'TimeoutError')),
        timeoutMs,
      )
      const giveUp = () => attempt.abort()
      signal.addEventListener('abort', giveUp, { once: true })
      try {
        const answer = await request(url, {
          method: 'POST',
          headers: { ...HEADERS, ...headers },
          body,
          dispatcher: agent,
          signal: attempt.signal,
        })
        await leave(answer.body)
        return {
          status: answer.statusCode,
          error: errorOf(answer.statusCode),
          retryAfterMs: parseRetryAfterMs(answer.headers['retry-after'], now()),
        }
      } catch (thrown) {
        return unanswered(codeOf(thrown))
      } finally {
        clearTimeout(timer)
        signal.removeEventListener('abort', giveUp)
      }
    },
    close: () => agent.destroy(),
  }
}

const HEADERS = {
  'content-type': 'application/json',
  accept: '*/*',
  'user-agent': `express-amazon-auth/${VERSION} webhooks`,
}

function unanswered(error: string): Answered {
  return { status: undefined, error, retryAfterMs: undefined }
}

function errorOf(status: number): string | undefined {
  if (status >= 200 && status < 300) return undefined
  return status >= 300 && status < 400 ? 'redirect' : 'status'
}

/** Reads the rest of a small answer, and gives up the connection of any other. */
async function leave(body: Dispatcher.ResponseData['body']): Promise<void> {
  const timer = setTimeout(() => body.destroy(), REST_MS)
  let bytes = 0
  try {
    for await (const chunk of body) {
      bytes += (chunk as Uint8Array).length
      if (bytes > MAX_ANSWER_BYTES) break
    }
  } catch {
    // Its status has come.
  } finally {
    clearTimeout(timer)
    body.destroy()
  }
}

/** Nothing but a code: an error of the network may hold addresses. */
function codeOf(thrown: unknown): string {
  const { code, name, cause } = thrown as Partial<NodeJS.ErrnoException>
  if (name === 'TimeoutError') return 'ETIMEDOUT'
  if (typeof code === 'string') return CODES.get(code) ?? code
  return cause === undefined ? 'UNKNOWN' : codeOf(cause)
}

/** undici's codes in the words of Node. */
const CODES = new Map([
  ['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'],
  ['UND_ERR_HEADERS_TIMEOUT', 'ETIMEDOUT'],
  ['UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'],
  ['UND_ERR_SOCKET', 'ECONNRESET'],
])
