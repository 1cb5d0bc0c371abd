import { AmazonAuthError } from '../errors'
import type { VerifiedToken } from './verify-token'

/** One use of something that is good for one use only. */
export interface Use {
  readonly appId: string
  /** Tells it from everything else of the app, e.g. `id_token <jti>`. */
  readonly name: string
  /** From when on it is worth nothing anyway, so that its use may be forgotten. */
  readonly expiresAtMs: number
}

/** Remembers what has been used, for all nodes alike. */
export interface SingleUse {
  /**
   * Uses something up.
   *
   * @returns True the first time, on whatever node; false ever after.
   * @throws {AmazonAuthError} `store_unavailable`: whether it was used before cannot be told, so it must be refused.
   */
  take(use: Use): Promise<boolean>
  /**
   * Whether that has happened. Uses nothing up.
   *
   * @throws {AmazonAuthError} `store_unavailable`
   */
  wasTaken(use: Pick<Use, 'appId' | 'name'>): Promise<boolean>
}

/** What single uses need of a store. */
export interface SingleUseStore extends SingleUse {
  /** Forgets at most `limit` uses of what is worth nothing any more; returns how many. */
  deleteExpired(nowMs: number, limit: number): Promise<number>
}

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
