import type { ErrorCode } from '../errors'

/** What Amazon's `error` on the way back means, by its name as RFC 6749, section 4.1.2.1 and Amazon's own programs write it. */
const CODES = new Map<string, ErrorCode>([
  ['accessdenied', 'access_denied'],
  ['invalidscope', 'invalid_scope'],
  ['unauthorizedclient', 'unauthorized_client'],
  ['invalidclient', 'unauthorized_client'],
  ['invalidrequest', 'invalid_request'],
  ['unsupportedresponsetype', 'invalid_request'],
  ['servererror', 'server_error'],
  ['temporarilyunavailable', 'temporarily_unavailable'],
])

/** The code of an `error` that Amazon has sent a browser back with, however it is spelt: one of few, whatever is sent. */
export function parseConsentError(error: string): ErrorCode {
  return CODES.get(error.trim().toLowerCase().replaceAll('_', '')) ?? 'consent_failed'
}
