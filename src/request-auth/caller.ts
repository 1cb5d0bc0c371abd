import type { App } from '../apps/app'
import type { TokenKind } from '../tokens/token-kind'
import type { User } from '../users/user'

/** Who calls the API: an app, or a user of it. */
export type Caller = AppCaller | UserCaller

export interface AppCaller {
  readonly kind: 'app'
  readonly app: App
  /** Of the request, which is made once only where that matters; undefined: it came with a super token. */
  readonly signature?: ProvenSignature
  /** A super token asks for the keys of an app, as it may in Para. */
  readonly wantsKeys?: boolean
}

export interface ProvenSignature {
  /** 64 hexadecimal digits. */
  readonly text: string
  /** When it will be too old. */
  readonly expiresAtMs: number
}

export interface UserCaller {
  readonly kind: 'user'
  readonly app: App
  readonly user: User
  /** A session token may be exchanged for a new one; an ID token may not. */
  readonly tokenKind: TokenKind
}
