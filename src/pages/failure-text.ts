import type { ErrorCode } from '../errors'
import type { Texts } from './texts/en'

type Reason = keyof Texts['failures']

/** What happened, for a person, by the code of the failure. All others: it was not accepted. */
const REASONS: Partial<Record<ErrorCode, Reason>> = {
  access_denied: 'denied',
  state_missing: 'late',
  state_mismatch: 'late',
  state_expired: 'late',
  try_link_invalid: 'late',
  callback_invalid: 'incomplete',
  app_not_found: 'notSetUp',
  app_inactive: 'notSetUp',
  app_not_configured: 'notSetUp',
  client_rejected: 'notSetUp',
  invalid_scope: 'notSetUp',
  unauthorized_client: 'notSetUp',
  invalid_request: 'notSetUp',
  return_url_refused: 'notSetUp',
  amazon_timeout: 'amazonBusy',
  amazon_unreachable: 'amazonBusy',
  amazon_unavailable: 'amazonBusy',
  amazon_malformed: 'amazonBusy',
  server_error: 'amazonBusy',
  temporarily_unavailable: 'amazonBusy',
  store_unavailable: 'ours',
  secret_unreadable: 'ours',
  hook_failed: 'ours',
  server_busy: 'ours',
  internal: 'ours',
  too_many_requests: 'tooMany',
}

export function failureText(code: ErrorCode, { failures }: Texts): string {
  return failures[REASONS[code] ?? 'refused']
}
