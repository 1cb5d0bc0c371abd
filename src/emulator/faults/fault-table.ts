import { asUtf16, cutJson, endless, gzip, gzipBomb, hugeBody, withBom } from './bodies'
import {
  drip,
  hang,
  hangBody,
  hangHeaders,
  idleClose,
  latency,
  reset,
  resetAfterRead,
} from './connection'
import type { FaultAction } from './fault'
import { edited, nestedProfile, withField, withLongField, withoutField } from './fields'
import { htmlError, redirectOtherHost, withError, withJson, withStatus, withText } from './statuses'

const CAPTCHA =
  '<!doctype html><title>Robot check</title><p>Enter the characters you see below.</p>'
const STRANGER = 'amzn1.account.AEMUL2SOMEBODY3ELSE4'

/** Every fault by name. Its parameters stand at the function that plays it. */
export const FAULTS = {
  // The connection
  reset,
  reset_after_read: resetAfterRead,
  hang,
  hang_headers: hangHeaders,
  hang_body: hangBody,
  drip,
  latency,
  idle_close: idleClose,

  // The status
  status: withStatus(),
  http_401: withStatus(401),
  http_403: withStatus(403),
  http_429: withStatus(429),
  http_500: withStatus(500),
  http_502: withStatus(502),
  http_503: withStatus(503),
  redirect_other_host: redirectOtherHost,
  invalid_client: withError(401, 'invalid_client', 'Client authentication failed'),
  unauthorized_client: withError(
    400,
    'unauthorized_client',
    'The client is not authorized to request an authorization code',
  ),

  // The body as bytes
  html_error: htmlError,
  html_captcha: withText('text/html;charset=UTF-8', CAPTCHA),
  empty: withText('application/json', ''),
  cut_json: cutJson,
  bom: withBom,
  utf16: asUtf16,
  gzip,
  gzip_bomb: gzipBomb,
  huge_body: hugeBody,
  endless,

  // The body as JSON
  error_in_200: withError(
    200,
    'invalid_grant',
    'The request has an invalid grant parameter : code',
  ),
  json_object_empty: withJson({}),
  json_number: withJson(5),

  // The token
  no_token: withoutField('access_token'),
  empty_token: withField('access_token', ''),
  token_crlf: withField('access_token', 'Atza|split\r\nx-injected: 1'),

  // The profile
  user_id_missing: withoutField('user_id'),
  user_id_number: withField('user_id', 42),
  user_id_object: withField('user_id', { id: 'amzn1.account.A' }),
  user_id_array: withField('user_id', ['amzn1.account.A']),
  user_id_huge: withLongField('user_id', 1024 * 1024),
  user_id_with_colon: withField('user_id', 'amzn1.account:A'),
  user_id_with_spaces: withField('user_id', ' amzn1.account. A '),
  user_id_mismatch: withField('user_id', STRANGER),
  name_null: withField('name', null),
  email_null: withField('email', null),
  long_name: withLongField('name', 10_000),
  nul_name: withField('name', 'Ada\u0000Lindqvist'),
  emoji_name: withField('name', 'Zoë 👩‍👩‍👧‍👦 अदिति 林'),
  nested_profile: nestedProfile,
  extra_fields: edited((fields) => ({ ...fields, is_adult: true, address: { lines: ['', null] } })),

  // The token's description
  wrong_aud: withField('aud', `amzn1.application-oa2-client.${'0'.repeat(32)}`),
  wrong_iss: withField('iss', 'https://issuer.invalid'),
} satisfies Record<string, FaultAction>

export type FaultName = keyof typeof FAULTS

export const FAULT_NAMES: readonly string[] = Object.keys(FAULTS)

export function isFaultName(name: unknown): name is FaultName {
  return typeof name === 'string' && Object.hasOwn(FAULTS, name)
}
