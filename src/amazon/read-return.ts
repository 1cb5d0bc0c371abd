import { isSameText } from '../crypto/is-same-text'
import { AmazonAuthError } from '../errors'
import { toUrl } from '../to-url'
import { requireCode } from './require-code'

/** What has been kept of a login that was begun. */
interface Kept {
  readonly state: string
}

/** What a return from Amazon brings. */
export interface ReturnedCode<Login = object> {
  /** Works once, for five minutes. Secret. */
  readonly code: string
  /** The scopes that were granted, as far as the address names any: it comes by the browser, whose owner can change it. */
  readonly scope: string | undefined
  /** The login that it belongs to. */
  readonly login: Login
}

const NAMES = ['code', 'state', 'error', 'scope'] as const

/**
 * Reads the address by which a browser comes back from Amazon: `state` is compared first, in constant time.
 *
 * @param address A whole URL, a path with a query, or parameters.
 * @throws {AmazonAuthError} `state_missing` (none in the address, or nothing was kept), `state_mismatch`, `callback_invalid`,
 *   and what {@link requireCode} throws.
 */
export function readReturn<Login extends Kept>(
  address: string | URL | URLSearchParams,
  login: Login | null | undefined,
): ReturnedCode<Login> {
  const parameters = parametersOf(address)
  const twice = NAMES.find((name) => parameters.getAll(name).length > 1)
  if (twice !== undefined) throw new AmazonAuthError('callback_invalid', { parameter: twice })
  const state = parameters.get('state') ?? ''
  if (login === undefined || login === null || state === '')
    throw new AmazonAuthError('state_missing', STATE_ADVICE)
  if (!isSameText(login.state, state)) throw new AmazonAuthError('state_mismatch')
  const code = requireCode({
    code: parameters.get('code') ?? undefined,
    error: parameters.get('error') ?? undefined,
  })
  return { code, scope: parameters.get('scope') ?? undefined, login }
}

const STATE_ADVICE = {
  advice:
    'The address has no state, or nothing was kept of the begin: keep what beginLogin() returns as `login` in the session of the browser, and read the return in the same one.',
}

/** A path needs a host to be read by. */
function parametersOf(address: string | URL | URLSearchParams): URLSearchParams {
  if (address instanceof URLSearchParams) return address
  if (address instanceof URL) return address.searchParams
  const whole = toUrl(address)
  if (whole !== undefined) return whole.searchParams
  const query = address.indexOf('?')
  return new URLSearchParams(query < 0 ? '' : address.slice(query).replace(/#.*$/s, ''))
}
