import type { IncomingHttpHeaders } from 'node:http'

/** Whether a request brings a body along; an empty one is none. */
export function hasBody({ headers }: { readonly headers: IncomingHttpHeaders }): boolean {
  return Number(headers['content-length']) > 0 || headers['transfer-encoding'] !== undefined
}
