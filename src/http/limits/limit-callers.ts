import type { Request } from 'express'

import { normalizeAppId } from '../../apps/app-id'
import { AmazonAuthError, toAmazonAuthError } from '../../errors'
import type { LimitServices } from '../auth-services'
import type { RateLimit } from './rate-limit'
import { visitorOf } from './network-of'

/**
 * Counts credentials that were refused; when one address has brought too many, it is told so instead. Good ones are
 * never limited: nobody can lock an app out, not even from behind the same proxy.
 *
 * @returns The error to answer with.
 */
export async function limitCaller(
  thrown: unknown,
  req: Request,
  services: LimitServices,
): Promise<AmazonAuthError> {
  const error = toAmazonAuthError(thrown)
  const counter = await counterOf(error, services)
  if (counter === undefined) return error
  const name = `${visitorOf(req)} ${counter.name}`
  const retryAfterSeconds = counter.limit.waitSeconds(name)
  if (retryAfterSeconds > 0) {
    return new AmazonAuthError('too_many_requests', { retryAfterSeconds, reason: error.code })
  }
  counter.limit.count(name)
  return error
}

/** Undefined: what failed was no guess. */
async function counterOf(
  error: AmazonAuthError,
  services: LimitServices,
): Promise<{ readonly limit: RateLimit; readonly name: string } | undefined> {
  const { badSignatures, failures } = services.limits
  switch (error.code) {
    case 'signature_invalid':
    case 'access_key_unknown':
      return { limit: badSignatures, name: await knownKey(error, services) }
    case 'token_invalid':
      // Pages have tokens that were good until just now, and must be told; the star is in no app's name.
      return { limit: failures, name: '* token' }
    default:
      return undefined
  }
}

/** Keys that nobody has share one counter. Where it must not be told which there are, all do. */
async function knownKey(
  { facts: { accessKey } }: AmazonAuthError,
  { apps, policy }: LimitServices,
): Promise<string> {
  if (policy.strict || typeof accessKey !== 'string') return ''
  return (await apps.find(normalizeAppId(accessKey)))?.id ?? ''
}
