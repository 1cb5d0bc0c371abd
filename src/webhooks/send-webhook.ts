import { setTimeout as sleep } from 'node:timers/promises'

import { Agent, buildConnector, request, type Dispatcher } from 'undici/index.js'

import { guardedLookup, mayAskHost, PrivateAddress, type LookUp } from '../public-addresses'
import { VERSION } from '../version'
import { parseRetryAfterMs } from './retry-plan'

/** What came of sending an event once. */
export interface Answered {
  /** Undefined: there was no answer. */
  readonly status: number | undefined
  /** Why it does not count as arrived, as its app is told: see {@link toldOf}. Undefined: it has arrived. */
  readonly error: string | undefined
  /** What the receiver has asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined
  /** Code of the network, for the log of this server alone: it tells what lies behind a name. */
  readonly reason?: string
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
  readonly lookUp: LookUp
  /** Limit for all of one attempt, in milliseconds. */
  readonly timeoutMs: number
  /** When an attempt without a connection is told, whatever was in its way, in milliseconds. Default 6000. */
  readonly unconnectedMs?: number
  readonly now: () => number
}

/** Limit for a name to be looked up, in milliseconds. */
export const LOOK_UP_MS = 3_000
const CONNECT_TIMEOUT_MS = 5_000
/** By then whatever keeps a connection from being made has shown. */
const UNCONNECTED_MS = 6_000
/** Of an answer so much is read that its connection can be used again; what it says is not looked at. */
const MAX_ANSWER_BYTES = 4 * 1024
const MAX_HEADER_BYTES = 16 * 1024
/** How long the rest of an answer may take, when its status has come. */
const REST_MS = 1_000
const KEPT_MS = 4_000

/**
 * Sends events to endpoints. The address that is connected to is looked at, whatever a name led to before; redirects are not
 * followed; an answer counts by its status alone.
 *
 * An app learns nothing of the network that this host is in. A name that is not known and one that leads into a private network
 * are told alike, and so are a port that is closed, one that is silent and one that speaks no TLS; each of these after the same
 * time.
 */
export function createWebhookSender(options: SenderOptions): WebhookSender {
  const { isAllowed, timeoutMs, unconnectedMs = UNCONNECTED_MS, now } = options
  const agent = createAgent(options)

  async function attempt(event: Parameters<WebhookSender['send']>[0], signal: AbortSignal) {
    const { url, headers, body } = event
    if (!mayAskHost(new URL(url).hostname, isAllowed)) throw new Unconnected(new PrivateAddress())
    const answer = await request(url, {
      method: 'POST',
      headers: { ...HEADERS, ...headers },
      body,
      dispatcher: agent,
      signal,
    })
    await leave(answer.body)
    return {
      status: answer.statusCode,
      error: errorOf(answer.statusCode),
      retryAfterMs: parseRetryAfterMs(answer.headers['retry-after'], now()),
    }
  }
  return {
    async send(event) {
      const { signal } = event
      const startedAtMs = performance.now()
      const limit = new AbortController()
      const timer = setTimeout(
        () => limit.abort(new DOMException('late', 'TimeoutError')),
        timeoutMs,
      )
      const giveUp = () => limit.abort()
      signal.addEventListener('abort', giveUp, { once: true })
      try {
        return await attempt(event, limit.signal)
      } catch (thrown) {
        if (thrown instanceof Unconnected && !thrown.isOfCertificate) {
          const leftMs = unconnectedMs - (performance.now() - startedAtMs)
          await sleep(Math.max(0, leftMs), undefined, { signal }).catch(() => undefined)
        }
        return unanswered(thrown)
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

function createAgent({ isAllowed, lookUp, timeoutMs }: SenderOptions): Agent {
  const connect = buildConnector({
    lookup: guardedLookup(isAllowed, async (name) => {
      try {
        return await lookUp(name)
      } catch (cause) {
        throw new UnknownName(cause)
      }
    }),
    timeout: CONNECT_TIMEOUT_MS,
    rejectUnauthorized: true,
  })
  return new Agent({
    connect(options, callback) {
      connect(options, (...[error, socket]) => {
        if (error === null) callback(null, socket)
        else callback(new Unconnected(error), null)
      })
    },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: KEPT_MS,
    keepAliveMaxTimeout: KEPT_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  })
}

class UnknownName extends Error {
  override readonly name = 'UnknownName'
  constructor(cause: unknown) {
    super('the name was not found', { cause })
  }
}

/** No connection was made, or none that TLS takes. */
class Unconnected extends Error {
  override readonly name = 'Unconnected'
  readonly isOfCertificate: boolean
  constructor(override readonly cause: Error) {
    super('there is no connection', { cause })
    this.isOfCertificate = CERTIFICATE_CODES.has(codeOf(cause))
  }
}

/** Of the certificate of whoever has taken the connection, which anybody may look at. */
const CERTIFICATE_CODES = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

function unanswered(thrown: unknown): Answered {
  return {
    status: undefined,
    error: toldOf(thrown),
    retryAfterMs: undefined,
    reason: codeOf(thrown),
  }
}

/** A few words for an app: no text of an error, which may hold addresses, and nothing of what lies behind a name. */
function toldOf(thrown: unknown): string {
  if (!(thrown instanceof Unconnected)) {
    return codeOf(thrown) === 'ETIMEDOUT' ? 'ETIMEDOUT' : 'NO_ANSWER'
  }
  const { cause, isOfCertificate } = thrown
  if (isOfCertificate) return codeOf(cause)
  const isOfName = cause instanceof PrivateAddress || cause instanceof UnknownName
  return isOfName ? 'NO_PUBLIC_ADDRESS' : 'NO_CONNECTION'
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
