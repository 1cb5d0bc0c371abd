/** What one failure means to the outside: HTTP status, the sentence a person may read, and what an operator should do. */
interface Failure {
  /** Status of a JSON answer. A browser is redirected instead. */
  readonly status: number
  /** Sentence shown to people (`cause=?`, JSON `message`). Says nothing about which apps or users exist. */
  readonly message: string
  /** For the log: what the operator of the app can do about it. */
  readonly advice: string
  /** Whether `facts.problem` takes the place of the message: it says what a client of the API has to change. */
  readonly expose?: true
}

const BAD_CREDENTIALS = 'Bad credentials.'
const EXPIRED = 'Invalid or expired sign-in request.'
const NOT_SET_UP = 'Signing in with Amazon is not set up for this app.'
const SET_UP_WRONGLY = 'Signing in with Amazon is not set up correctly for this app.'
const BUSY = 'Amazon is busy. Please try again in a moment.'
const UNREACHABLE = 'Amazon could not be reached. Please try again in a moment.'
const TRY_AGAIN = 'Signing in is not possible right now. Please try again in a moment.'

/** Every failure this package knows, by code. The README's table of errors is checked against it. */
export const ERRORS = {
  callback_invalid: {
    status: 400,
    message: BAD_CREDENTIALS,
    advice:
      'The sign-in request had no usable code, or a parameter twice. Start again at /amazon_auth.',
  },
  access_denied: {
    status: 401,
    message: 'Access denied.',
    advice: 'The person declined on the consent page. There is nothing to do.',
  },
  invalid_scope: {
    status: 401,
    message: SET_UP_WRONGLY,
    advice:
      'Amazon knows no such scope, or does not grant it to this client. Correct amazon.scope: profile, profile:user_id and postal_code are known.',
  },
  unauthorized_client: {
    status: 401,
    message: SET_UP_WRONGLY,
    advice:
      'Amazon does not let this client sign people in. Compare az_app_id with the Security Profile, and whether that has Login with Amazon enabled.',
  },
  invalid_request: {
    status: 401,
    message: SET_UP_WRONGLY,
    advice:
      'Amazon did not take the request for consent. Compare amazon.authorize_url, amazon.scope and az_app_id of this app; anything in front that changes the address breaks it, too.',
  },
  server_error: {
    status: 503,
    message: BUSY,
    advice: 'Amazon failed while it asked for consent. It passes by itself.',
  },
  temporarily_unavailable: {
    status: 503,
    message: BUSY,
    advice: 'Amazon has too much to do to ask for consent. It passes by itself.',
  },
  consent_failed: {
    status: 401,
    message: 'Amazon did not complete the sign-in.',
    advice:
      'Amazon sent the person back with an error that is not known here; `reason` is its name.',
  },
  method_not_allowed: {
    status: 405,
    message: 'This method is not allowed here.',
    advice: 'Use one of the methods in the Allow header.',
  },
  app_not_found: {
    status: 404,
    message: NOT_SET_UP,
    advice: 'No app has this id. Check `state` or `appid`, or create the app.',
  },
  app_inactive: {
    status: 403,
    message: NOT_SET_UP,
    advice: 'The app is switched off. Activate it to let its users sign in.',
  },
  app_not_configured: {
    status: 401,
    message: NOT_SET_UP,
    advice: 'Set both az_app_id and az_secret of this app.',
  },
  host_app_invalid: {
    status: 500,
    message: SET_UP_WRONGLY,
    advice:
      'What the function `apps` of this host has answered for this app cannot be used. The cause says why.',
  },
  host_apps_unavailable: {
    status: 503,
    message: TRY_AGAIN,
    advice:
      'The function `apps` of this host has thrown, or has not answered within two seconds: see to its database. The cause says more.',
  },
  app_exists: {
    status: 409,
    message: 'An app with this name exists already.',
    advice: 'Choose another name, or change the settings of the existing app.',
  },
  app_id_invalid: {
    status: 400,
    message:
      'This is not a usable app name: use letters, digits, dash, underscore and dot, at most 128.',
    advice: 'Choose another name.',
  },
  setting_invalid: {
    status: 400,
    message: 'This setting cannot be stored.',
    advice: 'Correct the value of the setting.',
    expose: true,
  },
  request_invalid: {
    status: 400,
    message: 'The request is not valid.',
    advice: 'Compare the request with /v1/openapi.json.',
    expose: true,
  },
  body_too_large: {
    status: 413,
    message: 'The body is too large.',
    advice: 'Send less: up to 1 MiB to the API, up to 16 KiB in a form, or of a device.',
  },
  body_timeout: {
    status: 408,
    message: 'The body did not come in time.',
    advice: 'Send the whole body within 30 seconds.',
  },
  media_type_unsupported: {
    status: 415,
    message: 'This kind of body is not taken here.',
    advice: 'Send a form as application/x-www-form-urlencoded, in UTF-8.',
    expose: true,
  },
  not_found: {
    status: 404,
    message: 'Not found.',
    advice: 'Check the path and the id in it.',
    expose: true,
  },
  caller_forbidden: {
    status: 403,
    message: 'This caller may not do that.',
    advice: 'Sign the request with the keys of the app it is about.',
    expose: true,
  },
  signature_malformed: {
    status: 400,
    message: 'The request signature is malformed.',
    advice: 'Sign by AWS Signature Version 4 in the Authorization header. The facts name the part.',
  },
  signature_expired: {
    status: 400,
    message: 'Request has expired.',
    advice: 'Compare the clocks: x-amz-date may be 15 minutes old and 5 minutes ahead.',
  },
  signature_invalid: {
    status: 403,
    message: 'The request signature is not valid.',
    advice:
      "Sign for service `para`, region `us-east-1`, with the app's present secret, the headers host and x-amz-date, and the body as sent. Where a proxy changes host or path: pass the Host header on, or X-Forwarded-Host and X-Forwarded-Prefix from a proxy that is trusted, or set public_url (docs/proxies.md).",
  },
  access_key_unknown: {
    status: 404,
    message: 'App not found.',
    advice: 'No app has this access key. It is app:<name>.',
  },
  access_key_inactive: {
    status: 403,
    message: 'App is not active.',
    advice: 'Activate the app to let it call the API.',
  },
  sign_in_refused: {
    status: 400,
    message: 'Failed to authenticate the user.',
    advice: 'The token was refused, was issued to another client, or the user is locked.',
    expose: true,
  },
  audience_mismatch: {
    status: 401,
    message: BAD_CREDENTIALS,
    advice:
      'The access token was issued to another client than az_app_id of this app. If `audience` is one of the same Security Profile, as its mobile apps have, list it in az_client_ids.',
  },
  state_missing: {
    status: 401,
    message: EXPIRED,
    advice: 'security.strict is on and the request carried no bound state: start at /amazon_auth.',
  },
  state_mismatch: {
    status: 401,
    message: EXPIRED,
    advice: 'This browser did not begin this sign-in, or has finished it already.',
  },
  state_expired: {
    status: 401,
    message: EXPIRED,
    advice: 'More than 10 minutes passed between begin and return.',
  },
  try_link_invalid: {
    status: 410,
    message: 'This link to try the sign-in is not good any more.',
    advice:
      'It is good for ten minutes. Have a new one made: express-amazon-auth try, or POST /v1/_try.',
  },
  code_rejected: {
    status: 401,
    message: BAD_CREDENTIALS,
    advice:
      'Amazon refused the authorization code: used, older than 5 minutes, of another client, or redirect_uri differs from the Allowed Return URL (`express-amazon-auth doctor` tells the exact one).',
  },
  client_rejected: {
    status: 401,
    message: BAD_CREDENTIALS,
    advice:
      'Amazon refused az_app_id and az_secret of this app. Compare them with its Security Profile; `express-amazon-auth doctor` tries them without a login.',
  },
  device_refused: {
    status: 401,
    message: NOT_SET_UP,
    advice:
      'Amazon gives this app no codes for devices, for the reason that upstreamError names: a scope, most likely (amazon.scope).',
  },
  device_expired: {
    status: 400,
    message: 'This code has expired. Please ask for a new one.',
    advice:
      'Nobody has typed the code in time, it was used, or the keys of the app have changed: the device asks for another.',
  },
  profile_rejected: {
    status: 401,
    message: BAD_CREDENTIALS,
    advice: 'Amazon refused the access token at the profile endpoint.',
  },
  profile_malformed: {
    status: 401,
    message: BAD_CREDENTIALS,
    advice: 'Amazon sent a profile without a usable user_id.',
  },
  account_locked: {
    status: 401,
    message: BAD_CREDENTIALS,
    advice: 'The user is locked (active = false).',
  },
  amazon_token_missing: {
    status: 404,
    message: "No token of Amazon's is kept for this user.",
    advice:
      'Amazon gives tokens to be kept when somebody signs in through /amazon_auth while amazon.keep_tokens of the app is on: let this person sign in again.',
  },
  consent_revoked: {
    status: 410,
    message: 'This person has withdrawn their consent at Amazon.',
    advice:
      'Amazon no longer takes the refresh token. Let this person sign in again, if they want to: then there is a new one.',
  },
  refresh_refused: {
    status: 502,
    message: 'Amazon does not renew the token.',
    advice:
      'Amazon refuses it for a reason that is not the person; upstreamError names it. Nothing that is kept was lost.',
  },
  amazon_timeout: {
    status: 503,
    message: UNREACHABLE,
    advice: 'Amazon did not answer in time (amazon.timeout).',
  },
  amazon_unreachable: {
    status: 503,
    message: UNREACHABLE,
    advice: 'No connection to Amazon: check network, DNS and TLS of this host.',
  },
  amazon_unavailable: {
    status: 503,
    message: UNREACHABLE,
    advice: 'Amazon answered 408, 429 or 5xx, or is not asked for now because it keeps failing.',
  },
  amazon_malformed: {
    status: 503,
    message: UNREACHABLE,
    advice: 'Amazon answered with something that is not the documented JSON, or too large.',
  },
  store_unavailable: {
    status: 503,
    message: TRY_AGAIN,
    advice: 'The store cannot be read or written. See the cause in the log.',
  },
  store_part_missing: {
    status: 501,
    message: 'This server does not keep what that takes.',
    advice: 'The store of this host lacks a part, which the facts name: see docs/stores.md.',
    expose: true,
  },
  secret_unreadable: {
    status: 503,
    message: TRY_AGAIN,
    advice: 'A stored secret cannot be opened: wrong or missing secret_key, or a changed row.',
  },
  hook_failed: {
    status: 500,
    message: TRY_AGAIN,
    advice: 'A hook given to amazonAuth() threw. See the cause in the log.',
  },
  refused_by_host: {
    status: 403,
    message: 'The sign-in was refused.',
    advice:
      'A hook of this host has thrown SignInRefused: it does not want this person to sign in.',
    expose: true,
  },
  request_forbidden: {
    status: 403,
    message: 'This request came from another site.',
    advice: 'Send it from a page of this host, or use POST from an allowed origin.',
    expose: true,
  },
  unauthorized: {
    status: 401,
    message: 'Sign in first.',
    advice: 'Send the session cookie, or a token of this app as `Authorization: Bearer`.',
  },
  token_invalid: {
    status: 401,
    message: 'The token is not valid.',
    advice: 'The token is expired, revoked, of another app, or was not issued here.',
  },
  too_many_requests: {
    status: 429,
    message: 'Too many attempts. Please try again in a minute.',
    advice:
      'See limits in the configuration. Behind a proxy, set `trust proxy` of Express: else all its visitors count as one.',
    expose: true,
  },
  server_busy: {
    status: 503,
    message: TRY_AGAIN,
    advice:
      'This process has more to do than it can, or too many logins wait for Amazon: add nodes, or find out who sends so much.',
    expose: true,
  },
  return_url_refused: {
    status: 401,
    message: 'The address to return to is not allowed.',
    advice: 'Correct signin_success or signin_failure of this app.',
  },
  internal: {
    status: 500,
    message: 'Something went wrong.',
    advice: 'See the cause in the log.',
  },
} as const satisfies Record<string, Failure>

