import type { SettingValues } from './settings'

/** One app (tenant) as the rest of the code sees it: secrets opened, settings of all layers merged. */
export interface App {
  /** Name without the `app:` prefix; unique. */
  readonly id: string
  /** Name for people. */
  readonly name: string
  readonly isRoot: boolean
  /** An inactive app signs nobody in, and its tokens are worth nothing. */
  readonly active: boolean
  /** Key of the app: signs tokens and API requests. */
  readonly secret: string
  /** In force, by wire name, e.g. `signin_success`, read as their formats have it: what is stored wins over the configuration. */
  readonly settings: SettingValues
  /** What its webhooks want to be told of, by the names of events; undefined: nothing, as it has none. */
  readonly webhookEvents: ReadonlySet<string> | undefined
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** One app as it lies in the store: secrets sealed. */
export interface AppRecord {
  readonly id: string
  readonly name: string
  readonly active: boolean
  readonly sealedSecret: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** Stored settings: JSON text by name; the text of a secret is sealed. */
export type SettingRecords = ReadonlyMap<string, string>

/** What of an app is sealed, and the plain settings beside it. */
export interface SealedApp extends Pick<AppRecord, 'id' | 'sealedSecret'> {
  readonly settings: SettingRecords
}

/** One sealed text, and what takes its place. */
export interface Resealing {
  readonly appId: string
  /** Undefined: the secret of the app itself. */
  readonly setting: string | undefined
  readonly from: string
  readonly to: string
}

/** What of an app can be changed beside its settings and its secret. */
export interface AppPatch {
  /** Name for people: 1 to 256 characters. */
  readonly name?: string
  /** False switches the app off: it signs nobody in, and its sessions, tokens and keys are worth nothing. */
  readonly active?: boolean
}

/** One setting that is to be changed, as long as it is what it was when somebody looked at it. */
export interface SettingChange {
  readonly name: string
  /** What is stored; undefined: nothing is. */
  readonly from: string | undefined
  /** What is to be stored; undefined: nothing. */
  readonly to: string | undefined
}

export interface AppPage {
  readonly afterId?: string
  readonly offset?: number
  readonly limit: number
  /** What an id or a name (A to Z in either case) begins with; of each, some hundreds at most are found. */
  readonly search?: string | undefined
}

/** What `apps/` needs of a store. Every method rejects with `store_unavailable` when the store does not answer. */
export interface AppStore {
  /**
   * The app, those of its settings that have a meaning here (an app may keep many others), and what its webhooks want to be
   * told of, in one round trip.
   */
  find(
    id: string,
  ): Promise<
    { app: AppRecord; known: SettingRecords; webhookEvents?: readonly string[] } | undefined
  >
  /** The app and all of its settings. */
  findWhole(id: string): Promise<{ app: AppRecord; settings: SettingRecords } | undefined>
  /** Adds an app with its first settings in one transaction; false, and nothing changed, when the id is taken. */
  insert(app: AppRecord, settings: SettingRecords): Promise<boolean>
  /** Apps ordered by id: those after `afterId`, less the first `offset` of them. */
  list(page: AppPage): Promise<readonly AppRecord[]>
  count(search?: string): Promise<number>
  /** Changes what the patch names; false when there is no such app. */
  patch(id: string, patch: AppPatch, nowMs: number): Promise<boolean>
  /** Replaces the sealed secret; false when there is no such app. */
  replaceSecret(id: string, sealedSecret: string, nowMs: number): Promise<boolean>
  /** Sets one setting, as long as the app stays within its bounds, however many are set at once. */
  putSetting(
    id: string,
    setting: { readonly name: string; readonly value: string },
    nowMs: number,
  ): Promise<'done' | 'no_app' | 'no_room'>
  /**
   * Changes the settings that are still what they were, in one transaction, as long as the app stays within its bounds.
   * Returns the names of those changed; undefined: there is no such app.
   */
  changeSettings(
    id: string,
    changes: readonly SettingChange[],
    nowMs: number,
  ): Promise<readonly string[] | undefined>
  /** Removes one setting, if it is there; the app is updated (`updatedAtMs`) either way. */
  deleteSetting(id: string, name: string, nowMs: number): Promise<void>
  /**
   * Replaces all settings but those `kept`, in one transaction; false when there is no such app.
   * Kept ones are not touched, so that none is lost to a change of it at the same time.
   */
  replaceSettings(
    id: string,
    change: { readonly settings: SettingRecords; readonly kept: readonly string[] },
    nowMs: number,
  ): Promise<boolean>
  /** Deletes the app with its settings, and with it all ways to its users; false when there is none. */
  delete(id: string, nowMs: number): Promise<boolean>
  /**
   * Removes what deleted apps have left: at most `limit` users, and the names of apps that have none left, which can
   * then be used again. Returns how many; fewer than `limit` when nothing is left.
   */
  removeDeleted(limit: number): Promise<number>
  /** Sealed texts of apps ordered by id, those after `afterId`. */
  listSealed(page: {
    readonly afterId: string
    readonly limit: number
  }): Promise<readonly SealedApp[]>
  /** Replaces sealed texts that are still what they were, in one transaction; returns how many it has replaced. */
  reseal(changes: readonly Resealing[]): Promise<number>
}
