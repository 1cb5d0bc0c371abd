import { AmazonAuthError } from '../errors'
import { parseConsentError } from './consent-error'

/**
 * The authorization code of a return from Amazon's consent page.
 *
 * @throws {AmazonAuthError} `callback_invalid`: it is missing or blank. `access_denied`, …: Amazon has sent none, and why.
 * @see RFC 6749, sections 4.1.2 and 4.1.2.1
 */
export function requireCode({
  code,
  error,
}: {
  readonly code: string | undefined
  readonly error: string | undefined
}): string {
  if (error !== undefined) {
    throw new AmazonAuthError(parseConsentError(error), { reason: error.slice(0, 40) })
  }
  if (code === undefined || code.trim() === '') {
    throw new AmazonAuthError('callback_invalid', { parameter: 'code' })
  }
  return code
}
