import type { OptionalPart, Store, WholeStore } from '../store/store'

/** What a case works with: a store that holds the app of `buildApp()` and nothing else. */
export interface Scene {
  /** Its parts; only those that the group needs may be used. */
  readonly store: Omit<WholeStore, 'inspect' | 'lacks'>
  /** Another connection to the same data. It is closed at the end. */
  readonly reopen: () => Promise<Store>
}

/** Cases by what they show. */
export type Cases = Readonly<Record<string, () => Promise<void>>>

/** Cases of one part. */
export interface Group {
  readonly part: string
  /** Parts without which none of it can be tried. */
  readonly needs: readonly OptionalPart[]
  /** Whether cases want a second connection. */
  readonly reopens?: true
  /** Puts there what all of its cases begin with. */
  arrange?(scene: Scene): Promise<void>
  /** Called for the names alone, too: nothing of the scene may be touched before a case runs. */
  cases(scene: Scene): Cases
}
