/** Names and values, as a page lists them: lists and objects too. */
export type Listed = Readonly<Record<string, unknown>>

/** What a sign-in that was tried has come to; as JSON it is the answer to a script. Nothing of it is secret. */
export interface TryReport {
  /** Id of the app. */
  readonly app: string
  readonly ok: boolean
  /** Those that were taken, in their order; of a sign-in that failed, the last one failed. */
  readonly steps: readonly TriedStep[]
  /** What Amazon was asked. */
  readonly asked: Listed
  /** What came for it; null: nothing has. */
  readonly received: Listed | null
  readonly profile: Listed | null
  /** What the claims of the app make of the profile. */
  readonly read: Listed | null
  /** What the hook `mapProfile` makes of that; null: there is none, or it was not reached. */
  readonly mapped: Listed | null
  readonly user: TriedUser | null
  /** What the tokens would say that may be issued. */
  readonly tokens: readonly TriedToken[]
  readonly target: { readonly url: string; readonly means: string } | null
  readonly failure: TryFailure | null
  /** Where it can be tried once more; null: the link is not good any more. */
  readonly again: string | null
}

export interface TriedStep {
  readonly step: string
  readonly ms: number
  readonly ok: boolean
}

export interface TriedUser {
  readonly isNew: boolean
  /** Names of the fields that the sign-in would change. */
  readonly changes: readonly string[]
  /** As it would be. */
  readonly record: Listed
}

export interface TriedToken {
  readonly kind: 'id_token' | 'session_token'
  readonly claims: Listed
}

export interface TryFailure {
  /** Absent: it was not begun. */
  readonly step?: string
  readonly code: string
  readonly message: string
  readonly advice: string
  /** Amazon's words, as far as they are known. */
  readonly amazon: Listed | null
  /** What doctor says of it. */
  readonly doctor: readonly DoctorsWord[]
}

export interface DoctorsWord {
  readonly check: string
  readonly level: 'ok' | 'warning' | 'failure'
  readonly seen: string
  readonly fix?: string
  readonly origin?: string
}
