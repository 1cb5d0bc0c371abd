import { createHmac, timingSafeEqual } from 'node:crypto'

/** An event as a webhook brings it. */
export interface WebhookMessage {
  /** Names it: an event that comes again has the same. */
  readonly id: string
  /** Such as `user.created`. */
  readonly type: string
  /** When it happened, in ISO 8601. */
  readonly timestamp: string
  readonly data: Readonly<Record<string, unknown>>
}

/** What has come as a webhook is not to be believed: answer with the status 400, and do nothing. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError'
}

export interface VerifyWebhookOptions {
  /** How far apart the clocks may be, and how long it may have been on its way, in seconds. Default 300. */
  readonly toleranceSeconds?: number | undefined
  /** Milliseconds since 1970. Default: now. */
  readonly nowMs?: number | undefined
}

/** As Node.js and Express have them, or those of a `Request`. */
export type WebhookHeaders =
  Readonly<Record<string, string | readonly string[] | undefined>> | Pick<Headers, 'get'>

const DEFAULT_TOLERANCE_SECONDS = 300
const MAX_SIGNATURES = 20
const SECRET_PREFIX = 'whsec_'

/**
 * Makes sure that a webhook comes from who knows the secret, and was sent just now; by the scheme of Standard Webhooks.
 *
 * @param rawBody The bytes as they came: a body that was parsed and written anew has other ones.
 * @param secrets One, or those that may sign while one is replaced; each as `whsec_…`.
 * @returns The event.
 * @throws {WebhookError} It does not, or was not. {@link TypeError}: an argument is of no use, such as a body that was parsed.
 * @example
 * app.post('/hooks', express.raw({ type: '*\/*' }), (req, res) => {
 *   const event = verifyWebhook(req.headers, req.body, secret)
 *   console.log(event.type, event.data)
 *   res.sendStatus(204)
 * })
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function verifyWebhook(
  headers: WebhookHeaders,
  rawBody: Uint8Array | string,
  secrets: string | readonly string[],
  options: VerifyWebhookOptions = {},
): WebhookMessage {
  if (typeof rawBody !== 'string' && !(rawBody instanceof Uint8Array)) throw new TypeError(RAW)
  const keys = keysOf(secrets)
  const body = Buffer.from(rawBody)
  const [id, timestamp, signatures] = NAMES.map((name) => headerOf(headers, name))
  if (!id || !timestamp || !signatures) throw new WebhookError(`It lacks ${NAMES.join(', ')}.`)
  requireRecent(timestamp, options)
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body])
  const given = signatures
    .split(' ', MAX_SIGNATURES)
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice(3), 'base64'))
  const isSigned = keys
    .map((key) => createHmac('sha256', key).update(signed).digest())
    .some((mac) => given.some((one) => one.length === mac.length && timingSafeEqual(one, mac)))
  if (!isSigned) throw new WebhookError('No signature of it is made with the secret.')
  return parse(id, body)
}

const NAMES = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const
const RAW =
  'verifyWebhook needs the body as it came, as bytes or text: put express.raw({ type: "*/*" }) before the handler, and before any express.json().'

function keysOf(secrets: string | readonly string[]): readonly Buffer[] {
  const all = typeof secrets === 'string' ? [secrets] : secrets
  const keys = all.map((secret) => {
    const base64 = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret
    return Buffer.from(base64, 'base64')
  })
  if (keys.length > 0 && keys.every(({ length }) => length >= 16)) return keys
  throw new TypeError('verifyWebhook needs a secret as it was shown: whsec_ and base64.')
}

function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined
  const value = (headers as Readonly<Record<string, string | readonly string[] | undefined>>)[name]
  return typeof value === 'string' ? value : undefined
}

function requireRecent(
  timestamp: string,
  { toleranceSeconds = DEFAULT_TOLERANCE_SECONDS, nowMs = Date.now() }: VerifyWebhookOptions,
): void {
  const apart = /^\d{1,12}$/.test(timestamp) ? Math.abs(nowMs / 1000 - Number(timestamp)) : NaN
  if (apart <= toleranceSeconds) return
  throw new WebhookError('It was not sent just now, or the clocks are apart.')
}

function parse(id: string, body: Buffer): WebhookMessage {
  try {
    const message = JSON.parse(body.toString('utf8')) as Omit<WebhookMessage, 'id'>
    return { ...message, id }
  } catch {
    throw new WebhookError('It is no JSON.')
  }
}
