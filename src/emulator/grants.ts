import { randomBytes } from 'node:crypto'
import { growingCache } from '../growing-cache'
import { randomText } from './random-text'
import type { CodeChallenge } from './code-challenge'

const CODE_LIFE_MS = 5 * 60_000
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
  private readonly codes = growingCache<CodeGrant & Dated>({ max: MAX_KEPT })
  private readonly accessTokens = growingCache<IssuedGrant>({ max: MAX_KEPT })
  private readonly refreshTokens = growingCache<RefreshGrant>({ max: MAX_KEPT })

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
  issueAccessToken(grant: Grant, lifeSeconds: number): string {
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

  spendRefreshToken(token: string): void {
    this.refreshTokens.delete(token)
  }

  /** Who allows which client to read what, as far as tokens for it are in circulation. */
  listConsents(): readonly Grant[] {
    const consents = new Map<string, Grant>()
    for (const tokens of [this.accessTokens, this.refreshTokens]) {
      for (const { clientId, userId, scope } of tokens.values()) {
        consents.set(JSON.stringify([clientId, userId]), { clientId, userId, scope })
      }
    }
    return [...consents.values()]
  }

  /** Ends every code and token of a person for a client. */
  withdraw({ clientId, userId }: Pick<Grant, 'clientId' | 'userId'>): void {
    for (const kept of [this.codes, this.accessTokens, this.refreshTokens]) {
      for (const [text, grant] of [...kept.entries()]) {
        if (grant.clientId === clientId && grant.userId === userId) kept.delete(text)
      }
    }
  }

  private dates(lifeMs: number): Dated {
    const issuedAtMs = this.now()
    return { issuedAtMs, expiresAtMs: issuedAtMs + lifeMs }
  }

  private live<T extends Dated>(grant: T | undefined): T | undefined {
    return grant !== undefined && this.now() < grant.expiresAtMs ? grant : undefined
  }
}
