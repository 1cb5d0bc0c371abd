import type { ErrorCode } from '../errors'

/** All that the built-in pages say. */
export const TEXTS = {
  signIn: 'Sign in with Amazon',
  signedIn: 'Signed in',
  notSignedIn: 'Not signed in',
  signInElsewhere:
    'To sign in, open the page of the app that you want to use and sign in from there.',
  forOperators: 'Do you run this service?',
  makeApp: 'Make an app:',
  openApp: 'Its people sign in at',
  signOut: 'Sign out',
  signOutAsked: 'Do you want to sign out?',
  failed: 'You are not signed in',
  tryAgain: 'Try again',
  startAgain: 'Go back to where you came from and try again.',
  notFound: 'There is no such page',
  checkAddress: 'Check the address, or go back to where you came from.',
} as const

const NOT_SET_UP =
  'Signing in with Amazon is not set up correctly here. Those who run this service can mend that.'
const LATE =
  'This sign-in took too long, or was begun in another browser or window. Please begin again.'
const BUSY = 'Amazon could not be reached or has too much to do. Please try again in a moment.'
const OURS = 'This service cannot sign you in right now. Please try again in a moment.'

/** What happened, for a person, by the code of the failure. */
const FAILURES: Partial<Record<ErrorCode, string>> = {
  access_denied: 'You did not allow Amazon to tell who you are, so nothing was signed in.',
  state_missing: LATE,
  state_mismatch: LATE,
  state_expired: LATE,
  callback_invalid: 'The address that was opened is no complete sign-in. Please begin again.',
  app_not_found: NOT_SET_UP,
  app_inactive: NOT_SET_UP,
  app_not_configured: NOT_SET_UP,
  client_rejected: NOT_SET_UP,
  invalid_scope: NOT_SET_UP,
  unauthorized_client: NOT_SET_UP,
  invalid_request: NOT_SET_UP,
  return_url_refused: NOT_SET_UP,
  amazon_timeout: BUSY,
  amazon_unreachable: BUSY,
  amazon_unavailable: BUSY,
  amazon_malformed: BUSY,
  server_error: BUSY,
  temporarily_unavailable: BUSY,
  store_unavailable: OURS,
  secret_unreadable: OURS,
  hook_failed: OURS,
  internal: OURS,
}

const REFUSED = 'The sign-in was not accepted.'

export function failureText(code: ErrorCode): string {
  return FAILURES[code] ?? REFUSED
}
