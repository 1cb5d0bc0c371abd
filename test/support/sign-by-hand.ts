import { createHash, createHmac } from 'node:crypto'

import type { Keys } from './api'

export interface HandSigned {
  readonly method: string
  /** As it is signed: plain, without a query. */
  readonly path: string
  readonly host: string
  readonly body?: string
  /** What the signature is made for, where a client would not let one choose. */
  readonly odd?: {
    readonly nowMs?: number
    /** Date, region and service of the scope. */
    readonly scope?: readonly string[]
    readonly signedHeaders?: readonly string[]
    /** Sent and signed as `x-amz-content-sha256`, and in the place of the hash. */
    readonly bodyHash?: string
  }
}

/** Signature Version 4 without a library, so that each part of it can be wrong while the secret is right. */
export function signByHand(
  { method, path, host, body = '', odd = {} }: HandSigned,
  { accessKey, secretKey }: Keys,
): Record<string, string> {
  const date = new Date(odd.nowMs ?? Date.now()).toISOString().replace(/[-:]|\.\d+/g, '')
  const [day = date.slice(0, 8), region = 'us-east-1', service = 'para'] = odd.scope ?? []
  const scope = [day, region, service, 'aws4_request']
  const hash = odd.bodyHash ?? sha256(body)
  const headers: Record<string, string> = {
    host,
    'x-amz-date': date,
    ...(odd.bodyHash !== undefined && { 'x-amz-content-sha256': hash }),
  }
  const names = [...(odd.signedHeaders ?? Object.keys(headers))].sort()
  const lines = names.map((name) => `${name}:${headers[name] ?? ''}`)
  const canonical = [method, path, '', ...lines, '', names.join(';'), hash].join('\n')
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\n')
  const key = scope.reduce(hmac, Buffer.from(`AWS4${secretKey}`))
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope.join('/')}, SignedHeaders=${names.join(';')}, Signature=${hmac(key, text).toString('hex')}`
  return { ...headers, authorization }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
