import { AmazonAuthError } from '../errors'
import type { SingleUse } from './single-use'
import type { VerifiedToken } from './verify-token'

/**
 * Uses an ID token up, where it is good for one use only.
 *
 * @throws {AmazonAuthError} `token_invalid`: it was used before, on whatever node; `store_unavailable`
 */
export async function useIdToken(
  { app, id, expiresAtMs }: VerifiedToken,
  singleUse: SingleUse,
): Promise<void> {
  const isFirst = await singleUse.take({ appId: app.id, name: `id_token ${id}`, expiresAtMs })
  if (!isFirst) throw new AmazonAuthError('token_invalid', { reason: 'used before' })
}
