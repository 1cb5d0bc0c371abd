import { randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { randomText } from './random-text'
import type { CodeChallenge } from './code-challenge'

const CODE_LIFE_MS = 5 * 60_000
export const ACCESS_TOKEN_LIFE_SECONDS = 3600
const MAX_KEPT = 20_000
const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** What a person allowed a client to read. */
export interface Grant {
  readonly clientId: string
  readonly userId: string
  readonly scope: string
}

export interface CodeGrant extends Grant {
  readonly redirectUri: string
  readonly challenge: CodeChallenge | undefined
}

export interface RefreshGrant extends Grant {
  /** False for devices, which hold no secret. */
  readonly needsSecret: boolean
}

interface Dated {
  readonly issuedAtMs: number
  readonly expiresAtMs: number
}

export type IssuedGrant = Grant & Dated

/** Codes and tokens in circulation, in memory; those that nobody has shown for longest are forgotten first. */
export class Grants {
  private readonly codes = new LRUCache<string, CodeGrant & Dated>({ max: MAX_KEPT })
  private readonly accessTokens = new LRUCache<string, IssuedGrant>({ max: MAX_KEPT })
  private readonly refreshTokens = new LRUCache<string, RefreshGrant>({ max: MAX_KEPT })

  constructor(private readonly now: () => number) {}

  /** Issues an authorization code of 20 letters and digits that lives five minutes. */
  issueCode(grant: CodeGrant): string {
    const code = randomText(20, LETTERS_AND_DIGITS)
    this.codes.set(code, { ...grant, ...this.dates(CODE_LIFE_MS) })
    return code
  }

  findCode(code: string): CodeGrant | undefined {
    return this.live(this.codes.get(code))
  }

  spendCode(code: string): void {
    this.codes.delete(code)
  }

  /** Issues an access token of 405 characters. */
  issueAccessToken(grant: Grant, lifeSeconds = ACCESS_TOKEN_LIFE_SECONDS): string {
    const token = `Atza|${randomBytes(300).toString('base64url')}`
    this.accessTokens.set(token, { ...grant, ...this.dates(lifeSeconds * 1000) })
    return token
  }

  findAccessToken(token: string): IssuedGrant | undefined {
    return this.live(this.accessTokens.get(token))
  }

  issueRefreshToken(grant: RefreshGrant): string {
    const token = `Atzr|${randomBytes(300).toString('base64url')}`
    this.refreshTokens.set(token, grant)
    return token
  }

  findRefreshToken(token: string): RefreshGrant | undefined {
    return this.refreshTokens.get(token)
  }

  private dates(lifeMs: number): Dated {
    const issuedAtMs = this.now()
    return { issuedAtMs, expiresAtMs: issuedAtMs + lifeMs }
  }

  private live<T extends Dated>(grant: T | undefined): T | undefined {
    return grant !== undefined && this.now() < grant.expiresAtMs ? grant : undefined
  }
}
