/** All but RFC 3986's unreserved characters. */
const RESERVED = /[^A-Za-z0-9\-._~]/g
const ENCODED_BYTE = /%([0-9A-Fa-f]{2})/g
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

/**
 * The query as it is signed: every parameter, also a repeated or empty one, encoded once, sorted by name and then value.
 * `+` is a space, as it is to whoever reads the query afterwards and to the signers. Only what no reader sees either is
 * left out: empty pieces (`a&&b`), and whether an empty value had its `=`. The order of the values of one name is not
 * signed: readers must not depend on it.
 *
 * @param query Without the `?`; every `%` in it followed by two hexadecimal digits.
 */
export function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((piece) => piece !== '')
    .map(encodePiece)
    .sort()
    .map((piece) => piece.replace(' ', '='))
    .join('&')
}

/** Name, space, value: a space sorts before all that is left in them, so `a` comes before `a-`, as `=` would not. */
function encodePiece(piece: string): string {
  const equals = piece.indexOf('=')
  const name = equals < 0 ? piece : piece.slice(0, equals)
  const value = equals < 0 ? '' : piece.slice(equals + 1)
  return `${encodeOnce(name)} ${encodeOnce(value)}`
}

function encodeOnce(text: string): string {
  return percentEncode(percentDecode(text.replaceAll('+', ' ')))
}

/** Percent-encodes as Signature Version 4 wants it: upper-case digits, only unreserved characters kept. */
function percentEncode(bytes: string): string {
  return bytes.replace(
    RESERVED,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

/** Undoes percent-encoding once; gives bytes, one a character, for what is encoded need not be UTF-8. */
function percentDecode(text: string): string {
  return text.replace(ENCODED_BYTE, (_, digits: string) =>
    String.fromCharCode(parseInt(digits, 16)),
  )
}
