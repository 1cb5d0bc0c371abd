import type { Jwt, JwtHeader } from 'jsonwebtoken'
import type { KeyObject } from 'node:crypto'

import type { App } from '../apps/app'
import type { AppDirectory } from '../apps/app-directory'
import { normalizeAppId } from '../apps/app-id'
import { AmazonAuthError } from '../errors'
import { loadJsonwebtoken } from '../late-packages'
import type { User, UserStore } from '../users/user'
import { appSigningKey, userSigningKey } from './signing-key'
import type { Claims } from './claims'
import { TOKEN_TYPES, type TokenKind } from './token-kind'

/** Whom a token speaks for: a user, or (a super token) the app itself. */
export interface VerifiedToken {
  readonly app: App
  /** Undefined: the app itself. */
  readonly user: User | undefined
  readonly kind: TokenKind
  /** `jti`; empty where its issuer has given none. */
  readonly id: string
  readonly expiresAtMs: number
  /** It has the claim `getCredentials`, by which Para hands out the keys of an app. */
  readonly wantsKeys: boolean
}

export interface VerifyTokenDeps {
  readonly apps: AppDirectory
  readonly users: Pick<UserStore, 'findById'>
  readonly now: () => number
}

/** Longer than any token issued here. */
const MAX_TOKEN_CHARACTERS = 8192
/** How far the clock of the node that issued a token may be ahead of ours. */
export const CLOCK_SKEW_SECONDS = 5

/**
 * Verifies a token (HS256 only): an ID token or a session token of a user, or a super token, which an app has made
 * with its own secret. A token that names a person is never taken for the app's own.
 *
 * @returns The app and user it speaks for, both active.
 * @throws {AmazonAuthError} `token_invalid`, whatever the reason; `store_unavailable`
 */
export async function verifyToken(token: string, deps: VerifyTokenDeps): Promise<VerifiedToken> {
  const claimed = readClaims(token)
  const app = await deps.apps.find(claimed.appId)
  if (app?.active !== true) throw invalid('app')
  const user = claimed.isSuper ? undefined : await findUser(app.id, claimed.subject, deps)
  const key = user === undefined ? appSigningKey(app) : userSigningKey(app, user)
  const claims = verifyClaims(token, [key], Math.floor(deps.now() / 1000))
  if (claims.exp === undefined) throw invalid('no expiry')
  const kind = user === undefined ? 'super' : kindOf(claimed.type, claims)
  return {
    app,
    user,
    kind,
    id: claims.jti ?? '',
    expiresAtMs: claims.exp * 1000,
    wantsKeys: 'getCredentials' in claims,
  }
}

interface Claimed {
  readonly appId: string
  readonly subject: unknown
  readonly isSuper: boolean
  /** Header `typ`. */
  readonly type: unknown
}

/** Reads whose token it claims to be. Nothing here is believed before the signature is verified. */
function readClaims(token: string): Claimed {
  const { payload: claims, header } = decodeToken(token)
  const appId: unknown = claims.appid
  if (typeof appId !== 'string') throw invalid('claims')
  const namesPerson = 'sub' in claims || 'identifier' in claims || 'email' in claims
  const type: unknown = header.typ
  return { appId: normalizeAppId(appId), subject: claims.sub, isSuper: !namesPerson, type }
}

function decodeToken(token: string): { readonly payload: Claims; readonly header: JwtHeader } {
  const decoded = token.length <= MAX_TOKEN_CHARACTERS ? tryDecode(token) : null
  // `typeof null` is 'object', too, whatever the types of the library say.
  const payload: unknown = decoded?.payload
  if (decoded === null || !isClaims(payload)) throw invalid('claims')
  return { payload, header: decoded.header }
}

function isClaims(payload: unknown): payload is Claims {
  return typeof payload === 'object' && payload !== null
}

function tryDecode(token: string): Jwt | null {
  try {
    return loadJsonwebtoken().decode(token, { complete: true })
  } catch {
    return null
  }
}

/** Whether a token says that it is an ID token. Whether it is, {@link verifyToken} tells. */
export function claimsToBeIdToken(token: string): boolean {
  return token.length <= MAX_TOKEN_CHARACTERS && tryDecode(token)?.header.typ === TOKEN_TYPES.id
}

/** When a token ends that was verified before, if it is an ID token. */
export function idTokenExpiryMs(token: string): number | undefined {
  const { exp } = decodeToken(token).payload
  return exp !== undefined && claimsToBeIdToken(token) ? exp * 1000 : undefined
}

/** Of a token whose signature is proven: then its header is, too. */
function kindOf(type: unknown, claims: Claims): TokenKind {
  if (type === TOKEN_TYPES.id) return 'id'
  if (type === TOKEN_TYPES.session || (type === undefined && isSessionOfPara(claims))) {
    return 'session'
  }
  throw invalid('type')
}

/**
 * Para names no type. A session token of its own, which is good here as long as both secrets are what they were, says when
 * it is to be renewed, and its ID tokens do not; they live for a minute, and so no longer than any move from there to here.
 */
function isSessionOfPara(claims: Claims): boolean {
  return (
    typeof claims.refresh === 'number' &&
    typeof claims.idp === 'string' &&
    !('identifier' in claims || 'email' in claims || 'name' in claims)
  )
}

async function findUser(appId: string, subject: unknown, deps: VerifyTokenDeps): Promise<User> {
  const user = typeof subject === 'string' ? await deps.users.findById(appId, subject) : undefined
  if (user?.active !== true) throw invalid('user')
  return user
}

/**
 * Signature (HS256 only, by any of the keys), expiry and start of a token.
 *
 * @throws {AmazonAuthError} `token_invalid`
 */
export function verifyClaims(
  token: string,
  keys: readonly KeyObject[],
  nowSeconds: number,
): Claims {
  const results = keys.map((key) => tryVerify(token, key, nowSeconds))
  const claims = results.find((result) => !(result instanceof AmazonAuthError)) ?? results[0]
  if (claims === undefined || claims instanceof AmazonAuthError) throw claims ?? invalid('no key')
  if ((claims.nbf ?? 0) > nowSeconds + CLOCK_SKEW_SECONDS) throw invalid('not yet valid')
  return claims
}

function tryVerify(
  token: string,
  key: KeyObject,
  clockTimestamp: number,
): Claims | AmazonAuthError {
  try {
    const options = { algorithms: ['HS256' as const], clockTimestamp, ignoreNotBefore: true }
    const claims = loadJsonwebtoken().verify(token, key, options)
    return typeof claims === 'string' ? invalid('claims') : claims
  } catch (error) {
    return invalid(error instanceof Error ? error.message : 'signature')
  }
}

function invalid(reason: string): AmazonAuthError {
  return new AmazonAuthError('token_invalid', { reason })
}
