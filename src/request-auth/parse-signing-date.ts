import { AmazonAuthError } from '../errors'

const BASIC_ISO = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

/**
 * Reads `yyyymmddThhmmssZ`, the one form that `x-amz-date` has.
 *
 * @returns Milliseconds since 1970.
 * @throws {AmazonAuthError} `signature_malformed`: another form, or a day or time that does not exist.
 */
export function parseSigningDate(text: string): number {
  const iso = BASIC_ISO.test(text) ? text.replace(BASIC_ISO, '$1-$2-$3T$4:$5:$6.000Z') : ''
  const date = new Date(iso)
  // JavaScript reads 30 February as 2 March.
  if (Number.isNaN(date.getTime()) || date.toISOString() !== iso) {
    throw new AmazonAuthError('signature_malformed', { part: 'x-amz-date' })
  }
  return date.getTime()
}
