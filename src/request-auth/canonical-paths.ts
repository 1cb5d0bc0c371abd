import { percentDecode, percentEncode } from './percent-encoding'

const TWICE_ENCODED = /%25[0-9A-F]{2}/i

/**
 * The ways honest clients write a path into what they sign. Signature Version 4 encodes a path that is encoded already
 * once more (aws4, the SDKs); Para's clients and signers told not to encode leave it encoded once, tidied or as it is.
 *
 * Accepting several must not let a signature for one resource open another. A resource is the list of decoded segments.
 * `once` and `twice` each tell resources apart, but `%253A` is `once` of a segment `%253A` and `twice` of `%3A`. So text
 * in which an escape is escaped always counts as `twice`; a client that encodes once cannot sign a name with an escape in
 * it. Any other canonical text decodes to one resource, read either way. The path as sent differs from `once` only where
 * it holds what the other two never hold, and then stands for itself alone.
 *
 * Dot segments and repeated slashes stay as they are: what is routed is what was signed. So does `+`, though aws4's
 * `doNotEncodePath` takes it for a space: `/a+b` must not pass for `/a%20b`.
 *
 * @param path From the request line, without query; every `%` in it followed by two hexadecimal digits.
 * @returns One to three canonical URIs, none twice.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function canonicalPaths(path: string): readonly string[] {
  const once = mapSegments(path, (segment) => percentEncode(percentDecode(segment)))
  const twice = mapSegments(path, percentEncode)
  return TWICE_ENCODED.test(once) ? [twice] : [...new Set([path, once, twice])]
}

function mapSegments(path: string, map: (segment: string) => string): string {
  return path.split('/').map(map).join('/')
}
