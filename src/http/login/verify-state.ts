import { isStrict } from '../../apps/typed-setting'
import { isSameText } from '../../crypto/is-same-text'
import { AmazonAuthError } from '../../errors'
import { LOGIN_TTL_MS, type BegunLogin } from './login-cookies'
import type { Leg } from './login'

/**
 * Proves that the browser that returns is the one that began: `state` carries the nonce, a sealed cookie holds it too.
 *
 * @returns The login that was begun; undefined for a return without a nonce, where that is allowed: its state names only an
 *   app, as Para's buttons and Amazon's JavaScript SDK send it.
 * @throws {AmazonAuthError} `state_missing` (a nonce is demanded), `state_mismatch` (another browser, app or mount,
 *   or finished already), `state_expired`
 * @see RFC 6749, section 10.12
 */
export function verifyState({ app, request, attempt, cookies }: Leg): BegunLogin | undefined {
  const { services, mountPath } = attempt
  const { nonce } = request
  attempt.enter('verify_state')
  if (nonce === undefined) {
    if (isStrict(app, services)) throw new AmazonAuthError('state_missing', { app: app.id })
    return undefined
  }
  const begun = cookies.findBegun(nonce)
  if (begun === undefined || !isSameText(begun.nonce, nonce)) {
    throw new AmazonAuthError('state_mismatch', { app: app.id, reason: 'no such login' })
  }
  if (begun.appId !== app.id) {
    throw new AmazonAuthError('state_mismatch', { app: app.id, reason: 'begun for another app' })
  }
  // Express does not look at the case of a path, and public_url may have another than the begin.
  if (begun.mountPath.toLowerCase() !== mountPath.toLowerCase()) {
    throw new AmazonAuthError('state_mismatch', { app: app.id, reason: 'begun at another mount' })
  }
  if (services.now() - begun.createdAtMs >= LOGIN_TTL_MS) {
    throw new AmazonAuthError('state_expired', { app: app.id })
  }
  attempt.isBound = true
  return begun
}
