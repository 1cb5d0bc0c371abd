import type { SettingValues } from '../apps/settings'

/** An app as the system has it that people come from. */
export interface IncomingApp {
  readonly id: string
  readonly name: string
  readonly active: boolean
  /** Absent: not known. */
  readonly secret?: string
  readonly settings: SettingValues
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** A user as that system has it. */
export interface IncomingUser {
  readonly appId: string
  /** As it is there, in whatever form. */
  readonly id: string
  readonly identifier: string
  readonly email?: string
  readonly name?: string
  readonly picture?: string
  readonly groups?: string
  readonly active: boolean
  /** Absent: not known. */
  readonly tokenSecret?: string
  /** Absent: not known. */
  readonly createdAtMs?: number
  readonly updatedAtMs?: number
}

/** A further identifier of Amazon that leads to a user, as far as it is kept beside the user. */
export interface IncomingIdentifier {
  readonly appId: string
  readonly identifier: string
  readonly userId: string
  readonly atMs: number
}

/** What is read of that system, in any order. */
export type Incoming =
  | { readonly kind: 'app'; readonly app: IncomingApp }
  | { readonly kind: 'user'; readonly user: IncomingUser }
  | { readonly kind: 'identifier'; readonly identifier: IncomingIdentifier }
