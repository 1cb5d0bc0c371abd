import type { App } from '../apps/app'
import { randomText } from '../crypto/random'
import { loadJsonwebtoken } from '../late-packages'
import type { User } from '../users/user'
import { personalClaims } from './personal-claims'
import { userSigningKey } from './signing-key'
import { TOKEN_TYPES } from './token-kind'

/**
 * Issues the short-lived token that `jwt=id` stands for: it tells a page who has just signed in.
 *
 * @param lifetime.ttlSeconds Life in seconds; 60 unless configured.
 * @param lifetime.untilMs It ends here at the latest.
 * @returns A JWT (RFC 7519) signed with HS256.
 */
export function issueIdToken(
  app: App,
  user: User,
  lifetime: {
    readonly ttlSeconds: number
    readonly nowMs: number
    readonly untilMs?: number | undefined
  },
): string {
  const iat = Math.floor(lifetime.nowMs / 1000)
  const claims = {
    iat,
    nbf: iat,
    exp: Math.min(iat + lifetime.ttlSeconds, Math.floor((lifetime.untilMs ?? Infinity) / 1000)),
    jti: randomText(16),
    appid: `app:${app.id}`,
    sub: user.id,
    ...personalClaims(user),
  }
  return loadJsonwebtoken().sign(claims, userSigningKey(app, user), {
    algorithm: 'HS256',
    header: { alg: 'HS256', typ: TOKEN_TYPES.id },
  })
}
