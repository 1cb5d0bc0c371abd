import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import { sign } from 'aws4'
import { AmazonAuthError } from '../../../src/errors'
import { parseSignature, type SigningScope } from '../../../src/request-auth/parse-signature'
import type { SignedRequest } from '../../../src/request-auth/signed-request'

export const ACCESS_KEY = 'app:x'
export const SECRET = 'f0Yx1cVh4n6Xq8Jm2Zt7Rb5Wk3Ld9PsA+/='
export const NOW = Date.parse('2024-02-29T23:59:30Z')
export const AMZ_DATE = '20240229T235930Z'
export const HOST = 'auth.example.com:8080'

/** What a client wants to send. */
export interface Plain {
  readonly method: string
  readonly path: string
  /** Decoded; sent percent-encoded. */
  readonly query: readonly (readonly [name: string, value: string])[]
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

type Signer = (plain: Plain) => Promise<SignedRequest>

export const GET: Plain = {
  method: 'GET',
  path: '/v1/_settings',
  query: [],
  headers: {},
  body: new Uint8Array(),
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function toTarget({ path, query }: Plain): string {
  const pairs = query.map(([name, value]) => `${encode(name)}=${encode(value)}`)
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}

/** aws4, which encodes what is in the path once more unless told `doNotEncodePath`. */
function aws4Signer(doNotEncodePath: boolean): Signer {
  return (plain) => {
    const target = toTarget(plain)
    const signed = sign(
      {
        service: 'para',
        region: 'us-east-1',
        host: HOST,
        method: plain.method,
        path: target,
        headers: { ...plain.headers, 'X-Amz-Date': AMZ_DATE },
        ...(plain.body.length > 0 && { body: Buffer.from(plain.body) }),
        doNotEncodePath,
      },
      { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET },
    )
    const headers = Object.entries(signed.headers ?? {}).map(
      ([name, value]) => [name, String(value)] as const,
    )
    return Promise.resolve({ method: plain.method, target, headers, body: plain.body })
  }
}

/** What Amazon's JavaScript SDK signs with; like aws4's default when `uriEscapePath`, else it signs the path as it is. */
function smithySigner(uriEscapePath: boolean): Signer {
  const signer = new SignatureV4({
    service: 'para',
    region: 'us-east-1',
    credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET },
    sha256: Sha256,
    uriEscapePath,
  })
  return async (plain) => {
    const query: Record<string, string[]> = {}
    for (const [name, value] of plain.query) (query[name] ??= []).push(value)
    const { headers } = await signer.sign(
      {
        method: plain.method,
        protocol: 'http:',
        hostname: HOST,
        path: plain.path,
        query,
        headers: { ...plain.headers, Host: HOST },
        body: plain.body,
      },
      { signingDate: new Date(NOW) },
    )
    return {
      method: plain.method,
      target: toTarget(plain),
      headers: Object.entries(headers),
      body: plain.body,
    }
  }
}

const SIGNERS: ReadonlyMap<string, Signer> = new Map([
  ['aws4', aws4Signer(false)],
  ['aws4 with doNotEncodePath', aws4Signer(true)],
  ['@smithy/signature-v4', smithySigner(true)],
  ['@smithy/signature-v4 without uriEscapePath', smithySigner(false)],
])

export const SIGNER_NAMES = [...SIGNERS.keys()]

export function signWith(name: string, plain: Plain): Promise<SignedRequest> {
  const signer = SIGNERS.get(name)
  if (signer === undefined) throw new TypeError(`no signer ${name}`)
  return signer(plain)
}

/** Whether a path, encoded once, reads as one that was encoded twice: some name in it holds an escape. */
export function readsAsTwice(path: string): boolean {
  return /%[0-9A-Fa-f]{2}/.test(decodeURIComponent(path))
}

/** What becomes of a request: `verified`, `refused` by the secret, or the code it is refused with before. */
export function outcome(
  request: SignedRequest,
  {
    nowMs = NOW,
    secret = SECRET,
    scope,
  }: { nowMs?: number; secret?: string; scope?: SigningScope } = {},
): string {
  try {
    return parseSignature(request, nowMs, scope).verify(secret) ? 'verified' : 'refused'
  } catch (error) {
    if (error instanceof AmazonAuthError) return error.code
    throw error
  }
}

/** The resource of a path, as a router finds it: split, then each part decoded. None when that fails. */
export function resourceOf(path: string): string | undefined {
  try {
    return JSON.stringify(path.split('/').map(decodeURIComponent))
  } catch {
    return undefined
  }
}

/** What a request target means to whoever reads it. */
export function meaningOf(target: string): string {
  const [path = '', ...query] = target.split('?')
  const pairs = [...new URLSearchParams(query.join('?'))].map((pair) => JSON.stringify(pair))
  return `${resourceOf(path) ?? 'none'} ${pairs.sort().join()}`
}

/** The request with one header replaced, added, or (undefined) left out. */
export function withHeader(
  request: SignedRequest,
  name: string,
  value: string | undefined,
): SignedRequest {
  const others = request.headers.filter(([other]) => other.toLowerCase() !== name)
  return { ...request, headers: value === undefined ? others : [...others, [name, value]] }
}

export function headerOf(request: SignedRequest, name: string): string {
  return request.headers.find(([other]) => other.toLowerCase() === name)?.[1] ?? ''
}
