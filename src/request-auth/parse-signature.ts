import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { AmazonAuthError } from '../errors'
import { canonicalHeaders } from './canonical-headers'
import { canonicalPaths, canonicalQuery } from './canonical-target'
import { parseAuthorization } from './parse-authorization'
import { parseSigningDate } from './parse-signing-date'
import type { SignedRequest } from './signed-request'

/** A request whose signature is well-formed and fresh, but not proven. */
export interface ParsedSignature {
  /** As sent, e.g. `app:x`. */
  readonly accessKey: string
  /** 64 hexadecimal digits: what to remember where a request may be made once only. */
  readonly signature: string
  /** When it will be too old. */
  readonly expiresAtMs: number
  /**
   * Whether the request was signed with this secret. Every call does the same work: pass undefined for an access key
   * that nobody has, so that the time of an answer does not tell which keys exist. Undefined and '' never verify.
   */
  verify(secret: string | undefined): boolean
}

/** What a signing key is good for. */
export interface SigningScope {
  readonly region: string
  readonly service: string
}

const PARA: SigningScope = { region: 'us-east-1', service: 'para' }
const ALGORITHM = 'AWS4-HMAC-SHA256'
const MAX_AGE_MS = 900_000
const MAX_AHEAD_MS = 300_000
const MUST_BE_SIGNED = ['host', 'x-amz-date']
const METHOD = /^[A-Z-]{1,20}$/
/**
 * Anything but a path from the root in RFC 3986's characters and those that browsers leave as they are. `#`, `\` and
 * white space in it would be routed elsewhere than they are signed.
 */
const NO_TARGET = /^(?!\/)|[^!$-;=?-[\]-~]|%(?![0-9A-Fa-f]{2})/

/**
 * Reads the AWS Signature Version 4 in a request's headers and checks all that needs no secret: form, age, scope, what
 * the signature covers, and the hash of the body.
 *
 * @param nowMs Milliseconds since 1970.
 * @throws {AmazonAuthError} `signature_malformed`; `signature_expired` (`x-amz-date` is missing, more than 900 s old or
 *   more than 300 s ahead); `signature_invalid` (it is for another service, region or day, leaves out `host` or
 *   `x-amz-date`, or `x-amz-content-sha256` is not the hash of the body).
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function parseSignature(
  request: SignedRequest,
  nowMs: number,
  { region, service }: SigningScope = PARA,
): ParsedSignature {
  if (!METHOD.test(request.method) || NO_TARGET.test(request.target)) {
    throw new AmazonAuthError('signature_malformed', { part: 'request line' })
  }
  const headers = canonicalHeaders(request.headers)
  const { accessKey, scope, signedHeaders, signature } = parseAuthorization(
    headers.get('authorization') ?? '',
  )
  const date = readFreshDate(headers, nowMs)
  if (scope !== `${date.slice(0, 8)}/${region}/${service}/aws4_request`) throw invalid('scope')
  checkCoverage(signedHeaders, headers)
  const bodyHash = sha256(request.body)
  if ((headers.get('x-amz-content-sha256') ?? bodyHash) !== bodyHash) throw invalid('body')

  const canonicalRequests = buildCanonicalRequests(request, headers, signedHeaders, bodyHash)
  return {
    accessKey,
    signature,
    expiresAtMs: parseSigningDate(date) + MAX_AGE_MS,
    verify: (secret) => {
      const key = scope.split('/').reduce(hmac, Buffer.from(`AWS4${secret ?? ''}`))
      const claimed = Buffer.from(signature, 'hex')
      const matches = canonicalRequests.map((text) =>
        timingSafeEqual(hmac(key, [ALGORITHM, date, scope, sha256(text)].join('\n')), claimed),
      )
      return Boolean(secret) && matches.includes(true)
    },
  }
}

function readFreshDate(headers: ReadonlyMap<string, string>, nowMs: number): string {
  const date = headers.get('x-amz-date')
  if (date === undefined) throw new AmazonAuthError('signature_expired', { part: 'x-amz-date' })
  const ageMs = nowMs - parseSigningDate(date)
  if (ageMs <= MAX_AGE_MS && ageMs >= -MAX_AHEAD_MS) return date
  throw new AmazonAuthError('signature_expired', { ageSeconds: Math.round(ageMs / 1000) })
}

function checkCoverage(
  signedHeaders: readonly string[],
  headers: ReadonlyMap<string, string>,
): void {
  const isCovered = MUST_BE_SIGNED.every((name) => signedHeaders.includes(name))
  if (!isCovered || !signedHeaders.every((name) => headers.has(name))) throw invalid('headers')
}

/** One for each way of writing the path. */
function buildCanonicalRequests(
  { method, target }: SignedRequest,
  headers: ReadonlyMap<string, string>,
  signedHeaders: readonly string[],
  bodyHash: string,
): string[] {
  const queryAt = target.indexOf('?')
  const path = queryAt < 0 ? target : target.slice(0, queryAt)
  const query = queryAt < 0 ? '' : canonicalQuery(target.slice(queryAt + 1))
  const lines = signedHeaders.map((name) => `${name}:${headers.get(name) ?? ''}`)
  const rest = [query, ...lines, '', signedHeaders.join(';'), bodyHash]
  return canonicalPaths(path).map((uri) => [method, uri, ...rest].join('\n'))
}

function invalid(part: string): AmazonAuthError {
  return new AmazonAuthError('signature_invalid', { part })
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
