import { isStrict } from '../apps/typed-setting'
import { AmazonAuthError } from '../errors'
import { useIdToken, type SingleUse } from './single-use'
import type { TokenKind } from './token-kind'
import { verifyToken, type VerifiedToken, type VerifyTokenDeps } from './verify-token'

/** Where a token is shown. */
export interface Door {
  /** The kinds that a strict app lets in here. */
  readonly takes: readonly TokenKind[]
  /** Whether the token stood in the URL, which others may see. */
  readonly isInUrl?: boolean
}

export interface AdmitTokenDeps extends VerifyTokenDeps {
  readonly singleUse: SingleUse
  readonly policy: { readonly strict: boolean }
}

/**
 * Verifies a token and lets its bearer in. Any kind opens any door, unless the app is strict: then each kind opens only
 * those made for it, none from a URL, and an ID token only one, once.
 *
 * @throws {AmazonAuthError} `token_invalid`, whatever the reason; `store_unavailable`
 */
export async function admitToken(
  token: string,
  door: Door,
  deps: AdmitTokenDeps,
): Promise<VerifiedToken> {
  const verified = await verifyToken(token, deps)
  if (!isStrict(verified.app, deps)) return verified
  if (door.isInUrl === true) throw refused('in the URL')
  if (!door.takes.includes(verified.kind))
    throw refused(`no place for a token of kind ${verified.kind}`)
  if (verified.kind === 'id') await useIdToken(verified, deps.singleUse)
  return verified
}

function refused(reason: string): AmazonAuthError {
  return new AmazonAuthError('token_invalid', { reason })
}
