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
  const iat = Math.floor(lifetime.nowMs / 1000)
  const exp = iat + lifetime.ttlSeconds
  const refreshAtMs = (iat + Math.min(MAX_REFRESH_SECONDS, lifetime.ttlSeconds / 2)) * 1000
  const claims = {
    iat,
    nbf: iat,
    exp,
    jti: randomText(16),
    refresh: refreshAtMs,
    appid: `app:${app.id}`,
    sub: user.id,
    idp: identityProviderOf(user.identifier),
  }
  const token = loadJsonwebtoken().sign(claims, userSigningKey(app, user), {
    algorithm: 'HS256',
    header: { alg: 'HS256', typ: TOKEN_TYPES.session },
  })
  return { token, expiresAtMs: exp * 1000, refreshAtMs }
}
