import type { App } from '../apps/app'
import { randomText } from '../crypto/random'
import { loadJsonwebtoken } from '../late-packages'
import { identityProviderOf } from '../users/identity-provider'
import type { User } from '../users/user'
import { userSigningKey } from './signing-key'
import { TOKEN_TYPES } from './token-kind'

export interface SessionToken {
  readonly token: string
  readonly expiresAtMs: number
  /** When a client should ask for a new one. */
  readonly refreshAtMs: number
}

const MAX_REFRESH_SECONDS = 3600

/**
 * Issues the token that `jwt=?` stands for: a client sends it as Bearer until it expires.
 *
 * @param lifetime.ttlSeconds Life in seconds: the app's `session_timeout`, or `jwt_expires_after`.
 */
export function issueSessionToken(
  app: App,
  user: User,
  lifetime: { readonly ttlSeconds: number; readonly nowMs: number },
): SessionToken {
  const claims = sessionTokenClaims(app, user, lifetime)
  const token = loadJsonwebtoken().sign(claims, userSigningKey(app, user), {
    algorithm: 'HS256',
    header: { alg: 'HS256', typ: TOKEN_TYPES.session },
  })
  return { token, expiresAtMs: claims.exp * 1000, refreshAtMs: claims.refresh }
}

/** What such a token says. */
export function sessionTokenClaims(
  app: App,
  user: User,
  { ttlSeconds, nowMs }: { readonly ttlSeconds: number; readonly nowMs: number },
) {
  const iat = Math.floor(nowMs / 1000)
  return {
    iat,
    nbf: iat,
    exp: iat + ttlSeconds,
    jti: randomText(16),
    refresh: (iat + Math.min(MAX_REFRESH_SECONDS, ttlSeconds / 2)) * 1000,
    appid: `app:${app.id}`,
    sub: user.id,
    idp: identityProviderOf(user.identifier),
  }
}
