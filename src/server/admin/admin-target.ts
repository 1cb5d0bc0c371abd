import type { AppPatch } from '../../apps/app'
import type { AppJson } from '../../apps/app-json'
import type { AppKeys } from '../../apps/create-app'
import type { SettingsReview } from '../../apps/review-settings'
import type { Json, SettingValues } from '../../apps/settings'
import type { Page, TryLink, UserPageRequest as ClientPageRequest } from '../../client'
import type { UserExport } from '../../users/export-user'
import type { UserJson } from '../../users/user-json'

/** What the commands work on: the store that the configuration names, or a server that runs. */
export interface AdminTarget {
  createApp(name: string, app: NewAppDetails): Promise<AppKeys>
  /** @param app Of a server, one that the keys open. */
  makeTryLink(app: string): Promise<MadeTryLink>
  /** The apps behind one, by name; `limit` is at most 100. */
  listApps(page: { readonly afterId: string; readonly limit: number }): Promise<readonly AppJson[]>
  /** Renames an app, or switches it off or on. */
  patchApp(name: string, patch: AppPatch): Promise<AppJson>
  deleteApp(name: string): Promise<void>
  renewKeys(app: string): Promise<AppKeys>
  /** Of a store, what the configuration says besides is among them. */
  readSettings(app: string): Promise<readonly ShownSetting[]>
  /** @returns What should be told of it. */
  putSetting(app: string, key: string, value: Json): Promise<SettingsReview>
  deleteSetting(app: string, key: string): Promise<void>
  listUsers(app: string, page: UserPageRequest): Promise<UserPage>
  /** A locked user's sessions and tokens are dead at once. */
  setUserActive(app: string, id: string, active: boolean): Promise<UserJson>
  deleteUser(app: string, id: string): Promise<void>
  /** Ends all sessions and tokens of a user. */
  signOutUser(app: string, id: string): Promise<UserJson>
  unlinkAmazon(app: string, id: string): Promise<UserJson>
  exportUser(app: string, id: string): Promise<UserExport>
}

export interface MadeTryLink extends TryLink {
  /** Whose address it is, where nobody has said one. */
  readonly note?: string
}

/** A setting as people may see it, and where it stands. */
export interface ShownSetting {
  readonly name: string
  /** Masked, if it is a secret. */
  readonly value: Json
  /** `stored`, or where in the configuration: `application.conf:12`, `environment para_az_app_id`. */
  readonly origin: string
}

export interface NewAppDetails {
  /** Name for people. */
  readonly displayName?: string
  readonly settings: SettingValues
}

export type UserPageRequest = {
  readonly [Name in keyof ClientPageRequest]-?: NonNullable<ClientPageRequest[Name]>
}

export type UserPage = Pick<Page<UserJson>, 'items' | 'totalHits'>
