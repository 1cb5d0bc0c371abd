import { percentDecode, percentEncode } from './percent-encoding'

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
