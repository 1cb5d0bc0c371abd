import { AmazonAuthError } from '../errors'

/** What an `Authorization` header of Signature Version 4 says. Nothing of it is proven yet. */
export interface Authorization {
  readonly accessKey: string
  /** `<yyyymmdd>/<region>/<service>/<terminator>` */
  readonly scope: string
  /** Lower-case names in ascending order, none twice. */
  readonly signedHeaders: readonly string[]
  /** 64 lower-case hexadecimal digits. */
  readonly signature: string
}

const MAX_CHARACTERS = 4096
/** No part may hold the character that ends it, so matching never backs up far. */
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^\s,/]+)\/([^\s,]+), ?SignedHeaders=([^\s,]+), ?Signature=([0-9a-f]{64})$/
/** RFC 9110's `token`, without upper case. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/

/**
 * Reads the value of an `Authorization` header.
 *
 * @throws {AmazonAuthError} `signature_malformed`
 */
export function parseAuthorization(value: string): Authorization {
  const match = value.length <= MAX_CHARACTERS ? AUTHORIZATION.exec(value) : null
  const [, accessKey = '', scope = '', names = '', signature = ''] = match ?? []
  const signedHeaders = names.split(';')
  if (match === null || !signedHeaders.every(isHeaderNameInOrder)) {
    throw new AmazonAuthError('signature_malformed', { part: 'authorization' })
  }
  return { accessKey, scope, signedHeaders, signature }
}

function isHeaderNameInOrder(name: string, index: number, names: readonly string[]): boolean {
  return HEADER_NAME.test(name) && (index === 0 || (names[index - 1] ?? '') < name)
}
