import type { App } from '../../apps/app'
import { AmazonAuthError } from '../../errors'
import { publicAddress } from '../public-address'
import { findRequestOrigin } from '../request-origin'
import { requestSource } from '../request-source'
import type { Attempt } from '../sign-in/attempt'

/**
 * Refuses what any page could have its visitors send: codes are asked for, and take places, though it never sees them. JSON
 * is not among it, as browsers send that to another site only once they have asked whether they may.
 *
 * @throws {AmazonAuthError} `request_forbidden`
 */
export function requireNoForeignForm(app: App, { req, services }: Attempt): void {
  if (typeof req.is(['json', '+json']) === 'string') return
  const ownOrigin = publicAddress(app, services)?.origin ?? findRequestOrigin(req) ?? ''
  const source = requestSource(req, ownOrigin)
  if (source === 'own' || source === 'direct' || source === 'unknown') return
  const { origin = '' } = req.headers
  if (services.policy.corsOrigins.includes(origin)) return
  throw new AmazonAuthError('request_forbidden', { app: app.id, origin: origin.slice(0, 100) })
}
