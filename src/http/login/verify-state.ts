import { timingSafeEqual } from 'node:crypto'

import type { App } from '../../apps/app'
import { AmazonAuthError } from '../../errors'
import { TRANSACTION_TTL_MS, type Transaction, type TransactionCookies } from './transaction'

/**
 * Proves that the browser that returns is the one that began: `state` carries the nonce, a sealed cookie holds it too.
 *
 * @param nonce From `state`; undefined when it names only an app, as Para's buttons and Amazon's JavaScript SDK send it.
 * @returns The login that was begun; undefined for a return without a nonce, where that is allowed.
 * @throws {AmazonAuthError} `state_missing` (a nonce is demanded), `state_mismatch` (another browser, app or mount,
 *   or finished already), `state_expired`
 * @see RFC 6749, section 10.12
 */
export function verifyState(
  app: App,
  nonce: string | undefined,
  cookies: Pick<TransactionCookies, 'findTransaction'>,
  rules: { readonly strict: boolean; readonly mountPath: string; readonly nowMs: number },
): Transaction | undefined {
  if (nonce === undefined) {
    if (rules.strict) throw new AmazonAuthError('state_missing', { app: app.id })
    return undefined
  }
  const transaction = cookies.findTransaction(nonce)
  if (transaction === undefined || !isSame(transaction.nonce, nonce)) {
    throw new AmazonAuthError('state_mismatch', { app: app.id, reason: 'no such login' })
  }
  if (transaction.appId !== app.id) {
    throw new AmazonAuthError('state_mismatch', { app: app.id, reason: 'begun for another app' })
  }
  // Express does not look at the case of a path, and public_url may have another than the begin.
  if (transaction.mountPath.toLowerCase() !== rules.mountPath.toLowerCase()) {
    throw new AmazonAuthError('state_mismatch', { app: app.id, reason: 'begun at another mount' })
  }
  if (rules.nowMs - transaction.createdAtMs >= TRANSACTION_TTL_MS) {
    throw new AmazonAuthError('state_expired', { app: app.id })
  }
  return transaction
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
