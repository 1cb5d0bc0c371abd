import { decode, verify, type JwtPayload } from 'jsonwebtoken'

import type { App } from '../apps/app'
import type { AppDirectory } from '../apps/app-directory'
import { AmazonAuthError } from '../errors'
import type { User, UserStore } from '../users/user'
import { normalizeAppId } from '../apps/app-id'
import { userSigningKey } from './signing-key'

export interface VerifiedToken {
  readonly app: App
  readonly user: User
}

/** Longer than any token issued here. */
const MAX_TOKEN_CHARACTERS = 8192
/** How far the clock of the node that issued a token may be ahead of ours. */
const CLOCK_SKEW_SECONDS = 5

/**
 * Verifies a token that names a user: an ID token or a session token (HS256 only).
 *
 * @returns The user it names and the user's app, both active.
 * @throws {AmazonAuthError} `token_invalid`, whatever the reason; `store_unavailable`
 */
export async function verifyUserToken(
  token: string,
  deps: {
    readonly apps: AppDirectory
    readonly users: Pick<UserStore, 'findById'>
    readonly now: () => number
  },
): Promise<VerifiedToken> {
  const { appId, subject } = readClaims(token)
  const app = await deps.apps.find(appId)
  if (app?.active !== true) throw invalid('app')
  const user = await deps.users.findById(app.id, subject)
  if (user?.active !== true) throw invalid('user')
  verifySignature(token, app, user, Math.floor(deps.now() / 1000))
  return { app, user }
}

/** Reads whose token it claims to be. Nothing here is believed before the signature is verified. */
function readClaims(token: string): { appId: string; subject: string } {
  const decoded = token.length <= MAX_TOKEN_CHARACTERS ? decode(token, { json: true }) : null
  const appId: unknown = decoded?.appid
  const subject: unknown = decoded?.sub
  if (typeof appId !== 'string' || typeof subject !== 'string' || subject === '') {
    throw invalid('claims')
  }
  return { appId: normalizeAppId(appId), subject }
}

function verifySignature(token: string, app: App, user: User, nowSeconds: number): void {
  let claims: JwtPayload | string
  try {
    claims = verify(token, userSigningKey(app, user), {
      algorithms: ['HS256'],
      clockTimestamp: nowSeconds,
      ignoreNotBefore: true,
    })
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : 'signature')
  }
  if (typeof claims === 'string' || claims.exp === undefined) throw invalid('no expiry')
  if ((claims.nbf ?? 0) > nowSeconds + CLOCK_SKEW_SECONDS) throw invalid('not yet valid')
}

function invalid(reason: string): AmazonAuthError {
  return new AmazonAuthError('token_invalid', { reason })
}