export type ErrorCode = keyof typeof ERRORS

/** Facts for the log. Never a token, secret, authorization code, cookie or an upstream body. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | undefined>>

/** The one error of this package. Callers tell failures apart by {@link AmazonAuthError.code}. */
export class AmazonAuthError extends Error {
  override readonly name = 'AmazonAuthError'

  /**
   * @param code What failed; see {@link ERRORS}.
   * @param facts For the log only.
   * @param cause The error behind it. Must hold nothing secret: HTTP client errors do, so they stay out.
   */
  constructor(
    readonly code: ErrorCode,
    readonly facts: ErrorFacts = {},
    cause?: unknown,
  ) {
    super(publicMessage(code, facts), cause === undefined ? undefined : { cause })
  }

  get status(): number {
    return ERRORS[this.code].status
  }

  /** The facts may know better than what is said of the code. */
  get advice(): string {
    const { advice } = this.facts
    return typeof advice === 'string' ? advice : ERRORS[this.code].advice
  }
}

function publicMessage(code: ErrorCode, { problem }: ErrorFacts): string {
  const failure: Failure = ERRORS[code]
  return failure.expose === true && typeof problem === 'string' ? problem : failure.message
}

/** @param problem What the caller is told. */
export function requestInvalid(problem: string): AmazonAuthError {
  return new AmazonAuthError('request_invalid', { problem })
}

/** Gives any thrown value as an {@link AmazonAuthError}; what is unknown becomes `internal` with its cause. */
export function toAmazonAuthError(thrown: unknown): AmazonAuthError {
  return thrown instanceof AmazonAuthError ? thrown : new AmazonAuthError('internal', {}, thrown)
}

/** What the log is told of an error. */
export function loggedFacts({ code, facts, advice, cause }: AmazonAuthError): object {
  return { code, ...facts, advice, ...(cause !== undefined && { cause }) }
}

/** What a store that is not ours threw, as `store_unavailable`. */
export function toStoreError(thrown: unknown): AmazonAuthError {
  return thrown instanceof AmazonAuthError
    ? thrown
    : new AmazonAuthError('store_unavailable', {}, thrown)
}
