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
