import { AmazonAuthError } from '../errors'
import type { RawHeaders } from './signed-request'

/** Readers differ in which one of two they believe. */
const ONCE_ONLY = ['authorization', 'host', 'x-amz-date']

/**
 * Headers by lower-case name with values as they are signed: trimmed, runs of white space made one space, repeated
 * headers joined by commas in their order.
 *
 * @throws {AmazonAuthError} `signature_malformed`: `authorization`, `host` or `x-amz-date` is there twice.
 */
export function canonicalHeaders(headers: RawHeaders): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const [rawName, rawValue] of headers) {
    const name = rawName.toLowerCase()
    const value = rawValue.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '')
    const earlier = values.get(name)
    if (earlier !== undefined && ONCE_ONLY.includes(name)) {
      throw new AmazonAuthError('signature_malformed', { repeated: name })
    }
    values.set(name, earlier === undefined ? value : `${earlier},${value}`)
  }
  return values
}
