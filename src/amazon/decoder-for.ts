import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/**
 * What unpacks a body while it comes in, so that it can be cut off as soon as too much has come out.
 *
 * @param encoding Value of `Content-Encoding`.
 * @returns Undefined when there is nothing to unpack.
 */
export function decoderFor(encoding: string | undefined): Transform | undefined {
  switch (encoding?.toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    default:
      return undefined
  }
}
