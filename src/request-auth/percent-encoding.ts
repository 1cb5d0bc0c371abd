/** All but RFC 3986's unreserved characters. */
const RESERVED = /[^A-Za-z0-9\-._~]/g
const ENCODED_BYTE = /%([0-9A-Fa-f]{2})/g

/** Percent-encodes as Signature Version 4 wants it: upper-case digits, only unreserved characters kept. */
export function percentEncode(bytes: string): string {
  return bytes.replace(
    RESERVED,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

/** Undoes percent-encoding once; gives bytes, one a character, for what is encoded need not be UTF-8. */
export function percentDecode(text: string): string {
  return text.replace(ENCODED_BYTE, (_, digits: string) =>
    String.fromCharCode(parseInt(digits, 16)),
  )
}
