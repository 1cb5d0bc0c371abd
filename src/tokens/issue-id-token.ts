import type { App } from '../apps/app'
import type { Fields } from '../claims/field'
import { randomText } from '../crypto/random'
import { loadJsonwebtoken } from '../late-packages'
import type { User } from '../users/user'
import { personalClaims } from './personal-claims'
import { userSigningKey } from './signing-key'
import { TOKEN_TYPES } from './token-kind'

export interface IdTokenContents {
  readonly ttlSeconds: number
  readonly nowMs: number
  readonly untilMs?: number | undefined
  readonly nonce?: string | undefined
  readonly claims?: Fields | undefined
}

/**
 * Issues the short-lived token that `jwt=id` stands for: it tells a page who has just signed in.
 *
 * @param contents.ttlSeconds Life in seconds; 60 unless configured.
 * @param contents.untilMs It ends here at the latest.
 * @param contents.nonce What the site that began the login wants to find again, so that nobody can hand its visitor a token
 *   of another login (OpenID Connect Core, section 3.1.2.1). Printable ASCII.
 * @param contents.claims What the app adds of its own; none of the others above.
 * @returns A JWT (RFC 7519) signed with HS256.
 */
export function issueIdToken(app: App, user: User, contents: IdTokenContents): string {
  const claims = idTokenClaims(app, user, contents)
  return loadJsonwebtoken().sign(claims, userSigningKey(app, user), {
    algorithm: 'HS256',
    header: { alg: 'HS256', typ: TOKEN_TYPES.id },
  })
}

/** What such a token says. */
export function idTokenClaims(
  app: App,
  user: User,
  { ttlSeconds, nowMs, untilMs = Infinity, nonce, claims: further }: IdTokenContents,
): Fields {
  const iat = Math.floor(nowMs / 1000)
  return {
    iat,
    nbf: iat,
    exp: Math.min(iat + ttlSeconds, Math.floor(untilMs / 1000)),
    jti: randomText(16),
    appid: `app:${app.id}`,
    sub: user.id,
    ...(nonce !== undefined && { nonce }),
    ...personalClaims(user, nonce, further),
  }
}
