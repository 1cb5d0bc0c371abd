import type { RawHeaders } from './signed-request'

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
