/** Header names and values in the order received, repeated ones repeated: Node's `rawHeaders`, in pairs. */
export type RawHeaders = readonly (readonly [name: string, value: string])[]

/** A request as it came over the wire. Nothing is decoded or tidied before: the signature covers what was sent. */
export interface SignedRequest {
  readonly method: string
  /** From the request line, e.g. `/v1/_settings/app%3Ax?a=%2F`; in Express `req.originalUrl`. */
  readonly target: string
  readonly headers: RawHeaders
  /** As received, before any decoding; empty when there is none. */
  readonly body: Uint8Array
}

const SCHEME = /^AWS4-/i

/**
 * Whether a request says that it is signed, well or not: any `Authorization` header of an `AWS4-…` scheme.
 * A signature in the query (a pre-signed URL) is not one of ours and counts as none.
 */
export function isSigned(headers: RawHeaders): boolean {
  return headers.some(
    ([name, value]) => name.toLowerCase() === 'authorization' && SCHEME.test(value),
  )
}
