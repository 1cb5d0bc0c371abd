import type { Region } from '../amazon/endpoints'
import type { Sealer } from '../crypto/sealer'
import { AmazonAuthError } from '../errors'
import type { TokenOwner } from './token-store'

/** What Amazon has given an app for a person. */
export interface Grant {
  readonly accessToken: string
  /** Absent where Amazon gave none: then the rest is good until the access token ends. */
  readonly refreshToken: string | undefined
  /** Life of the access token, in seconds. */
  readonly lifeSeconds: number
  /** Client at Amazon that it was given to: no other can refresh it. */
  readonly clientId: string
  readonly region: Region
  /** What the person has granted; undefined: not known. */
  readonly scopes: readonly string[] | undefined
  /** Identifier of the user it was given for: who has another by now is another person to Amazon. */
  readonly identifier: string
}

/** Seals it so that it opens as these tokens of this user of this app, and as nothing else. */
export function sealGrant(grant: Grant, owner: TokenOwner, sealer: Sealer): string {
  return sealer.seal(JSON.stringify(grant), sealedFor(owner))
}

/** @throws {AmazonAuthError} `secret_unreadable`: none of the master keys opens it, or somebody has changed the row. */
export function openGrant(sealed: string, owner: TokenOwner, sealer: Sealer): Grant {
  const text = sealer.open(sealed, sealedFor(owner))
  // Nobody without the key can have written another text.
  if (text !== undefined) return JSON.parse(text) as Grant
  throw new AmazonAuthError('secret_unreadable', { app: owner.appId, user: owner.userId })
}

/** Neither id can hold a slash. */
export function sealedFor({ appId, userId }: TokenOwner): string {
  return `amazon tokens ${appId}/${userId}`
}
